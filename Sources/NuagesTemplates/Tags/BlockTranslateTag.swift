import NuagesCore

/// The tag `{% blocktranslate count n=list|length %}One. {% plural %}{{ n }}.{% endblocktranslate %}`.
struct BlockTranslateNode: LeafNode {
    /// A message: its format, and the variables in it.
    struct Message {
        let format: String
        let variables: [VariableName]
    }

    let tag: String
    let variables: [(name: VariableName, value: FilterExpression)]
    let counter: (name: VariableName, value: FilterExpression)?
    let context: FilterExpression?
    let singular: Message
    let plural: Message?
    let target: VariableName?

    func render(_ renderer: Renderer) throws {
        let context = try context.map { try renderer.resolve($0).plainText }
        var own = try variables.map { ($0.name, try renderer.resolve($0.value)) }
        var count: Int?
        if let counter, plural != nil {
            let value = try renderer.resolve(counter.value)
            guard value.text == nil, value.floatingNumber != nil else {
                throw TemplateError.syntax(
                    "\(PythonText.repr(counter.name.text)) argument to \(PythonText.repr(tag)) "
                        + "tag must be a number."
                )
            }
            own.append((counter.name, value))
            count = Self.count(value)
        }
        let text = try text(renderer, own, count, context)
        if let target {
            renderer.set(target, .value(.safe(SafeString(unsafe: text))))
        } else {
            renderer.write(text.utf8)
        }
    }

    /// The whole number that decides between one and several.
    private static func count(_ value: ContextValue) -> Int {
        if value.floatingNumber == 1 { return 1 }
        let whole = value.wholeNumber ?? 2
        return whole == 1 ? 2 : whole
    }

    private func text(
        _ renderer: Renderer,
        _ own: [(VariableName, ContextValue)],
        _ count: Int?,
        _ context: String?
    ) throws -> String {
        var values: [(name: VariableName, html: String)] = []
        for name in singular.variables + (plural?.variables ?? []) {
            let value =
                try own.last { $0.0 == name }?.1 ?? renderer.value(named: name)
                ?? .string(
                    renderer.engine.stringIfInvalid.replacingBytes("%s", with: name.text)
                )
            values.append((name, renderer.html(try renderer.settledThroughout(value)).html))
        }
        var localization = renderer.page.localization
        // A translation that cannot be filled in is worse than none.
        for _ in 0..<2 {
            let format: String
            if let plural, let count {
                format = localization.translated(
                    singular.format,
                    plural: plural.format,
                    count,
                    context: context
                )
            } else {
                format = localization.translated(singular.format, context: context)
            }
            if let text = try NamedFormat.text(format, values, renderer.page) { return text }
            localization.catalog = nil
        }
        throw TemplateError.syntax(
            "\(PythonText.repr(tag)) is unable to format the message "
                + "\(PythonText.repr(singular.format))."
        )
    }
}

extension Renderer {
    /// The variable called `name`, dots and all; nil where there is none.
    fileprivate func value(named name: VariableName) throws -> ContextValue? {
        try resolve(VariablePath(whole: name))
    }
}

/// Formats with named values, as catalogues have them: `%(name)s`.
enum NamedFormat {
    /// The format with the values filled in; nil where it is malformed or a value is missing.
    static func text(
        _ format: String,
        _ values: [(name: VariableName, html: String)],
        _ page: PageContext
    ) throws -> String? {
        let bytes = Array(format.utf8)
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { return nil }
            if bytes[index + 1] == UInt8(ascii: "%") {
                output.append(UInt8(ascii: "%"))
                index += 2
                continue
            }
            guard bytes[index + 1] == UInt8(ascii: "("),
                let end = bytes[index...].firstIndex(of: UInt8(ascii: ")")),
                end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "s")
            else { return nil }
            let name = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
            guard let value = values.first(where: { $0.name.text.equalsBytes(name) }) else {
                return nil
            }
            output += value.html.utf8
            try page.checkSize(output.count, madeBy: "blocktranslate")
            index = end + 2
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension BlockTranslateNode {
    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        var options = Options(tag: words[0], words: words[1...])
        try options.read(parser)
        let isTrimmed = options.seen.contains("trimmed")
        var (singular, end) = message(parser, isTrimmed)
        var plural: Message?
        if options.counter != nil {
            guard end?.trimmedContents.equalsBytes("plural") == true else {
                throw TemplateError.syntax(
                    "\(PythonText.repr(words[0])) doesn't allow other block tags inside it"
                )
            }
            (plural, end) = message(parser, isTrimmed)
        }
        guard let end, end.trimmedContents.equalsBytes("end\(words[0])") else {
            throw TemplateError.syntax(
                "\(PythonText.repr(words[0])) doesn't allow other block tags (seen "
                    + "\(PythonText.repr(end?.contents ?? ""))) inside it"
            )
        }
        return .leaf(
            BlockTranslateNode(
                tag: words[0],
                variables: options.variables,
                counter: options.counter,
                context: options.context,
                singular: singular,
                plural: plural,
                target: options.target
            )
        )
    }

