import NuagesCore

/// The attributes of an HTML element, in order.
///
///     ["class": "wide", "autofocus": true, "rows": 4]    // class="wide" autofocus rows="4"
public struct HTMLAttributes: Sendable, ExpressibleByDictionaryLiteral {
    /// What an attribute is set to.
    public enum Value: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
        ExpressibleByIntegerLiteral
    {
        /// Text, which is escaped.
        case text(String)
        /// Present without a value, or left out.
        case flag(Bool)

        /// Text.
        public init(stringLiteral value: String) { self = .text(value) }

        /// Present or left out.
        public init(booleanLiteral value: Bool) { self = .flag(value) }

        /// A number as text.
        public init(integerLiteral value: Int) { self = .text(String(value)) }
    }

    /// The names and values in order.
    public private(set) var entries: [(name: String, value: Value)] = []

    /// Attributes from a literal; a name given twice keeps its place and its last value.
    ///
    /// - Parameter elements: names and values.
    public init(dictionaryLiteral elements: (String, Value)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// The value of `name`; setting nil removes it.
    ///
    /// - Parameter name: compared by its bytes.
    public subscript(_ name: String) -> Value? {
        get { entries.first { $0.name.equalsBytes(name) }?.value }
        set {
            let index = entries.firstIndex { $0.name.equalsBytes(name) }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// The text of `name`; nil where it has none.
    func text(_ name: String) -> String? {
        if case .text(let text)? = self[name] { return text }
        return nil
    }

    /// These attributes with those of `other` over them.
    func merging(_ other: HTMLAttributes) -> HTMLAttributes {
        if entries.isEmpty { return other }
        var merged = self
        for (name, value) in other.entries { merged[name] = value }
        return merged
    }

    /// The attributes as a template sees them: text, or true and false for those without a value.
    var contextDictionary: ContextDictionary {
        ContextDictionary(
            entries.lazy.map { name, value in
                switch value {
                case .text(let text): (name, .string(text))
                case .flag(let flag): (name, .bool(flag))
                }
            }
        )
    }

    /// Writes ` name="value"` for each.
    func append(to output: inout [UInt8]) {
        for (name, value) in entries where value != .flag(false) {
            output.append(UInt8(ascii: " "))
            HTMLEscaper.append(name, to: &output)
            guard case .text(let text) = value else { continue }
            output.append("=\"")
            HTMLEscaper.append(text, to: &output)
            output.append(UInt8(ascii: "\""))
        }
    }
}

extension [UInt8] {
    /// Appends a literal of the page as it is; only text that is known when the code is compiled
    /// fits.
    mutating func append(_ literal: StaticString) {
        append(
            contentsOf: UnsafeBufferPointer(
                start: literal.utf8Start,
                count: literal.utf8CodeUnitCount
            )
        )
    }

    /// The bytes as HTML.
    var html: SafeString { SafeString(unsafe: String(decoding: self, as: UTF8.self)) }
}
