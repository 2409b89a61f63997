/// The names that Django gives to indexes and constraints, so that a database made by either
/// framework is understood by the other.
public struct SchemaNames: Sendable {
    /// The longest name that the database takes; nil when it has no limit.
    public var maxLength: Int?

    /// Names of at most `maxLength` characters.
    ///
    /// - Parameter maxLength: the longest name that the database takes; nil when it has no limit.
    public init(maxLength: Int? = nil) { self.maxLength = maxLength }

    /// The first `length` digits of the MD5 digest of `parts` put together.
    ///
    /// - Parameters:
    ///   - parts: what is hashed.
    ///   - length: the number of digits.
    /// - Returns: lower-case hexadecimal digits.
    public static func digest(_ parts: [String], length: Int) -> String {
        String(MD5.hexDigest(of: parts.joined().utf8).prefix(length))
    }

    /// The name of the index of a field or of a constraint on columns.
    ///
    ///     SchemaNames().index(table: "polls_choice", columns: ["question_id"])
    ///     // polls_choice_question_id_c5b4b260
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - columns: the columns in order.
    ///   - suffix: what the name ends with, such as `_uniq`.
    /// - Returns: the name, unquoted.
    public func index(table: String, columns: [String], suffix: String = "") -> String {
        let table = Self.withoutNamespace(table)
        let joined = columns.joined(separator: "_")
        var ending = Self.digest([table] + columns, length: 8) + suffix
        let limit = maxLength ?? 200
        let name = "\(table)_\(joined)_\(ending)"
        if name.unicodeScalars.count <= limit { return name }
        if ending.unicodeScalars.count > limit / 3 { ending = Self.prefix(ending, limit / 3) }
        let rest = max(0, (limit - ending.unicodeScalars.count) / 2 - 1)
        let shortened = "\(Self.prefix(table, rest))_\(Self.prefix(joined, rest))_\(ending)"
        guard Self.startsBadly(shortened) else { return shortened }
        return "D" + shortened.dropLast()
    }

    /// The name of a unique constraint on columns: `orm_book_authors_book_id_author_id_89f354b4_uniq`.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - columns: the columns in order.
    /// - Returns: the name, unquoted.
    public func unique(table: String, columns: [String]) -> String {
        index(table: table, columns: columns, suffix: "_uniq")
    }

    /// The name of a foreign key: `polls_choice_question_id_c5b4b260_fk_polls_question_id`.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - column: the column that holds the reference.
    ///   - target: the table that is referred to.
    ///   - targetColumn: the column that is referred to.
    /// - Returns: the name, unquoted.
    public func foreignKey(
        table: String,
        column: String,
        target: String,
        targetColumn: String
    ) -> String {
        let suffix = "_fk_\(Self.withoutNamespace(target))_\(targetColumn)"
        return index(table: table, columns: [column], suffix: suffix)
    }

    /// The name of an index in a model's options that has none: `orm_book_pubdate_6be58b_idx`.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - columns: the columns in order, with `-` before those in descending order.
    ///   - suffix: what the name ends with: the method of the index, where it has one.
    /// - Returns: the name, unquoted; at most 30 characters with the suffix `idx`.
    public static func metaIndex(
        table: String,
        columns: [String],
        suffix: String = "idx"
    ) -> String {
        let table = withoutNamespace(table)
        let first = columns.first.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 } ?? ""
        let ending = digest([table] + columns + [suffix], length: 6)
        let name = "\(prefix(table, 11))_\(prefix(first, 7))_\(ending)_\(suffix)"
        return startsBadly(name) ? "D" + name.dropFirst() : name
    }

    /// The name without the schema of `schema"."table`, as Django writes tables of other schemas.
    static func withoutNamespace(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let separator = Array("\".\"".utf8)
        guard bytes.count > separator.count else { return unquoted(name) }
        for start in 0...(bytes.count - separator.count)
        where bytes[start..<(start + separator.count)].elementsEqual(separator) {
            let rest = bytes[(start + separator.count)...]
            return unquoted(String(decoding: rest, as: UTF8.self))
        }
        return unquoted(name)
    }

    private static func unquoted(_ name: String) -> String {
        var text = Substring(name)
        while text.utf8.first == UInt8(ascii: "\"") { text = text.dropFirst() }
        while text.utf8.last == UInt8(ascii: "\"") { text = text.dropLast() }
        return String(text)
    }

    private static func prefix(_ text: String, _ count: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, count))))
    }

    /// Whether a name starts with an underscore or a digit, which some databases refuse.
    private static func startsBadly(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        return first == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }
}
