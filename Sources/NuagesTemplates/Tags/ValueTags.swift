import NuagesCore

/// The tag `{% firstof a b "fallback" as name %}`.
struct FirstOfNode: LeafNode {
    let values: [FilterExpression]
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        var first = SafeString(unsafe: "")
        for expression in values {
            let value = try renderer.settledThroughout(
                renderer.resolve(expression, ignoresFailures: true)
            )
            if value.isTrue {
                first = renderer.html(value)
                break
            }
        }
        if let variable {
            renderer.set(variable, .value(.safe(first)))
        } else {
            renderer.write(first.html.utf8)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents().dropFirst()
        guard !words.isEmpty else {
            throw TemplateError.syntax("'firstof' statement requires at least one argument")
        }
        let (values, variable) = AsVariable.split(words)
        return .leaf(
            FirstOfNode(values: try parser.compileFilters(values), variable: variable)
        )
    }
}

/// The tag `{% widthratio value maximum width as name %}`.
struct WidthRatioNode: LeafNode {
    let value: FilterExpression
    let maximum: FilterExpression
    let width: FilterExpression
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        let text = try ratio(renderer)
        if let variable {
            renderer.set(variable, .value(.string(text)))
        } else {
            renderer.write(text.utf8)
        }
    }

    private func ratio(_ renderer: Renderer) throws -> String {
        let value = try renderer.resolve(value)
        let maximum = try renderer.resolve(maximum)
        guard let width = try renderer.resolve(width).wholeNumber else {
            throw TemplateError.syntax("widthratio final argument must be a number")
        }
        guard let value = value.floatingNumber, let maximum = maximum.floatingNumber else {
            return ""
        }
        guard maximum != 0 else { return "0" }
        let ratio = value / maximum * Double(width)
        guard ratio.isFinite else { return "" }
        return BinaryExpansion.exact(ratio.rounded(.toNearestOrEven)).unsignedZeroText
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count == 4 || words.count == 6 else {
            throw TemplateError.syntax("widthratio takes at least three arguments")
        }
        if words.count == 6, words[4] != "as" {
            throw TemplateError.syntax(
                "Invalid syntax in widthratio tag. Expecting 'as' keyword"
            )
        }
        return .leaf(
            WidthRatioNode(
                value: try parser.compileFilter(words[1]),
                maximum: try parser.compileFilter(words[2]),
                width: try parser.compileFilter(words[3]),
                variable: words.count == 6 ? VariableName(words[5]) : nil
            )
        )
    }
}

extension ExactDecimal {
    /// The digits, zero without a sign.
    fileprivate var unsignedZeroText: String { isZero ? "0" : plainText }
}

/// The tag `{% now "j F Y" as name %}`.
struct NowNode: LeafNode {
    let format: ContextValue
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        let localization = renderer.environment.localization
        let zone =
            localization.usesTimeZones ? localization.timeZone : localization.defaultTimeZone
        guard var now = LocalDateTime(renderer.environment.now(), in: zone) else { return }
        if !localization.usesTimeZones { now.zone = nil }
        let text = try DateFilter(localization).date(.localDateTime(now), format).plainText
        if let variable {
            renderer.set(variable, .value(.string(text)))
        } else {
            renderer.write(text.utf8)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        var words = try token.splitContents()[...]
        var variable: VariableName?
        if words.count == 4 { (words, variable) = AsVariable.split(words) }
        guard words.count == 2, let format = words.last else {
            throw TemplateError.syntax("'now' statement takes one argument")
        }
        let inner = Truncator.text(format.unicodeScalars.dropFirst().dropLast())
        return .leaf(NowNode(format: .string(inner), variable: variable))
    }
}

/// The tag `{% regroup list by member as name %}`.
struct RegroupNode: ContainerNode {
    let target: FilterExpression
    let expression: FilterExpression
    let variable: VariableName

    func render(_ renderer: Renderer) async throws {
        let elements = try await renderer.fetching { renderer -> [ContextValue] in
            let value = try renderer.resolve(target, ignoresFailures: true)
            if case .none = value { return [] }
            return try Settler(renderer: renderer).together(value.walked("regroup"))
        }
        var groups: [(grouper: ContextValue, list: [ContextValue])] = []
        for element in elements {
            try renderer.checkLimits()
            let key = try await key(of: element, renderer)
            let last = groups.count - 1
            if last >= 0, groups[last].grouper.isEqual(to: key) {
                groups[last].list.append(element)
            } else {
                groups.append((key, [element]))
            }
        }
        let values = try groups.map { ContextValue.object(try Group(grouper: $0, list: $1)) }
        renderer.set(variable, .value(.array(values)))
    }

