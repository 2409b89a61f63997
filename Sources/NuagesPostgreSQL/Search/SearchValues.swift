public import NuagesORM

/// A document that is searched, as PostgreSQL keeps it: its words and where they stand.
///
///     @Model(indexes: [.gin(["search"], name: "article_search_idx")])
///     struct Article {
///         var body = ""
///         var search: TextSearchVector?
///     }
///
/// Django: a value of a `SearchVectorField`.
public struct TextSearchVector: FieldValue, Hashable {
    /// The words with their places: `'cat':3 'fat':2A`.
    public var text: String

    /// A document in PostgreSQL's text form.
    ///
    /// - Parameter text: the words with their places.
    public init(_ text: String) { self.text = text }

    /// `SearchVectorField`.
    public static var fieldType: FieldType { .searchVectorField }
    /// The words with their places.
    public var sqlValue: SQLValue { .text(text) }

    /// Reads a document.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) { text = try String(column: column) }
}

/// What is searched for, as PostgreSQL shows it: `'fat' & 'cat'`.
public struct TextSearchQuery: FieldValue, Hashable {
    /// The words and the signs between them.
    public var text: String

    /// `SearchQueryField`.
    public static var fieldType: FieldType { .searchQueryField }
    /// The words and the signs between them.
    public var sqlValue: SQLValue { .text(text) }

    /// Reads a query.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) { text = try String(column: column) }
}

/// How much a word counts by where it stands: `A` counts most, `D` least.
public enum SearchWeight: String, Sendable, Hashable, CaseIterable {
    /// 1 unless a rank says otherwise.
    case a = "A"
    /// 0.4 unless a rank says otherwise.
    case b = "B"
    /// 0.2 unless a rank says otherwise.
    case c = "C"
    /// 0.1 unless a rank says otherwise; that of words without a weight.
    case d = "D"
}

/// The rules of a language: how words become lexemes, and which are left out.
///
///     SearchVector($0.body, config: "french")
///     SearchVector($0.body, config: SearchConfig($0.language))
public struct SearchConfig: Sendable, ExpressibleByStringLiteral {
    /// The name, where it is known before the query runs.
    let name: String?
    let node: ExpressionNode

    /// A configuration by its name.
    ///
    /// - Parameter name: such as `french`; it is bound, and PostgreSQL refuses one it does not know.
    public init(_ name: String) {
        self.name = name
        node = .value(.text(name))
    }

    /// A configuration that a row names.
    ///
    /// - Parameter expression: text.
    public init(_ expression: some QueryExpression) {
        name = nil
        node = expression.node
    }

    /// A configuration by its name.
    ///
    /// - Parameter value: the name.
    public init(stringLiteral value: String) { self.init(value) }

    /// The arguments and options of a function with a configuration.
    static func call(
        _ function: SQLFunction,
        _ config: SearchConfig?,
        _ arguments: [ExpressionNode],
        options: [String: SQLValue] = [:]
    ) -> ExpressionNode {
        var options = options
        var arguments = arguments
        if let name = config?.name {
            options["config"] = .text(name)
        } else if let config {
            arguments.insert(config.node, at: 0)
            options["config_is_argument"] = .bool(true)
        }
        return .call(FunctionCall(function, arguments, options: options))
    }
}
