/// What a regular expression looks like when it is written out for a URL.
///
///     try RegexForm.all(of: #"^page/(?:(?P<n>\d+)/)?$"#).map(\.format)
///     // ["page/", "page/%(n)s/"]
///
/// Groups become places for values, what may be left out is left out, of a set the first member
/// is taken. A pattern with alternatives outside of groups has one form, which is empty.
///
/// Django: `django.utils.regex_helper.normalize`, whose results these are.
public struct RegexForm: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case text(String)
        case value(String)
    }

    var pieces: [Piece] = []
    /// The names of the values in order; those of groups without names are `_0`, `_1`, ….
    public internal(set) var parameters: [String] = []

    /// The form as Django writes it, with `%(name)s` where a value stands.
    public var format: String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .value(let name): "%(\(name))s"
            }
        }.joined()
    }

    /// The forms of a pattern, the shortest first.
    ///
    /// - Parameter pattern: a pattern in Python's syntax.
    /// - Returns: the forms; at least one.
    /// - Throws: ``RegexFormError`` for a pattern that has none.
    public static func all(of pattern: String) throws(RegexFormError) -> [RegexForm] {
        var reader = try RegexFormReader(pattern)
        guard try reader.read() else { return [RegexForm()] }
        var expansion = RegexFormExpansion(pattern: pattern)
        return try expansion.forms(of: reader.items)
    }

    fileprivate mutating func append(_ other: RegexForm) {
        pieces += other.pieces
        parameters += other.parameters
    }
}

/// A pattern that cannot be written out.
public enum RegexFormError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It has a part for which there is no text.
    case notReversible(pattern: String, part: String)
    /// It has too many optional parts, or repeats something too often.
    case tooManyForms(pattern: String)

    /// What stands in the way.
    public var description: String {
        switch self {
        case .notReversible(let pattern, let part):
            "'\(pattern)' cannot be reversed because of '\(part)'. Give the route no name, or write "
                + "that part in another way."
        case .tooManyForms(let pattern):
            "'\(pattern)' cannot be reversed: it has too many optional parts. Split the route."
        }
    }
}

/// A piece of a pattern while it is read.
private indirect enum RegexFormItem {
    case text(Unicode.Scalar)
    /// A group; a back-reference repeats the value of another.
    case value(String, isReference: Bool)
    /// A group without a value of its own; what is known of it is not looked up again, as a
    /// repeated group stands in others many times.
    case sequence([RegexFormItem], hasValue: Bool)
    /// What may be left out.
    case optional(RegexFormItem)

    static func sequence(_ items: [RegexFormItem]) -> RegexFormItem {
        .sequence(items, hasValue: items.contains(where: \.hasValue))
    }

    var hasValue: Bool {
        switch self {
        case .text, .optional: false
        case .value: true
        case .sequence(_, let hasValue): hasValue
        }
    }
}

/// Writes the forms of a pattern out, within bounds: nested repetitions multiply.
private struct RegexFormExpansion {
    private static let maxForms = 256
    /// How many items may be looked at and pieces written.
    private static let maxWork = 100_000

    let pattern: String
    private var work = 0

    init(pattern: String) { self.pattern = pattern }

    /// As deep as groups are nested, which the reader bounds.
    mutating func forms(of items: [RegexFormItem]) throws(RegexFormError) -> [RegexForm] {
        var forms = [RegexForm()]
        for item in items {
            let inner = try self.forms(of: item)
            guard forms.count * inner.count <= Self.maxForms else {
                throw .tooManyForms(pattern: pattern)
            }
            if inner.count == 1 {
                try count(1 + forms.count * inner[0].pieces.count)
                for index in forms.indices { forms[index].append(inner[0]) }
            } else {
                forms = forms.flatMap { form in
                    inner.map { next in
                        var form = form
                        form.append(next)
                        return form
                    }
                }
                try count(1 + forms.reduce(0) { $0 + $1.pieces.count })
            }
        }
        return forms
    }

    private mutating func forms(of item: RegexFormItem) throws(RegexFormError) -> [RegexForm] {
        switch item {
        case .text(let scalar): [RegexForm(pieces: [.text(String(Character(scalar)))])]
        case .value(let name, let isReference):
            [RegexForm(pieces: [.value(name)], parameters: isReference ? [] : [name])]
        case .sequence(let items, _): try forms(of: items)
        case .optional(let item): [RegexForm()] + (try forms(of: item))
        }
    }

    private mutating func count(_ steps: Int) throws(RegexFormError) {
        work += steps
        guard work <= Self.maxWork else { throw .tooManyForms(pattern: pattern) }
    }
}

/// Reads a pattern once from its start to its end.
private struct RegexFormReader {
    private static let maxDepth = 100
    private static let maxCount = 1000

    private let pattern: String
    /// The characters of the pattern; an escape is one, a representative of its class.
    private var characters: [(scalar: Unicode.Scalar, isEscaped: Bool)]
    private var index = 0
    private(set) var items: [RegexFormItem] = []
    private var openGroups: [Int] = []
    private var groupCount = 0

