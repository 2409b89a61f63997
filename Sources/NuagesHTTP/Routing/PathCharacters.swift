internal import NuagesCore

/// Which text a path converter takes: what bytes, and how many of them.
///
///     static let characters = PathCharacters.digits.count(4...4)     // four digits: a year
///
/// It stands where Django has a regular expression: a set of bytes is matched in linear time,
/// whatever the path.
public struct PathCharacters: Sendable, Hashable {
    private var words: (UInt64, UInt64, UInt64, UInt64)
    var minimum: Int
    var maximum: Int
    var shape: Shape

    enum Shape: Sendable, Hashable {
        case run
        /// Hexadecimal digits and hyphens in the form 8-4-4-4-12.
        case uuid
    }

    /// The ASCII characters of `text`, one or more of them.
    ///
    /// - Parameter text: the characters.
    public init(_ text: String) { self.init(matching: { byte in text.utf8.contains(byte) }) }

    init(matching isMember: (UInt8) -> Bool, shape: Shape = .run) {
        words = (0, 0, 0, 0)
        minimum = 1
        maximum = .max
        self.shape = shape
        for byte in UInt8.min...UInt8.max where isMember(byte) {
            let bit = UInt64(1) << UInt64(byte & 63)
            switch byte >> 6 {
            case 0: words.0 |= bit
            case 1: words.1 |= bit
            case 2: words.2 |= bit
            default: words.3 |= bit
            }
        }
    }

    /// `0` to `9`.
    public static let digits = PathCharacters(matching: \.isASCIIDigit)
    /// ASCII letters, digits, `-` and `_`.
    public static let slug = PathCharacters(matching: {
        $0.isASCIIAlphanumeric || $0 == 0x2D || $0 == 0x5F
    })
    /// Lower-case hexadecimal digits.
    public static let hexadecimal = PathCharacters("0123456789abcdef")
    /// Everything but `/`.
    public static let segment = PathCharacters(matching: { $0 != 0x2F })
    /// Everything but a line feed, with slashes.
    public static let anything = PathCharacters(matching: { $0 != 0x0A })
    static let uuid = PathCharacters(matching: { $0.hexValue != nil || $0 == 0x2D }, shape: .uuid)

    /// The same characters, so many of them.
    ///
    /// - Parameter range: how many bytes; at least one.
    /// - Returns: the limited set.
    public func count(_ range: ClosedRange<Int>) -> Self {
        var copy = self
        copy.minimum = max(1, range.lowerBound)
        copy.maximum = max(copy.minimum, range.upperBound)
        return copy
    }

    /// The characters of both.
    ///
    /// - Parameter other: further characters.
    /// - Returns: the union, one or more of them.
    public func union(_ other: Self) -> Self {
        Self(matching: { contains($0) || other.contains($0) })
    }

    @inline(__always) func contains(_ byte: UInt8) -> Bool {
        let bit = UInt64(byte & 63)
        switch byte >> 6 {
        case 0: return words.0 >> bit & 1 == 1
        case 1: return words.1 >> bit & 1 == 1
        case 2: return words.2 >> bit & 1 == 1
        default: return words.3 >> bit & 1 == 1
        }
    }

    /// Where the longest match from `start` ends; nil where there is none.
    @inline(__always)
    func end(in path: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        if shape == .uuid { return uuidEnd(in: path, from: start) }
        let limit = maximum == .max ? path.count : min(path.count, start &+ maximum)
        var end = start
        while end < limit, contains(path[end]) { end &+= 1 }
        return end &- start >= minimum ? end : nil
    }

    private func uuidEnd(in path: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard path.count - start >= 36 else { return nil }
        for offset in 0..<36 {
            let byte = path[start + offset]
            switch offset {
            case 8, 13, 18, 23: guard byte == 0x2D else { return nil }
            default:
                guard Self.hexadecimal.contains(byte) else { return nil }
            }
        }
        return start + 36
    }

    /// Whether the whole of `text` matches.
    func matches(_ text: String) -> Bool {
        text.withUTF8Bytes { end(in: $0, from: 0) == $0.count && !$0.isEmpty }
    }

    /// Whether this takes everything that `other` takes.
    func includes(_ other: Self) -> Bool {
        if shape == .uuid { return other.shape == .uuid }
        let count = other.shape == .uuid ? 36...36 : other.minimum...other.maximum
        guard minimum <= count.lowerBound, maximum >= count.upperBound else { return false }
        let members = other.shape == .uuid ? Self.hexadecimal.union(Self("-")) : other
        return (UInt8.min...UInt8.max).allSatisfy { !members.contains($0) || contains($0) }
    }

    /// Whether the sets of bytes and the counts are the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.words == right.words && left.minimum == right.minimum
            && left.maximum == right.maximum && left.shape == right.shape
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
        hasher.combine(minimum)
        hasher.combine(maximum)
        hasher.combine(shape)
    }
}
