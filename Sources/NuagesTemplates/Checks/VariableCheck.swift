import NuagesCore

/// Compares the variables of a template, its parents and what it includes with the shape of the
/// values that it is given.
struct VariableCheck {
    /// A name of a place, and what can be reached of it.
    private typealias Binding = (name: VariableName, shape: ContextShape)

    /// The names at a place.
    private struct Scope {
        var bindings: [Binding] = []
        /// Whether a tag may have set names that nobody knows.
        var isOpen = false
        /// Whether the variables of the page are seen, which `only` shuts out.
        var seesPage = true
    }

    private let engine: TemplateEngine
    private let page: String
    private let shape: ContextShape
    private let known: [String]
    private var messages: [CheckMessage] = []
    private var seen: Set<String> = []
    /// The templates around this place, so that one that includes itself is read once.
    private var open: [Template] = []
    /// The blocks by name, the one that counts first, and how far `block.super` has gone up.
    private var blocks: [VariableName: [(block: BlockNode, template: Template)]] = [:]
    private var blockStack: [(name: VariableName, level: Int)] = []

    private static let depthLimit = 40
    /// Templates that include others twice, which include others twice, would never come to an end.
    private var stepsLeft = 200_000

    /// What a template asks for and its context does not have.
    ///
    /// - Parameters:
    ///   - context: the type of the context.
    ///   - known: the names that every page has besides.
    ///   - engine: finds the templates.
    /// - Returns: a message for each name that is not there.
    static func messages(
        of context: any TemplateContext.Type,
        known: [String],
        in engine: TemplateEngine
    ) -> [CheckMessage] {
        guard let template = try? engine.template(named: context.templateName) else {
            return missing(context, in: engine)
        }
        var check = VariableCheck(engine, context, known)
        check.readPage(template)
        return check.messages + check.incomplete
    }

    /// Says where not all was read.
    private var incomplete: [CheckMessage] {
        guard stepsLeft <= 0 else { return [] }
        return [
            CheckMessage(
                .warning,
                id: "templates.W110",
                "'\(open.first?.name ?? "")' includes others so often that not all of it could be "
                    + "compared with \(page).",
                hint: "Include a template once, in a {% for %} instead of many times.",
                object: page
            )
        ]
    }

    private static func missing(
        _ context: any TemplateContext.Type,
        in engine: TemplateEngine
    ) -> [CheckMessage] {
        let names = engine.storage.loaders.flatMap { $0.allNames() }
        // A template that is there and cannot be compiled is reported by its own name.
        guard !names.contains(where: { $0.equalsBytes(context.templateName) }) else { return [] }
        return [
            CheckMessage(
                .error,
                id: "templates.E005",
                "\(context) is the context of '\(context.templateName)', and there is no such "
                    + "template." + NearestName.hint(context.templateName, in: names),
                hint: "Make the template, or correct the name in @TemplateContext.",
                object: "\(context)"
            )
        ]
    }

    private init(
        _ engine: TemplateEngine,
        _ context: any TemplateContext.Type,
        _ known: [String]
    ) {
        self.engine = engine
        page = "\(context)"
        shape = context.contextShape
        self.known = known
    }

    private mutating func readPage(_ template: Template) {
        var chain = [template]
        while chain.count < Self.depthLimit, let name = chain.last?.parentName,
            let parent = try? engine.find(name, skip: chain.map(\.origin))
        {
            chain.append(parent)
        }
        for template in chain {
            for block in template.blocks {
                blocks[block.name, default: []].append((block, template))
            }
        }
        guard let root = chain.last else { return }
        open = [root]
        var scope = Scope()
        walk(root.nodes, &scope)
    }

    // MARK: Walking

    private mutating func walk(_ nodes: NodeList, _ scope: inout Scope) {
        for entry in nodes.entries {
            guard stepsLeft > 0 else { return }
            stepsLeft -= 1
            switch entry.piece {
            case .text: break
            case .variable(let expression): read(expression, scope, entry.token)
            case .leaf(let node):
                readAll(of: entry, scope)
                if let message = node as? BlockTranslateNode { read(message, scope, entry.token) }
                setNames(of: entry, isKnown: isKnown(entry), &scope)
            case .container(let node): walk(node, entry, &scope)
            }
        }
    }

