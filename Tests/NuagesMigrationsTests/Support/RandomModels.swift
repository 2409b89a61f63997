import NuagesCore

@testable import NuagesORM

/// Numbers that are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func isOneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// What has another name afterwards.
struct Renames {
    /// The labels of models by their old ones.
    var labels: [String: String] = [:]
    /// The names of fields by their old ones, by the model's old label.
    var fields: [String: [String: String]] = [:]

    func label(_ label: String) -> String { labels[label] ?? label }

    func field(_ name: String, of label: String) -> String { fields[label]?[name] ?? name }
}

/// Models at random, and others that a day's work might make of them.
struct RandomModels {
    private var random: SeededGenerator
    private static let names = ["Alpha", "Beta", "Gamma", "Delta"]
    /// A model that stays, with its rows.
    private var anchor = ""
    /// What ``changed(_:)`` gave other names.
    private(set) var renames = Renames()

    init(seed: Int) { random = SeededGenerator(seed: seed) }

    /// Some models.
    mutating func models() -> [ModelSchema] {
        var names = Self.names.shuffled(using: &random)
        names.removeLast(Int.random(in: 0...2, using: &random))
        anchor = names.min() ?? ""
        return repaired(names.sorted().map { model($0, among: names) })
    }

    /// The models after some changes.
    mutating func changed(_ models: [ModelSchema]) -> [ModelSchema] {
        var result = models
        if random.isOneIn(4), result.count > 1 { result.removeLast() }
        if random.isOneIn(4) {
            let known = Set(models.map(\.name))
            if let name = Self.names.first(where: { !known.contains($0) }) {
                result.append(model(name, among: result.map(\.name) + [name]))
            }
        }
        let names = result.map(\.name)
        let moved = random.isOneIn(4) ? models.map(\.name).randomElement(using: &random) : nil
        for index in result.indices where result[index].name != moved {
            change(&result[index], among: names)
        }
        result = repaired(result)
        for index in result.indices {
            guard let old = models.first(where: { $0.label == result[index].label }) else {
                continue
            }
            if old.name == moved, old.fields == result[index].fields {
                rename(index, of: &result)
            } else {
                renameFields(of: &result[index], from: old)
            }
        }
        return result
    }

    private mutating func rename(_ index: Int, of models: inout [ModelSchema]) {
        let old = models[index].label
        models[index].name = "Omega"
        let new = models[index].label
        renames.labels[old] = new
        for model in models.indices {
            for field in models[model].fields.indices
            where models[model].fields[field].relation?.target == old {
                models[model].fields[field].relation?.target = new
            }
        }
    }

    /// Renames fields that are else as they were, and that no other one is computed from.
    private mutating func renameFields(of model: inout ModelSchema, from old: ModelSchema) {
        let read = model.fields.flatMap { $0.generated?.expression.fieldNames ?? [] }
        for index in model.fields.indices.dropFirst() {
            let field = model.fields[index]
            guard field.name.hasPrefix("f"), old.fields.contains(field), random.isOneIn(4),
                !read.contains(field.name)
            else { continue }
            let name = "g" + field.name.dropFirst()
            if field.hasColumn, random.isOneIn(3) {
                model.fields[index].databaseColumn = field.column
            }
            model.fields[index].name = name
            renames.fields[old.label, default: [:]][field.name] = name
            let renamed = { (text: String) in
                text == field.name ? name : text == "-" + field.name ? "-" + name : text
            }
            model.uniqueTogether = model.uniqueTogether.map { $0.map(renamed) }
            model.indexes = model.indexes.map { index in
                IndexSchema(index.fields.map(renamed), name: index.name)
            }
            model.constraints = model.constraints.map { constraint in
                Self.constraint(constraint, after: renamed)
            }
        }
    }

    private static func constraint(
        _ old: ConstraintSchema,
        after renamed: (String) -> String
    ) -> ConstraintSchema {
        let read = old.condition.flatMap { names(in: "\($0)").first }.map(renamed)
        if old.name.hasSuffix("_check"), let read {
            return .check(name: old.name, condition: Q("\(read)__gte", 0))
        }
        let condition = read.map { Q("\($0)__gt", 1000) }
        return .unique(name: old.name, fields: old.fields.map(renamed), condition: condition)
    }

    private mutating func model(_ name: String, among names: [String]) -> ModelSchema {
        var fields = [Polls.id]
        for number in 0..<Int.random(in: 1...5, using: &random) {
            fields.append(field("f\(number)", among: names))
        }
        var model = ModelSchema(app: "polls", name: name, fields: fields)
        if random.isOneIn(3) { compute(&model) }
        if random.isOneIn(4) { model.databaseTable = "own_\(name.lowercased())" }
        decorate(&model)
        return model
    }

