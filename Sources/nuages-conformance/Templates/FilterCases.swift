import NuagesCore
import NuagesTemplates

/// Direct calls of filters: the kind `filter`, and `function` cases of the function `filter`.
struct FilterCases: ConformanceKind {
    func accepts(_ item: JSONCase) -> Bool {
        item.kind == "filter" || (item.kind == "function" && item.function == "filter")
    }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        for marker in ["python_attributes", "python_html_parser"] where item[marker] != nil {
            return .skipped(reason: marker)
        }
        var arguments = item["args"]?.elements ?? []
        var name = item["filter"]?.text ?? ""
        if item.kind == "function" {
            name = arguments.first?.text ?? ""
            arguments.removeFirst()
        }
        guard let filter = Library.builtins.filter(named: name) else {
            throw UnsupportedCase("the filter '\(name)' is not built in")
        }
        let context = FilterContext(
            environment: try CaseSettings(item).environment(),
            isEscaping: item["kwargs"]?["autoescape"]?.flag ?? true
        )
        let values = try arguments.map(TaggedValue.decode)
        return ExpectedValue(item).compare {
            try filter.call(
                values.first ?? .none,
                values.count > 1 ? values[1] : nil,
                context
            )
        }
    }
}

/// What a call should give.
struct ExpectedValue {
    let expected: JSONValue?

    init(_ item: JSONCase) { expected = item["expect"] }

    /// Runs a call and compares its value or error.
    func compare(_ call: () throws -> ContextValue) -> CaseOutcome {
        let value: ContextValue
        do {
            value = try call()
        } catch {
            guard let failure = expected?["error"] else {
                return .failed(
                    expected: "\(expected?["value"] ?? .null)",
                    got: "error: \(error)"
                )
            }
            return failure["message_note"]?.text != nil || RaisedError(error).matches(failure)
                ? .passed
                : .failed(expected: "\(failure)", got: "error: \(error)")
        }
        guard let json = expected?["value"] else {
            return .failed(
                expected: "\(expected ?? .null)",
                got: "value: \(value.representation())"
            )
        }
        do {
            let wanted = try TaggedValue.decode(json)
            return Self.isSame(wanted, value)
                ? .passed : .failed(expected: describe(wanted), got: describe(value))
        } catch {
            return .failed(expected: "\(json)", got: "error: \(error)")
        }
    }

    private func describe(_ value: ContextValue) -> String {
        if case .safe = value { return "safe \(value.representation())" }
        return value.representation()
    }

    /// Equal in kind as well as in value.
    static func isSame(_ wanted: ContextValue, _ got: ContextValue) -> Bool {
        switch (wanted, got) {
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.safe(let left), .safe(let right)): left.html.utf8.elementsEqual(right.html.utf8)
        case (.string, _), (.safe, _), (_, .string), (_, .safe): false
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.bool, _), (_, .bool): false
        case (.object(let left), .object(let right)):
            isSame(left.contextDescription, right.contextDescription)
        default: wanted.isEqual(to: got)
        }
    }
}
