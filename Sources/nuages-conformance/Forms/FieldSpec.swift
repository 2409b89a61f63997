import NuagesCore
import NuagesForms

/// Makes fields from the specifications of cases.
struct FieldSpec {
    let spec: JSONValue
    private var options: JSONValue? { spec["kwargs"] }

    private func option(_ name: String) -> JSONValue? {
        guard let value = options?[name], value != .null else { return nil }
        return value
    }

    private func integer(_ name: String) -> Int? { option(name)?.number }

    private func number(_ name: String) throws -> NumericValue? {
        guard let json = option(name) else { return nil }
        return switch try FormValues.decode(json) {
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .decimal(let number): .decimal(number)
        default: throw UnsupportedCase("'\(name)' is no number")
        }
    }

    private func formats(_ name: String) -> [DateInputFormat]? {
        let list = option(name)
        return (list?.elements ?? list?["v"]?.elements)?.compactMap(\.text).map {
            DateInputFormat($0)
        }
    }

    /// The field with all that its specification says.
    func field() throws -> any FormField {
        var field = try base()
        if let flag = option("required")?.flag { field.options.isRequired = flag }
        if let flag = option("disabled")?.flag { field.options.isDisabled = flag }
        if let flag = option("localize")?.flag { field.options.isLocalized = flag }
        if let text = option("label")?.text { field.options.label = text }
        if let text = option("help_text")?.text {
            field.options.helpText = HelpText(SafeString(unsafe: text))
        }
        if let json = option("initial") {
            let value = try FormValues.decode(json)
            field.options.initial = { value }
        }
        for pair in option("error_messages")?["v"]?.elements ?? [] {
            guard let pair = pair.elements, pair.count == 2, let code = pair[0].text,
                let text = pair[1].text ?? pair[1]["v"]?.text
            else { continue }
            field.options.errorMessages[code] = ErrorMessage(text)
        }
        if let widget = option("widget") {
            field.options.widget = AnyWidget(try WidgetSpec(spec: widget).widget())
        }
        return field
    }

    private func base() throws -> any FormField {
        let name = spec["class"]?.text ?? ""
        let empty = options?["empty_value"]
        let emptyText = try empty.map { try FormValues.decode($0) } ?? ""
        let (maxLength, minLength) = (integer("max_length"), integer("min_length"))
        switch name {
        case "CharField":
            return CharField(
                maxLength: maxLength,
                minLength: minLength,
                strip: option("strip")?.flag ?? true,
                emptyValue: emptyText
            )
        case "EmailField":
            return EmailField(
                maxLength: options?["max_length"] == nil ? 320 : maxLength,
                minLength: minLength,
                emptyValue: emptyText
            )
        case "URLField":
            return URLField(
                assumeScheme: option("assume_scheme")?.text ?? "https",
                maxLength: maxLength,
                minLength: minLength,
                emptyValue: emptyText
            )
        case "SlugField":
            return SlugField(
                allowUnicode: option("allow_unicode")?.flag ?? false,
                maxLength: maxLength,
                minLength: minLength,
                emptyValue: emptyText
            )
        case "RegexField":
            return RegexField(
                spec["args"]?.elements?.first?.text ?? option("regex")?.text ?? "",
                maxLength: maxLength,
                minLength: minLength,
                strip: option("strip")?.flag ?? false,
                emptyValue: emptyText
            )
        case "GenericIPAddressField": return try address(maxLength, minLength)
        case "IntegerField", "FloatField", "DecimalField": return try numberField(name)
        default: return try other(name, emptyText)
        }
    }

    private func numberField(_ name: String) throws -> any FormField {
        switch name {
        case "IntegerField":
            return IntegerField(
                maxValue: try number("max_value"),
                minValue: try number("min_value"),
                stepSize: try number("step_size")
            )
        case "FloatField":
            return FloatField(
                maxValue: try number("max_value"),
                minValue: try number("min_value"),
                stepSize: try number("step_size")
            )
        default:
            return DecimalField(
                maxValue: try number("max_value"),
                minValue: try number("min_value"),
                stepSize: try number("step_size"),
                maxDigits: integer("max_digits"),
                decimalPlaces: integer("decimal_places")
            )
        }
    }

