import NuagesCore

/// Parses `variable|filter:argument|…`.
struct FilterExpressionParser {
    private let source: String
    private let scalars: [Unicode.Scalar]
    private let findFilter: (String) throws(TemplateError) -> Filter
    private var index = 0

    init(_ source: String, findFilter: @escaping (String) throws(TemplateError) -> Filter) {
        self.source = source
        self.scalars = Array(source.unicodeScalars)
        self.findFilter = findFilter
    }

    mutating func parse() throws(TemplateError) -> FilterExpression {
        let operand = try parseFirstOperand()
        var filters: [FilterExpression.Application] = []
        while index < scalars.count {
            let start = index
            guard let name = takeFilterName() else { throw unparsable(from: start) }
            filters.append(try parseApplication(named: name))
        }
        return FilterExpression(source: source, operand: operand, filters: filters)
    }

    private mutating func parseApplication(
        named name: String
    ) throws(TemplateError) -> FilterExpression.Application {
        var argument: FilterExpression.Operand?
        if index < scalars.count, scalars[index] == ":" {
            let colon = index
            index += 1
            argument = try takeOperand()
            if argument == nil { index = colon }
        }
        let filter = try findFilter(name)
        let provided = argument == nil ? 1 : 2
        let isAccepted =
            switch filter.argument {
            case .none: provided == 1
            case .optional: true
            case .required: provided == 2
            }
        guard isAccepted else {
            let needed = filter.argument == .required ? 2 : 1
            throw .syntax("\(name) requires \(needed) arguments, \(provided) provided")
        }
        if case .constant(let constant) = argument {
            return .init(filter: filter.prepared(for: constant), argument: argument)
        }
        return .init(filter: filter, argument: argument)
    }

    private mutating func parseFirstOperand() throws(TemplateError) -> FilterExpression.Operand {
        if let operand = try takeOperand() { return operand }
        guard let next = nextFilterStart(from: 0) else {
            throw .syntax("Could not parse the remainder: '\(source)' from '\(source)'")
        }
        guard next == 0 else { throw unparsable(from: 0) }
        throw .syntax("Could not find variable at start of \(source).")
    }

    /// A constant or a variable at the current place; nil where neither stands.
    private mutating func takeOperand() throws(TemplateError) -> FilterExpression.Operand? {
        if let end = constantEnd(from: index) {
            let text = text(index..<end)
            index = end
            return try VariableParser.operand(text)
        }
        let start = index
        while index < scalars.count, Self.isVariableScalar(scalars[index]) { index += 1 }
        guard index > start else { return nil }
        return try VariableParser.operand(text(start..<index))
    }

    /// The index behind `"…"`, `'…'`, `_("…")` or `_('…')`.
    private func constantEnd(from start: Int) -> Int? {
        var index = start
        let isMessage =
            index + 1 < scalars.count && scalars[index] == "_" && scalars[index + 1] == "("
        if isMessage { index += 2 }
        guard index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" else {
            return nil
        }
        let quote = scalars[index]
        index += 1
        while index < scalars.count, scalars[index] != quote {
            index += scalars[index] == "\\" ? 2 : 1
        }
        guard index < scalars.count else { return nil }
        index += 1
        guard isMessage else { return index }
        return index < scalars.count && scalars[index] == ")" ? index + 1 : nil
    }

    /// `|name`, with blanks around the bar.
    private mutating func takeFilterName() -> String? {
        var probe = skippingBlanks(from: index)
        guard probe < scalars.count, scalars[probe] == "|" else { return nil }
        probe = skippingBlanks(from: probe + 1)
        let start = probe
        while probe < scalars.count, PythonText.isWord(scalars[probe]) { probe += 1 }
        guard probe > start else { return nil }
        index = probe
        return text(start..<probe)
    }

    private func skippingBlanks(from start: Int) -> Int {
        var index = start
        while index < scalars.count, PythonText.isSpace(scalars[index]) { index += 1 }
        return index
    }

    /// The next place at or behind `start` where a filter begins.
    private func nextFilterStart(from start: Int) -> Int? {
        var index = start
        while index < scalars.count {
            if scalars[index] == "|" {
                let name = skippingBlanks(from: index + 1)
                if name < scalars.count, PythonText.isWord(scalars[name]) {
                    var begin = index
                    while begin > start, PythonText.isSpace(scalars[begin - 1]) { begin -= 1 }
                    return begin
                }
            }
            index += 1
        }
        return nil
    }

    private func unparsable(from start: Int) -> TemplateError {
        guard let next = nextFilterStart(from: start) else {
            return .syntax(
                "Could not parse the remainder: '\(text(start..<scalars.count))' from '\(source)'"
            )
        }
        return .syntax(
            "Could not parse some characters: \(text(0..<start))|\(text(start..<next))"
                + "|\(text(next..<scalars.count))"
        )
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private static func isVariableScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "+" || scalar == "-" || PythonText.isWord(scalar)
    }
}

/// Tells numbers, strings and names apart.
enum VariableParser {
    /// The meaning of one operand without filters.
    static func operand(_ text: String) throws(TemplateError) -> FilterExpression.Operand {
        if let number = number(text) { return .constant(number) }
        if text.utf8.starts(with: "_(".utf8), text.utf8.last == UInt8(ascii: ")"),
            let message = StringLiteral.unquoted(String(text.utf8.dropFirst(2).dropLast()) ?? "")
        {
            return .message(message)
        }
        if let literal = StringLiteral.unquoted(text) {
            return .constant(.safe(SafeString(unsafe: literal)))
        }
        if text.utf8.first == UInt8(ascii: "_") || text.containsBytes("._") {
            throw .syntax("Variables and attributes may not begin with underscores: '\(text)'")
        }
        for sign in ["+", "-"] where text.containsBytes(sign) {
            throw .syntax("Invalid character ('\(sign)') in variable name: '\(text)'")
        }
        return .variable(VariablePath(text))
    }

    private static func number(_ text: String) -> ContextValue? {
        guard let first = text.unicodeScalars.first,
            UnicodeText.digit(first) != nil || "+-.".unicodeScalars.contains(first)
        else { return nil }
        let isFloating = text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == 0x65 }
        if isFloating {
            guard text.utf8.last != UInt8(ascii: ".") else { return nil }
            return PythonText.double(text).map(ContextValue.double)
        }
        if let number = PythonText.int(text) { return .int(number) }
        return ExactDecimal(text).map(ContextValue.exact)
    }
}

/// Quoted text in tags.
package enum StringLiteral {
    /// The text of a quoted string; nil for anything else.
    package static func unquoted(_ text: String) -> String? {
        guard let quote = text.utf8.first,
            quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            text.utf8.last == quote
        else { return nil }
        let inner = text.utf8.count < 2 ? "" : String(text.utf8.dropFirst().dropLast()) ?? ""
        return inner.replacingBytes(
            "\\\(Character(UnicodeScalar(quote)))",
            with: String(UnicodeScalar(quote))
        ).replacingBytes("\\\\", with: "\\")
    }
}