    init(_ pattern: String) throws(RegexFormError) {
        self.pattern = pattern
        var characters: [(scalar: Unicode.Scalar, isEscaped: Bool)] = []
        var scalars = pattern.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "\\" else {
                characters.append((scalar, false))
                continue
            }
            guard let escaped = scalars.next() else {
                throw .notReversible(pattern: pattern, part: "\\")
            }
            switch escaped {
            case "A", "b", "B", "Z": continue
            case "d": characters.append(("0", true))
            case "D", "S", "w": characters.append(("x", true))
            case "s": characters.append((" ", true))
            case "W": characters.append(("!", true))
            default: characters.append((escaped, true))
            }
        }
        self.characters = characters
    }

    private mutating func next() -> (scalar: Unicode.Scalar, isEscaped: Bool)? {
        guard index < characters.count else { return nil }
        defer { index += 1 }
        return characters[index]
    }

    private func refusal(_ part: String) -> RegexFormError {
        .notReversible(pattern: pattern, part: part)
    }

    /// Reads the pattern; false where it has alternatives.
    mutating func read() throws(RegexFormError) -> Bool {
        while let (scalar, isEscaped) = next() {
            if isEscaped {
                items.append(.text(scalar))
                continue
            }
            switch scalar {
            case "|": return false
            case "^": continue
            case "$": return true
            case ")": try closeGroup()
            case "[": readSet()
            case "(": try readGroup()
            case "*", "?", "+", "{":
                if try readQuantifier(scalar) { return true }
            default: items.append(.text(scalar))
            }
        }
        return true
    }

    private mutating func closeGroup() throws(RegexFormError) {
        guard let start = openGroups.popLast() else { throw refusal(")") }
        // A quantifier at the start of the group may have taken what stood in front of it.
        let first = min(start, items.count)
        let inner = Array(items[first...])
        items.removeSubrange(first...)
        items.append(.sequence(inner))
    }

    /// The first member stands for the set.
    private mutating func readSet() {
        guard let first = next() else { return }
        items.append(.text(first.scalar))
        while let (scalar, isEscaped) = next() {
            if !isEscaped, scalar == "]" { return }
        }
    }

    // MARK: Groups

    private mutating func readGroup() throws(RegexFormError) {
        guard let first = next() else { return }
        guard first.scalar == "?", !first.isEscaped else {
            items.append(.value("_\(groupCount)", isReference: false))
            groupCount += 1
            skipGroup(first.scalar)
            return
        }
        guard let kind = next()?.scalar else { return }
        switch kind {
        case "!", "=", "<": skipGroup(kind)
        case ":":
            guard openGroups.count < Self.maxDepth else { throw .tooManyForms(pattern: pattern) }
            openGroups.append(items.count)
        case "P": try readNamed()
        default: throw refusal("(?\(kind)")
        }
    }

    private mutating func readNamed() throws(RegexFormError) {
        guard let kind = next()?.scalar else { return }
        guard kind == "<" || kind == "=" else { throw refusal("(?P\(kind)") }
        let end: Unicode.Scalar = kind == "<" ? ">" : ")"
        var name = ""
        while let (scalar, _) = next() {
            guard scalar != end else {
                items.append(.value(name, isReference: kind == "="))
                if kind == "<" { skipGroup(end) }
                return
            }
            name.unicodeScalars.append(scalar)
        }
    }

    /// Goes on to the end of a group whose first character has been read.
    private mutating func skipGroup(_ first: Unicode.Scalar) {
        var depth = first == "(" ? 1 : 0
        while let (scalar, isEscaped) = next() {
            guard !isEscaped else { continue }
            if scalar == "(" { depth += 1 }
            if scalar == ")" {
                if depth == 0 { return }
                depth -= 1
            }
        }
    }

    // MARK: Quantifiers

    /// Applies a quantifier to the last item; true where the pattern ends inside it.
    private mutating func readQuantifier(_ kind: Unicode.Scalar) throws(RegexFormError) -> Bool {
        let count: Int
        switch kind {
        case "+": count = 1
        case "*", "?": count = 0
        default:
            guard let number = try readCount() else { return true }
            count = number
        }
        guard count != 1 else {
            skipAfterQuantifier()
            return false
        }
        guard let last = items.last else { throw refusal(String(Character(kind))) }
        if count == 0 {
            items.removeLast()
            if last.hasValue { items.append(.optional(last)) }
        } else if count > 1 {
            items += Array(repeating: last, count: count - 1)
        }
        skipAfterQuantifier()
        return false
    }

    /// Skips the `?` of a lazy quantifier.
    ///
    /// As in Django the character behind a quantifier counts as one that is not escaped.
    private mutating func skipAfterQuantifier() {
        guard index < characters.count else { return }
        if characters[index].scalar == "?" {
            index += 1
        } else {
            characters[index].isEscaped = false
        }
    }

    /// The lower bound of `{…}`; nil where the pattern ends inside it.
    private mutating func readCount() throws(RegexFormError) -> Int? {
        var text = ""
        while let (scalar, _) = next() {
            guard scalar != "}" else {
                let low = text.split(separator: ",", omittingEmptySubsequences: false)[0]
                guard let count = Int(low) else { throw refusal("{\(text)}") }
                guard count <= Self.maxCount else { throw .tooManyForms(pattern: pattern) }
                return count
            }
            text.unicodeScalars.append(scalar)
        }
        return nil
    }
}
