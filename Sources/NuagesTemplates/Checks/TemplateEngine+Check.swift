public import NuagesCore

/// A `{% url %}` in a template.
public struct TemplateURL: Sendable, Hashable {
    /// The name of the view.
    public var viewName: String
    /// How many arguments are given by position.
    public var positionalCount: Int
    /// The names of the arguments that are given by name.
    public var named: [String]
    /// Whether the page goes on without the URL: `{% url … as name %}`.
    public var isOptional: Bool
    /// Where the tag stands.
    public var location: TemplateLocation
}

extension TemplateEngine {
    /// Compiles every template of the loaders and reports what is wrong.
    ///
    /// | id | what |
    /// | --- | --- |
    /// | `templates.E004` | a template that cannot be compiled |
    /// | `templates.E005` | a parent, an included template or a partial that does not exist |
    /// | `templates.W101`, `W102` | a variable in the name of a tag, or in place of an attribute |
    /// | `templates.W103` | a variable in an attribute without quotes |
    /// | `templates.W104` | a variable in a script, an event handler or `srcdoc` without its filter |
    /// | `templates.W105` | a variable in a style |
    /// | `templates.W106` | a variable at the beginning of an address without a filter |
    /// | `templates.W107` | a visitor's secret in `{% cache %}` |
    /// | `templates.W109` | an engine that does not escape |
    ///
    /// - Returns: the messages, in the order of the templates' names.
    public func check() -> [CheckMessage] {
        var messages = autoescapeMessages
        for name in templateNames() {
            do throws(TemplateError) {
                let template = try template(named: name)
                messages += missingTemplates(of: template)
                messages += EscapingCheck.messages(of: template, in: self)
            } catch {
                messages.append(
                    CheckMessage(
                        .error,
                        id: "templates.E004",
                        Self.line(error) + error.message,
                        hint: error.hint,
                        object: error.location?.template ?? name
                    )
                )
            }
        }
        // What a template says where it is included, it may say for several of those places.
        var seen: Set<String> = []
        return messages.filter { seen.insert($0.description).inserted }
    }

    private var autoescapeMessages: [CheckMessage] {
        guard !storage.options.isEscaping else { return [] }
        return [
            CheckMessage(
                .warning,
                id: "templates.W109",
                "The templates do not escape values: in HTML each is an opening for scripts.",
                hint: "Remove isEscaping = false from the options, and write "
                    + "{% autoescape off %} around the text that is not HTML."
            )
        ]
    }

    /// Compares templates with the types of their contexts.
    ///
    /// | id | what |
    /// | --- | --- |
    /// | `templates.E005` | a context whose template does not exist |
    /// | `templates.E006` | a variable, or a member of one, that the context does not have |
    ///
    /// Parents and included templates with constant names are read too. `{% if %}`, `{% firstof %}`
    /// and the filter `default` may ask for a variable that is not there.
    ///
    /// - Parameters:
    ///   - contexts: the types, made by `@TemplateContext`.
    ///   - known: names that every page has besides, such as `request`.
    /// - Returns: the messages, in the order of the types.
    public func check(
        contexts: [any TemplateContext.Type],
        known: [String] = []
    ) -> [CheckMessage] {
        contexts.flatMap { VariableCheck.messages(of: $0, known: known, in: self) }
    }

    /// Every `{% url %}` with a constant name in the templates, for the check of URL names.
    ///
    /// - Returns: the names with their places; templates that cannot be compiled are left out.
    public func urlNames() -> [TemplateURL] {
        templateNames().flatMap { name -> [TemplateURL] in
            guard let template = try? template(named: name) else { return [] }
            return template.urls.compactMap { use in
                use.view.constantText.map {
                    TemplateURL(
                        viewName: $0,
                        positionalCount: use.positionalCount,
                        named: use.names,
                        isOptional: use.isOptional,
                        location: use.token.location(in: name)
                    )
                }
            }
        }
    }

    private func templateNames() -> [String] {
        var names: [ByteKey: Void] = [:]
        for loader in storage.loaders {
            for name in loader.allNames() { names[ByteKey(name)] = () }
        }
        return names.keys.map(\.name).sorted()
    }

    private static func line(_ error: TemplateError) -> String {
        error.location.map { "line \($0.line), in \($0.source): " } ?? ""
    }

    private func missingTemplates(of template: Template) -> [CheckMessage] {
        template.nodes.references().compactMap { reference, token in
            switch reference {
            case .template(let name): missing(name, token, template)
            case .partial(let node):
                node.table[node.name] == nil ? missing(partial: node, token, template) : nil
            }
        }
    }

    private func missing(
        _ name: String,
        _ token: Token,
        _ template: Template
    ) -> CheckMessage? {
        do throws(TemplateError) {
            _ = try self.template(named: name)
            return nil
        } catch {
            // A template that exists but cannot be compiled is reported by its own name.
            guard case .doesNotExist(let lost, let tried, nil) = error else { return nil }
            let names = storage.loaders.flatMap { $0.allNames() }
            let nearest = NearestName.of(lost, in: names).map { "Did you mean '\($0)'? " }
            return CheckMessage(
                .error,
                id: "templates.E005",
                "line \(token.line), in {% \(token.contents) %}: there is no template '\(lost)'.",
                hint: (nearest ?? "") + "Tried: \(tried.joined(separator: ", ")).",
                object: template.name
            )
        }
    }

    private func missing(
        partial node: PartialNode,
        _ token: Token,
        _ template: Template
    ) -> CheckMessage {
        let names = node.table.names
        return CheckMessage(
            .error,
            id: "templates.E005",
            "line \(token.line), in {% \(token.contents) %}: the template has no partial "
                + "'\(node.name)'." + NearestName.hint(node.name, in: names),
            hint: names.isEmpty
                ? "Define it with {% partialdef \(node.name) %}."
                : "There are: \(names.joined(separator: ", ")).",
            object: template.name
        )
    }
}

extension TemplateError {
    /// What to do, where that is known.
    var hint: String? {
        if case .syntax(_, _, let hint) = self { hint } else { nil }
    }
}

/// What a template needs besides itself.
private enum TemplateReference {
    case template(String)
    case partial(PartialNode)
}

extension NodeList {
    /// The templates and partials that the nodes write, as far as their names are constant.
    fileprivate func references() -> [(TemplateReference, Token)] {
        entries.flatMap { entry -> [(TemplateReference, Token)] in
            guard case .container(let node) = entry.piece else { return [] }
            let found = node.children.flatMap { $0.references() }
            return found + Self.references(of: node).map { ($0, entry.token) }
        }
    }

    private static func references(of node: any ContainerNode) -> [TemplateReference] {
        switch node {
        case let node as ExtendsNode: node.parent.constantText.map { [.template($0)] } ?? []
        case let node as IncludeNode: node.template.constantText.map { [.template($0)] } ?? []
        case let node as PartialNode: [.partial(node)]
        case let node as InclusionTagNode:
            if case .name(let name) = node.template { [.template(name)] } else { [] }
        default: []
        }
    }
}
