import NuagesCore
import NuagesForms
import NuagesORM

/// The rows from which a field lets people choose.
///
/// The query is made for each form and evaluated for each request: what one page looked up is
/// never shown by another.
struct ModelChoices: Sendable {
    let outline: ModelOutline
    private var makeRows: @Sendable () -> DynamicQuery
    /// The field of the rows that a choice submits; nil for the primary key.
    var fieldName: String?
    /// The field of the rows that a choice is cleaned to; nil for the one that it submits.
    var cleanedName: String?
    var limit: Q?
    var label: @Sendable (DynamicRow) -> String

    init(
        of outline: ModelOutline,
        rows: @escaping @Sendable () -> DynamicQuery,
        fieldName: String? = nil
    ) {
        self.outline = outline
        self.fieldName = fieldName
        makeRows = rows
        label = { outline.text(of: $0) }
    }

    init<M: Model>(_ rows: @escaping @Sendable () -> QuerySet<M>, toFieldName: String?) {
        self.init(of: ModelOutline(M.self), rows: { DynamicQuery(rows()) }, fieldName: toFieldName)
    }

    /// The same choice among other rows.
    func offering(_ rows: @escaping @Sendable () -> DynamicQuery) -> Self {
        var copy = self
        copy.makeRows = rows
        return copy
    }

    /// The rows that may be chosen.
    var rows: DynamicQuery { limit.map { outline.limiting(makeRows(), to: $0) } ?? makeRows() }

    private var key: String { fieldName ?? "pk" }

    /// What a row submits.
    func value(of row: DynamicRow) -> FormValue { FormValue(row[key] ?? .null) }

    /// What the choice of a row is cleaned to.
    func cleanedValue(of row: DynamicRow) -> FormValue {
        cleanedName.map { FormValue(row[$0] ?? .null) } ?? value(of: row)
    }

    /// What the rows submit that have some cleaned values; less where a row cannot be chosen.
    func submitted(for cleaned: [FormValue]) async throws -> [FormValue] {
        guard let cleanedName else { return cleaned }
        let wanted = Set(cleaned.map { ByteName($0.text) })
        var found: [DynamicRow] = []
        if try rows.canBeFiltered {
            found = try await rows(where: cleanedName, cleaned.compactMap(\.columnValue))
        } else {
            found = try await rows.rows()
        }
        return found.filter { wanted.contains(ByteName(cleanedValue(of: $0).text)) }
            .map(value(of:))
    }

    /// The choices as they are now, one row after another.
    func choices(emptyLabel: String?, upTo limit: Int? = nil) async throws -> FormChoices {
        var items: [FormChoices.Item] = []
        if let emptyLabel { items.append(.choice(FormChoice("", .translated(emptyLabel)))) }
        // Many rows are read in pieces, and only their values and labels are kept.
        for try await row in try rows.iterator() {
            if let limit, items.count > limit { break }
            items.append(.choice(FormChoice(value(of: row).text, .text(label(row)))))
        }
        return FormChoices(items: items)
    }

    /// The row that submits a text; nil where there is none, or the text cannot be a key.
    func row(_ text: String) async throws -> DynamicRow? {
        guard let condition = condition(text) else { return nil }
        if try !rows.canBeFiltered { return try await rows([text]).first }
        do {
            return try await rows.filter(condition).get()
        } catch ModelError.doesNotExist {
            return nil
        } catch FieldError.invalidValue {
            return nil
        }
    }

    /// The condition on the key that a text names; nil for a text that names none.
    func condition(_ text: String) -> DynamicExpression? {
        keyValue(text).map { .condition(key, .value($0)) }
    }

    /// The text as the key's column holds it.
    private func keyValue(_ text: String) -> SQLValue? {
        // No database has a text with a NUL, and some refuse the statement.
        guard !text.utf8.contains(0) else { return nil }
        guard let schema = keySchema else { return .text(text) }
        guard let value = schema.columnValue(.text(text)) else { return nil }
        if case .decimal = value, schema.type != .decimalField { return nil }
        return value
    }

    /// The field whose values are submitted: the key of the parent where a key is its.
    private var keySchema: FieldSchema? {
        var outline = outline
        var name = fieldName ?? outline.primaryKey.name
        while let schema = outline.field(name), schema.isRelation,
            let target = outline.target(of: name)
        {
            name = outline.targetField(of: name) ?? target.primaryKey.name
            outline = target
        }
        return outline.field(name)
    }

    /// The rows that submit some of the texts, which are keys.
    func rows(_ texts: [String]) async throws -> [DynamicRow] {
        if try !rows.canBeFiltered {
            // The rows of a slice or of several queries together are those that a page shows.
            let wanted = Set(texts.map { ByteName($0) })
            return try await rows.rows().filter { wanted.contains(ByteName(value(of: $0).text)) }
        }
        return try await rows(where: key, texts.compactMap { keyValue($0) })
    }

    /// The rows that have one of the values in a field.
    private func rows(where name: String, _ values: [SQLValue]) async throws -> [DynamicRow] {
        var found: [DynamicRow] = []
        // Databases limit the number of values of a statement.
        var rest = values[...]
        while !rest.isEmpty {
            let part = rest.prefix(5000)
            rest = rest.dropFirst(5000)
            found += try await rows.filter(
                .condition("\(name)__in", .list(part.map { .value($0) }))
            ).rows()
        }
        return found
    }
}
