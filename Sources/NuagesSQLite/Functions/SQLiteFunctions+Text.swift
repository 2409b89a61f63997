import NuagesCore
import NuagesORM
import NuagesRegex

extension SQLiteFunctions {
    /// The most bytes that a function makes of others: a few characters of a statement must not
    /// fill the memory.
    static let longestText = 16 << 20

    static var texts: [SQLiteFunction] {
        [
            SQLiteFunction(name: "regexp", argumentCount: 2) { call throws(SQLiteFunctionError) in
                let regex = try call.cached(0) { () throws(SQLiteFunctionError) in
                    try CachedRegex(try call.text(0))
                }
                return .int(try regex.matches(subject(call[1])) ? 1 : 0)
            },
            SQLiteFunction(name: "LPAD", argumentCount: 3) { call throws(SQLiteFunctionError) in
                try padded(call, atStart: true)
            },
            SQLiteFunction(name: "RPAD", argumentCount: 3) { call throws(SQLiteFunctionError) in
                try padded(call, atStart: false)
            },
            SQLiteFunction(name: "REPEAT", argumentCount: 2) { call throws(SQLiteFunctionError) in
                try repeated(call)
            },
            SQLiteFunction(name: "REVERSE", argumentCount: 1) { call throws(SQLiteFunctionError) in
                let scalars = try call.text(0).unicodeScalars
                return .text(String(String.UnicodeScalarView(scalars.reversed())))
            },
        ]
    }

    /// What is searched: numbers by their digits.
    private static func subject(_ argument: SQLiteArgument) -> String {
        switch argument {
        case .null: ""
        case .int(let number): String(number)
        case .double(let number): number.description
        case .text(let bytes), .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Text of a number of characters, filled up with others or cut off.
    private static func padded(
        _ call: SQLiteArguments,
        atStart: Bool
    ) throws(SQLiteFunctionError) -> SQLiteAnswer {
        let text = Array(try call.text(0).unicodeScalars)
        let length = try call.int(1)
        let fill = Array(try call.text(2).unicodeScalars)
        guard length > text.count else {
            // As a slice in Python: a negative length counts from the end.
            let end = length < 0 ? max(0, text.count + length) : length
            return .text(joined(text[..<end]))
        }
        if fill.isEmpty { return .text(joined(text[...])) }
        guard length <= longestText / 4 else { return .tooBig }
        var padding: [Unicode.Scalar] = []
        padding.reserveCapacity(length - text.count)
        for index in 0..<(length - text.count) { padding.append(fill[index % fill.count]) }
        return .text(joined((atStart ? padding + text : text + padding)[...]))
    }

    private static func joined(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Text several times; a number is multiplied, as in Python.
    private static func repeated(
        _ call: SQLiteArguments
    ) throws(SQLiteFunctionError) -> SQLiteAnswer {
        let count = try call.int(1)
        if case .int(let number) = call[0] {
            let (product, overflows) = Int(number).multipliedReportingOverflow(by: count)
            return overflows ? .tooBig : .int(product)
        }
        let bytes = try call.bytes(0)
        guard count > 0, !bytes.isEmpty else { return .text("") }
        let (size, overflows) = bytes.count.multipliedReportingOverflow(by: count)
        guard !overflows, size <= longestText else { return .tooBig }
        return .text(String(repeating: String(decoding: bytes, as: UTF8.self), count: count))
    }
}

/// A pattern that a statement keeps while it runs.
private final class CachedRegex {
    private enum Regex {
        case linear(LinearRegex)
        case backReferences(BackReferenceRegex)
    }

    private let regex: Regex

    init(_ pattern: String) throws(SQLiteFunctionError) {
        do throws(LinearRegexError) {
            regex =
                if let found = try BackReferenceRegex(pattern) {
                    .backReferences(found)
                } else {
                    .linear(try LinearRegex(pattern))
                }
        } catch {
            throw SQLiteFunctionError("\(error)")
        }
    }

    func matches(_ text: String) throws(SQLiteFunctionError) -> Bool {
        switch regex {
        case .linear(let regex): return regex.matches(text)
        case .backReferences(let regex):
            do throws(BackReferenceRegex.TooManySteps) {
                return try regex.matches(text)
            } catch {
                throw SQLiteFunctionError("\(error)")
            }
        }
    }
}
