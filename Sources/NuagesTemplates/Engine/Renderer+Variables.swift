public import NuagesCore

/// A value must be fetched before the node can be rendered.
struct Deferral: Error {
    /// Where the fetched value is kept.
    enum Destination {
        case slot(Int)
        case base(String)
        case node
    }

    enum Source {
        case value(@Sendable () async throws -> ContextValue)
        case parentBlock(BlockInstance)
        case fragment(HTMLFragment)
        case several([Source])

        /// What fetches a value; nil where it is there.
        init?(_ value: ContextValue) {
            if case .deferred(let fetch) = value {
                self = .value(fetch)
            } else if let fragment = value.fragment {
                self = .fragment(fragment)
            } else {
                return nil
            }
        }
    }

    let source: Source
    let destination: Destination
}

extension Renderer {
    /// The value of an expression.
    ///
    /// - Parameters:
    ///   - expression: the variable or constant with its filters.
    ///   - ignoresFailures: whether a missing variable is `None` instead of the engine's text.
    /// - Returns: the value behind the last filter.
    /// - Throws: what a filter or a lazy value throws.
    public func resolve(
        _ expression: FilterExpression,
        ignoresFailures: Bool = false
    ) throws -> ContextValue {
        var value: ContextValue
        switch expression.operand {
        case .constant(let constant): value = constant
        case .message(let message): value = translated(message)
        case .variable(let path):
            if let found = try resolve(path) {
                value = found
            } else if ignoresFailures {
                value = .none
            } else if engine.stringIfInvalid.isEmpty {
                value = .string("")
            } else {
                return missing(path)
            }
        }
        for application in expression.filters {
            value = try apply(application, to: value)
        }
        return value
    }

    /// What is written for a variable that is not in the context.
    func missing(_ path: VariablePath) -> ContextValue {
        .string(engine.stringIfInvalid.replacingBytes("%s", with: path.text))
    }

    func apply(
        _ application: FilterExpression.Application,
        to value: ContextValue
    ) throws -> ContextValue {
        var argument: ContextValue?
        switch application.argument {
        case nil: break
        case .constant(let constant): argument = constant
        case .message(let message): argument = translated(message)
        case .variable(let path):
            guard let found = try resolve(path) else {
                throw TemplateError.variableDoesNotExist(name: missingName)
            }
            argument = found
        }
        let settler = Settler(renderer: self)
        if let given = argument, given.isFragment { argument = try settler.throughout(given) }
        return try application.filter.apply(to: value, argument: argument, filterContext, settler)
    }

    func translated(_ message: String) -> ContextValue {
        .safe(SafeString(unsafe: page.environment.localization.translated(message)))
    }

    /// The value of a variable; nil where it is not in the context.
    package func resolve(_ path: VariablePath) throws -> ContextValue? {
        if path.isSecret { secretReads += 1 }
        if let index = slotIndex(path.first) {
            switch slots[index].binding {
            case .value(let value): return try follow(path, from: value, kept: .slot(index))
            case .loop(let loop): return try loopValue(loop, path)
            case .block(let block): return try blockValue(block, path)
            }
        }
        if let value = base[path.first.text] {
            return try follow(path, from: value, kept: .base(path.first.text))
        }
        guard let value = builtin(path.first.text) else {
            missingName = path.first.text
            return nil
        }
        return try follow(path, from: value, kept: .node)
    }

    private func builtin(_ name: String) -> ContextValue? {
        switch name {
        case "True": .bool(true)
        case "False": .bool(false)
        case "None": ContextValue.none
        case "csrf_token": csrfToken
        default: nil
        }
    }

    /// The request's token, which every template can read.
    private var csrfToken: ContextValue? {
        let token = page.environment.csrfToken()
        return token.isEmpty ? nil : .string(token)
    }

    /// The token as templates find it here, not asked for yet.
    var unreadToken: ContextValue {
        let name = VariableName("csrf_token")
        if let index = slotIndex(name), case .value(let value) = slots[index].binding {
            return value
        }
        let environment = page.environment
        return base[name.text] ?? .lazy { .string(environment.csrfToken()) }
    }

