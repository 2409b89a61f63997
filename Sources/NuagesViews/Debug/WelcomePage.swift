import NuagesCore

/// The front page of a fresh site in debug, while it has no routes.
///
/// Django: `default_urlconf`.
enum WelcomePage {
    static func html(nonce: String) -> String {
        """
        \(HTMLPage.head(title: "The site works", nonce: nonce))
        <body>
        <main class="centre">
        <h1>The site works. It has no pages yet.</h1>
        <p>You see this because <code>DEBUG</code> is on and the site has no routes.</p>
        <ol class="steps">
        <li>Write a view, a function from a request to a response.
        <code>func index(_ request: Request) async throws -&gt; Response { .text("Hello") }</code></li>
        <li>Give it a route in the site.
        <code>var urls: Routes { #path("", index, name: "index") }</code></li>
        <li>Add an app with models, templates and static files.
        <code>var apps: [any App] { [PollsApp()] }</code></li>
        </ol>
        </main>
        </body>
        </html>

        """
    }
}

/// The page for an error where a site has no template of its own.
///
/// It says nothing of the request and nothing of the error but what its status means.
enum DefaultErrorPage {
    static func html(status: Int, reason: String, message: String?, nonce: String) -> String {
        let text = message ?? explanation(status)
        return """
            \(HTMLPage.head(title: reason, nonce: nonce))
            <body>
            <main class="centre">
            <p class="code" aria-hidden="true">\(status)</p>
            <h1>\(HTMLEscaper.escape(reason))</h1>
            <p>\(HTMLEscaper.escape(text))</p>
            </main>
            </body>
            </html>

            """
    }

    private static func explanation(_ status: Int) -> String {
        switch status {
        case 400: "The browser sent something that this site cannot read."
        case 403: "You may not see this page."
        case 404: "This site has no such page."
        case 405: "This page does not answer requests of this kind."
        case 408: "The request took too long to arrive."
        case 413: "What was sent is larger than this site accepts."
        case 429: "That were too many requests. Wait a little, then try again."
        case 503: "The site is busy or being looked after. Try again soon."
        case 500...: "Something went wrong here. It has been noted."
        default: ""
        }
    }
}
