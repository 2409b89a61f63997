/// A rule that the database keeps for a table.
public struct ConstraintSchema: Sendable, Hashable {
    /// What a constraint asks of the rows.
    public enum Kind: Sendable, Hashable {
        /// No two rows have the same values (`UniqueConstraint`).
        case unique
        /// Each row satisfies the condition (`CheckConstraint`).
        case check
        /// No two rows are alike in all of several ways (`ExclusionConstraint`).
        case exclusion
    }

    /// What happens when a unique constraint is checked (`deferrable`).
    public enum Deferrable: String, Sendable, Hashable {
        /// At the end of the transaction.
        case deferred = "DEFERRED"
        /// After each statement.
        case immediate = "IMMEDIATE"
    }

    /// What it asks of the rows.
    public var kind: Kind
    /// The name.
    public var name: String
    /// The fields that are unique together.
    public var fields: [String] = []
    /// The expressions that are unique in place of fields.
    public var expressions: [SchemaExpression] = []
    /// The condition of a check, or the rows that a unique constraint is about.
    public var condition: Q?
    /// When a unique constraint is checked (`deferrable`).
    public var deferrable: Deferrable?
    /// Fields whose values are stored in the index besides the key (`include`).
    public var include: [String] = []
    /// The operator classes of PostgreSQL, one for each field (`opclasses`).
    public var operatorClasses: [String] = []
    /// Whether two nulls differ (`nulls_distinct`); nil is the database's own rule.
    public var treatsNullsAsDistinct: Bool?
    /// The ways in which no two rows are alike (an exclusion constraint).
    public var exclusions: [ExclusionPart] = []
    /// The index by which an exclusion constraint finds rows; nil is GiST.
    public var indexMethod: IndexMethod?
    /// The code of the validation error (`violation_error_code`).
    public var violationErrorCode: String?
    /// The text of the validation error (`violation_error_message`).
    public var violationErrorMessage: String?

    /// A constraint.
    ///
    /// - Parameters:
    ///   - kind: what it asks of the rows.
    ///   - name: the name.
    public init(_ kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    /// A rule that no two rows have the same values.
    ///
    ///     ConstraintSchema.unique(name: "one_name_a_day", fields: ["name", "day"])
    ///     // CONSTRAINT "one_name_a_day" UNIQUE ("name", "day")
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - fields: the names of the fields.
    ///   - expressions: the expressions that are unique in place of fields.
    ///   - condition: the rows that it is about; nil for all.
    ///   - deferrable: when it is checked.
    ///   - include: fields whose values are stored in the index besides the key.
    ///   - operatorClasses: the operator classes of PostgreSQL, one for each field.
    ///   - treatsNullsAsDistinct: whether two nulls differ; nil is the database's own rule.
    ///   - violationErrorCode: the code of the validation error.
    ///   - violationErrorMessage: the text of the validation error.
    /// - Returns: the constraint.
    public static func unique(
        name: String,
        fields: [String] = [],
        expressions: [SchemaExpression] = [],
        condition: Q? = nil,
        deferrable: Deferrable? = nil,
        include: [String] = [],
        operatorClasses: [String] = [],
        treatsNullsAsDistinct: Bool? = nil,
        violationErrorCode: String? = nil,
        violationErrorMessage: String? = nil
    ) -> Self {
        var constraint = Self(.unique, name: name)
        constraint.fields = fields
        constraint.expressions = expressions
        constraint.condition = condition
        constraint.deferrable = deferrable
        constraint.include = include
        constraint.operatorClasses = operatorClasses
        constraint.treatsNullsAsDistinct = treatsNullsAsDistinct
        constraint.violationErrorCode = violationErrorCode
        constraint.violationErrorMessage = violationErrorMessage
        return constraint
    }

    /// A rule that each row satisfies `condition`.
    ///
    ///     ConstraintSchema.check(name: "price_gt_0", condition: Q("price__gt", 0))
    ///     // CONSTRAINT "price_gt_0" CHECK ("price" > 0)
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - condition: what each row satisfies.
    ///   - violationErrorCode: the code of the validation error.
    ///   - violationErrorMessage: the text of the validation error.
    /// - Returns: the constraint.
    public static func check(
        name: String,
        condition: Q,
        violationErrorCode: String? = nil,
        violationErrorMessage: String? = nil
    ) -> Self {
        var constraint = Self(.check, name: name)
        constraint.condition = condition
        constraint.violationErrorCode = violationErrorCode
        constraint.violationErrorMessage = violationErrorMessage
        return constraint
    }

    /// A rule that no two rows are alike in all of several ways: PostgreSQL's `EXCLUDE`.
    ///
    ///     ConstraintSchema.exclusion(
    ///         name: "no_double_booking",
    ///         parts: [ExclusionPart("room", "="), ExclusionPart("nights", "&&")]
    ///     )
    ///     // CONSTRAINT "no_double_booking" EXCLUDE USING gist ("room_id" WITH =, "nights" WITH &&)
    ///
    /// Plain values in a GiST index need the extension `btree_gist`. Databases without such
    /// constraints leave it out.
    ///
    /// Django: `ExclusionConstraint`.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - parts: what is compared, and by which operator.
    ///   - method: the index that finds rows that are alike; nil is GiST.
    ///   - condition: the rows that it is about; nil for all.
    ///   - deferrable: when it is checked.
    ///   - include: fields whose values are stored in the index besides the key.
    ///   - violationErrorCode: the code of the validation error.
    ///   - violationErrorMessage: the text of the validation error.
    /// - Returns: the constraint.
    public static func exclusion(
        name: String,
        parts: [ExclusionPart],
        method: IndexMethod? = nil,
        condition: Q? = nil,
        deferrable: Deferrable? = nil,
        include: [String] = [],
        violationErrorCode: String? = nil,
        violationErrorMessage: String? = nil
    ) -> Self {
        var constraint = Self(.exclusion, name: name)
        constraint.exclusions = parts
        constraint.indexMethod = method?.rawValue.lowercased() == "gist" ? nil : method
        constraint.condition = condition
        constraint.deferrable = deferrable
        constraint.include = include
        constraint.violationErrorCode = violationErrorCode
        constraint.violationErrorMessage = violationErrorMessage
        return constraint
    }
}