    private mutating func walk(
        _ node: any ContainerNode,
        _ entry: NodeList.Entry,
        _ scope: inout Scope
    ) {
        switch node {
        case let node as IfNode:
            for expression in entry.reads { read(expression, scope, entry.token, asks: true) }
            for branch in node.branches { walk(branch.nodes, &scope) }
        case let node as ForNode: walk(node, entry, scope)
        case let node as WithNode:
            readAll(of: entry, scope)
            var inner = scope
            bind(node.variables, &inner, scope)
            walk(node.nodes, &inner)
        case let node as BlockNode: walk(node, scope)
        case let node as IncludeNode: walk(node, entry, scope)
        case let node as PartialNode:
            if let partial = node.table[node.name] { enter(partial, scope) }
        case let node as PartialDefinitionNode:
            guard node.isInline else { return }
            walk(node.nodes, &scope)
        case let node as FilterNode: walk(node.nodes, &scope)
        case is ExtendsNode: break
        case is InclusionTagNode: readAll(of: entry, scope)
        default:
            readAll(of: entry, scope)
            for nodes in node.children { walk(nodes, &scope) }
            setNames(of: entry, isKnown: node is SimpleTagNode || isKnown(entry), &scope)
        }
    }

    private mutating func walk(_ node: ForNode, _ entry: NodeList.Entry, _ scope: Scope) {
        readAll(of: entry, scope)
        var inner = scope
        walk(node.empty, &inner)
        inner = scope
        inner.bindings.append((VariableName("forloop"), Self.loopShape))
        let element = shape(of: node.sequence, scope).element
        for name in node.variables {
            inner.bindings.append((name, node.variables.count == 1 ? element : .anything))
        }
        walk(node.body, &inner)
    }

    private static let loopShape = ContextShape.members([
        "counter": { .plain }, "counter0": { .plain }, "revcounter": { .plain },
        "revcounter0": { .plain }, "first": { .plain }, "last": { .plain },
        "length": { .plain }, "parentloop": { .anything },
    ])

    private mutating func walk(_ node: BlockNode, _ scope: Scope) {
        walkBlock(node.name, level: 0, fallback: node, scope)
    }

    private mutating func walkBlock(
        _ name: VariableName,
        level: Int,
        fallback: BlockNode?,
        _ scope: Scope
    ) {
        let queue = blocks[name] ?? []
        guard blockStack.count < Self.depthLimit,
            let block = level < queue.count ? queue[level].block : fallback
        else { return }
        blockStack.append((name, level))
        defer { blockStack.removeLast() }
        if level < queue.count { open.append(queue[level].template) }
        defer { if level < queue.count { open.removeLast() } }
        var inner = scope
        inner.bindings.append((VariableName("block"), .anything))
        walk(block.nodes, &inner)
    }

    private mutating func walk(_ node: IncludeNode, _ entry: NodeList.Entry, _ scope: Scope) {
        readAll(of: entry, scope)
        guard let name = node.template.constantText,
            let template = try? engine.template(named: name)
        else { return }
        var inner = node.isIsolated ? Scope(isOpen: scope.isOpen, seesPage: false) : scope
        bind(node.variables, &inner, scope)
        // What a template includes may be included elsewhere too, with other names.
        enter(template, inner)
    }

    private mutating func enter(_ template: Template, _ scope: Scope) {
        guard open.count < Self.depthLimit, !open.contains(where: { $0 === template }) else {
            return
        }
        let (outerBlocks, outerStack) = (blocks, blockStack)
        blocks = [:]
        blockStack = []
        open.append(template)
        var inner = scope
        walk(template.nodes, &inner)
        open.removeLast()
        (blocks, blockStack) = (outerBlocks, outerStack)
    }

    // MARK: Names

    private func bind(
        _ variables: [(name: VariableName, value: FilterExpression)],
        _ inner: inout Scope,
        _ scope: Scope
    ) {
        for (name, value) in variables { inner.bindings.append((name, shape(of: value, scope))) }
    }

    /// Whether the tag is one whose names are known: Django's own.
    private func isKnown(_ entry: NodeList.Entry) -> Bool {
        guard let name = entry.token.plainWords.first else { return true }
        return Library.builtins.tags[name] != nil
            || Library.standard.values.contains { $0.tags[name] != nil }
    }

