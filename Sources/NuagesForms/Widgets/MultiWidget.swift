public import NuagesCore

/// Several widgets for one value, named after the field with a suffix each.
///
/// Django: `MultiWidget`, `SplitDateTimeWidget`, `SplitHiddenDateTimeWidget`, `RangeWidget`,
/// `HiddenRangeWidget`.
public struct MultiWidget: Widget {
    /// One of the widgets and the suffix of its name.
    public struct Part: Sendable {
        /// What follows the field's name, such as `_0`.
        public var suffix: String
        /// The widget.
        public var widget: any Widget

        /// One of the widgets.
        ///
        /// - Parameters:
        ///   - suffix: what follows the field's name, such as `_0`.
        ///   - widget: the widget.
        public init(_ suffix: String, _ widget: any Widget) {
            self.suffix = suffix
            self.widget = widget
        }
    }

    /// The widgets.
    public var parts: [Part]
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions
    /// Whether the parts are a date and a time.
    private(set) var isSplitDateTime = false
    /// Whether the parts are the ends of a range.
    private(set) var isRange = false
    /// Which of the parts a browser demands; nil leaves it to the attributes.
    var requiredParts: [Bool]?
    private let decompress: @Sendable (FormValue) -> [FormValue]

    /// Several widgets.
    ///
    /// - Parameters:
    ///   - parts: the widgets.
    ///   - attributes: attributes of all of them.
    ///   - decompress: takes a value apart; an empty value gives none for each widget.
    public init(
        _ parts: [Part],
        attributes: HTMLAttributes = [:],
        decompress: @escaping @Sendable (FormValue) -> [FormValue]
    ) {
        self.parts = parts
        self.decompress = decompress
        options = WidgetOptions(attributes: attributes)
    }

    /// A date and a time apart.
    ///
    /// - Parameters:
    ///   - dateFormat: how the date is shown; nil for the format of the page's language.
    ///   - timeFormat: how the time is shown; nil for the format of the page's language.
    ///   - dateAttributes: the attributes of the date.
    ///   - timeAttributes: the attributes of the time.
    ///   - isHidden: whether both are hidden.
    /// - Returns: the widget.
    public static func splitDateTime(
        dateFormat: DateInputFormat? = nil,
        timeFormat: DateInputFormat? = nil,
        dateAttributes: HTMLAttributes = [:],
        timeAttributes: HTMLAttributes = [:],
        isHidden: Bool = false
    ) -> MultiWidget {
        var date = DateTimeInput(.date, format: dateFormat, attributes: dateAttributes)
        var time = DateTimeInput(.time, format: timeFormat, attributes: timeAttributes)
        if isHidden {
            date.type = "hidden"
            time.type = "hidden"
        }
        var widget = MultiWidget([Part("_0", date), Part("_1", time)]) { value in
            switch value {
            case .dateTime(let dateTime):
                let local = DateTimeField.inCurrentZone(dateTime)
                return [.date(local.date), .time(local.time)]
            default: return [.none, .none]
            }
        }
        widget.isSplitDateTime = true
        return widget
    }

    /// The two ends of a range (`RangeWidget`).
    ///
    /// - Parameters:
    ///   - base: the widget of each end.
    ///   - attributes: attributes of both of them.
    /// - Returns: the widget.
    public static func range(
        _ base: any Widget,
        attributes: HTMLAttributes = [:]
    ) -> MultiWidget {
        var widget = MultiWidget(
            [Part("_0", base), Part("_1", base)],
            attributes: attributes
        ) { value in
            guard case .range(let range) = value else { return [.none, .none] }
            return [range.lower ?? .none, range.upper ?? .none]
        }
        widget.isRange = true
        return widget
    }

    /// Hidden where every part is.
    public var isHidden: Bool { parts.allSatisfy { $0.widget.isHidden } }

    /// A group.
    public var usesFieldset: Bool { true }

    /// Whether one of the parts needs it.
    public var needsMultipartForm: Bool { parts.contains { $0.widget.needsMultipartForm } }

    /// Whether every part shows them.
    public var supportsMicroseconds: Bool { parts.allSatisfy { $0.widget.supportsMicroseconds } }

    /// What the parts need.
    public var media: Media { parts.reduce(Media()) { $0 + $1.widget.media } }

    /// A list of what each part submitted.
    public func value(from input: FormInput, name: String) -> FormValue {
        if let whole = input.wholeValue(name) { return whole }
        return .list(parts.map { $0.widget.value(from: input, name: name + $0.suffix) })
    }

    /// Whether no part was submitted.
    public func isOmitted(from input: FormInput, name: String) -> Bool {
        parts.allSatisfy { $0.widget.isOmitted(from: input, name: name + $0.suffix) }
    }

    /// None: the group has a legend.
    public func idForLabel(_ id: String) -> String? { nil }

    /// The values of the parts.
    func values(of value: FormValue) -> [FormValue] { value.elements ?? decompress(value) }

    /// The template that Django has for the kind.
    public var defaultTemplateName: String? {
        guard isSplitDateTime else { return "django/forms/widgets/multiwidget.html" }
        return isHidden
            ? "django/forms/widgets/splithiddendatetime.html"
            : "django/forms/widgets/splitdatetime.html"
    }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: .none, attributes: attributes)
        let values = values(of: value)
        context["value"] = .array(values.map(\.contextValue))
        var subwidgets: [ContextValue] = []
        forEachPart(name, values, attributes) { widget, name, value, attributes in
            subwidgets.append(
                .dictionary(
                    widget.templateContext(name: name, value: value, attributes: attributes)
                )
            )
        }
        context["subwidgets"] = .array(subwidgets)
        return context
    }

    /// Writes the controls one after another.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        forEachPart(name, values(of: value), attributes) { widget, name, value, attributes in
            widget.render(name: name, value: value, attributes: attributes, to: &output)
        }
    }

    private func forEachPart(
        _ name: String,
        _ values: [FormValue],
        _ attributes: HTMLAttributes,
        _ body: (any Widget, String, FormValue, HTMLAttributes) -> Void
    ) {
        var attributes = options.attributes.merging(attributes)
        attributes["type"] = nil
        let id = attributes.text("id")
        for (index, part) in parts.enumerated() {
            var widget = part.widget
            if options.isLocalized { widget.options.isLocalized = true }
            var own = attributes
            if let id, !id.isEmpty { own["id"] = .text("\(id)_\(index)") }
            if let requiredParts, index < requiredParts.count {
                widget.options.attributes["required"] = .flag(requiredParts[index])
            }
            body(widget, name + part.suffix, index < values.count ? values[index] : .none, own)
        }
    }
}
