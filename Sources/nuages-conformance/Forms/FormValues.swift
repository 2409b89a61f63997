import NuagesCore
import NuagesForms

/// Turns the tagged values of a case into values of forms, and values into text to compare.
enum FormValues {
    static func decode(_ json: JSONValue?) throws -> FormValue {
        switch json {
        case nil, .null: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        case .string(let text): return .string(text)
        case .array(let elements): return .list(try elements.map(decode))
        case .object(let members):
            guard let json, let tag = json.tag else {
                return .object(try members.map { .init($0.name, try decode($0.value)) })
            }
            return try decode(json, tag: tag)
        }
    }

    private static func decode(_ json: JSONValue, tag: String) throws -> FormValue {
        switch tag {
        case "tuple": return .list(try (json["v"]?.elements ?? []).map(decode))
        case "set":
            // Not a list, which is what matters of a set.
            return .object((json["v"]?.elements ?? []).map { .init($0.text ?? "", true) })
        case "dict":
            return .object(
                try (json["v"]?.elements ?? []).compactMap { pair in
                    guard let pair = pair.elements, pair.count == 2 else { return nil }
                    return .init(try text(pair[0]), try decode(pair[1]))
                }
            )
        case "upload": return .file(try upload(json))
        case "object": return try object(json)
        case "lazy", "safe": return .string(json["v"]?.text ?? "")
        default: return try plain(json)
        }
    }

    /// The values that templates have too.
    private static func plain(_ json: JSONValue) throws -> FormValue {
        switch try TaggedValue.decode(json) {
        case .double(let number): return .double(number)
        case .exact(let number): return .decimal(number)
        case .date(let date): return .date(date)
        case .time(let time): return .time(time)
        case .localDateTime(let dateTime): return .dateTime(dateTime)
        case .duration(let duration): return .duration(duration)
        case .uuid(let uuid): return .uuid(uuid)
        default: throw UnsupportedCase("no form value of kind '\(json.tag ?? "?")'")
        }
    }

    /// A stored file: an object with the attribute `url`.
    private static func object(_ json: JSONValue) throws -> FormValue {
        let name = json["str"]?.text ?? ""
        guard let url = json["attrs"]?["url"] else { return .string(name) }
        guard let text = url.text else {
            throw PythonError(type: url["error"]?.text ?? "", message: url["message"]?.text ?? "")
        }
        return .storedFile(.init(name: name, url: text))
    }

    static func upload(_ json: JSONValue) throws -> UploadedFile {
        let encoded = json["content"]?["b64"]?.text ?? ""
        return UploadedFile(
            name: json["name"]?.text ?? "",
            contentType: json["content_type"]?.text ?? "",
            bytes: base64(encoded)
        )
    }

    private static func base64(_ text: String) -> [UInt8] {
        let safe = text.utf8.filter { $0 != 0x3D }.map { byte in
            byte == 0x2B ? 0x2D : byte == 0x2F ? 0x5F : byte
        }
        return Base64URL.decode(String(decoding: safe, as: UTF8.self)) ?? []
    }

    /// The text of a value as Python's `str()` gives it.
    static func text(_ json: JSONValue) throws -> String {
        switch try decode(json) {
        case .none: return "None"
        case .string(let text): return text
        case let value:
            let shown = try CharField(strip: false).required(false).clean(value)
            if case .string(let text) = shown { return text }
            return ""
        }
    }

    /// A text by which two values can be compared, with their kind.
    static func canonical(_ value: FormValue) -> String {
        switch value {
        case .none: "none"
        case .bool(let flag): "bool \(flag)"
        case .int(let number): "number \(number)"
        case .double(let number): "double \(number)"
        case .decimal(let number): "decimal \(number)"
        case .string(let text), .unreadable(let text): "text \(text)"
        case .date(let date): "date \(date)"
        case .time(let time): "time \(time)"
        case .dateTime(let dateTime): "datetime \(dateTime.date)T\(dateTime.time)\(zone(dateTime))"
        case .duration(let duration): "duration \(duration)"
        case .uuid(let uuid): "uuid \(uuid)"
        case .file(let file): "file \(file.name) \(file.size)"
        case .storedFile(let file): "stored \(file.name) \(file.url)"
        case .range: "range \(value.text)"
        case .list(let values): "[" + values.map(canonical).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\($0.name): \(canonical($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func zone(_ dateTime: LocalDateTime) -> String {
        dateTime.offset.map { " \($0)" } ?? " naive"
    }

    /// Errors as text: code and message, one a line.
    static func describe(_ error: ValidationError) -> String {
        error.items.map { "\($0.code): \(FormEnvironment.current.text(of: $0))" }
            .joined(separator: "\n")
    }

    /// The errors that a case expects, in the same form.
    static func describe(expected error: JSONValue) -> String {
        (error["errors"]?.elements ?? []).map { item in
            "\(item["code"]?.text ?? ""): \(item["message"]?.text ?? "")"
        }.joined(separator: "\n")
    }
}

/// What both kinds of cases share: running in the case's environment and comparing.
enum FormCase {
    static func environment(_ item: JSONCase) throws -> FormEnvironment {
        var environment = FormEnvironment(try CaseSettings(item).localization())
        // The settings' formats only hold where no language is active.
        guard item["language"] == .null else { return environment }
        func formats(_ name: String) -> [DateInputFormat]? {
            item["settings"]?[name]?.elements?.compactMap(\.text).map { DateInputFormat($0) }
        }
        environment.dateInputFormats =
            formats("DATE_INPUT_FORMATS") ?? environment.dateInputFormats
        environment.timeInputFormats =
            formats("TIME_INPUT_FORMATS") ?? environment.timeInputFormats
        environment.dateTimeInputFormats =
            formats("DATETIME_INPUT_FORMATS") ?? environment.dateTimeInputFormats
        return environment
    }

    /// Runs `body` in the case's environment and compares what it returns or throws.
    static func run(_ item: JSONCase, _ body: () throws -> FormValue) throws -> CaseOutcome {
        let expected: String
        if let error = item["expect"]?["error"] {
            guard error["type"]?.text == "ValidationError" else {
                return refusal(error, body)
            }
            expected = "error\n" + FormValues.describe(expected: error)
        } else {
            expected = FormValues.canonical(try FormValues.decode(item["expect"]?["value"]))
        }
        let got = try FormEnvironment.$current.withValue(try environment(item)) {
            do {
                return FormValues.canonical(try body())
            } catch let error as ValidationError {
                return "error\n" + FormValues.describe(error)
            }
        }
        return .comparing(expected: expected, got: got)
    }

    /// Python raised an error of its own: any refusal agrees.
    private static func refusal(_ error: JSONValue, _ body: () throws -> FormValue) -> CaseOutcome {
        do {
            let value = try body()
            return .failed(
                expected: "an error like \(error["type"]?.text ?? "?")",
                got: FormValues.canonical(value)
            )
        } catch {
            return .passed
        }
    }
}
