import NuagesCore

/// The tag `{% url "polls:detail" question.id as link %}`.
struct URLNode: LeafNode {
    let view: FilterExpression
    let positional: [FilterExpression]
    let named: [(name: String, value: FilterExpression)]
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        let arguments = try positional.map { try renderer.resolve($0) }
        let keywords = try named.map { ($0.name, try renderer.resolve($0.value)) }
        let name = try renderer.resolve(view).plainText
        var url = ""
        do {
            url = try renderer.environment.reverseURL(name, arguments, keywords)
        } catch let error as TemplateError {
            throw error
        } catch {
            // `as` asks whether there is such a URL.
            if variable == nil { throw error }
        }
        if let variable {
            renderer.set(variable, .value(.string(url)))
        } else {
            renderer.write(.string(url))
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count >= 2 else {
            throw TemplateError.syntax(
                "'\(words[0])' takes at least one argument, a URL pattern name."
            )
        }
        let view = try parser.compileFilter(words[1])
        let (rest, variable) = AsVariable.split(words[2...])
        var positional: [FilterExpression] = []
        var named: [(name: String, value: FilterExpression)] = []
        for word in rest {
            guard let (name, value) = KeywordArguments.split(word) else {
                throw TemplateError.syntax("Malformed arguments to url tag")
            }
            let expression = try parser.compileFilter(value)
            if let name {
                named.removeAll { $0.name.equalsBytes(name) }
                named.append((name, expression))
            } else {
                positional.append(expression)
            }
        }
        parser.urls.append(
            URLUse(
                view: view,
                positionalCount: positional.count,
                names: named.map(\.name),
                isOptional: variable != nil,
                token: token
            )
        )
        return .leaf(URLNode(view: view, positional: positional, named: named, variable: variable))
    }
}

/// What a `{% url %}` asks for, for the check of names and arguments.
struct URLUse: Sendable {
    let view: FilterExpression
    let positionalCount: Int
    let names: [String]
    /// Whether the page goes on without the URL (`as`).
    let isOptional: Bool
    let token: Token
}

/// `… as name` at the end of a tag.
enum AsVariable {
    /// The words before `as`, and the name behind it.
    static func split(_ words: ArraySlice<String>) -> (ArraySlice<String>, VariableName?) {
        guard words.count >= 2, words[words.endIndex - 2] == "as", let name = words.last else {
            return (words, nil)
        }
        return (words.dropLast(2), VariableName(name))
    }
}

/// `{% csrf_token %}`: the hidden field that proves where a form comes from.
struct CSRFTokenNode: LeafNode {
    private static let path = VariablePath("csrf_token")

    func render(_ renderer: Renderer) throws {
        guard let token = try renderer.resolve(Self.path), token.isTrue,
            token.text?.equalsBytes("NOTPROVIDED") != true
        else { return }
        renderer.write("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"".utf8)
        HTMLEscaper.append(token.plainText, to: &renderer.output)
        renderer.write("\">".utf8)
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node { .leaf(CSRFTokenNode()) }
}

/// The tag `{% static "style.css" as link %}`.
struct StaticNode: LeafNode {
    let path: FilterExpression
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        let url = try renderer.environment.staticURL(try renderer.resolve(path).plainText)
        guard let variable else {
            renderer.write(.string(url))
            return
        }
        renderer.set(variable, .value(.safe(renderer.html(.string(url)))))
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count >= 2 else {
            throw TemplateError.syntax(
                "'\(words[0])' takes at least one argument (path to file)"
            )
        }
        let (_, variable) = AsVariable.split(words[1...])
        return .leaf(StaticNode(path: try parser.compileFilter(words[1]), variable: variable))
    }
}

/// The tags `{% get_static_prefix as name %}` and `{% get_media_prefix %}`.
struct PrefixNode: LeafNode {
    let prefix: @Sendable (TemplateEnvironment) -> String
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        let text = prefix(renderer.environment)
        if let variable {
            renderer.set(variable, .value(.string(text)))
        } else {
            renderer.write(text.utf8)
        }
    }

    static func compile(
        _ token: Token,
        _ prefix: @escaping @Sendable (TemplateEnvironment) -> String
    ) throws -> Node {
        let words = token.plainWords
        if words.count > 1, words[1] != "as" {
            throw TemplateError.syntax("First argument in '\(words[0])' must be 'as'")
        }
        guard words.count != 2 else {
            throw TemplateError.syntax("'\(words[0])' needs a name behind 'as'")
        }
        return .leaf(
            PrefixNode(prefix: prefix, variable: words.count > 2 ? VariableName(words[2]) : nil)
        )
    }
}
