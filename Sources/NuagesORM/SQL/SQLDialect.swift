public import NuagesCore

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

    /// What an `INSERT` that passes over conflicts begins and ends with.
    var ignoringInsert: (start: String, end: String) { get }

    /// What follows the table in an `INSERT` of a row that gives no value.
    var emptyInsert: SQL { get }

    /// What follows the rows of an `INSERT` that updates those that are there.
    ///
    /// - Parameters:
    ///   - columns: the columns that are updated.
    ///   - unique: the columns by which a row is known.
    /// - Returns: the end of the statement, with a space before it.
    func upsert(updating columns: [String], unique: [String]) -> SQL

    /// Whether the values of an expression that a query groups by, or makes rows distinct by, have
    /// the same placeholders wherever it stands, so that the database sees that it is the same.
    var sharesPlaceholders: Bool { get }

    /// Whether `iexact` compares with a pattern, whose wildcards are then escaped.
    var comparesExactlyByPattern: Bool { get }
    /// Whether what stands under a key of a document is compared with two bounds as numbers and
    /// text; else as documents.
    var comparesJSONRangesAsScalars: Bool { get }

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

    /// An update of rows by their keys, with an array of values for each column.
    ///
    ///     dialect.update("world", from: ("id", .integer), [("number", .integer)])
    ///     // UPDATE "world" SET "number" = "values"."column1" FROM unnest($1::bigint[], $2::bigint[]) …
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - key: the column of the keys, whose array is bound first.
    ///   - columns: the columns that are set, in the order in which their arrays are bound.
    /// - Returns: the statement; nil where the database has no such form for these types.
    func update(
        _ table: String,
        from key: (name: String, type: ValueType),
        _ columns: [(name: String, type: ValueType)]
    ) -> String?

    /// A test of a regular expression.
    func regex(_ left: SQL, _ pattern: SQL, ignoresCase: Bool) throws -> SQL

    /// A value as part of an expression, as `Value` in Django.
    func bind(_ value: SQLValue, _ type: ValueType?) -> SQL

    /// A value that a column of the type is compared with.
    func bindOperand(_ value: SQLValue, type: ValueType?) -> SQL

    /// Text for a pattern, in the form in which the column stores it.
    func patternText(_ text: String, type: ValueType?) -> String

    /// The left-hand side of a lookup.
    func lookupCast(_ lookup: Lookup, _ left: SQL, type: ValueType?) -> SQL

    /// The numbers that a column can hold.
    func range(of type: ValueType) -> ClosedRange<Int>?

    /// An expression as another type.
    func cast(_ value: SQL, to type: ValueType) -> SQL

    /// The result of a computation, kept exact where the type is exact.
    func number(_ value: SQL, _ type: ValueType) -> SQL

    /// The results of several branches as one type.
    func unify(_ value: SQL, _ type: ValueType) -> SQL

    /// An expression where it is selected.
    func selected(_ value: SQL, _ type: ValueType?) -> SQL

    /// Two numbers with an operator between them.
    func combine(_ operation: ArithmeticOperator, _ left: SQL, _ right: SQL) -> SQL

    /// Arithmetic with durations.
    func combineDuration(
        _ operation: ArithmeticOperator,
        _ left: SQL,
        _ right: SQL,
        types: (ValueType?, ValueType?)
    ) throws -> SQL

    /// The time between two moments, days or times.
    func subtractMoments(_ left: SQL, _ right: SQL, type: ValueType) -> SQL

    /// An aggregate.
    func aggregate(
        _ function: AggregateFunction,
        _ text: AggregateText,
        _ type: ValueType?
    ) throws -> SQL

    /// A random number between 0 and 1.
    var random: SQL { get }

    /// What stands for a group of all rows.
    var groupingOfAll: SQL { get }

    /// `LIMIT` and `OFFSET`.
    func limits(from start: Int, to end: Int?) -> SQL

    /// `FOR UPDATE` and its options.
    func lock(_ lock: RowLock, tables: [String]) throws -> SQL

    /// What stands in front of a query that is to be explained.
    func explanationPrefix(_ explanation: Explanation) throws -> SQL

    /// A part of a date or time, in a zone for moments.
    ///
    /// - Parameters:
    ///   - part: `year`, `iso_year`, `quarter`, `month`, `week`, `day`, `week_day`, `iso_week_day`,
    ///     `hour`, `minute`, `second` or `microsecond`.
    ///   - value: the day, time, moment or duration.
    ///   - type: its type.
    ///   - zone: the zone on whose clocks a moment is read; nil for other types.
    /// - Returns: an expression that gives a whole number.
    /// - Throws: ``DatabaseError/notSupported(_:)`` where the database has no such part.
    func extract(_ part: String, from value: SQL, type: ValueType, zone: String?) throws -> SQL

    /// The day of a moment in a zone.
    func day(of value: SQL, type: ValueType, zone: String?) throws -> SQL

    /// The time of day of a moment in a zone.
    func time(of value: SQL, type: ValueType, zone: String?) throws -> SQL

    /// The beginning of the period that a day or a moment is in.
    func truncate(
        _ value: SQL,
        to period: String,
        type: ValueType,
        result: ValueType,
        zone: String?
    ) throws -> SQL

    /// A function that the database writes in a way of its own.
    ///
    /// - Parameters:
    ///   - name: the name that Django gives the function.
    ///   - call: its arguments.
    /// - Returns: the call; nil where the plain form is right.
    /// - Throws: ``DatabaseError`` where the database does not have the function.
    func function(_ name: String, _ call: FunctionArguments) throws -> SQL?

    /// Text that is compared with UUIDs, in the form in which columns store them.
    func uuidText(_ text: SQL) -> SQL

    /// The value under keys of a JSON document, as JSON; without keys the document.
    func jsonValue(of document: SQL, _ keys: [String]) throws -> SQL

    /// The value under keys of a JSON document, as text.
    func jsonText(of document: SQL, _ keys: [String]) throws -> SQL

    /// Whether a JSON document has a value at the end of a path.
    func jsonHas(_ document: SQL, _ path: [JSONStep]) throws -> SQL

    /// Whether a JSON document has no value at the end of a path.
    func jsonLacks(_ document: SQL, _ path: [JSONStep]) throws -> SQL

    /// A document that what stands under a key is compared with.
    func jsonOperand(_ document: JSONValue) -> SQL

    /// A document in the form in which documents are compared.
    func jsonComparable(_ document: SQL) -> SQL

    /// A number or text that what stands under a key is greater or less than.
    func jsonScalar(_ document: JSONValue) throws -> SQL

    /// Whether a document contains another.
    func jsonContains(_ document: SQL, _ part: SQL) throws -> SQL
}

