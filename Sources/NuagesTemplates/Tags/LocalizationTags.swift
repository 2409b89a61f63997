import NuagesCore

/// A block whose values are written in another way: `{% localize off %}`, `{% localtime off %}`,
/// `{% timezone "Europe/Paris" %}`, `{% language "de" %}`.
struct PageNode: ContainerNode {
    /// What the tag's argument makes of the page.
    enum Change {
        case localizing(Bool)
        case localTime(Bool)
        case zone(FilterExpression)
        case language(FilterExpression)
    }

    let change: Change
    let nodes: NodeList

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let page = try await renderer.fetching { try changed($0) }
        try await renderer.withPage(page) { try await renderer.render(nodes) }
    }

    private func changed(_ renderer: Renderer) throws -> PageContext {
        let page = renderer.page
        var localization = page.localization
        switch change {
        case .localizing(let isOn): return page.changed(isLocalizing: isOn)
        case .localTime(let isOn): return page.changed(convertsMoments: isOn)
        case .zone(let expression):
            let value = try renderer.resolve(expression)
            guard let zone = try ZoneValue.zone(value, localization) else {
                throw TemplateError.rendering(
                    "{% timezone %} needs the name of a time zone, not \(value.representation())."
                )
            }
            localization.timeZone = zone
            return page.changed(localization)
        case .language(let expression):
            let value = try renderer.resolve(expression)
            if case .none = value { return page.changed(localization.switched(to: nil)) }
            return page.changed(localization.switched(to: value.plainText))
        }
    }

    /// Compiles a tag that takes `on`, `off` or nothing.
    static func compileSwitch(
        _ end: String,
        _ change: @escaping @Sendable (Bool) -> Change
    ) -> Library.TagCompiler {
        { parser, token in
            let words = try token.splitContents()
            guard words.count == 1 || (words.count == 2 && ["on", "off"].contains(words[1])) else {
                throw TemplateError.syntax(
                    "\(PythonText.repr(words[0])) argument should be 'on' or 'off'"
                )
            }
            let nodes = try parser.parse(until: [end])
            _ = parser.nextToken()
            return .container(PageNode(change: change(words.last != "off"), nodes: nodes))
        }
    }

    /// Compiles a tag that takes one value.
    static func compileValue(
        _ name: String,
        _ end: String,
        _ change: @escaping @Sendable (FilterExpression) -> Change
    ) -> Library.TagCompiler {
        { parser, token in
            let words = try token.splitContents()
            guard words.count == 2 else {
                throw TemplateError.syntax("'\(words[0])' takes one argument (\(name))")
            }
            let expression = try parser.compileFilter(words[1])
            let nodes = try parser.parse(until: [end])
            _ = parser.nextToken()
            return .container(PageNode(change: change(expression), nodes: nodes))
        }
    }
}

/// Time zones as templates name them.
enum ZoneValue {
    /// The zone of a name, the default one for none; nil for anything else.
    static func zone(
        _ value: ContextValue,
        _ localization: Localization
    ) throws -> LocalDateTime.Zone? {
        switch value {
        case .none: return localization.defaultTimeZone
        case .string, .safe: return .rules(try .named(value.plainText))
        case .object(let object): return object as? LocalDateTime.Zone
        default: return nil
        }
    }

    /// The moment on the clocks of a zone, where it stays; empty text for what is no moment.
    static func converted(
        _ value: ContextValue,
        to zone: LocalDateTime.Zone?,
        _ localization: Localization
    ) -> ContextValue {
        guard let zone else { return .string("") }
        var moment: LocalDateTime?
        switch value {
        case .dateTime(let date): moment = LocalDateTime(date, in: .utc)
        case .localDateTime(let local):
            moment = local
            moment?.zone = local.zone ?? localization.defaultTimeZone
        default: return .string("")
        }
        guard var converted = moment?.converted(to: zone) else { return .string("") }
        converted.keepsZone = true
        return .localDateTime(converted)
    }
}

/// A tag that sets a variable to what is known of the page: `{% get_current_timezone as name %}`.
struct PageValueNode: LeafNode {
    let variable: VariableName
    let value: @Sendable (Renderer) throws -> ContextValue

    func render(_ renderer: Renderer) throws {
        renderer.set(variable, .value(try value(renderer)))
    }

    static func compiler(
        _ value: @escaping @Sendable (Localization) -> ContextValue
    ) -> Library.TagCompiler {
        { _, token in
            let words = token.plainWords
            guard words.count == 3, words[1] == "as" else {
                let shown = words.map { PythonText.repr($0) }.joined(separator: ", ")
                throw TemplateError.syntax(
                    "'\(words.first ?? "")' requires 'as variable' (got [\(shown)])"
                )
            }
            return .leaf(
                PageValueNode(variable: VariableName(words[2])) { value($0.page.localization) }
            )
        }
    }
}

extension Library {
    /// What `{% load tz %}` brings.
    package static let tz: Library = {
        var library = Library()
        library.tag(
            "localtime",
            compile: PageNode.compileSwitch("endlocaltime") { .localTime($0) }
        )
        library.tag(
            "timezone",
            compile: PageNode.compileValue("timezone", "endtimezone") { .zone($0) }
        )
        library.tag(
            "get_current_timezone",
            compile: PageValueNode.compiler { .string($0.timeZone.name) }
        )
        library.plainFilter("localtime") { value, _, context in
            let localization = context.localization
            return ZoneValue.converted(value, to: localization.timeZone, localization)
        }
        library.plainFilter("utc") { value, _, context in
            ZoneValue.converted(value, to: .utc, context.localization)
        }
        library.plainFilter("timezone", argument: .required) { value, name, context in
            if case .none? = name { return .string("") }
            let zone = try? ZoneValue.zone(name ?? .none, context.localization)
            return ZoneValue.converted(value, to: zone, context.localization)
        }
        return library
    }()

    /// What `{% load l10n %}` brings.
    package static let l10n: Library = {
        var library = Library()
        library.tag("localize", compile: PageNode.compileSwitch("endlocalize") { .localizing($0) })
        library.plainFilter("localize") { value, _, context in
            .string(PlainOutput.text(value, context, isLocalizing: true))
        }
        library.plainFilter("unlocalize") { value, _, context in
            .string(PlainOutput.text(value, context, isLocalizing: false))
        }
        return library
    }()
}

/// Values as `{{ value }}` would write them, outside a page.
enum PlainOutput {
    static func text(
        _ value: ContextValue,
        _ context: FilterContext,
        isLocalizing: Bool
    ) -> String {
        let page = context.page.changed(isLocalizing: isLocalizing, convertsMoments: false)
        let renderer = Renderer(
            engine: TemplateEngine(loaders: [], isDebug: false),
            context: ContextDictionary(),
            environment: page.environment
        )
        renderer.page = page
        return renderer.localizedText(value)
    }
}
