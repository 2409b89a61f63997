import FoundationEssentials
import Nuages

/// A row of the exports.
private struct ExportedItem: JSONWritable {
    let id: Int
    let name: String
    let category: String
    let price: Double
    let created: Date

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("name", name)
            $0.member("category", category)
            $0.member("price", price)
            $0.member("created", timeText(created))
        }
    }
}

/// All items as a list of objects, written while they are read.
func exportJSON(_ request: Request) async throws -> Response {
    streamed("application/json") { piece in
        try await piece.append(bytes: Array("[".utf8))
        var isFirst = true
        try await forEachItem { item in
            var writer = JSONWriter(capacity: 160)
            writer.value(item)
            if !isFirst { try await piece.append(bytes: [UInt8(ascii: ",")]) }
            isFirst = false
            try await piece.append(bytes: writer.bytes)
        }
        try await piece.append(bytes: Array("]".utf8))
    }
}

/// All items as lines, written while they are read.
func exportCSV(_ request: Request) async throws -> Response {
    streamed("text/csv") { piece in
        try await piece.append(bytes: Array("id,name,category,price,created\r\n".utf8))
        try await forEachItem { item in
            var line: [UInt8] = []
            line.reserveCapacity(96)
            line += String(item.id).utf8
            line.append(UInt8(ascii: ","))
            appendField(item.name, to: &line)
            line.append(UInt8(ascii: ","))
            appendField(item.category, to: &line)
            line.append(UInt8(ascii: ","))
            line += item.price.description.utf8
            line.append(UInt8(ascii: ","))
            line += timeText(item.created).utf8
            line += "\r\n".utf8
            try await piece.append(bytes: line)
        }
    }
}

private func forEachItem(_ body: (ExportedItem) async throws -> Void) async throws {
    let rows = try Item.objects.order { $0.id.ascending }.valuesIterator {
        ($0.id, $0.name, $0.category.name, $0.price, $0.created)
    }
    for try await (id, name, category, price, created) in rows {
        try await body(
            ExportedItem(
                id: id.value ?? 0,
                name: name,
                category: category,
                price: price,
                created: created
            )
        )
    }
}

/// A field of a line (RFC 4180): in quotes where it has to be.
private func appendField(_ text: String, to line: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
        guard bytes.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
            line.append(contentsOf: bytes)
            return
        }
        line.append(0x22)
        for byte in bytes {
            if byte == 0x22 { line.append(0x22) }
            line.append(byte)
        }
        line.append(0x22)
    }
}

/// `2026-01-01T00:37:01Z`.
private func timeText(_ moment: Date) -> String {
    let seconds = Int(moment.timeIntervalSince1970.rounded(.down))
    let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    let rest = seconds - days * 86_400
    guard let day = CalendarDate(daysSince1970: days) else { return "" }
    var text: [UInt8] = []
    text.reserveCapacity(20)
    func append(_ number: Int, _ width: Int) {
        var divisor = width == 4 ? 1000 : 10
        while divisor > 0 {
            text.append(UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10))
            divisor /= 10
        }
    }
    append(day.year, 4)
    text.append(UInt8(ascii: "-"))
    append(day.month, 2)
    text.append(UInt8(ascii: "-"))
    append(day.day, 2)
    text.append(UInt8(ascii: "T"))
    append(rest / 3600, 2)
    text.append(UInt8(ascii: ":"))
    append(rest / 60 % 60, 2)
    text.append(UInt8(ascii: ":"))
    append(rest % 60, 2)
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
}

/// Collects what is written into pieces of 16 KiB.
private struct Pieces {
    let writer: any ResponseBodyWriter
    private var bytes: [UInt8] = []

    init(_ writer: any ResponseBodyWriter) {
        self.writer = writer
        bytes.reserveCapacity(20_000)
    }

    mutating func append(bytes more: [UInt8]) async throws {
        bytes += more
        if bytes.count >= 16_384 { try await flush() }
    }

    mutating func flush() async throws {
        guard !bytes.isEmpty else { return }
        try await writer.write(bytes)
        bytes = []
        bytes.reserveCapacity(20_000)
    }
}

private func streamed(
    _ type: String,
    _ produce: @escaping @Sendable (inout Pieces) async throws -> Void
) -> Response {
    Response(
        headers: ["Content-Type": type],
        body: .stream(length: nil) { writer in
            var pieces = Pieces(writer)
            try await produce(&pieces)
            try await pieces.flush()
        }
    )
}
