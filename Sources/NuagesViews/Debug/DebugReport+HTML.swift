import NuagesCore
import NuagesHTTP

extension DebugReport {
    /// The report as a page without scripts and without anything from elsewhere.
    ///
    /// - Parameter nonce: the nonce of the response's Content-Security-Policy.
    /// - Returns: the page.
    func html(nonce: String) -> String {
        let head = HTMLPage.head(title: "\(title) (\(status.code))", nonce: nonce)
        let hintItems = hints.map { "<li>\(escaped($0))</li>" }.joined()
        let hintList = hints.isEmpty ? "" : "<ul class=\"hints\">\(hintItems)</ul>"
        return """
            \(head)
            <body>
            <header class="error"><div class="wide">
            <p class="badge">\(status.code) \(escaped(status.reasonPhrase))</p>
            <h1>\(escaped(title))</h1>
            <pre class="message">\(escaped(message))</pre>
            <dl>\(facts.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd>" }.joined())</dl>
            </div></header>
            <main class="wide">
            \(hintList)
            \(sections.map(html).joined(separator: "\n"))
            </main>
            <footer class="wide"><p>You see this because <code>DEBUG</code> is on and your browser \
            runs on this machine. Outside debug a visitor sees the template \
            <code>\(status.code).html</code>, or a plain page.</p></footer>
            </body>
            </html>

            """
    }

    private func html(_ section: Section) -> String {
        let count =
            switch section.body {
            case .table(let rows, _): " <span>\(rows.count)</span>"
            case .list(let items, _): " <span>\(items.count)</span>"
            case .source, .queries: ""
            }
        return """
            <details\(section.isOpen ? " open" : "")>
            <summary><h2>\(escaped(section.title))\(count)</h2></summary>
            \(html(section.body))
            </details>
            """
    }

    private func html(_ body: Body) -> String {
        switch body {
        case .table(let rows, let text) where rows.isEmpty: return "<p>\(escaped(text))</p>"
        case .table(let rows, _):
            let lines = rows.map { row in
                "<tr><th scope=\"row\">\(escaped(row.name))</th>"
                    + "<td><code>\(escaped(row.value))</code></td></tr>"
            }
            return "<div class=\"scroll\"><table>\(lines.joined())</table></div>"
        case .list(let items, let introduction):
            let lines = items.map { item in
                let note = item.note.map { " <em>\(escaped($0))</em>" } ?? ""
                return "<li><code>\(escaped(item.text))</code>\(note)</li>"
            }
            return "<p>\(escaped(introduction))</p><ol>\(lines.joined())</ol>"
        case .source(let lines, let place):
            let rows = lines.map { line in
                let mark = line.isMarked ? " class=\"marked\" aria-current=\"true\"" : ""
                return "<tr\(mark)><th scope=\"row\">\(line.number)</th>"
                    + "<td><pre>\(escaped(line.text))</pre></td></tr>"
            }
            return "<p>\(escaped(place))</p>"
                + "<div class=\"scroll source\"><table>\(rows.joined())</table></div>"
        case .queries(let queries) where queries.isEmpty: return "<p>No queries.</p>"
        case .queries(let queries):
            let rows = queries.map { query in
                "<tr><td><code>\(escaped(query.sql))</code></td>"
                    + "<td class=\"number\">\(escaped(query.time ?? "–"))</td></tr>"
            }
            return """
                <div class="scroll"><table><thead><tr><th scope="col">Statement</th>\
                <th scope="col">Time</th></tr></thead><tbody>\(rows.joined())</tbody></table></div>
                """
        }
    }

    private func escaped(_ text: String) -> String { HTMLEscaper.escape(text) }
}

