import NuagesCore
public import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ValidatorSchema {
    /// Arrays of at least some elements (`ArrayMinLengthValidator`); an empty array counts as no
    /// value, and passes.
    ///
    ///     @Field(validators: [.arrayMinLength(2)]) var tags: [String]
    ///
    /// - Parameter limit: how many elements are enough.
    /// - Returns: the validator.
    public static func arrayMinLength(_ limit: Int) -> Self {
        known("ArrayMinLengthValidator", ["limit_value": .int(limit)])
    }

    /// Arrays of at most some elements (`ArrayMaxLengthValidator`); an array with a `size` has it.
    ///
    /// - Parameter limit: how many elements are allowed.
    /// - Returns: the validator.
    public static func arrayMaxLength(_ limit: Int) -> Self {
        known("ArrayMaxLengthValidator", ["limit_value": .int(limit)])
    }

    /// Maps that have some keys (`KeysValidator`).
    ///
    ///     @Field(validators: [.keys(["lang"], strict: true)]) var attributes: [String: String?]
    ///
    /// - Parameters:
    ///   - keys: the keys that a map has to have.
    ///   - strict: whether it may have no others.
    ///   - messages: other texts for `missing_keys` and `extra_keys`.
    /// - Returns: the validator.
    public static func keys(
        _ keys: [String],
        strict: Bool = false,
        messages: [String: String] = [:]
    ) -> Self {
        var arguments: [String: SQLValue] = ["keys": .array(keys.map { .text($0) })]
        if strict { arguments["strict"] = .bool(true) }
        if !messages.isEmpty {
            let members = messages.sorted { $0.key < $1.key }
                .map { JSONValue.Member($0.key, .string($0.value)) }
            arguments["messages"] = .json(.object(members))
        }
        return known("KeysValidator", arguments)
    }

    /// Ranges with no value below a limit (`RangeMinValueValidator`).
    ///
    ///     @Field(validators: [.rangeMinValue(1)]) var seats: PostgreSQLRange<Int>
    ///
    /// - Parameter limit: the least lower end; a range without one is refused.
    /// - Returns: the validator.
    public static func rangeMinValue(_ limit: some RangeBound) -> Self {
        known("RangeMinValueValidator", ["limit_value": limit.sqlValue])
    }

    /// Ranges whose upper end is not above a limit (`RangeMaxValueValidator`).
    ///
    /// - Parameter limit: the greatest upper end; a range without one is refused.
    /// - Returns: the validator.
    public static func rangeMaxValue(_ limit: some RangeBound) -> Self {
        known("RangeMaxValueValidator", ["limit_value": limit.sqlValue])
    }

    /// A validator that is known from now on, whether or not a database was opened.
    private static func known(_ name: String, _ arguments: [String: SQLValue]) -> Self {
        PostgreSQLFields.install()
        return Self(name, arguments)
    }
}

/// The validators of arrays, maps and ranges.
///
/// Source: Django's `contrib.postgres.validators`.
enum PostgreSQLValidators {
    private typealias Mistake = FieldValidators.Mistake

    static func register() {
        for isLeast in [true, false] {
            add(isLeast ? "ArrayMinLengthValidator" : "ArrayMaxLengthValidator") {
                arguments throws(Mistake) in
                let limit = try arguments.integer("limit_value")
                return { value in
                    guard case .array(let elements) = value else { return [] }
                    return isLeast
                        ? problems(ofLength: elements.count, atLeast: limit)
                        : problems(ofLength: elements.count, atMost: limit)
                }
            }
            add(isLeast ? "RangeMinValueValidator" : "RangeMaxValueValidator") {
                arguments throws(Mistake) in
                let limit = arguments.values["limit_value"] ?? .null
                guard compares(limit, limit) else {
                    throw arguments.mistake("limit_value", "a number, a day or a moment")
                }
                return { value in
                    guard case .range(let range) = value else { return [] }
                    return problems(of: range, limit, isLeast: isLeast)
                }
            }
        }
        add("KeysValidator") { arguments throws(Mistake) in try keys(arguments) }
    }

    private static func add(_ name: String, _ factory: @escaping FieldValidators.Factory) {
        FieldValidators.add(name, FieldValidators.withOwnTexts(factory))
    }

    // MARK: Arrays

    static func problems(ofLength count: Int, atMost limit: Int) -> [ValidationError.Item] {
        count <= limit ? [] : [length(count, limit, "more", "max_length")]
    }

