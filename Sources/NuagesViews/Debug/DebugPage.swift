import NuagesCore
import NuagesHTTP
import NuagesORM
import NuagesTemplates

/// The page that shows what went wrong to the developer; only made in debug.
///
/// It shows the error, the request line and header names with their values but those that carry
/// secrets, and for a 404 the routes that exist. It never calls a parser of the request.
struct DebugPage {
    let context: ErrorPages.Context

    /// The page for errors whose status is 404 or 500; others have a short page of their own.
    var response: Response? {
        guard context.status.code == 404 || context.status.code >= 500 else { return nil }
        return .html(html, status: context.status)
    }

    private var html: String {
        let title = context.status.code == 404 ? "Page not found" : "\(type(of: context.error))"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>\(escaped(title)) at \(escaped(context.request.target))</title>
            <style nonce="\(context.request.cspNonce)">\(Self.style)</style>
            </head>
            <body>
            <header><h1>\(escaped(title)) <small>(\(context.status.code))</small></h1>
            <p class="error">\(escaped("\(context.error)"))</p></header>
            <main>
            \(routes)
            <h2>Request</h2>
            <table>\(rows(requestLines))</table>
            </main>
            <footer>You see this because DEBUG is on. Outside debug a visitor sees the template
            \(context.status.code).html, or a plain page.</footer>
            </body>
            </html>

            """
    }

    private var routes: String {
        guard context.status.code == 404 else { return "" }
        let items = context.patterns.map { pattern in
            let name = pattern.viewName.map { " <em>\(escaped($0))</em>" } ?? ""
            return "<li><code>/\(escaped(pattern.pattern))</code>\(name)</li>"
        }
        return """
            <h2>Routes</h2>
            <p>The path was compared with these patterns, in this order:</p>
            <ol>\(items.joined())</ol>
            """
    }

    private var requestLines: [(String, String)] {
        let request = context.request
        let line = [("Method", request.method.rawValue), ("Target", request.target)]
        return line
            + request.headers.fields.map { field in
                (field.name, Self.isSecret(field.name) ? "<redacted>" : field.value)
            }
    }

    private func rows(_ lines: [(String, String)]) -> String {
        lines.map { "<tr><th>\(escaped($0))</th><td>\(escaped($1))</td></tr>" }.joined()
    }

    /// Whether a header field carries something that a screenshot must not show.
    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["cookie", "authorization", "token", "secret", "key", "signature", "session"]
            .contains { name.contains($0) }
    }

    private func escaped(_ text: String) -> String { HTMLEscaper.escape(text) }

    private static let style = """
        body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#1b1f24}
        header{background:#fff3cd;padding:1rem 2rem;border-bottom:1px solid #d9c889}
        main,footer{padding:1rem 2rem}h1{font-size:1.4rem}h2{font-size:1.1rem}
        .error{white-space:pre-wrap;overflow-wrap:anywhere}
        th{text-align:left;vertical-align:top;padding-right:1rem}td{overflow-wrap:anywhere}
        footer{color:#555;border-top:1px solid #ddd}
        """
}