    /// Text and variables up to the next tag, which is read too.
    private static func message(_ parser: Parser, _ isTrimmed: Bool) -> (Message, Token?) {
        var format = ""
        var variables: [VariableName] = []
        var end: Token?
        while let token = parser.nextToken() {
            switch token.kind {
            case .text: format += token.contents.replacingBytes("%", with: "%%")
            case .variable:
                format += "%(\(token.contents))s"
                variables.append(VariableName(token.contents))
            case .block, .comment: end = token
            }
            if end != nil { break }
        }
        return (Message(format: isTrimmed ? trimmed(format) : format, variables: variables), end)
    }

    /// Every line without white space at its ends, on one line.
    private static func trimmed(_ text: String) -> String {
        let lines = PythonText.stripped(text).splitBytes(UInt8(ascii: "\n"))
        var output = PythonText.stripped(lines[0])
        for line in lines.dropFirst() {
            let stripped = PythonText.stripped(line)
            if !stripped.isEmpty { output += " \(stripped)" }
        }
        return output
    }

    private struct Options {
        let tag: String
        var words: ArraySlice<String>
        var seen: Set<String> = []
        var variables: [(name: VariableName, value: FilterExpression)] = []
        var counter: (name: VariableName, value: FilterExpression)?
        var context: FilterExpression?
        var target: VariableName?

        init(tag: String, words: ArraySlice<String>) {
            self.tag = tag
            self.words = words
        }

        private var shown: String { PythonText.repr(tag) }

        mutating func read(_ parser: Parser) throws(TemplateError) {
            while let option = words.popFirst() {
                guard !seen.contains(option) else {
                    throw .syntax(
                        "The \(PythonText.repr(option)) option was specified more than once."
                    )
                }
                switch option {
                case "trimmed": break
                case "with":
                    variables = try assignments(parser)
                    guard !variables.isEmpty else {
                        throw .syntax(
                            "\"with\" in \(shown) tag needs at least one keyword argument."
                        )
                    }
                case "count":
                    let found = try assignments(parser)
                    guard found.count == 1 else {
                        throw .syntax(
                            "\"count\" in \(shown) tag expected exactly one keyword argument."
                        )
                    }
                    counter = found[0]
                case "context": context = try contextValue(parser)
                case "asvar":
                    guard let name = words.popFirst() else {
                        throw .syntax(
                            "No argument provided to the '\(tag)' tag for the asvar option."
                        )
                    }
                    target = VariableName(name)
                default:
                    throw .syntax(
                        "Unknown argument for \(shown) tag: \(PythonText.repr(option))."
                    )
                }
                seen.insert(option)
            }
        }

        private mutating func assignments(
            _ parser: Parser
        ) throws(TemplateError) -> [(name: VariableName, value: FilterExpression)] {
            try KeywordArguments.take(from: &words, parser, allowsLegacy: true)
        }

        private mutating func contextValue(
            _ parser: Parser
        ) throws(TemplateError) -> FilterExpression {
            if let word = words.popFirst(), let value = try? parser.compileFilter(word) {
                return value
            }
            throw .syntax("\"context\" in \(shown) tag expected exactly one argument.")
        }
    }
}

extension Token {
    /// The contents without white space around them.
    fileprivate var trimmedContents: String { PythonText.stripped(contents) }
}
