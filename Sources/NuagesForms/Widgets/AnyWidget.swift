/// A widget of any kind, made by name: `.textarea`, `.radioSelect`, `.hidden`.
///
///     @CharField(widget: .textarea(rows: 4)) var message: String
public struct AnyWidget: Sendable {
    /// The widget.
    public let base: any Widget

    /// A widget of any kind.
    ///
    /// - Parameter base: the widget.
    public init(_ base: some Widget) { self.base = base }

    /// One line of text.
    public static let text = AnyWidget(TextInput(.text))
    /// A number.
    public static let number = AnyWidget(TextInput(.number))
    /// An email address.
    public static let email = AnyWidget(TextInput(.email))
    /// A URL.
    public static let url = AnyWidget(TextInput(.url))
    /// A colour.
    public static let color = AnyWidget(TextInput(.color))
    /// A search.
    public static let search = AnyWidget(TextInput(.search))
    /// A telephone number.
    public static let tel = AnyWidget(TextInput(.tel))
    /// Nothing that can be seen.
    public static let hidden = AnyWidget(TextInput(.hidden))
    /// A hidden input for each value.
    public static let multipleHidden = AnyWidget(MultipleHiddenInput())
    /// A password, which no page shows again.
    public static let password = AnyWidget(PasswordInput())
    /// Several lines of text.
    public static let textarea = AnyWidget(Textarea())
    /// A check box.
    public static let checkbox = AnyWidget(CheckboxInput())
    /// A list for one value.
    public static let select = AnyWidget(Select())
    /// A list for several values.
    public static let selectMultiple = AnyWidget(Select(allowsMultiple: true))
    /// Radio buttons.
    public static let radioSelect = AnyWidget(ChoiceInputs())
    /// Check boxes for several values.
    public static let checkboxSelectMultiple = AnyWidget(ChoiceInputs(allowsMultiple: true))
    /// Unknown, yes and no.
    public static let nullBooleanSelect = AnyWidget(NullBooleanSelect())
    /// A date.
    public static let date = AnyWidget(DateTimeInput(.date))
    /// A time.
    public static let time = AnyWidget(DateTimeInput(.time))
    /// A date with its time.
    public static let dateTime = AnyWidget(DateTimeInput(.dateTime))
    /// A date and a time apart.
    public static let splitDateTime = AnyWidget(MultiWidget.splitDateTime())
    /// A date and a time apart, both hidden.
    public static let splitHiddenDateTime = AnyWidget(MultiWidget.splitDateTime(isHidden: true))
    /// A file.
    public static let file = AnyWidget(FileInput())
    /// A file, with the stored one and a box to remove it.
    public static let clearableFile = AnyWidget(FileInput(isClearable: true))

    /// Several lines of text.
    ///
    /// - Parameters:
    ///   - columns: the visible width in letters.
    ///   - rows: the visible height in lines.
    /// - Returns: the widget.
    public static func textarea(columns: Int = 40, rows: Int = 10) -> AnyWidget {
        AnyWidget(Textarea(columns: columns, rows: rows))
    }

    /// The two ends of a range.
    ///
    /// - Parameter base: the widget of each end.
    /// - Returns: the widget.
    public static func range(_ base: AnyWidget) -> AnyWidget {
        AnyWidget(MultiWidget.range(base.base))
    }

    /// The same control for each value of an array.
    ///
    /// - Parameters:
    ///   - base: the control of a value.
    ///   - size: how many controls there are.
    /// - Returns: the widget.
    public static func splitArray(_ base: AnyWidget, size: Int) -> AnyWidget {
        AnyWidget(SplitArrayWidget(base.base, size: size))
    }

    /// A widget of any type.
    ///
    /// - Parameter widget: the widget.
    /// - Returns: the widget.
    public static func custom(_ widget: some Widget) -> AnyWidget { AnyWidget(widget) }

    /// The widget with attributes over those that it has.
    ///
    /// - Parameter attributes: the attributes.
    /// - Returns: the widget.
    public func attributes(_ attributes: HTMLAttributes) -> AnyWidget {
        var widget = base
        widget.options.attributes = widget.options.attributes.merging(attributes)
        return AnyWidget(opening: widget)
    }

    /// The widget written by another template of the site.
    ///
    ///     @CharField(widget: .textarea.templateName("widgets/editor.html")) var body: String
    ///
    /// - Parameter name: the name of the template, which sees the widget as `widget`.
    /// - Returns: the widget.
    public func templateName(_ name: String) -> AnyWidget {
        var widget = base
        widget.options.templateName = name
        return AnyWidget(opening: widget)
    }

    init(opening base: any Widget) { self.base = base }
}
