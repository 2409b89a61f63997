import NuagesCore

/// The tag `{% include "part.html" with name=value only %}`.
struct IncludeNode: ContainerNode {
    let template: FilterExpression
    let variables: [(name: VariableName, value: FilterExpression)]
    let isIsolated: Bool
    /// The name of the template in which the tag stands, for relative names.
    let current: String?

    func render(_ renderer: Renderer) async throws {
        let target = try await renderer.fetching { try $0.resolve(template) }
        let included = try self.template(target, renderer)
        let values = try await renderer.fetching { renderer in
            try variables.map { ($0.name, try renderer.resolve($0.value)) }
        }
        if isIsolated {
            let context = ContextDictionary(values.map { ($0.0.text, $0.1) })
            try await renderer.renderIsolated(included, context)
            return
        }
        try await renderer.withScope {
            for (name, value) in values { renderer.set(name, .value(value)) }
            try await renderer.render(included)
        }
    }

    private func template(_ value: ContextValue, _ renderer: Renderer) throws -> Template {
        switch value {
        case .object(let object):
            if let template = object as? Template { return template }
            let names = object.contextElements ?? []
            return try renderer.engine.template(firstOf: names.map(\.plainText))
        case .array(let names):
            return try renderer.engine.template(firstOf: names.map(\.plainText))
        case _ where !value.isTrue: return try renderer.engine.template(firstOf: [])
        default:
            let name = try RelativePath.resolve(
                value.plainText,
                in: current,
                allowsRecursion: true
            )
            return try renderer.engine.template(named: name)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        let tag = PythonText.repr(words[0])
        guard words.count >= 2 else {
            throw TemplateError.syntax(
                "\(tag) tag takes at least one argument: the name of the template to be included."
            )
        }
        var options: Set<String> = []
        var variables: [(name: VariableName, value: FilterExpression)] = []
        var remaining = words[2...]
        while let option = remaining.popFirst() {
            guard !options.contains(option) else {
                throw TemplateError.syntax(
                    "The \(PythonText.repr(option)) option was specified more than once."
                )
            }
            switch option {
            case "only": break
            case "with":
                variables = try KeywordArguments.take(
                    from: &remaining,
                    parser,
                    allowsLegacy: false
                )
                guard !variables.isEmpty else {
                    throw TemplateError.syntax(
                        "\"with\" in \(tag) tag needs at least one keyword argument."
                    )
                }
            default:
                throw TemplateError.syntax(
                    "Unknown argument for \(tag) tag: \(PythonText.repr(option))."
                )
            }
            options.insert(option)
        }
        let name = try RelativePath.resolve(
            words[1],
            in: parser.templateName,
            allowsRecursion: true
        )
        return .container(
            IncludeNode(
                template: try parser.compileFilter(name),
                variables: variables,
                isIsolated: options.contains("only"),
                current: parser.templateName
            )
        )
    }
}
