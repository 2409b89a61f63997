import Foundation
import Nuages
import NuagesTesting
import Testing

@Form
private struct TitleForm: ModelForm {
    static let fields: ModelFormFields<Article> = [\.title, \.slug]
    var confirms = false
}

private struct ArticleCreate: CreateView {
    let model = Article.self
    let fields: ModelFormFields<Article> = [\.title, \.slug]
    var successURL: String? = "/done/{id}/{slug}/"
    var prefix: String?

    func draft(_ request: Request) async throws -> ModelDraft<Article>? {
        var draft = ModelDraft<Article>()
        try draft.set("pub_date", to: .dateTime(Date(timeIntervalSince1970: 0)))
        return draft
    }
}

private struct ArticleUpdate: UpdateView {
    let model = Article.self
    typealias FormClass = TitleForm
    var successURL: String? = "/done/{id}/"

    func formValid(
        _ form: inout ValidModelForm<TitleForm>,
        _ request: Request
    ) async throws -> Response {
        if !form.confirms { return .text("not confirmed: \(form.instance.title)") }
        form.instance.title += "!"
        return try await saved(&form, request)
    }
}

/// Another request takes the slug while this one is between its check and its save.
private struct SlowUpdate: UpdateView {
    let model = Article.self
    let fields: ModelFormFields<Article> = [\.slug]
    let successURL: String? = "/done/"

