/// Writes numbers with separators.
///
/// Django: `django.utils.numberformat`.
public struct NumberFormat: Sendable {
    /// Between the whole part and the decimals.
    public var decimalSeparator = "."
    /// Digits behind the point: cut off or filled with zeros; nil leaves them.
    public var places: Int?
    /// Digits in each group from the right; empty for none.
    public var grouping: [Int] = []
    /// Between groups.
    public var thousandSeparator = ""

    /// Beyond this many digits a number is written with an exponent.
    private static let digitLimit = 200

    /// No separators.
    public init() {}

    /// The formatter of a page.
    ///
    /// - Parameters:
    ///   - localization: the language's formats.
    ///   - places: digits behind the point; nil leaves them as they are.
    ///   - groups: whether to write thousand separators where the page would not.
    package init(_ localization: Localization, places: Int? = nil, groups: Bool = false) {
        decimalSeparator = localization.formats.decimalSeparator
        thousandSeparator = localization.formats.thousandSeparator
        self.places = places
        if groups || localization.usesThousandSeparator {
            grouping = localization.formats.numberGrouping
        }
    }

    /// A number in digits.
    ///
    /// - Parameter number: the number.
    /// - Returns: the text.
    public func text(of number: ExactDecimal) -> String {
        var number = number
        if let places, isBelowCutoff(number, places: places) {
            number = ExactDecimal(isNegative: false, digits: [], exponent: 0)
        }
        guard number.isFinite else { return number.description }
        if number.digits.count + Int(number.exponent.magnitude) > Self.digitLimit {
            let text = number.scientificText(marker: "e")
            guard let marker = text.utf8.firstIndex(of: UInt8(ascii: "e")) else { return text }
            return self.text(ofDigits: String(text[..<marker])) + text[marker...]
        }
        return text(ofDigits: number.plainText)
    }

    private func isBelowCutoff(_ number: ExactDecimal, places: Int) -> Bool {
        guard number.isFinite else { return false }
        if number.isZero { return true }
        // Django's cutoff is 0.1 for no places as well as for one.
        return number.adjustedExponent < -max(places, 1)
    }

    /// A number that is already written: an optional minus, digits, at most one point.
    ///
    /// - Parameter digits: the plain text of a number.
    /// - Returns: the text with separators.
    public func text(ofDigits digits: String) -> String {
        if grouping.isEmpty, places == nil, decimalSeparator.equalsBytes(".") { return digits }
        var bytes = Array(digits.utf8)[...]
        var output: [UInt8] = []
        if bytes.first == UInt8(ascii: "-") {
            output.append(UInt8(ascii: "-"))
            bytes = bytes.dropFirst()
        }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let whole = parts.first ?? []
        var fraction = Array(parts.count > 1 ? parts[1] : [])
        if let places {
            fraction = Array(places < 0 ? fraction.dropLast(-places) : fraction.prefix(places))
            fraction += repeatElement(UInt8(ascii: "0"), count: max(0, places - fraction.count))
        }
        appendGrouped(whole, to: &output)
        if !fraction.isEmpty {
            output.append(contentsOf: decimalSeparator.utf8)
            output.append(contentsOf: fraction)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private func appendGrouped(_ whole: ArraySlice<UInt8>, to output: inout [UInt8]) {
        guard let first = grouping.first, first != 0, whole.allSatisfy({ $0 < 0x80 }) else {
            output.append(contentsOf: whole)
            return
        }
        var remaining = grouping.dropFirst()
        var size = first
        var breaks: Set<Int> = []
        var position = whole.count
        while position > size, size > 0 {
            position -= size
            breaks.insert(position)
            if let next = remaining.popFirst(), next != 0 { size = next }
        }
        for (index, byte) in whole.enumerated() {
            if breaks.contains(index) { output.append(contentsOf: thousandSeparator.utf8) }
            output.append(byte)
        }
    }
}
