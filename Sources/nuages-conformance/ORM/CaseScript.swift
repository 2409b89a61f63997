import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Runs the steps of a script.
struct CaseScript {
    let state: CaseState

    private var decoder: QueryDecoder { QueryDecoder(state: state) }
    private var reader: ShowReader { ShowReader(state: state) }
    private var writer: CaseWriter { CaseWriter(state: state) }

    /// The entries of the steps, with the error that ended them.
    func run(_ steps: JSONValue) async -> JSONValue {
        var members: [JSONValue.Member] = []
        do {
            try await run(steps: steps)
        } catch {
            members = ORMErrors.json(error).members ?? []
        }
        return .object([JSONValue.Member("returns", .array(state.entries))] + members)
    }

    private func run(steps: JSONValue) async throws {
        for step in steps.elements ?? [] { try await run(step: step) }
    }

    private func enter(_ value: JSONValue) {
        state.entries.append(.object([JSONValue.Member("value", value)]))
    }

    private func run(step: JSONValue) async throws {
        if step["terminal"] != nil {
            state.entries.append(try await CaseRunner(state: state).run(step))
        } else if let steps = step["atomic"] {
            try await atomic(steps, step)
        } else if let steps = step["try"] {
            do {
                try await run(steps: steps)
            } catch let error as UnsupportedCase {
                throw error
            } catch {
                state.entries.append(ORMErrors.json(error))
            }
        } else if let label = step["on_commit"]?.text {
            let state = state
            try await state.database.onCommit {
                state.entries.append(.object([JSONValue.Member("committed", .string(label))]))
            }
        } else if step["in_atomic_block"] != nil {
            enter(.bool(state.database.isInTransaction))
        } else if step["savepoint"] != nil || step["savepoint_rollback"] != nil
            || step["savepoint_commit"] != nil || step["check_constraints"] != nil
        {
            try await savepoint(step)
        } else {
            try await bind(step)
        }
    }

    private func atomic(_ steps: JSONValue, _ step: JSONValue) async throws {
        do {
            try await state.database.atomic(
                durable: step["durable"]?.flag == true,
                savepoint: step["savepoint"]?.flag != false
            ) {
                try await run(steps: steps)
                if step["raise"]?.flag == true { throw NamedError(name: "Rollback") }
                if step["set_rollback"]?.flag == true { try state.database.rollBackAtEnd() }
            }
        } catch let error as UnsupportedCase {
            throw error
        } catch {
            guard step["catch"]?.flag == true else { throw error }
            state.entries.append(ORMErrors.json(error))
            return
        }
        if step["catch"]?.flag == true { enter(.string("committed")) }
    }

    private func savepoint(_ step: JSONValue) async throws {
        if let name = step["savepoint"]?.text {
            state.savepoints[name] = try await state.database.savepoint()
        } else if let name = step["savepoint_rollback"]?.text, let point = state.savepoints[name] {
            try await state.database.rollBack(to: point)
        } else if let name = step["savepoint_commit"]?.text, let point = state.savepoints[name] {
            try await state.database.release(point)
        } else if step["check_constraints"] != nil {
            try await checkConstraints()
        }
    }

    private func checkConstraints() async throws {
        let database = state.database
        try await CaseLog.uncounted {
            if database.dialect.vendor == "sqlite" {
                guard try await database.rows("PRAGMA foreign_key_check").isEmpty else {
                    throw NamedError(name: "IntegrityError")
                }
            } else {
                try await database.execute("SET CONSTRAINTS ALL IMMEDIATE")
                try await database.execute("SET CONSTRAINTS ALL DEFERRED")
            }
        }
    }

    // MARK: Objects

    private func bind(_ step: JSONValue) async throws {
        let name = step["as"]?.text ?? ""
        if let load = step["load"]?.elements, load.count == 2, let model = load[0].text {
            state.objects[name] = try await state.loaded(model, load[1])
        } else if let query = step["fetch"] {
            state.objects[name] = Instance(try await decoder.query(query).query.get())
        } else if let new = step["new"]?.elements, new.count == 2, let model = new[0].text {
            let values = try await writer.values(new[1])
            state.objects[name] = Instance(
                try DynamicRow(new: ORMModels.label(model), values)
            )
            try await settle(state.objects[name], new[1])
        } else if let kept = step["query_as"]?.text {
            state.queries[kept] = try await decoder.query(step)
        } else {
            try await use(step)
        }
    }

    /// The rows that a new one was given.
    private func settle(_ instance: Instance?, _ values: JSONValue) async throws {
        guard let instance else { return }
        for pair in values.elements ?? [] {
            guard let parts = pair.elements, parts.count == 2, let name = parts[0].text,
                parts[1].tag == "obj" || parts[1].tag == "ref"
            else { continue }
            instance.settle(name, try await state.instance(parts[1]))
        }
    }

    private func object(_ name: JSONValue?) throws -> Instance {
        guard let name = name?.text, let object = state.objects[name] else {
            throw UnsupportedCase("an object")
        }
        return object
    }

