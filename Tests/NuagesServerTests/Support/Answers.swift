/// One response out of what a connection received.
struct Answer {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: String

    /// The values of all fields called `name`.
    func values(of name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// Takes apart responses that stand one behind the other, each with its length.
    static func all(in text: String) -> [Answer] {
        var rest = Array(text.utf8)[...]
        var answers: [Answer] = []
        while let answer = next(&rest) { answers.append(answer) }
        return answers
    }

    private static func next(_ bytes: inout ArraySlice<UInt8>) -> Answer? {
        guard
            let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) })
        else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        bytes = bytes[(end + 4)...]
        guard let first = lines.first, let code = NuagesServerTests.status(String(first)) else {
            return nil
        }
        var answer = Answer(status: code, fields: [], body: "")
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            answer.fields.append((String(parts[0]), String(parts.last ?? "").trimmed))
        }
        let length = answer.values(of: "Content-Length").first.flatMap { Int($0) } ?? 0
        answer.body = String(decoding: bytes.prefix(length), as: UTF8.self)
        bytes = bytes.dropFirst(length)
        return answer
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
