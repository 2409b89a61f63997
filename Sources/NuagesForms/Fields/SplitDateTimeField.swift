public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A moment, its date and its time entered apart.
public struct SplitDateTimeField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Date

    /// What every field has.
    public var options = FieldOptions()
    /// How the date may be entered; nil takes the formats of the page's language.
    public var inputDateFormats: [DateInputFormat]?
    /// How the time may be entered; nil takes the formats of the page's language.
    public var inputTimeFormats: [DateInputFormat]?

    /// A moment, its date and its time apart.
    ///
    /// - Parameters:
    ///   - inputDateFormats: how the date may be entered; nil for the formats of the page's language.
    ///   - inputTimeFormats: how the time may be entered; nil for the formats of the page's language.
    public init(
        inputDateFormats: [DateInputFormat]? = nil,
        inputTimeFormats: [DateInputFormat]? = nil
    ) {
        self.inputDateFormats = inputDateFormats
        self.inputTimeFormats = inputTimeFormats
    }

    /// An input for the date and one for the time.
    public var defaultWidget: any Widget { MultiWidget.splitDateTime() }

    /// An array with a value for each part.
    public var jsonShape: JSONShape { .list }

    /// Two hidden inputs.
    public var hiddenWidget: any Widget { MultiWidget.splitDateTime(isHidden: true) }

    /// The messages of dates and times.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a list of values."
        case "incomplete": "Enter a complete value."
        case "invalid_date": "Enter a valid date."
        case "invalid_time": "Enter a valid time."
        default: nil
        }
    }

    private func part(_ field: some FormField, code: String) -> any FormField {
        let message = error(code).items[0].message
        return field.required(false).errorMessages(["invalid": message])
    }

    private var parts: [any FormField] {
        [
            part(DateField(inputFormats: inputDateFormats), code: "invalid_date"),
            part(TimeField(inputFormats: inputTimeFormats), code: "invalid_time"),
        ]
    }

    /// The date and time in the current zone.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        var raw = raw
        if options.isDisabled, raw.elements == nil, case .dateTime(let dateTime) = raw {
            let local = DateTimeField.inCurrentZone(dateTime)
            raw = .list([.date(local.date), .time(local.time)])
        }
        if raw.isTrue, raw.elements == nil { throw error("invalid") }
        let values = raw.elements ?? []
        if values.allSatisfy(\.isEmpty) {
            if options.isRequired { throw error("required") }
            return .none
        }
        var cleaned: [FormValue] = []
        var items: [ValidationError.Item] = []
        for (index, field) in parts.enumerated() {
            let value = index < values.count ? values[index] : .none
            if value.isEmpty, options.isRequired { throw error("required") }
            do throws(ValidationError) {
                cleaned.append(try field.clean(value, initial: .none))
            } catch {
                items += error.items.filter { !items.contains($0) }
            }
        }
        if !items.isEmpty { throw ValidationError(items) }
        let value = try compress(cleaned)
        try runValidators(value)
        return value
    }

    private func compress(_ values: [FormValue]) throws(ValidationError) -> FormValue {
        guard case .date(let date)? = values.first else { throw error("invalid_date") }
        guard case .time(let time)? = values.last else { throw error("invalid_time") }
        return .dateTime(
            try DateTimeField.interpreted(LocalDateTime(date: date, time: time))
        )
    }

    /// Compares the parts.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        let old = MultiWidget.splitDateTime().values(of: initial)
        for ((field, old), new) in zip(zip(parts, old), data.elements ?? []) {
            guard let converted = field.converted(old) else { return true }
            if field.hasChanged(initial: converted, data: new) { return true }
        }
        return false
    }
}
