import NuagesCore
import NuagesForms

/// Makes widgets from the specifications of cases.
struct WidgetSpec {
    let spec: JSONValue
    private var options: JSONValue? { spec["kwargs"] }

    private func option(_ name: String) -> JSONValue? {
        guard let value = options?[name], value != .null else { return nil }
        return value
    }

    private func format(_ name: String) -> DateInputFormat? {
        option(name)?.text.flatMap { $0.isEmpty ? nil : DateInputFormat($0) }
    }

    func widget() throws -> any Widget {
        let attributes = try Self.attributes(option("attrs"))
        let name = spec["class"]?.text ?? ""
        let kinds: [String: TextInput.Kind] = [
            "Widget": .text, "Input": .text, "TextInput": .text, "NumberInput": .number,
            "EmailInput": .email, "URLInput": .url, "ColorInput": .color, "SearchInput": .search,
            "TelInput": .tel, "HiddenInput": .hidden,
        ]
        if let kind = kinds[name] { return TextInput(kind, attributes: attributes) }
        switch name {
        case "PasswordInput":
            return PasswordInput(
                rendersValue: option("render_value")?.flag ?? false,
                attributes: attributes
            )
        case "MultipleHiddenInput": return MultipleHiddenInput(attributes: attributes)
        case "CheckboxInput": return CheckboxInput(attributes: attributes)
        case "Textarea": return Textarea(attributes: attributes)
        case "DateInput":
            return DateTimeInput(.date, format: format("format"), attributes: attributes)
        case "TimeInput":
            return DateTimeInput(.time, format: format("format"), attributes: attributes)
        case "DateTimeInput":
            return DateTimeInput(.dateTime, format: format("format"), attributes: attributes)
        case "FileInput": return FileInput(attributes: attributes)
        case "ClearableFileInput": return FileInput(isClearable: true, attributes: attributes)
        case "NullBooleanSelect": return NullBooleanSelect(attributes: attributes)
        default: return try choosing(name, attributes)
        }
    }

    private func choosing(_ name: String, _ attributes: HTMLAttributes) throws -> any Widget {
        switch name {
        case "Select", "ChoiceWidget":
            return Select(choices: try Self.choices(option("choices")), attributes: attributes)
        case "SelectMultiple":
            return Select(
                choices: try Self.choices(option("choices")),
                allowsMultiple: true,
                attributes: attributes
            )
        case "RadioSelect":
            return ChoiceInputs(
                choices: try Self.choices(option("choices")),
                attributes: attributes
            )
        case "CheckboxSelectMultiple":
            return ChoiceInputs(
                choices: try Self.choices(option("choices")),
                allowsMultiple: true,
                attributes: attributes
            )
        case "SplitDateTimeWidget", "SplitHiddenDateTimeWidget":
            return MultiWidget.splitDateTime(
                dateFormat: format("date_format"),
                timeFormat: format("time_format"),
                dateAttributes: try option("date_attrs").map { try Self.attributes($0) }
                    ?? attributes,
                timeAttributes: try option("time_attrs").map { try Self.attributes($0) }
                    ?? attributes,
                isHidden: name == "SplitHiddenDateTimeWidget"
            )
        case "MultiWidget": return try multiple(attributes)
        case "SelectDateWidget": return try selectDate(attributes)
        default: throw UnsupportedCase("the widget \(name) is not built")
        }
    }

    private func multiple(_ attributes: HTMLAttributes) throws -> any Widget {
        let pairs = option("widgets")?["v"]?.elements ?? option("widgets")?.elements ?? []
        let parts = try pairs.enumerated().map { index, pair in
            if let pair = pair.elements, pair.count == 2, let name = pair[0].text {
                return MultiWidget.Part(
                    name.isEmpty ? "" : "_\(name)",
                    try WidgetSpec(spec: pair[1]).widget()
                )
            }
            return MultiWidget.Part("_\(index)", try WidgetSpec(spec: pair).widget())
        }
        return MultiWidget(parts, attributes: attributes) { _ in [] }
    }

    private func selectDate(_ attributes: HTMLAttributes) throws -> any Widget {
        var widget = SelectDateWidget(attributes: attributes)
        if let years = option("years") {
            widget.years = try Self.texts(years)
        }
        if let months = option("months")?["v"]?.elements {
            widget.months = try months.compactMap { pair in
                guard let pair = pair.elements, pair.count == 2 else { return nil }
                return FormChoice(
                    try FormValues.text(pair[0]),
                    .text(try FormValues.text(pair[1]))
                )
            }
        }
        if let label = option("empty_label") {
            let labels =
                label.text.map { [$0, $0, $0] }
                ?? (label.elements ?? label["v"]?.elements ?? []).compactMap(\.text)
            guard labels.count == 3 else { throw UnsupportedCase("three empty labels are needed") }
            widget.emptyLabels = (labels[0], labels[1], labels[2])
        }
        return widget
    }

    /// The text of each element of a list, a tuple or a range.
    private static func texts(_ json: JSONValue) throws -> [String] {
        let elements = json.elements ?? json["v"]?.elements ?? []
        let bounds = elements.compactMap(\.number)
        if json.tag == "range", bounds.count == 3, bounds[2] != 0 {
            return stride(from: bounds[0], to: bounds[1], by: bounds[2]).map(String.init)
        }
        return try elements.map { try FormValues.text($0) }
    }

    /// Attributes; none and numbers become text, as Django writes them.
    static func attributes(_ json: JSONValue?) throws -> HTMLAttributes {
        var attributes: HTMLAttributes = [:]
        for pair in json?["v"]?.elements ?? [] {
            guard let pair = pair.elements, pair.count == 2, let name = pair[0].text else {
                continue
            }
            if let flag = pair[1].flag {
                attributes[name] = .flag(flag)
            } else {
                attributes[name] = .text(try FormValues.text(pair[1]))
            }
        }
        return attributes
    }

    /// Choices: pairs, and pairs whose second is a list of pairs.
    static func choices(_ json: JSONValue?) throws -> FormChoices {
        FormChoices(
            items: try pairs(json).map { value, label in
                let inner = try pairs(label)
                if inner.isEmpty { return .choice(try choice(value, label)) }
                return .group(
                    label: try FormValues.text(value),
                    choices: try inner.map { try choice($0, $1) }
                )
            }
        )
    }

    private static func choice(_ value: JSONValue, _ label: JSONValue) throws -> FormChoice {
        let text = value == .null ? "" : try FormValues.text(value)
        if label.tag == "safe" {
            return FormChoice(text, .html(SafeString(unsafe: label["v"]?.text ?? "")))
        }
        return FormChoice(text, .text(try FormValues.text(label)))
    }

    private static func pairs(_ json: JSONValue?) throws -> [(JSONValue, JSONValue)] {
        let elements = json?.elements ?? json?["v"]?.elements ?? []
        return elements.compactMap { element in
            guard let pair = element.elements ?? element["v"]?.elements, pair.count == 2 else {
                return nil
            }
            return (pair[0], pair[1])
        }
    }
}
