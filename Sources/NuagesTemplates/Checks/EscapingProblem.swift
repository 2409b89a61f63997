import NuagesCore

/// A value that a template writes, as far as its safety depends on how it is written there.
struct WrittenValue {
    /// The value as it stands in the source.
    let source: String
    /// The names of its filters, as far as nothing of outside comes in behind them.
    let filters: [String]
    /// The names of the variable's path; none for a constant.
    let names: [String]
}

extension WrittenValue {
    /// Filters whose argument becomes part of the value.
    private static let filtersThatAdd: Set<String> = [
        "add", "default", "default_if_none", "join", "pluralize", "yesno",
    ]

    /// The value of an expression; nil where it holds nothing but constants.
    ///
    /// - Parameters:
    ///   - expression: the expression.
    ///   - outer: the filters of the tags around it.
    init?(_ expression: FilterExpression, outer: [String]) {
        var names: [String] = []
        var isVariable = false
        var filters: [String] = []
        if case .variable(let path) = expression.operand {
            isVariable = true
            names = [path.first.text] + path.steps.map(\.name)
        }
        for application in expression.filters {
            let name = application.filter.name
            if case .variable? = application.argument, Self.filtersThatAdd.contains(name) {
                isVariable = true
                names = []
                filters = []
            }
            filters.append(name)
        }
        guard isVariable else { return nil }
        self.init(source: expression.source, filters: filters + outer, names: names)
    }

    /// Whether the value is said to be attributes: marked safe, or a choice by a filter.
    fileprivate var mayBeMarkup: Bool {
        filters.contains("safe") || filters.contains("yesno") || filters.contains("slugify")
    }

    /// Whether the value is known to be a URL of the site.
    fileprivate var isSiteURL: Bool {
        switch names.last {
        case "get_absolute_url", "absoluteURL": true
        case "STATIC_URL", "MEDIA_URL": names.count == 1
        case "path", "path_info", "get_full_path", "build_absolute_uri":
            names.count > 1 && names[names.count - 2] == "request"
        default: false
        }
    }
}

/// A place where escaping for HTML is not enough.
struct EscapingProblem {
    let id: String
    let message: String
    let hint: String

    private static let urlAttributes: Set<String> = [
        "action", "background", "cite", "data", "formaction", "href", "longdesc", "manifest",
        "ping", "poster", "src", "srcset", "xlink:href",
    ]

    private init(id: String, _ message: String, hint: String) {
        self.id = id
        self.message = message
        self.hint = hint
    }

    /// What is wrong with a value at a place; nil where escaping is enough.
    static func of(_ value: WrittenValue, at kind: HTMLPlace.Kind) -> EscapingProblem? {
        switch kind {
        case .text: nil
        case .tagName:
            EscapingProblem(
                id: "templates.W101",
                "the variable stands in the name of a tag.",
                hint: "Write the tags out, and choose between them with {% if %}."
            )
        case .attributeName: value.mayBeMarkup ? nil : attribute(value)
        case .unquoted(let attribute): unquoted(attribute, value)
        case .script(let isInString): script(isInString, value)
        case .style: style("a style sheet")
        case .quoted(let attribute, let place): quoted(attribute, place, value)
        }
    }

    private static func attribute(_ value: WrittenValue) -> EscapingProblem {
        EscapingProblem(
            id: "templates.W102",
            "the variable stands in place of an attribute, so it can add an event handler.",
            hint: "Write the attribute out: name=\"{{ \(value.source) }}\"."
        )
    }

    private static func unquoted(_ attribute: String, _ value: WrittenValue) -> EscapingProblem {
        EscapingProblem(
            id: "templates.W103",
            "the value of '\(attribute)' has no quotes, so a blank in it begins another attribute.",
            hint: "Put it in quotes: \(attribute)=\"{{ \(value.source) }}\"."
        )
    }

    private static func style(_ place: String) -> EscapingProblem {
        EscapingProblem(
            id: "templates.W105",
            "the variable stands in \(place), where its text can fetch addresses.",
            hint: "Choose between classes, or put a checked number in a custom property."
        )
    }

    private static func script(_ isInString: Bool, _ value: WrittenValue) -> EscapingProblem? {
        if value.filters.contains("json_script") { return nil }
        let isEscaped = value.filters.contains("escapejs")
        if isEscaped && isInString { return nil }
        return EscapingProblem(
            id: "templates.W104",
            isEscaped
                ? outsideQuotes : "the variable stands in a script, where its text is code.",
            hint: "Write {{ \(value.source)|json_script:\"some-id\" }} in front of the script and "
                + "read it there, or use 'escapejs' inside quotes."
        )
    }

    private static let outsideQuotes =
        "'escapejs' is for text inside ' or \", and the variable stands outside them or in "
        + "backticks, where its text is code."

    private static func handler(
        _ attribute: String,
        _ isInString: Bool,
        _ value: WrittenValue
    ) -> EscapingProblem? {
        let isEscaped = value.filters.contains("escapejs")
        if isEscaped && isInString { return nil }
        return EscapingProblem(
            id: "templates.W104",
            isEscaped
                ? outsideQuotes
                : "the variable stands in the event handler '\(attribute)', where its text is code.",
            hint: "Put it in data-value=\"{{ \(value.source) }}\" and read it in a script, "
                + "or use 'escapejs' inside quotes."
        )
    }

    private static func quoted(
        _ attribute: String,
        _ place: HTMLPlace.Value,
        _ value: WrittenValue
    ) -> EscapingProblem? {
        if attribute.utf8.starts(with: "on".utf8) {
            return handler(attribute, place.isInString, value)
        }
        if attribute == "style" { return style("a style") }
        if attribute == "srcdoc" {
            guard !value.filters.contains("force_escape") else { return nil }
            return EscapingProblem(
                id: "templates.W104",
                "the variable stands in 'srcdoc', whose text is a page of its own.",
                hint: "Escape it for that page too: {{ \(value.source)|force_escape }}."
            )
        }
        guard urlAttributes.contains(attribute) else { return nil }
        return place.isScript ? scriptAddress(attribute, value) : address(attribute, place, value)
    }

    /// Browsers decode `%27` before they run such an address, so no filter helps.
    private static func scriptAddress(
        _ attribute: String,
        _ value: WrittenValue
    ) -> EscapingProblem {
        EscapingProblem(
            id: "templates.W104",
            "the variable stands in the 'javascript:' address of '\(attribute)', where its text is "
                + "code.",
            hint: "Put it in data-value=\"{{ \(value.source) }}\" and read it in a script."
        )
    }

    private static func address(
        _ attribute: String,
        _ place: HTMLPlace.Value,
        _ value: WrittenValue
    ) -> EscapingProblem? {
        guard place.isStart, !value.filters.contains("urlencode"),
            !value.filters.contains("safe_url"), !value.isSiteURL
        else { return nil }
        return EscapingProblem(
            id: "templates.W106",
            "the variable is the beginning of '\(attribute)', so it may be a 'javascript:' address.",
            hint: "Use {{ \(value.source)|safe_url }}, or {% url %} for pages of the site."
        )
    }
}
