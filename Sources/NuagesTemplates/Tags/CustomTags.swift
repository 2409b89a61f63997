public import NuagesCore

extension Library {
    /// Adds a tag that computes a value: `{% name argument key=value as variable %}`.
    ///
    ///     library.simpleTag("site_name") { _ in .string("Jack & Jill") }
    ///     // {% site_name %} writes Jack &amp; Jill
    ///
    /// The value is escaped unless it is safe; with `as` it becomes a variable instead.
    ///
    /// - Parameters:
    ///   - name: the tag's name.
    ///   - parameters: the arguments that it takes.
    ///   - body: computes the value; it may wait.
    public mutating func simpleTag(
        _ name: String,
        parameters: TagParameters = .any,
        body: @escaping @Sendable (TagCall) async throws -> ContextValue
    ) {
        tag(name) { parser, token in
            let (words, variable) = AsVariable.split(try token.splitContents().dropFirst())
            let arguments = try TagArgumentParser.parse(
                words,
                parser,
                tag: name,
                parameters: parameters
            )
            return .container(
                SimpleTagNode(
                    arguments: arguments,
                    parameters: parameters,
                    variable: variable,
                    nodes: nil,
                    body: body
                )
            )
        }
    }

    /// Adds a tag that computes a value from what it encloses:
    /// `{% name argument %}…{% endname %}`.
    ///
    /// - Parameters:
    ///   - name: the tag's name.
    ///   - endName: the name of the tag that ends it; `end` and the name where nil.
    ///   - parameters: the arguments that it takes.
    ///   - body: computes the value; ``TagCall/content`` is what the tag encloses, rendered.
    public mutating func simpleBlockTag(
        _ name: String,
        endName: String? = nil,
        parameters: TagParameters = .any,
        body: @escaping @Sendable (TagCall) async throws -> ContextValue
    ) {
        let end = endName ?? "end\(name)"
        tag(name) { parser, token in
            let (words, variable) = AsVariable.split(try token.splitContents().dropFirst())
            let nodes = try parser.parse(until: [end])
            _ = parser.nextToken()
            let arguments = try TagArgumentParser.parse(
                words,
                parser,
                tag: name,
                parameters: parameters
            )
            return .container(
                SimpleTagNode(
                    arguments: arguments,
                    parameters: parameters,
                    variable: variable,
                    nodes: nodes,
                    body: body
                )
            )
        }
    }

    /// Adds a tag that renders a template: `{% name argument %}`.
    ///
    /// - Parameters:
    ///   - name: the tag's name.
    ///   - template: the name of the template that it renders.
    ///   - parameters: the arguments that it takes.
    ///   - body: computes the template's variables; it sees no others but the request's token.
    public mutating func inclusionTag(
        _ name: String,
        template: String,
        parameters: TagParameters = .any,
        body: @escaping @Sendable (TagCall) async throws -> ContextDictionary
    ) {
        inclusionTag(name, .name(template), parameters, body)
    }

    /// Adds a tag that renders a template that is compiled already: `{% name argument %}`.
    ///
    /// - Parameters:
    ///   - name: the tag's name.
    ///   - template: the template that it renders.
    ///   - parameters: the arguments that it takes.
    ///   - body: computes the template's variables; it sees no others but the request's token.
    public mutating func inclusionTag(
        _ name: String,
        template: Template,
        parameters: TagParameters = .any,
        body: @escaping @Sendable (TagCall) async throws -> ContextDictionary
    ) {
        inclusionTag(name, .compiled(template), parameters, body)
    }

    private mutating func inclusionTag(
        _ name: String,
        _ template: InclusionTagNode.Source,
        _ parameters: TagParameters,
        _ body: @escaping @Sendable (TagCall) async throws -> ContextDictionary
    ) {
        tag(name) { parser, token in
            let arguments = try TagArgumentParser.parse(
                try token.splitContents().dropFirst(),
                parser,
                tag: name,
                parameters: parameters
            )
            return .container(
                InclusionTagNode(
                    template: template,
                    arguments: arguments,
                    parameters: parameters,
                    body: body
                )
            )
        }
    }
}

/// A tag made by ``Library/simpleTag(_:parameters:body:)``.
struct SimpleTagNode: ContainerNode {
    let arguments: TagArguments
    let parameters: TagParameters
    let variable: VariableName?
    let nodes: NodeList?
    let body: @Sendable (TagCall) async throws -> ContextValue

    var children: [NodeList] { nodes.map { [$0] } ?? [] }

    func render(_ renderer: Renderer) async throws {
        var content: [UInt8] = []
        if let nodes { content = try await renderer.capture { try await renderer.render(nodes) } }
        let call = try await arguments.call(
            renderer,
            parameters,
            content: SafeString(unsafe: String(decoding: content, as: UTF8.self))
        )
        let made = try await body(call)
        let value = try await renderer.fetching { try $0.settledThroughout(made) }
        if let variable {
            renderer.set(variable, .value(value))
        } else if renderer.isEscaping {
            renderer.write(value.escapedText.html.utf8)
        } else {
            renderer.write(value.plainText.utf8)
        }
    }
}

/// A tag made by ``Library/inclusionTag(_:template:parameters:body:)``.
struct InclusionTagNode: ContainerNode {
    /// Where the template comes from.
    enum Source {
        case name(String)
        case compiled(Template)
    }

    let template: Source
    let arguments: TagArguments
    let parameters: TagParameters
    let body: @Sendable (TagCall) async throws -> ContextDictionary

    func render(_ renderer: Renderer) async throws {
        let call = try await arguments.call(
            renderer,
            parameters,
            content: SafeString(unsafe: "")
        )
        var context = try await body(call)
        // Inclusion tags are often used for forms. Most are not, and must not read the token.
        context["csrf_token"] = renderer.unreadToken
        switch template {
        case .name(let name):
            let included = try renderer.engine.template(named: name)
            try await renderer.renderIsolated(included, context)
        case .compiled(let included): try await renderer.renderIsolated(included, context)
        }
    }
}
