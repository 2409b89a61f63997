/// Replaces operations by fewer that come to the same: an added field joins its new model.
public struct MigrationOptimizer: Sendable {
    /// An optimizer.
    public init() {}

    /// The operations that come to the same.
    ///
    /// - Parameters:
    ///   - operations: the operations of one app in order.
    ///   - app: the label of the app.
    /// - Returns: as few operations as can be found.
    public func optimize(
        _ operations: [any MigrationOperation],
        app: String
    ) -> [any MigrationOperation] {
        var current = operations
        // Each pass that changes anything replaces two operations; the bound only guards against
        // operations of others that keep replacing each other.
        for _ in 0...(operations.count * operations.count + 16) {
            guard let shorter = pass(current, app: app) else { return current }
            current = shorter
        }
        return current
    }

    /// The operations with the first pair that can be replaced replaced; nil if there is none.
    private func pass(
        _ operations: [any MigrationOperation],
        app: String
    ) -> [any MigrationOperation]? {
        for position in operations.indices {
            if let shorter = reduce(at: position, operations, app: app) { return shorter }
        }
        return nil
    }

    private func reduce(
        at position: Int,
        _ operations: [any MigrationOperation],
        app: String
    ) -> [any MigrationOperation]? {
        var canMoveRight = true
        for other in operations.indices.dropFirst(position + 1) {
            switch operations[position].reduced(with: operations[other], app: app) {
            case .passes: continue
            case .blocks: canMoveRight = false
            case .replaced(let result):
                let between = operations[(position + 1)..<other]
                guard canMoveRight || passes(operations[other], between, app: app) else {
                    return nil
                }
                var shorter = Array(operations[..<position])
                if canMoveRight { shorter.append(contentsOf: between) }
                shorter.append(contentsOf: result)
                if !canMoveRight { shorter.append(contentsOf: between) }
                shorter.append(contentsOf: operations[(other + 1)...])
                return shorter
            }
        }
        return nil
    }

    private func passes(
        _ operation: any MigrationOperation,
        _ between: ArraySlice<any MigrationOperation>,
        app: String
    ) -> Bool {
        between.allSatisfy {
            if case .passes = $0.reduced(with: operation, app: app) { true } else { false }
        }
    }
}
