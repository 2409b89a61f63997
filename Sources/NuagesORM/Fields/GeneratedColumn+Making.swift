extension GeneratedColumn {
    /// A value that the database computes when the row is saved, and keeps.
    ///
    ///     .stored(.operation(.field("a"), "+", .field("b")), as: .integerField)
    ///     // GENERATED ALWAYS AS ("a" + "b") STORED
    ///
    /// - Parameters:
    ///   - expression: what is computed.
    ///   - type: the kind of the value.
    ///   - maxLength: the greatest length of text.
    ///   - maxDigits: the number of digits of a decimal number.
    ///   - decimalPlaces: the number of digits after the point.
    /// - Returns: the column.
    public static func stored(
        _ expression: SchemaExpression,
        as type: FieldType,
        maxLength: Int? = nil,
        maxDigits: Int? = nil,
        decimalPlaces: Int? = nil
    ) -> Self {
        make(expression, type, maxLength, maxDigits, decimalPlaces, isStored: true)
    }

    /// A value that the database computes when the row is read.
    ///
    /// - Parameters:
    ///   - expression: what is computed.
    ///   - type: the kind of the value.
    ///   - maxLength: the greatest length of text.
    ///   - maxDigits: the number of digits of a decimal number.
    ///   - decimalPlaces: the number of digits after the point.
    /// - Returns: the column.
    public static func virtual(
        _ expression: SchemaExpression,
        as type: FieldType,
        maxLength: Int? = nil,
        maxDigits: Int? = nil,
        decimalPlaces: Int? = nil
    ) -> Self {
        make(expression, type, maxLength, maxDigits, decimalPlaces, isStored: false)
    }

    private static func make(
        _ expression: SchemaExpression,
        _ type: FieldType,
        _ maxLength: Int?,
        _ maxDigits: Int?,
        _ decimalPlaces: Int?,
        isStored: Bool
    ) -> Self {
        var output = FieldSchema("", type)
        output.maxLength = maxLength
        output.maxDigits = maxDigits
        output.decimalPlaces = decimalPlaces
        return .expression(expression, output: output, isStored: isStored)
    }
}
