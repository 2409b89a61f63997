import NuagesCore

/// `{% debug %}`: the variables of this place; nothing unless the engine is in debug.
struct DebugNode: LeafNode {
    func render(_ renderer: Renderer) throws {
        guard renderer.page.isDebug else { return }
        var variables = ContextDictionary()
        for slot in renderer.slots[renderer.floor...] {
            if case .value(let value) = slot.binding { variables[slot.name.text] = value }
        }
        for (name, value) in renderer.base.entries where variables[name] == nil {
            variables[name] = value
        }
        for (name, value) in variables.entries {
            let shown = value.hidingSensitive(named: name).representation()
            HTMLEscaper.append("\(name): \(shown)\n", to: &renderer.output)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node { .leaf(DebugNode()) }
}

extension ContextValue {
    private static let depthLimit = 16

    /// The value with asterisks for what its name, or a name in it, says is secret.
    fileprivate func hidingSensitive(named name: String, depth: Int = 0) -> ContextValue {
        if SensitiveNames.hides(name) || depth > Self.depthLimit {
            return .string(SensitiveNames.substitute)
        }
        switch self {
        case .dictionary(let dictionary):
            return .dictionary(
                ContextDictionary(
                    dictionary.entries.map {
                        ($0.key, $0.value.hidingSensitive(named: $0.key, depth: depth + 1))
                    }
                )
            )
        case .array(let elements):
            return .array(elements.map { $0.hidingSensitive(named: "", depth: depth + 1) })
        default: return self
        }
    }
}

/// The tag `{% lorem 3 p random %}`.
struct LoremNode: LeafNode {
    let count: FilterExpression
    let method: String
    let isCommon: Bool

    /// So that a number from a request cannot fill the memory.
    private static let limit = 100_000

    func render(_ renderer: Renderer) throws {
        let count = max(0, min(try renderer.resolve(count).wholeNumber ?? 1, Self.limit))
        guard method != "w" else {
            return renderer.write(LoremIpsum.words(count, isCommon: isCommon).utf8)
        }
        for index in 0..<count {
            try renderer.checkLimits()
            let text = LoremIpsum.paragraph(isFirst: index == 0, isCommon: isCommon)
            if index > 0 { renderer.write("\n\n".utf8) }
            renderer.write((method == "p" ? "<p>\(text)</p>" : text).utf8)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        var words = try token.splitContents()
        let tag = words[0]
        let isCommon = words.last != "random"
        if !isCommon { words.removeLast() }
        var method = "b"
        if let last = words.last, ["w", "p", "b"].contains(last) {
            method = last
            words.removeLast()
        }
        let count = words.count > 1 ? words.removeLast() : "1"
        let expression = try parser.compileFilter(count)
        guard words.count == 1 else {
            throw TemplateError.syntax("Incorrect format for \(PythonText.repr(tag)) tag")
        }
        return .leaf(LoremNode(count: expression, method: method, isCommon: isCommon))
    }
}
