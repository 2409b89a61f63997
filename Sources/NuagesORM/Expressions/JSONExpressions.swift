public import NuagesCore

extension QueryExpression where Value.Base == JSONValue {
    /// What stands under a key of an object; NULL where nothing does.
    ///
    ///     .filter { $0.data["owner"]["name"] == "Bob" }
    ///
    /// - Parameter key: the name of the key, whatever it looks like.
    public subscript(_ key: String) -> ComputedExpression<JSONMember?> {
        ComputedExpression(FunctionCall.jsonValue(node, [key]))
    }

    /// What stands at a position of an array; NULL where nothing does.
    ///
    /// - Parameter position: from 0; from the end where it is negative.
    public subscript(_ position: Int) -> ComputedExpression<JSONMember?> {
        ComputedExpression(FunctionCall.jsonValue(node, [String(position)]))
    }

    /// What stands under keys, as text: a string without its quotes.
    ///
    /// - Parameter keys: the keys that lead to it.
    /// - Returns: text.
    public func text(_ keys: String...) -> ComputedExpression<String?> {
        ComputedExpression(FunctionCall.jsonText(node, keys))
    }

    /// Whether the object has a key.
    ///
    /// - Parameter key: its name.
    /// - Returns: a condition.
    public func hasKey(_ key: String) -> Condition {
        Condition(.compared(.hasKey, node, .value(.text(key))))
    }

    /// Whether the object has all of some keys.
    ///
    /// - Parameter keys: their names.
    /// - Returns: a condition.
    public func hasKeys(_ keys: [String]) -> Condition {
        Condition(.compared(.hasKeys, node, .list(keys.map { .value(.text($0)) })))
    }

    /// Whether the object has one of some keys.
    ///
    /// - Parameter keys: their names.
    /// - Returns: a condition.
    public func hasAnyKey(_ keys: [String]) -> Condition {
        Condition(.compared(.hasAnyKeys, node, .list(keys.map { .value(.text($0)) })))
    }

    /// Whether the document has all that is in another.
    ///
    /// SQLite cannot tell.
    ///
    /// - Parameter part: the other document.
    /// - Returns: a condition.
    public func contains(_ part: JSONValue) -> Condition {
        Condition(.compared(.contains, node, .value(.json(part))))
    }

    /// Whether all that is in the document is in another.
    ///
    /// SQLite cannot tell.
    ///
    /// - Parameter whole: the other document.
    /// - Returns: a condition.
    public func isContained(in whole: JSONValue) -> Condition {
        Condition(.compared(.containedBy, node, .value(.json(whole))))
    }
}

/// What stands under a key of a JSON document, as databases give it: a string comes without its
/// quotes, a number as a number.
///
///     let names = try await Book.objects.values { $0.data["owner"]["name"] }
///     names.first?.document      // .string("Ada")
public struct JSONMember: FieldValue, Hashable {
    /// It is compared with documents.
    public typealias Base = JSONValue
    /// The value.
    public var document: JSONValue

    /// A value under a key.
    ///
    /// - Parameter document: the value.
    public init(_ document: JSONValue) { self.document = document }

    /// `JSONField`.
    public static var fieldType: FieldType { .jsonField }
    /// The value as a document.
    public var sqlValue: SQLValue { .json(document) }

    /// Reads a document, a number, or text that is a string.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for `NULL`.
    public init(column: ColumnValue) throws(DecodingFailure) {
        guard case .json(let document) = try ValueType.json.value(of: column) else {
            throw DecodingFailure()
        }
        self.document = document
    }
}

extension ExpressionNode {
    /// JSON's null, which is a document and not the absence of one.
    public static let jsonNull = ExpressionNode.value(.json(.null), .json)
}
