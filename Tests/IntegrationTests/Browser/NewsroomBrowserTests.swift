import Foundation
import Testing

/// The newsroom in a real browser: used by the keyboard alone, and checked by axe-core and the Nu
/// HTML checker on each page.
@Suite(
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(
        if: Browser.isInstalled && PageChecks.areInstalled,
        "Chromium, axe-core or the Nu checker is not here; `make test-dependencies` fetches them."
    )
)
struct NewsroomBrowserTests {
    /// An image of 3 by 2 pixels.
    private static let image = Data(
        base64Encoded: """
            iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGM4EaABQQxwFgBO1AeBToSARAAAAABJRU5ErkJggg==
            """
    )

    /// Runs `body` with a newsroom that has its samples, and a browser on its front page.
    private static func inBrowser(
        scripts: Bool = true,
        _ body: (Browser, String, RunningSite) async throws -> Void
    ) async throws {
        let site = try RunningSite(("Newsroom", "loadnewsroom"))
        let browser = try await Browser(scripts: scripts)
        do {
            let address = "http://127.0.0.1:\(site.port)"
            try await browser.open(address + "/")
            try await body(browser, address, site)
        } catch {
            await browser.quit()
            throw error
        }
        await browser.quit()
    }

    /// The pages that were seen, for the checkers.
    private struct Seen {
        var pages: [(name: String, html: String)] = []

        /// Checks the page that the browser shows, and keeps it.
        mutating func look(_ browser: Browser, _ name: String) async throws {
            let faults = try await PageChecks.accessibility(of: browser)
            #expect(faults == [], "\(name)")
            #expect(try await browser.complaints() == [], "\(name)")
            pages.append((name, try await browser.source()))
        }
    }

    private static func text(_ browser: Browser, _ selector: String = "main") async throws -> String
    {
        try await browser.run("return document.querySelector('\(selector)')?.innerText ?? ''")
    }

    private static func writeImage(in site: RunningSite) throws -> String {
        let file = site.folder.appendingPathComponent("bay.png")
        try #require(image).write(to: file)
        return file.path
    }

    @Test func anArticleIsFoundWrittenReadAndDeletedByTheKeyboard() async throws {
        try await Self.inBrowser { browser, address, site in
            var seen = Seen()
            try await seen.look(browser, "index")
            try await browser.fill("input[name=q]", "clouds")
            try await browser.activate("form[role=search] button")
            #expect(try await Self.text(browser).contains("Clouds over the bay"))
            #expect(try await !Self.text(browser).contains("An engine that weaves"))
            try await seen.look(browser, "found")

            // A slug that is taken: the page says so, and the summary has the focus.
            try await browser.activate("a[href='/articles/new/']")
            try await seen.look(browser, "new")
            try await browser.fill("input[name=title]", "Fog over the bay")
            try await browser.fill("input[name=slug]", "clouds-over-the-bay")
            try await browser.tab(to: "select[name=author]")
            try await browser.type("Ada")
            try await browser.fill("textarea[name=body]", "It came at night.")
            try await browser.activate("main form button[type=submit]")
            #expect(try await Self.text(browser, ".errorsummary").contains("already exists"))
            #expect(
                try await browser.run("return document.activeElement.className")
                    == "errorsummary"
            )
            try await seen.look(browser, "refused")

            try await browser.fill("input[name=slug]", "fog-over-the-bay")
            try await browser.tab(to: "input[name=cover]")
            try await browser.choose(try Self.writeImage(in: site))
            try await browser.tab(to: "select[name=status]")
            try await browser.type("Pub")
            try await browser.fill("input[name$='-0-label']", "Fog")
            try await browser.fill("input[name$='-0-url']", "https://example.org/fog")
            try await browser.activate("main form button[type=submit]")
            #expect(try await browser.address() == "\(address)/articles/fog-over-the-bay/")
            #expect(try await Self.text(browser, "h1") == "Fog over the bay")
            #expect(try await Self.text(browser).contains("Fog"))
            #expect(
                try await browser.run(
                    "const image = document.querySelector('img.cover');"
                        + " return image.naturalWidth + 'x' + image.naturalHeight"
                ) == "3x2"
            )
            try await seen.look(browser, "article")