/// What the framework's own pages share: no scripts, nothing from elsewhere, light and dark.
enum HTMLPage {
    /// Everything in front of `<body>`.
    ///
    /// - Parameters:
    ///   - title: the title, not escaped yet.
    ///   - nonce: the nonce of the response's Content-Security-Policy.
    /// - Returns: the beginning of a page.
    static func head(title: String, nonce: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <meta name="color-scheme" content="light dark">
        <title>\(HTMLEscaper.escape(title))</title>
        <style nonce="\(HTMLEscaper.escape(nonce))">\(style)</style>
        </head>
        """
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#1d2530;--dim:#5a6675;--paper:#f6f7f9;--card:#fff;\
        --line:#dde2e9;--accent:#2a5db0;--bad:#b3261e;--bad-paper:#fdecea;--mark:#fff3c4;\
        --mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
        @media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--dim:#9aa7b8;--paper:#12161c;\
        --card:#1a2028;--line:#2c3541;--accent:#8fb5f5;--bad:#ff8a80;--bad-paper:#2a1817;\
        --mark:#4a3d12}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif;\
        overflow-wrap:anywhere}
        .wide{max-width:68rem;margin:0 auto;padding:0 1.25rem}
        header.error{background:var(--bad-paper);border-bottom:1px solid var(--line);\
        padding:1.75rem 0 1.25rem}
        h1{font-size:clamp(1.4rem,4vw,2rem);line-height:1.2;margin:.3rem 0 .6rem}
        h2{font-size:1.05rem;margin:0;display:inline}
        h2 span{color:var(--dim);font-weight:400;margin-left:.3rem}
        .badge{margin:0;color:var(--bad);font-weight:600;letter-spacing:.02em}
        pre,code{font-family:var(--mono);font-size:.875em}
        pre{margin:0;white-space:pre-wrap}
        .message{font-size:1rem;max-height:18rem;overflow:auto}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;margin:1.1rem 0 0;\
        font-size:.925rem}
        dt{color:var(--dim)}dd{margin:0;font-family:var(--mono);font-size:.9em}
        main.wide{padding-top:1.25rem;padding-bottom:1.25rem}
        .hints{background:var(--mark);border-radius:.6rem;padding:.8rem 1rem .8rem 2rem;margin:0 0 1rem}
        details{background:var(--card);border:1px solid var(--line);border-radius:.6rem;\
        margin:0 0 .8rem;padding:0 1rem}
        summary{cursor:pointer;padding:.75rem 0}
        summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
        details[open]{padding-bottom:1rem}
        details p{color:var(--dim);margin:.2rem 0 .7rem}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.925rem}
        th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;\
        border-top:1px solid var(--line)}
        th{font-weight:500;color:var(--dim);width:14rem}
        thead th,tr:first-child>*{border-top:0}
        .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;padding-right:0}
        .source th{width:3rem;text-align:right;user-select:none}
        .source td,.source th{border:0;padding-top:.05rem;padding-bottom:.05rem}
        .marked>*{background:var(--mark);color:var(--ink);font-weight:600}
        ol{margin:0;padding-left:1.6rem}ol li{margin:.2rem 0}
        em{color:var(--dim);font-style:normal;margin-left:.5rem}
        footer{color:var(--dim);font-size:.9rem}footer.wide{padding-bottom:2rem}
        a{color:var(--accent)}
        .centre{min-height:100vh;display:grid;place-content:center;text-align:center;padding:2rem 1.25rem}
        .centre p{max-width:34rem;margin:.3rem auto;color:var(--dim)}
        .code{font-size:clamp(3.5rem,14vw,6rem);font-weight:700;line-height:1;color:var(--accent);\
        letter-spacing:-.03em}
        .steps{text-align:left;display:grid;gap:.8rem;margin:1.6rem auto 0;max-width:38rem;padding:0;\
        list-style:none}
        .steps li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;\
        padding:.8rem 1rem}
        .steps code{display:block;color:var(--ink);margin-top:.25rem}
        @media(max-width:40rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}\
        th{width:8rem}}
        @media print{details{border:0;padding:0}}
        """
}
