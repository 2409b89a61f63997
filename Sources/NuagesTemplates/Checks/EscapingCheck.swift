import NuagesCore

/// Looks for variables that stand where HTML's escaping does not protect a page.
///
/// Django escapes for the text of a page and for quoted attributes. Elsewhere the same text means
/// something else: a blank ends an attribute without quotes, `javascript:` runs in a link, a line
/// of a visitor is code in a script.
struct EscapingCheck {
    let engine: TemplateEngine
    let template: Template
    private var messages: [CheckMessage] = []
    /// The filters of the `{% filter %}` tags around this place.
    private var outerFilters: [String] = []
    private var cachedDepth = 0
    /// Where the blocks of this template begin.
    private(set) var blockPlaces: [VariableName: HTMLPlace] = [:]
    /// Where its parents have the blocks.
    private let inheritedPlaces: [VariableName: HTMLPlace]

    /// The messages of a template, which may be the child of others.
    static func messages(of template: Template, in engine: TemplateEngine) -> [CheckMessage] {
        let name = template.name ?? ""
        guard !otherEndings.contains(where: { name.hasSuffix($0) }) else { return [] }
        return check(template, in: engine, depth: 0).messages
    }

    /// Endings of the names of templates that are no pages, such as those of mails.
    private static let otherEndings = [".txt", ".xml", ".json", ".js", ".css", ".csv", ".md"]
    private static let depthLimit = 30

    private static func check(
        _ template: Template,
        in engine: TemplateEngine,
        depth: Int
    ) -> EscapingCheck {
        var places: [VariableName: HTMLPlace] = [:]
        if depth < depthLimit, let name = template.parentName,
            let parent = try? engine.find(name, skip: [template.origin])
        {
            places = check(parent, in: engine, depth: depth + 1).blockPlaces
        }
        var check = EscapingCheck(engine: engine, template: template, inheritedPlaces: places)
        var place = HTMLPlace()
        check.walk(template.nodes, &place)
        return check
    }

    private init(
        engine: TemplateEngine,
        template: Template,
        inheritedPlaces: [VariableName: HTMLPlace]
    ) {
        self.engine = engine
        self.template = template
        self.inheritedPlaces = inheritedPlaces
        blockPlaces = inheritedPlaces
    }

    private mutating func walk(_ nodes: NodeList, _ place: inout HTMLPlace) {
        for entry in nodes.entries {
            switch entry.piece {
            case .text(let bytes): place.read(bytes)
            case .variable(let expression):
                judge(expression, place.kind, entry.token)
                judgeCaching(of: entry, expression)
                place.passValue()
            case .leaf(let node):
                judgeCaching(of: entry, nil)
                if !Self.isSilent(node, entry.token) { place.passValue() }
            case .container(let node): walk(node, entry.token, &place)
            }
        }
    }

    private mutating func walk(
        _ node: any ContainerNode,
        _ token: Token,
        _ place: inout HTMLPlace
    ) {
        switch node {
        case let node as IfNode:
            // Branches begin at one place; a page goes on where the first of them ends.
            let start = place
            for (index, branch) in node.branches.enumerated() {
                var end = start
                walk(branch.nodes, &end)
                if index == 0 { place = end }
            }
        case let node as ForNode:
            var empty = place
            walk(node.empty, &empty)
            walk(node.body, &place)
        case let node as BlockNode:
            let inherited = template.isChild ? inheritedPlaces[node.name] : nil
            var inner = inherited ?? place
            blockPlaces[node.name] = inner
            walk(node.nodes, &inner)
            if inherited == nil { place = inner }
        case let node as FilterNode:
            outerFilters += node.filters.filters.map(\.filter.name)
            walk(node.nodes, &place)
            outerFilters.removeLast(node.filters.filters.count)
        case let node as PartialDefinitionNode:
            var inner = node.isInline ? place : HTMLPlace()
            walk(node.nodes, &inner)
            if node.isInline { place = inner }
        case let node as CacheNode:
            cachedDepth += 1
            walk(node.nodes, &place)
            cachedDepth -= 1
        case let node where node.children.isEmpty: place.passValue()
        default: for nodes in node.children { walk(nodes, &place) }
        }
    }

    /// Whether a tag writes nothing.
    private static func isSilent(_ node: any LeafNode, _ token: Token) -> Bool {
        let words = token.plainWords
        return node is EmptyNode || node is RegroupNode || words.contains("as")
            || words.contains("asvar") || words.last == "silent"
    }

    // MARK: Judging

    private mutating func judge(
        _ expression: FilterExpression,
        _ kind: HTMLPlace.Kind,
        _ token: Token
    ) {
        guard expression.isVariable,
            let problem = EscapingProblem(kind, filters(of: expression), expression)
        else { return }
        messages.append(
            CheckMessage(
                .warning,
                id: problem.id,
                "line \(token.line), in {{ \(token.contents) }}: \(problem.message)",
                hint: problem.hint,
                object: template.name
            )
        )
    }

    private func filters(of expression: FilterExpression) -> [String] {
        expression.filters.map(\.filter.name) + outerFilters
    }

