public import NuagesCore

/// The same control several times, named after the field with a number each.
///
/// Django: `django.contrib.postgres.forms.SplitArrayWidget`.
public struct SplitArrayWidget: Widget {
    /// The control of each value.
    public var widget: any Widget
    /// How many controls there are.
    public var size: Int
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// The same control several times.
    ///
    /// - Parameters:
    ///   - widget: the control of each value.
    ///   - size: how many controls there are; more are shown where there are more values.
    ///   - attributes: attributes of all of them.
    public init(_ widget: any Widget, size: Int, attributes: HTMLAttributes = [:]) {
        self.widget = widget
        self.size = size
        options = WidgetOptions(attributes: attributes)
    }

    /// Hidden where the control is.
    public var isHidden: Bool { widget.isHidden }

    /// Whether the control needs it.
    public var needsMultipartForm: Bool { widget.needsMultipartForm }

    /// Whether the control shows them.
    public var supportsMicroseconds: Bool { widget.supportsMicroseconds }

    /// What the control needs.
    public var media: Media { widget.media }

    /// A list of what each control submitted.
    public func value(from input: FormInput, name: String) -> FormValue {
        if let whole = input.wholeValue(name) { return whole }
        return .list((0..<size).map { widget.value(from: input, name: "\(name)_\($0)") })
    }

    /// Whether no control was submitted.
    public func isOmitted(from input: FormInput, name: String) -> Bool {
        !input.contains(name)
            && (0..<size).allSatisfy { widget.isOmitted(from: input, name: "\(name)_\($0)") }
    }

    /// The id of the first control.
    public func idForLabel(_ id: String) -> String? { id.isEmpty ? id : "\(id)_0" }

    /// That of several controls.
    public var defaultTemplateName: String? { "django/forms/widgets/multiwidget.html" }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: .none, attributes: attributes)
        context["value"] = .array((value.elements ?? []).map(\.contextValue))
        var subwidgets: [ContextValue] = []
        forEachPart(name, value, attributes) { widget, name, value, attributes in
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
        forEachPart(name, value, attributes) { widget, name, value, attributes in
            widget.render(name: name, value: value, attributes: attributes, to: &output)
        }
    }

    private func forEachPart(
        _ name: String,
        _ value: FormValue,
        _ attributes: HTMLAttributes,
        _ body: (any Widget, String, FormValue, HTMLAttributes) -> Void
    ) {
        var widget = widget
        if options.isLocalized { widget.options.isLocalized = true }
        let values = value.elements ?? []
        var attributes = options.attributes.merging(attributes)
        let id = attributes.text("id")
        for index in 0..<max(size, values.count) {
            if let id, !id.isEmpty { attributes["id"] = .text("\(id)_\(index)") }
            body(
                widget,
                "\(name)_\(index)",
                index < values.count ? values[index] : .none,
                attributes
            )
        }
    }
}
