/// A look-around whose place in the text is known from the match alone, compiled.
struct PinnedLookAround: Sendable {
    private let place: LookAroundPlan.Place
    private let kind: RegexNode.LookAround
    private let body: CompiledRegex

    init(_ plan: LookAroundPlan, pattern: String) throws(LinearRegexError) {
        place = plan.place
        kind = plan.kind
        body = try CompiledRegex(plan.printed, pattern: pattern)
    }

    /// Whether a match that ends at `end` may stand.
    func allows(_ text: UnsafeBufferPointer<UInt8>, matchEnd end: Int) -> Bool {
        let position: Int?
        switch place {
        case .afterStart(let count): position = Self.offset(text, 0, movedBy: count)
        case .beforeEnd(let count): position = Self.offset(text, end, movedBy: -count)
        }
        guard let position else { return false }
        let part = kind.isAhead ? text[position...] : text[..<position]
        let isFound = body.matches(UnsafeBufferPointer(rebasing: part), .anywhere)
        return isFound != kind.isNegated
    }

    /// The offset so many scalars further; nil beyond the text.
    private static func offset(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        movedBy count: Int
    ) -> Int? {
        var offset = start
        for _ in 0..<abs(count) {
            repeat {
                offset += count < 0 ? -1 : 1
                guard offset >= 0, offset <= text.count else { return nil }
            } while offset < text.count && text[offset] & 0xC0 == 0x80
        }
        return offset
    }
}
