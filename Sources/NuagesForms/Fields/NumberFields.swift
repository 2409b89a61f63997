public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The limits of a number.
public struct NumberLimits: Sendable {
    /// The largest number; nil sets no limit.
    public var max: NumericValue?
    /// The smallest number; nil sets no limit.
    public var min: NumericValue?
    /// The distance between two accepted numbers, counted from ``min``; nil accepts all.
    public var step: NumericValue?

    var validators: [FieldValidator] {
        var validators: [FieldValidator] = []
        if let max { validators.append(FieldValidator(number: MaxValueValidator(max))) }
        if let min { validators.append(FieldValidator(number: MinValueValidator(min))) }
        if let step {
            validators.append(FieldValidator(number: StepValueValidator(step, offset: min)))
        }
        return validators
    }

    func attributes(for widget: any Widget) -> HTMLAttributes {
        var attributes: HTMLAttributes = [:]
        guard let input = widget as? TextInput, input.kind == .number else { return attributes }
        if let min { attributes["min"] = .text(min.description) }
        if let max { attributes["max"] = .text(max.description) }
        if let step { attributes["step"] = .text(step.description) }
        return attributes
    }

    /// Adds the step that a field without one has.
    func attributes(for widget: any Widget, defaultStep: String) -> HTMLAttributes {
        var attributes = attributes(for: widget)
        guard let input = widget as? TextInput, input.kind == .number,
            input.options.attributes["step"] == nil, attributes["step"] == nil
        else { return attributes }
        attributes["step"] = .text(defaultStep)
        return attributes
    }
}

/// A whole number.
public struct IntegerField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Int

    /// What every field has.
    public var options = FieldOptions()
    /// The limits.
    public var limits: NumberLimits

    /// A whole number.
    ///
    /// - Parameters:
    ///   - maxValue: the largest number; nil sets no limit.
    ///   - minValue: the smallest number; nil sets no limit.
    ///   - stepSize: the distance between two accepted numbers, counted from `minValue`.
    public init(
        maxValue: NumericValue? = nil,
        minValue: NumericValue? = nil,
        stepSize: NumericValue? = nil
    ) {
        limits = NumberLimits(max: maxValue, min: minValue, step: stepSize)
    }

    /// An input for numbers; browsers only know those of source code.
    public var defaultWidget: any Widget { TextInput(options.isLocalized ? .text : .number) }

    /// The message of text that is no whole number.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a whole number."
        default: nil
        }
    }

    /// The number; zeros behind a point are ignored, and numbers beyond 64 bits become decimals.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        if !options.isLocalized, case .string(let text) = raw, let number = text.decimalDigitsValue
        {
            return .int(number)
        }
        var text = raw.text
        if options.isLocalized, case .string = raw {
            text = LocalizedInput.plainNumber(text, FormEnvironment.current.localization)
        }
        guard let number = NumberText.integer(Self.withoutZeroFraction(text)) else {
            throw error("invalid")
        }
        if let small = number.intValue { return .int(small) }
        return .decimal(number)
    }

    /// Drops a last point with nothing but zeros and white space behind it.
    private static func withoutZeroFraction(_ text: String) -> String {
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return text }
        let tail = text.unicodeScalars[dot...].dropFirst()
        let rest = tail.drop { $0 == "0" }
        return rest.allSatisfy(PythonText.isSpace) ? String(text[..<dot]) : text
    }

    /// The limits.
    public var ownValidators: [FieldValidator] { limits.validators }

    /// `min`, `max` and `step`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        limits.attributes(for: widget)
    }
}

