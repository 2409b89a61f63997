/// Writes JSON straight into bytes.
///
///     var writer = JSONWriter()
///     writer.object {
///         $0.member("message", "Hello, World!")
///         $0.member("count", 3)
///     }
///     writer.bytes     // {"message":"Hello, World!","count":3}
public struct JSONWriter: Sendable {
    /// How a document is laid out.
    public struct Style: Sendable {
        /// Whether there is a blank after `,` and `:`, as Python's `json.dumps` writes it.
        public var isSpaced = false
        /// Whether letters outside ASCII are written as `\uXXXX`, as Python does by default.
        public var escapesNonASCII = false
        /// Whether `<`, `>` and `&` are written as `\uXXXX`, so that no page can take the
        /// document for markup.
        public var escapesMarkup = true
        /// By how many blanks each level is indented, one element a line; nil is one line.
        public var indentation: Int?
        /// Whether `NaN` and `Infinity` are written as Python does, which is no JSON.
        package var keepsNonFinite = false

        /// No blanks, UTF-8, markup escaped.
        public static let compact = Style()
        /// The form of Python's `json.dumps` and of Django's `JsonResponse`.
        public static let python = Style(
            isSpaced: true,
            escapesNonASCII: true,
            escapesMarkup: false
        )

        /// A style.
        ///
        /// - Parameters:
        ///   - isSpaced: whether there is a blank after `,` and `:`.
        ///   - escapesNonASCII: whether letters outside ASCII are escaped.
        ///   - escapesMarkup: whether `<`, `>` and `&` are escaped.
        ///   - indentation: by how many blanks each level is indented; nil is one line.
        public init(
            isSpaced: Bool = false,
            escapesNonASCII: Bool = false,
            escapesMarkup: Bool = true,
            indentation: Int? = nil
        ) {
            self.indentation = indentation
            self.isSpaced = isSpaced
            self.escapesNonASCII = escapesNonASCII
            self.escapesMarkup = escapesMarkup
        }
    }

    /// The document so far.
    public private(set) var bytes: [UInt8] = []
    /// The layout.
    public let style: Style
    // Whether the next element of the innermost array or object needs a comma in front.
    private var needsComma = false
    /// Whether a number was written as `null`, since JSON cannot express it.
    package private(set) var lostNumber = false

    /// A writer of an empty document.
    ///
    /// - Parameters:
    ///   - style: the layout.
    ///   - capacity: bytes to reserve.
    public init(style: Style = .compact, capacity: Int = 0) {
        self.style = style
        bytes.reserveCapacity(capacity)
    }

    // MARK: Values

    /// Writes `null`.
    public mutating func null() { append("null") }

    /// Writes `true` or `false`.
    ///
    /// - Parameter value: the value.
    public mutating func bool(_ value: Bool) { append(value ? "true" : "false") }

    /// Writes a whole number.
    ///
    /// - Parameter value: the value.
    public mutating func int(_ value: Int) {
        if value >= 0, value < 10 {
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: value))
            return
        }
        var magnitude = value.magnitude
        if value < 0 { bytes.append(0x2D) }
        let start = bytes.count
        while magnitude > 0 {
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: magnitude % 10))
            magnitude /= 10
        }
        bytes[start...].reverse()
    }

    /// Writes a number; JSON has no infinities and no NaN, which become `null`.
    ///
    /// - Parameter value: the value.
    public mutating func double(_ value: Double) {
        guard value.isFinite else {
            if style.keepsNonFinite {
                return append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
            }
            lostNumber = true
            return null()
        }
        append(value.description)
    }

    /// Writes a string.
    ///
    /// - Parameter value: the text.
    public mutating func string(_ value: String) {
        bytes.append(0x22)
        value.withUTF8Bytes { appendEscaped($0) }
        bytes.append(0x22)
    }

    /// Writes whatever can write itself.
    ///
    /// - Parameter value: the value.
    public mutating func value(_ value: some JSONWritable) { value.write(to: &self) }

    // MARK: Arrays and objects

    /// Writes an array.
    ///
    /// - Parameter body: writes the elements, each by ``element(_:)``.
    public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nested(0x5B, 0x5D, body)
    }

    /// Writes an object.
    ///
    /// - Parameter body: writes the members, each by ``member(_:_:)-(String,_)``.
    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nested(0x7B, 0x7D, body)
    }

    /// Writes one element of an array.
    ///
    /// - Parameter value: the element.
    public mutating func element(_ value: some JSONWritable) {
        beginElement()
        value.write(to: &self)
    }

    /// Writes one member of an object.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - value: its value.
    public mutating func member(_ name: String, _ value: some JSONWritable) {
        beginMember(name)
        value.write(to: &self)
    }

    package mutating func beginElement() {
        if needsComma {
            bytes.append(0x2C)
            if style.isSpaced { bytes.append(0x20) }
        }
        needsComma = true
    }

    package mutating func beginMember(_ name: String) {
        beginElement()
        string(name)
        bytes.append(0x3A)
        if style.isSpaced { bytes.append(0x20) }
    }

    package mutating func open(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = false
    }

    package mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    package mutating func raw(_ json: [UInt8]) { bytes += json }

    private mutating func nested(
        _ open: UInt8,
        _ close: UInt8,
        _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        let outer = needsComma
        self.open(open)
        try body(&self)
        bytes.append(close)
        needsComma = outer
    }

    // MARK: Escaping

    private mutating func append(_ text: String) {
        text.withUTF8Bytes { bytes.append(contentsOf: $0) }
    }

    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            let isPlain =
                byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C && byte != 0x26
                && byte != 0x3C && byte != 0x3E
            guard !isPlain, needsEscape(byte, text, index) else {
                index &+= 1
                continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            index &+= appendEscape(text, index)
            start = index
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private func needsEscape(
        _ byte: UInt8,
        _ text: UnsafeBufferPointer<UInt8>,
        _ index: Int
    ) -> Bool {
        switch byte {
        case 0..<0x20, 0x22, 0x5C: true
        case 0x26, 0x3C, 0x3E: style.escapesMarkup
        case 0x7F: style.escapesNonASCII
        case 0xE2:
            // U+2028 and U+2029 end a line in JavaScript before ES2019.
            style.escapesNonASCII
                || (style.escapesMarkup && index + 2 < text.count && text[index + 1] == 0x80
                    && text[index + 2] & 0xFE == 0xA8)
        case 0x80...: style.escapesNonASCII
        default: false
        }
    }

    /// Writes the escape of the scalar at `index`; returns how many bytes it had.
    private mutating func appendEscape(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let byte = text[index]
        switch byte {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        // Python leaves DEL as it is.
        case 0x7F: bytes.append(byte)
        case 0..<0x80: appendUnit(UInt16(byte))
        default: return appendScalarEscape(text, index)
        }
        return 1
    }

    private mutating func appendScalarEscape(
        _ text: UnsafeBufferPointer<UInt8>,
        _ index: Int
    ) -> Int {
        let length = text[index] >= 0xF0 ? 4 : text[index] >= 0xE0 ? 3 : 2
        let end = min(text.count, index + length)
        for unit in String(decoding: text[index..<end], as: UTF8.self).utf16 { appendUnit(unit) }
        return end - index
    }

    private mutating func appendUnit(_ unit: UInt16) {
        append("\\u")
        var shift: UInt16 = 16
        while shift > 0 {
            shift &-= 4
            let digit = UInt8(truncatingIfNeeded: unit &>> shift & 15)
            bytes.append(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
        }
    }
}
