import NuagesCore

/// The tag `{% for item in list %}…{% empty %}…{% endfor %}`.
struct ForNode: ContainerNode {
    let variables: [VariableName]
    let sequence: FilterExpression
    let isReversed: Bool
    let body: NodeList
    let empty: NodeList

    private static let loopVariable = VariableName("forloop")

    var children: [NodeList] { [body, empty] }

    func render(_ renderer: Renderer) async throws {
        let parent = parentLoop(renderer)
        let value = try await renderer.fetching {
            try $0.resolve(sequence, ignoresFailures: true)
        }
        let elements = try elements(of: value)
        try await renderer.withScope {
            guard !elements.isEmpty else { return try await renderer.render(empty) }
            let loop = renderer.loops.count
            renderer.loops.append(LoopState(count: elements.count, parent: parent))
            defer { renderer.loops.removeLast() }
            renderer.set(Self.loopVariable, .loop(loop))
            let slot = renderer.slots.count
            for index in elements.indices {
                renderer.loops[loop].index = index
                let element = elements[isReversed ? elements.count - 1 - index : index]
                if variables.count == 1 {
                    renderer.set(variables[0], .value(element), expectedAt: slot)
                    // Leaves alone need no suspension, which is most of the cost of a short body.
                    let reached = try renderer.renderLeaves(body, from: 0)
                    if reached < body.entries.count {
                        try await renderer.render(body, from: reached)
                    }
                } else {
                    try await renderIteration(element, renderer)
                }
                try renderer.checkLimits()
            }
        }
    }

    /// The loop around this one, if `forloop` has its usual meaning here.
    private func parentLoop(_ renderer: Renderer) -> Int? {
        guard let slot = renderer.slotIndex(Self.loopVariable),
            case .loop(let loop) = renderer.slots[slot].binding
        else { return nil }
        return loop
    }

    private func elements(of value: ContextValue) throws -> [ContextValue] {
        if case .none = value { return [] }
        guard let elements = value.elements else {
            throw TemplateError.rendering(
                "{% for %} cannot walk over \(value.representation()) from '\(sequence.source)'. "
                    + "Give it a list, a dictionary or text."
            )
        }
        return elements
    }

    private func renderIteration(_ element: ContextValue, _ renderer: Renderer) async throws {
        let element = try await renderer.fetching { try $0.settled(element, kept: .node) }
        let parts = element.elements ?? [element]
        let count = element.elements == nil ? 1 : parts.count
        guard count == variables.count else {
            throw TemplateError.rendering(
                "Need \(variables.count) values to unpack in for loop; got \(count). "
            )
        }
        // A scope of its own, since a name may be given twice.
        try await renderer.withScope {
            for (name, part) in zip(variables, parts) { renderer.set(name, .value(part)) }
            try await renderer.render(body)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count >= 4 else {
            throw TemplateError.syntax(
                "'for' statements should have at least four words: \(token.contents)"
            )
        }
        let isReversed = words.last == "reversed"
        let inIndex = words.count - (isReversed ? 3 : 2)
        guard words[inIndex] == "in" else {
            throw TemplateError.syntax(
                "'for' statements should use the format 'for x in y': \(token.contents)"
            )
        }
        let names = words[1..<max(1, inIndex)].joined(separator: " ")
            .splitBytes(UInt8(ascii: ",")).map { $0.trimmingSpaces }
        for name in names
        where name.isEmpty || name.utf8.contains(where: { " \"'|".utf8.contains($0) }) {
            throw TemplateError.syntax(
                "'for' tag received an invalid argument: \(token.contents)"
            )
        }
        let sequence = try parser.compileFilter(words[inIndex + 1])
        let body = try parser.parse(until: ["empty", "endfor"])
        var empty = NodeList(template: parser.templateName)
        if let next = parser.nextToken(), next.contents.equalsBytes("empty") {
            empty = try parser.parse(until: ["endfor"])
            _ = parser.nextToken()
        }
        return .container(
            ForNode(
                variables: names.map(VariableName.init),
                sequence: sequence,
                isReversed: isReversed,
                body: body,
                empty: empty
            )
        )
    }
}

extension String {
    /// The text without ASCII blanks at both ends.
    fileprivate var trimmingSpaces: String {
        let bytes = utf8
        guard let start = bytes.firstIndex(where: { $0 != 0x20 }),
            let end = bytes.lastIndex(where: { $0 != 0x20 })
        else { return "" }
        return String(self[start...end])
    }
}
