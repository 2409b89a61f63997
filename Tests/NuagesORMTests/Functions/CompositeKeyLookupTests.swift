import Testing

@testable import NuagesORM

/// What a composite key may be compared with, as Django 6.1 allows it.
@Suite struct CompositeKeyLookupTests {
    private static let pair = Resolved.list([.value(.int(1), nil), .value(.int(2), nil)])

    static let allowed: [(Lookup, LookupNode.Operand)] = [
        (.exact, .values([.int(1), .int(2)])), (.gt, .values([.int(1), .int(2)])),
        (.lte, .expression(pair)), (.in, .expression(.list([pair, pair]))), (.in, .values([])),
        (.exact, .expression(.outer("pk"))), (.isnull, .value(.bool(true))),
    ]

    static let refused: [(Lookup, LookupNode.Operand)] = [
        (.exact, .value(.int(1))), (.exact, .values([.int(1)])),
        (.exact, .values([.int(1), .int(2), .int(3)])), (.gt, .value(.text("a"))),
        (.in, .values([.int(1), .int(2)])),
        (.in, .expression(.list([pair, .value(.int(1), nil)]))),
        (.in, .expression(.outer("pk"))), (.in, .expression(pair)),
        (.exact, .expression(.value(.int(1), nil))), (.exact, .expression(.columns([]))),
    ]

    @Test(arguments: allowed)
    func takesAValueForEachColumn(_ lookup: Lookup, _ operand: LookupNode.Operand) throws {
        try TupleLookups.check(operand, lookup, count: 2)
    }

    @Test(arguments: refused)
    func refusesEverythingElse(_ lookup: Lookup, _ operand: LookupNode.Operand) {
        #expect(throws: UsageError.self) {
            try TupleLookups.check(operand, lookup, count: 2)
        }
    }
}
