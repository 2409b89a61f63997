import NuagesCore
import NuagesForms
import NuagesRegex

/// The cases of validators.
struct ValidatorCases: ConformanceKind {
    func accepts(_ item: JSONCase) -> Bool { item.function == "validator" }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        try FormCase.run(item) {
            let argument = item["args"]?.elements?.first ?? .null
            try ValidatorSpec(spec: item["spec"] ?? .null).validate(argument)
            return .none
        }
    }
}

/// Runs validators by the specifications of cases.
struct ValidatorSpec {
    let spec: JSONValue
    private var options: JSONValue? { spec["kwargs"] }

    private func argument(_ index: Int, _ name: String) -> JSONValue? {
        let arguments = spec["args"]?.elements ?? []
        let value = index < arguments.count ? arguments[index] : options?[name]
        return value == .null ? nil : value
    }

    func validate(_ json: JSONValue) throws {
        let name = spec["class"]?.text ?? spec["function"]?.text ?? spec["factory"]?.text ?? ""
        switch name {
        case "MaxValueValidator", "MinValueValidator", "StepValueValidator", "DecimalValidator",
            "BaseValidator":
            try validateNumber(name, json)
        case "MaxLengthValidator":
            try apply(FieldValidator(MaxLengthValidator(try limit())), to: json)
        case "MinLengthValidator":
            try apply(FieldValidator(MinLengthValidator(try limit())), to: json)
        case "FileExtensionValidator", "validate_image_file_extension":
            try validateFile(name, json)
        case "ProhibitNullCharactersValidator": try validateNull(json)
        case "RegexValidator": try validateRegex(json)
        default: try validateText(name, json)
        }
    }

    /// Applies a rule to a value as a field without rules of its own does.
    private func apply(_ validator: FieldValidator, to json: JSONValue) throws {
        try validator.validate(try FormValues.decode(json))
    }

    private func limit() throws -> Int {
        guard let limit = argument(0, "limit_value")?.number else {
            throw UnsupportedCase("the limit is a constant")
        }
        return limit
    }

    /// The text of a value as Django's validators see it: Python's `str()`.
    private func text(_ json: JSONValue) throws -> String {
        json.tag == "ip" ? json["v"]?.text ?? "" : try FormValues.text(json)
    }

    private func validateText(_ name: String, _ json: JSONValue) throws {
        let text = try text(json)
        switch name {
        case "validate_email": try EmailValidator().validate(text)
        case "EmailValidator":
            let list = options?["allowlist"]?.elements?.compactMap(\.text)
            try EmailValidator(allowlist: list ?? ["localhost"]).validate(text)
        case "validate_domain_name": try DomainNameValidator().validate(text)
        case "DomainNameValidator":
            try DomainNameValidator(acceptsIDNA: options?["accept_idna"]?.flag ?? true)
                .validate(text)
        case "URLValidator":
            let list = argument(0, "schemes")
            let schemes = (list?.elements ?? list?["v"]?.elements)?.compactMap(\.text)
            try (schemes.map { URLValidator(schemes: $0) } ?? URLValidator()).validate(text)
        case "validate_slug": try SlugValidator().validate(text)
        case "validate_unicode_slug": try SlugValidator(allowsUnicode: true).validate(text)
        case "validate_integer": try IntegerTextValidator().validate(text)
        case "validate_ipv4_address": try IPAddressValidator(.v4).validate(text)
        case "validate_ipv6_address": try IPAddressValidator(.v6).validate(text)
        case "validate_ipv46_address": try IPAddressValidator(.both).validate(text)
        case "validate_comma_separated_integer_list":
            try IntegerListValidator.commaSeparated.validate(text)
        case "int_list_validator":
            try IntegerListValidator(
                separator: options?["sep"]?.text ?? ",",
                allowsNegative: options?["allow_negative"]?.flag ?? false
            ).validate(text)
        default: throw UnsupportedCase("the validator \(name) is not built")
        }
    }

