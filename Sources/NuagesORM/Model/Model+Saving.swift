import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Model {
    /// Saves the value: a new row where it has no primary key, else the row with its key.
    ///
    ///     var question = Question(questionText: "What's new?", pubDate: .now)
    ///     try await question.save()       // INSERT INTO "polls_question" … RETURNING …
    ///     question.id                     // 1
    ///     question.questionText = "What's up?"
    ///     try await question.save()       // UPDATE "polls_question" SET … WHERE …
    ///
    /// - Parameter database: the database; nil for the current one.
    /// - Throws: ``ModelError/unsaved(model:)`` where a reference leads to an unsaved value,
    ///   ``DatabaseError``.
    public mutating func save(using database: Database? = nil) async throws {
        try await save(
            as: SaveOptions(using: try database ?? Database.routed(.write, Self.info))
        )
    }

    /// Saves a row of one table with all its fields.
    mutating func saveWhole(in database: Database) async throws {
        guard Self.info.signals.hasSave else {
            _ = try await write(to: database)
            return
        }
        try await signalling(database) { try await $0.write(to: database) }
    }

    /// Updates the row with the key, or inserts one; whether it is new.
    private mutating func write(to database: Database) async throws -> Bool {
        if id.isSaved {
            try setTimes(isNew: false)
            if try await update(in: database) > 0 { return false }
        }
        try await insert(into: database)
        return true
    }

    /// Inserts a row, with the signals of a save.
    mutating func create(in database: Database) async throws {
        guard Self.info.signals.hasSave else { return try await insert(into: database) }
        try await signalling(database) { row in
            try await row.insert(into: database)
            return true
        }
    }

    /// The row as the database holds it now.
    ///
    /// - Parameter database: the database; nil for the current one.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where it was deleted, ``DatabaseError``.
    public mutating func refresh(using database: Database? = nil) async throws {
        let database = try database ?? Database.routed(.read, Self.info)
        self = try await Self.baseManager.using(database).get(id)
    }

    /// Whether nobody has a say in how a new row is saved: no code of the model's, no receiver of a
    /// signal, no parent and no file.
    static var isInsertedAsIs: Bool {
        let meta = meta
        return meta.isPlain && meta.files.isEmpty && !meta.info.hasOwnSave
            && !meta.info.signals.hasSave
    }

    /// Inserts a row and takes the key that the database gives it.
    mutating func insert(into database: Database) async throws {
        let meta = Self.meta
        let info = meta.info
        try info.history?.checkInsertion(info)
        if !meta.timedFields.isEmpty { try setTimes(isNew: true) }
        if !id.isSaved, let key = KeyValue.generated() { id = PrimaryKey(key) }
        let texts = try meta.statements.texts(for: database)
        var values = try encoded()
        if id.isSaved {
            let statement = SQLStatement(texts.insertWithKey, values)
            _ = try await database.write(statement)
            return
        }
        values.remove(at: info.primaryKeyIndex)
        let statement = SQLStatement(texts.insert, values)
        if let counted = texts.countedKey {
            if let key = try await database.insert(statement, counting: counted) {
                do throws(DecodingFailure) {
                    id = try PrimaryKey(column: .int(key))
                } catch {
                    throw Row.mismatch(0, "\(KeyValue.self)", .int(key))
                }
            }
            return
        }
        let (key, _) = try await database.write(statement, into: PrimaryKey<Self>?.none) {
            $0 = try $1.read()
        }
        if let key { id = key }
    }

    /// Updates the row with the value's key.
    private func update(in database: Database) async throws -> Int {
        guard let text = try Self.meta.statements.texts(for: database).update else {
            let set = QuerySet<Self>().filtered(
                .condition(["pk", "exact"], id.operand),
                isNegated: false
            )
            return try await set.using(database).exists() ? 1 : 0
        }
        var values = try encoded()
        values.append(values.remove(at: Self.info.primaryKeyIndex))
        let statement = SQLStatement(text, values)
        return try await database.write(statement)
    }

    func encoded() throws(ModelError) -> [SQLValue] {
        var values = FieldValues(capacity: Self.info.fields.count)
        try encode(to: &values)
        return values.values
    }

    /// Sets the fields that each save, or the first one, sets to now.
    mutating func setTimes(isNew: Bool) throws(FieldError) {
        for field in Self.meta.timedFields where field.isSetOnSave || isNew {
            guard let now = field.type.now() else { continue }
            try field.set(now, of: &self)
        }
    }
}

/// A field that each save, or the first one alone, sets to now.
final class TimedField<M: Model>: Sendable {
    let field: ModelField<M>
    let type: FieldType
    let isSetOnSave: Bool

    init(_ field: ModelField<M>) {
        self.field = field
        type = field.schema.type
        isSetOnSave = field.schema.isSetOnSave
    }

    /// Sets the field; a moment need not be written as text and read again for that.
    func set(_ now: SQLValue, of model: inout M) throws(FieldError) {
        guard case .dateTime(let moment) = now else { return try field.set(now, of: &model) }
        do throws(DecodingFailure) {
            try field.write(&model, .dateTime(StoredText.writableMicroseconds(moment)))
        } catch {
            throw .invalidValue(field: field.schema.name, expected: type.rawValue)
        }
    }
}