    private func use(_ step: JSONValue) async throws {
        if step["set"] != nil {
            let object = try object(step["set"])
            for (name, value) in try await writer.values(step["values"]) {
                try object.row.assign(name, value)
            }
        } else if let parts = step["assign"]?.elements, parts.count == 3 {
            try await assign(parts)
        } else if step["save"] != nil {
            let object = try object(step["save"])
            var options = DynamicRow.SaveOptions()
            options.forcesInsert = step["force_insert"]?.flag == true
            options.forcesUpdate = step["force_update"]?.flag == true
            options.fields = step["update_fields"]?.elements?.compactMap(\.text)
            try await state.save(object, options)
            enter(try await reader.row(object, step["show"]))
        } else if step["delete"] != nil {
            let object = try object(step["delete"])
            let keeps = step["keep_parents"]?.flag == true
            enter(CaseWriter.deletion(try await object.row.delete(keepsParents: keeps)))
        } else if step["full_clean"] != nil {
            let object = try object(step["full_clean"])
            try await object.row.fullClean(
                excluding: Set((step["exclude"]?.elements ?? []).compactMap(\.text)),
                checksUnique: step["validate_unique"]?.flag != false,
                checksConstraints: step["validate_constraints"]?.flag != false
            )
            enter(.string("valid"))
        } else if step["refresh"] != nil {
            let object = try object(step["refresh"])
            let names = step["fields"]?.elements?.compactMap(\.text)
            try await object.row.refresh(names)
            if let names {
                for name in names { object.related[name] = nil }
            } else {
                object.related = [:]
            }
            enter(try await reader.row(object, step["show"]))
        } else {
            try await look(step)
        }
    }

    private func assign(_ parts: [JSONValue]) async throws {
        let object = try object(parts[0])
        let name = parts[1].text ?? ""
        guard object.row.isWayBack(name) else {
            if parts[2] == .null {
                try object.row.assign(name, nil)
                object.related[name] = .one(nil)
            } else {
                let other = try await state.instance(parts[2])
                try object.row.assignRow(name, other.row)
                object.settle(name, other)
            }
            return
        }
        guard let back = object.row.backName(name) else { throw NamedError(name: "TypeError") }
        guard parts[2] != .null else {
            if case .one(let other?)? = object.related[name] {
                try other.row.assign(back, nil)
                other.related[back] = .one(nil)
            }
            object.related[name] = .one(nil)
            return
        }
        let other = try await state.instance(parts[2])
        guard other.row.modelLabel == (try object.row.related(name))?.modelLabel else {
            throw NamedError(name: "ValueError")
        }
        try other.row.assignRow(back, object.row)
        other.related[back] = .one(object)
        object.related[name] = .one(other)
    }

    private func look(_ step: JSONValue) async throws {
        if step["ref"] != nil {
            enter(try await reader.row(try object(step["ref"]), step["show"]))
        } else if step["deferred"] != nil {
            let names = try object(step["deferred"]).row.deferredNames
            enter(.array(names.sorted().map { .string($0) }))
        } else if let names = step["equal"]?.elements, names.count == 2 {
            let (left, right) = (try object(names[0]).row, try object(names[1]).row)
            enter(.bool(left.isSameRow(as: right)))
        } else if let call = step["call"]?.elements {
            try await self.call(call, step["show"])
        } else if let names = step["prefetch_objects"]?.elements {
            let objects = try names.map { try object($0) }
            var rows = objects.map(\.row)
            try await DynamicPrefetch.load(
                (step["lookups"]?.elements ?? []).compactMap(\.text).map { DynamicPrefetch($0) },
                into: &rows
            )
            for (object, row) in zip(objects, rows) { object.take(row) }
            enter(.null)
        } else {
            throw UnsupportedCase("the step \((step.members ?? []).map(\.name))")
        }
    }

    /// Calls a method of an object that Django makes for a field or relation.
    private func call(_ call: [JSONValue], _ show: JSONValue?) async throws {
        let object = try object(call.first)
        let method = call.count > 1 ? call[1].text ?? "" : ""
        let parts = method.split(separator: "_").map(String.init)
        guard parts.count > 2 else { throw UnsupportedCase("the method '\(method)'") }
        let middle = parts.dropFirst().dropLast().joined(separator: "_")
        let isNext = parts[1] == "next"
        switch (parts[0], parts[1], parts[parts.count - 1]) {
        case ("get", _, "display"): enter(ORMValue.encode(object.row.display(middle)))
        case ("get", "next", "order"), ("get", "previous", "order"):
            let row = try await object.row.neighbourInOrder(isNext: isNext)
            enter(try await reader.row(Instance(row), show))
        case ("get", _, "order"):
            enter(.array(try await object.row.order(of: middle).map(ORMValue.encode)))
        case ("set", _, "order"):
            let keys = try (call.count > 2 ? call[2].elements ?? [] : []).map(ORMValue.decode)
            try await object.row.setOrder(of: middle, keys)
            enter(.null)
        case ("get", "next", _), ("get", "previous", _):
            let field = parts.dropFirst(3).joined(separator: "_")
            let row = try await object.row.neighbour(by: field, isNext: isNext)
            enter(try await reader.row(Instance(row), show))
        default: throw UnsupportedCase("the method '\(method)'")
        }
    }
}
