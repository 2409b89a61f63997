public import NuagesORM

/// A document that is made of fields, to be searched.
///
///     Article.objects.filter { SearchVector($0.title, $0.body).matches(SearchQuery("cheese")) }
///     // to_tsvector(COALESCE("title", '') || ' ' || COALESCE("body", '')) @@ (plainto_tsquery($1))
///
/// Documents are put together with `+`, so that parts of them have weights of their own.
///
/// Django: `SearchVector`.
public struct SearchVector: QueryExpression {
    /// A document.
    public typealias Value = TextSearchVector
    /// The document as the compiler reads it.
    public let node: ExpressionNode
    /// The configuration, where all parts are of one that is known by name.
    private let config: SearchConfig?

    private init(_ node: ExpressionNode, _ config: SearchConfig?) {
        self.node = node
        self.config = config
    }

    /// A document of several fields.
    ///
    /// - Parameters:
    ///   - expressions: text, or what becomes text.
    ///   - config: the rules of the language; nil for the database's own.
    ///   - weight: how much its words count.
    public init<each Expression: QueryExpression>(
        _ expressions: repeat each Expression,
        config: SearchConfig? = nil,
        weight: SearchWeight? = nil
    ) {
        var nodes: [ExpressionNode] = []
        for expression in repeat each expressions { nodes.append(expression.node) }
        self.init(nodes, config, weight)
    }

    /// A document of fields by their names.
    ///
    ///     SearchVector(fields: "title", "author__name", weight: .a)
    ///
    /// - Parameters:
    ///   - fields: paths of fields.
    ///   - config: the rules of the language; nil for the database's own.
    ///   - weight: how much its words count.
    public init(fields: String..., config: SearchConfig? = nil, weight: SearchWeight? = nil) {
        self.init(fields.map { DynamicExpression.field($0).node }, config, weight)
    }

    private init(_ nodes: [ExpressionNode], _ config: SearchConfig?, _ weight: SearchWeight?) {
        let options: [String: SQLValue] = weight.map { ["weight": .text($0.rawValue)] } ?? [:]
        self.init(
            SearchConfig.call(SearchFunctions.vector, config, nodes, options: options),
            config
        )
    }

    /// Both documents, one behind the other.
    public static func + (left: Self, right: Self) -> Self {
        Self(combined(left.node, right.node, left.config), left.config)
    }

    /// A document that a column keeps, with another behind it.
    public static func + <Other: QueryExpression>(left: Other, right: Self) -> Self
    where Other.Value.Base == TextSearchVector {
        Self(combined(left.node, right.node, right.config), right.config)
    }

    /// The document with one that a column keeps behind it.
    public static func + <Other: QueryExpression>(left: Self, right: Other) -> Self
    where Other.Value.Base == TextSearchVector {
        Self(combined(left.node, right.node, left.config), left.config)
    }

    private static func combined(
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        _ config: SearchConfig?
    ) -> ExpressionNode {
        let options: [String: SQLValue] = config?.name.map { ["config": .text($0)] } ?? [:]
        return .call(FunctionCall(SearchFunctions.combinedVector, [left, right], options: options))
    }
}

extension QueryExpression where Value.Base == TextSearchVector {
    /// Whether what is searched for is in the document.
    ///
    /// - Parameter query: what is searched for.
    /// - Returns: a condition.
    public func matches(_ query: SearchQuery) -> Condition { compared(by: .exact, to: query) }

    /// Whether all words of a text are in the document.
    ///
    /// - Parameter text: the words.
    /// - Returns: a condition.
    public func matches(_ text: String) -> Condition { compared(by: .exact, to: text) }
}

extension QueryExpression where Value.Base == String {
    /// Whether all words of a text are in this one, in any form and order (`search`).
    ///
    ///     .filter { $0.body.search("cheese") }
    ///     // to_tsvector(COALESCE("body", '')) @@ (plainto_tsquery($1))
    ///
    /// - Parameter text: the words.
    /// - Returns: a condition.
    public func search(_ text: String) -> Condition { compared(by: "search", to: text) }

    /// Whether what is searched for is in the text.
    ///
    /// - Parameter query: what is searched for; its configuration is that of the text.
    /// - Returns: a condition.
    public func search(_ query: SearchQuery) -> Condition { compared(by: "search", to: query) }
}