    private static func problems(
        ofLength count: Int,
        atLeast limit: Int
    ) -> [ValidationError.Item] {
        count >= limit ? [] : [length(count, limit, "fewer", "min_length")]
    }

    private static func length(
        _ count: Int,
        _ limit: Int,
        _ word: String,
        _ code: String
    ) -> ValidationError.Item {
        let rest = "it should contain no \(word) than %(limit_value)d."
        return ValidationError.Item(
            ErrorMessage(
                "List contains %(show_value)d item, \(rest)",
                plural: "List contains %(show_value)d items, \(rest)",
                by: "show_value"
            ),
            code: code,
            parameters: [ErrorParameter("limit_value", limit), ErrorParameter("show_value", count)]
        )
    }

    // MARK: Maps

    private static func keys(
        _ arguments: ValidatorArguments
    ) throws(Mistake) -> FieldValidators.Check {
        let wanted = try arguments.texts("keys") ?? []
        let isStrict = try arguments.flag("strict") ?? false
        let messages = try texts(arguments)
        @Sendable func item(
            _ code: String,
            _ message: String,
            _ keys: [String]
        ) -> ValidationError.Item {
            ValidationError.Item(
                ErrorMessage(messages[code] ?? message),
                code: code,
                parameters: [ErrorParameter("keys", keys.joined(separator: ", "))]
            )
        }
        let given = Set(wanted)
        return { value in
            guard let keys = keys(of: value) else { return [] }
            let missing = wanted.filter { !keys.contains($0) }
            if !missing.isEmpty {
                return [item("missing_keys", "Some keys were missing: %(keys)s", missing)]
            }
            let extra = keys.subtracting(given)
            guard isStrict, !extra.isEmpty else { return [] }
            return [
                item("extra_keys", "Some unknown keys were provided: %(keys)s", extra.sorted())
            ]
        }
    }

    private static func texts(_ arguments: ValidatorArguments) throws(Mistake) -> [String: String] {
        guard let value = arguments.values["messages"], value != .null else { return [:] }
        guard case .json(.object(let members)) = value else {
            throw arguments.mistake("messages", "texts by their codes")
        }
        var texts: [String: String] = [:]
        for member in members {
            guard case .string(let text) = member.value else {
                throw arguments.mistake("messages", "texts by their codes")
            }
            texts[member.name] = text
        }
        return texts
    }

    private static func keys(of value: SQLValue) -> Set<String>? {
        switch value {
        case .json(.object(let members)): return Set(members.map(\.name))
        case .text(var text): return text.withUTF8 { HStoreText.parse($0) }.map { Set($0.map(\.0)) }
        default: return nil
        }
    }

    // MARK: Ranges

    private static func problems(
        of range: SQLRange,
        _ limit: SQLValue,
        isLeast: Bool
    ) -> [ValidationError.Item] {
        let end = isLeast ? range.lower : range.upper
        let isRefused = end == .null || (isLeast ? isLess(end, limit) : isLess(limit, end)) == true
        guard isRefused else { return [] }
        let text = shown(limit)
        return [
            ValidationError.Item(
                ErrorMessage(
                    isLeast
                        ? "Ensure that the lower bound of the range is not less than %(limit_value)s."
                        : "Ensure that the upper bound of the range is not greater than %(limit_value)s."
                ),
                code: isLeast ? "min_value" : "max_value",
                parameters: [
                    ErrorParameter("limit_value", text), ErrorParameter("value", range.description),
                ]
            )
        ]
    }

    private static func compares(_ left: SQLValue, _ right: SQLValue) -> Bool {
        isLess(left, right) != nil
    }

    /// Whether one value is below another; nil where they cannot be compared.
    private static func isLess(_ left: SQLValue, _ right: SQLValue) -> Bool? {
        switch (left, right) {
        case (.date(let left), .date(let right)): return left < right
        case (.dateTime(let left), .dateTime(let right)): return left < right
        default:
            guard let left = FieldValidators.exact(left), let right = FieldValidators.exact(right)
            else { return nil }
            return left < right
        }
    }

    private static func shown(_ limit: SQLValue) -> String {
        switch limit {
        case .date(let day): day.description
        case .dateTime(let moment): moment.description
        default: FieldValidators.exact(limit)?.description ?? ""
        }
    }
}
