public import NuagesCore

/// Text input for a date, a time or both, shown in a format.
///
/// Django: `DateInput`, `TimeInput`, `DateTimeInput`.
public struct DateTimeInput: Widget {
    /// What the input is for.
    public enum Kind: Sendable {
        /// A date.
        case date
        /// A time.
        case time
        /// A date with its time.
        case dateTime
    }

    /// What the input is for.
    public var kind: Kind
    /// How values are shown; nil shows them in the first input format of the page's language.
    public var format: DateInputFormat?
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions
    var type: String

    /// An input for a date, a time or both.
    ///
    /// - Parameters:
    ///   - kind: what the input is for.
    ///   - format: how values are shown; nil for the format of the page's language.
    ///   - attributes: the attributes; `type` among them is the input's type.
    public init(
        _ kind: Kind,
        format: DateInputFormat? = nil,
        attributes: HTMLAttributes = [:]
    ) {
        self.kind = kind
        self.format = format
        var attributes = attributes
        type = attributes.text("type") ?? "text"
        attributes["type"] = nil
        options = WidgetOptions(attributes: attributes)
    }

    /// Whether the control cannot be seen.
    public var isHidden: Bool { type.equalsBytes("hidden") }

    /// Parts of a second are left out.
    public var supportsMicroseconds: Bool { false }

    /// The text in the widget's format.
    public func formatted(_ value: FormValue) -> FormValue {
        formattedText(value).map(FormValue.string) ?? .none
    }

    /// The template that Django has for the kind.
    public var defaultTemplateName: String? {
        switch kind {
        case .date: "django/forms/widgets/date.html"
        case .time: "django/forms/widgets/time.html"
        case .dateTime: "django/forms/widgets/datetime.html"
        }
    }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: value, attributes: attributes)
        context["type"] = .string(type)
        return context
    }

    /// Writes the control.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        InputElement.append(
            type: type,
            name: name,
            value: formattedText(value),
            attributes: options.attributes.merging(attributes),
            to: &output
        )
    }

    /// The text that the input shows; nil for none.
    ///
    /// Unlike other inputs, one of dates shows empty
    /// text as `value=""`.
    private func formattedText(_ value: FormValue) -> String? {
        switch value {
        case .none: nil
        case .string(let text): text
        case .int, .double, .decimal: LocalizedNumber.text(value)
        case .date(let date):
            TimeOfDay(hour: 0, minute: 0).map {
                format(or: \.dateInputFormats).text(of: LocalDateTime(date: date, time: $0))
            }
        case .time(let time):
            CalendarDate(year: 1900, month: 1, day: 1).map {
                format(or: \.timeInputFormats).text(of: LocalDateTime(date: $0, time: time))
            }
        case .dateTime(let dateTime): format(or: \.dateTimeInputFormats).text(of: dateTime)
        default: value.text
        }
    }

    /// The widget's format, or the language's for what the widget is for.
    private func format(
        or path: KeyPath<FormEnvironment, [DateInputFormat]>
    ) -> DateInputFormat {
        if let format { return format }
        let environment = FormEnvironment.current
        let formats =
            switch kind {
            case .date: environment.dateInputFormats
            case .time: environment.timeInputFormats
            case .dateTime: environment.dateTimeInputFormats
            }
        return formats.first ?? environment[keyPath: path].first ?? "%Y-%m-%d"
    }
}
