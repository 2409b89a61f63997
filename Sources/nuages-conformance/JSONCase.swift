import NuagesCore

/// One line of a conformance file.
struct JSONCase: Sendable {
    /// The file's name without its extension.
    let file: String
    /// The directory of the corpus: the one around the file's.
    var directory = "."
    /// The whole line.
    let value: JSONValue

    /// The case's name, stable between versions of the file.
    var id: String { self["id"]?.text ?? "?" }
    /// `template`, `filter`, `function` or one of the ORM's kinds.
    var kind: String { self["kind"]?.text ?? "" }
    /// The function of a `function` case.
    var function: String { self["function"]?.text ?? "" }

    /// The member called `name`.
    subscript(_ name: String) -> JSONValue? { value[name] }

    /// Parses the lines of a file.
    ///
    /// - Parameters:
    ///   - text: JSON Lines.
    ///   - file: the file's name without its extension.
    ///   - directory: the directory of the corpus.
    /// - Returns: the cases in order.
    /// - Throws: ``JSONTextParser/Failure``.
    static func parse(
        lines text: String,
        file: String,
        in directory: String = "."
    ) throws
        -> [JSONCase]
    {
        try text.utf8.split(separator: UInt8(ascii: "\n")).map { line in
            var parser = JSONTextParser(bytes: Array(line))
            return JSONCase(
                file: file,
                directory: directory,
                value: try parser.parse().expandingRepeats()
            )
        }
    }
}

extension JSONValue {
    /// The member called `name` of an object.
    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The text of a string.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number of an integer.
    var number: Int? {
        guard case .int(let number) = self else { return nil }
        return number
    }

    /// The truth value of a boolean.
    var flag: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// The elements of an array.
    var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object.
    var members: [JSONValue.Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The tag of a tagged value: `date`, `dict`, `safe` and so on.
    var tag: String? { self["t"]?.text }

    /// The same value with every `repeat` tag written out.
    func expandingRepeats() -> JSONValue {
        switch self {
        case .array(let elements): .array(elements.map { $0.expandingRepeats() })
        case .object(let members):
            if tag == "repeat", let parts = self["parts"]?.elements {
                .string(parts.map(Self.repeated).joined())
            } else {
                .object(members.map { Member($0.name, $0.value.expandingRepeats()) })
            }
        default: self
        }
    }

    private static func repeated(_ part: JSONValue) -> String {
        guard let pair = part.elements, pair.count == 2, let unit = pair[0].text,
            let count = pair[1].number, count >= 0
        else { return "" }
        return String(repeating: unit, count: count)
    }
}
