import NuagesORM
import Testing

/// What holds for writes that come to a database together, however they do so.
enum WriteExpectations {
    /// Runs `body` for all numbers together.
    typealias Together = (
        _ numbers: [Int],
        _ body: @escaping @Sendable (Int) async throws -> Note
    ) async throws -> [Result<Note, any Error>]

    /// Of rows whose references are checked at the end, one of which leads nowhere, that one fails and
    /// the others are kept.
    static func brokenReference(in database: Database, _ together: Together) async throws {
        let writer = try await database.use {
            try await Writer.objects.create(Writer(name: "a"))
        }
        let key = try writer.id.saved()
        let saved = try await together(Array(1...10)) { number in
            let reference = Writer.Reference(PrimaryKey(number == 4 ? 999 : key))
            return try await Note.objects.create(Note(writer: reference, text: "\(number)"))
        }
        for (number, result) in zip(1...10, saved) where number != 4 {
            #expect(try result.get().text == "\(number)")
        }
        let error = #expect(throws: DatabaseError.self) { try saved[3].get() }
        guard case .integrity(let violation)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(violation.kind == .foreignKey)
        let texts = try await database.use {
            try await Note.objects.filter { $0.text != "-1" }.all().map(\.text)
        }
        #expect(texts.sorted() == (1...10).filter { $0 != 4 }.map { "\($0)" }.sorted())
    }
}
