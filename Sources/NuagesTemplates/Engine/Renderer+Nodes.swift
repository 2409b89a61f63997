public import NuagesCore

extension Renderer {
    /// Writes nodes in order.
    ///
    /// - Parameter nodes: the nodes.
    /// - Throws: ``TemplateError`` with the place of the node that failed.
    public func render(_ nodes: NodeList) async throws { try await render(nodes, from: 0) }

    func render(_ nodes: NodeList, from start: Int) async throws {
        var index = start
        while index < nodes.entries.count {
            index = try renderLeaves(nodes, from: index)
            guard index < nodes.entries.count else { return }
            do {
                try await renderWaiting(nodes.entries[index].piece)
                try checkSize()
            } catch {
                throw located(error, nodes, index)
            }
            index += 1
        }
    }

    /// Writes nodes until one has to wait; returns its index, or the count where none has to.
    func renderLeaves(_ nodes: NodeList, from start: Int) throws -> Int {
        var index = start
        let count = nodes.entries.count
        while index < count {
            let mark = output.count
            do {
                switch nodes.entries[index].piece {
                case .text(let bytes): output.append(contentsOf: bytes)
                case .variable(let expression): try write(expression)
                case .leaf(let node): try node.render(self)
                case .container: return index
                }
                try checkSize()
            } catch is Deferral {
                output.removeLast(output.count - mark)
                return index
            } catch {
                throw located(error, nodes, index)
            }
            index += 1
        }
        return index
    }

    /// Writes the value of an expression.
    private func write(_ expression: FilterExpression) throws {
        guard let path = expression.bareVariable else {
            return write(try writable(resolve(expression)))
        }
        write(try writable(resolve(path) ?? missing(path)))
    }

    /// The value as it is written, with all that is in it computed.
    private func writable(_ value: ContextValue) throws -> ContextValue {
        if case .object(let object) = value, let pending = object.contextPending {
            return try settledThroughout(pending)
        }
        return try settledThroughout(value)
    }

    private func renderWaiting(_ piece: NodeList.Piece) async throws {
        switch piece {
        case .text(let bytes): output.append(contentsOf: bytes)
        case .variable(let expression):
            write(try await fetching { try $0.writable($0.resolve(expression)) })
        case .leaf(let node): try await fetching { try node.render($0) }
        case .container(let node): try await node.render(self)
        }
    }

    /// The value of an expression, fetched where it has to be waited for: for tags with nodes inside.
    ///
    /// - Parameter expression: the variable or constant with its filters.
    /// - Returns: the value, with all that is in it.
    /// - Throws: what a filter or a lazy value throws.
    public func value(of expression: FilterExpression) async throws -> ContextValue {
        try await fetching { try $0.settledThroughout($0.resolve(expression)) }
    }

    /// Runs `body`, fetching the values that it waits for and starting it over after each.
    func fetching<Result>(_ body: (Renderer) throws -> Result) async throws -> Result {
        let (outerFetched, outerCount) = (fetched, fetchedCount)
        fetched = []
        defer { (fetched, fetchedCount) = (outerFetched, outerCount) }
        let mark = output.count
        while true {
            try Task.checkCancellation()
            fetchedCount = 0
            do {
                return try body(self)
            } catch let deferral as Deferral {
                output.removeLast(output.count - mark)
                try await fetch(deferral)
            }
        }
    }

    private func fetch(_ deferral: Deferral) async throws {
        if case .several(let sources) = deferral.source {
            for source in sources { fetched.append(try await value(of: source)) }
            return
        }
        let value = try await value(of: deferral.source)
        switch deferral.destination {
        case .slot(let index): slots[index].binding = .value(value)
        case .base(let name): base[name] = value
        case .node: fetched.append(value)
        }
    }

    private func value(of source: Deferral.Source) async throws -> ContextValue {
        switch source {
        case .value(let fetch):
            do {
                return try await fetch()
            } catch let error where error is any SilentVariableFailure {
                return .string(engine.stringIfInvalid)
            }
        case .parentBlock(let block): return try await parentHTML(of: block)
        case .fragment(let fragment): return try await html(of: fragment)
        case .several(let sources):
            var values: [ContextValue] = []
            for source in sources { values.append(try await value(of: source)) }
            return .array(values)
        }
    }

    /// The error with the place of the node in which it came up.
    func located(_ error: any Error, _ nodes: NodeList, _ index: Int) -> any Error {
        switch error {
        case let error as TemplateError: error.located(at: nodes.location(of: index))
        case is CancellationError, is Deferral: error
        default:
            TemplateError.rendering("\(error)", cause: error, at: nodes.location(of: index))
        }
    }
}
