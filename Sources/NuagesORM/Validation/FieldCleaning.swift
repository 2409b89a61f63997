import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Checks the value of a field, as forms and `fullClean` do before a row is saved.
///
/// Source: Django's `Field.clean`, with the errors of each kind of field.
struct FieldCleaning {
    private let schema: FieldSchema
    private let type: ValueType
    private let dialect: any SQLDialect

    init(field: FieldInfo, dialect: any SQLDialect) {
        schema = field.schema
        type = ValueType(field)
        self.dialect = dialect
    }

    /// For a field without a column of its own, such as that of an array's elements.
    init(schema: FieldSchema, dialect: any SQLDialect) {
        self.schema = schema
        type = ValueType(schema)
        self.dialect = dialect
    }

    /// The value as the field holds it.
    ///
    /// - Throws: `ValidationError` with Django's codes.
    func cleaned(_ value: SQLValue) throws(ValidationError) -> SQLValue {
        do {
            return try checked(value)
        } catch {
            throw schema.withOwnMessages(error)
        }
    }

    private func checked(_ value: SQLValue) throws(ValidationError) -> SQLValue {
        var converted = try converted(value)
        try checkGiven(converted)
        if converted != .null, type.family == .other,
            let behaviour = FieldKinds.behaviour(of: type.field)
        {
            let cleaner = FieldCleaner(field: schema, dialect: dialect)
            converted = try behaviour.clean(converted, cleaner)
        }
        var items: [ValidationError.Item] = []
        if !Self.isEmpty(converted) {
            for check in checks { items += check(converted) }
        }
        guard items.isEmpty else { throw ValidationError(items) }
        return converted
    }

    /// Whether a value counts as none.
    static func isEmpty(_ value: SQLValue) -> Bool {
        switch value {
        case .null, .text(""), .json(.null), .json(.array([])), .json(.object([])),
            .array([]):
            true
        default: false
        }
    }

    // MARK: Conversion

    private func converted(_ value: SQLValue) throws(ValidationError) -> SQLValue {
        if value == .null { return value }
        switch (type.family, value) {
        case (.boolean, .text("")) where schema.isNullable: return .null
        case (.date, .text(let text)):
            return .date(
                try parsed(
                    ISODateTime.parseDate(text),
                    of: text,
                    "date",
                    "an invalid date format. It must be in YYYY-MM-DD format"
                )
            )
        case (.time, .text(let text)):
            return .time(
                try parsed(
                    ISODateTime.parseTime(text),
                    of: text,
                    "time",
                    "an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format"
                )
            )
        case (.dateTime, .text(let text)): return try moment(text)
        case (.address, .text(let text)): return .text(try address(text))
        case (.json, _), (.binary, _), (.address, _): return value
        case (.text, _): return value.asText.map { .text($0) } ?? value
        default: break
        }
        guard let result = type.converted(value) else { throw invalid(value) }
        return result
    }

    private func parsed<Value>(
        _ outcome: ISODateTime.Outcome<Value>,
        of text: String,
        _ kind: String,
        _ form: String
    ) throws(ValidationError) -> Value {
        switch outcome {
        case .value(let value): return value
        case .impossible:
            throw ValidationError(
                ErrorMessage("The value has the correct format, but there is no such \(kind)."),
                code: "invalid_\(kind)",
                parameters: Self.parameters(text)
            )
        case .malformed:
            throw ValidationError(
                ErrorMessage("The value has \(form)."),
                code: "invalid",
                parameters: Self.parameters(text)
            )
        }
    }

    /// The value, for the messages that name it.
    private static func parameters(_ text: String) -> [ErrorParameter] {
        [ErrorParameter("value", FieldError.shown(text))]
    }

    /// A moment; without an offset it is one of the site's zone, and a day alone its beginning.
    private func moment(_ text: String) throws(ValidationError) -> SQLValue {
        if case .value(let clock) = ISODateTime.parse(text) {
            return .dateTime(clock.moment(assuming: .ofSite))
        }
        switch ISODateTime.parseDate(text) {
        case .value(let day):
            guard let start = day.startOnSiteClock else { throw invalid(.text(text)) }
            return .dateTime(start)
        case .impossible:
            throw ValidationError(
                "The value has the correct format, but there is no such day.",
                code: "invalid_date",
                parameters: Self.parameters(text)
            )
        case .malformed: break
        }
        if case .impossible = ISODateTime.parse(text) {
            throw ValidationError(
                "The value has the correct format, but there is no such moment.",
                code: "invalid_datetime",
                parameters: Self.parameters(text)
            )
        }
        throw ValidationError(
            "The value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.",
            code: "invalid",
            parameters: Self.parameters(text)
        )
    }

