import NuagesCore
import NuagesORM

/// The functions of full-text search, and how they are written.
///
/// Source: Django's `django.contrib.postgres.search`.
enum SearchFunctions {
    static let vectorType = ValueType(.searchVectorField)
    static let queryType = ValueType(.searchQueryField)

    static func register() {
        for function in [
            vector, combinedVector, query, combinedQuery, invertedQuery, rank, headline,
        ] + trigrams {
            CustomLookups.register(function)
        }
        for type in [FieldType.charField, .textField] {
            CustomLookups.register(CustomLookup("search", prepare: text, write: matches), for: type)
        }
        for name in ["exact", "search"] {
            CustomLookups.register(
                CustomLookup(name, prepare: text, write: matches),
                for: .searchVectorField
            )
        }
    }

    // MARK: Configuration

    /// The configuration of a call, and its other arguments.
    private static func config(
        _ arguments: [SQL],
        _ options: [String: SQLValue]
    ) -> (config: SQL?, rest: ArraySlice<SQL>) {
        if options["config_is_argument"] == .bool(true), let first = arguments.first {
            return ("\(sql: first)::regconfig", arguments.dropFirst())
        }
        if case .text(let name)? = options["config"] {
            return ("\(name)::regconfig", arguments[...])
        }
        return (nil, arguments[...])
    }

    private static func call(_ name: String, _ config: SQL?, _ arguments: [SQL]) -> SQL {
        let list = SQL.joined((config.map { [$0] } ?? []) + arguments)
        return "\(sql: SQL(unsafe: name))(\(sql: list))"
    }

    // MARK: Documents

    /// `to_tsvector(config, COALESCE(a, '') || ' ' || COALESCE(b, ''))`.
    static let vector = SQLFunction("SearchVector", arguments: 1...100, gives: .fixed(vectorType)) {
        call in
        let (config, rest) = config(call.arguments, call.options)
        let texts = zip(rest, call.types.suffix(rest.count)).map { argument, type -> SQL in
            let text: SQL = type?.family == .text ? argument : "(\(sql: argument))::text"
            return "COALESCE(\(sql: text), '')"
        }
        let document = SQL.joined(texts, separator: " || ' ' || ")
        let text = Self.call("to_tsvector", config, [document])
        guard let weight = call.text("weight") else { return text }
        guard let known = SearchWeight(rawValue: weight.uppercased()) else {
            throw UsageError.invalidValue(
                "'\(weight)' is no weight of words. Choices are: A, B, C, D."
            )
        }
        return "setweight(\(sql: text), '\(sql: SQL(unsafe: known.rawValue))')"
    }

    static let combinedVector = SQLFunction(
        "CombinedSearchVector",
        arguments: 2,
        gives: .fixed(vectorType)
    ) { "(\(sql: $0.arguments[0]) || \(sql: $0.arguments[1]))" }

    // MARK: Queries

    private static let kinds = [
        "plain": "plainto_tsquery", "phrase": "phraseto_tsquery", "raw": "to_tsquery",
        "websearch": "websearch_to_tsquery",
    ]

    static let query = SQLFunction("SearchQuery", arguments: 1...2, gives: .fixed(queryType)) {
        call in
        let kind = call.text("search_type") ?? "plain"
        guard let name = kinds[kind] else {
            let choices = kinds.keys.sorted().joined(separator: ", ")
            throw UsageError.invalidValue(
                "'\(kind)' is no type of search.\(NearestName.hint(kind, in: Array(kinds.keys))) "
                    + "Choices are: \(choices)."
            )
        }
        let (config, rest) = config(call.arguments, call.options)
        let text = Self.call(name, config, Array(rest))
        return call.flag("invert") ? "!!(\(sql: text))" : text
    }
    .ofSearchedText

    static let combinedQuery = SQLFunction(
        "CombinedSearchQuery",
        arguments: 2,
        gives: .fixed(queryType)
    ) { call in
        let sign: SQL = call.text("connector") == "||" ? "||" : "&&"
        return "(\(sql: call.arguments[0]) \(sql: sign) \(sql: call.arguments[1]))"
    }

    static let invertedQuery = SQLFunction(
        "InvertedSearchQuery",
        arguments: 1,
        gives: .fixed(queryType)
    ) { "!!(\(sql: $0.arguments[0]))" }

    // MARK: Ranks and headlines