    /// What the element is grouped by; while it is computed, the tag's variable is the element.
    private func key(of element: ContextValue, _ renderer: Renderer) async throws -> ContextValue {
        try await renderer.withScope {
            renderer.set(variable, .value(element))
            return try await renderer.fetching {
                try $0.resolve(expression, ignoresFailures: true)
            }
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count == 6 else {
            throw TemplateError.syntax("'regroup' tag takes five arguments")
        }
        let target = try parser.compileFilter(words[1])
        guard words[2] == "by" else {
            throw TemplateError.syntax("second argument to 'regroup' tag must be 'by'")
        }
        guard words[4] == "as" else {
            throw TemplateError.syntax("next-to-last argument to 'regroup' tag must be 'as'")
        }
        let expression = try parser.compileFilter("\(words[5]).\(words[3])")
        return .container(
            RegroupNode(
                target: target,
                expression: expression,
                variable: VariableName(words[5])
            )
        )
    }

    /// A group: its key and its elements, which a loop may also unpack.
    private struct Group: ContextObject {
        let grouper: ContextValue
        let list: [ContextValue]
        /// How many groups are in each other, this one included.
        private let depth: Int

        /// Each level may double what is shown; nobody groups groups of groups more often.
        private static let depthLimit = 10

        init(grouper: ContextValue, list: [ContextValue]) throws {
            self.grouper = grouper
            self.list = list
            depth = 1 + max(Self.depth(of: grouper), Self.depth(of: .array(list)))
            guard depth <= Self.depthLimit else {
                throw TemplateError.limitExceeded(
                    "'regroup' puts groups in groups more than \(Self.depthLimit) deep. Does it "
                        + "group its own groups in a loop?"
                )
            }
        }

        private static func depth(of value: ContextValue, level: Int = 0) -> Int {
            guard level < 32 else { return 0 }
            switch value {
            case .array(let elements):
                return elements.reduce(0) { max($0, depth(of: $1, level: level + 1)) }
            case .dictionary(let dictionary):
                return dictionary.entries.reduce(0) {
                    max($0, depth(of: $1.value, level: level + 1))
                }
            case .object(let object): return (object as? Group)?.depth ?? 0
            default: return 0
            }
        }

        func contextMember(_ name: String) -> ContextValue? {
            switch name {
            case "grouper": grouper
            case "list": .array(list)
            default: nil
            }
        }

        var contextElements: [ContextValue]? { [grouper, .array(list)] }

        var contextDescription: ContextValue {
            .string(
                "GroupedResult(grouper=\(grouper.representation()), "
                    + "list=\(ContextValue.array(list).representation()))"
            )
        }
    }
}

/// The tag `{% ifchanged value %}…{% else %}…{% endifchanged %}`.
struct IfChangedNode: ContainerNode {
    let values: [FilterExpression]
    let nodes: NodeList
    let otherwise: NodeList
    let id = NodeID()

    private static let loopVariable = VariableName("forloop")

    var children: [NodeList] { [nodes, otherwise] }

    func render(_ renderer: Renderer) async throws {
        var rendered: [UInt8]?
        let current: [ContextValue]
        if values.isEmpty {
            let bytes = try await renderer.capture { try await renderer.render(nodes) }
            current = [.string(String(decoding: bytes, as: UTF8.self))]
            rendered = bytes
        } else {
            current = try await renderer.fetching { renderer in
                try values.map {
                    try renderer.settledThroughout(renderer.resolve($0, ignoresFailures: true))
                }
            }
        }
        if hasChanged(current, renderer) {
            if let rendered, !rendered.isEmpty {
                renderer.write(rendered)
            } else {
                try await renderer.render(nodes)
            }
        } else {
            try await renderer.render(otherwise)
        }
    }

    /// Compares with the last time in the same loop, or in the template outside loops.
    private func hasChanged(_ current: [ContextValue], _ renderer: Renderer) -> Bool {
        if let slot = renderer.slotIndex(Self.loopVariable),
            case .loop(let loop) = renderer.slots[slot].binding
        {
            let last = renderer.loops[loop].changes[id]
            renderer.loops[loop].changes[id] = current
            return Self.differ(last, current)
        }
        let last = renderer.templates.last?.changes[id]
        renderer.withState { $0.changes[id] = current }
        return Self.differ(last, current)
    }

    private static func differ(_ last: [ContextValue]?, _ current: [ContextValue]) -> Bool {
        guard let last, last.count == current.count else { return true }
        return !zip(last, current).allSatisfy { $0.isEqual(to: $1) }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        let nodes = try parser.parse(until: ["else", "endifchanged"])
        var otherwise = NodeList(template: parser.templateName)
        if let next = parser.nextToken(), next.contents.equalsBytes("else") {
            otherwise = try parser.parse(until: ["endifchanged"])
            _ = parser.nextToken()
        }
        return .container(
            IfChangedNode(
                values: try parser.compileFilters(words.dropFirst()),
                nodes: nodes,
                otherwise: otherwise
            )
        )
    }
}
