import DatabaseTestSupport
import NuagesCore
import NuagesPostgreSQL
import Testing

@testable import NuagesORM

/// Scenes of a film, with a document that is searched.
@Model(app: "pg", ordering: ["id"])
struct Line {
    @Field(maxLength: 50) var character = ""
    var dialogue = ""
    var language = "english"
    var number = 0
    var search: TextSearchVector?
}

/// A visit from an address.
@Model(app: "pg")
struct VisitSample {
    @Field(kind: .genericIPAddressField) var ip = ""
    var note = ""
}

/// Full-text search and groups of three letters.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct SearchTests {
    private static func filled() async throws -> Database {
        let database = try await FieldDatabase.open(
            [Line.self, VisitSample.self],
            extensions: ["pg_trgm", "unaccent"]
        )
        try await database.use {
            _ = try await Line.objects.bulkCreate([
                Line(
                    character: "Minstrel",
                    dialogue: "Bravely bold Sir Robin rode forth from Camelot"
                ),
                Line(
                    character: "Minstrel",
                    dialogue: "He was not afraid to die, o brave Sir Robin"
                ),
                Line(character: "Robin", dialogue: "Shut up! A hearty ham, a hearty ham"),
                Line(character: "Crédits", dialogue: "Oh. Un cadeau. Oui oui.", language: "french"),
            ])
            _ = try await DynamicQuery(Line.self).update([
                ("search", DynamicExpression(SearchVector(fields: "dialogue")))
            ])
        }
        return database
    }

    private static let start = #"SELECT "pg_line"."id" AS "id" FROM "pg_line" WHERE "#
    private static let end = " ORDER BY 1 ASC"

    @Test func writesLookups() async throws {
        let database = try await Self.filled()
        let dialogue = #""pg_line"."dialogue""#
        let french = SearchQuery("cadeaux", config: "french")
        let cases: [(DynamicExpression, String, [Int])] = [
            (
                .condition("dialogue__search", "brave"),
                "to_tsvector(COALESCE(\(dialogue), '')) @@ (plainto_tsquery($1))", [1, 2]
            ),
            (
                .condition("dialogue__search", DynamicExpression(french)),
                "to_tsvector($1::regconfig, COALESCE(\(dialogue), '')) "
                    + "@@ (plainto_tsquery($1::regconfig, $2))", [4]
            ),
            (
                .condition("search", "sir robin"), #""pg_line"."search" @@ (plainto_tsquery($1))"#,
                [1, 2]
            ),
            (
                .lookup(
                    "exact",
                    DynamicExpression(
                        SearchVector(fields: "character", "number", config: "simple")
                    ),
                    "robin"
                ),
                #"to_tsvector($1::regconfig, COALESCE("pg_line"."character", '') || ' ' || "#
                    + #"COALESCE(("pg_line"."number")::text, '')) @@ (plainto_tsquery($1::regconfig, $2))"#,
                [3]
            ),
            (
                .condition("character__unaccent", "Credits"),
                #"UNACCENT("pg_line"."character") = (UNACCENT($1))"#, [4]
            ),
            (
                .condition("character__unaccent__istartswith", "CRÉD"),
                #"UPPER(UNACCENT("pg_line"."character")::text) LIKE UPPER(REPLACE(REPLACE(REPLACE(("#
                    + #"(UNACCENT($1)))::text, E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%')"#,
                [4]
            ),
            (
                .condition("character__trigram_similar", "Minstral"),
                #""pg_line"."character" % $1"#, [1, 2]
            ),
            (.condition("dialogue__trigram_word_similar", "Camelat"), "\(dialogue) %> $1", []),
            (
                .condition("dialogue__trigram_strict_word_similar", "hearty"),
                "\(dialogue) %>> $1", [3]
            ),
        ]
        for (condition, expected, ids) in cases {
            let (sql, _, rows) = try await FieldDatabase.query(database) {
                try await DynamicQuery(Line.self).filter(condition).values("id").rows()
            }
            #expect(Self.numbered(sql) == Self.numbered(Self.start + expected + Self.end))
            if !expected.contains("%> ") {
                #expect(rows.map { $0["id"] } == ids.map { .int($0) }, "\(expected)")
            }
        }
    }

    /// Placeholders without their numbers.
    private static func numbered(_ sql: String) -> String {
        String(
            sql.split(separator: "$", omittingEmptySubsequences: false).enumerated().map {
                $0 == 0 ? String($1) : "$" + $1.drop(while: \.isNumber)
            }.joined()
        )
    }

    private static let typed: [(@Sendable (Line.Fields) -> Condition, Int)] = [
        ({ $0.dialogue.search("hearty") }, 1),
        ({ $0.search.matches("brave robin") }, 2),
        (
            {
                SearchVector($0.character, $0.dialogue)
                    .matches(SearchQuery("minstrel & brave", type: .raw))
            }, 2
        ),
        ({ $0.search.matches(SearchQuery("hearty ham", type: .phrase)) }, 1),
        ({ $0.search.matches(SearchQuery("ham hearty ham shut", type: .phrase)) }, 0),
        ({ $0.search.matches(SearchQuery("robin -afraid or ham", type: .websearch)) }, 2),
        ({ $0.search.matches(SearchQuery("robin") & ~SearchQuery("afraid")) }, 1),
        ({ $0.search.matches(~(SearchQuery("robin") | SearchQuery("ham"))) }, 1),
        (
            {
                (SearchVector($0.character, config: "simple", weight: .a)
                    + SearchVector($0.dialogue, config: "simple"))
                    .matches(SearchQuery("robin:A", config: "simple", type: .raw))
            }, 1
        ),
        (
            {
                SearchVector($0.dialogue, config: SearchConfig($0.language))
                    .matches(SearchQuery("cadeaux", config: SearchConfig($0.language)))
            }, 1
        ),
        ({ ($0.search + SearchVector($0.character)).matches("minstrel") }, 2),
    ]

    @Test func searchesInTheTypedForm() async throws {
        let database = try await Self.filled()
        for (index, (condition, expected)) in Self.typed.enumerated() {
            let found = try await database.use {
                try await Line.objects.filter(condition).count()
            }
            #expect(found == expected, "\(index)")
        }
    }

    @Test func ranksAndMarks() async throws {
        let database = try await Self.filled()
        try await database.use {
            let ranks = try await Line.objects.values {
                (
                    SearchRank($0.search, SearchQuery("ham")),
                    SearchRank(
                        SearchVector($0.dialogue, weight: .a),
                        SearchQuery("ham"),
                        weights: [0, 0, 0, 1],
                        normalization: 2,
                        coverDensity: true
                    )
                )
            }
            #expect(ranks[0].0 == 0)
            #expect(ranks[2].0 > 0.05)
            #expect(ranks[2].1 > 0)
            let lines = try await Line.objects.filter { $0.character == "Robin" }.values {
                (
                    SearchHeadline($0.dialogue, SearchQuery("ham")),
                    SearchHeadline(
                        $0.dialogue,
                        SearchQuery("hams", config: "english"),
                        config: "english",
                        startMark: "o'\\x, StopSel=",
                        stopMark: "]",
                        maxWords: 4,
                        minWords: 2,
                        highlightsAll: false
                    )
                )
            }
            #expect(lines[0].0 == "Shut up! A hearty <b>ham</b>, a hearty <b>ham</b>")
            #expect(lines[0].1.contains("o'\\x, StopSel=ham]"))
        }
    }

    /// CVE-2020-7471 and its like: text from outside is bound, whatever is in it.
    @Test(arguments: ["x'); DROP TABLE pg_line; --", "a & | !", "'", "\\", "%", "x:*"])
    func bindsTextFromOutside(_ text: String) async throws {
        let database = try await Self.filled()
        let (sql, bindings, _) = try await FieldDatabase.query(database) {
            try await Line.objects.filter {
                SearchVector($0.dialogue, config: "simple").matches(
                    SearchQuery(text, config: "simple", type: .websearch)
                )
            }.count()
        }
        // A single quote also stands around the empty text of the statement itself.
        #expect(text.utf8.count == 1 || !sql.contains(text))
        #expect(bindings.contains(.text(text)))
        try await database.use {
            let aggregated = try await Line.objects.aggregate {
                $0.character.arrayAgg(filter: $0.character != text)
            }
            #expect(aggregated?.count == 4)
            let joined = try await DynamicQuery(Line.self).aggregate([
                (
                    "all",
                    .aggregate("StringAgg", [.field("character"), .value(.text(text))])
                )
            ])
            #expect(joined["all"] != .null)
            _ = try await Line.objects.values {
                SearchHeadline(
                    $0.dialogue,
                    SearchQuery("ham"),
                    startMark: text,
                    fragmentDelimiter: text
                )
            }
            await #expect(throws: DatabaseError.self) {
                try await Line.objects.filter {
                    SearchVector($0.dialogue, config: SearchConfig(text)).matches("x")
                }.count()
            }
        }
    }

    @Test func escapesLexemes() async throws {
        let database = try await Self.filled()
        let cases: [(Lexeme, String, Int)] = [
            (Lexeme("robin"), "'robin'", 2),
            (Lexeme("cam", prefix: true), "'cam':*", 1),
            (Lexeme("robin") & ~Lexeme("afraid"), "('robin' & !'afraid')", 1),
            (
                ~(Lexeme("robin") | Lexeme("ham", prefix: true, weight: .b)),
                "(!'robin' & !'ham':*B)", 2
            ),
            (Lexeme("ha'm | (robin) & \\ <-> !"), "'ha m robin -'", 0),
        ]
        for (lexeme, text, count) in cases {
            let (_, bindings, found) = try await FieldDatabase.query(database) {
                try await Line.objects.filter { $0.search.matches(SearchQuery(lexeme)) }.count()
            }
            #expect(bindings == [.text(text)])
            #expect(found == count, "\(text)")
        }
        _ = await database.use {
            await #expect(throws: FieldError.self) {
                try await Line.objects.filter { $0.search.matches(SearchQuery(Lexeme("&|!"))) }
                    .count()
            }
        }
    }

    /// A word that a visitor types may be the same as another value of the query.
    @Test func findsWordsThatEqualOtherValues() async throws {
        let database = try await Self.filled()
        try await database.use { () async throws in
            let set = Line.objects.filter {
                $0.search.matches(SearchQuery("english", config: "english"))
            }
            #expect(try await set.distinct().count() == 0)
            #expect(try await set.distinct().all().isEmpty)
            let query = DynamicExpression(SearchQuery("english", config: "english"))
            let ranks = try await DynamicQuery(Line.self).annotate("query", query)
                .values("query", "language").distinct().rows()
            // The order of the model tells them apart.
            #expect(ranks.count == 4)
            let visits = VisitSample.objects.filter { $0.ip == "10.0.0.1" && $0.note == "10.0.0.1" }
            #expect(try await visits.distinct().count() == 0)
        }
    }

    /// Each word would be a statement of its own.
    @Test func keepsNoStatementForEachWord() async throws {
        let set = Line.objects.filter { $0.search.matches(SearchQuery("robin")) }
        #expect(StatementShape(set.query) == nil)
        let similar = DynamicQuery(Line.self).annotate(
            "near",
            .function("TrigramSimilarity", [.field("dialogue"), .value(.text("robin"))])
        )
        #expect(StatementShape(similar.query) == nil)
        #expect(StatementShape(Line.objects.filter { $0.character == "robin" }.query) != nil)
    }

    @Test func theFirstOfAGroupIsThatOfTheOrder() async throws {
        let database = try await Self.filled()
        try await database.use {
            for (order, number) in [("id", 1), ("-id", 2)] {
                let line = try await Line.objects.filter { $0.character == "Minstrel" }
                    .order(by: "character", order).distinct { $0.character }.get()
                #expect(line.id.value == number)
            }
        }
    }

    @Test func combinesAsManyLexemesAsAVisitorTypes() async throws {
        let database = try await Self.filled()
        try await database.use { () async throws in
            let word = Lexeme("robin")
            let some = (1..<1000).reduce(word) { all, number in
                number % 3 == 0 ? all | Lexeme("w\(number)") : all & ~Lexeme("w\(number)")
            }
            _ = try await Line.objects.filter { $0.search.matches(SearchQuery(~some)) }.count()
            let many = (1...200_000).reduce(word) { all, _ in all & word }
            let error = await #expect(throws: FieldError.self) {
                try await Line.objects.filter { $0.search.matches(SearchQuery(~many)) }.count()
            }
            #expect(error.map { "\($0)".contains("1000") } ?? false)
        }
    }

    @Test func comparesGroupsOfLetters() async throws {
        let database = try await Self.filled()
        try await database.use {
            let values = try await Line.objects.values {
                (
                    $0.character.similarity(to: "Minstrel"), $0.character.distance(to: "Minstrel"),
                    $0.dialogue.wordSimilarity(to: "Robin"),
                    $0.dialogue.strictWordSimilarity(to: "Robin"),
                    $0.dialogue.wordDistance(to: "Robin"),
                    $0.dialogue.strictWordDistance(to: "Robin")
                )
            }
            #expect(values[0] == (1, 0, 1, 1, 0, 0))
            #expect(values[2].0 < 0.3)
            #expect(
                try await Line.objects.filter { $0.character.isSimilar(to: "Minstre") }.count() == 2
            )
            #expect(
                try await Line.objects.filter { $0.character.unaccented == "Credits" }.count() == 1
            )
        }
    }

    @Test func refusesUnknownOptions() async throws {
        let database = try await Self.filled()
        let options: [(String, [String: SQLValue])] = [
            ("SearchQuery", ["search_type": .text("fuzzy")]),
            ("SearchVector", ["weight": .text("E'")]),
        ]
        await database.use {
            for (name, options) in options {
                await #expect(throws: UsageError.self) {
                    try await DynamicQuery(Line.self).values(
                        .expression("x", .function(name, [.field("dialogue")], options: options))
                    ).rows()
                }
            }
        }
    }
}