    private mutating func change(_ model: inout ModelSchema, among names: [String]) {
        let read = model.fields.flatMap { $0.generated?.expression.fieldNames ?? [] }
        if random.isOneIn(3), model.fields.count > 2 {
            model.fields.remove(at: Int.random(in: 1..<model.fields.count, using: &random))
        }
        for index in model.fields.indices.dropFirst()
        where random.isOneIn(3) && model.fields[index].generated == nil {
            let type = model.fields[index].type
            alter(&model.fields[index])
            // PostgreSQL changes no type that a computed column reads.
            if read.contains(model.fields[index].name) { model.fields[index].type = type }
        }
        if random.isOneIn(2) {
            let used = Set(model.fields.map(\.name))
            for name in (0..<8).map({ "n\($0)" }) where !used.contains(name) {
                model.fields.append(field(name, among: names))
                break
            }
        }
        if random.isOneIn(6) { compute(&model) }
        if random.isOneIn(6) { model.databaseTable = "moved_\(model.name.lowercased())" }
        if random.isOneIn(3) { decorate(&model) }
    }

    // MARK: Fields

    private static let families: [[FieldType]] = [
        [
            .smallIntegerField, .integerField, .bigIntegerField, .positiveIntegerField,
            .positiveSmallIntegerField, .positiveBigIntegerField,
        ],
        [.charField, .textField, .slugField, .emailField, .urlField],
        [.booleanField], [.dateField], [.dateTimeField], [.floatField], [.decimalField],
        [.uuidField], [.jsonField], [.timeField], [.durationField], [.binaryField],
    ]

    /// Whether the values of one field are values of the other.
    static func holds(_ one: FieldSchema, _ other: FieldSchema) -> Bool {
        if let relation = one.relation {
            return relation.target == other.relation?.target && one.hasColumn == other.hasColumn
        }
        if one.generated != nil { return one.generated == other.generated }
        return other.relation == nil
            && families.contains { $0.contains(one.type) && $0.contains(other.type) }
    }

    private mutating func field(_ name: String, among names: [String]) -> FieldSchema {
        if random.isOneIn(5), let target = names.randomElement(using: &random) {
            return relation(name, to: target)
        }
        let family = Self.families.randomElement(using: &random) ?? []
        var field = FieldSchema(name, family.randomElement(using: &random) ?? .integerField)
        settle(&field)
        return field
    }

    /// Adds a column that the database computes from a number, if there is none.
    private mutating func compute(_ model: inout ModelSchema) {
        let numbers = model.fields.dropFirst().filter { Self.isNumber($0) }
        guard let number = numbers.randomElement(using: &random),
            model.fields.allSatisfy({ $0.generated == nil })
        else { return }
        var field = FieldSchema("sum", .generatedField)
        field.generated = .stored(
            .operation(.field(number.name), "+", .value(.int(1))),
            as: .bigIntegerField
        )
        field.isNullable = true
        model.fields.append(field)
    }

    private mutating func relation(_ name: String, to target: String) -> FieldSchema {
        let isMany = random.isOneIn(3)
        let isOne = !isMany && random.isOneIn(3)
        var field = FieldSchema(
            name,
            isMany ? .manyToManyField : isOne ? .oneToOneField : .foreignKey,
            isNullable: !isMany,
            relation: Relation(
                to: "polls.\(target.lowercased())",
                onDelete: .cascade,
                relatedName: "+"
            )
        )
        if isMany { return field }
        settleReference(&field)
        if random.isOneIn(4) { field.relation?.isEnforced = false }
        return field
    }

    /// A reference that takes no null has the first row of a model that stays as its default; only
    /// one row can have that where it is unique.
    private mutating func settleReference(_ field: inout FieldSchema) {
        let mayStay =
            field.type == .foreignKey && field.relation?.target == "polls.\(anchor.lowercased())"
        field.isNullable = !mayStay || random.isOneIn(2)
        field.defaultValue = field.isNullable ? nil : .value(.int(1))
        field.databaseColumn = random.isOneIn(6) ? "c_\(field.name)_id" : nil
        field.databaseComment = random.isOneIn(6) ? "about \(field.name)" : nil
    }

    private mutating func alter(_ field: inout FieldSchema) {
        guard field.relation == nil else {
            guard field.hasColumn else { return }
            if random.isOneIn(2) { field.relation?.isEnforced.toggle() }
            if random.isOneIn(2) {
                field.type = field.type == .foreignKey ? .oneToOneField : .foreignKey
            }
            return settleReference(&field)
        }
        if let family = Self.families.first(where: { $0.contains(field.type) }) {
            field.type = family.randomElement(using: &random) ?? field.type
        }
        settle(&field)
    }

