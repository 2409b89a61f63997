/// The translations of one `.mo` file.
///
///     let catalog = try MessageCatalog(mo: bytes)
///     catalog.translation(of: "Save")                         // Sichern
///     catalog.translation(of: "day", plural: ("days", 2))     // Tage
///
/// Source: GNU gettext, "The Format of GNU MO Files". Every offset of the file is checked; a file
/// that is cut off or lies about its lengths is refused.
public struct MessageCatalog: Sendable {
    /// The forms of a message.
    private struct Entry: Sendable {
        let forms: [String]
        let isPlural: Bool
    }

    private var entries: [ByteKey: Entry] = [:]
    private var rule = PluralRule.germanic
    /// The expression of the file's own rule of plurals, which computes a form of `n`.
    package private(set) var pluralExpression: String?

    /// All messages, in front of which a context stands with U+0004, with their forms; a message
    /// without plural has one.
    package var messages: [(id: String, forms: [String], isPlural: Bool)] {
        entries.map { ($0.key.name, $0.value.forms, $0.value.isPlural) }
    }

    /// How many forms messages have.
    package var pluralCount: Int { rule.formCount }

    /// How many messages there are.
    public var count: Int { entries.count }

    /// Reads a `.mo` file.
    ///
    /// - Parameter bytes: the file.
    /// - Throws: ``MessageCatalogError`` where it is none, or not UTF-8.
    public init(mo bytes: [UInt8]) throws(MessageCatalogError) {
        var file = try MOFile(bytes)
        while let (key, value) = try file.next() {
            guard let id = String(validating: key, as: UTF8.self),
                let text = String(validating: value, as: UTF8.self)
            else { throw .notUTF8 }
            if id.isEmpty {
                try readHeader(text)
                continue
            }
            let ids = id.splitBytes(0)
            let isPlural = ids.count > 1
            entries[ByteKey(ids[0])] = Entry(
                forms: isPlural ? text.splitBytes(0) : [text],
                isPlural: isPlural
            )
        }
    }

    private mutating func readHeader(_ text: String) throws(MessageCatalogError) {
        for line in text.splitBytes(0x0A) {
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(line[..<colon]).asciiLowercased
            let value = String(line[line.utf8.index(after: colon)...])
            switch name {
            case "plural-forms":
                guard let rule = PluralRule(header: value) else {
                    throw .pluralForms(LogText.escape(value, limit: 200))
                }
                self.rule = rule
                pluralExpression = PluralRule.expressionText(header: value)
            case "content-type":
                let charset = value.asciiLowercased
                guard
                    !charset.containsBytes("charset=") || charset.containsBytes("utf-8")
                        || charset.containsBytes("ascii")
                else { throw .notUTF8 }
            default: break
            }
        }
    }

    /// The translation of a message.
    ///
    /// - Parameters:
    ///   - message: the message, or its singular.
    ///   - context: the message's context (`msgctxt`), if it has one.
    ///   - plural: the message's plural, and the number that chooses a form.
    /// - Returns: the translation, or nil where the catalogue has none.
    public func translation(
        of message: String,
        context: String? = nil,
        plural: (message: String, count: Int)? = nil
    ) -> String? {
        // In a template a line may end in two bytes; in catalogues it ends in one.
        let line =
            message.utf8.contains(0x0D)
            ? message.replacingBytes("\r\n", with: "\n").replacingBytes("\r", with: "\n") : message
        guard let entry = entries[ByteKey(context.map { "\($0)\u{4}\(line)" } ?? line)] else {
            return nil
        }
        guard entry.isPlural else { return plural == nil ? entry.forms.first : nil }
        guard let form = rule.form(of: plural?.count ?? 1), form < entry.forms.count else {
            return nil
        }
        return entry.forms[form]
    }
}

/// Why a file is no catalogue.
public enum MessageCatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file does not begin as `.mo` files do, or is of a newer kind.
    case notACatalog
    /// A length or place in the file lies outside of it.
    case cutOff
    /// The messages are in another encoding.
    case notUTF8
    /// The rule that chooses the form of a message is malformed.
    case pluralForms(String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .notACatalog: "This is no .mo file. Make one of the .po file with 'msgfmt'."
        case .cutOff: "The file is cut off. Make it anew of the .po file with 'msgfmt'."
        case .notUTF8:
            "The messages are not in UTF-8. Convert the .po file with 'msgconv -t UTF-8'."
        case .pluralForms(let text):
            "Plural-Forms is malformed: '\(text)'. It is written like "
                + "'nplurals=2; plural=(n != 1);'."
        }
    }
}

/// Walks over the messages of a `.mo` file.
private struct MOFile {
    private let bytes: [UInt8]
    private let isBigEndian: Bool
    private var count = 0
    private var keys = 0
    private var values = 0
    private var index = 0
    /// The bytes of all texts so far.
    private var textSize = 0

    init(_ bytes: [UInt8]) throws(MessageCatalogError) {
        self.bytes = bytes
        switch bytes.prefix(4) {
        case [0xDE, 0x12, 0x04, 0x95]: isBigEndian = false
        case [0x95, 0x04, 0x12, 0xDE]: isBigEndian = true
        default: throw .notACatalog
        }
        // Minor revisions only add what readers may ignore.
        guard try number(at: 4) >> 16 <= 1 else { throw .notACatalog }
        count = try number(at: 8)
        keys = try number(at: 12)
        values = try number(at: 16)
        guard count <= bytes.count / 16 else { throw .cutOff }
    }

    /// The next message and its translation; nil behind the last.
    mutating func next() throws(MessageCatalogError) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        guard index < count else { return nil }
        defer { index += 1 }
        return (try text(at: keys + 8 * index), try text(at: values + 8 * index))
    }

    private mutating func text(at place: Int) throws(MessageCatalogError) -> ArraySlice<UInt8> {
        let length = try number(at: place)
        let start = try number(at: place + 4)
        guard start <= bytes.count, length <= bytes.count - start else { throw .cutOff }
        // Texts that share their bytes could be more than there is memory for.
        textSize += length
        guard textSize <= bytes.count else { throw .cutOff }
        return bytes[start..<(start + length)]
    }

    /// Four bytes as a number; at most 2³², so sums of a few never overflow.
    private func number(at place: Int) throws(MessageCatalogError) -> Int {
        guard place >= 0, place <= bytes.count - 4 else { throw .cutOff }
        var value = 0
        for offset in 0..<4 {
            value = value << 8 | Int(bytes[place + (isBigEndian ? offset : 3 - offset)])
        }
        return value
    }
}
