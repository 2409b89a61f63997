/// What a template can reach of a type, known without a value of it.
///
/// `check` compares the variables of a template with the shape of the values that it is given.
///
///     ContextShape.members(["title": { .plain }, "tags": { .list(.plain) }])
public struct ContextShape: Sendable {
    /// Makes a shape when it is needed, since types may refer to each other in circles.
    public typealias Thunk = @Sendable () -> ContextShape

    private indirect enum Kind: Sendable {
        case anything
        case plain
        case members([(name: String, shape: Thunk)])
        case list(ContextShape)
    }

    private let kind: Kind

    /// Any name may lead to something.
    public static let anything = ContextShape(kind: .anything)

    /// A value without members: a number, a text.
    public static let plain = ContextShape(kind: .plain)

    /// These members and no others.
    ///
    /// - Parameter members: the members' shapes by their names, in Django's or Swift's spelling;
    ///   the other one reaches them too.
    /// - Returns: the shape.
    public static func members(_ members: KeyValuePairs<String, Thunk>) -> ContextShape {
        ContextShape(kind: .members(members.map { ($0.key, $0.value) }))
    }

    /// These members and no others.
    ///
    /// - Parameter members: the members' shapes by their names.
    /// - Returns: the shape.
    public static func members(_ members: [(name: String, shape: Thunk)]) -> ContextShape {
        ContextShape(kind: .members(members))
    }

    /// What a template can reach of values of a type.
    ///
    /// - Parameter type: the type.
    /// - Returns: its ``ContextConvertible/contextShape``.
    public static func of(_ type: any ContextConvertible.Type) -> ContextShape {
        type.contextShape
    }

    /// A list.
    ///
    /// - Parameter element: the shape of each element.
    /// - Returns: the shape.
    public static func list(_ element: ContextShape) -> ContextShape {
        ContextShape(kind: .list(element))
    }

    /// What one step of a path leads to; nil where the value has no such member.
    package func member(_ name: String) -> ContextShape? {
        switch kind {
        case .anything: return .anything
        case .plain: return name.isIndex ? .plain : nil
        case .list(let element): return name.isIndex ? element : nil
        case .members(let members):
            let found =
                members.first { $0.name.equalsBytes(name) }
                ?? members.first { Self.snakeCase($0.name).equalsBytes(Self.snakeCase(name)) }
            return found?.shape()
        }
    }

    /// What `{% for %}` gives its variable.
    package var element: ContextShape {
        if case .list(let element) = kind { element } else { .anything }
    }

    /// The names of the members, where they are known.
    package var memberNames: [String] {
        if case .members(let members) = kind { members.map(\.name) } else { [] }
    }

    /// Whether every name leads to something.
    package var isOpen: Bool { if case .anything = kind { true } else { false } }

    /// `questionText` becomes `question_text`, `homeURL` becomes `home_url`.
    static func snakeCase(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            guard byte.isASCIIUppercase else {
                result.append(byte)
                continue
            }
            let follows = index > 0 && bytes[index - 1] != UInt8(ascii: "_")
            let endsWord = follows && !bytes[index - 1].isASCIIUppercase
            let startsWord =
                follows && index + 1 < bytes.count && (0x61...0x7A).contains(bytes[index + 1])
            if endsWord || startsWord { result.append(UInt8(ascii: "_")) }
            result.append(byte | 0x20)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension String {
    fileprivate var isIndex: Bool { !isEmpty && utf8.allSatisfy(\.isASCIIDigit) }
}

extension UInt8 {
    fileprivate var isASCIIUppercase: Bool { (0x41...0x5A).contains(self) }
}
