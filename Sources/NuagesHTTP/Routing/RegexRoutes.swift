internal import NuagesCore
internal import NuagesRegex

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A type that a view may take for a group of a regular expression.
///
///     struct Month: PathTextConvertible {
///         let number: Int
///         init?(pathText: String) {
///             guard let number = Int(pathText), (1...12).contains(number) else { return nil }
///             self.number = number
///         }
///         var pathArgument: PathArgument { .int(number) }
///     }
///     #rePath("^archive/([0-9]{4})/([0-9]{2})/$", archive)     // (Request, Int, Month)
public protocol PathTextConvertible: PathArgumentConvertible {
    /// The value of a part of a path; nil where the route does not match after all.
    ///
    /// - Parameter pathText: the decoded text.
    init?(pathText: String)
}

extension String: PathTextConvertible {
    /// The text itself.
    public init?(pathText: String) { self = pathText }
}

extension Int: PathTextConvertible {
    /// Digits with an optional minus sign, as far as they fit into 64 bits.
    public init?(pathText: String) {
        let isNegative = pathText.utf8.first == 0x2D
        let digits = isNegative ? String(pathText.utf8.dropFirst()) ?? "" : pathText
        guard !digits.isEmpty, let value = IntConverter.value(from: digits) else { return nil }
        self = isNegative ? -value : value
    }
}

extension UUID: PathTextConvertible {
    /// A UUID in the form 8-4-4-4-12.
    public init?(pathText: String) {
        guard PathCharacters.uuid.matches(pathText.lowercased()) else { return nil }
        self.init(uuidString: pathText)
    }
}

/// How a group of a regular expression becomes an argument of a view; `#rePath` writes them.
public struct RegexGroup<Value: Sendable>: Sendable {
    let erased: ErasedRegexGroup
    let read: @Sendable (PathArgument?) -> Value?

    /// A group that takes part in every match.
    ///
    /// - Returns: the group, whose type is that of the view's argument.
    public static func required() -> Self where Value: PathTextConvertible {
        Self(erased: ErasedRegexGroup(Value.self), read: { $0.flatMap { $0.value() } })
    }

    /// A group that a match may leave out, such as one with `?` behind it.
    ///
    /// - Returns: the group, whose type is that of the view's optional argument.
    public static func optional<Wrapped: PathTextConvertible>() -> Self where Value == Wrapped? {
        Self(
            erased: ErasedRegexGroup(Wrapped.self),
            read: { argument in
                guard let argument else { return .some(nil) }
                return argument.value().map { .some($0) }
            }
        )
    }
}

/// A ``RegexGroup`` without its type.
struct ErasedRegexGroup: Sendable {
    /// Makes the argument; nil where the route does not match after all.
    let parse: @Sendable (String) -> PathArgument?

    /// Text as it is.
    static let text = ErasedRegexGroup(String.self)

    init<Value: PathTextConvertible>(_ type: Value.Type) {
        parse = { text in
            Value(pathText: text).map { value in
                switch value.pathArgument {
                case .int(let number) where value is Int: .int(number)
                case .string(let text) where value is String: .string(text)
                case .uuid(let uuid) where value is UUID: .uuid(uuid)
                default: .other(value)
                }
            }
        }
    }
}

extension PathArgument {
    /// The value itself, where it is of this type.
    func value<Value>() -> Value? {
        switch self {
        case .int(let value): value as? Value
        case .string(let value): value as? Value
        case .uuid(let value): value as? Value
        case .other(let value): value as? Value
        }
    }
}

