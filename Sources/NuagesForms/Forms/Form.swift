public import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A struct whose properties are the fields of a form; `@Form` writes the conformance.
///
///     @Form
///     struct ContactForm {
///         @CharField(maxLength: 100) var subject: String
///         @CharField(widget: .textarea) var message: String
///         var sender: EmailAddress
///         var ccMyself = false
///     }
///
///     switch try await ContactForm.bind(data) {
///     case .valid(let contact): …          // cleaned, typed values
///     case .invalid(let form): …           // shows itself with its errors
///     }
public protocol Form: Sendable {
    /// The fields, their names and their rules.
    static var form: FormDefinition<Self> { get }

    /// A value from the cleaned values of all fields.
    ///
    /// - Parameter values: the cleaned values in the order of the fields.
    /// - Throws: `ValidationError` where a value does not fit its property.
    init(cleaned values: CleanedValues) throws(ValidationError)

    /// Runs the static functions that check one field each; `@Form` writes it where there are any.
    ///
    /// - Parameter fields: the fields.
    /// - Throws: what the functions throw besides `ValidationError`.
    static func cleanFields(_ fields: inout FieldCleaner) async throws

    /// Runs the other functions that check one field each; `@Form` writes it where there are any.
    ///
    /// - Parameter errors: takes what they find.
    /// - Throws: what the functions throw besides `ValidationError`.
    mutating func cleanFields(_ errors: inout FieldErrors) async throws

    /// Style sheets and scripts besides those of the widgets.
    static var media: Media { get }

    /// Checks the fields against each other once each of them is valid, and may change them.
    ///
    /// It may await: a query that looks for a duplicate belongs here. It can also be written
    /// without `async`, without `throws` and without `mutating`.
    ///
    ///     func clean() throws {
    ///         if end < start { throw Self.error(\.end, "Ends before it starts.") }
    ///     }
    ///
    /// - Throws: `ValidationError` with the errors of the form or of its fields.
    mutating func clean() async throws
}

extension Form {
    /// None.
    public static func cleanFields(_ fields: inout FieldCleaner) async throws {}

    /// None.
    public mutating func cleanFields(_ errors: inout FieldErrors) async throws {}

    /// None.
    public static var media: Media { Media() }

    /// Accepts every combination of valid fields.
    public mutating func clean() async throws {}

    /// Reads what was submitted.
    ///
    /// - Parameters:
    ///   - data: the submitted fields; others than the form's are ignored.
    ///   - files: the submitted files.
    /// - Returns: the cleaned values, or the form with its errors.
    /// - Throws: what ``clean()`` throws besides `ValidationError`.
    public static func bind(
        _ data: QueryDict,
        files: FormFiles = [:]
    ) async throws -> FormResult<Self> {
        try await form.bind(data, files: files)
    }

    /// Reads a JSON object by the same rules; see ``FormInput/init(json:)``.
    ///
    /// - Parameter json: the object.
    /// - Returns: the cleaned values, or the form with its errors.
    /// - Throws: what ``clean()`` throws besides `ValidationError`.
    public static func bind(json: JSONValue) async throws -> FormResult<Self> {
        try await form.bind(json: json)
    }

    /// The form without anything submitted, as an empty page shows it.
    ///
    /// - Returns: the form.
    public static func unbound() -> BoundForm { form.unbound() }

    /// An error of one field, to be thrown by ``clean()``.
    ///
    /// - Parameters:
    ///   - path: the property.
    ///   - message: what is wrong.
    ///   - code: a stable name of the error.
    /// - Returns: the error.
    public static func error<Value>(
        _ path: any KeyPath<Self, Value> & Sendable,
        _ message: ErrorMessage,
        code: String = "invalid"
    ) -> ValidationError {
        ValidationError(message, code: code, field: form.name(of: path))
    }
}

/// What came of reading a form.
public enum FormResult<Value: Form>: Sendable {
    /// Everything is as it should be.
    case valid(Value)
    /// Something is wrong; the form shows itself with its errors.
    case invalid(BoundForm)
}

/// The cleaned values of a form, from which its struct is made.
public struct CleanedValues: Sendable {
    private let bound: BoundForm
    /// The places of the fields among those of a form that has more; nil where they are the same.
    private let places: [Int]?

    init(bound: BoundForm, _ places: [Int]? = nil) {
        self.bound = bound
        self.places = places
    }

    /// The value of a field as its property's type.
    ///
    /// - Parameters:
    ///   - index: the place of the field in the form.
    ///   - type: the type of the property.
    /// - Returns: the value.
    /// - Throws: `ValidationError` where it does not fit the type: an empty field for a property
    ///   that is not optional, or a number beyond 64 bits.
    @specialized(where Value == String)
    @specialized(where Value == Int)
    @specialized(where Value == Bool)
    @specialized(where Value == Decimal)
    @specialized(where Value == CalendarDate)
    public func value<Value: FormConvertible>(
        at index: Int,
        as type: Value.Type = Value.self
    ) throws(ValidationError) -> Value {
        let index = places.map { $0.indices.contains(index) ? $0[index] : -1 } ?? index
        guard bound.cleanedValues.indices.contains(index),
            let cleaned = bound.cleanedValues[index], let value = Value(formValue: cleaned)
        else { throw mismatch(at: index) }
        return value
    }

    private func mismatch(at index: Int) -> ValidationError {
        guard bound.form.entries.indices.contains(index) else {
            return ValidationError("Enter a valid value.", code: "invalid")
        }
        let entry = bound.form.entries[index]
        let isEmpty = bound.cleaned(entry.name).map(\.isEmpty) ?? true
        var error = entry.field.error(isEmpty ? "required" : "invalid")
        error.items[0].field = entry.name
        return error
    }
}