    /// Gives a field what its kind needs; one that takes no null has a default, so that it can come
    /// back when the migration is undone.
    private mutating func settle(_ field: inout FieldSchema) {
        field.maxLength = nil
        switch field.type {
        case .charField: field.maxLength = [20, 50, 200].randomElement(using: &random)
        case .slugField: field.maxLength = 50
        case .emailField: field.maxLength = 254
        case .urlField: field.maxLength = 200
        case .decimalField:
            field.maxDigits = [10, 12].randomElement(using: &random)
            field.decimalPlaces = [2, 3].randomElement(using: &random)
        default: break
        }
        field.isNullable = random.isOneIn(2)
        let canBeIndexed = field.type != .jsonField && field.type != .binaryField
        field.isUnique =
            field.isNullable && canBeIndexed && field.type != .textField && random.isOneIn(4)
        field.isIndexed = canBeIndexed && random.isOneIn(3) ? true : nil
        field.defaultValue = field.isNullable ? nil : .value(Self.fallback(field.type))
        field.databaseDefault = nil
        if !field.isNullable, random.isOneIn(3) {
            field.databaseDefault = Self.databaseDefault(field.type)
        }
        field.databaseColumn = random.isOneIn(6) ? "c_\(field.name)" : nil
        field.databaseComment = random.isOneIn(6) ? "about \(field.name)" : nil
    }

    /// What new rows get; the family of numbers has another value than Swift's default.
    private static func databaseDefault(_ type: FieldType) -> SQLValue? {
        switch type {
        case .jsonField, .binaryField: nil
        case _ where families[0].contains(type): .int(7)
        default: fallback(type)
        }
    }

    static func fallback(_ type: FieldType) -> SQLValue {
        switch type {
        case .booleanField: .bool(true)
        case .charField, .textField, .slugField, .emailField, .urlField: .text("d")
        case .durationField: .duration(.seconds(90))
        case .binaryField: .blob([1])
        case .floatField: .double(1.5)
        case .decimalField: .text("1.50")
        case .jsonField: .json(.object([]))
        case .uuidField: .text("6f1c0c8e5a3b4b0f9d1f3c2b1a0d9e8f")
        case .dateField: .text("2026-01-31")
        case .dateTimeField: .text("2026-01-31 12:00:00")
        case .timeField: .text("12:00:00")
        default: .int(3)
        }
    }

    // MARK: Options

    private mutating func decorate(_ model: inout ModelSchema) {
        model.indexes = []
        model.constraints = []
        model.uniqueTogether = []
        let plain = model.fields.dropFirst().filter { $0.hasColumn && Self.canBeIndexed($0) }
        guard let first = plain.randomElement(using: &random),
            let second = plain.randomElement(using: &random)
        else { return }
        let prefix = model.name.lowercased()
        if random.isOneIn(2) {
            let name = random.isOneIn(2) ? "-\(first.name)" : first.name
            let names = first.name == second.name ? [name] : [name, second.name]
            model.indexes.append(IndexSchema(names, name: "\(prefix)_idx"))
        }
        if random.isOneIn(3), first.name != second.name {
            model.uniqueTogether = [[first.name, second.name]]
        }
        if random.isOneIn(3), let number = plain.first(where: { Self.isMeasure($0) }) {
            model.constraints.append(
                .check(name: "\(prefix)_check", condition: Q("\(number.name)__gte", 0))
            )
        }
        if random.isOneIn(3) {
            model.constraints.append(
                .unique(name: "\(prefix)_unique", fields: [second.name, "id"])
            )
        }
        if random.isOneIn(4), let number = plain.first(where: { Self.isNumber($0) }) {
            model.constraints.append(
                .unique(
                    name: "\(prefix)_some",
                    fields: [number.name],
                    condition: Q("\(number.name)__gt", 1000)
                )
            )
        }
    }

    private static func isNumber(_ field: FieldSchema) -> Bool {
        families[0].contains(field.type)
    }

    private static func isMeasure(_ field: FieldSchema) -> Bool {
        isNumber(field) || field.type == .floatField || field.type == .decimalField
    }

    private static func canBeIndexed(_ field: FieldSchema) -> Bool {
        ![.jsonField, .textField, .binaryField].contains(field.type)
    }

    /// Takes out what leads to models and fields that are not there.
    private func repaired(_ models: [ModelSchema]) -> [ModelSchema] {
        let labels = Set(models.map(\.label))
        return models.map { model in
            var model = model
            model.fields.removeAll { $0.relation.map { !labels.contains($0.target) } ?? false }
            let present = Set(model.fields.map(\.name))
            model.fields.removeAll { field in
                !(field.generated?.expression.fieldNames ?? []).allSatisfy(present.contains)
            }
            let indexable = Set(
                model.fields.filter { $0.hasColumn && Self.canBeIndexed($0) }.map(\.name)
            )
            let numbers = Set(model.fields.filter { Self.isMeasure($0) }.map(\.name))
            model.indexes.removeAll { index in
                !index.fields.allSatisfy {
                    indexable.contains($0.hasPrefix("-") ? String($0.dropFirst()) : $0)
                }
            }
            model.uniqueTogether.removeAll { !$0.allSatisfy(indexable.contains) }
            model.constraints.removeAll { constraint in
                let names = constraint.condition.map { Self.names(in: "\($0)") } ?? []
                return !constraint.fields.allSatisfy { indexable.contains($0) }
                    || !names.allSatisfy(numbers.contains)
            }
            return model
        }
    }

    /// The fields that a text names.
    private static func names(in text: String) -> [String] {
        (0..<8).flatMap { ["f\($0)", "g\($0)", "n\($0)"] }.filter { text.contains($0) }
    }
}
