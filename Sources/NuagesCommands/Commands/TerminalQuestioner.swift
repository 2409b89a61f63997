import NuagesORM

/// Asks a person on the terminal what the models alone do not tell.
struct TerminalQuestioner: MigrationQuestioner {
    func answer(to question: MigrationQuestion) -> MigrationAnswer? {
        switch question {
        case .initial: .yes
        case .renamedModel, .renamedField: confirm("\(question) [y/N]")
        case .addedNotNull, .addedMoment: value("\(question)", mayLeave: false)
        case .alteredNotNull: value("\(question)", mayLeave: true)
        }
    }

    /// Whether the answer to a question that has to be asked is yes.
    ///
    /// - Throws: ``CommandFailure`` where nobody is there to answer.
    func confirms(_ text: String) throws -> Bool {
        guard isInteractive else {
            throw CommandFailure(
                "There is no terminal to ask on: \(text)\nGive --noinput where the answer is yes."
            )
        }
        return confirm("\(text) [y/N]") == .yes
    }

    private func confirm(_ text: String) -> MigrationAnswer? {
        while true {
            printNow("\(text) ", terminator: "")
            guard let line = readLine() else { return nil }
            switch line.lowercased() {
            case "y", "yes": return .yes
            case "n", "no", "": return .no
            default: print("Please answer y or n.")
            }
        }
    }

    private func value(_ text: String, mayLeave: Bool) -> MigrationAnswer? {
        print(text)
        let leave = mayLeave ? ", 'leave' if there are no nulls" : ""
        print(
            "Enter a number, a text in double quotes, true, false or now\(leave); nothing to quit."
        )
        while true {
            printNow(">>> ", terminator: "")
            guard let line = readLine(), !line.isEmpty else { return nil }
            if mayLeave, line == "leave" { return .leave }
            if let value = Self.value(of: line) { return .value(value) }
            print("That is none of these.")
        }
    }

    /// The default that a line of input stands for.
    static func value(of line: String) -> FieldDefault? {
        switch line {
        case "true", "True": return .value(.bool(true))
        case "false", "False": return .value(.bool(false))
        case "now": return .function("Date.now")
        default: break
        }
        let bytes = Array(line.utf8)
        if bytes.count >= 2, let quote = bytes.first, quote == bytes.last,
            quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        {
            return .value(.text(String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)))
        }
        if let number = Int(line) { return .value(.int(number)) }
        guard let number = Double(line), number.isFinite else { return nil }
        return .value(.double(number))
    }
}
