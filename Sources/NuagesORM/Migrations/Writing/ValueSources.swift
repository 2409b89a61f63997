import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLValue {
    var source: SwiftExpression {
        switch self {
        case .null: .atom(".null")
        case .bool(let value): .atom(".bool(\(value))")
        case .int(let value): .atom(".int(\(value))")
        case .double(let value): Self.source(of: value)
        case .text(let text): .atom(".text(\(SwiftExpression.quoted(text)))")
        case .blob(let bytes): .call(".blob", [.init(.array(bytes.map { .atom("\($0)") }))])
        case .decimal(let value): Self.parsed("decimal", value.description)
        case .date(let value): Self.parsed("date", value.description)
        case .time(let value): Self.parsed("time", StoredText.format(value))
        case .dateTime(let value): Self.parsed("dateTime", StoredText.format(value))
        case .duration(let value):
            .atom(".duration(.microseconds(\(StoredText.microseconds(value) ?? 0)))")
        case .uuid(let value): Self.parsed("uuid", StoredText.format(value))
        case .json(let value): .call(".json", [.init(value.source)])
        case .array(let values): .call(".array", [.init(.array(values.map(\.source)))])
        case .range(let range): .call(".range", [.init(range.source)])
        }
    }

    private static func source(of value: Double) -> SwiftExpression {
        if value.isNaN { return .atom(".double(.nan)") }
        if value.isInfinite {
            return .atom(value < 0 ? ".double(-.infinity)" : ".double(.infinity)")
        }
        return .atom(".double(\(value))")
    }

    private static func parsed(_ kind: String, _ text: String) -> SwiftExpression {
        .atom(".parsed(.\(kind), \(SwiftExpression.quoted(text)))")
    }

    /// The kinds of values that migrations write as text.
    public enum TextKind: Sendable, Hashable {
        /// An exact decimal number.
        case decimal
        /// A day, `2024-02-29`.
        case date
        /// A time on the clock, `13:05:00`.
        case time
        /// A moment in universal time, `2024-02-29 13:05:00`.
        case dateTime
        /// A UUID.
        case uuid
    }

    /// A value from its text in a migration; the text itself where it is no such value.
    ///
    ///     SQLValue.parsed(.date, "2024-02-29")
    ///
    /// - Parameters:
    ///   - kind: the kind of the value.
    ///   - text: the text.
    /// - Returns: the value.
    public static func parsed(_ kind: TextKind, _ text: String) -> SQLValue {
        let value: SQLValue? =
            switch kind {
            case .decimal: Decimal(string: text).map { .decimal($0) }
            case .date: read(text, StoredText.date).map { .date($0) }
            case .time: read(text, StoredText.time).map { .time($0) }
            case .dateTime: read(text, StoredText.dateTime).map { .dateTime($0) }
            case .uuid: read(text, StoredText.uuid).map { .uuid($0) }
            }
        return value ?? .text(text)
    }

    private static func read<Value>(
        _ text: String,
        _ parse: (UnsafeBufferPointer<UInt8>) -> Value?
    ) -> Value? {
        var text = text
        return text.withUTF8(parse)
    }
}

extension JSONValue {
    var source: SwiftExpression {
        switch self {
        case .null: .atom(".null")
        case .bool(let value): .atom(".bool(\(value))")
        case .int(let value): .atom(".int(\(value))")
        case .double(let value): .atom(".double(\(value))")
        case .string(let text): .atom(".string(\(SwiftExpression.quoted(text)))")
        case .array(let values): .call(".array", [.init(.array(values.map(\.source)))])
        case .object(let members):
            .call(
                ".object",
                [
                    .init(
                        .array(
                            members.map { member in
                                .call(
                                    "JSONValue.Member",
                                    [.init(.string(member.name)), .init(member.value.source)]
                                )
                            }
                        )
                    )
                ]
            )
        }
    }
}

extension SQLRange {
    var source: SwiftExpression {
        if isEmpty { return .atom(".empty") }
        var arguments: [SwiftExpression.Argument] = [.init(lower.source), .init(upper.source)]
        if bounds != .lowerOnly { arguments.append(.init("bounds", .atom(".\(bounds)"))) }
        return .call("SQLRange", arguments)
    }
}