    private func address(_ maxLength: Int?, _ minLength: Int?) throws -> any FormField {
        let unpacks = option("unpack_ipv4")?.flag ?? false
        let version: IPAddressValidator.Version
        switch option("protocol")?.text?.lowercased() ?? "both" {
        case "both": version = .both
        case "ipv4": version = .v4
        case "ipv6": version = .v6
        case let name: throw UnsupportedCase("no protocol '\(name)'")
        }
        return GenericIPAddressField(
            version,
            unpackIPv4: unpacks,
            maxLength: options?["max_length"] == nil ? IPAddressValidator.maxLength : maxLength,
            minLength: minLength
        )
    }

    private func other(_ name: String, _ emptyText: FormValue) throws -> any FormField {
        switch name {
        case "BooleanField": return BooleanField()
        case "NullBooleanField": return NullBooleanField()
        case "ChoiceField": return ChoiceField<String>(choices: try choices())
        case "TypedChoiceField": return try typedChoice(emptyText)
        case "MultipleChoiceField": return MultipleChoiceField<String>(choices: try choices())
        case "TypedMultipleChoiceField": return try typedChoices()
        case "DateField": return DateField(inputFormats: formats("input_formats"))
        case "TimeField": return TimeField(inputFormats: formats("input_formats"))
        case "DateTimeField": return DateTimeField(inputFormats: formats("input_formats"))
        case "DurationField": return DurationField()
        case "UUIDField": return UUIDField()
        case "JSONField": return JSONField()
        case "FileField":
            return FileField(
                maxLength: integer("max_length"),
                allowEmptyFile: option("allow_empty_file")?.flag ?? false
            )
        case "ImageField":
            return ImageField(
                maxLength: integer("max_length"),
                allowEmptyFile: option("allow_empty_file")?.flag ?? false
            )
        case "SplitDateTimeField":
            return SplitDateTimeField(
                inputDateFormats: formats("input_date_formats"),
                inputTimeFormats: formats("input_time_formats")
            )
        case "ComboField":
            return ComboField(
                try (option("fields")?.elements ?? []).map { try FieldSpec(spec: $0).field() }
            )
        default: throw UnsupportedCase("the field \(name) is not built")
        }
    }

    private func choices() throws -> FormChoices { try WidgetSpec.choices(option("choices")) }

    private func typedChoice(_ empty: FormValue) throws -> any FormField {
        let choices = try choices()
        switch option("coerce")?["v"]?.text {
        case nil, "str": return ChoiceField<String>(choices: choices, emptyValue: empty)
        case "int": return ChoiceField<Int>(choices: choices, emptyValue: empty)
        case "float": return ChoiceField<Double>(choices: choices, emptyValue: empty)
        case "Decimal": return ChoiceField<ExactDecimal>(choices: choices, emptyValue: empty)
        case "bool": return ChoiceField<PythonBool>(choices: choices, emptyValue: empty)
        case let name?: throw UnsupportedCase("no choices of '\(name)'")
        }
    }

    private func typedChoices() throws -> any FormField {
        if options?["empty_value"] != nil {
            throw UnsupportedCase("several choices are always an array, there is no empty value")
        }
        let choices = try choices()
        switch option("coerce")?["v"]?.text {
        case nil, "str": return MultipleChoiceField<String>(choices: choices)
        case "int": return MultipleChoiceField<Int>(choices: choices)
        case "float": return MultipleChoiceField<Double>(choices: choices)
        case "Decimal": return MultipleChoiceField<ExactDecimal>(choices: choices)
        case "bool": return MultipleChoiceField<PythonBool>(choices: choices)
        case let name?: throw UnsupportedCase("no choices of '\(name)'")
        }
    }
}

/// Python's `bool()` of a text: true for all but the empty one.
struct PythonBool: ChoiceValue {
    let value: Bool

    init?(choiceText: String) { value = !choiceText.isEmpty }

    init?(formValue: FormValue) {
        guard let value = Bool(formValue: formValue) else { return nil }
        self.value = value
    }

    var choiceText: String { value ? "True" : "False" }
    var formValue: FormValue { .bool(value) }
}
