import NuagesCore
import NuagesForms
import NuagesHTTP
import NuagesORM
import NuagesTemplates

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DebugReport {
    /// The report of an error; nil for one that has a page of its own.
    init?(_ context: ErrorPages.Context, site: SiteContext) async {
        let request = context.request
        let error = context.error
        status = context.status
        message = "\(error)"
        switch (error, status) {
        case (is CSRFError, _):
            title = "Forbidden: the CSRF check failed"
            hints = Self.csrfHints
        case (_, .notFound): title = "Page not found"
        default:
            guard status.code >= 500 else { return nil }
            title = "\(type(of: error))"
        }
        facts = Self.facts(context)
        if status == .notFound { sections.append(Self.routes(context)) }
        if let section = Self.templateSource(error, site) { sections.append(section) }
        if status.code >= 500 {
            let calls = await ThrowTraces.calls(to: error)
            sections += Self.trace(calls)
            addDetails(request, site)
        }
        sections.append(
            Section(title: "Request", body: .table(Self.headers(request), whenEmpty: ""))
        )
        if status.code >= 500 { sections.append(Self.settings(site.settings)) }
    }

    private mutating func addDetails(_ request: Request, _ site: SiteContext) {
        if let log = request[DebugQueries.Key.self] {
            sections.append(Self.queries(log))
            hints += Self.repeatedQueries(log)
        }
        sections.append(
            Section(title: "GET", body: .table(Self.shown(request.query), whenEmpty: "No query."))
        )
        sections.append(Section(title: "POST", body: Self.form(request)))
        let cookies = request.cookies.entries.map { cookie in
            (name: cookie.name, value: SensitiveNames.shown(cookie.value, named: cookie.name))
        }
        sections.append(Section(title: "Cookies", body: .table(cookies, whenEmpty: "No cookies.")))
    }

    private static let csrfHints = [
        "A form that posts needs {% csrf_token %} between its tags, in a template that is rendered "
            + "with the request.",
        "The browser must take cookies, and must have loaded the form after the last sign-in.",
        "A site on another origin posts here only if CSRF_TRUSTED_ORIGINS names it.",
    ]

    private static func facts(_ context: ErrorPages.Context) -> [(name: String, value: String)] {
        let request = context.request
        var facts = [("Method", request.method.rawValue), ("URL", url(of: request))]
        if let match = request.resolverMatch {
            facts.append(("Route", "/\(match.route)"))
            if let view = match.view { facts.append(("View", view)) }
            if match.urlName != nil { facts.append(("Name", match.viewName)) }
            for (name, value) in match.keywordArguments {
                facts.append((name, SensitiveNames.shown(value.description, named: name)))
            }
        }
        facts.append(("Status", context.status.description))
        facts.append(("Client", request.remoteAddress))
        return facts.map { (name: $0, value: $1) }
    }

    /// The address that was asked for, with hidden values in its query.
    private static func url(of request: Request) -> String {
        let host = (try? request.host()) ?? ""
        let query = request.query.entries.flatMap { entry in
            entry.values.map { "\(entry.name)=\(SensitiveNames.shown($0, named: entry.name))" }
        }
        return "\(request.scheme)://\(host)\(request.path)"
            + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private static func routes(_ context: ErrorPages.Context) -> Section {
        Section(
            title: "Routes",
            body: .list(
                context.patterns.map { (text: "/\($0.pattern)", note: $0.viewName) },
                introduction: context.request.resolverMatch == nil
                    ? "The path was compared with these patterns, in this order. None matches."
                    : "A pattern matches; its view found nothing to show. These are all patterns:"
            ),
            isOpen: true
        )
    }

    /// The lines of a template around the place where an error was found.
    private static func templateSource(_ error: any Error, _ site: SiteContext) -> Section? {
        guard let error = error as? TemplateError, let location = error.location,
            let name = location.template, let source = site.templates.source(ofTemplate: name)
        else { return nil }
        return Section(
            title: "Template",
            body: .source(
                excerpt(source, around: location.line),
                place: "\(name), line \(location.line)"
            ),
            isOpen: true
        )
    }

    /// The lines around one, which is marked.
    private static func excerpt(_ source: String, around line: Int) -> [SourceLine] {
        let lines = source.split(omittingEmptySubsequences: false) { $0.isNewline }
        guard lines.indices.contains(line - 1) else { return [] }
        return (max(1, line - 8)...min(lines.count, line + 8)).map { number in
            SourceLine(
                number: number,
                text: String(lines[number - 1]),
                isMarked: number == line
            )
        }
    }

    // MARK: Calls

    /// Where an error was thrown: the source around the place, and the calls that led there.
    private static func trace(_ calls: [ThrowTraces.Call]) -> [Section] {
        guard !calls.isEmpty else { return [] }
        var sections: [Section] = []
        if let call = calls.first(where: \.isOwn), let file = call.file, let line = call.line,
            let source = try? String(contentsOfFile: file, encoding: .utf8)
        {
            let lines = excerpt(source, around: line)
            if !lines.isEmpty {
                sections.append(
                    Section(
                        title: "Source",
                        body: .source(lines, place: "\(file), line \(line)"),
                        isOpen: true
                    )
                )
            }
        }
        sections.append(
            Section(
                title: "Calls",
                body: .list(
                    calls.map { (text: $0.function, note: $0.place) },
                    introduction: "The innermost first. Where a call was inlined it is missing."
                )
            )
        )
        return sections
    }

    private static func headers(_ request: Request) -> [(name: String, value: String)] {
        request.headers.fields.map { field in
            (name: field.name, value: SensitiveNames.shown(field.value, named: field.name))
        }
    }

    private static func shown(
        _ values: QueryDict,
        hiding names: [String] = []
    ) -> [(name: String, value: String)] {
        values.entries.flatMap { entry in
            let isHidden = names.contains { $0 == "*" || $0.equalsBytes(entry.name) }
            return entry.values.map { value in
                (
                    name: entry.name,
                    value: isHidden
                        ? SensitiveNames.substitute
                        : SensitiveNames.shown(value, named: entry.name)
                )
            }
        }
    }

    /// The posted form if the view has read it.
    ///
    /// A parser of the request may be what failed, so nothing is read here.
    private static func form(_ request: Request) -> Body {
        guard let form = request.formReadSoFar else {
            return .table([], whenEmpty: "No form was read.")
        }
        let files = form.files.entries.flatMap { entry in
            entry.files.map { file in (name: entry.name, value: "file '\(file.name)'") }
        }
        return .table(
            shown(form.fields, hiding: request.sensitivePostParameters) + files,
            whenEmpty: "The form is empty."
        )
    }

    // MARK: Queries

    /// From how many times on the same statement is taken for a query in a loop.
    private static let repetitions = 5

    private static func queries(_ log: QueryLog) -> Section {
        let times = log.times
        let total = times.compactMap(\.self).reduce(Duration.zero, +)
        let queries = log.texts.enumerated().map { index, text in
            (sql: text, time: times.indices.contains(index) ? times[index].map(milliseconds) : nil)
        }
        return Section(
            title: "SQL (\(log.count) in \(milliseconds(total)))",
            body: .queries(queries)
        )
    }

    private static func repeatedQueries(_ log: QueryLog) -> [String] {
        var counts: [(text: String, count: Int)] = []
        var positions: [String: Int] = [:]
        for text in log.texts {
            if let position = positions[text] {
                counts[position].count += 1
            } else {
                positions[text] = counts.count
                counts.append((text, 1))
            }
        }
        return counts.filter { $0.count >= repetitions }.map { text, count in
            "The same statement ran \(count) times. A loop that queries once per row is cured by "
                + "selectRelated(_:) or prefetch(_:): \(text)"
        }
    }

    /// Such as `12.3 ms`.
    private static func milliseconds(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        let tenths = seconds * 10_000 + attoseconds / 100_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) ms"
    }

    // MARK: Settings

    private static func settings(_ settings: Settings) -> Section {
        let values = Mirror(reflecting: settings).children.map { child in
            let name = settingName(child.label ?? "")
            return (name: name, value: shown(child.value, named: name))
        }
        return Section(
            title: "Settings",
            body: .table(values.sorted { $0.name < $1.name }, whenEmpty: "")
        )
    }

    /// The name of a setting that is stored as it was given, such as `givenStaticURL`.
    private static func settingName(_ label: String) -> String {
        let given = "given"
        guard label.hasPrefix(given) else { return label }
        let name = label.dropFirst(given.count)
        let capitals = name.prefix { $0.isUppercase }.count
        let initials = capitals > 1 && capitals < name.count ? capitals - 1 : capitals
        return name.prefix(initials).lowercased() + name.dropFirst(initials)
    }

    private static func shown(_ value: Any, named name: String) -> String {
        // A URL may hold a password.
        if name.lowercased().hasSuffix("url"), let text = value as? String, text.contains("@") {
            return SensitiveNames.substitute
        }
        return SensitiveNames.shown(String(describing: value), named: name)
    }
}
