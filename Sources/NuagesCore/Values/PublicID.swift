/// A random name of 128 bits, for URLs that shall not tell how many rows there are or what the
/// next one is called.
///
///     let id = PublicID()
///     id.description          // 5zj8k3v9q2m6w0x7rbt4cgdnfh
///
/// The text has 26 letters and digits in the alphabet of Crockford (without i, l, o and u), in
/// lower case; there is one text for each id. All bits are random, so that an id does not tell
/// when it was made, as a ULID would.
public struct PublicID: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// The first 64 bits.
    public let high: UInt64
    /// The last 64 bits.
    public let low: UInt64

    /// A new id from the system's secure random numbers.
    public init() {
        var generator = SystemRandomNumberGenerator()
        high = generator.next()
        low = generator.next()
    }

    /// An id from its bits.
    ///
    /// - Parameters:
    ///   - high: the first 64 bits.
    ///   - low: the last 64 bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id of a text; nil for every text but the one that ``description`` gives.
    ///
    /// - Parameter description: 26 letters and digits in lower case.
    public init?(_ description: String) {
        guard description.utf8.count == Self.length else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for byte in description.utf8 {
            guard let digit = Self.alphabet.firstIndex(of: byte), high >> 59 == 0 else {
                return nil
            }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
        }
        self.init(high: high, low: low)
    }

    /// How many letters and digits a text has.
    public static let length = 26
    /// The letters and digits of a text, in the order of their values.
    package static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The id as it stands in a URL.
    public var description: String {
        var (high, low) = (high, low)
        var text = [UInt8](repeating: 0, count: Self.length)
        for index in text.indices.reversed() {
            text[index] = Self.alphabet[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The order of the bits.
    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