    /// An address in its shortest form.
    private func address(_ text: String) throws(ValidationError) -> String {
        let scalars = text.unicodeScalars.drop(while: \.properties.isWhitespace)
        let end = scalars.lastIndex { !$0.properties.isWhitespace }
        let trimmed = end.map { String(scalars[...$0]) } ?? ""
        guard trimmed.utf8.contains(UInt8(ascii: ":")) else { return trimmed }
        guard trimmed.unicodeScalars.count <= IPAddressValidator.maxLength,
            let address = IPv6Address(trimmed)
        else {
            throw ValidationError(
                "Enter a valid %(protocol)s address.",
                code: "invalid",
                parameters: [ErrorParameter("protocol", "IPv6")] + Self.parameters(trimmed)
            )
        }
        return schema.shownAddress(address)
    }

    private func invalid(_ value: SQLValue) -> ValidationError {
        ValidationError(
            ErrorMessage("“%(value)s” is no value of a \(type.field.rawValue)."),
            code: "invalid",
            parameters: [ErrorParameter("value", FieldError.shown(value.asText ?? "?"))]
        )
    }

    // MARK: What must be given

    private func checkGiven(_ value: SQLValue) throws(ValidationError) {
        guard schema.isEditable, !schema.type.isAutomatic else { return }
        let isEmpty = Self.isEmpty(value)
        if !schema.choices.isEmpty, !isEmpty {
            if schema.choices.contains(where: { $0.value == value }) { return }
            throw ValidationError(
                "Value %(value)s is not a valid choice.",
                code: "invalid_choice",
                parameters: [ErrorParameter("value", FieldError.shown(value.asText ?? "?"))]
            )
        }
        if value == .null, !schema.isNullable {
            throw ValidationError("This field cannot be null.", code: "null")
        }
        if !schema.allowsBlank, isEmpty {
            throw ValidationError("This field cannot be blank.", code: "blank")
        }
    }

    // MARK: Validators

    private typealias Check = FieldValidators.Check

    private var checks: [Check] {
        kindChecks
            + schema.validators.map { validator in
                do throws(FieldValidators.Mistake) {
                    return try FieldValidators.check(of: validator)
                } catch {
                    // Rows are looked through for it before; a field alone must not pass either.
                    let item = ValidationError.Item(ErrorMessage(error.reason), code: "invalid")
                    return { _ in [item] }
                }
            }
    }

    /// What every field of the kind checks.
    private var kindChecks: [Check] {
        var checks: [Check] = []
        switch type.field {
        case .emailField: checks.append(FieldValidators.text(EmailValidator()))
        case .urlField: checks.append(FieldValidators.text(URLValidator()))
        case .slugField:
            checks.append(
                FieldValidators.text(
                    SlugValidator(
                        allowsUnicode: schema.customOptions["allow_unicode"] == .bool(true)
                    )
                )
            )
        case .genericIPAddressField:
            checks.append(FieldValidators.text(IPAddressValidator(version)))
        case .decimalField:
            let validator = DecimalValidator(
                maxDigits: schema.maxDigits,
                decimalPlaces: schema.decimalPlaces
            )
            checks.append { value in
                FieldValidators.exact(value).map { FieldValidators.problems(of: $0, validator) }
                    ?? []
            }
        default: break
        }
        if type.family == .integer, let range = dialect.range(of: type) {
            checks.append(FieldValidators.least(.int(range.lowerBound)))
            checks.append(FieldValidators.greatest(.int(range.upperBound)))
        }
        // Only CharField and its kinds bring the validator; a file's length is that of its column.
        if [.charField, .emailField, .slugField, .urlField].contains(type.field),
            let length = schema.maxLength
        {
            checks.append(FieldValidators.text(MaxLengthValidator(length)))
        }
        return checks
    }

    private var version: IPAddressValidator.Version {
        guard case .text(let name)? = schema.customOptions["protocol"] else { return .both }
        switch name.lowercased() {
        case "ipv4": return .v4
        case "ipv6": return .v6
        default: return .both
        }
    }
}
