import NuagesCore
import Testing

@testable import NuagesORM

/// Which queries statements are kept for: whoever sends requests fills no memory with what is in
/// them, and finds no statement of others.
@Suite struct StatementKeyTests {
    private static let choices = DynamicQuery(Choice.self)
    private static let long = String(repeating: "x", count: 10_000)

    static let kept: [DynamicQuery] = [
        choices, choices.filter(.condition("votes", 1)), choices.order(by: "-votes"),
        // A value that is compared with is no part of the key, however long.
        choices.filter(.condition("choice_text", .value(.text(long)))),
        choices.filter(.condition("choice_text__contains", .value(.text("\u{E9}")))),
        choices.annotate("a", .value(.int(1))).values("a"),
        choices.filter(.exists(choices.filter(.condition("votes__gt", 1)))),
    ]

    @Test(arguments: kept) func keepsStatementsOfShapes(_ query: DynamicQuery) {
        #expect(StatementShape(query.query) != nil)
    }

    static let refused: [DynamicQuery] = [
        choices.annotate("a", .value(.text(long))),
        choices.annotate("a", .value(.json(.string("x")))),
        choices.annotate("a", .value(.blob([1]))),
        choices.annotate(
            "a",
            .function("Concat", [.field("choice_text"), .value(.text("\u{E9}"))])
        ),
        choices.annotate("e\u{301}", .value(.int(1))),
        choices.annotate("a", .key(of: .field("choice_text"), ["\u{E9}"])),
        choices.annotate("a", .subquery(choices.annotate("b", .value(.text(long))).values("b"))),
        choices.filter(.condition("choice_text", .value(.text("a\u{0}")))),
        choices.filter(.condition("question__\u{E9}", 1)), choices.order(by: "\u{E9}"),
        choices.values(.field("\u{E9}")), choices.only(["\u{E9}"]),
        choices.union([choices.annotate("a", .value(.text(long)))]),
        choices.filter(.condition("pk__in", .list((0..<100).map { .value(.int($0)) }))),
        choices.filter(.lookup("exact", .value(.text(long)), .field("choice_text"))),
        choices.filter(.cases([(.condition("votes", 1), .value(.text(long)))], as: .boolean)),
        DynamicQuery(Sample.self).filter(.condition("data", .value(.json(.string("x"))))),
        DynamicQuery(Sample.self).filter(.condition("data__\u{E9}", 1)),
    ]

    @Test(arguments: refused) func keepsNoStatementOfOthers(_ query: DynamicQuery) {
        #expect(StatementShape(query.query) == nil)
    }

    @Test func keepsNoStatementOfAggregatesOfOthers() {
        typealias Purpose = StatementCache.Purpose
        let sum = DynamicExpression.aggregate("Sum", [.field("votes")]).node
        let texts = DynamicExpression.aggregate(
            "StringAgg",
            [.field("choice_text"), .value(.text(Self.long))]
        ).node
        #expect(Purpose.aggregates(["a"], [sum]).canBeKey)
        #expect(!Purpose.aggregates(["a"], [texts]).canBeKey)
        #expect(!Purpose.aggregates(["\u{E9}"], [sum]).canBeKey)
    }
}
