#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A decimal number that keeps every digit it was written with.
///
///     ExactDecimal("1.10")?.description      // Optional("1.10")
///     ExactDecimal("1e3")?.description       // Optional("1E+3")
///
/// Django: Python's `decimal.Decimal`.
public struct ExactDecimal: Sendable, Hashable, CustomStringConvertible {
    /// What a number is besides its digits.
    package enum Kind: Sendable, Hashable {
        case finite
        case infinite
        case notANumber
    }

    package var kind: Kind
    package var isNegative: Bool
    /// The digits, 0 to 9 each, without leading zeros; a single 0 for zero.
    package var digits: [UInt8]
    /// The power of ten of the last digit.
    package var exponent: Int

    package init(kind: Kind = .finite, isNegative: Bool, digits: [UInt8], exponent: Int) {
        self.kind = kind
        self.isNegative = isNegative
        let significant = digits.drop { $0 == 0 }
        self.digits = significant.isEmpty ? [0] : Array(significant)
        self.exponent = exponent
    }

    /// Zero.
    public static let zero = ExactDecimal(0)

    /// A whole number.
    ///
    /// - Parameter number: the number.
    public init(_ number: Int) {
        let digits = String(number.magnitude).utf8.map { $0 - 0x30 }
        self.init(isNegative: number < 0, digits: digits, exponent: 0)
    }

    /// A decimal of Foundation, which keeps no trailing zeros.
    ///
    /// - Parameter decimal: the number.
    public init(_ decimal: Decimal) {
        self =
            ExactDecimal(decimal.description)
            ?? ExactDecimal(kind: .notANumber, isNegative: false, digits: [], exponent: 0)
    }

    /// A number from its text, as Python's `Decimal` reads it; nil for any other text.
    ///
    /// - Parameter text: digits with at most one point, a sign and an exponent, or `Infinity` or
    ///   `NaN`; blanks around it and `_` between digits are allowed.
    public init?(_ text: String) {
        var parser = DecimalTextParser(text)
        guard let number = parser.parse() else { return nil }
        self = number
    }

    /// Whether the number is zero.
    public var isZero: Bool { kind == .finite && digits == [0] }

    /// Whether the number is neither infinite nor not a number.
    public var isFinite: Bool { kind == .finite }

    /// The power of ten of the first digit.
    package var adjustedExponent: Int { exponent + digits.count - 1 }

    /// The number as a `Double`.
    public var doubleValue: Double {
        switch kind {
        case .infinite: isNegative ? -.infinity : .infinity
        case .notANumber: .nan
        case .finite: Double(scientificText(marker: "e")) ?? 0
        }
    }

    /// The whole number before the point, cut off; nil if it does not fit `Int` or is not finite.
    public var intValue: Int? {
        guard kind == .finite else { return nil }
        if isZero || digits.count + exponent <= 0 { return 0 }
        guard digits.count + exponent <= 20 else { return nil }
        var magnitude: UInt64 = 0
        for index in 0..<(digits.count + exponent) {
            let digit = index < digits.count ? digits[index] : 0
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carried { return nil }
            magnitude = sum
        }
        return isNegative ? Int(exactly: magnitude).map { -$0 } : Int(exactly: magnitude)
    }

    /// Python's `str(Decimal)`: plain digits, or an exponent where the number is far from the point.
    public var description: String {
        switch kind {
        case .infinite: return isNegative ? "-Infinity" : "Infinity"
        case .notANumber: return isNegative ? "-NaN" : "NaN"
        case .finite:
            return exponent <= 0 && adjustedExponent >= -6
                ? plainText : scientificText(marker: "E")
        }
    }

    /// The number without an exponent: Python's `"{:f}"`.
    package var plainText: String {
        var output: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        let pointIndex = digits.count + exponent
        if pointIndex <= 0 {
            output.append(UInt8(ascii: "0"))
        } else {
            output.append(contentsOf: digits.prefix(pointIndex).map { $0 + 0x30 })
            if digits != [0] {
                output.append(
                    contentsOf: repeatElement(
                        UInt8(ascii: "0"),
                        count: max(0, pointIndex - digits.count)
                    )
                )
            }
        }
        if exponent < 0 {
            output.append(UInt8(ascii: "."))
            output.append(
                contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, -pointIndex))
            )
            output.append(contentsOf: digits.suffix(min(-exponent, digits.count)).map { $0 + 0x30 })
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The number with one digit before the point and an exponent.
    ///
    /// - Parameter marker: `e` or `E`.
    /// - Returns: text such as `1.5e+10`.
    package func scientificText(marker: String) -> String {
        let shown = digits.map { $0 + 0x30 }
        let head = String(decoding: shown.prefix(1), as: UTF8.self)
        let tail = String(decoding: shown.dropFirst(), as: UTF8.self)
        let power = adjustedExponent
        return "\(isNegative ? "-" : "")\(head)\(tail.isEmpty ? "" : ".")\(tail)"
            + "\(marker)\(power < 0 ? "-" : "+")\(power.magnitude)"
    }
}

extension ExactDecimal: Comparable {
    /// Whether `left` is smaller; a number that is not one is smaller than nothing.
    public static func < (left: Self, right: Self) -> Bool { left.compared(to: right) == -1 }

    /// Whether both are the same number, whatever their trailing zeros.
    public static func == (left: Self, right: Self) -> Bool { left.compared(to: right) == 0 }

    /// Hashes the number without its trailing zeros.
    ///
    /// - Parameter hasher: the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        guard !isZero else { return }
        hasher.combine(isNegative)
        hasher.combine(adjustedExponent)
        hasher.combine(digits.prefix((digits.lastIndex { $0 != 0 } ?? 0) + 1).map { $0 })
    }

    /// -1, 0 or 1; nil where one of both is not a number.
    package func compared(to other: ExactDecimal) -> Int? {
        guard kind != .notANumber, other.kind != .notANumber else { return nil }
        let (sign, otherSign) = (signum, other.signum)
        if sign != otherSign { return sign < otherSign ? -1 : 1 }
        if sign == 0 { return 0 }
        return sign * magnitudeCompared(to: other)
    }

    private var signum: Int { isZero ? 0 : (isNegative ? -1 : 1) }

    private func magnitudeCompared(to other: ExactDecimal) -> Int {
        switch (kind, other.kind) {
        case (.infinite, .infinite): return 0
        case (.infinite, _): return 1
        case (_, .infinite): return -1
        default: break
        }
        if adjustedExponent != other.adjustedExponent {
            return adjustedExponent < other.adjustedExponent ? -1 : 1
        }
        for index in 0..<max(digits.count, other.digits.count) {
            let digit = index < digits.count ? digits[index] : 0
            let otherDigit = index < other.digits.count ? other.digits[index] : 0
            if digit != otherDigit { return digit < otherDigit ? -1 : 1 }
        }
        return 0
    }
}
