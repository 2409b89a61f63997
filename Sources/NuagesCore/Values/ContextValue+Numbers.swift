// The numbers of Swift as values of templates; Int, Double and Decimal are beside ContextValue.

extension ContextConvertible where Self: FixedWidthInteger {
    /// A whole number, with all its digits.
    public var contextValue: ContextValue {
        if let small = Int(exactly: self) { return .int(small) }
        return ExactDecimal(String(self)).map { .exact($0) } ?? .none
    }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Int8: ContextConvertible {}
extension Int16: ContextConvertible {}
extension Int32: ContextConvertible {}
extension Int64: ContextConvertible {}
extension UInt8: ContextConvertible {}
extension UInt16: ContextConvertible {}
extension UInt32: ContextConvertible {}
extension UInt: ContextConvertible {}
extension UInt64: ContextConvertible {}

extension Float: ContextConvertible {
    /// A floating-point number with the digits that `Float` shows: 0.1, not 0.10000000149.
    public var contextValue: ContextValue { .double(Double(description) ?? Double(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}