    private func setNames(of entry: NodeList.Entry, isKnown: Bool, _ scope: inout Scope) {
        if !isKnown { scope.isOpen = true }
        let words = entry.token.plainWords
        for (index, word) in words.enumerated()
        where (word == "as" || word == "asvar") && index + 1 < words.count {
            scope.bindings.append((VariableName(words[index + 1]), .anything))
        }
    }

    private func shape(of expression: FilterExpression, _ scope: Scope) -> ContextShape {
        guard let path = expression.bareVariable, var shape = start(path, scope) else {
            return .anything
        }
        for step in path.steps {
            guard let next = shape.member(step.name) else { return .anything }
            shape = next
        }
        return shape
    }

    /// What the first name of a path stands for; nil where there is no such name.
    private func start(_ path: VariablePath, _ scope: Scope) -> ContextShape? {
        if let binding = scope.bindings.last(where: { $0.name == path.first }) {
            return binding.shape
        }
        let name = path.first.text
        if scope.seesPage, let member = shape.member(name) { return member }
        if ["True", "False", "None", "csrf_token", "csp_nonce"].contains(name) { return .anything }
        if scope.seesPage, known.contains(where: { $0.equalsBytes(name) }) { return .anything }
        return scope.isOpen ? .anything : nil
    }

    // MARK: Reading

    private mutating func readAll(of entry: NodeList.Entry, _ scope: Scope) {
        let asks = entry.token.plainWords.first == "firstof"
        var scope = scope
        // `{% regroup list by attribute as name %}` reads `name.attribute` of each element.
        if case .container(let node) = entry.piece, let regroup = node as? RegroupNode {
            scope.bindings.append((regroup.variable, .anything))
        }
        for expression in entry.reads { read(expression, scope, entry.token, asks: asks) }
    }

    private mutating func read(
        _ node: BlockTranslateNode,
        _ scope: Scope,
        _ token: Token
    ) {
        let own = node.variables.map(\.name) + [node.counter?.name].compactMap { $0 }
        for name in node.singular.variables + (node.plural?.variables ?? [])
        where !own.contains(name) {
            read(VariablePath(whole: name), scope, token, asks: false)
        }
    }

    /// Reads a value; where the tag only asks for it, it may be missing.
    private mutating func read(
        _ expression: FilterExpression,
        _ scope: Scope,
        _ token: Token,
        asks: Bool = false
    ) {
        if case .variable(let path) = expression.operand {
            let asks = asks || expression.filters.first?.filter.name.hasPrefix("default") == true
            read(path, scope, token, asks: asks)
        }
        for application in expression.filters {
            if case .variable(let path)? = application.argument {
                read(path, scope, token, asks: false)
            }
        }
    }

    private mutating func read(
        _ path: VariablePath,
        _ scope: Scope,
        _ token: Token,
        asks: Bool
    ) {
        readParentBlock(path, scope)
        guard var shape = start(path, scope) else {
            if !asks {
                let page = scope.seesPage ? self.shape.memberNames + known : []
                let names = page + scope.bindings.map(\.name.text)
                report(path.first.text, of: nil, names, token, seesPage: scope.seesPage)
            }
            return
        }
        var reached = path.first.text
        for step in path.steps {
            guard let next = shape.member(step.name) else {
                report(step.name, of: reached, shape.memberNames, token)
                return
            }
            shape = next
            reached += ".\(step.name)"
        }
    }

    private mutating func readParentBlock(_ path: VariablePath, _ scope: Scope) {
        guard path.first.text == "block", path.steps.first?.name == "super",
            let (name, level) = blockStack.last
        else { return }
        walkBlock(name, level: level + 1, fallback: nil, scope)
    }

    private mutating func report(
        _ name: String,
        of owner: String?,
        _ names: [String],
        _ token: Token,
        seesPage: Bool = true
    ) {
        let template = open.last?.name
        let what =
            owner.map { "'\($0)' has no member '\(name)'." }
            ?? (seesPage
                ? "\(page) has no variable '\(name)'."
                : "{% include … only %} gives it no variable '\(name)'.")
        let place = token.location(in: template)
        let message = CheckMessage(
            .error,
            id: "templates.E006",
            "line \(place.line), in \(place.source): \(what)" + NearestName.hint(name, in: names),
            hint: names.isEmpty
                ? nil : "There are: \(Set(names).sorted().joined(separator: ", ")).",
            object: template
        )
        if seen.insert("\(template ?? "") \(message.message)").inserted {
            messages.append(message)
        }
    }
}
