import NuagesCore

/// A field whose choices are looked up, so that its values are cleaned by a query.
///
/// A form with such fields is bound and shown by ``DynamicForm/bindQuerying(_:)`` and
/// ``DynamicForm/unboundQuerying()``, which wait for the queries; the choices belong to one request
/// and are never kept between two.
public protocol QueryingField: ChoosingField {
    /// Converts a submitted value and applies all rules, by queries.
    ///
    /// - Parameters:
    ///   - raw: what was submitted.
    ///   - initial: the value that the field started with.
    /// - Returns: the cleaned value.
    /// - Throws: `ValidationError` with everything that is wrong, and errors of the query.
    func cleanQuerying(_ raw: FormValue, initial: FormValue) async throws -> FormValue

    /// The choices as they are now; one more than ``maxChoices`` is enough where there are more.
    ///
    /// - Returns: the choices.
    /// - Throws: errors of the query.
    func queryChoices() async throws -> FormChoices

    /// The most choices that a page shows, beyond which the value is typed; nil for any number.
    var maxChoices: Int? { get }
}

extension QueryingField {
    /// Any number.
    public var maxChoices: Int? { nil }

    /// Looks the choices up, for a widget that shows them.
    fileprivate mutating func loadChoices() async throws {
        choices = try await queryChoices()
        guard let maxChoices, choices.items.count > maxChoices else { return }
        choices = [:]
        options.widget = .text
    }
}

extension DynamicForm {
    /// Looks up the choices of all fields whose widgets show some.
    ///
    /// - Throws: errors of the queries.
    public mutating func loadChoices() async throws {
        for entry in entries where entry.widget is any ChoiceWidget {
            guard var field = entry.field as? any QueryingField else { continue }
            try await field.loadChoices()
            add(entry.name, field)
        }
    }

    /// The form without anything submitted, with its choices.
    ///
    /// - Returns: the form.
    /// - Throws: errors of the queries.
    public func unboundQuerying() async throws -> BoundForm {
        guard isQuerying else { return unbound() }
        var form = self
        try await form.loadChoices()
        return form.unbound()
    }

    /// The form with what was submitted, cleaned; its choices are there where it is invalid.
    ///
    /// - Parameter input: what was submitted.
    /// - Returns: the form, valid or with its errors.
    /// - Throws: errors of the queries.
    public func bindQuerying(_ input: FormInput) async throws -> BoundForm {
        guard isQuerying else { return bind(input) }
        var bound = BoundForm(self, input: input)
        try await bound.cleanFieldsQuerying()
        if !bound.errors.isEmpty { try await bound.loadChoices() }
        return bound
    }
}

extension BoundForm {
    /// The form with the choices that another of the same fields has looked up.
    package func showingChoices(of other: DynamicForm) -> BoundForm {
        var form = form
        for entry in other.entries where entry.field is any QueryingField {
            guard let index = form.index(of: entry.name),
                var field = form.entries[index].field as? any QueryingField,
                let other = entry.field as? any QueryingField
            else { continue }
            field.choices = other.choices
            // There are too many for a list: the key is typed.
            let isList = form.entries[index].widget is any ChoiceWidget
            if isList, !(entry.widget is any ChoiceWidget) {
                field.options.widget = other.options.widget
            }
            form.add(entry.name, field)
        }
        return showing(form)
    }

    /// Looks up the choices of all fields whose widgets show some, to show the form again; none for
    /// a JSON object, which no page shows.
    ///
    /// - Throws: errors of the queries.
    public mutating func loadChoices() async throws {
        guard form.isQuerying, input?.isJSON != true else { return }
        var form = form
        try await form.loadChoices()
        self = showing(form)
    }

    /// Cleans all fields, by queries where they need some; nothing where the form may stay empty
    /// and does.
    package mutating func cleanFieldsQuerying() async throws {
        guard let input else { return }
        if wasLeftEmpty { return }
        for (index, entry) in form.entries.enumerated() {
            guard let field = entry.field as? any QueryingField else {
                cleanField(at: index, from: input)
                continue
            }
            let initial = form.initialValue(at: index)
            let raw = form.rawValue(at: index, initial, from: input)
            do {
                if input.isJSON, !entry.isDisabled { try entry.field.checkJSON(raw) }
                appendCleaned(try await field.cleanQuerying(raw, initial: initial))
            } catch let error as ValidationError {
                appendError(error, at: index)
            }
        }
    }
}
