import Nuages
import NuagesSQLite
import NuagesTesting
import Testing

@Form
private struct WrongForm: ModelForm {
    static let fields: ModelFormFields<Article> = [\.title, \.id]
}

@Form
private struct ListedForm: ModelForm {
    static let fields = ModelFormFields<Article>([\.title]).label(\.slug, "Address")
}

private struct WrongCreate: CreateView {
    let model = Article.self
    let fields: ModelFormFields<Article> = [\.id]
}

private struct RightUpdate: UpdateView {
    let model = Article.self
    let fields: ModelFormFields<Article> = [\.title, \.slug]
}

private struct NamingUpdate: UpdateView {
    let model = Article.self
    typealias FormClass = WrongForm
}

/// A view that is made for each request.
private struct MadeUpdate: UpdateView {
    let year: Int
    let model = Article.self
    typealias FormClass = WrongForm
}

private struct FormSite: Site {
    struct News: ModelApp, FormApp {
        let label = "news"
        let models: [any Model.Type] = [Article.self]
        let forms: [any ModelForm.Type] = [ListedForm.self]
    }

    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [News()] }
    var urls: Routes {
        Routes([
            #path("add/", WrongCreate()), #path("again/", WrongCreate()),
            #path("<int:pk>/", RightUpdate()), #path("<int:pk>/naming/", NamingUpdate()),
            #path("<int:year>/made/", MadeUpdate.init),
        ])
    }
}

@Suite("What `check` says of the model forms of a site")
struct ModelFormCheckTests {
    @Test func namesFormsOfViewsAndOfApps() async throws {
        try await withTestSite(FormSite.self) { _ in
            let found = try await SiteContext.current.check(forDeployment: false)
                .filter { $0.id.hasPrefix("forms.") }
            #expect(
                found.map { "\($0.object ?? ""): \($0.id): \($0.message)" } == [
                    "WrongCreate: forms.E003: 'id' cannot be in a form of Article: the database "
                        + "counts it up.",
                    "WrongForm: forms.E003: 'id' cannot be in a form of Article: the database counts "
                        + "it up.",
                    "ListedForm: forms.W001: '.label' says something of 'slug', which is not among "
                        + "the fields of the form: it has no effect.",
                ]
            )
        }
    }
}
