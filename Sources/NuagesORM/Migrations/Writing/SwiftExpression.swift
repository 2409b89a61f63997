/// A Swift expression that a migration's file holds, printed as `swift format` would.
public indirect enum SwiftExpression: Sendable, Hashable {
    /// An argument of a call.
    public struct Argument: Sendable, Hashable {
        /// The label, if it has one.
        public var label: String?
        /// The value.
        public var value: SwiftExpression

        /// An argument without a label.
        ///
        /// - Parameter value: the value.
        public init(_ value: SwiftExpression) { self.value = value }

        /// An argument with a label.
        ///
        /// - Parameters:
        ///   - label: the label.
        ///   - value: the value.
        public init(_ label: String, _ value: SwiftExpression) {
            self.label = label
            self.value = value
        }
    }

    /// A statement of a closure: text, and an expression after it.
    public struct Statement: Sendable, Hashable {
        /// The text, such as `model.ordering = `, or a comment.
        public var text: String
        /// The expression; nil for none.
        public var value: SwiftExpression?

        /// A statement.
        ///
        /// - Parameters:
        ///   - text: the text.
        ///   - value: the expression; nil for none.
        public init(_ text: String, _ value: SwiftExpression? = nil) {
            self.text = text
            self.value = value
        }
    }

    /// Text that is printed as it is, on one line.
    case atom(String)
    /// A call; the statements make up a trailing closure with its parameters.
    case call(String, [Argument], parameters: String = "", trailing: [Statement] = [])
    /// An array.
    case array([SwiftExpression])
    /// A dictionary in the order of its pairs.
    case dictionary([Pair])
    /// Expressions in braces, one a line.
    case block([SwiftExpression])

    /// A key and a value of a dictionary.
    public struct Pair: Sendable, Hashable {
        var key: SwiftExpression
        var value: SwiftExpression
    }

    /// A string literal.
    ///
    /// - Parameter text: the string.
    /// - Returns: the literal with what needs it escaped.
    public static func string(_ text: String) -> Self { .atom(quoted(text)) }

    static func optionalString(_ text: String?) -> Self { text.map { .string($0) } ?? .atom("nil") }

    static func strings(_ texts: [String]) -> Self { .array(texts.map { .string($0) }) }

    /// The text of a string literal.
    ///
    /// Anything but printable characters is written by its number,
    /// so that no name or text can end the literal or hide in it.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                }
            }
        }
        return result + "\""
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7f }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation, .dashPunctuation,
            .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .mathSymbol, .currencySymbol, .otherSymbol:
            return true
        default: return false
        }
    }
}

extension SwiftExpression {
    /// The expression on one line; nil when it holds something that is broken over lines.
    fileprivate var inline: String? {
        switch self {
        case .atom(let text): return text
        case .call(let name, let arguments, _, let trailing):
            guard trailing.isEmpty else { return nil }
            return Self.joined(arguments.map(\.inline)).map { "\(name)(\($0))" }
        case .array(let elements): return Self.joined(elements.map(\.inline)).map { "[\($0)]" }
        case .dictionary(let pairs):
            return pairs.isEmpty ? "[:]" : Self.joined(pairs.map(\.inline)).map { "[\($0)]" }
        case .block(let expressions): return expressions.isEmpty ? "{}" : nil
        }
    }

    private static func joined(_ parts: [String?]) -> String? {
        var texts: [String] = []
        for part in parts {
            guard let part else { return nil }
            texts.append(part)
        }
        return texts.joined(separator: ", ")
    }

    /// The expression over as many lines as it needs.
    ///
    /// - Parameters:
    ///   - indent: the spaces before its first line.
    ///   - lead: the columns that are taken on its first line besides.
    ///   - tail: the columns that are needed after its last line.
    /// - Returns: the text, without spaces before the first line.
    package func text(indent: Int, lead: Int = 0, tail: Int = 0) -> String {
        if let inline, indent + lead + inline.count + tail <= 100 { return inline }
        let margin = String(repeating: " ", count: indent)
        let inner = margin + "    "
        switch self {
        case .atom(let text): return text
        case .call(let name, let arguments, let parameters, let trailing):
            let (head, rest) = Self.closure(parameters, trailing, indent: indent)
            return Self.call(name, arguments, indent: indent, around: lead + max(tail, head.count))
                + head + rest
        case .array(let elements):
            let comma = elements.count > 1 ? ",\n" : "\n"
            let lines = elements.map { inner + $0.text(indent: indent + 4, tail: 1) + comma }
            return "[\n\(lines.joined())\(margin)]"
        case .dictionary(let pairs):
            let comma = pairs.count > 1 ? ",\n" : "\n"
            let lines = pairs.map { inner + $0.text(indent: indent + 4) + comma }
            return "[\n\(lines.joined())\(margin)]"
        case .block(let expressions):
            let lines = expressions.map { inner + $0.text(indent: indent + 4) + "\n" }
            return "{\n\(lines.joined())\(margin)}"
        }
    }

    private static func call(
        _ name: String,
        _ arguments: [Argument],
        indent: Int,
        around taken: Int
    ) -> String {
        if let inline = joined(arguments.map(\.inline)),
            indent + name.count + inline.count + 2 + taken <= 100
        {
            return "\(name)(\(inline))"
        }
        let margin = String(repeating: " ", count: indent)
        let lines = arguments.map { "\(margin)    \($0.text(indent: indent + 4))" }
        return "\(name)(\n\(lines.joined(separator: ",\n"))\n\(margin))"
    }

    /// The start of a trailing closure, which is on the line of the call's end, and the rest of it.
    private static func closure(
        _ parameters: String,
        _ statements: [Statement],
        indent: Int
    ) -> (head: String, rest: String) {
        guard !statements.isEmpty || !parameters.isEmpty else { return ("", "") }
        let margin = String(repeating: " ", count: indent)
        let lines = statements.map { statement in
            let value = statement.value?.text(indent: indent + 4, lead: statement.text.count)
            return "\n\(margin)    \(statement.text)\(value ?? "")"
        }
        let head = parameters.isEmpty ? " {" : " { \(parameters) in"
        return (head, "\(lines.joined())\n\(margin)}")
    }
}

extension SwiftExpression.Argument {
    fileprivate var inline: String? {
        guard let value = value.inline else { return nil }
        return label.map { "\($0): \(value)" } ?? value
    }

    fileprivate func text(indent: Int) -> String {
        let prefix = label.map { "\($0): " } ?? ""
        return prefix + value.text(indent: indent, lead: prefix.count, tail: 1)
    }
}

extension SwiftExpression.Pair {
    fileprivate var inline: String? {
        guard let key = key.inline, let value = value.inline else { return nil }
        return "\(key): \(value)"
    }

    fileprivate func text(indent: Int) -> String {
        let prefix = key.text(indent: indent) + ": "
        return prefix + value.text(indent: indent, lead: prefix.count, tail: 1)
    }
}
