import CLibPQ
import NuagesORM

extension PostgreSQLConnection: SharingConnection {
    /// Sends the statements of all reads in one pipeline; those behind one that fails are sent again.
    func run(_ reads: [SharedRead]) throws {
        while true {
            let waiting = reads.filter { !$0.isEnded }
            guard !waiting.isEmpty else { return }
            let isSent = !unanswered.isEmpty
            guard try isSent || areKnown(waiting) else {
                if isHurried { throw PostgreSQLRefusal() }
                return try runEach(waiting)
            }
            try startForTask()
            // No task of them is the one that runs this.
            handle.endsWithTask = false
            try finish(waiting, try answers(to: waiting))
        }
    }

    private func areKnown(_ reads: [SharedRead]) throws -> Bool {
        for statement in reads.lazy.flatMap(\.statements) {
            let bindings = try PostgreSQLBindings(statement.bindings, text: statement.text)
            guard statements.find(statement.text, where: { $0.takes(bindings) }) != nil else {
                return false
            }
        }
        return true
    }

    private func runEach(_ reads: [SharedRead]) throws {
        for read in reads {
            do {
                _ = try runMany(read.statements) { index, row in try read.take(&row, of: index) }
                read.end()
            } catch {
                read.end(throwing: error)
                guard isUsable else { throw error }
            }
        }
    }

    /// The result of a statement with what it is prepared as.
    private typealias Answer = (result: PostgreSQLResult, name: String, columns: ColumnKinds)

    private func answers(to reads: [SharedRead]) throws -> [Answer] {
        let list = reads.flatMap(\.statements)
        var prepared: [(name: String, columns: ColumnKinds, bindings: PostgreSQLBindings)] = []
        for statement in list {
            let bindings = try PostgreSQLBindings(statement.bindings, text: statement.text)
            let known = try prepare(statement.text, bindings)
            prepared.append((known.name, known.columns, bindings))
        }
        let sent = prepared
        let results = try pipeline(list) { () throws(DatabaseError) in
            for (name, columns, bindings) in sent { try send(name, columns, bindings) }
        }
        return zip(results, sent).map { ($0, $1.name, $1.columns) }
    }

    /// Hands the reads their results, as far as there are any.
    private func finish(
        _ reads: [SharedRead],
        _ answers: [Answer]
    ) throws {
        var rest = answers[...]
        for read in reads {
            for (index, statement) in read.statements.enumerated() {
                guard let (result, name, columns) = rest.popFirst() else {
                    // What stands behind one that failed has not run.
                    guard rest.startIndex > 0 else { throw PostgreSQLError.lost(handle.connection) }
                    return
                }
                guard result.isSuccess else {
                    guard result.isOutdatedPlan else {
                        return read.end(throwing: failure(result, statement.text))
                    }
                    let isKnown = !result.isUnknownStatement
                    return forget(name, statement.text, isKnown: isKnown)
                }
                do {
                    let rows = PostgreSQLRows(result, columns)
                    try rows.read { row in try read.take(&row, of: index) }
                } catch {
                    read.end(throwing: error)
                }
            }
            read.end()
        }
    }
}