    func formValid(
        _ form: inout ValidModelForm<PlainModelForm<Article>>,
        _ request: Request
    ) async throws -> Response {
        try await Database.current.execute(
            SQL(unsafe: #"UPDATE "news_article" SET "slug" = 'fast' WHERE "id" = 2"#)
        )
        return try await saved(&form, request)
    }
}

private struct ArticleDelete: DeleteView {
    let model = Article.self
    var successURL: String? = "/gone/{slug}/"
}

private struct Nowhere: UpdateView {
    let model = Article.self
    let fields: ModelFormFields<Article> = [\.slug]
    var successURL: String?
}

/// Chooses an article by a form that is decided at run time.
private struct Choose: GetHandler {
    func get(_ request: Request) async throws -> Response {
        var form = DynamicForm()
        form.add("article", ModelChoiceField(Article.objects))
        let bound = try await form.bind(request)
        let set = try await DynamicFormSet(of: form).bind(request)
        return .text("\(bound.isValid) \(set.isValid)")
    }
}

@Suite("Views that make, change and delete an object")
struct EditViewTests {
    private func withArticles(_ body: (TestClient) async throws -> Void) async throws {
        try await withNewsSite(
            templates: [
                "news/article_form.html": """
                {{ object.title }}|{{ article.slug }}|\
                <form method="post">{% csrf_token %}{{ form }}</form>{{ form.slug.errors }}
                """,
                "news/article_confirm_delete.html":
                    "{{ article.title }}?<form method=\"post\">{% csrf_token %}{{ form }}</form>",
            ],
            routes: Routes {
                #path("add/", ArticleCreate())
                #path("prefixed/", ArticleCreate(prefix: "new"))
                #path("wrong/", ArticleCreate(successURL: "/{nothing}/"))
                #path("<int:pk>/edit/", ArticleUpdate())
                #path("<int:pk>/slow/", SlowUpdate())
                #path("<int:pk>/nowhere/", Nowhere())
                #path("slug/<slug:slug>/edit/", ArticleUpdate())
                #path("<int:pk>/delete/", ArticleDelete())
                #path("<int:pk>/kept/", ArticleDelete(successURL: nil))
                #path("choose/", Choose())
            }
        ) { client in
            try await Database.current.execute(
                SQL(unsafe: #"CREATE UNIQUE INDEX "slugs" ON "news_article" ("slug")"#)
            )
            try await makeArticle("First", "2026-01-01 12:00")
            try await makeArticle("Second", "2026-01-02 12:00")
            try await body(client)
        }
    }

    @Test func makesAnObject() async throws {
        try await withArticles { client in
            let page = try await client.get("/add/")
            #expect(page.status == 200)
            #expect(page.text.hasPrefix("||<form"))
            let answer = try await client.submit(page, ["title": "Third", "slug": "a-1"])
            #expect(answer.status == 302)
            #expect(answer.headers["Location"] == "/done/3/a-1/")
            let article = try await Article.objects.get(3)
            #expect(article.title == "Third" && article.pubDate.timeIntervalSince1970 == 0)
        }
    }

    @Test func showsAFormWithErrorsAgain() async throws {
        try await withArticles { client in
            let page = try await client.get("/add/")
            let answer = try await client.submit(page, ["title": "", "slug": "no slug"])
            #expect(answer.status == 200)
            #expect(answer.text.contains("This field is required."))
            #expect(answer.text.contains("value=\"no slug\""))
            #expect(try await Article.objects.count() == 2)
        }
    }

    @Test func puttingIsPosting() async throws {
        try await withArticles { client in
            let page = try await client.get("/prefixed/")
            #expect(page.text.contains("name=\"new-title\""))
            let answer = try await client.submit(page, ["new-title": "T", "new-slug": "t"])
            #expect(answer.status == 302)
            #expect(ArticleCreate.allowedMethods.contains(.put))
        }
    }

    @Test func changesAnObject() async throws {
        try await withArticles { client in
            let page = try await client.get("/1/edit/")
            #expect(page.text.hasPrefix("First|first|"))
            #expect(page.text.contains("value=\"First\""))
            let unconfirmed = try await client.submit(page, ["title": "Changed"])
            #expect(unconfirmed.text == "not confirmed: Changed")
            #expect(try await Article.objects.get(1).title == "First")
            let answer = try await client.submit(page, ["title": "Changed", "confirms": "on"])
            #expect(answer.headers["Location"] == "/done/1/")
            #expect(try await Article.objects.get(1).title == "Changed!")
            let bySlug = try await client.get("/slug/second/edit/").text
            #expect(bySlug.hasPrefix("Second|"))
        }
    }

    @Test(arguments: ["/9/edit/", "/slug/nothing/edit/", "/9/delete/"])
    func knowsNoOtherObject(_ path: String) async throws {
        try await withArticles { client in
            let status = try await client.get(path).status
            #expect(status == 404)
        }
    }

    @Test func showsTheFormAgainWhereAnotherRequestWasFaster() async throws {
        try await withArticles { client in
            let page = try await client.get("/1/slow/")
            let answer = try await client.submit(page, ["slug": "fast"])
            #expect(answer.status == 200)
            #expect(answer.text.contains("Article with this Slug already exists."))
        }
    }

    @Test func deletesAnObjectOnceItIsConfirmed() async throws {
        try await withArticles { client in
            let page = try await client.get("/1/delete/")
            #expect(page.text.hasPrefix("First?"))
            #expect(try await Article.objects.count() == 2)
            let answer = try await client.submit(page)
            #expect(answer.status == 302)
            #expect(answer.headers["Location"] == "/gone/first/")
            #expect(try await Article.objects.all().map(\.title) == ["Second"])
            // Without a way to go, nothing is deleted.
            let kept = try await client.submit(try await client.get("/2/kept/"))
            #expect(kept.status == 500)
            #expect(try await Article.objects.count() == 1)
        }
    }

    @Test func goesNowhereElse() async throws {
        try await withArticles { client in
            let page = try await client.get("/1/nowhere/")
            #expect(try await client.submit(page, ["slug": "x"]).status == 500)
            let wrong = try await client.get("/wrong/")
            #expect(try await client.submit(wrong, ["title": "T", "slug": "t"]).status == 500)
        }
    }

    /// Where a value is no part of a path, nothing is deleted.
    @Test(arguments: ["", ".", ".."])
    func writesNoValueThatIsNoPartOfAPath(_ slug: String) async throws {
        try await withArticles { client in
            var article = try await Article.objects.get(1)
            article.slug = slug
            try await article.save()
            #expect(try await client.submit(try await client.get("/1/delete/")).status == 500)
            #expect(try await Article.objects.count() == 2)
        }
    }

    @Test func savesNothingWhereItDoesNotKnowWhereToGo() async throws {
        try await withArticles { client in
            let wrong = try await client.get("/wrong/")
            #expect(try await client.submit(wrong, ["title": "T", "slug": "t"]).status == 500)
            #expect(try await Article.objects.count() == 2)
        }
    }

    @Test func bindsDynamicFormsWhoseChoicesAreLookedUp() async throws {
        try await withArticles { client in
            let counts = "form-TOTAL_FORMS=1&form-INITIAL_FORMS=1"
            let chosen = try await client.get("/choose/?article=1&form-0-article=2&\(counts)")
            #expect(chosen.text == "true true")
            let other = try await client.get("/choose/?article=9")
            #expect(other.text == "false false")
        }
    }

    /// What is written into a path stays one part of it.
    @Test func keepsValuesWithinTheirPartOfThePath() async throws {
        try await withArticles { client in
            var article = try await Article.objects.get(1)
            article.slug = "/evil.example/?é"
            try await article.save()
            let page = try await client.get("/1/delete/")
            let answer = try await client.submit(page)
            #expect(answer.headers["Location"] == "/gone/%2Fevil.example%2F%3F%C3%A9/")
        }
    }
}
