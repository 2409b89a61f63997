import NuagesCore
public import NuagesORM

/// A map of texts to texts, which may be NULL: PostgreSQL's `hstore`, which is an extension.
///
///     @Model struct Page {
///         var attributes: [String: String?] = [:]
///     }
///     Page.objects.filter { $0.attributes["lang"] == "fr" }     // ("attributes" -> 'lang') = 'fr'
///
/// Django: `HStoreField`.
extension Dictionary: FieldValue, ArrayElement where Key == String, Value == String? {
    /// The map itself.
    public typealias Base = Self
    /// `HStoreField`.
    public static var fieldType: FieldType { .hstoreField }
    /// The map in the text form of `hstore`.
    public var sqlValue: SQLValue { .text(HStoreText.format(self)) }

    /// Reads a map.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        guard case .text(let bytes) = column, let pairs = HStoreText.parse(bytes) else {
            throw DecodingFailure()
        }
        self = Dictionary(pairs) { $1 }
        // Keys that differ only in how their letters are composed are one in a `Dictionary`: to
        // save the map again would lose a value.
        guard count == pairs.count else { throw DecodingFailure() }
    }
}

/// Maps in the text form of `hstore`: `"a"=>"1", "b"=>NULL`.
enum HStoreText {
    static func format(_ map: [String: String?]) -> String {
        format(map.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    static func format(_ pairs: [(String, String?)]) -> String {
        var bytes: [UInt8] = []
        for (index, (key, value)) in pairs.enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            PostgreSQLText.append(quoted: key, to: &bytes)
            bytes += "=>".utf8
            if let value {
                PostgreSQLText.append(quoted: value, to: &bytes)
            } else {
                bytes += "NULL".utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The pairs; nil for text that is no map.
    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> [(String, String?)]? {
        var pairs: [(String, String?)] = []
        var position = 0
        func skip() {
            while position < bytes.count,
                bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: ",")
            {
                position += 1
            }
        }
        skip()
        while position < bytes.count {
            guard let key = quoted(bytes, &position), position + 1 < bytes.count,
                bytes[position] == UInt8(ascii: "="), bytes[position + 1] == UInt8(ascii: ">")
            else { return nil }
            position += 2
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                guard let value = quoted(bytes, &position) else { return nil }
                pairs.append((key, value))
            } else {
                guard position + 4 <= bytes.count,
                    bytes[position..<(position + 4)].elementsEqual("NULL".utf8)
                else { return nil }
                position += 4
                pairs.append((key, nil))
            }
            skip()
        }
        return pairs
    }

    private static func quoted(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ position: inout Int
    ) -> String? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            var byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), position < bytes.count {
                byte = bytes[position]
                position += 1
            }
            text.append(byte)
        }
        return nil
    }
}

/// What is done with maps: their values, lookups and transforms.
enum HStoreLookups {
    static func register() {
        FieldKinds.register(behaviour, for: .hstoreField)
        for (name, sign) in [("contains", "@>"), ("contained_by", "<@")] {
            CustomLookups.register(
                CustomLookup(name, prepare: map) { .operation($0.left, sign, try $0.right()) },
                for: .hstoreField
            )
        }
        CustomLookups.register(CustomLookup("exact", preparing: map), for: .hstoreField)
        CustomLookups.register(
            CustomLookup("has_key", prepare: text) {
                .operation($0.left, "?", try $0.right(as: .text))
            },
            for: .hstoreField
        )
        for (name, sign) in [("has_keys", "?&"), ("has_any_keys", "?|")] {
            CustomLookups.register(
                CustomLookup(name, prepare: texts) {
                    .operation($0.left, sign, try $0.right(as: textArray))
                },
                for: .hstoreField
            )
        }
        for (name, function) in [("keys", "akeys"), ("values", "avals")] {
            CustomLookups.register(
                SQLFunction("HStore \(name)", arguments: 1, gives: .fixed(textArray)) {
                    $0.call(function)
                },
                as: name,
                for: .hstoreField
            )
        }
    }

    static let textArray: ValueType = {
        var type = ValueType(.arrayField)
        type.base = .text
        return type
    }()

    // MARK: Right-hand sides

    @Sendable
    private static func map(
        _ operand: CustomLookup.Operand,
        _ type: ValueType
    ) throws -> CustomLookup.Operand {
        guard case .value(let value) = operand, let stored = convert(value, type) else {
            throw FieldError.invalidValue(field: "map", expected: "HStoreField")
        }
        return .value(stored)
    }

    /// A key, whatever it is, as text.
    @Sendable
    private static func text(
        _ operand: CustomLookup.Operand,
        _ type: ValueType
    ) throws -> CustomLookup.Operand {
        guard case .value(let value) = operand, let text = plain(value) else {
            throw FieldError.invalidLookup(lookup: "has_key", reason: "takes one key")
        }
        return .value(.text(text))
    }

