import NuagesCore

extension Model {
    /// The value as queries by names have it; what the database makes is absent.
    func dynamicRow(isNew: Bool = false) throws(ModelError) -> DynamicRow {
        let layout = Self.info.members.layout
        let fields = Self.meta.allFields
        var encoded = FieldValues(capacity: layout.names.count)
        try encode(to: &encoded)
        // The columns of parents come first, and are not among what the model encodes.
        let inherited = fields.count - encoded.values.count
        var names: [String] = []
        var values: [[SQLValue]] = []
        for (place, field) in fields.enumerated() {
            if place < inherited {
                let value = field.value(of: self)
                if value == .null, field.schema.generated != nil || field.schema.isDatabaseMade {
                    continue
                }
                values.append([value])
            } else {
                guard !encoded.unset.contains(place - inherited) else { continue }
                values.append([encoded.values[place - inherited]])
            }
            names.append(layout.names[place])
        }
        var row = DynamicRow(
            model: Self.info,
            layout: names.count == layout.names.count ? layout : RowLayout(names),
            values: values
        )
        row.isNew = isNew
        return row
    }

    /// Takes what a row by names has that the value has not.
    ///
    /// Properties that have the same value are left as they are, with the rows that were loaded.
    mutating func take(_ row: DynamicRow) throws {
        let current = try dynamicRow()
        for field in Self.meta.allFields {
            let name = field.schema.attributeName
            guard let value = row[name], current[name] != value else { continue }
            if value == .null, field.schema.isPrimaryKey { continue }
            try field.set(value, of: &self)
        }
    }

    /// The value of a row by names that has all columns.
    init(_ row: DynamicRow) throws {
        let values = Self.info.members.layout.names.map { row[$0] ?? .null }
        var source = Row(try ValueRow(values))
        try self.init(row: &source)
    }

    /// Whether a row is one row of one table and all its values are the program's, so that it is
    /// saved by statements that are ready.
    static var isPlain: Bool { meta.isPlain }
}

extension ModelMeta {
    /// See ``Model/isPlain``.
    static func isPlain(_ info: ModelInfo, hasParents: Bool) -> Bool {
        let schema = info.schema
        return !hasParents && schema.orderWithRespectTo == nil && !schema.selectsOnSave
            && !schema.fields.contains {
                // Addresses are written in their shortest form.
                $0.generated != nil || $0.isDatabaseMade || $0.type == .compositePrimaryKey
                    || $0.type == .genericIPAddressField
            }
    }
}
