/// Encodes `Encodable` values as JSON, straight into bytes and in the order of their keys.
///
/// For hot paths conform to ``JSONWritable``; `Codable` costs a few times as much.
public struct JSONBytesEncoder: Sendable {
    /// The layout.
    public var style: JSONWriter.Style

    /// An encoder.
    ///
    /// - Parameter style: the layout.
    public init(style: JSONWriter.Style = .compact) { self.style = style }

    /// The document of `value`.
    ///
    /// - Parameter value: what to encode.
    /// - Returns: UTF-8 bytes.
    /// - Throws: `EncodingError` for a number that is not finite, or what the value throws.
    public func encode(_ value: some Encodable) throws -> [UInt8] {
        let sink = JSONSink(style: style)
        try sink.encode(value, at: [])
        let bytes = sink.assembled()
        return style.indentation.map { JSONLayout.indent(bytes, by: $0) } ?? bytes
    }
}

/// A place that takes one JSON value, and the places inside it that are filled later.
final class JSONSink {
    private(set) var writer: JSONWriter
    /// Containers that a type asked for by hand; they may be written to in any order.
    private var children: [(offset: Int, sink: JSONSink)] = []
    private var isOpen: UInt8?

    init(style: JSONWriter.Style) { writer = JSONWriter(style: style) }

    func encode(_ value: some Encodable, at path: [any CodingKey]) throws {
        switch value {
        case let value as String: writer.string(value)
        case let value as Int: writer.int(value)
        case let value as Bool: writer.bool(value)
        case let value as Double: try double(value, at: path)
        // The other numbers encode themselves as single values, which come back here.
        case let value as any BinaryInteger & Encodable: writer.raw(Array("\(value)".utf8))
        case let value as Float: try float(value, at: path)
        case let value as any JSONWritable & Encodable:
            value.write(to: &writer)
            if writer.lostNumber { throw Self.lostNumber(value, at: path) }
        default:
            let inner = JSONSink(style: writer.style)
            try value.encode(to: JSONEncoding(sink: inner, codingPath: path))
            writer.raw(inner.isEmpty ? Array("{}".utf8) : inner.assembled())
        }
    }

    func double(_ value: Double, at path: [any CodingKey]) throws {
        guard value.isFinite else { throw Self.lostNumber(value, at: path) }
        writer.double(value)
    }

    private static func lostNumber(_ value: Any, at path: [any CodingKey]) -> EncodingError {
        .invalidValue(
            value,
            .init(codingPath: path, debugDescription: "JSON has no infinities and no NaN.")
        )
    }

    private func float(_ value: Float, at path: [any CodingKey]) throws {
        guard value.isFinite else { return try double(Double(value), at: path) }
        writer.raw(Array(value.description.utf8))
    }

    private var isEmpty: Bool { writer.bytes.isEmpty && children.isEmpty }

    func open(_ bracket: UInt8) {
        guard isOpen == nil else { return }
        isOpen = bracket
        writer.open(bracket)
    }

    func with(_ body: (inout JSONWriter) throws -> Void) rethrows { try body(&writer) }

    func child() -> JSONSink {
        let sink = JSONSink(style: writer.style)
        children.append((writer.bytes.count, sink))
        return sink
    }

    /// The bytes with those of the children in their places.
    func assembled() -> [UInt8] {
        var output: [UInt8] = []
        var start = 0
        for (offset, sink) in children {
            output += writer.bytes[start..<offset]
            let bytes = sink.assembled()
            output += bytes.isEmpty ? Array("{}".utf8) : bytes
            start = offset
        }
        output += writer.bytes[start...]
        if let isOpen { output.append(isOpen + 2) }
        return output
    }
}

private struct JSONEncoding: Encoder {
    let sink: JSONSink
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        sink.open(0x7B)
        return KeyedEncodingContainer(JSONKeyedContainer<Key>(sink: sink, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        sink.open(0x5B)
        return JSONUnkeyedContainer(sink: sink, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSingleContainer(sink: sink, codingPath: codingPath)
    }
}

private struct JSONKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let sink: JSONSink
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) {
        sink.with {
            $0.beginMember(key.stringValue)
            $0.null()
        }
    }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        sink.with { $0.beginMember(key.stringValue) }
        try sink.encode(value, at: codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        JSONEncoding(sink: child(key), codingPath: codingPath + [key]).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONEncoding(sink: child(key), codingPath: codingPath + [key]).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        sink.with { $0.beginMember("super") }
        return JSONEncoding(sink: sink.child(), codingPath: codingPath)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        JSONEncoding(sink: child(key), codingPath: codingPath + [key])
    }

    private func child(_ key: Key) -> JSONSink {
        sink.with { $0.beginMember(key.stringValue) }
        return sink.child()
    }
}

private struct JSONUnkeyedContainer: UnkeyedEncodingContainer {
    let sink: JSONSink
    let codingPath: [any CodingKey]
    var count = 0

    mutating func encodeNil() {
        begin()
        sink.with { $0.null() }
    }

    mutating func encode(_ value: some Encodable) throws {
        begin()
        try sink.encode(value, at: codingPath)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        begin()
        return JSONEncoding(sink: sink.child(), codingPath: codingPath).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin()
        return JSONEncoding(sink: sink.child(), codingPath: codingPath).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        begin()
        return JSONEncoding(sink: sink.child(), codingPath: codingPath)
    }

    private mutating func begin() {
        count += 1
        sink.with { $0.beginElement() }
    }
}

private struct JSONSingleContainer: SingleValueEncodingContainer {
    let sink: JSONSink
    let codingPath: [any CodingKey]

    func encodeNil() { sink.with { $0.null() } }

    func encode(_ value: some Encodable) throws { try sink.encode(value, at: codingPath) }
}