extension Route {
    /// A route whose pattern is a regular expression; `#rePath` writes the groups.
    ///
    ///     Route(regex: "^articles/([0-9]{4})/$", (.required()), view: year)
    ///
    /// Where some groups have names, only those are the view's arguments, as in Django.
    ///
    /// - Parameters:
    ///   - pattern: the pattern in the syntax of `LinearRegex`; it is looked for anywhere in the
    ///     path, so begin with `^`.
    ///   - groups: the groups in order.
    ///   - view: the view.
    ///   - name: the name for `reverse`.
    ///   - methods: the methods that the view answers; GET and POST unless given.
    public init<each Value: Sendable>(
        regex pattern: String,
        _ groups: (repeat RegexGroup<each Value>),
        view: @escaping @Sendable (Request, repeat each Value) async throws -> Response,
        name: String? = nil,
        methods: [HTTPMethod]? = nil
    ) {
        var erased: [ErasedRegexGroup] = []
        repeat erased.append((each groups).erased)
        self.init(
            pattern: RoutePattern(regex: pattern, groups: erased),
            target: { request, arguments in
                var reader = PathArgumentReader(arguments)
                return try await view(request, repeat try reader.next(each groups))
            },
            name: name,
            methods: methods
        )
    }

    /// A route to further routes behind a regular expression; `#rePath` writes it.
    ///
    /// The groups are texts; views find them in ``ResolverMatch``.
    ///
    /// - Parameters:
    ///   - pattern: the pattern that the routes have in front, without `$`.
    ///   - routes: the routes.
    ///   - namespace: the name of this instance; the routes' own namespace unless given.
    public init(
        regex pattern: String,
        include routes: Routes,
        namespace: String? = nil
    ) {
        self.init(
            pattern: RoutePattern(regex: pattern),
            target: .include(routes, namespace: namespace),
            name: nil,
            methods: nil
        )
    }
}

/// The regular expression of a route.
final class RegexPattern: Sendable {
    private struct Capture: Sendable {
        let group: Int
        let name: String?
        let parse: ErasedRegexGroup
    }

    let text: String
    /// Why the pattern matches nothing, where it cannot be compiled.
    let error: LinearRegexError?
    /// How many arguments the views were given for the groups, where that is not as it should be.
    let groupMismatch: (expected: Int, given: Int)?
    private let regex: LinearRegex?
    private let captures: [Capture]

    /// - Parameters:
    ///   - text: the pattern.
    ///   - groups: what the groups become; nil takes all of them as text.
    init(_ text: String, groups: [ErasedRegexGroup]?) {
        self.text = text
        var found: LinearRegexError?
        var compiled: LinearRegex?
        do throws(LinearRegexError) {
            compiled = try LinearRegex(text)
        } catch {
            found = error
        }
        error = found
        let names = compiled?.groupNames ?? []
        let isNamed = names.contains { $0 != nil }
        let used = names.indices.filter { !isNamed || names[$0] != nil }
        let isFitting = groups.map { $0.count == used.count } ?? true
        groupMismatch = isFitting ? nil : (used.count, groups?.count ?? 0)
        regex = isFitting ? compiled : nil
        captures = used.enumerated().map { position, index in
            Capture(
                group: index + 1,
                name: names[index],
                parse: isFitting ? groups?[position] ?? .text : .text
            )
        }
    }

    var names: [String?] { captures.map(\.name) }

    /// The bytes that every match from the start of the rest of a path begins with.
    var literalPrefix: [UInt8] { Array((regex?.literalPrefix ?? "").utf8) }

    /// Where the match in the rest of a path ends; nil where there is none.
    ///
    /// Django: `RegexPattern.match`. A pattern of a view that ends with `$` has to take all of the
    /// rest, a line feed at the end included.
    func match(
        _ path: UnsafeBufferPointer<UInt8>,
        from start: Int,
        isEndpoint: Bool,
        into arguments: inout [PathArgument?]
    ) -> Int? {
        let rest = UnsafeBufferPointer(rebasing: path[start...])
        let isWhole = isEndpoint && text.utf8.last == 0x24
        guard let spans = regex?.spans(in: rest, isWhole ? .whole : .anywhere),
            let whole = spans[0]
        else { return nil }
        for capture in captures {
            guard let span = spans[capture.group] else {
                arguments.append(nil)
                continue
            }
            let part = UnsafeBufferPointer(rebasing: rest[span])
            guard let argument = capture.parse.parse(String(decoding: part, as: UTF8.self)) else {
                return nil
            }
            arguments.append(argument)
        }
        return start + whole.upperBound
    }
}
