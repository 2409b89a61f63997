import NuagesCore

/// What the fields of arrays have in common: the errors of their items, and how long they may be.
///
/// Source: Django's `contrib.postgres.forms.array`.
enum ArrayItems {
    /// A page shows no more; a hostile array may have a million wrong items.
    static let maxErrorCount = 1000

    /// The errors of an item with its place in front.
    static func prefixed(
        _ error: ValidationError,
        at index: Int,
        of field: some FormField
    ) -> [ValidationError.Item] {
        let environment = FormEnvironment.current
        let prefix = field.error("item_invalid").items[0].message.singular
        let place = String(index + 1)
        return error.items.map { item in
            ValidationError.Item(
                ErrorMessage(environment.localization.translated(prefix) + " %(problem)s"),
                code: "item_invalid",
                parameters: item.parameters.filter { !["nth", "problem"].contains($0.name) } + [
                    ErrorParameter("nth", place),
                    ErrorParameter("problem", environment.text(of: item)),
                ]
            )
        }
    }

    /// Runs a step for each item, and throws the errors of all of them with their places.
    static func forEach(
        _ items: [FormValue],
        of field: some FormField,
        _ body: (FormValue) throws(ValidationError) -> Void
    ) throws(ValidationError) {
        var errors: [ValidationError.Item] = []
        for (index, item) in items.enumerated() {
            do throws(ValidationError) { try body(item) } catch {
                errors += prefixed(error, at: index, of: field)
                if errors.count >= maxErrorCount { break }
            }
        }
        if !errors.isEmpty { throw ValidationError(errors) }
    }

    /// The messages of arrays.
    static func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a list of values."
        case "item_invalid": "Item %(nth)s in the array did not validate:"
        default: nil
        }
    }

    /// `ArrayMaxLengthValidator`, `ArrayMinLengthValidator`.
    static func lengthValidators(min: Int?, max: Int?) -> [FieldValidator] {
        var validators: [FieldValidator] = []
        if let min {
            validators.append(validator("fewer", "min_length", min) { $0 < min })
        }
        if let max {
            validators.append(validator("more", "max_length", max) { $0 > max })
        }
        return validators
    }

    private static func validator(
        _ word: String,
        _ code: String,
        _ limit: Int,
        _ isWrong: @escaping @Sendable (Int) -> Bool
    ) -> FieldValidator {
        FieldValidator { (value: FormValue) throws(ValidationError) in
            guard let count = value.elements?.count, isWrong(count) else { return }
            let rest = "it should contain no \(word) than %(limit_value)d."
            throw ValidationError(
                ErrorMessage(
                    "List contains %(show_value)d item, \(rest)",
                    plural: "List contains %(show_value)d items, \(rest)",
                    by: "show_value"
                ),
                code: code,
                parameters: [
                    ErrorParameter("limit_value", limit), ErrorParameter("show_value", count),
                ]
            )
        }
    }
}

extension FormField {
    /// Compares lists of the field's items, of which an empty one and none are the same.
    func hasChangedAsList(_ initial: FormValue, _ data: FormValue?) -> Bool {
        if options.isDisabled { return false }
        guard let data else { return true }
        if initial.isEmpty || data.isEmpty { return initial.isEmpty != data.isEmpty }
        return !initial.equals(data)
    }
}
