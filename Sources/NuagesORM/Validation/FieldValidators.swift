public import NuagesCore
import Synchronization

/// The validators that fields name in `validators:`: Django's, and those that a site adds.
///
///     FieldValidators.register("validate_even") { value, _ throws(ValidationError) in
///         if case .int(let number) = value, !number.isMultiple(of: 2) {
///             throw ValidationError("%(value)s is odd.", code: "odd",
///                                   parameters: [ErrorParameter("value", number)])
///         }
///     }
///
///     @Field(validators: [ValidatorSchema("validate_even")]) var seats: Int
///
/// A model and its migrations keep validators as data, by their names. A name that nobody has
/// registered is an error of the system checks (`fields.E008`) and of `fullClean`.
///
/// Django: the functions and objects in `validators=[…]`.
public enum FieldValidators {
    /// What is wrong with a value: nothing, or some problems.
    package typealias Check = @Sendable (SQLValue) -> [ValidationError.Item]

    /// Makes a check of the arguments that a field gives.
    package typealias Factory = @Sendable (ValidatorArguments) throws(Mistake) -> Check

    /// Why a validator cannot be used.
    package struct Mistake: Error {
        let reason: String
    }

    private static let own = Mutex<[String: Factory]>([:])
    private static let known = Mutex<[ValidatorSchema: Check]>([:])

    // MARK: Those of a site

    /// Adds a validator of one's own; a later call for the name replaces it.
    ///
    /// It is called before the site starts. Django's own validators keep their names.
    ///
    /// - Parameters:
    ///   - name: the name in `ValidatorSchema`.
    ///   - validate: accepts a value, with the arguments that the field gives, or throws what is
    ///     wrong with it. It is not called for empty values.
    public static func register(
        _ name: String,
        _ validate:
            @escaping @Sendable (SQLValue, [String: SQLValue]) throws(ValidationError) -> Void
    ) {
        add(name) { arguments in
            let values = arguments.values
            return { value in
                do throws(ValidationError) {
                    try validate(value, values)
                    return []
                } catch {
                    return error.items
                }
            }
        }
    }

    /// Adds a validator of text; a later call for the name replaces it.
    ///
    ///     FieldValidators.register("validate_plate", RegexValidator(#"^[A-Z]{2}[0-9]+\Z"#))
    ///
    /// - Parameters:
    ///   - name: the name in `ValidatorSchema`.
    ///   - validator: the validator, as forms take it; a value that has no text passes.
    public static func register(_ name: String, _ validator: some Validator<String>) {
        add(name) { _ in text(validator) }
    }

    /// Adds a validator of numbers; a later call for the name replaces it.
    ///
    /// - Parameters:
    ///   - name: the name in `ValidatorSchema`.
    ///   - validator: the validator, as forms take it; a value that is no number passes.
    public static func register(_ name: String, _ validator: some Validator<NumericValue>) {
        add(name) { _ in { value in number(value).map { problems(of: $0, validator) } ?? [] } }
    }

    /// Adds what makes a validator of its arguments.
    package static func add(_ name: String, _ factory: @escaping Factory) {
        own.withLock { $0[name] = factory }
        known.withLock { $0 = $0.filter { $0.key.name != name } }
    }

    /// The names that fields may give, in alphabetical order.
    public static var names: [String] {
        (Array(builtIn.keys) + own.withLock { Array($0.keys) }).sorted()
    }

    // MARK: Looking them up

    /// The check that a field's validator stands for.
    static func check(of schema: ValidatorSchema) throws(Mistake) -> Check {
        if let check = known.withLock({ $0[schema] }) { return check }
        guard let factory = builtIn[schema.name] ?? own.withLock({ $0[schema.name] }) else {
            let names = names
            throw Mistake(
                reason: "No validator has this name.\(NearestName.hint(schema.name, in: names)) "
                    + "Register it with FieldValidators.register, or choose one of: "
                    + "\(names.joined(separator: ", "))."
            )
        }
        let check = try factory(ValidatorArguments(schema.arguments))
        known.withLock { $0[schema] = check }
        return check
    }

    /// Refuses a field with a validator that cannot be used.
    ///
    /// - Throws: ``FieldError/unusableValidator(name:field:reason:)``.
    static func verify(_ field: FieldSchema) throws(FieldError) {
        guard let (validator, mistake) = mistakes(of: field).first else { return }
        throw .unusableValidator(name: validator, field: field.name, reason: mistake.reason)
    }

    /// The validators of a field, and of what its elements are values of, that cannot be used.
    static func mistakes(of field: FieldSchema) -> [(validator: String, mistake: Mistake)] {
        var mistakes: [(String, Mistake)] = []
        var next: FieldSchema? = field
        while let schema = next {
            for validator in schema.validators {
                do throws(Mistake) {
                    _ = try check(of: validator)
                } catch {
                    mistakes.append((validator.name, error))
                }
            }
            next = schema.baseField
        }
        return mistakes
    }
}

// MARK: Values

extension FieldValidators {
    static func problems<Value, Rule: Validator<Value>>(
        of value: Value,
        _ validator: Rule
    ) -> [ValidationError.Item] {
        do {
            try validator.validate(value)
            return []
        } catch {
            return error.items
        }
    }

    static func text<Rule: Validator<String>>(_ validator: Rule) -> Check {
        { value in value.asText.map { problems(of: $0, validator) } ?? [] }
    }

    /// A check of values that one closure takes out of columns; others pass.
    static func values<Value, Rule: Validator<Value>>(
        _ validator: Rule,
        _ take: @escaping @Sendable (SQLValue) -> Value?
    ) -> Check {
        { value in take(value).map { problems(of: $0, validator) } ?? [] }
    }

    package static func exact(_ value: SQLValue) -> ExactDecimal? {
        switch value {
        case .int(let number): ExactDecimal(number)
        case .decimal(let number): ExactDecimal(number)
        case .double(let number): ExactDecimal(number.description)
        default: nil
        }
    }

    static func number(_ value: SQLValue) -> NumericValue? {
        switch value {
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .decimal(let number): .decimal(ExactDecimal(number))
        default: nil
        }
    }

    static func least(_ limit: NumericValue) -> Check {
        values(MinValueValidator<NumericValue>(limit), number)
    }

    static func greatest(_ limit: NumericValue) -> Check {
        values(MaxValueValidator<NumericValue>(limit), number)
    }
}

extension FieldSchema {
    /// Errors of the field with the texts that the model gives for their codes.
    ///
    /// Django: `error_messages` of a model field.
    func withOwnMessages(_ error: ValidationError) -> ValidationError {
        guard !errorMessages.isEmpty else { return error }
        var error = error
        for index in error.items.indices {
            if let text = errorMessages[error.items[index].code] {
                error.items[index].message = ErrorMessage(text)
            }
        }
        return error
    }
}
