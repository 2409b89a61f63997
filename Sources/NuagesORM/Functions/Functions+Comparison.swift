extension SQLFunction {
    /// The first argument that is not NULL.
    public static let coalesce = SQLFunction("Coalesce", "COALESCE", 2...1000)

    /// The argument as another type.
    public static let cast = SQLFunction("Cast", arguments: 1, gives: .first) { call in
        guard let type = call.type else { return call.arguments[0] }
        return call.dialect.cast(call.arguments[0], to: type)
    }

    /// Text compared by the rules of a collation.
    ///
    /// Options: `collation`.
    public static let collate = SQLFunction(
        "Collate",
        arguments: 1...1,
        gives: .common,
        prepare: { node in
            let name = node.text("collation") ?? ""
            guard isCollation(name) else {
                throw UsageError.invalidValue(
                    """
                    '\(FieldError.shown(name))' is no name of a collation: letters, digits, '_' \
                    and '-' make one.
                    """
                )
            }
            return node
        },
        write: { call in
            "\(sql: call.arguments[0]) COLLATE \(identifier: call.text("collation") ?? "")"
        }
    )

    private static func isCollation(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic
                    || scalar.properties.numericType != nil
            }
    }

    /// The greatest argument; on SQLite NULL where one is NULL.
    public static let greatest = SQLFunction("Greatest", "GREATEST", 2...1000)

    /// The least argument; on SQLite NULL where one is NULL.
    public static let least = SQLFunction("Least", "LEAST", 2...1000)

    /// NULL where both arguments are equal, the first one otherwise.
    public static let nullIf = SQLFunction("NullIf", "NULLIF", 2...2)

    static let comparisons: [SQLFunction] = [
        .coalesce, .cast, .collate, .greatest, .least, .nullIf,
    ]
}