            try await browser.activate("a[href$='/edit/']")
            try await seen.look(browser, "edit")
            #expect(
                try await browser.run("return document.querySelector('[name$=\"-0-label\"]').value")
                    == "Fog"
            )
            try await browser.tab(to: "input[name$='-0-DELETE']")
            try await browser.press(.space)
            try await browser.activate("main form button[type=submit]")
            #expect(
                try await browser.run(
                    "return document.querySelectorAll('a[href=\"https://example.org/fog\"]').length"
                ) == "0"
            )

            try await browser.activate("a[href$='/delete/']")
            try await seen.look(browser, "delete")
            try await browser.activate("button.danger")
            #expect(try await browser.address() == "\(address)/")
            #expect(try await !Self.text(browser).contains("Fog over the bay"))
            let faults = try PageChecks.markup(of: seen.pages)
            #expect(faults == [])
        }
    }

    @Test func aCommentIsSentAndApprovedByTheKeyboard() async throws {
        try await Self.inBrowser { browser, address, _ in
            var seen = Seen()
            try await browser.activate("ul.articles a")
            try await browser.fill("input[name=name]", "Grace")
            try await browser.fill("input[name=email]", "grace@example.org")
            try await browser.fill("textarea[name=text]", "I saw <b>them</b> too.")
            try await browser.activate("main form button[type=submit]")
            #expect(try await Self.text(browser).contains("once an editor has approved it"))
            try await seen.look(browser, "sent")

            try await browser.activate("a[href='/comments/']")
            #expect(try await Self.text(browser).contains("I saw <b>them</b> too."))
            try await seen.look(browser, "moderation")
            try await browser.activate("button[value=approved]")
            #expect(try await Self.text(browser).contains("None waits."))

            try await browser.open(address + "/")
            try await browser.activate("ul.articles a")
            #expect(try await Self.text(browser, ".comments").contains("I saw <b>them</b> too."))
            try await seen.look(browser, "commented")
            let faults = try PageChecks.markup(of: seen.pages)
            #expect(faults == [])
        }
    }

    @Test func olderArticlesAreReached() async throws {
        try await Self.inBrowser { browser, address, _ in
            #expect(try await !Self.text(browser).contains("Clouds over the bay"))
            try await browser.activate(".pages a")
            #expect(try await browser.address() == "\(address)/?page=2")
            #expect(try await Self.text(browser).contains("Clouds over the bay"))
        }
    }

    @Test func whatIsWrongWithALinkIsSaidFirst() async throws {
        try await Self.inBrowser { browser, address, _ in
            var seen = Seen()
            try await browser.open(address + "/articles/clouds-over-the-bay/edit/")
            try await browser.fill("input[name='links-0-label']", "No address")
            try await browser.activate("main form button[type=submit]")
            #expect(
                try await browser.run("return document.activeElement.innerText").contains("Address")
            )
            try await seen.look(browser, "refused link")
            try await browser.tab(to: ".errorsummary a")
            try await browser.press(.enter)
            #expect(try await browser.run("return document.activeElement.id") == "id_links-0-url")
            #expect(try PageChecks.markup(of: seen.pages) == [])
        }
    }

    /// The script runs under the site's policy, and tells how far the upload has come.
    @Test func anUploadShowsItsProgress() async throws {
        try await Self.inBrowser { browser, address, site in
            try await browser.open(address + "/articles/clouds-over-the-bay/edit/")
            // What the page hears is kept beyond the page.
            try await browser.run(
                """
                const Source = window.EventSource;
                window.EventSource = class extends Source {
                    constructor(url) {
                        super(url);
                        sessionStorage.setItem('asked', url);
                    }
                };
                """
            )
            try await browser.tab(to: "input[name=cover]")
            try await browser.choose(try Self.writeImage(in: site))
            try await browser.activate("main form button[type=submit]")
            #expect(try await browser.address() == "\(address)/articles/clouds-over-the-bay/")
            #expect(
                try await browser.run("return sessionStorage.getItem('asked')")
                    .hasPrefix("\(address)/upload-progress/?progress_id=")
            )
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func aFileThatIsTooLargeIsNotSent() async throws {
        try await Self.inBrowser { browser, address, site in
            try await browser.open(address + "/articles/clouds-over-the-bay/edit/")
            try await browser.run("document.querySelector('main form').dataset.maxSize = 10")
            try await browser.tab(to: "input[name=cover]")
            try await browser.choose(try Self.writeImage(in: site))
            try await browser.tab(to: "main form button[type=submit]")
            try await browser.press(.enter)
            #expect(
                try await Self.text(browser, "[data-upload-status]").contains("are too large")
            )
            #expect(try await browser.address().hasSuffix("/edit/"))
        }
    }

    @Test func anImageIsSentWithoutScripts() async throws {
        try await Self.inBrowser(scripts: false) { browser, address, site in
            try await browser.open(address + "/articles/clouds-over-the-bay/edit/")
            try await browser.tab(to: "input[name=cover]")
            try await browser.choose(try Self.writeImage(in: site))
            try await browser.activate("main form button[type=submit]")
            #expect(try await browser.address() == "\(address)/articles/clouds-over-the-bay/")
        }
    }
}
