/// How a database writes SQL.
public protocol SQLDialect: Sendable {
    /// Django's name of the database: `sqlite`, `postgresql`, `mysql`.
    var vendor: String { get }

    /// A name in quotes.
    ///
    ///     dialect.quote("polls_question")     // "polls_question"
    ///
    /// - Parameter identifier: the name of a table, column, index, constraint or alias.
    /// - Returns: the name in quotes, with quotes inside it doubled.
    func quote(_ identifier: String) -> String

    /// The mark of a bound value.
    ///
    /// - Parameter position: its position among the bound values, from 1.
    /// - Returns: `?` or `$1`.
    func placeholder(_ position: Int) -> String

    /// A value written into the text, for statements that cannot bind: schema changes.
    ///
    /// - Parameter value: the value.
    /// - Returns: an SQL literal.
    /// - Throws: ``DatabaseError/data(_:statement:)`` for a value that has no literal.
    func literal(_ value: SQLValue) throws(DatabaseError) -> String

    /// A comparison of text with a pattern.
    ///
    /// - Parameters:
    ///   - lookup: `iexact`, `contains`, `startswith`, `endswith` and their `i` forms.
    ///   - left: the text.
    ///   - pattern: a pattern with `%`, `_` and the escape character `\`.
    /// - Returns: a condition.
    func match(_ lookup: Lookup, _ left: SQL, _ pattern: SQL) -> SQL

    /// A pattern made of the value of an expression, which stands for itself.
    ///
    /// - Parameters:
    ///   - value: the expression.
    ///   - leading: a wildcard before it, or nothing.
    ///   - trailing: a wildcard behind it, or nothing.
    /// - Returns: an expression.
    func pattern(_ value: SQL, _ leading: String, _ trailing: String) -> SQL

    /// A test whether a value is one of many, with fewer bound values than there are values.
    ///
    ///     dialect.membership("x", [.int(1), .int(2)])
    ///     // x IN (SELECT value FROM json_each(?))      on SQLite, where ? is [1, 2]
    ///
    /// Asked for lists that are long; short ones are written out.
    ///
    /// - Parameters:
    ///   - left: the value.
    ///   - values: the values it may be.
    /// - Returns: a condition; nil where the database has no such form for these values.
    func membership(_ left: SQL, in values: [SQLValue]) -> SQL?

    /// A part of a date or time.
    ///
    /// - Parameters:
    ///   - part: the part.
    ///   - value: the date or time.
    /// - Returns: an expression.
    func extract(_ part: Transform, from value: SQL) -> SQL

    /// The beginning of the period that a day or a moment is in.
    ///
    /// - Parameters:
    ///   - value: the day or the moment.
    ///   - truncation: the period, and the zone of a moment.
    /// - Returns: an expression: a day, or what the clocks of the zone show.
    func truncate(_ value: SQL, _ truncation: Truncation) -> SQL
}

extension SQLDialect {
    /// None.
    public func membership(_ left: SQL, in values: [SQLValue]) -> SQL? { nil }
}
