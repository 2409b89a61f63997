public import NuagesCore

/// What `@Form` hands to the functions of a form that check one field each.
///
/// A static function runs once its own field is valid, whatever the others are:
///
///     @Form
///     struct SignUpForm {
///         @CharField(maxLength: 30) var username: String
///         var email: EmailAddress
///
///         static func cleanUsername(_ username: inout String) async throws {
///             username = username.lowercased()
///             if try await User.objects.filter(\.username == username).exists() {
///                 throw ValidationError("Already taken.", code: "unique")
///             }
///         }
///     }
///
/// One that is not static runs once all fields are valid, and sees them; ``Form/clean()`` runs
/// behind both.
///
/// Django: `clean_<field>`.
public struct FieldCleaner: Sendable {
    /// The form.
    public private(set) var bound: BoundForm

    /// The places of the fields among those of a form that has more; nil where they are the same.
    private let places: [Int]?

    init(_ bound: BoundForm, _ places: [Int]? = nil) {
        self.bound = bound
        self.places = places
    }

    /// Checks the value of a field, and perhaps changes it; one with errors is passed over.
    ///
    /// - Parameters:
    ///   - index: the place of the field in the form.
    ///   - type: the type of the property.
    ///   - check: throws `ValidationError` where something is wrong.
    /// - Throws: what `check` throws besides `ValidationError`.
    public mutating func clean<Value: FormConvertible>(
        at index: Int,
        as type: Value.Type = Value.self,
        _ check: (inout Value) async throws -> Void
    ) async throws {
        let index = places.map { $0.indices.contains(index) ? $0[index] : -1 } ?? index
        guard let cleaned = bound.cleanedValue(at: index), var value = Value(formValue: cleaned)
        else { return }
        do {
            try await check(&value)
            bound.setCleaned(value.formValue, at: index)
        } catch let error as ValidationError {
            bound.addErrors(error, toFieldAt: index)
        }
    }
}

/// Collects the errors of functions that check one field each.
public struct FieldErrors: Sendable {
    private(set) var items: [ValidationError.Item] = []

    init() {}

    /// Adds errors of a field.
    ///
    /// - Parameters:
    ///   - error: the errors; those that name a field keep it.
    ///   - name: the name of the field.
    public mutating func add(_ error: ValidationError, to name: String) {
        items += error.items.map { item in
            var item = item
            item.field = item.field ?? name
            return item
        }
    }
}
