/// Matches one pattern with the results of Python's backtracking, in linear time.
struct PatternMatcher {
    struct Capture {
        let range: Range<Int>
        let converter: ErasedConverter
    }

    let path: UnsafeBufferPointer<UInt8>
    private(set) var captures: [Capture] = []
    // For each segment of a group: the last run of its bytes, and from where on all ends in it
    // have failed. Both keep the work linear where a pattern has to try several ends.
    private var known: [(run: Range<Int>, failedFrom: Int)] = []

    init(path: UnsafeBufferPointer<UInt8>) { self.path = path }

    /// The end of a match of one level at `offset`; that of a view takes the rest of the path.
    mutating func match(
        _ segments: [CompiledRoute.Segment],
        from offset: Int,
        isEndpoint: Bool
    ) -> Int? {
        known = Array(repeating: (0..<0, .max), count: segments.count)
        return match(segments[...], at: offset, isLast: isEndpoint)
    }

    /// The end of a match of `segments` at `offset`.
    ///
    /// Recursion is as deep as a pattern has parts.
    private mutating func match(
        _ segments: ArraySlice<CompiledRoute.Segment>,
        at offset: Int,
        isLast: Bool
    ) -> Int? {
        guard let segment = segments.first else {
            return !isLast || offset == path.count ? offset : nil
        }
        switch segment {
        case .literal(let bytes):
            guard hasPrefix(bytes, at: offset) else { return nil }
            return match(segments.dropFirst(), at: offset + bytes.count, isLast: isLast)
        case .capture(let converter, let isFinal):
            let characters = converter.characters
            guard let end = end(of: characters, from: offset, segment: segments.startIndex) else {
                return nil
            }
            let lowest = isFinal ? end : offset + min(characters.minimum, end - offset)
            return match(
                segments,
                converter,
                from: offset,
                ends: lowest...end,
                isLast: isLast
            )
        }
    }

    /// Tries the ends of a capture, the longest first.
    private mutating func match(
        _ segments: ArraySlice<CompiledRoute.Segment>,
        _ converter: ErasedConverter,
        from offset: Int,
        ends: ClosedRange<Int>,
        isLast: Bool
    ) -> Int? {
        let index = segments.startIndex
        var end = ends.upperBound
        let isUnbounded = converter.characters.maximum == .max
        if isUnbounded, known[index].run.upperBound == end, known[index].failedFrom < .max {
            end = min(end, known[index].failedFrom - 1)
        }
        while end >= ends.lowerBound {
            if isBoundary(end) {
                captures.append(Capture(range: offset..<end, converter: converter))
                if let result = match(segments.dropFirst(), at: end, isLast: isLast) {
                    return result
                }
                captures.removeLast()
            }
            end -= 1
        }
        if isUnbounded { known[index].failedFrom = min(known[index].failedFrom, ends.lowerBound) }
        return nil
    }

    /// The longest end of a capture; a run that is known already is not read again.
    private mutating func end(
        of characters: PathCharacters,
        from offset: Int,
        segment index: Int
    ) -> Int? {
        guard characters.maximum == .max, characters.shape == .run else {
            return characters.end(in: path, from: offset)
        }
        let run = known[index].run
        var end = offset
        if offset >= run.lowerBound, offset <= run.upperBound, !run.isEmpty {
            end = run.upperBound
        } else {
            while end < path.count, characters.contains(path[end]) {
                if end == run.lowerBound, !run.isEmpty {
                    end = run.upperBound
                    break
                }
                end += 1
            }
            let failedFrom = end == run.upperBound && !run.isEmpty ? known[index].failedFrom : .max
            known[index] = (offset..<end, failedFrom)
        }
        return end - offset >= characters.minimum ? end : nil
    }

    private func isBoundary(_ offset: Int) -> Bool {
        offset == path.count || path[offset] & 0xC0 != 0x80
    }

    private func hasPrefix(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard path.count - offset >= bytes.count else { return false }
        for (index, byte) in bytes.enumerated() where path[offset + index] != byte { return false }
        return true
    }
}