    private func follow(
        _ path: VariablePath,
        from value: ContextValue,
        kept: Deferral.Destination
    ) throws -> ContextValue? {
        do {
            var value = value.isPending ? try settled(value, kept: kept) : value
            for step in path.steps {
                guard let member = value.member(step) else {
                    missingName = step.name
                    return nil
                }
                value = member.isPending ? try settled(member, kept: .node) : member
            }
            return value
        } catch let error where error is any SilentVariableFailure {
            return .string(engine.stringIfInvalid)
        }
    }

    /// The value, computed where it is lazy; a deferred one is fetched and the node starts over.
    func settled(
        _ value: ContextValue,
        kept: Deferral.Destination
    ) throws -> ContextValue {
        var value = value
        for _ in 0..<16 {
            switch value {
            case .lazy(let compute): value = try compute()
            case .deferred(let fetch):
                if case .node = kept {
                    guard let next = try take([.value(fetch)]).first else { return value }
                    value = next
                } else {
                    throw Deferral(source: .value(fetch), destination: kept)
                }
            default: return value
            }
        }
        throw TemplateError.rendering("A lazy value keeps giving lazy values.")
    }

    /// What was fetched for the node from these sources, or a request to do so.
    func take(_ sources: [Deferral.Source]) throws -> ArraySlice<ContextValue> {
        let end = fetchedCount + sources.count
        guard end <= fetched.count else {
            let source = sources.count == 1 ? sources[0] : .several(sources)
            throw Deferral(source: source, destination: .node)
        }
        defer { fetchedCount = end }
        return fetched[fetchedCount..<end]
    }

    /// The value with all that is in it computed, HTML made in Swift with its templates rendered.
    func settledThroughout(_ value: ContextValue) throws -> ContextValue {
        guard value.mayHoldPending else { return value }
        return try Settler(renderer: self).throughout(value)
    }

    private func loopValue(_ index: Int, _ path: VariablePath) throws -> ContextValue? {
        var loop = index
        var steps = path.steps[...]
        while let step = steps.first {
            let state = loops[loop]
            steps.removeFirst()
            if step.name == "parentloop", steps.first != nil {
                guard let parent = state.parent else {
                    missingName = steps.first?.name ?? ""
                    return nil
                }
                loop = parent
                continue
            }
            guard let value = state.member(step.name) ?? loopDictionary(loop)[step.name],
                steps.isEmpty
            else {
                missingName = steps.first?.name ?? step.name
                return nil
            }
            return value
        }
        return .dictionary(loopDictionary(loop))
    }

    private func loopDictionary(_ index: Int, depth: Int = 0) -> ContextDictionary {
        let state = loops[index]
        var dictionary = ContextDictionary()
        if let parent = state.parent, depth < 64 {
            dictionary["parentloop"] = .dictionary(loopDictionary(parent, depth: depth + 1))
        } else {
            dictionary["parentloop"] = .dictionary([:])
        }
        for name in LoopState.memberNames { dictionary[name] = state.member(name) }
        return dictionary
    }

    private func blockValue(_ block: BlockInstance, _ path: VariablePath) throws -> ContextValue? {
        guard let step = path.steps.first else {
            return .string("<Block Node: \(block.node.name.text)>")
        }
        switch step.name {
        case "name" where path.steps.count == 1: return .string(block.node.name.text)
        case "super" where path.steps.count == 1:
            if fetchedCount < fetched.count {
                fetchedCount += 1
                return fetched[fetchedCount - 1]
            }
            throw Deferral(source: .parentBlock(block), destination: .node)
        default:
            missingName = step.name
            return nil
        }
    }
}

extension LoopState {
    static let memberNames = [
        "length", "counter0", "counter", "revcounter", "revcounter0", "first", "last",
    ]

    /// A member of `forloop`.
    func member(_ name: String) -> ContextValue? {
        switch name {
        case "counter": .int(index + 1)
        case "counter0": .int(index)
        case "revcounter": .int(count - index)
        case "revcounter0": .int(count - index - 1)
        case "first": .bool(index == 0)
        case "last": .bool(index == count - 1)
        case "length": .int(count)
        default: nil
        }
    }
}
