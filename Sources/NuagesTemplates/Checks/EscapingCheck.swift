import NuagesCore

/// Looks for variables that stand where HTML's escaping does not protect a page.
///
/// Django escapes for the text of a page and for quoted attributes. Elsewhere the same text means
/// something else: a blank ends an attribute without quotes, `javascript:` runs in a link, a line
/// of a visitor is code in a script.
struct EscapingCheck {
    let engine: TemplateEngine
    private var template: Template
    private var messages: [CheckMessage] = []
    /// The filters of the `{% filter %}` tags around this place.
    private var outerFilters: [String] = []
    private var cachedDepth = 0
    /// Where the blocks of this template begin.
    private(set) var blockPlaces: [VariableName: HTMLPlace] = [:]
    /// Where its parents have the blocks.
    private let inheritedPlaces: [VariableName: HTMLPlace]
    /// Where the templates that stand in others end, by where they begin.
    private var ends: [Visit: HTMLPlace] = [:]
    private var openCount = 0

    /// A template as it is read from one place.
    private struct Visit: Hashable {
        let template: ObjectIdentifier
        let place: HTMLPlace
        let filters: [String]
        let isCached: Bool
    }

    /// The messages of a template, which may be the child of others.
    static func messages(of template: Template, in engine: TemplateEngine) -> [CheckMessage] {
        guard let start = start(of: template) else { return [] }
        return check(template, in: engine, from: start, depth: 0).messages
    }

    /// Endings of the names of templates that are no pages, such as those of mails.
    private static let otherEndings = [".txt", ".xml", ".json", ".csv", ".md"]
    private static let depthLimit = 30

    /// Where a template begins: a page in its text; nil where it is neither page nor part of one.
    private static func start(of template: Template) -> HTMLPlace? {
        let name = template.name ?? ""
        if name.hasSuffix(".js") { return HTMLPlace(textOf: "script") }
        if name.hasSuffix(".css") { return HTMLPlace(textOf: "style") }
        return otherEndings.contains { name.hasSuffix($0) } ? nil : HTMLPlace()
    }

