public import NuagesCore

/// A field that two ends of a range can be entered by.
public protocol RangeBaseField: FormField {
    /// What is wrong with ends that are none.
    static var rangeMessage: ErrorMessage { get }
}

extension IntegerField: RangeBaseField {
    /// The message of ranges of whole numbers.
    public static var rangeMessage: ErrorMessage { "Enter two whole numbers." }
}

extension DecimalField: RangeBaseField {
    /// The message of ranges of numbers.
    public static var rangeMessage: ErrorMessage { "Enter two numbers." }
}

extension DateField: RangeBaseField {
    /// The message of ranges of days.
    public static var rangeMessage: ErrorMessage { "Enter two valid dates." }
}

extension DateTimeField: RangeBaseField {
    /// The message of ranges of moments.
    public static var rangeMessage: ErrorMessage { "Enter two valid date/times." }
}

/// A range of whole numbers, by its two ends.
public typealias IntegerRangeField = BaseRangeField<IntegerField>
/// A range of exact numbers, by its two ends.
public typealias DecimalRangeField = BaseRangeField<DecimalField>
/// A range of days, by its two ends.
public typealias DateRangeField = BaseRangeField<DateField>
/// A range of moments, by its two ends.
public typealias DateTimeRangeField = BaseRangeField<DateTimeField>

/// A range by its two ends, each of which may be missing.
///
///     IntegerRangeField(IntegerField(minValue: 0))
///     DateTimeRangeField(defaultBounds: .both)
///
/// The controls are called `seats_0` and `seats_1`. As in Django, the field may be left empty unless
/// it is `required(true)`, which asks for one end at least.
///
/// Django: `django.contrib.postgres.forms.BaseRangeField`. Nothing of it needs PostgreSQL.
public struct BaseRangeField<Base: RangeBaseField>: FormField {
    /// The type of the cleaned value.
    public typealias Value = FormRange<Base.Value>

    /// What every field has.
    public var options: FieldOptions
    /// The field of each end.
    public var base: Base
    /// Whether the ends that are entered belong to the range.
    public var defaultBounds: FormRangeBounds

    /// A range by its two ends.
    ///
    /// - Parameters:
    ///   - base: the field of each end, whose rules hold for both.
    ///   - defaultBounds: whether the ends that are entered belong to the range.
    public init(_ base: Base, defaultBounds: FormRangeBounds = .lowerOnly) {
        self.base = base.required(false)
        self.defaultBounds = defaultBounds
        options = FieldOptions()
        options.isRequired = false
    }

    /// The messages of ranges.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": Base.rangeMessage
        case "incomplete": "Enter a complete value."
        case "bound_ordering": "The start of the range must not exceed the end of the range."
        default: nil
        }
    }

    /// Two controls of the base field.
    public var defaultWidget: any Widget { MultiWidget.range(base.resolvedWidget()) }

    /// Two hidden inputs.
    public var hiddenWidget: any Widget { MultiWidget.range(base.hiddenWidget) }

    /// An array with the two ends.
    public var jsonShape: JSONShape { .list }

    /// Neither end: a range may lack one.
    public var requiredParts: [Bool]? { [false, false] }

    /// The range as a field of two parts.
    private var parts: MultiValueField<FormRange<FormValue>> {
        let bounds = defaultBounds
        var parts = MultiValueField<FormRange<FormValue>>(
            [base, base],
            requireAllFields: false,
            compress: { values throws(ValidationError) in
                guard values.count == 2 else { return nil }
                if Self.isAbove(values[0], values[1]) { throw error("bound_ordering") }
                return FormRange(values[0].ifFilled, values[1].ifFilled, bounds: bounds)
            },
            decompress: { [$0.lower ?? .none, $0.upper ?? .none] }
        )
        parts.options = options
        for code in ["required", "invalid", "incomplete"] {
            parts.options.errorMessages[code] = error(code).items[0].message
        }
        return parts
    }

    private static func isAbove(_ lower: FormValue, _ upper: FormValue) -> Bool {
        switch (lower, upper) {
        case (.date(let lower), .date(let upper)): lower > upper
        case (.dateTime(let lower), .dateTime(let upper)):
            lower.microsecondsSince1970 > upper.microsecondsSince1970
        default:
            if let lower = lower.number?.decimal, let upper = upper.number?.decimal {
                lower > upper
            } else {
                false
            }
        }
    }

    /// Cleans both ends, and compares them.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        try parts.clean(raw, initial: initial)
    }

    /// The ends of the range as the controls show them.
    public func prepare(_ value: FormValue) -> FormValue {
        switch value {
        case .range(let range):
            .list([base.prepare(range.lower ?? .none), base.prepare(range.upper ?? .none)])
        case .none: .list([base.prepare(.none), base.prepare(.none)])
        default: value
        }
    }

    /// Compares the ends.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        parts.hasChanged(initial: initial, data: data)
    }
}

extension BaseRangeField where Base == IntegerField {
    /// A range of whole numbers.
    ///
    /// - Parameter defaultBounds: whether the ends that are entered belong to the range.
    public init(defaultBounds: FormRangeBounds = .lowerOnly) {
        self.init(IntegerField(), defaultBounds: defaultBounds)
    }
}

extension BaseRangeField where Base == DecimalField {
    /// A range of exact numbers.
    ///
    /// - Parameter defaultBounds: whether the ends that are entered belong to the range.
    public init(defaultBounds: FormRangeBounds = .lowerOnly) {
        self.init(DecimalField(), defaultBounds: defaultBounds)
    }
}

extension BaseRangeField where Base == DateField {
    /// A range of days.
    ///
    /// - Parameter defaultBounds: whether the ends that are entered belong to the range.
    public init(defaultBounds: FormRangeBounds = .lowerOnly) {
        self.init(DateField(), defaultBounds: defaultBounds)
    }
}

extension BaseRangeField where Base == DateTimeField {
    /// A range of moments.
    ///
    /// - Parameter defaultBounds: whether the ends that are entered belong to the range.
    public init(defaultBounds: FormRangeBounds = .lowerOnly) {
        self.init(DateTimeField(), defaultBounds: defaultBounds)
    }
}

extension FormValue {
    /// The value; nil, which is no `FormValue`, where it is none.
    fileprivate var ifFilled: FormValue? {
        if isEmpty { return FormValue?.none }
        return .some(self)
    }
}
