public import NuagesORM

/// How well a document fits what is searched for.
///
///     let vector = SearchVector($0.title, weight: .a) + SearchVector($0.body, weight: .b)
///     SearchRank(vector, SearchQuery("cheese"), weights: [0.1, 0.2, 0.4, 1])
///
/// Django: `SearchRank`.
public struct SearchRank: QueryExpression {
    /// A number.
    public typealias Value = Double
    /// The rank as the compiler reads it.
    public let node: ExpressionNode

    /// A rank.
    ///
    /// - Parameters:
    ///   - vector: the document.
    ///   - query: what is searched for.
    ///   - weights: what words of the weights D, C, B and A count; nil for 0.1, 0.2, 0.4 and 1.
    ///   - normalization: how long documents are treated, as PostgreSQL's bits.
    ///   - coverDensity: whether words that stand close to each other count more.
    public init<Vector: QueryExpression>(
        _ vector: Vector,
        _ query: SearchQuery,
        weights: [Double]? = nil,
        normalization: Int? = nil,
        coverDensity: Bool = false
    ) where Vector.Value.Base == TextSearchVector {
        var options: [String: SQLValue] = [:]
        if let weights { options["weights"] = .array(weights.map { .double($0) }) }
        if let normalization { options["normalization"] = .int(normalization) }
        if coverDensity { options["cover_density"] = .bool(true) }
        node = .call(
            FunctionCall(SearchFunctions.rank, [vector.node, query.node], options: options)
        )
    }
}

/// A piece of a text with what is searched for marked in it.
///
///     SearchHeadline($0.body, SearchQuery("cheese"), startMark: "<mark>", stopMark: "</mark>")
///
/// The text is not escaped: one that people wrote goes through `escape` in a template, with marks
/// that are no HTML and are replaced behind it.
///
/// Django: `SearchHeadline`.
public struct SearchHeadline: QueryExpression {
    /// Text.
    public typealias Value = String
    /// The headline as the compiler reads it.
    public let node: ExpressionNode

    /// A headline.
    ///
    /// - Parameters:
    ///   - text: the text that is searched.
    ///   - query: what is searched for.
    ///   - config: the rules of the language; nil for the database's own.
    ///   - startMark: what stands before a word that was found; `<b>` where nothing is said.
    ///   - stopMark: what stands behind it.
    ///   - maxWords: how many words a headline has at most.
    ///   - minWords: how many words a headline has at least.
    ///   - shortWord: words of so many letters or fewer are cut off at the ends.
    ///   - highlightsAll: whether the headline is the whole text.
    ///   - maxFragments: how many pieces of the text there are at most.
    ///   - fragmentDelimiter: what stands between pieces.
    public init<Text: QueryExpression>(
        _ text: Text,
        _ query: SearchQuery,
        config: SearchConfig? = nil,
        startMark: String? = nil,
        stopMark: String? = nil,
        maxWords: Int? = nil,
        minWords: Int? = nil,
        shortWord: Int? = nil,
        highlightsAll: Bool? = nil,
        maxFragments: Int? = nil,
        fragmentDelimiter: String? = nil
    ) where Text.Value.Base == String {
        var options: [String: SQLValue] = [:]
        options["start_sel"] = startMark.map { .text($0) }
        options["stop_sel"] = stopMark.map { .text($0) }
        options["max_words"] = maxWords.map { .int($0) }
        options["min_words"] = minWords.map { .int($0) }
        options["short_word"] = shortWord.map { .int($0) }
        options["highlight_all"] = highlightsAll.map { .bool($0) }
        options["max_fragments"] = maxFragments.map { .int($0) }
        options["fragment_delimiter"] = fragmentDelimiter.map { .text($0) }
        node = SearchConfig.call(
            SearchFunctions.headline,
            config,
            [text.node, query.node],
            options: options
        )
    }
}

/// How alike texts are by their groups of three letters (`pg_trgm`, an extension).
extension QueryExpression where Value.Base == String {
    /// How alike both texts are, 0 to 1.
    ///
    ///     .order { $0.name.similarity(to: "Katy").descending }     // SIMILARITY("name", $1)
    ///
    /// Django: `TrigramSimilarity`.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a number.
    public func similarity(to text: String) -> ComputedExpression<Double> {
        applying(SearchFunctions.similarity, [.value(.text(text))], as: Double.self)
    }

    /// How unlike both texts are, 0 to 1.
    ///
    /// Django: `TrigramDistance`.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a number.
    public func distance(to text: String) -> ComputedExpression<Double> {
        applying(SearchFunctions.distance, [.value(.text(text))], as: Double.self)
    }

    /// How alike the other text and the part of this one are that is most like it.
    ///
    /// Django: `TrigramWordSimilarity`.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a number.
    public func wordSimilarity(to text: String) -> ComputedExpression<Double> {
        word(SearchFunctions.wordSimilarity, text)
    }

    /// As ``wordSimilarity(to:)``, of whole words.
    ///
    /// Django: `TrigramStrictWordSimilarity`.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a number.
    public func strictWordSimilarity(to text: String) -> ComputedExpression<Double> {
        word(SearchFunctions.strictWordSimilarity, text)
    }

    /// How unlike the other text and the part of this one are that is most like it.
    ///
    /// Django: `TrigramWordDistance`.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a number.
    public func wordDistance(to text: String) -> ComputedExpression<Double> {
        word(SearchFunctions.wordDistance, text)
    }

    /// As ``wordDistance(to:)``, of whole words.
    ///
    /// Django: `TrigramStrictWordDistance`.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a number.
    public func strictWordDistance(to text: String) -> ComputedExpression<Double> {
        word(SearchFunctions.strictWordDistance, text)
    }

    private func word(_ function: SQLFunction, _ text: String) -> ComputedExpression<Double> {
        ComputedExpression(.call(FunctionCall(function, [.value(.text(text)), node])))
    }
}