/// A floating-point number that is finite.
public struct FloatField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Double

    /// What every field has.
    public var options = FieldOptions()
    /// The limits.
    public var limits: NumberLimits

    /// A floating-point number.
    ///
    /// - Parameters:
    ///   - maxValue: the largest number; nil sets no limit.
    ///   - minValue: the smallest number; nil sets no limit.
    ///   - stepSize: the distance between two accepted numbers, counted from `minValue`.
    public init(
        maxValue: NumericValue? = nil,
        minValue: NumericValue? = nil,
        stepSize: NumericValue? = nil
    ) {
        limits = NumberLimits(max: maxValue, min: minValue, step: stepSize)
    }

    /// An input for numbers; browsers only know those of source code.
    public var defaultWidget: any Widget { TextInput(options.isLocalized ? .text : .number) }

    /// The message of text that is no number.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a number."
        default: nil
        }
    }

    /// The number.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        if let number = raw.number { return .double(number.double) }
        guard case .string(var text) = raw else { throw error("invalid") }
        if options.isLocalized {
            text = LocalizedInput.plainNumber(text, FormEnvironment.current.localization)
        }
        guard let number = NumberText.double(text) else { throw error("invalid") }
        return .double(number)
    }

    /// Refuses empty values of a required field, infinity and NaN.
    public func check(_ value: FormValue) throws(ValidationError) {
        if options.isRequired, value.isEmpty { throw error("required") }
        if case .double(let number) = value, !number.isFinite { throw error("invalid") }
    }

    /// The limits.
    public var ownValidators: [FieldValidator] { limits.validators }

    /// `min`, `max` and `step`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        limits.attributes(for: widget, defaultStep: "any")
    }
}

/// An exact decimal number.
public struct DecimalField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Decimal

    /// What every field has.
    public var options = FieldOptions()
    /// The limits.
    public var limits: NumberLimits
    /// The most digits; nil sets no limit but the 38 of `Decimal`.
    public var maxDigits: Int?
    /// The most digits behind the point; nil sets no limit.
    public var decimalPlaces: Int?

    /// An exact decimal number.
    ///
    /// - Parameters:
    ///   - maxValue: the largest number; nil sets no limit.
    ///   - minValue: the smallest number; nil sets no limit.
    ///   - stepSize: the distance between two accepted numbers, counted from `minValue`.
    ///   - maxDigits: the most digits; nil sets no limit but the 38 of `Decimal`.
    ///   - decimalPlaces: the most digits behind the point; nil sets no limit.
    public init(
        maxValue: NumericValue? = nil,
        minValue: NumericValue? = nil,
        stepSize: NumericValue? = nil,
        maxDigits: Int? = nil,
        decimalPlaces: Int? = nil
    ) {
        limits = NumberLimits(max: maxValue, min: minValue, step: stepSize)
        self.maxDigits = maxDigits
        self.decimalPlaces = decimalPlaces
    }

    /// An input for numbers; browsers only know those of source code.
    public var defaultWidget: any Widget { TextInput(options.isLocalized ? .text : .number) }

    /// The message of text that is no number.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a number."
        default: nil
        }
    }

    /// The number with all its digits.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        if case .decimal = raw { return raw }
        var text = raw.text
        if options.isLocalized, case .string = raw {
            text = LocalizedInput.plainNumber(text, FormEnvironment.current.localization)
        }
        guard let number = NumberText.decimal(text) else { throw error("invalid") }
        return .decimal(number)
    }

    /// Refuses empty values of a required field, infinity and NaN.
    public func check(_ value: FormValue) throws(ValidationError) {
        if options.isRequired, value.isEmpty { throw error("required") }
        if case .decimal(let number) = value, !number.isFinite {
            throw error("invalid", [ErrorParameter("value", number.description)])
        }
    }

    /// The limits.
    public var ownValidators: [FieldValidator] {
        limits.validators + [
            FieldValidator(DecimalValidator(maxDigits: maxDigits, decimalPlaces: decimalPlaces))
        ]
    }

    /// `min`, `max` and `step`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        limits.attributes(for: widget, defaultStep: decimalStep)
    }

    private var decimalStep: String {
        guard let decimalPlaces else { return "any" }
        let unit = ExactDecimal(isNegative: false, digits: [1], exponent: -decimalPlaces)
        return unit.description.asciiLowercased
    }
}