extension Q {
    var source: SwiftExpression {
        switch self {
        case .lookup(let path, let operand):
            .call(".lookup", [.init(.string(path)), .init(operand.source)])
        case .all(let parts): .call(".all", [.init(.array(parts.map(\.source)))])
        case .any(let parts): .call(".any", [.init(.array(parts.map(\.source)))])
        case .oddCount(let parts): .call(".oddCount", [.init(.array(parts.map(\.source)))])
        case .not(let part): .call(".not", [.init(part.source)])
        }
    }
}

extension LookupOperand {
    var source: SwiftExpression {
        switch self {
        case .value(let value): .call(".value", [.init(value.source)])
        case .values(let values): .call(".values", [.init(.array(values.map(\.source)))])
        case .field(let path): .call(".field", [.init(.string(path))])
        }
    }
}

extension SchemaExpression {
    var source: SwiftExpression {
        switch self {
        case .field(let name): .call(".field", [.init(.string(name))])
        case .value(let value): .call(".value", [.init(value.source)])
        case .function(let name, let arguments):
            .call(".function", [.init(.string(name)), .init(.array(arguments.map(\.source)))])
        case .operation(let left, let sign, let right):
            .call(".operation", [.init(left.source), .init(.string(sign)), .init(right.source)])
        case .ordered(let expression, let isDescending):
            .call(
                ".ordered",
                [.init(expression.source), .init("isDescending", .atom("\(isDescending)"))]
            )
        case .collated(let expression, let collation):
            .call(".collated", [.init(expression.source), .init(.string(collation))])
        case .raw(let sql): .call(".raw", [.init(.string(sql))])
        }
    }
}

extension ModelSchema {
    /// The statements that set the options that ``CreateModel`` has no argument for.
    var optionAssignments: [SwiftExpression.Statement] {
        var lines: [SwiftExpression.Statement] = []
        func set(_ name: String, _ value: SwiftExpression, unless isDefault: Bool) {
            if !isDefault { lines.append(.init("model.\(name) = ", value)) }
        }
        set("databaseTable", .optionalString(databaseTable), unless: databaseTable == nil)
        set("isProxy", .atom("true"), unless: !isProxy)
        set("isManaged", .atom("false"), unless: isManaged)
        set("verboseName", .optionalString(verboseName), unless: verboseName == nil)
        set(
            "verboseNamePlural",
            .optionalString(verboseNamePlural),
            unless: verboseNamePlural == nil
        )
        set("ordering", .strings(ordering), unless: ordering.isEmpty)
        set(
            "orderWithRespectTo",
            .optionalString(orderWithRespectTo),
            unless: orderWithRespectTo == nil
        )
        set(
            "uniqueTogether",
            .array(uniqueTogether.map { .strings($0) }),
            unless: uniqueTogether.isEmpty
        )
        set("indexes", .array(indexes.map(\.source)), unless: indexes.isEmpty)
        set("constraints", .array(constraints.map(\.source)), unless: constraints.isEmpty)
        set("latestBy", .strings(latestBy), unless: latestBy.isEmpty)
        set(
            "defaultRelatedName",
            .optionalString(defaultRelatedName),
            unless: defaultRelatedName == nil
        )
        set("permissions", .array(permissions.map(\.source)), unless: permissions.isEmpty)
        if let defaultPermissions {
            set("defaultPermissions", .strings(defaultPermissions), unless: false)
        }
        set("baseManagerName", .optionalString(baseManagerName), unless: baseManagerName == nil)
        set(
            "defaultManagerName",
            .optionalString(defaultManagerName),
            unless: defaultManagerName == nil
        )
        set(
            "requiredDatabaseVendor",
            .optionalString(requiredDatabaseVendor),
            unless: requiredDatabaseVendor == nil
        )
        set(
            "requiredDatabaseFeatures",
            .strings(requiredDatabaseFeatures.map(\.rawValue)),
            unless: requiredDatabaseFeatures.isEmpty
        )
        set("selectsOnSave", .atom("true"), unless: !selectsOnSave)
        set("swappable", .optionalString(swappable), unless: swappable == nil)
        set(
            "databaseTablespace",
            .optionalString(databaseTablespace),
            unless: databaseTablespace == nil
        )
        set("tableComment", .optionalString(tableComment), unless: tableComment == nil)
        return lines
    }
}
