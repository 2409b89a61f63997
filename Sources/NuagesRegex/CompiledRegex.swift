internal import CRE2

/// A pattern compiled by RE2, with the numbers of its groups.
// RE2's objects never change once made, and lock their own caches.
// @unchecked: this holds the only pointer to one, and frees it.
final class CompiledRegex: @unchecked Sendable {
    /// What one pattern may take: more for those that do not fit otherwise.
    private static let memoryLimits: [Int64] = [8 << 20, 64 << 20]

    private let pointer: OpaquePointer
    private let groups: [Int]
    private let lineFeedGroups: [Int]
    private let spanCount: Int

    /// Compiles what was printed.
    ///
    /// - Throws: ``LinearRegexError`` for what RE2 cannot hold.
    init(_ printed: RE2Printer, pattern: String) throws(LinearRegexError) {
        groups = printed.groups
        lineFeedGroups = printed.lineFeedGroups
        spanCount = 1 + max(groups.last ?? 0, lineFeedGroups.last ?? 0)
        pointer = try Self.compile(printed.text, pattern)
    }

    deinit { cre2_free(pointer) }

    private static func compile(
        _ text: String,
        _ pattern: String
    ) throws(LinearRegexError) -> OpaquePointer {
        var reason = "out of memory"
        for limit in memoryLimits {
            var text = text
            let compiled = text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    cre2_compile(characters.baseAddress, characters.count, limit)
                }
            }
            guard let compiled else { continue }
            let status = cre2_get_status(compiled)
            if status == CRE2_OK { return compiled }
            reason = String(cString: cre2_get_error(compiled))
            cre2_free(compiled)
            if status == CRE2_MALFORMED {
                throw .malformed(pattern: pattern, offset: 0, reason: reason)
            }
        }
        throw .tooLarge(pattern: pattern, reason: reason)
    }

    private static func anchor(_ place: LinearRegex.Place) -> cre2_anchor {
        switch place {
        case .anywhere: CRE2_ANYWHERE
        case .start: CRE2_AT_START
        case .whole: CRE2_WHOLE
        }
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>, _ place: LinearRegex.Place) -> Bool {
        text.withMemoryRebound(to: CChar.self) { characters in
            cre2_match(
                pointer,
                characters.baseAddress,
                text.count,
                Self.anchor(place),
                nil,
                0
            )
        }
    }

    /// The whole match and the groups, or nil where nothing matches.
    func firstMatch(
        _ text: UnsafeBufferPointer<UInt8>,
        _ place: LinearRegex.Place
    ) -> [Range<Int>?]? {
        withUnsafeTemporaryAllocation(of: cre2_span.self, capacity: spanCount) { spans in
            let isFound = text.withMemoryRebound(to: CChar.self) { characters in
                cre2_match(
                    pointer,
                    characters.baseAddress,
                    text.count,
                    Self.anchor(place),
                    spans.baseAddress,
                    Int32(spanCount)
                )
            }
            guard isFound else { return nil }
            // `$` took the last line feed with it: everything ends in front of that.
            let leavesLineFeed = lineFeedGroups.contains { spans[$0].start >= 0 }
            let limit = leavesLineFeed ? text.count - 1 : text.count
            return groups.map { group in
                spans[group].start < 0
                    ? nil : min(spans[group].start, limit)..<min(spans[group].end, limit)
            }
        }
    }
}
