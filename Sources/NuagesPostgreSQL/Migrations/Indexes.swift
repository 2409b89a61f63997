public import NuagesORM

extension IndexMethod {
    /// Bits of several columns in one: the extension `bloom`.
    public static let bloom = Self(rawValue: "bloom")
    /// Summaries of blocks of rows.
    public static let brin = Self(rawValue: "brin")
    /// An ordered tree, the database's own choice.
    public static let btree = Self(rawValue: "btree")
    /// The parts of values: arrays, documents, words.
    public static let gin = Self(rawValue: "gin")
    /// A tree of what overlaps: ranges, shapes.
    public static let gist = Self(rawValue: "gist")
    /// Digests, for equality alone.
    public static let hash = Self(rawValue: "hash")
    /// A tree that divides space.
    public static let spgist = Self(rawValue: "spgist")
}

/// Indexes of PostgreSQL's methods; elsewhere they are plain indexes.
///
///     @Model(indexes: [.gin(["tags"], name: "shelf_tags_gin")])
///     // CREATE INDEX "shelf_tags_gin" ON "pg_shelf" USING gin ("tags")
///
/// Django: `django.contrib.postgres.indexes`.
extension IndexSchema {
    /// An index of the parts of values: arrays, documents, words (`GinIndex`).
    ///
    /// - Parameters:
    ///   - fields: the names of the fields.
    ///   - expressions: what is indexed in place of fields.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - operatorClasses: the operator classes, one for each field.
    ///   - fastUpdate: whether new entries wait in a list.
    ///   - pendingListLimit: how long the list may be, in kilobytes.
    /// - Returns: the index.
    public static func gin(
        _ fields: [String] = [],
        expressions: [SchemaExpression] = [],
        name: String = "",
        condition: Q? = nil,
        operatorClasses: [String] = [],
        fastUpdate: Bool? = nil,
        pendingListLimit: Int? = nil
    ) -> Self {
        make(
            .gin,
            fields,
            expressions,
            name,
            condition,
            operatorClasses,
            [
                "fastupdate": fastUpdate.map { .bool($0) },
                "gin_pending_list_limit": pendingListLimit.map { .int($0) },
            ]
        )
    }

    /// An index of what overlaps: ranges, shapes (`GistIndex`).
    ///
    /// - Parameters:
    ///   - fields: the names of the fields.
    ///   - expressions: what is indexed in place of fields.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - include: fields whose values are stored in it besides the key.
    ///   - operatorClasses: the operator classes, one for each field.
    ///   - buffering: whether it is built with a buffer.
    ///   - fillFactor: how full pages are made, in percent.
    /// - Returns: the index.
    public static func gist(
        _ fields: [String] = [],
        expressions: [SchemaExpression] = [],
        name: String = "",
        condition: Q? = nil,
        include: [String] = [],
        operatorClasses: [String] = [],
        buffering: Bool? = nil,
        fillFactor: Int? = nil
    ) -> Self {
        var index = make(
            .gist,
            fields,
            expressions,
            name,
            condition,
            operatorClasses,
            [
                "buffering": buffering.map { .bool($0) },
                "fillfactor": fillFactor.map { .int($0) },
            ]
        )
        index.include = include
        return index
    }

    /// An index that divides space (`SpGistIndex`).
    ///
    /// - Parameters:
    ///   - fields: the names of the fields.
    ///   - expressions: what is indexed in place of fields.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - include: fields whose values are stored in it besides the key.
    ///   - operatorClasses: the operator classes, one for each field.
    ///   - fillFactor: how full pages are made, in percent.
    /// - Returns: the index.
    public static func spgist(
        _ fields: [String] = [],
        expressions: [SchemaExpression] = [],
        name: String = "",
        condition: Q? = nil,
        include: [String] = [],
        operatorClasses: [String] = [],
        fillFactor: Int? = nil
    ) -> Self {
        var index = make(
            .spgist,
            fields,
            expressions,
            name,
            condition,
            operatorClasses,
            ["fillfactor": fillFactor.map { .int($0) }]
        )
        index.include = include
        return index
    }

