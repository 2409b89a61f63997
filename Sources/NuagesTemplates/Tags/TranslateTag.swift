import NuagesCore

/// The tag `{% translate "text" context "greeting" as name %}`.
struct TranslateNode: LeafNode {
    let message: FilterExpression
    let isTranslated: Bool
    let context: FilterExpression?
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        let context = try context.map { try renderer.resolve($0).plainText }
        let resolved = try renderer.resolve(message) { value in
            guard isTranslated, let text = value.text else { return value }
            // Messages are formats: catalogues have their percent signs doubled.
            let translation = renderer.page.localization.translated(
                text.replacingBytes("%", with: "%%"),
                context: context
            )
            return value.isSafe ? .safe(SafeString(unsafe: translation)) : .string(translation)
        }
        let value = try renderer.settledThroughout(resolved)
        let html = renderer.html(value).html.replacingBytes("%%", with: "%")
        if let variable {
            let isSafe = renderer.isEscaping || value.isSafe
            let result: ContextValue = isSafe ? .safe(SafeString(unsafe: html)) : .string(html)
            renderer.set(variable, .value(result))
        } else {
            renderer.write(html.utf8)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count >= 2 else {
            throw TemplateError.syntax("'\(words[0])' takes at least one argument")
        }
        let message = try parser.compileFilter(words[1])
        var options = Options(tag: words[0], words: words[2...])
        try options.read(parser)
        return .leaf(
            TranslateNode(
                message: message,
                isTranslated: !options.seen.contains("noop"),
                context: options.context,
                variable: options.variable
            )
        )
    }

    private struct Options {
        let tag: String
        var words: ArraySlice<String>
        var seen: Set<String> = []
        var context: FilterExpression?
        var variable: VariableName?

        init(tag: String, words: ArraySlice<String>) {
            self.tag = tag
            self.words = words
        }

        mutating func read(_ parser: Parser) throws(TemplateError) {
            while let option = words.popFirst() {
                guard !seen.contains(option) else {
                    throw .syntax("The '\(option)' option was specified more than once.")
                }
                switch option {
                case "noop": break
                case "context": try readContext(parser)
                case "as":
                    guard let name = words.popFirst() else {
                        throw .syntax("No argument provided to the '\(tag)' tag for the as option.")
                    }
                    variable = VariableName(name)
                default:
                    throw .syntax(
                        "Unknown argument for '\(tag)' tag: '\(option)'. The only options "
                            + "available are 'noop', 'context' \"xxx\", and 'as VAR'."
                    )
                }
                seen.insert(option)
            }
        }

        private mutating func readContext(_ parser: Parser) throws(TemplateError) {
            guard let value = words.popFirst() else {
                throw .syntax("No argument provided to the '\(tag)' tag for the context option.")
            }
            guard value != "as", value != "noop" else {
                throw .syntax(
                    "Invalid argument '\(value)' provided to the '\(tag)' tag for the context option"
                )
            }
            context = try parser.compileFilter(value)
        }
    }
}

extension Renderer {
    /// The value of an expression whose operand is changed before the filters see it.
    fileprivate func resolve(
        _ expression: FilterExpression,
        changingOperand change: (ContextValue) -> ContextValue
    ) throws -> ContextValue {
        let bare = FilterExpression(
            source: expression.source,
            operand: expression.operand,
            filters: []
        )
        var value = change(try resolve(bare))
        for application in expression.filters { value = try apply(application, to: value) }
        return value
    }
}
