/// A set of Unicode scalars as sorted ranges that neither touch nor overlap.
struct ScalarRanges: Sendable, Hashable {
    private(set) var ranges: [ClosedRange<UInt32>]

    static let highest: UInt32 = 0x10FFFF

    init(_ ranges: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
                merged[merged.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    func contains(_ value: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].contains(value) { return true }
            if ranges[middle].lowerBound > value { high = middle } else { low = middle + 1 }
        }
        return false
    }

    func union(_ other: Self) -> Self { Self(ranges + other.ranges) }

    var inverted: Self {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= Self.highest { result.append(next...Self.highest) }
        return Self(result)
    }

    /// The set with both cases of its ASCII letters.
    var withBothASCIICases: Self {
        var result = ranges
        for (letters, offset) in [(UInt32(0x41)...0x5A, UInt32(0x20)), (0x61...0x7A, 0)] {
            for range in ranges where range.overlaps(letters) {
                let part = range.clamped(to: letters)
                let low = part.lowerBound | 0x20
                let high = part.upperBound | 0x20
                result.append(offset == 0 ? (low - 0x20)...(high - 0x20) : low...high)
            }
        }
        return Self(result)
    }

    // MARK: Python's classes

    static let asciiDigit = Self([0x30...0x39])
    static let asciiSpace = Self([0x09...0x0D, 0x20...0x20])
    static let asciiWord = Self([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// What `str.isspace()` takes.
    static let space = Self([
        0x09...0x0D, 0x1C...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
        0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
    ])
    static let digit = scan { $0 == .decimalNumber }
    /// What `str.isalnum()` takes, and the underscore.
    static let word = scan {
        switch $0 {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }.union(Self([0x5F...0x5F]))

    private static func scan(_ isMember: (Unicode.GeneralCategory) -> Bool) -> Self {
        var ranges: [ClosedRange<UInt32>] = []
        var start: UInt32?
        for value in 0...(highest + 1) {
            let contains =
                value <= highest
                && Unicode.Scalar(value).map { isMember($0.properties.generalCategory) } == true
            if contains {
                start = start ?? value
            } else if let first = start {
                ranges.append(first...(value - 1))
                start = nil
            }
        }
        return Self(ranges)
    }
}
