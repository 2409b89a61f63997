public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A value on its way through a form: what was submitted, what a field starts with, or what a
/// field made of it.
public enum FormValue: Sendable {
    /// Nothing was submitted, or there is no value.
    case none
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A floating-point number.
    case double(Double)
    /// An exact decimal number; also a whole number that does not fit `Int`.
    case decimal(ExactDecimal)
    /// Text.
    case string(String)
    /// A day.
    case date(CalendarDate)
    /// A time on the clock.
    case time(TimeOfDay)
    /// A date and time, with or without its zone.
    case dateTime(LocalDateTime)
    /// A length of time.
    case duration(Duration)
    /// A UUID.
    case uuid(UUID)
    /// An uploaded file.
    case file(UploadedFile)
    /// A file that is already stored.
    case storedFile(StoredFile)
    /// Several values in order.
    case list([FormValue])
    /// Values by name, in order: a JSON object.
    case object([Member])
    /// What lies between two values.
    indirect case range(FormRange<FormValue>)
    /// Text that a field could not read and that is shown again as it was entered.
    case unreadable(String)

    /// A name and a value of an object.
    public struct Member: Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: FormValue

        /// A name and a value.
        ///
        /// - Parameters:
        ///   - name: the name.
        ///   - value: the value.
        public init(_ name: String, _ value: FormValue) {
            self.name = name
            self.value = value
        }
    }

    /// A file that a record already has, as a file input shows it.
    public struct StoredFile: Sendable, Hashable {
        /// What the page calls it.
        public var name: String
        /// Where a browser finds it.
        public var url: String

        /// A stored file.
        ///
        /// - Parameters:
        ///   - name: what the page calls it.
        ///   - url: where a browser finds it.
        public init(name: String, url: String) {
            self.name = name
            self.url = url
        }
    }

    /// Whether Django counts the value as not filled in: none, empty text, an empty list or object.
    public var isEmpty: Bool {
        switch self {
        case .none: true
        case .string(let text): text.isEmpty
        case .list(let values): values.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }

    /// What Python's `bool()` makes of the value.
    package var isTrue: Bool {
        switch self {
        case .bool(let flag): flag
        case .int(let number): number != 0
        case .double(let number): number != 0
        case .decimal(let number): !number.isZero
        case .duration(let duration): duration != .zero
        case .range(let range): !range.isEmpty
        default: !isEmpty
        }
    }

    /// The elements of a list.
    package var elements: [FormValue]? {
        if case .list(let values) = self { return values }
        return nil
    }
}

extension FormValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
    ExpressibleByNilLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// A whole number.
    public init(integerLiteral value: Int) { self = .int(value) }

    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }

    /// Several values.
    public init(arrayLiteral elements: FormValue...) { self = .list(elements) }

    /// No value.
    public init(nilLiteral: ()) { self = .none }
}

extension FormValue {
    /// Whether Python's `==` holds: numbers of different kinds compare by value, text by its bytes.
    package func equals(_ other: FormValue) -> Bool {
        if let left = number, let right = other.number {
            return left.decimal == right.decimal
        }
        switch (self, other) {
        case (.none, .none): return true
        case (.string(let left), .string(let right)): return left.equalsBytes(right)
        case (.date(let left), .date(let right)): return left == right
        case (.time(let left), .time(let right)): return left == right
        case (.dateTime(let left), .dateTime(let right)):
            return (left.zone == nil) == (right.zone == nil)
                && left.microsecondsSince1970 == right.microsecondsSince1970
        case (.duration(let left), .duration(let right)): return left == right
        case (.uuid(let left), .uuid(let right)): return left == right
        case (.storedFile(let left), .storedFile(let right)): return left == right
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
        case (.object(let left), .object(let right)): return Self.equal(left, right)
        case (.range(let left), .range(let right)): return left.equals(right)
        default: return false
        }
    }

    /// The number, where it is one; Python counts truth values as 0 and 1.
    var number: NumericValue? {
        switch self {
        case .bool(let flag): .int(flag ? 1 : 0)
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .decimal(let number): .decimal(number)
        default: nil
        }
    }

    /// The order of the names does not matter.
    private static func equal(_ left: [Member], _ right: [Member]) -> Bool {
        guard left.count == right.count else { return false }
        var values: [ByteKey: FormValue] = [:]
        for member in right { values[ByteKey(member.name)] = member.value }
        return left.allSatisfy { member in
            values[ByteKey(member.name)].map { member.value.equals($0) } ?? false
        }
    }
}
