import Foundation
import Nuages
import NuagesTesting
import Testing

@testable import Newsroom

@Suite struct NewsroomSiteTests {
    @discardableResult
    private func makeArticle(
        _ title: String = "Fog",
        slug: String = "fog",
        status: Status = .published
    ) async throws -> Article {
        var author = Author(name: "Ada")
        try await author.save()
        var article = Article(
            title: title,
            slug: slug,
            author: author.asReference,
            body: "It came at night.",
            status: status
        )
        try await article.save()
        return article
    }

    /// The token of the first form of a page, for what a button sends by itself.
    private func token(of page: TestResponse) throws -> String {
        try #require(page.forms.first?.fields.first { $0.name == "csrfmiddlewaretoken" }?.value)
    }

    @Test func showsWhatIsPublishedAndHidesDrafts() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            try await makeArticle("Fog over the bay")
            try await makeArticle("Not yet", slug: "not-yet", status: .draft)
            let page = try await client.get("/")
            #expect(page.status == 200)
            #expect(page.text.contains("Fog over the bay"))
            #expect(!page.text.contains("Not yet"))
            #expect(try await client.get("/drafts/").text.contains("Not yet"))
        }
    }

    @Test(arguments: [
        ("fog", true), ("FOG OVER", true), ("night", true), ("sun", false), ("%25", false),
    ])
    func findsWordsInTitlesAndTexts(words: String, isFound: Bool) async throws {
        try await withTestSite(NewsroomSite.self) { client in
            try await makeArticle("Fog over the bay")
            let query = words.replacing(" ", with: "+")
            let page = try await client.get("/?q=\(query)")
            #expect(page.text.contains("Fog over the bay") == isFound)
        }
    }

    @Test func dividesArticlesIntoPages() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            for number in 1...11 { try await makeArticle("No. \(number)", slug: "no-\(number)") }
            let first = try await client.get("/")
            #expect(first.text.contains("Page 1 of 2"))
            #expect(first.text.contains("<a href=\"?page=2\">Older</a>"))
            #expect(!first.text.contains("Newer"))
            let second = try await client.get("/?page=2")
            #expect(second.text.contains("No. 1<"))
            #expect(second.text.contains("<a href=\"?page=1\">Newer</a>"))
            #expect(!second.text.contains("Older"))
            #expect(try await client.get("/?page=3").status == 404)
        }
    }

    @Test func keepsAnArticleWithItsLinks() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            var author = Author(name: "Ada")
            try await author.save()
            let page = try await client.get("/articles/new/")
            let answer = try await client.submit(
                page,
                [
                    "title": "Fog", "slug": "fog", "author": "\(author.id)", "body": "Grey.",
                    "status": "published", "links-0-label": "More",
                    "links-0-url": "https://example.org/fog",
                ]
            )
            #expect(answer.location == "/articles/fog/")
            let article = try await Article.objects.filter { $0.slug == "fog" }.get()
            #expect(try await article.links.all().map(\.url) == ["https://example.org/fog"])
        }
    }

    /// Neither the article nor its links are kept where one of them is wrong.
    @Test func keepsNothingOfAnArticleWithAWrongLink() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            var author = Author(name: "Ada")
            try await author.save()
            let page = try await client.get("/articles/new/")
            let answer = try await client.submit(
                page,
                [
                    "title": "Fog", "slug": "fog", "author": "\(author.id)", "body": "Grey.",
                    "status": "published", "links-0-label": "More",
                    "links-0-url": "javascript:alert(1)",
                ]
            )
            #expect(answer.status == 200)
            #expect(answer.text.contains("Enter a valid URL."))
            // The summary leads to the form of the link, and has the focus.
            #expect(answer.text.contains(" autofocus aria-labelledby=\"links-error_summary\""))
            #expect(answer.text.contains("<a href=\"#id_links-0-url\">Address: Enter a valid URL."))
            #expect(try await Article.objects.count() == 0)
        }
    }

    @Test func refusesMoreLinksThanItShows() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            let page = try await client.get("/articles/new/")
            let answer = try await client.submit(page, ["links-TOTAL_FORMS": "5000"])
            #expect(answer.status == 200)
            #expect(answer.text.contains("Please submit at most 20 forms."))
            #expect(answer.text.contains("name=\"links-TOTAL_FORMS\" value=\"20\""))
            #expect(answer.body.count < 50_000)
        }
    }

    /// The address of the page for new articles is no article's.
    @Test func refusesTheSlugOfThePageForNewArticles() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            var author = Author(name: "Ada")
            try await author.save()
            let page = try await client.get("/articles/new/")
            let answer = try await client.submit(
                page,
                [
                    "title": "News", "slug": "new", "author": "\(author.id)", "body": "Good.",
                    "status": "published",
                ]
            )
            #expect(answer.status == 200)
            #expect(answer.text.contains("This address is that of the page for new articles."))
        }
    }

    /// The cover is kept with the article, shown on its page, kept by a change and cleared by one.
    @Test func keepsTheCoverOfAnArticle() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("newsroom-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withTestSite(NewsroomSite.self) {
            $0.mediaRoot = folder
        } _: { client in
            var author = Author(name: "Ada")
            try await author.save()
            let fields = [
                ("title", "Fog"), ("slug", "fog"), ("author", "\(author.id)"), ("body", "Grey."),
                ("status", "published"), ("links-TOTAL_FORMS", "1"), ("links-INITIAL_FORMS", "0"),
                ("links-0-label", "More"), ("links-0-url", "https://example.org/fog"),
            ]
            let new = try await post(client, "/articles/new/", fields, cover: "../my fog.png")
            #expect(new.location == "/articles/fog/")
            let article = try await Article.objects.filter { $0.slug == "fog" }.get()
            let name = try #require(article.cover?.name)
            #expect(name.hasPrefix("covers/") && name.hasSuffix("/my_fog.png"))
            #expect(try await client.get("/articles/fog/").text.contains("/media/\(name)\""))
            #expect(try await client.get("/media/\(name)").status == 200)
            #expect([article.coverWidth, article.coverHeight] == [1, 1])
            let size = "width=\"1\" height=\"1\""
            #expect(try await client.get("/articles/fog/").text.contains(size))

            let edit = try await client.get("/articles/fog/edit/")
            #expect(edit.text.contains("<a href=\"/media/\(name)\">\(name)</a>"))
            #expect(try await client.submit(edit, ["title": "Thick fog"]).status == 302)
            #expect(try await Article.objects.get(article.id).cover?.name == name)
            let wrong = try await client.submit(edit, ["links-1-url": "no address"])
            #expect(wrong.text.contains(">Ada</option>"))
            #expect(try await client.submit(edit, ["cover-clear": "on"]).status == 302)
            #expect(try await Article.objects.get(article.id).cover?.isEmpty ?? true)
            #expect(try await client.get("/media/\(name)").status == 404)
        }
    }

    /// The file goes with its row, and a page whose file is gone is shown all the same.
    @Test func removesTheCoverWithItsArticle() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("newsroom-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withTestSite(NewsroomSite.self) {
            $0.mediaRoot = folder
        } _: { client in
            var article = try await makeArticle()
            article.cover = ImageFieldFile(File(try Self.png(), name: "fog.png"))
            try await article.save()
            let storage = try Storages.current.default
            let name = try #require(article.cover?.name)
            let page = try await client.get("/articles/fog/delete/")
            #expect(try await storage.exists(name))
            #expect(try await client.submit(page, [:]).status == 302)
            #expect(try await !storage.exists(name))

            var other = try await makeArticle("Rain", slug: "rain")
            other.cover = ImageFieldFile(File(try Self.png(), name: "rain.png"))
            try await other.save()
            try await storage.delete(try #require(other.cover?.name))
            #expect(try await client.get("/articles/rain/").status == 200)
            #expect(try await client.get("/articles/rain/edit/").status == 200)
        }
    }

    private static func png() throws -> [UInt8] {
        let data = Data(
            base64Encoded: """
                iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA\
                AABJRU5ErkJggg==
                """
        )
        return Array(try #require(data))
    }

    private func post(
        _ client: TestClient,
        _ target: String,
        _ fields: [(String, String)],
        cover: String
    ) async throws -> TestResponse {
        let page = try await client.get(target)
        let token = try #require(
            page.forms.flatMap(\.fields).first { $0.name == "csrfmiddlewaretoken" }?.value
        )
        var body: [UInt8] = []
        func part(_ head: String, _ bytes: [UInt8]) {
            body += Array("--b\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8)
            body += bytes + Array("\r\n".utf8)
        }
        for (name, value) in fields + [("csrfmiddlewaretoken", token)] {
            part("name=\"\(name)\"", Array(value.utf8))
        }
        part(
            "name=\"cover\"; filename=\"\(cover)\"\r\nContent-Type: image/png",
            try Self.png()
        )
        return try await client.send(
            .post,
            target,
            headers: ["Content-Type": "multipart/form-data; boundary=b"],
            body: body + Array("--b--\r\n".utf8)
        )
    }

    @Test func keepsCommentsUntilTheyAreApproved() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            try await makeArticle()
            let page = try await client.get("/articles/fog/")
            let sent = try await client.post(
                "/articles/fog/comment/",
                [
                    "csrfmiddlewaretoken": try token(of: page), "name": "Grace",
                    "email": "grace@example.org",
                    "text": "<script>1</script>",
                    // What the form does not have it does not set.
                    "moderation": "approved", "article": "999",
                ]
            )
            #expect(sent.location == "/articles/fog/comment/sent/")
            let thanks = try await client.get("/articles/fog/comment/sent/")
            #expect(thanks.text.contains("once an editor has approved it"))
            #expect(try await client.get("/articles/fog/comment/").location == "/articles/fog/")
            let comment = try await Newsroom.Comment.objects.filter { $0.name == "Grace" }.get()
            #expect(comment.moderation == .waiting)
            #expect(try await !client.get("/articles/fog/").text.contains("Grace"))

            let waiting = try await client.get("/comments/")
            #expect(waiting.text.contains("&lt;script&gt;1&lt;/script&gt;"))
            let address = "/comments/\(comment.id)/"
            let decided = try await client.post(
                address,
                ["csrfmiddlewaretoken": try token(of: waiting), "decision": "approved"]
            )
            #expect(decided.location == "/comments/")
            #expect(try await client.get("/articles/fog/").text.contains("Grace"))
        }
    }

    @Test func refusesDecisionsThatThereAreNot() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            let article = try await makeArticle()
            var comment = Newsroom.Comment(
                article: article.asReference,
                name: "Grace",
                email: "grace@example.org",
                text: "Yes."
            )
            try await comment.save()
            let waiting = try await client.get("/comments/")
            let decided = try await client.post(
                "/comments/\(comment.id)/",
                ["csrfmiddlewaretoken": try token(of: waiting), "decision": "waiting"]
            )
            #expect(decided.status == 400)
            #expect(try await Newsroom.Comment.objects.get(comment.id).moderation == .waiting)
        }
    }

    @Test func deletesAnArticleAfterAskingForIt() async throws {
        try await withTestSite(NewsroomSite.self) { client in
            try await makeArticle()
            let page = try await client.get("/articles/fog/delete/")
            #expect(page.text.contains("Delete “<bdi>Fog</bdi>”?"))
            #expect(try await Article.objects.count() == 1)
            #expect(try await client.submit(page, [:]).location == "/")
            #expect(try await Article.objects.count() == 0)
        }
    }
}
