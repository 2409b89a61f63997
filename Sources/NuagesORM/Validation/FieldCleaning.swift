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
                    "date",
                    "an invalid date format. It must be in YYYY-MM-DD format"
                )
            )
        case (.time, .text(let text)):
            return .time(
                try parsed(
                    ISODateTime.parseTime(text),
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
        _ kind: String,
        _ form: String
    ) throws(ValidationError) -> Value {
        switch outcome {
        case .value(let value): return value
        case .impossible:
            throw ValidationError(
                ErrorMessage("The value has the correct format, but there is no such \(kind)."),
                code: "invalid_\(kind)"
            )
        case .malformed:
            throw ValidationError(ErrorMessage("The value has \(form)."), code: "invalid")
        }
    }

    private func moment(_ text: String) throws(ValidationError) -> SQLValue {
        if case .value(let clock) = ISODateTime.parse(text) {
            let zone = StoredZone.named(CurrentZone.name) ?? .utc
            return .dateTime(clock.moment(assuming: zone))
        }
        switch ISODateTime.parseDate(text) {
        case .value(let day):
            return .dateTime(Date(timeIntervalSince1970: Double(day.daysSince1970) * 86_400))
        case .impossible:
            throw ValidationError(
                "The value has the correct format, but there is no such day.",
                code: "invalid_date"
            )
        case .malformed: break
        }
        if case .impossible = ISODateTime.parse(text) {
            throw ValidationError(
                "The value has the correct format, but there is no such moment.",
                code: "invalid_datetime"
            )
        }
        throw ValidationError(
            "The value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.",
            code: "invalid"
        )
    }

    /// An address in its shortest form.
    private func address(_ text: String) throws(ValidationError) -> String {
        let scalars = text.unicodeScalars.drop(while: \.properties.isWhitespace)
        let end = scalars.lastIndex { !$0.properties.isWhitespace }
        let trimmed = end.map { String(scalars[...$0]) } ?? ""
        guard trimmed.utf8.contains(UInt8(ascii: ":")) else { return trimmed }
        guard let address = IPv6Address(trimmed) else {
            throw ValidationError("This is not a valid IPv6 address.", code: "invalid")
        }
        return address.description
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

    /// The problems of a value.
    private typealias Check = (SQLValue) -> [ValidationError.Item]

    private var checks: [Check] {
        kindChecks + schema.validators.compactMap { Self.check($0) }
    }

    /// What every field of the kind checks.
    private var kindChecks: [Check] {
        var checks: [Check] = []
        switch type.field {
        case .emailField: checks.append(Self.text(EmailValidator()))
        case .urlField: checks.append(Self.text(URLValidator()))
        case .slugField:
            checks.append(
                Self.text(
                    SlugValidator(
                        allowsUnicode: schema.customOptions["allow_unicode"] == .bool(true)
                    )
                )
            )
        case .genericIPAddressField: checks.append(Self.text(IPAddressValidator(version)))
        case .decimalField:
            let validator = DecimalValidator(
                maxDigits: schema.maxDigits,
                decimalPlaces: schema.decimalPlaces
            )
            checks.append { value in
                Self.exact(value).map { Self.problems(of: $0, validator) } ?? []
            }
        default: break
        }
        if type.family == .integer, let range = dialect.range(of: type) {
            checks.append(Self.least(.int(range.lowerBound)))
            checks.append(Self.greatest(.int(range.upperBound)))
        }
        // Only CharField and its kinds bring the validator; a file's length is that of its column.
        if [.charField, .emailField, .slugField, .urlField].contains(type.field),
            let length = schema.maxLength
        {
            checks.append(Self.text(MaxLengthValidator(length)))
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

    private static func problems<Value, Rule: Validator<Value>>(
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

    private static func text<Rule: Validator<String>>(_ validator: Rule) -> Check {
        { value in value.asText.map { problems(of: $0, validator) } ?? [] }
    }

    private static func exact(_ value: SQLValue) -> ExactDecimal? {
        switch value {
        case .int(let number): ExactDecimal(number)
        case .decimal(let number): ExactDecimal(number)
        case .double(let number): ExactDecimal(number.description)
        default: nil
        }
    }

    private static func number(_ value: SQLValue) -> NumericValue? {
        switch value {
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .decimal(let number): .decimal(ExactDecimal(number))
        default: nil
        }
    }

    private static func least(_ limit: NumericValue) -> Check {
        let validator = MinValueValidator<NumericValue>(limit)
        return { value in number(value).map { problems(of: $0, validator) } ?? [] }
    }

    private static func greatest(_ limit: NumericValue) -> Check {
        let validator = MaxValueValidator<NumericValue>(limit)
        return { value in number(value).map { problems(of: $0, validator) } ?? [] }
    }

    /// A validator that a model declares; nil for one that is not known by its name.
    private static func check(_ schema: ValidatorSchema) -> Check? {
        let limit = schema.arguments["limit_value"].flatMap(number)
        switch schema.name {
        case "MinValueValidator": return limit.map(least)
        case "MaxValueValidator": return limit.map(greatest)
        case "MinLengthValidator":
            guard case .int(let length)? = schema.arguments["limit_value"] else { return nil }
            return text(MinLengthValidator(length))
        case "MaxLengthValidator":
            guard case .int(let length)? = schema.arguments["limit_value"] else { return nil }
            return text(MaxLengthValidator(length))
        case "RegexValidator": return text(regex(schema))
        case "EmailValidator": return text(EmailValidator())
        case "URLValidator": return text(URLValidator())
        case "ProhibitNullCharactersValidator": return text(NullCharacterValidator())
        default: return nil
        }
    }

    private static func regex(_ schema: ValidatorSchema) -> RegexValidator {
        func argument(_ name: String) -> String? {
            if case .text(let text)? = schema.arguments[name] { text } else { nil }
        }
        return RegexValidator(
            argument("regex") ?? "",
            message: ErrorMessage(argument("message") ?? "Enter a valid value."),
            code: argument("code") ?? "invalid",
            inverseMatch: schema.arguments["inverse_match"] == .bool(true)
        )
    }
}
