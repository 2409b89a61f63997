/// A mistake in how a query is put together, which no database is asked about.
///
/// Where Django raises `TypeError` or `ValueError`.
public enum UsageError: Error, Sendable, Hashable {
    /// A filter that is neither true nor false.
    case notACondition
    /// Rows of one model where rows of another are expected.
    case wrongModel(found: String, expected: String)
    /// A query in place of a value that gives more than one row.
    case severalRows
    /// A query in place of a value with another number of columns.
    case columnCount(lookup: String, expected: Int, found: Int)
    /// A name that an annotation or alias cannot have.
    case invalidAlias(String)
    /// An annotation with the name of a field.
    case conflictingName(String)
    /// A value that does not fit the field or lookup.
    case invalidValue(String)
    /// An operation that a query no longer allows.
    case notAllowed(String)
}

extension UsageError: CustomStringConvertible {
    /// What is wrong with the query, then what to do.
    public var description: String {
        switch self {
        case .notACondition:
            "A filter is a comparison, a boolean field or another condition; this gives a value."
        case .wrongModel(let found, let expected):
            "Rows of \(found) are compared with \(expected); give rows or keys of \(expected)."
        case .severalRows:
            "A query that stands for one value has to be limited to one row, as by limit(1)."
        case .columnCount(let lookup, let expected, let found):
            """
            The query for the lookup '\(lookup)' has to select \(expected) \
            column\(expected == 1 ? "" : "s"), not \(found); choose with values.
            """
        case .invalidAlias(let name):
            """
            '\(FieldError.shown(name))' cannot be the name of a column: names have no blanks, \
            quotes, brackets, semicolons, hashes, control characters or comments.
            """
        case .conflictingName(let name):
            """
            '\(FieldError.shown(name))' is a field of the model already; give the annotation \
            another name.
            """
        case .invalidValue(let message), .notAllowed(let message): message
        }
    }
}

/// Tells whether a name may be that of a column: no blanks, quotes or comments.
///
/// Source: Django's `Query.check_alias` (CVE-2022-28346, CVE-2025-57833, CVE-2025-64459).
enum ColumnAlias {
    static func check(_ name: String) throws(UsageError) {
        guard isAllowed(name) else { throw .invalidAlias(name) }
    }

    static func isAllowed(_ name: String) -> Bool {
        var previous: Unicode.Scalar = "x"
        var count = 0
        for scalar in name.unicodeScalars {
            count += 1
            switch scalar {
            case "'", "`", "\"", "[", "]", ";", "#": return false
            case "-" where previous == "-", "*" where previous == "/", "/" where previous == "*":
                return false
            default: break
            }
            if scalar.value <= 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.properties.isWhitespace
            {
                return false
            }
            previous = scalar
        }
        return (1...1000).contains(count)
    }
}
