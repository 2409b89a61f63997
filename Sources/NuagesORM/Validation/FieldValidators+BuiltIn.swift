import NuagesCore
import NuagesRegex

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FieldValidators {
    /// Django's validators by its names.
    static let builtIn: [String: Factory] = {
        var table: [String: Factory] = [
            "validate_slug": { _ in text(SlugValidator()) },
            "validate_unicode_slug": { _ in text(SlugValidator(allowsUnicode: true)) },
            "validate_email": { _ in text(EmailValidator()) },
            "validate_domain_name": { _ in text(DomainNameValidator()) },
            "validate_integer": { _ in text(IntegerTextValidator()) },
            "validate_ipv4_address": { _ in text(IPAddressValidator(.v4)) },
            "validate_ipv6_address": { _ in text(IPAddressValidator(.v6)) },
            "validate_ipv46_address": { _ in text(IPAddressValidator(.both)) },
            "validate_comma_separated_integer_list": { _ in
                text(IntegerListValidator.commaSeparated)
            },
            "validate_image_file_extension": { _ in text(FileExtensionValidator.image) },
        ]
        for (name, factory) in classes { table[name] = withOwnTexts(factory) }
        return table
    }()

    /// Those that take arguments.
    private static let classes: [String: Factory] = [
        "MinValueValidator": { arguments throws(Mistake) in try limit(arguments, isLeast: true) },
        "MaxValueValidator": { arguments throws(Mistake) in try limit(arguments, isLeast: false) },
        "MinLengthValidator": { arguments throws(Mistake) in
            text(MinLengthValidator(try arguments.integer("limit_value")))
        },
        "MaxLengthValidator": { arguments throws(Mistake) in
            text(MaxLengthValidator(try arguments.integer("limit_value")))
        },
        "StepValueValidator": { arguments throws(Mistake) in try step(arguments) },
        "DecimalValidator": { arguments throws(Mistake) in
            let digits = try arguments.optionalInteger("max_digits")
            let places = try arguments.optionalInteger("decimal_places")
            return values(DecimalValidator(maxDigits: digits, decimalPlaces: places), exact)
        },
        "RegexValidator": { arguments throws(Mistake) in try regex(arguments) },
        "EmailValidator": { arguments throws(Mistake) in
            let allowlist = try arguments.texts("allowlist")
            return text(allowlist.map { EmailValidator(allowlist: $0) } ?? EmailValidator())
        },
        "URLValidator": { arguments throws(Mistake) in
            let schemes = try arguments.texts("schemes")
            return text(schemes.map { URLValidator(schemes: $0) } ?? URLValidator())
        },
        "DomainNameValidator": { arguments throws(Mistake) in
            text(DomainNameValidator(acceptsIDNA: try arguments.flag("accept_idna") ?? true))
        },
        "ProhibitNullCharactersValidator": { _ in text(NullCharacterValidator()) },
        "FileExtensionValidator": { arguments throws(Mistake) in
            let extensions = try arguments.texts("allowed_extensions")
            return text(FileExtensionValidator(allowedExtensions: extensions))
        },
        "int_list_validator": { arguments throws(Mistake) in
            text(
                IntegerListValidator(
                    separator: try arguments.text("sep") ?? ",",
                    allowsNegative: try arguments.flag("allow_negative") ?? false
                )
            )
        },
    ]

    /// The `message` and `code` that a field gives in place of a validator's own.
    package static func withOwnTexts(_ factory: @escaping Factory) -> Factory {
        { arguments throws(Mistake) in
            let (message, code) = (try arguments.text("message"), try arguments.text("code"))
            let check = try factory(arguments)
            if message == nil, code == nil { return check }
            return { value in
                check(value).map { item in
                    var item = item
                    if let message { item.message = ErrorMessage(message) }
                    if let code { item.code = code }
                    return item
                }
            }
        }
    }

    private static func limit(
        _ arguments: ValidatorArguments,
        isLeast: Bool
    ) throws(Mistake) -> Check {
        let limit = arguments.values["limit_value"] ?? .null
        if let limit = number(limit) { return isLeast ? least(limit) : greatest(limit) }
        switch limit {
        case .date(let limit):
            return bound(limit, isLeast) { if case .date(let value) = $0 { value } else { nil } }
        case .time(let limit):
            return bound(limit, isLeast) { if case .time(let value) = $0 { value } else { nil } }
        case .dateTime(let limit):
            return bound(limit, isLeast) {
                if case .dateTime(let value) = $0 { value } else { nil }
            }
        case .duration(let limit):
            return bound(limit, isLeast) {
                if case .duration(let value) = $0 { value } else { nil }
            }
        default: throw arguments.mistake("limit_value", "a number, a date, a time or a duration")
        }
    }

    private static func bound<Value: Comparable & Sendable & CustomStringConvertible>(
        _ limit: Value,
        _ isLeast: Bool,
        _ take: @escaping @Sendable (SQLValue) -> Value?
    ) -> Check {
        isLeast
            ? values(MinValueValidator(limit), take) : values(MaxValueValidator(limit), take)
    }

    private static func step(_ arguments: ValidatorArguments) throws(Mistake) -> Check {
        guard let step = arguments.values["limit_value"].flatMap(number), step.double != 0 else {
            throw arguments.mistake("limit_value", "a number that is not zero")
        }
        let offset = arguments.values["offset"] ?? .null
        if offset != .null, number(offset) == nil { throw arguments.mistake("offset", "a number") }
        return values(StepValueValidator(step, offset: number(offset)), number)
    }

    private static func regex(_ arguments: ValidatorArguments) throws(Mistake) -> Check {
        let validator = RegexValidator(
            try arguments.text("regex") ?? "",
            inverseMatch: try arguments.flag("inverse_match") ?? false,
            options: try options(arguments)
        )
        if case .failure(let error) = validator.regex { throw Mistake(reason: "\(error)") }
        return text(validator)
    }

    /// Python's flags: `re.IGNORECASE` is 2, and so on.
    private static func options(
        _ arguments: ValidatorArguments
    ) throws(Mistake) -> LinearRegex.Options {
        let bits = try arguments.optionalInteger("flags") ?? 0
        let flags: [(bit: Int, option: LinearRegex.Options)] = [
            (2, .ignoreCase), (8, .multiline), (16, .dotAll), (64, .verbose), (256, .ascii),
        ]
        // 32 is re.UNICODE, which every pattern has.
        let all = flags.reduce(32) { $0 | $1.bit }
        guard bits >= 0, bits & ~all == 0 else {
            throw arguments.mistake("flags", "a sum of Python's flags without DEBUG and LOCALE")
        }
        return flags.reduce(into: []) { if bits & $1.bit != 0 { $0.insert($1.option) } }
    }
}