    private func validateNull(_ json: JSONValue) throws {
        var validator = NullCharacterValidator()
        if let text = options?["message"]?.text { validator.message = ErrorMessage(text) }
        if let text = options?["code"]?.text { validator.code = text }
        try validator.validate(try text(json))
    }

    private func validateRegex(_ json: JSONValue) throws {
        let flags = argument(4, "flags")?.number ?? 0
        var regexOptions: LinearRegex.Options = []
        for (bit, option) in [
            (2, LinearRegex.Options.ignoreCase), (8, .multiline), (16, .dotAll), (64, .verbose),
            (256, .ascii),
        ] where flags & bit != 0 { regexOptions.insert(option) }
        var validator = RegexValidator(
            argument(0, "regex")?.text ?? "",
            inverseMatch: argument(3, "inverse_match")?.flag ?? false,
            options: regexOptions
        )
        if let text = argument(1, "message")?.text { validator.message = ErrorMessage(text) }
        if let text = argument(2, "code")?.text { validator.code = text }
        try validator.validate(try text(json))
    }

    private func validateFile(_ name: String, _ json: JSONValue) throws {
        var validator =
            name == "FileExtensionValidator"
            ? FileExtensionValidator(
                allowedExtensions: argument(0, "allowed_extensions")?.elements?.compactMap(\.text)
            )
            : FileExtensionValidator.image
        if let text = options?["message"]?.text { validator.message = ErrorMessage(text) }
        if let text = options?["code"]?.text { validator.code = text }
        try validator.validate(json["name"]?.text ?? "")
    }

    private func validateNumber(_ name: String, _ json: JSONValue) throws {
        let value = try FormValues.decode(json)
        if name == "DecimalValidator" {
            guard case .decimal(let number) = value else { throw UnsupportedCase("no decimal") }
            try DecimalValidator(
                maxDigits: argument(0, "max_digits")?.number,
                decimalPlaces: argument(1, "decimal_places")?.number
            ).validate(number)
            return
        }
        let limit = try FormValues.decode(argument(0, "limit_value"))
        if name == "BaseValidator" {
            guard case .bool(let flag) = value, case .bool(let bound) = limit else {
                throw UnsupportedCase("no truth values to compare")
            }
            return try BaseValidator(bound).validate(flag)
        }
        if let number = Self.number(value), let bound = Self.number(limit) {
            switch name {
            case "MaxValueValidator": try MaxValueValidator(bound).validate(number)
            case "MinValueValidator": try MinValueValidator(bound).validate(number)
            case "StepValueValidator":
                let offset = try FormValues.decode(argument(1, "offset"))
                try StepValueValidator(bound, offset: Self.number(offset)).validate(number)
            default: throw UnsupportedCase("the validator \(name) is not built")
            }
            return
        }
        switch (value, limit) {
        case (.date(let value), .date(let limit)): try compare(name, value, limit)
        case (.dateTime(let value), .dateTime(let limit)):
            try compare(name, Moment(value), Moment(limit))
        default: throw UnsupportedCase("no numbers to compare")
        }
    }

    private func compare<Value: Comparable & Sendable & CustomStringConvertible>(
        _ name: String,
        _ value: Value,
        _ limit: Value
    ) throws {
        switch name {
        case "MaxValueValidator": try MaxValueValidator<Value>(limit).validate(value)
        case "MinValueValidator": try MinValueValidator<Value>(limit).validate(value)
        default: throw UnsupportedCase("the validator \(name) is not built")
        }
    }

    private static func number(_ value: FormValue) -> NumericValue? {
        switch value {
        case .bool(let flag): .int(flag ? 1 : 0)
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .decimal(let number): .decimal(number)
        default: nil
        }
    }
}

/// A date and time without a zone, to compare.
private struct Moment: Comparable, CustomStringConvertible {
    let value: LocalDateTime

    init(_ value: LocalDateTime) { self.value = value }

    static func == (left: Self, right: Self) -> Bool {
        left.value.date == right.value.date && left.value.time == right.value.time
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.value.date, left.value.time) < (right.value.date, right.value.time)
    }

    var description: String { "\(value.date) \(value.time)" }
}