    private static func check(
        _ template: Template,
        in engine: TemplateEngine,
        from start: HTMLPlace,
        depth: Int
    ) -> EscapingCheck {
        var places: [VariableName: HTMLPlace] = [:]
        if depth < depthLimit, let name = template.parentName,
            let parent = try? engine.find(name, skip: [template.origin])
        {
            places = check(parent, in: engine, from: start, depth: depth + 1).blockPlaces
        }
        var check = EscapingCheck(engine: engine, template: template, inheritedPlaces: places)
        var place = start
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
                judge([expression], place, entry.token)
                judgeCaching(of: entry, expression)
                place.passValue()
            case .leaf(let node):
                judgeCaching(of: entry, nil)
                guard !Self.isSilent(node, entry.token) else { continue }
                judge(node, entry, place)
                place.passValue()
            case .container(let node): walk(node, entry, &place)
            }
        }
    }

    private mutating func walk(
        _ node: any ContainerNode,
        _ entry: NodeList.Entry,
        _ place: inout HTMLPlace
    ) {
        switch node {
        case let node as IfNode: walk(node, &place)
        case let node as ForNode:
            var empty = place
            walk(node.empty, &empty)
            walk(node.body, &place)
            place = .joined(place, empty)
        case let node as BlockNode:
            let inherited = openCount == 0 && template.isChild ? inheritedPlaces[node.name] : nil
            var inner = inherited ?? place
            if openCount == 0 { blockPlaces[node.name] = inner }
            walk(node.nodes, &inner)
            if inherited == nil { place = inner }
        case let node as FilterNode:
            judge(arguments: node.filters, place, entry.token)
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
        case let node as SimpleTagNode: walk(node, entry, &place)
        case is RegroupNode: break
        default: walkOther(node, &place)
        }
    }

    private mutating func walkOther(_ node: any ContainerNode, _ place: inout HTMLPlace) {
        if let inner = included(node) {
            enter(inner, &place)
        } else if node.children.isEmpty {
            place.passValue()
        } else {
            for nodes in node.children { walk(nodes, &place) }
        }
    }

    /// Branches begin at one place; a page goes on where they end.
    private mutating func walk(_ node: IfNode, _ place: inout HTMLPlace) {
        var ends: [HTMLPlace] = []
        for branch in node.branches {
            var end = place
            walk(branch.nodes, &end)
            ends.append(end)
        }
        if node.branches.allSatisfy({ $0.condition != nil }) { ends.append(place) }
        guard let first = ends.first else { return }
        place = ends.dropFirst().reduce(first) { HTMLPlace.joined($0, $1) }
    }

    /// What such a tag encloses is an argument; what it writes is a value.
    private mutating func walk(
        _ node: SimpleTagNode,
        _ entry: NodeList.Entry,
        _ place: inout HTMLPlace
    ) {
        if let nodes = node.nodes {
            var inner = place
            walk(nodes, &inner)
        }
        guard node.variable == nil else { return }
        judge(entry.reads, place, entry.token)
        place.passValue()
    }

    // MARK: Other templates

    /// The template that a tag writes at its place, where that is known.
    private func included(_ node: any ContainerNode) -> Template? {
        switch node {
        case let node as IncludeNode:
            return node.template.constantText.flatMap { try? engine.template(named: $0) }
        case let node as PartialNode: return node.table[node.name]
        case let node as InclusionTagNode:
            switch node.template {
            case .name(let name): return try? engine.template(named: name)
            case .compiled(let template): return template
            }
        default: return nil
        }
    }

    /// Reads a template from the place where another one has it.
    private mutating func enter(_ inner: Template, _ place: inout HTMLPlace) {
        let visit = Visit(
            template: ObjectIdentifier(inner),
            place: place,
            filters: outerFilters,
            isCached: cachedDepth > 0
        )
        if let end = ends[visit] {
            place = end
            return
        }
        guard openCount < Self.depthLimit, !inner.isChild else { return place.passValue() }
        // Where it includes itself, it is passed like a value.
        var passed = place
        passed.passValue()
        ends[visit] = passed
        let outer = (template, messages)
        // In the text of a page it says the same as by itself.
        let isKnown = place.isText && outerFilters.isEmpty && cachedDepth == 0
        template = inner
        openCount += 1
        walk(inner.nodes, &place)
        openCount -= 1
        template = outer.0
        if isKnown { messages = outer.1 }
        ends[visit] = place
    }

    // MARK: Judging

    /// Whether a tag writes nothing.
    private static func isSilent(_ node: any LeafNode, _ token: Token) -> Bool {
        if let cycle = node as? CycleNode { return cycle.isSilent }
        let words = token.plainWords
        return node is EmptyNode || node is ResetCycleNode || words.contains("as")
            || words.contains("asvar")
    }

    /// Judges what a tag writes; one of a site's own is judged by what it reads.
    private mutating func judge(
        _ node: any LeafNode,
        _ entry: NodeList.Entry,
        _ place: HTMLPlace
    ) {
        switch node {
        case let node as CycleNode: judge(node.values, place, entry.token)
        case let node as TranslateNode: judge([node.message], place, entry.token)
        case let node as BlockTranslateNode: judge(node, place, entry.token)
        case is URLNode, is StaticNode, is PrefixNode, is QueryStringNode, is NowNode,
            is WidthRatioNode, is LoremNode, is TemplateTagNode, is CSRFTokenNode,
            is CSPNonceNode, is PageValueNode, is LanguageInfoNode, is DebugNode:
            break
        default: judge(entry.reads, place, entry.token)
        }
    }

    private mutating func judge(
        _ node: BlockTranslateNode,
        _ place: HTMLPlace,
        _ token: Token
    ) {
        for name in node.singular.variables + (node.plural?.variables ?? []) {
            if let own = node.variables.last(where: { $0.name == name })?.value {
                judge([own], place, token)
            } else if name != node.counter?.name {
                let value = WrittenValue(source: name.text, filters: outerFilters, names: [])
                report(EscapingProblem.of(value, at: place.kind), token)
            }
        }
    }

    private mutating func judge(
        _ expressions: [FilterExpression],
        _ place: HTMLPlace,
        _ token: Token
    ) {
        let values = expressions.lazy.compactMap { [outerFilters] in
            WrittenValue($0, outer: outerFilters)
        }
        report(values.compactMap { EscapingProblem.of($0, at: place.kind) }.first, token)
    }

    /// Judges what the arguments of `{% filter %}` bring into the text.
    private mutating func judge(
        arguments expression: FilterExpression,
        _ place: HTMLPlace,
        _ token: Token
    ) {
        let constant = FilterExpression(
            source: expression.source,
            operand: .constant(.string("")),
            filters: expression.filters
        )
        judge([constant], place, token)
    }

    private mutating func report(_ problem: EscapingProblem?, _ token: Token) {
        guard let problem else { return }
        messages.append(
            CheckMessage(
                .warning,
                id: problem.id,
                "line \(token.line), in \(token.delimited): \(problem.message)",
                hint: problem.hint,
                object: template.name
            )
        )
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
                    + "visitor's secret would be shown to others. Such a part is not kept.",
                hint: "End the cached part in front of it, or vary the part on the visitor.",
                object: template.name
            )
        )
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