/// The arguments that a field gives its validator, by Django's names.
package struct ValidatorArguments {
    package let values: [String: SQLValue]

    init(_ values: [String: SQLValue]) { self.values = values }

    package func mistake(_ name: String, _ expected: String) -> FieldValidators.Mistake {
        FieldValidators.Mistake(reason: "Its argument '\(name)' has to be \(expected).")
    }

    private func given(_ name: String) -> SQLValue? {
        values[name].flatMap { $0 == .null ? nil : $0 }
    }

    package func integer(_ name: String) throws(FieldValidators.Mistake) -> Int {
        guard let number = try optionalInteger(name) else {
            throw mistake(name, "a whole number")
        }
        return number
    }

    package func optionalInteger(_ name: String) throws(FieldValidators.Mistake) -> Int? {
        guard let value = given(name) else { return nil }
        guard case .int(let number) = value else { throw mistake(name, "a whole number") }
        return number
    }

    package func text(_ name: String) throws(FieldValidators.Mistake) -> String? {
        guard let value = given(name) else { return nil }
        guard case .text(let text) = value else { throw mistake(name, "text") }
        return text
    }

    package func flag(_ name: String) throws(FieldValidators.Mistake) -> Bool? {
        guard let value = given(name) else { return nil }
        guard case .bool(let flag) = value else { throw mistake(name, "true or false") }
        return flag
    }

    /// A list of texts, as an array or a JSON document.
    package func texts(_ name: String) throws(FieldValidators.Mistake) -> [String]? {
        guard let value = given(name) else { return nil }
        let texts: [String?] =
            switch value {
            case .array(let elements):
                elements.map { if case .text(let text) = $0 { text } else { nil } }
            case .json(.array(let elements)):
                elements.map { if case .string(let text) = $0 { text } else { nil } }
            default: [nil]
            }
        let found = texts.compactMap(\.self)
        guard found.count == texts.count else { throw mistake(name, "a list of texts") }
        return found
    }
}
