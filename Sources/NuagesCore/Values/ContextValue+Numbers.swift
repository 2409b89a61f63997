// The numbers of Swift as values of templates; Int, Double and Decimal are beside ContextValue.

extension Int8: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(Int(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Int16: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(Int(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Int32: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(Int(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Int64: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(Int(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension UInt8: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(Int(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension UInt16: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(Int(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension UInt32: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(Int(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension UInt: ContextConvertible {
    /// A whole number, with all its digits.
    public var contextValue: ContextValue { .wholeNumber(UInt64(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension UInt64: ContextConvertible {
    /// A whole number, with all its digits.
    public var contextValue: ContextValue { .wholeNumber(UInt64(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Float: ContextConvertible {
    /// A floating-point number with the digits that `Float` shows: 0.1, not 0.10000000149.
    public var contextValue: ContextValue { .double(Double(description) ?? Double(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension ContextValue {
    /// A whole number that may be larger than the largest `Int`.
    fileprivate static func wholeNumber(_ number: UInt64) -> ContextValue {
        if let small = Int(exactly: number) { return .int(small) }
        return ExactDecimal(String(number)).map { .exact($0) } ?? .none
    }
}