    /// An index of summaries of blocks of rows (`BrinIndex`).
    ///
    /// - Parameters:
    ///   - fields: the names of the fields.
    ///   - expressions: what is indexed in place of fields.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - operatorClasses: the operator classes, one for each field.
    ///   - autoSummarize: whether new blocks are summarised at once.
    ///   - pagesPerRange: how many blocks a summary is of, one at least.
    /// - Returns: the index.
    public static func brin(
        _ fields: [String] = [],
        expressions: [SchemaExpression] = [],
        name: String = "",
        condition: Q? = nil,
        operatorClasses: [String] = [],
        autoSummarize: Bool? = nil,
        pagesPerRange: Int? = nil
    ) -> Self {
        make(
            .brin,
            fields,
            expressions,
            name,
            condition,
            operatorClasses,
            [
                "autosummarize": autoSummarize.map { .bool($0) },
                "pages_per_range": pagesPerRange.map { .int($0) },
            ]
        )
    }

    /// An ordered index with the options of its method (`BTreeIndex`).
    ///
    /// - Parameters:
    ///   - fields: the names of the fields, with `-` for descending.
    ///   - expressions: what is indexed in place of fields.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - include: fields whose values are stored in it besides the key.
    ///   - operatorClasses: the operator classes, one for each field.
    ///   - fillFactor: how full pages are made, in percent.
    ///   - deduplicatesItems: whether equal entries are kept as one.
    /// - Returns: the index.
    public static func btree(
        _ fields: [String] = [],
        expressions: [SchemaExpression] = [],
        name: String = "",
        condition: Q? = nil,
        include: [String] = [],
        operatorClasses: [String] = [],
        fillFactor: Int? = nil,
        deduplicatesItems: Bool? = nil
    ) -> Self {
        var index = make(
            .btree,
            fields,
            expressions,
            name,
            condition,
            operatorClasses,
            [
                "fillfactor": fillFactor.map { .int($0) },
                "deduplicate_items": deduplicatesItems.map { .bool($0) },
            ]
        )
        index.include = include
        return index
    }

    /// An index of digests, for equality alone (`HashIndex`).
    ///
    /// - Parameters:
    ///   - fields: the name of the field.
    ///   - expressions: what is indexed in place of a field.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - operatorClasses: the operator class.
    ///   - fillFactor: how full pages are made, in percent.
    /// - Returns: the index.
    public static func hash(
        _ fields: [String] = [],
        expressions: [SchemaExpression] = [],
        name: String = "",
        condition: Q? = nil,
        operatorClasses: [String] = [],
        fillFactor: Int? = nil
    ) -> Self {
        make(
            .hash,
            fields,
            expressions,
            name,
            condition,
            operatorClasses,
            ["fillfactor": fillFactor.map { .int($0) }]
        )
    }

    /// An index of bits of several columns, which the extension `bloom` brings (`BloomIndex`).
    ///
    /// - Parameters:
    ///   - fields: the names of the fields, 32 at most.
    ///   - expressions: what is indexed in place of fields.
    ///   - name: the name; empty for Django's.
    ///   - condition: the rows that are in it.
    ///   - operatorClasses: the operator classes, one for each field.
    ///   - length: how many bits an entry has, 1 to 4096.
    ///   - columns: how many bits each column has, 1 to 4095.
    /// - Returns: the index.
    public static func bloom(
        _ fields: [String] = [],
        expressions: [SchemaExpression] = [],
        name: String = "",
        condition: Q? = nil,
        operatorClasses: [String] = [],
        length: Int? = nil,
        columns: [Int] = []
    ) -> Self {
        var parameters: [String: SQLValue?] = ["length": length.map { .int($0) }]
        for (index, bits) in columns.enumerated() { parameters["col\(index + 1)"] = .int(bits) }
        return make(.bloom, fields, expressions, name, condition, operatorClasses, parameters)
    }

    private static func make(
        _ method: IndexMethod,
        _ fields: [String],
        _ expressions: [SchemaExpression],
        _ name: String,
        _ condition: Q?,
        _ operatorClasses: [String],
        _ parameters: [String: SQLValue?]
    ) -> Self {
        var index = IndexSchema(
            fields,
            name: name,
            condition: condition,
            operatorClasses: operatorClasses
        )
        index.expressions = expressions
        index.method = method
        index.parameters = parameters.compactMapValues { $0 }
        return index
    }
}
