/// A table as the database has it.
public struct IntrospectedTable: Sendable, Hashable {
    /// A column.
    public struct Column: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The type as the table was made, such as `varchar(200)`.
        public var type: String
        /// Whether it may be `NULL`.
        public var isNullable: Bool
        /// The text of its default.
        public var defaultText: String?
        /// The place in the primary key, from 1; 0 when it is no part of it.
        public var primaryKeyPosition: Int
        /// Whether the database computes it.
        public var isGenerated: Bool
        /// Whether the database counts it up.
        public var isIdentity = false
        /// The collation, where it is not the usual one.
        public var collation: String?
        /// What it is for, in words.
        public var comment: String?

        /// A column.
        ///
        /// - Parameters:
        ///   - name: the name.
        ///   - type: the type as the table was made.
        ///   - isNullable: whether it may be `NULL`.
        ///   - defaultText: the text of its default.
        ///   - primaryKeyPosition: the place in the primary key, from 1.
        ///   - isGenerated: whether the database computes it.
        public init(
            name: String,
            type: String,
            isNullable: Bool,
            defaultText: String?,
            primaryKeyPosition: Int,
            isGenerated: Bool
        ) {
            self.name = name
            self.type = type
            self.isNullable = isNullable
            self.defaultText = defaultText
            self.primaryKeyPosition = primaryKeyPosition
            self.isGenerated = isGenerated
        }
    }

    /// An index, or the unique constraint that it enforces.
    public struct Index: Sendable, Hashable {
        /// The name; a made-up one for a constraint without a name.
        public var name: String
        /// The columns in order; nil for an expression.
        public var columns: [String?]
        /// Whether each column is in descending order.
        public var isDescending: [Bool]
        /// Whether no two rows may be equal.
        public var isUnique: Bool
        /// Whether it holds only some rows.
        public var isPartial: Bool
        /// Whether a constraint of the table made it rather than `CREATE INDEX`.
        public var belongsToConstraint: Bool
        /// Whether it enforces the primary key.
        public var isPrimaryKey: Bool
        /// The statement that made it.
        public var definition: String?
        /// The operator class of each column, where it is not the usual one.
        public var operatorClasses: [String?] = []
        /// How it is organised, such as `btree`.
        public var method: String?

        /// An index.
        ///
        /// - Parameters:
        ///   - name: the name.
        ///   - columns: the columns in order; nil for an expression.
        ///   - isDescending: whether each column is in descending order.
        ///   - isUnique: whether no two rows may be equal.
        ///   - isPartial: whether it holds only some rows.
        ///   - belongsToConstraint: whether a constraint of the table made it.
        ///   - isPrimaryKey: whether it enforces the primary key.
        ///   - definition: the statement that made it.
        public init(
            name: String,
            columns: [String?],
            isDescending: [Bool],
            isUnique: Bool,
            isPartial: Bool,
            belongsToConstraint: Bool,
            isPrimaryKey: Bool,
            definition: String?
        ) {
            self.name = name
            self.columns = columns
            self.isDescending = isDescending
            self.isUnique = isUnique
            self.isPartial = isPartial
            self.belongsToConstraint = belongsToConstraint
            self.isPrimaryKey = isPrimaryKey
            self.definition = definition
        }
    }

    /// A foreign key.
    public struct ForeignKey: Sendable, Hashable {
        /// The columns that hold the reference.
        public var columns: [String]
        /// The table that is referred to.
        public var table: String
        /// The columns that are referred to.
        public var targetColumns: [String]
        /// What happens when the target is deleted, such as `CASCADE`.
        public var onDelete: String
        /// The constraint's name, where it has one.
        public var name: String?
        /// Whether it can be checked at the end of a transaction.
        public var isDeferrable = true

        /// A foreign key.
        ///
        /// - Parameters:
        ///   - columns: the columns that hold the reference.
        ///   - table: the table that is referred to.
        ///   - targetColumns: the columns that are referred to.
        ///   - onDelete: what happens when the target is deleted.
        public init(
            columns: [String],
            table: String,
            targetColumns: [String],
            onDelete: String
        ) {
            self.columns = columns
            self.table = table
            self.targetColumns = targetColumns
            self.onDelete = onDelete
        }
    }

    /// A check constraint.
    public struct Check: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The columns that it reads.
        public var columns: [String]
        /// What it says, such as `CHECK ((age >= 0))`.
        public var definition: String

        /// A check constraint.
        ///
        /// - Parameters:
        ///   - name: the name.
        ///   - columns: the columns that it reads.
        ///   - definition: what it says.
        public init(name: String, columns: [String], definition: String) {
            self.name = name
            self.columns = columns
            self.definition = definition
        }
    }

    /// The name.
    public var name: String
    /// The columns in order.
    public var columns: [Column]
    /// The check constraints, where the database tells them apart.
    public var checks: [Check] = []
    /// What the table is for, in words.
    public var comment: String?
    /// The indexes by name.
    public var indexes: [Index]
    /// The foreign keys.
    public var foreignKeys: [ForeignKey]
    /// The statements that made its triggers.
    public var triggers: [String]
    /// The statement that made the table.
    public var definition: String

    /// A table.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - columns: the columns in order.
    ///   - indexes: the indexes.
    ///   - foreignKeys: the foreign keys.
    ///   - triggers: the statements that made its triggers.
    ///   - definition: the statement that made the table.
    public init(
        name: String,
        columns: [Column],
        indexes: [Index],
        foreignKeys: [ForeignKey],
        triggers: [String],
        definition: String
    ) {
        self.name = name
        self.columns = columns
        self.indexes = indexes
        self.foreignKeys = foreignKeys
        self.triggers = triggers
        self.definition = definition
    }
}