    /// What belongs to one visitor must not be kept for all.
    private mutating func judgeCaching(of entry: NodeList.Entry, _ expression: FilterExpression?) {
        guard cachedDepth > 0 else { return }
        var isSecret = false
        if case .leaf(let node) = entry.piece {
            isSecret = node is CSRFTokenNode || node is CSPNonceNode
        }
        if let expression, case .variable(let path) = expression.operand {
            let name = path.steps.last?.name ?? path.first.text
            isSecret = name == "csrf_token" || name == "csp_nonce"
        }
        guard isSecret else { return }
        messages.append(
            CheckMessage(
                .warning,
                id: "templates.W107",
                "line \(entry.token.line): '\(entry.token.contents)' stands in {% cache %}, so one "
                    + "visitor's secret is shown to others.",
                hint: "End the cached part in front of it, or vary the part on the visitor.",
                object: template.name
            )
        )
    }
}

/// A place where escaping for HTML is not enough.
private struct EscapingProblem {
    let id: String
    let message: String
    let hint: String

    private static let urlAttributes: Set<String> = [
        "action", "background", "cite", "data", "formaction", "href", "longdesc", "manifest",
        "ping", "poster", "src", "srcset", "xlink:href",
    ]
    /// Members that are known to give URLs of the site.
    private static let siteURLs: Set<String> = [
        "get_absolute_url", "absoluteURL", "get_full_path", "build_absolute_uri", "path",
        "path_info", "STATIC_URL", "MEDIA_URL",
    ]

    init?(_ kind: HTMLPlace.Kind, _ filters: [String], _ expression: FilterExpression) {
        switch kind {
        case .text: return nil
        case .tagName:
            id = "templates.W101"
            message = "the variable stands in the name of a tag."
            hint = "Write the tags out, and choose between them with {% if %}."
        case .attributeName:
            if expression.mayBeMarkup(filters) { return nil }
            id = "templates.W102"
            message =
                "the variable stands in place of an attribute, so it can add an event handler."
            hint = "Write the attribute out: name=\"{{ \(expression.source) }}\"."
        case .unquoted(let attribute):
            id = "templates.W103"
            message =
                "the value of '\(attribute)' has no quotes, so a blank in it begins another attribute."
            hint = "Put it in quotes: \(attribute)=\"{{ \(expression.source) }}\"."
        case .script:
            if filters.contains("escapejs") || filters.contains("json_script") { return nil }
            id = "templates.W104"
            message = "the variable stands in a script, where its text is code."
            hint =
                "Write {{ \(expression.source)|json_script:\"some-id\" }} in front of the script and "
                + "read it there, or use 'escapejs' inside quotes."
        case .style:
            id = "templates.W105"
            message = "the variable stands in a style sheet, where its text can fetch addresses."
            hint = "Choose between classes, or put a checked number in a custom property."
        case .quoted(let attribute, let isStart):
            guard let problem = Self.quoted(attribute, isStart, filters, expression) else {
                return nil
            }
            self = problem
        }
    }

    private init(id: String, _ message: String, hint: String) {
        self.id = id
        self.message = message
        self.hint = hint
    }

    private static func quoted(
        _ attribute: String,
        _ isStart: Bool,
        _ filters: [String],
        _ expression: FilterExpression
    ) -> EscapingProblem? {
        if attribute.utf8.starts(with: "on".utf8) {
            guard !filters.contains("escapejs") else { return nil }
            return EscapingProblem(
                id: "templates.W104",
                "the variable stands in the event handler '\(attribute)', where its text is code.",
                hint:
                    "Put it in data-value=\"{{ \(expression.source) }}\" and read it in a script, "
                    + "or use 'escapejs' inside quotes."
            )
        }
        if attribute == "style" {
            return EscapingProblem(
                id: "templates.W105",
                "the variable stands in a style, where its text can fetch addresses.",
                hint: "Choose between classes, or put a checked number in a custom property."
            )
        }
        if attribute == "srcdoc" {
            guard !filters.contains("force_escape") else { return nil }
            return EscapingProblem(
                id: "templates.W104",
                "the variable stands in 'srcdoc', whose text is a page of its own.",
                hint: "Escape it for that page too: {{ \(expression.source)|force_escape }}."
            )
        }
        guard isStart, urlAttributes.contains(attribute),
            !filters.contains("urlencode"), !filters.contains("safe_url"),
            !siteURLs.contains(expression.lastName)
        else { return nil }
        return EscapingProblem(
            id: "templates.W106",
            "the variable is the beginning of '\(attribute)', so it may be a 'javascript:' address.",
            hint: "Use {{ \(expression.source)|safe_url }}, or {% url %} for pages of the site."
        )
    }
}

extension FilterExpression {
    /// The last name of a variable's path.
    fileprivate var lastName: String {
        guard case .variable(let path) = operand else { return "" }
        return path.steps.last?.name ?? path.first.text
    }

    /// Whether the value is said to be attributes: marked safe, or a number or choice by a filter.
    fileprivate func mayBeMarkup(_ filters: [String]) -> Bool {
        filters.contains("safe") || filters.contains("yesno") || filters.contains("slugify")
    }
}

extension Template {
    /// The name of the template that this one extends, where it is constant.
    var parentName: String? {
        for entry in nodes.entries {
            guard case .container(let node) = entry.piece, let extends = node as? ExtendsNode else {
                continue
            }
            return extends.parent.constantText
        }
        return nil
    }
}