    static let rank = SQLFunction("SearchRank", arguments: 2, gives: .fixed(.float)) { call in
        var arguments = call.arguments
        if let weights = call.options["weights"] {
            guard case .array(let numbers) = weights, numbers.count == 4 else {
                throw UsageError.invalidValue(
                    "The weights of a rank are four numbers: those of D, C, B and A."
                )
            }
            arguments.insert("\(weights)::float4[]", at: 0)
        }
        if let normalization = call.int("normalization") {
            arguments.append("\(SQLValue.int(normalization))")
        }
        return Self.call(call.flag("cover_density") ? "ts_rank_cd" : "ts_rank", nil, arguments)
    }

    /// The options of headlines by Django's names.
    private static let headlineOptions = [
        ("start_sel", "StartSel"), ("stop_sel", "StopSel"), ("max_words", "MaxWords"),
        ("min_words", "MinWords"), ("short_word", "ShortWord"),
        ("highlight_all", "HighlightAll"), ("max_fragments", "MaxFragments"),
        ("fragment_delimiter", "FragmentDelimiter"),
    ]

    static let headline = SQLFunction("SearchHeadline", arguments: 2...3, gives: .fixed(.text)) {
        call in
        let (config, rest) = config(call.arguments, call.options)
        var parts: [String] = []
        for (option, name) in headlineOptions {
            switch call.options[option] {
            case .text(let text)?: parts.append("\(name)=\(quoted(text))")
            case .int(let number)?: parts.append("\(name)=\(number)")
            case .bool(let flag)?: parts.append("\(name)=\(flag)")
            default: break
            }
        }
        // The options are one text, which is bound as a whole.
        let options: [SQL] = parts.isEmpty ? [] : ["\(parts.joined(separator: ", "))"]
        return Self.call("ts_headline", config, rest + options)
    }

    /// Text as a value among the options of a headline.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "'")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "'"))
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Groups of three letters

    static let similarity = named("TrigramSimilarity", "SIMILARITY")
    static let distance = sign("TrigramDistance", "<->")
    static let wordSimilarity = named("TrigramWordSimilarity", "WORD_SIMILARITY")
    static let strictWordSimilarity = named(
        "TrigramStrictWordSimilarity",
        "STRICT_WORD_SIMILARITY"
    )
    static let wordDistance = sign("TrigramWordDistance", "<<->")
    static let strictWordDistance = sign("TrigramStrictWordDistance", "<<<->")

    private static let trigrams = [
        similarity, distance, wordSimilarity, strictWordSimilarity, wordDistance,
        strictWordDistance,
    ]

    private static func named(_ name: String, _ sqlName: String) -> SQLFunction {
        SQLFunction(name, arguments: 2, gives: .fixed(.float)) { $0.call(sqlName) }.ofSearchedText
    }

    private static func sign(_ name: String, _ sign: String) -> SQLFunction {
        SQLFunction(name, arguments: 2, gives: .fixed(.float)) {
            "(\(sql: .operation($0.arguments[0], sign, $0.arguments[1])))"
        }
        .ofSearchedText
    }

    // MARK: Lookups

    @Sendable
    private static func text(
        _ operand: CustomLookup.Operand,
        _ type: ValueType
    ) throws -> CustomLookup.Operand {
        guard case .value(let value) = operand, case .text = value else {
            throw FieldError.invalidLookup(lookup: "search", reason: "takes text or a SearchQuery")
        }
        return operand
    }

    /// A document and what is searched for in it; one takes the configuration of the other.
    @Sendable
    private static func matches(_ call: LookupArguments) throws -> SQL {
        let isVector = call.type.field == .searchVectorField
        let isQuery = call.operandType?.field == .searchQueryField
        let left: SQL
        if isVector {
            left = call.left
        } else {
            let (known, _) = config(try call.operandArguments(), call.operandOptions ?? [:])
            left = Self.call("to_tsvector", known, ["COALESCE(\(sql: call.left), '')"])
        }
        if isQuery { return "\(sql: left) @@ \(sql: try call.right())" }
        let (known, _) =
            isVector ? config(try call.leftArguments(), call.leftOptions ?? [:]) : (nil, [])
        let right = Self.call("plainto_tsquery", known, [try call.right(as: .text)])
        return "\(sql: left) @@ (\(sql: right))"
    }
}
