import NuagesCore

/// Turns the tokens of one template into nodes; what a tag compiles itself with.
///
/// Django: `django.template.base.Parser`.
public final class Parser {
    /// The template's name; nil for a template made from a string.
    public let templateName: String?
    let origin: TemplateOrigin
    /// The remaining tokens, the next one last.
    private var tokens: [Token]
    private(set) var library: Library
    let libraries: [String: Library]
    private let limits: TemplateLimits
    private var depth = 0
    /// The tags being compiled, for the message about one that is not closed.
    private var openTags: [(name: String, token: Token)] = []
    let partials = PartialTable()
    var loadedBlocks: [String] = []
    var namedCycles: [String: CycleNode] = [:]
    var lastCycle: CycleNode?
    /// The values that the tags being compiled read, the innermost tag last.
    private var reads: [[FilterExpression]] = []
    /// Every `{% url %}`, for `check`.
    var urls: [URLUse] = []

    init(_ source: String, origin: TemplateOrigin, storage: TemplateEngine.Storage) {
        tokens = Lexer(source).tokenize().reversed()
        self.origin = origin
        templateName = origin.templateName
        library = storage.builtins
        libraries = storage.libraries
        limits = storage.options.limits
    }

    /// Compiles nodes up to a tag with one of these names, which is left to be read next.
    ///
    /// - Parameter ends: names of tags such as `endif`; none for the rest of the template.
    /// - Returns: the nodes.
    /// - Throws: ``TemplateError`` where the source is not a template.
    public func parse(until ends: [String] = []) throws(TemplateError) -> NodeList {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.nestingDepth else {
            throw .limitExceeded(
                "Tags are nested more than \(limits.nestingDepth) deep. Move a part to a template "
                    + "of its own and include it.",
                at: openTags.last?.token.location(in: templateName)
            )
        }
        var nodes = NodeList(template: templateName)
        var hasNonText = false
        while let token = tokens.popLast() {
            switch token.kind {
            case .comment: continue
            case .text: append(.text(Array(token.contents.utf8)), token, to: &nodes)
            case .variable:
                append(try variable(token), token, to: &nodes)
                hasNonText = true
            case .block:
                guard let name = token.plainWords.first else {
                    throw .syntax("Empty block tag on line \(token.line)").located(at: place(token))
                }
                if ends.contains(where: { name.equalsBytes($0) }) {
                    tokens.append(token)
                    return nodes
                }
                let piece = try compile(token, name: name, ends: ends)
                guard !piece.isExtends || !hasNonText else { throw notFirst(token) }
                append(piece, token, to: &nodes, reads: reads.popLast() ?? [])
                hasNonText = true
            }
        }
        if !ends.isEmpty { throw unclosed(ends) }
        return nodes
    }

    private func append(
        _ piece: NodeList.Piece,
        _ token: Token,
        to nodes: inout NodeList,
        reads: [FilterExpression] = []
    ) {
        nodes.entries.append(NodeList.Entry(piece: piece, token: token, reads: reads))
    }

    private func variable(_ token: Token) throws(TemplateError) -> NodeList.Piece {
        guard !token.contents.isEmpty else {
            throw .syntax("Empty variable tag on line \(token.line)").located(at: place(token))
        }
        do throws(TemplateError) {
            return .variable(try expression(token.contents))
        } catch {
            throw error.located(at: place(token))
        }
    }

    private func compile(
        _ token: Token,
        name: String,
        ends: [String]
    ) throws(TemplateError) -> NodeList.Piece {
        openTags.append((name, token))
        reads.append([])
        guard let compiler = library.tags[name] else { throw invalidTag(token, name, ends) }
        let node: Node
        do {
            node = try compiler(self, token)
        } catch let error as TemplateError {
            throw error.located(at: place(token))
        } catch {
            throw .syntax("\(error)").located(at: place(token))
        }
        openTags.removeLast()
        switch node {
        case .leaf(let leaf): return .leaf(leaf)
        case .container(let container): return .container(container)
        }
    }

    /// The place of a token in this template.
    func place(_ token: Token) -> TemplateLocation { token.location(in: templateName) }

    private func notFirst(_ token: Token) -> TemplateError {
        let template = templateName.map(PythonText.repr) ?? "the template"
        return .syntax("{% \(token.contents) %} must be the first tag in \(template).")
            .located(at: place(token))
    }

    func invalidTag(_ token: Token, _ name: String, _ ends: [String]) -> TemplateError {
        let expected = Self.list(ends.map { "'\($0)'" })
        let message =
            "Invalid block tag on line \(token.line): '\(name)'"
            + (ends.isEmpty ? "" : ", expected \(expected)")
            + ". Did you forget to register or load this tag?"
        let hint = NearestName.of(name, in: Array(library.tags.keys) + ends)
        return .syntax(
            message,
            at: place(token),
            hint: hint.map { "Did you mean '\($0)'?" }
                ?? (ends.isEmpty ? Self.choices("tags", library.tags.keys) : nil)
        )
    }

    /// What there is to choose from, for a name that resembles none of it.
    private static func choices(_ kind: String, _ names: some Sequence<String>) -> String {
        "The \(kind) here are \(names.sorted().joined(separator: ", "))."
    }

    private static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) or \(last)"
    }

    private func unclosed(_ ends: [String]) -> TemplateError {
        guard let (name, token) = openTags.last else { return .syntax("Unclosed tag.") }
        return .syntax(
            "Unclosed tag on line \(token.line): '\(name)'. "
                + "Looking for one of: \(ends.joined(separator: ", ")).",
            at: place(token)
        )
    }

    /// Reads the next token.
    ///
    /// - Returns: the token; nil at the end of the template.
    public func nextToken() -> Token? { tokens.popLast() }

    /// Skips everything up to a tag, which is read too.
    ///
    /// - Parameter end: the whole contents of the tag.
    /// - Throws: ``TemplateError`` where the tag does not come.
    public func skipPast(_ end: String) throws(TemplateError) {
        while let token = tokens.popLast() {
            if token.kind == .block, token.contents.equalsBytes(end) { return }
        }
        throw unclosed([end])
    }

    /// Compiles a value with its filters.
    ///
    /// - Parameter source: such as `name|default:"-"`.
    /// - Returns: the compiled value.
    /// - Throws: ``TemplateError`` where it is not a value, or a filter is unknown.
    public func compileFilter(_ source: String) throws(TemplateError) -> FilterExpression {
        let expression = try expression(source)
        if !reads.isEmpty { reads[reads.count - 1].append(expression) }
        return expression
    }

    private func expression(_ source: String) throws(TemplateError) -> FilterExpression {
        let filters = library.filters
        var parser = FilterExpressionParser(source) { name throws(TemplateError) in
            if let filter = filters[name] { return filter }
            let nearest = NearestName.of(name, in: filters.keys)
            throw .syntax(
                "Invalid filter: '\(name)'",
                hint: nearest.map { "Did you mean '\($0)'?" }
                    ?? Self.choices("filters", filters.keys)
            )
        }
        return try parser.parse()
    }

    /// Compiles several values.
    func compileFilters(
        _ sources: some Sequence<String>
    ) throws(TemplateError) -> [FilterExpression] {
        var expressions: [FilterExpression] = []
        for source in sources { expressions.append(try compileFilter(source)) }
        return expressions
    }

    /// Makes the tags and filters of a library known to the rest of the template.
    func add(_ library: Library) { self.library.merge(library) }
}