extension SQLDialect {
    /// `ON CONFLICT DO NOTHING` at the end.
    public var ignoringInsert: (start: String, end: String) {
        ("INSERT INTO", " ON CONFLICT DO NOTHING")
    }

    /// `DEFAULT VALUES`.
    public var emptyInsert: SQL { " DEFAULT VALUES" }

    /// `ON CONFLICT (…) DO UPDATE SET …`.
    public func upsert(updating columns: [String], unique: [String]) -> SQL {
        let settings = SQL.joined(
            columns.map { "\(identifier: $0) = EXCLUDED.\(identifier: $0)" }
        )
        return """
             ON CONFLICT(\(identifiers: unique)) DO UPDATE SET \(sql: settings)
            """
    }

    /// False: placeholders have no numbers.
    public var sharesPlaceholders: Bool { false }
    /// True.
    public var comparesExactlyByPattern: Bool { true }
    /// False.
    public var comparesJSONRangesAsScalars: Bool { false }

    /// None.
    public func function(_ name: String, _ call: FunctionArguments) throws -> SQL? { nil }

    /// The text as it is.
    public func uuidText(_ text: SQL) -> SQL { text }
    /// The document itself.
    ///
    /// - Parameter document: the document.
    /// - Returns: the document.
    public func jsonComparable(_ document: SQL) -> SQL { document }

    /// None.
    public func membership(_ left: SQL, in values: [SQLValue]) -> SQL? { nil }

    /// None.
    public func update(
        _ table: String,
        from key: (name: String, type: ValueType),
        _ columns: [(name: String, type: ValueType)]
    ) -> String? { nil }

    /// A placeholder; `NULL` for NULL.
    public func bind(_ value: SQLValue, _ type: ValueType?) -> SQL {
        value == .null ? "NULL" : "\(value)"
    }

    /// A placeholder.
    public func bindOperand(_ value: SQLValue, type: ValueType?) -> SQL { "\(value)" }
    /// The text as it is.
    public func patternText(_ text: String, type: ValueType?) -> String { text }
    /// The left-hand side as it is.
    public func lookupCast(_ lookup: Lookup, _ left: SQL, type: ValueType?) -> SQL { left }

    /// The numbers of 16, 32 or 64 bits, from 0 for the positive fields; nil for other fields.
    public func range(of type: ValueType) -> ClosedRange<Int>? {
        switch type.field {
        case .smallIntegerField, .smallAutoField: -32_768...32_767
        case .integerField, .autoField: -2_147_483_648...2_147_483_647
        case .bigIntegerField, .bigAutoField: Int.min...Int.max
        case .positiveBigIntegerField: 0...Int.max
        case .positiveSmallIntegerField: 0...32_767
        case .positiveIntegerField: 0...2_147_483_647
        default: nil
        }
    }

    /// The value as it is.
    public func number(_ value: SQL, _ type: ValueType) -> SQL { value }
    /// The value as it is.
    public func unify(_ value: SQL, _ type: ValueType) -> SQL { value }
    /// The expression as it is.
    public func selected(_ value: SQL, _ type: ValueType?) -> SQL { value }

    /// The operator between the numbers: `left + right`.
    public func combine(_ operation: ArithmeticOperator, _ left: SQL, _ right: SQL) -> SQL {
        "\(sql: left) \(sql: SQL(unsafe: operation.rawValue)) \(sql: right)"
    }

    /// A call of the function by its name in SQL.
    public func aggregate(
        _ function: AggregateFunction,
        _ text: AggregateText,
        _ type: ValueType?
    ) throws -> SQL { text.call(function.sqlName) }

    /// `RANDOM()`.
    public var random: SQL { "RANDOM()" }
    /// Nothing: `HAVING` stands without `GROUP BY`.
    public var groupingOfAll: SQL { "" }

    /// `LIMIT 10 OFFSET 20`, each only where it is needed.
    public func limits(from start: Int, to end: Int?) -> SQL {
        var sql = SQL()
        if let end { sql.append(SQL(unsafe: " LIMIT \(end - start)")) }
        if start > 0 { sql.append(SQL(unsafe: " OFFSET \(start)")) }
        return sql
    }

    /// `FOR UPDATE OF "polls_question" SKIP LOCKED`, with the tables and the waiting that are asked for.
    public func lock(_ lock: RowLock, tables: [String]) throws -> SQL {
        var sql: SQL =
            if lock.keepsKeys {
                "FOR KEY SHARE"
            } else {
                lock.allowsReferences ? "FOR NO KEY UPDATE" : "FOR UPDATE"
            }
        if !tables.isEmpty { sql.append(" OF \(identifiers: tables)") }
        switch lock.waiting {
        case .waits: break
        case .fails: sql.append(" NOWAIT")
        case .skipsLocked: sql.append(" SKIP LOCKED")
        }
        return sql
    }
}