    @Sendable
    private static func texts(
        _ operand: CustomLookup.Operand,
        _ type: ValueType
    ) throws -> CustomLookup.Operand {
        let values: [SQLValue] =
            switch operand {
            case .values(let values), .value(.array(let values)): values
            case .value(.json(.array(let parts))): parts.map { SQLValue(element: $0) }
            case .value: []
            }
        let keys = values.compactMap { plain($0).map { SQLValue.text($0) } }
        guard keys.count == values.count, case .values = operand.listed else {
            throw FieldError.invalidLookup(lookup: "has_keys", reason: "takes several keys")
        }
        return .value(.array(keys))
    }

    // MARK: Values

    private static let behaviour: FieldBehaviour = {
        var behaviour = FieldBehaviour()
        behaviour.convert = convert
        behaviour.read = { column, _ throws(DecodingFailure) in
            guard case .text(let bytes) = column, let pairs = HStoreText.parse(bytes) else {
                throw DecodingFailure()
            }
            return document(pairs)
        }
        behaviour.show = { value in
            guard case .text(var text) = value, let pairs = text.withUTF8({ HStoreText.parse($0) })
            else { return value }
            return document(pairs)
        }
        behaviour.clean = { value, _ throws(ValidationError) in value }
        behaviour.transform = { name, _ in key.preset(["key": .text(name)]) }
        return behaviour
    }()

    /// The value under a key, which is bound: it may be any text.
    private static let key = SQLFunction("HStoreKey", arguments: 1, gives: .fixed(.text)) { call in
        "(\(sql: call.arguments[0]) -> \(call.text("key") ?? "")::text)"
    }

    /// A map by names.
    private static func document(_ pairs: [(String, String?)]) -> SQLValue {
        .json(
            .object(
                pairs.map { JSONValue.Member($0.0, $0.1.map { JSONValue.string($0) } ?? .null) }
            )
        )
    }

    /// A map in the text form of `hstore`; numbers and truth values are their text.
    @Sendable
    private static func convert(_ value: SQLValue, _ type: ValueType) -> SQLValue? {
        switch value {
        case .json(.object(let members)):
            var pairs: [(String, String?)] = []
            for member in members {
                if member.value == .null {
                    pairs.append((member.name, nil))
                } else if let text = plain(SQLValue(element: member.value)) {
                    pairs.append((member.name, text))
                } else {
                    return nil
                }
            }
            return .text(HStoreText.format(pairs))
        case .text(var text):
            if text.withUTF8({ HStoreText.parse($0) != nil }) { return value }
            guard let document = try? JSONValue(parsing: text), case .object = document else {
                return nil
            }
            return convert(.json(document), type)
        default: return nil
        }
    }

    /// A scalar as text, as Python's `str` writes it.
    private static func plain(_ value: SQLValue) -> String? {
        switch value {
        case .text(let text): text
        case .int(let number): String(number)
        case .double(let number): number.description
        case .bool(let flag): flag ? "True" : "False"
        default: nil
        }
    }
}

extension CustomLookup.Operand {
    /// An array as several values.
    var listed: Self {
        switch self {
        case .value(.array(let values)): .values(values)
        case .value(.json(.array(let parts))): .values(parts.map { SQLValue(element: $0) })
        default: self
        }
    }
}

extension QueryExpression where Value.Base == [String: String?] {
    /// The value under a key; nil where there is none.
    ///
    /// - Parameter key: the key, which may be any text.
    public subscript(key: String) -> ComputedExpression<String?> {
        transformed(by: key, as: String?.self)
    }

    /// The keys, in no order that counts.
    public var keys: ComputedExpression<[String]> { transformed(by: "keys", as: [String].self) }

    /// The values, in the order of the keys.
    public var values: ComputedExpression<[String?]> {
        transformed(by: "values", as: [String?].self)
    }

    /// Whether all of the pairs are in the map.
    ///
    /// - Parameter pairs: keys with their values.
    /// - Returns: a condition.
    public func contains(_ pairs: [String: String?]) -> Condition {
        compared(by: "contains", to: pairs)
    }

    /// Whether all pairs of the map are among others.
    ///
    /// - Parameter pairs: keys with their values.
    /// - Returns: a condition.
    public func isContained(in pairs: [String: String?]) -> Condition {
        compared(by: "contained_by", to: pairs)
    }

    /// Whether there is a value under a key, even if it is NULL.
    ///
    /// - Parameter key: the key.
    /// - Returns: a condition.
    public func hasKey(_ key: String) -> Condition { compared(by: "has_key", to: key) }

    /// Whether all of the keys are in the map.
    ///
    /// - Parameter keys: the keys.
    /// - Returns: a condition.
    public func hasKeys(_ keys: [String]) -> Condition { compared(by: "has_keys", to: keys) }

    /// Whether one of the keys is in the map.
    ///
    /// - Parameter keys: the keys.
    /// - Returns: a condition.
    public func hasAnyKey(_ keys: [String]) -> Condition { compared(by: "has_any_keys", to: keys) }
}
