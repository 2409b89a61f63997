import NuagesCore
import NuagesForms

/// The cases of form fields.
struct FieldCases: ConformanceKind {
    func accepts(_ item: JSONCase) -> Bool { item.function.hasPrefix("field.") }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        try FormCase.run(item) {
            let field = try FieldSpec(spec: item["spec"] ?? .null).field()
            let arguments = try (item["args"]?.elements ?? []).map { try FormValues.decode($0) }
            switch item.function {
            case "field.clean":
                return try field.clean(
                    arguments.first ?? .none,
                    initial: arguments.dropFirst().first ?? .none
                )
            case "field.has_changed":
                return .bool(
                    field.hasChanged(
                        initial: arguments.first ?? .none,
                        data: arguments.last ?? .none
                    )
                )
            case "field.prepare_value": return field.prepare(arguments.first ?? .none)
            case "field.widget_attrs":
                var form = DynamicForm()
                form.add("f", field)
                guard case .safe(let html)? = form.unbound()["f"]?.contextDescription else {
                    throw UnsupportedCase("no control")
                }
                return .string(html.html)
            default: throw UnsupportedCase("no function \(item.function)")
            }
        }
    }
}

/// The cases of widgets.
struct WidgetCases: ConformanceKind {
    func accepts(_ item: JSONCase) -> Bool { item.function.hasPrefix("widget.") }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        try FormCase.run(item) {
            let widget = try WidgetSpec(spec: item["spec"] ?? .null).widget()
            let arguments = item["args"]?.elements ?? []
            switch item.function {
            case "widget.render":
                let html = widget.render(
                    name: item["kwargs"]?["name"]?.text ?? "",
                    value: try FormValues.decode(item["kwargs"]?["value"]),
                    attributes: try WidgetSpec.attributes(item["kwargs"]?["attrs"])
                )
                return .string(html.html)
            case "widget.value_from_datadict":
                let (input, name) = try input(item)
                return widget.value(from: input, name: name)
            case "widget.value_omitted_from_data":
                let (input, name) = try input(item)
                return .bool(widget.isOmitted(from: input, name: name))
            case "widget.format_value":
                return widget.formatted(try FormValues.decode(arguments.first))
            case "widget.id_for_label":
                return .string(widget.idForLabel(arguments.first?.text ?? "") ?? "")
            case "widget.use_required_attribute":
                let initial = arguments.first ?? item["kwargs"]?["initial"]
                return .bool(widget.usesRequiredAttribute(initial: try FormValues.decode(initial)))
            default: throw UnsupportedCase("no function \(item.function)")
            }
        }
    }

    private func input(_ item: JSONCase) throws -> (FormInput, String) {
        let arguments = item["args"]?.elements ?? []
        func argument(_ index: Int, _ name: String) -> JSONValue? {
            index < arguments.count ? arguments[index] : item["kwargs"]?[name]
        }
        let data = argument(0, "data")
        var files = FormFiles([])
        for pair in argument(1, "files")?["v"]?.elements ?? [] {
            guard let pair = pair.elements, pair.count == 2, let name = pair[0].text else {
                continue
            }
            let uploads = try (pair[1].elements ?? [pair[1]]).map { try FormValues.upload($0) }
            files.entries.append((name, uploads))
        }
        let name = argument(2, "name")?.text ?? ""
        if data?.tag == "multivaluedict" || data?.tag == "querydict" {
            return (FormInput(try TaggedValue.queryDict(data?["v"]), files: files), name)
        }
        guard case .object(let members) = try FormValues.decode(data) else {
            throw UnsupportedCase("no data")
        }
        return (FormInput(values: members, files: files), name)
    }
}
