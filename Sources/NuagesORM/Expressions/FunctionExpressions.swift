public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Functions of the database that belong to no single value.
///
///     try await Article.objects.filter { $0.published < Functions.now }.count()
public enum Functions {
    /// The moment at which the statement runs.
    public static var now: ComputedExpression<Date> { call(.now) }
    /// A random number between 0 and 1.
    public static var random: ComputedExpression<Double> { call(.random) }
    /// The ratio of a circle's circumference to its diameter.
    public static var pi: ComputedExpression<Double> { call(.pi) }
    /// A random UUID.
    public static var uuid4: ComputedExpression<UUID> { call(.uuid4) }
    /// A UUID that begins with the time, so that later ones are greater.
    public static var uuid7: ComputedExpression<UUID> { call(.uuid7) }

    /// The character with a number in Unicode.
    ///
    /// - Parameter codePoint: the number.
    /// - Returns: text.
    public static func character(_ codePoint: Int) -> ComputedExpression<String> {
        call(.chr, [.value(.int(codePoint))])
    }

    /// Texts one behind the other; NULL counts as empty.
    ///
    ///     Functions.concatenated($0.firstName, Functions.text(" "), $0.lastName)
    ///
    /// - Parameter parts: the texts, two at least.
    /// - Returns: text.
    public static func concatenated(_ parts: any QueryExpression...) -> ComputedExpression<String> {
        call(.concat, parts.map(\.node), as: .text)
    }

    /// A text as expression.
    ///
    /// - Parameter text: the text, which is bound.
    /// - Returns: the expression.
    public static func text(_ text: String) -> ComputedExpression<String> { value(text) }

    /// A value as expression.
    ///
    /// - Parameter value: the value, which is bound.
    /// - Returns: the expression.
    public static func value<Value: FieldValue>(_ value: Value) -> ComputedExpression<Value> {
        ComputedExpression(.value(value.sqlValue, ValueType(Value.fieldType)))
    }

    /// The first value that is not NULL.
    ///
    ///     .annotate { Functions.coalesce($0.alias, $0.goesBy, $0.name) }
    ///     // COALESCE("alias", "goes_by", "name")
    ///
    /// - Parameters:
    ///   - first: a value.
    ///   - second: what is taken in its place.
    ///   - others: what is taken in its place, each.
    /// - Returns: a value.
    public static func coalesce<First: QueryExpression>(
        _ first: First,
        _ second: any ExpressionOf<First.Value.Base>,
        _ others: any ExpressionOf<First.Value.Base>...
    ) -> ComputedExpression<First.Value.Base?> {
        call(.coalesce, [first.node, second.node] + others.map(\.node))
    }

    /// The greatest of some values; on SQLite NULL where one is NULL.
    ///
    ///     .annotate { Functions.greatest($0.created, $0.edited, $0.seen) }
    ///
    /// - Parameters:
    ///   - first: a value.
    ///   - second: another value.
    ///   - others: another value, each.
    /// - Returns: a value.
    public static func greatest<First: QueryExpression>(
        _ first: First,
        _ second: any ExpressionOf<First.Value.Base>,
        _ others: any ExpressionOf<First.Value.Base>...
    ) -> ComputedExpression<First.Value.Base?> {
        call(.greatest, [first.node, second.node] + others.map(\.node))
    }

    /// The least of some values; on SQLite NULL where one is NULL.
    ///
    ///     .annotate { Functions.least($0.created, $0.edited, $0.seen) }
    ///
    /// - Parameters:
    ///   - first: a value.
    ///   - second: another value.
    ///   - others: another value, each.
    /// - Returns: a value.
    public static func least<First: QueryExpression>(
        _ first: First,
        _ second: any ExpressionOf<First.Value.Base>,
        _ others: any ExpressionOf<First.Value.Base>...
    ) -> ComputedExpression<First.Value.Base?> {
        call(.least, [first.node, second.node] + others.map(\.node))
    }

    /// A JSON array of values.
    ///
    /// - Parameter elements: the values.
    /// - Returns: a document.
    public static func jsonArray(
        _ elements: any QueryExpression...
    )
        -> ComputedExpression<JSONValue>
    {
        call(.jsonArray, elements.map(\.node))
    }

    /// A JSON object of values.
    ///
    ///     Functions.jsonObject(("title", $0.title), ("pages", $0.pages))
    ///
    /// - Parameter members: keys and values.
    /// - Returns: a document.
    public static func jsonObject(
        _ members: (String, any QueryExpression)...
    )
        -> ComputedExpression<JSONValue>
    {
        ComputedExpression(.call(.jsonObject(members.map { ($0.0, $0.1.node) })))
    }

    static func call<Result: FieldValue>(
        _ function: SQLFunction,
        _ arguments: [ExpressionNode] = [],
        as type: ValueType? = nil
    ) -> ComputedExpression<Result> {
        ComputedExpression(.call(FunctionCall(function, arguments, type: type)))
    }
}

extension QueryExpression {
    /// The value, or another where it is NULL.
    ///
    ///     .order { $0.nickname.ifNull("").ascending }      // COALESCE("nickname", '')
    ///
    /// - Parameter fallback: the other value.
    /// - Returns: a value that is never NULL.
    public func ifNull(_ fallback: Value.Base) -> ComputedExpression<Value.Base> {
        calling(.coalesce, [.value(fallback.sqlValue)], as: ValueType(Value.fieldType))
    }

    /// NULL where the value is another, the value otherwise.
    ///
    /// - Parameter other: the value that becomes NULL.
    /// - Returns: a value.
    public func nullIf(_ other: Value.Base) -> ComputedExpression<Value.Base?> {
        calling(.nullIf, [other.operand])
    }

    /// The value as another type.
    ///
    ///     try await Book.objects.values { $0.isbn.cast(to: Int.self) }
    ///
    /// - Parameter type: the type, optional where the value may be NULL.
    /// - Returns: a value.
    public func cast<Result: FieldValue>(to type: Result.Type) -> ComputedExpression<Result> {
        calling(.cast, as: ValueType(Result.fieldType))
    }

    /// The value as an exact number of so many digits.
    ///
    ///     Book.objects.values { $0.price.cast(to: Decimal.self, maxDigits: 8, decimalPlaces: 1) }
    ///     // ("book"."price")::numeric(8, 1)
    ///
    /// SQLite keeps all digits. Django: `Cast` to a `DecimalField`.
    ///
    /// - Parameters:
    ///   - type: the type, optional where the value may be NULL.
    ///   - maxDigits: how many digits it has at most.
    ///   - decimalPlaces: how many of them stand behind the point.
    /// - Returns: a number.
    public func cast<Result: FieldValue>(
        to type: Result.Type,
        maxDigits: Int,
        decimalPlaces: Int
    ) -> ComputedExpression<Result> where Result.Base == Decimal {
        calling(.cast, as: .decimal(maxDigits: maxDigits, decimalPlaces: decimalPlaces))
    }

    /// The value as text of so many characters at most.
    ///
    ///     Book.objects.values { $0.isbn.cast(to: String.self, maxLength: 4) }
    ///     // ("book"."isbn")::varchar(4)
    ///
    /// SQLite keeps all characters. Django: `Cast` to a `CharField`.
    ///
    /// - Parameters:
    ///   - type: the type, optional where the value may be NULL.
    ///   - maxLength: how many characters.
    /// - Returns: text.
    public func cast<Result: FieldValue>(
        to type: Result.Type,
        maxLength: Int
    ) -> ComputedExpression<Result> where Result.Base == String {
        calling(.cast, as: ValueType(.charField, maxLength: maxLength))
    }
}
