/// A type that writes itself as JSON, without boxes and dictionaries between.
///
///     extension Message: JSONWritable {
///         func write(to writer: inout JSONWriter) {
///             writer.object { $0.member("message", text) }
///         }
///     }
public protocol JSONWritable {
    /// Writes one value.
    ///
    /// - Parameter writer: takes the value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable {
    /// The value as a document.
    ///
    /// - Parameter style: the layout.
    /// - Returns: UTF-8 bytes.
    public func jsonBytes(style: JSONWriter.Style = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style, capacity: 64)
        write(to: &writer)
        return style.indentation.map { JSONLayout.indent(writer.bytes, by: $0) } ?? writer.bytes
    }
}

extension Bool: JSONWritable {
    /// `true` or `false`.
    public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Int: JSONWritable {
    /// A number.
    public func write(to writer: inout JSONWriter) { writer.int(self) }
}

extension Double: JSONWritable {
    /// A number; `null` where it is not finite.
    public func write(to writer: inout JSONWriter) { writer.double(self) }
}

extension String: JSONWritable {
    /// A string.
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// The value, or `null`.
    public func write(to writer: inout JSONWriter) {
        if let self { self.write(to: &writer) } else { writer.null() }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// An array.
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for element in self { writer.element(element) }
        }
    }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// An object; its members in no fixed order.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for (name, value) in self { writer.member(name, value) }
        }
    }
}

extension JSONValue: JSONWritable {
    /// The document.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value): writer.int(value)
        case .double(let value): writer.double(value)
        case .string(let value): writer.string(value)
        case .array(let elements): elements.write(to: &writer)
        case .object(let members):
            writer.object { writer in
                for member in members { writer.member(member.name, member.value) }
            }
        }
    }
}
