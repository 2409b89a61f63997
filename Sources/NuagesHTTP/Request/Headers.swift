internal import NuagesCore

/// The header fields of a message, in order; names compare without regard to ASCII case.
///
///     var headers: Headers = ["Content-Type": "text/plain"]
///     headers["content-type"]        // Optional("text/plain")
public struct Headers: Sendable, ExpressibleByDictionaryLiteral {
    /// One header field.
    public struct Field: Sendable {
        /// The name as it was written.
        public var name: String
        /// The value without surrounding blanks.
        public var value: String

        /// A header field.
        ///
        /// - Parameters:
        ///   - name: a token (RFC 9110, section 5.6.2).
        ///   - value: text without control characters.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields that are not in ``block``.
    package private(set) var ownFields: [Field] = []
    /// Fields that are the same on every response, already serialised; sent after ``ownFields``.
    package private(set) var block: HeaderBlock?

    /// No fields.
    public init() {}

    /// Fields as a parser found them; they have been checked.
    ///
    /// - Parameter fields: the fields in order.
    package init(validated fields: [Field]) { ownFields = fields }

    /// Fields from a literal.
    ///
    /// - Parameter elements: names and values.
    public init(dictionaryLiteral elements: (String, String)...) {
        ownFields.reserveCapacity(elements.count)
        for (name, value) in elements { append(name, value) }
    }

    /// The fields in order.
    public var fields: [Field] {
        guard let block else { return ownFields }
        return ownFields + block.fields
    }

    /// The value of the first field called `name`; setting replaces all of that name.
    ///
    /// - Parameter name: compared without regard to ASCII case.
    public subscript(_ name: String) -> String? {
        get {
            for field in ownFields where field.name.equalsIgnoringASCIICase(name) {
                return field.value
            }
            return block?.value(of: name)
        }
        set {
            expandBlock(for: name)
            let place = ownFields.firstIndex { $0.name.equalsIgnoringASCIICase(name) }
            if place != nil { ownFields.removeAll { $0.name.equalsIgnoringASCIICase(name) } }
            guard let newValue, let field = Self.field(name, newValue) else { return }
            // In the place of the first field of the name, as in Django.
            ownFields.insert(field, at: place ?? ownFields.count)
        }
    }

    /// The values of all fields called `name`, in order.
    ///
    /// - Parameter name: compared without regard to ASCII case.
    /// - Returns: the values; empty where there is no such field.
    public func values(of name: String) -> [String] {
        var values: [String] = []
        for field in fields where field.name.equalsIgnoringASCIICase(name) {
            values.append(field.value)
        }
        return values
    }

    /// Whether there is a field called `name`.
    ///
    /// - Parameter name: compared without regard to ASCII case.
    /// - Returns: true where there is one.
    public func contains(_ name: String) -> Bool { self[name] != nil }

    /// Appends a field, keeping those of the same name.
    ///
    /// A value with a line break or NUL could end the header early (response splitting); the
    /// field is then left out. ``Response/setHeader(_:_:)`` throws instead.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the value.
    public mutating func append(_ name: String, _ value: String) {
        if let field = Self.field(name, value) { ownFields.append(field) }
    }

    /// A field that can be sent, or nil.
    private static func field(_ name: String, _ value: String) -> Field? {
        isValid(name: name, value: value) ? Field(name: name, value: value) : nil
    }

    /// Appends a field that is known to be valid, such as one made of literals.
    mutating func append(validated field: Field) { ownFields.append(field) }

    /// Sets a field unless there is one of that name.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the value.
    public mutating func setDefault(_ name: String, _ value: String) {
        if self[name] == nil { append(name, value) }
    }

    /// Whether a field can be sent: a token as name, no control characters in the value.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the value.
    /// - Returns: false where sending would let the value end the field.
    public static func isValid(name: String, value: String) -> Bool {
        guard !name.utf8.isEmpty else { return false }
        for byte in name.utf8 where !byte.isToken { return false }
        return value.withUTF8Bytes { !UnsafeRawBufferPointer($0).containsControl }
    }

    /// Appends the fields of `block` that are not set yet; without a copy where none is.
    package mutating func setDefaults(_ block: HeaderBlock) {
        if self.block == nil, !ownFields.contains(where: { block.value(of: $0.name) != nil }) {
            self.block = block
            return
        }
        for field in block.fields where self[field.name] == nil { ownFields.append(field) }
    }

    package mutating func removeAll(where isRemoved: (Field) -> Bool) {
        if let block, block.fields.contains(where: isRemoved) { expandBlock() }
        ownFields.removeAll(where: isRemoved)
    }

    private mutating func expandBlock(for name: String) {
        if let block, block.value(of: name) != nil { expandBlock() }
    }

    private mutating func expandBlock() {
        ownFields = fields
        block = nil
    }
}

/// Header fields that many responses share, serialised once.
package final class HeaderBlock: Sendable {
    /// The fields in order.
    package let fields: [Headers.Field]
    /// The fields as they are sent: `Name: value` lines, each with its CRLF.
    package let serialized: [UInt8]
    /// The lengths of the names, each as the bit of that number; 63 is that long or longer.
    private let lengths: UInt64

    /// A block of fields; those that cannot be sent are left out.
    package init(_ fields: [Headers.Field]) {
        let fields = fields.filter { Headers.isValid(name: $0.name, value: $0.value) }
        self.fields = fields
        serialized = fields.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
        lengths = fields.reduce(0) { $0 | Self.bit($1.name) }
    }

    private static func bit(_ name: String) -> UInt64 { 1 &<< UInt64(min(name.utf8.count, 63)) }

    func value(of name: String) -> String? {
        guard lengths & Self.bit(name) != 0 else { return nil }
        for field in fields where field.name.equalsIgnoringASCIICase(name) { return field.value }
        return nil
    }
}
