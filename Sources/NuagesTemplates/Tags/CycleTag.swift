import NuagesCore

/// The tag `{% cycle "odd" "even" as name silent %}`.
final class CycleNode: LeafNode {
    let values: [FilterExpression]
    let variable: VariableName?
    let isSilent: Bool
    let id = NodeID()

    init(values: [FilterExpression], variable: VariableName?, isSilent: Bool) {
        self.values = values
        self.variable = variable
        self.isSilent = isSilent
    }

    func render(_ renderer: Renderer) throws {
        guard !values.isEmpty else { return }
        let turn = renderer.templates.last?.cycles[id] ?? 0
        let value = try renderer.settledThroughout(
            renderer.resolve(values[turn % values.count])
        )
        renderer.withState { $0.cycles[id] = (turn + 1) % values.count }
        if let variable { renderer.setUpward(variable, value) }
        if !isSilent { renderer.write(value) }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        var words = try token.splitContents()
        guard words.count >= 2 else {
            throw TemplateError.syntax("'cycle' tag requires at least two arguments")
        }
        if words.count == 2 { return .leaf(try named(words[1], parser)) }
        var isNamed = false
        var isSilent = false
        if words.count > 4, let last = words.last {
            if words[words.count - 3] == "as" {
                guard last == "silent" else {
                    throw TemplateError.syntax(
                        "Only 'silent' flag is allowed after cycle's name, not '\(last)'."
                    )
                }
                isNamed = true
                isSilent = true
                words.removeLast()
            } else if words[words.count - 2] == "as" {
                isNamed = true
            }
        }
        let name = isNamed ? words.last : nil
        let values = try parser.compileFilters(words[1..<(words.count - (isNamed ? 2 : 0))])
        let node = CycleNode(
            values: values,
            variable: name.map(VariableName.init),
            isSilent: isSilent
        )
        if let name { parser.namedCycles[name] = node }
        parser.lastCycle = node
        return .leaf(node)
    }

    private static func named(_ name: String, _ parser: Parser) throws -> CycleNode {
        guard !parser.namedCycles.isEmpty else {
            throw TemplateError.syntax(
                "No named cycles in template. '\(name)' is not defined"
            )
        }
        guard let node = parser.namedCycles[name] else {
            throw TemplateError.syntax("Named cycle '\(name)' does not exist")
        }
        return node
    }
}

/// The tag `{% resetcycle name %}`.
struct ResetCycleNode: LeafNode {
    let cycle: CycleNode

    func render(_ renderer: Renderer) { renderer.withState { $0.cycles[cycle.id] = 0 } }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count <= 2 else {
            throw TemplateError.syntax(
                "\(PythonText.repr(words[0])) tag accepts at most one argument."
            )
        }
        if words.count == 2 {
            guard let cycle = parser.namedCycles[words[1]] else {
                throw TemplateError.syntax("Named cycle '\(words[1])' does not exist.")
            }
            return .leaf(ResetCycleNode(cycle: cycle))
        }
        guard let cycle = parser.lastCycle else {
            throw TemplateError.syntax("No cycles in template.")
        }
        return .leaf(ResetCycleNode(cycle: cycle))
    }
}
