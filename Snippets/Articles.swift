// Model forms and the views that edit: what the guides quote.
import Nuages

@Model(app: "magazine")
struct Editor {
    @Field(maxLength: 100) var fullName: String
    var isActive = true
}

@Model(app: "magazine")
struct Label {
    @Field(maxLength: 30) var name: String
}

@Model(app: "magazine")
struct Article {
    @Field(maxLength: 200) var title: String
    @Field(kind: .slugField, unique: true) var slug: String
    @Field(blank: true) var body: String
    var starts: CalendarDate
    var ends: CalendarDate
    @ForeignKey(onDelete: .cascade) var author: Editor.Reference
    @ManyToMany(blank: true) var labels: RelatedSet<Label>
}

@Model(app: "magazine")
struct ArticleLink {
    @ForeignKey(onDelete: .cascade) var article: Article.Reference
    @Field(kind: .urlField) var url: String
}

@Form
struct ArticleForm: ModelForm {
    static let fields: ModelFormFields<Article> = [
        \.title, \.slug, \.starts, \.ends, \.author, \.labels,
    ]

    var notifySubscribers = false

    func clean(_ article: inout Article) throws {
        if article.ends < article.starts {
            throw ValidationError("Ends before it starts.", field: "ends")
        }
    }
}

@Form
struct ReviewForm: ModelForm {
    static let fields = ModelFormFields<Article>([\.title, \.body, \.author])
        .widget(\.body, .textarea(rows: 20))
        .label(\.title, "Headline")
        .errorMessages(\.title, ["required": "Every article has a headline."])
        .choices(\.author, Editor.objects.filter { $0.isActive })
        .labels(\.author) { (editor: Editor) in editor.fullName }
        .disabled(\.title)
}

@Form
struct LabelForm: ModelForm {
    static let fields: ModelFormFields<Label> = [\.name]
}

struct MagazineApp: ModelApp, FormApp {
    let label = "magazine"
    let models: [any Model.Type] = [Editor.self, Label.self, Article.self, ArticleLink.self]
    let forms: [any ModelForm.Type] = [ArticleForm.self, ReviewForm.self, LabelForm.self]
}

@Form
struct LinkForm: ModelForm {
    static let fields: ModelFormFields<ArticleLink> = [\.url]
}

extension Editor {
    static var active: QuerySet<Editor> { objects.filter { $0.isActive } }
}

@Form
struct AssignForm {
    @ModelChoiceField(Editor.active, emptyLabel: "Nobody yet", labels: { $0.fullName })
    var editor: Editor.Reference
    @ModelMultipleChoiceField(Label.objects, toFieldName: "name", required: false)
    var labels: [String]
}

func assign(_ request: Request) async throws -> Response {
    let form = AssignForm.form
        .limitChoices(\.editor, to: Q("full_name__startswith", "A"))
        .rows(\.labels, Label.objects.order { $0.name.ascending })
    switch try await form.bind(request) {
    case .valid(let assignment): return .text("\(assignment.editor.id)")
    case .invalid(let form): return try await render(request, "assign.html", ["form": form])
    }
}

func edit(_ request: Request, id: Int) async throws -> Response {
    let article = try await Article.objects.getOr404(id)
    switch try await ArticleForm.bind(request, instance: article) {
    case .valid(var form):
        let article = try await form.save()
        if form.notifySubscribers { print("\(article.title) has changed.") }
        return try redirect(to: "/articles/\(article.id)/")
    case .invalid(let form):
        return try await render(request, "edit.html", ["form": form])
    }
}

func add(_ request: Request, author: Editor) async throws -> Response {
    var draft = ModelDraft<Article>()
    try draft.set("author", to: author.id.sqlValue)
    switch try await ArticleForm.submit(request, draft: draft) {
    case .saved(let article): return try redirect(to: "/articles/\(article.id)/")
    case .invalid(let form): return try await render(request, "edit.html", ["form": form])
    }
}

func links(_ request: Request, article: Article) async throws -> Response {
    let links = try LinkForm.inlineFormSet(\.article)
    switch try await links.bind(request, of: article) {
    case .valid(var forms):
        try await forms.save(under: article)
        return try redirect(to: "/articles/\(article.id)/")
    case .invalid(let formSet):
        return try await render(request, "links.html", ["formset": formSet])
    }
}

func labels(_ request: Request) async throws -> Response {
    let labels = try LabelForm.modelFormSet(extra: 2, canDelete: true)
    let formSet = try await labels.unbound(rows: Label.objects.order(by: "name"))
    return try await render(request, "labels.html", ["formset": formSet])
}

func saveLabels(_ request: Request) async throws -> Response {
    let labels = try LabelForm.modelFormSet(extra: 2).clean { labels in
        if Set(labels.map(\.name)).count < labels.count {
            throw ValidationError("Each label can be given once.", code: "duplicate")
        }
    }
    switch try await labels.bind(request) {
    case .valid(var forms):
        try await forms.save()
        return try redirect(to: "/labels/")
    case .invalid(let formSet):
        return try await render(request, "labels.html", ["formset": formSet])
    }
}

struct ArticleCreate: CreateView {
    let model = Article.self
    let fields: ModelFormFields<Article> = [\.title, \.slug, \.starts, \.ends, \.author]
    let successURL: String? = "/articles/{slug}/"
}

struct ArticleUpdate: UpdateView {
    let model = Article.self
    typealias FormClass = ArticleForm
    let successURL: String? = "/articles/{slug}/"

    func formValid(
        _ form: inout ValidModelForm<ArticleForm>,
        _ request: Request
    ) async throws -> Response {
        form.instance.body += " (edited)"
        return try await saved(&form, request)
    }
}

struct ArticleDelete: DeleteView {
    let model = Article.self
    let successURL: String? = "/articles/"
}

let routes = Routes {
    #path("articles/add/", ArticleCreate(), name: "article-add")
    #path("articles/<int:pk>/edit/", ArticleUpdate(), name: "article-edit")
    #path("articles/<int:pk>/delete/", ArticleDelete(), name: "article-delete")
}
