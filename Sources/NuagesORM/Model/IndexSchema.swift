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
    /// How the database finds rows by it; nil is its own choice.
    ///
    /// Databases that have but one way leave it out.
    public var method: IndexMethod?
    /// Parameters of the method, by the names that the database gives them.
    public var parameters: [String: SQLValue] = [:]

    /// An index.
    ///
    /// - Parameters:
    ///   - fields: the names of the fields, with `-` for descending.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - include: fields whose values are stored in it besides the key.
    ///   - operatorClasses: the operator classes of PostgreSQL, one for each field.
    ///   - databaseTablespace: the tablespace.
    ///   - method: how the database finds rows by it; nil is its own choice.
    ///   - parameters: parameters of the method.
    public init(
        _ fields: [String],
        name: String = "",
        condition: Q? = nil,
        include: [String] = [],
        operatorClasses: [String] = [],
        databaseTablespace: String? = nil,
        method: IndexMethod? = nil,
        parameters: [String: SQLValue] = [:]
    ) {
        self.fields = fields
        self.name = name
        self.condition = condition
        self.include = include
        self.operatorClasses = operatorClasses
        self.databaseTablespace = databaseTablespace
        self.method = method
        self.parameters = parameters
    }

    /// An index on expressions.
    ///
    /// - Parameters:
    ///   - expressions: what is indexed.
    ///   - name: the name, which such an index must have.
    ///   - condition: the rows that are in it.
    ///   - include: fields whose values are stored in it besides the key.
    ///   - databaseTablespace: the tablespace.
    ///   - method: how the database finds rows by it; nil is its own choice.
    ///   - parameters: parameters of the method.
    public init(
        expressions: [SchemaExpression],
        name: String,
        condition: Q? = nil,
        include: [String] = [],
        databaseTablespace: String? = nil,
        method: IndexMethod? = nil,
        parameters: [String: SQLValue] = [:]
    ) {
        self.init(
            [],
            name: name,
            condition: condition,
            include: include,
            databaseTablespace: databaseTablespace,
            method: method,
            parameters: parameters
        )
        self.expressions = expressions
    }
}
