internal import NuagesCore
internal import NuagesRegex

/// A pattern such as `articles/<int:year>/`, or a regular expression, taken apart.
public struct RoutePattern: Sendable, CustomStringConvertible {
    enum Part: Sendable {
        case literal([UInt8])
        case capture(name: String, converter: ErasedConverter)
    }

    enum Kind: Sendable {
        case path([Part])
        case regex(RegexPattern)
        case language(LanguagePrefix)
    }

    /// The pattern as it was written.
    public let description: String
    let kind: Kind
    /// Problems that the macro reports at compile time and `check` for patterns made by hand.
    let problems: [RoutePatternProblem]

    /// Takes a pattern apart; `converters` are those of its captures, in order.
    init(_ text: String, converters: [ErasedConverter]) {
        var remaining = converters[...]
        self.init(text) { _ in remaining.popFirst() }
    }

    /// A pattern whose converters are found by name.
    package init(_ text: String, converter: (String) -> ErasedConverter?) {
        description = text
        let scan = RoutePatternScan(text)
        var problems = scan.problems
        var parts: [Part] = []
        var names: [String] = []
        for piece in scan.pieces {
            switch piece {
            case .literal(let literal): parts.append(.literal(Array(literal.utf8)))
            case .capture(let converterName, let name):
                if names.contains(where: { $0.equalsBytes(name) }) {
                    problems.append(.duplicateName(name))
                }
                names.append(name)
                if let converter = converter(converterName) {
                    parts.append(.capture(name: name, converter: converter))
                } else {
                    problems.append(.unknownConverter(converterName))
                }
            }
        }
        kind = .path(parts)
        self.problems = problems
    }

    /// A regular expression; without `groups` all groups are texts.
    init(regex text: String, groups: [ErasedRegexGroup]? = nil) {
        description = text
        let pattern = RegexPattern(text, groups: groups)
        kind = .regex(pattern)
        problems =
            pattern.error.map { [.malformedRegex($0.description)] }
            ?? pattern.groupMismatch.map { [.groupCount(expected: $0, given: $1)] } ?? []
    }

    /// A regular expression whose groups are all texts.
    package init(untypedRegex text: String) { self.init(regex: text) }

    /// The language of a request as the first part of its path.
    init(_ prefix: LanguagePrefix) {
        description = ""
        kind = .language(prefix)
        problems = []
    }

    /// The name of each value; nil for a group without one.
    var captureNames: [String?] {
        switch kind {
        case .path(let parts):
            parts.compactMap { part in
                if case .capture(let name, _) = part { .some(name) } else { nil }
            }
        case .regex(let pattern): pattern.names
        case .language: []
        }
    }
}

/// What is wrong with a pattern.
package enum RoutePatternProblem: Sendable, Hashable {
    case unclosedBracket
    case unopenedBracket
    case whitespace(String)
    case invalidName(String)
    case duplicateName(String)
    case unknownConverter(String)
    case malformedRegex(String)
    case groupCount(expected: Int, given: Int)
}

/// Finds the captures in the text of a pattern.
struct RoutePatternScan {
    enum Piece {
        case literal(String)
        case capture(converter: String, name: String)
    }

    var pieces: [Piece] = []
    var problems: [RoutePatternProblem] = []

    init(_ text: String) {
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x3C else {
                if byte == 0x3E { problems.append(.unopenedBracket) }
                literal.append(byte)
                continue
            }
            guard let close = rest.firstIndex(of: 0x3E), close > rest.startIndex else {
                problems.append(.unclosedBracket)
                literal.append(byte)
                continue
            }
            if !literal.isEmpty {
                pieces.append(.literal(String(decoding: literal, as: UTF8.self)))
            }
            literal = []
            addCapture(String(decoding: rest[..<close], as: UTF8.self))
            rest = rest[(close + 1)...]
        }
        if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
    }

    private mutating func addCapture(_ inner: String) {
        if inner.utf8.contains(where: { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }) {
            problems.append(.whitespace(inner))
        }
        let colon = inner.utf8.firstIndex(of: 0x3A)
        let converter = colon.map { String(inner[..<$0]) } ?? "str"
        let name = colon.map { String(inner[inner.utf8.index(after: $0)...]) } ?? inner
        let isIdentifier =
            name.utf8.first.map { !$0.isASCIIDigit } == true
            && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x5F || $0 >= 0x80 }
        if !isIdentifier { problems.append(.invalidName(name)) }
        pieces.append(.capture(converter: converter, name: name))
    }
}

/// A ``PathConverter`` without its type.
package struct ErasedConverter: Sendable {
    let characters: PathCharacters
    let kind: Kind

    enum Kind: Sendable {
        case int
        case text
        case other(
            parse: @Sendable (String) -> PathArgument?,
            print: @Sendable (PathArgument) -> String?
        )
    }

    package init<C: PathConverter>(_ converter: C.Type) {
        characters = converter.characters
        if Self.isInt(converter) {
            kind = .int
        } else if Self.isBuiltInText(converter) {
            kind = .text
        } else {
            kind = .other(
                parse: { text in converter.value(from: text).map { converter.argument(for: $0) } },
                print: { argument in
                    converter.value(of: argument).flatMap { converter.text(from: $0) }
                }
            )
        }
    }

    /// A built-in converter by Django's name.
    package init?(named name: String) {
        switch name {
        case "int": self.init(IntConverter.self)
        case "str": self.init(StringConverter.self)
        case "slug": self.init(SlugConverter.self)
        case "path": self.init(RestConverter.self)
        case "uuid": self.init(UUIDConverter.self)
        default: return nil
        }
    }

    private static func isInt(_ type: Any.Type) -> Bool { type == IntConverter.self }

    private static func isBuiltInText(_ type: Any.Type) -> Bool {
        type == StringConverter.self || type == SlugConverter.self || type == RestConverter.self
    }

    /// The argument in `bytes`, which are valid UTF-8 made of ``characters``.
    func argument(_ bytes: UnsafeBufferPointer<UInt8>) -> PathArgument? {
        switch kind {
        case .int: Self.number(bytes).map { .int($0) }
        case .text: .string(String(decoding: bytes, as: UTF8.self))
        case .other(let parse, _): parse(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        if bytes.count > 18 {
            return IntConverter.value(from: String(decoding: bytes, as: UTF8.self))
        }
        var number = 0
        for byte in bytes { number = number &* 10 &+ Int(byte &- 0x30) }
        return number
    }

    /// The text for a URL, or nil where this converter could not have made it.
    func text(for argument: PathArgument) -> String? {
        guard let text = uncheckedText(for: argument), characters.matches(text) else { return nil }
        return text
    }

    /// The text for a URL that is compared with its whole pattern afterwards.
    func uncheckedText(for argument: PathArgument) -> String? {
        switch kind {
        case .int, .text: Self.plainText(argument)
        case .other(_, let print): print(argument) ?? Self.plainText(argument)
        }
    }

    private static func plainText(_ argument: PathArgument) -> String? {
        if case .other = argument { return nil }
        return argument.description
    }
}
