/// An index on columns of a table.
public struct IndexSchema: Sendable, Hashable {
    /// The name; empty until ``ModelSchema`` gives it Django's name.
    public var name: String
    /// The names of the fields, with `-` for descending.
    public var fields: [String]
    /// The expressions that are indexed in place of fields.
    public var expressions: [SchemaExpression] = []
    /// The rows that are in it (a partial index).
    public var condition: Q?
    /// Fields whose values are stored in it besides the key (`include`).
    public var include: [String] = []
    /// The operator classes of PostgreSQL, one for each field (`opclasses`).
    public var operatorClasses: [String] = []
    /// The tablespace (`db_tablespace`).
    public var databaseTablespace: String?

    /// An index.
    ///
    /// - Parameters:
    ///   - fields: the names of the fields, with `-` for descending.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - include: fields whose values are stored in it besides the key.
    ///   - operatorClasses: the operator classes of PostgreSQL, one for each field.
    ///   - databaseTablespace: the tablespace.
    public init(
        _ fields: [String],
        name: String = "",
        condition: Q? = nil,
        include: [String] = [],
        operatorClasses: [String] = [],
        databaseTablespace: String? = nil
    ) {
        self.fields = fields
        self.name = name
        self.condition = condition
        self.include = include
        self.operatorClasses = operatorClasses
        self.databaseTablespace = databaseTablespace
    }

    /// An index on expressions.
    ///
    /// - Parameters:
    ///   - expressions: what is indexed.
    ///   - name: the name, which such an index must have.
    ///   - condition: the rows that are in it.
    ///   - include: fields whose values are stored in it besides the key.
    ///   - databaseTablespace: the tablespace.
    public init(
        expressions: [SchemaExpression],
        name: String,
        condition: Q? = nil,
        include: [String] = [],
        databaseTablespace: String? = nil
    ) {
        self.init(
            [],
            name: name,
            condition: condition,
            include: include,
            databaseTablespace: databaseTablespace
        )
        self.expressions = expressions
    }
}
