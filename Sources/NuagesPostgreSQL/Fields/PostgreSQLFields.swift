public import NuagesORM

extension FieldType {
    /// A map of texts to texts, which may be NULL (`HStoreField`).
    public static let hstoreField = Self(rawValue: "HStoreField")
    /// A range of 32-bit whole numbers.
    public static let integerRangeField = Self(rawValue: "IntegerRangeField")
    /// A range of 64-bit whole numbers.
    public static let bigIntegerRangeField = Self(rawValue: "BigIntegerRangeField")
    /// A range of exact numbers.
    public static let decimalRangeField = Self(rawValue: "DecimalRangeField")
    /// A range of moments.
    public static let dateTimeRangeField = Self(rawValue: "DateTimeRangeField")
    /// A range of days.
    public static let dateRangeField = Self(rawValue: "DateRangeField")
    /// A document that is searched (`SearchVectorField`).
    public static let searchVectorField = Self(rawValue: "SearchVectorField")
    /// What is searched for.
    public static let searchQueryField = Self(rawValue: "SearchQueryField")

    /// What all kinds of ranges have in common.
    static let rangeField = Self(rawValue: "RangeField")
}

/// The kinds of fields, lookups, transforms, functions and aggregates that PostgreSQL has and other
/// databases do not.
///
/// Opening a database makes them known, so a site has nothing to call.
///
/// Django: `django.contrib.postgres`.
public enum PostgreSQLFields {
    private static let installed: Void = {
        ArrayLookups.register()
        HStoreLookups.register()
        RangeLookups.register()
        TextLookups.register()
        SearchFunctions.register()
        PostgreSQLAggregates.register()
        PostgreSQLValidators.register()
    }()

    /// Makes all of them known; more than once does nothing.
    public static func install() { installed }
}

extension SQL {
    /// An operator between two pieces of SQL.
    static func operation(_ left: SQL, _ sign: String, _ right: SQL) -> SQL {
        "\(sql: left) \(sql: SQL(unsafe: sign)) \(sql: right)"
    }

    /// Whether the text ends with a bracket.
    var endsWithBracket: Bool {
        if case .text(let text)? = fragments.last {
            text.utf8.last == UInt8(ascii: "]")
        } else {
            false
        }
    }
}
