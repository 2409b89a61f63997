/// Matches a path level by level: an include's pattern, then what is inside it.
///
/// It keeps the result of the last includes, which are the same for the routes inside them.
struct LevelMatcher {
    private struct Known {
        let id: Int
        /// Where the include's match ends; nil where it does not match.
        let end: Int?
        let captures: [PathArgument?]
    }

    private let path: UnsafeBufferPointer<UInt8>
    private let start: Int
    private var known: [Known] = []

    init(path: UnsafeBufferPointer<UInt8>, start: Int) {
        self.path = path
        self.start = start
    }

    /// The arguments of a route; nil where it does not match.
    mutating func arguments(of route: CompiledRoute) -> [PathArgument?]? {
        match(route.levels)
    }

    /// How many levels of a route match, at most all.
    mutating func matchedLevels(of route: CompiledRoute) -> Int {
        guard match(route.levels) == nil else { return route.levels.count }
        return known.prefix { $0.end != nil }.count
    }

    private mutating func match(_ levels: [CompiledRoute.Level]) -> [PathArgument?]? {
        var offset = start
        var captures: [PathArgument?] = []
        for (depth, level) in levels.dropLast().enumerated() {
            if depth >= known.count || known[depth].id != level.id {
                known.removeSubrange(depth...)
                var inner = captures
                let end = end(of: level, from: offset, isEndpoint: false, &inner)
                known.append(Known(id: level.id, end: end, captures: end == nil ? [] : inner))
            }
            guard let end = known[depth].end else {
                known.removeSubrange((depth + 1)...)
                return nil
            }
            offset = end
            captures = known[depth].captures
        }
        known.removeSubrange(min(known.count, levels.count - 1)...)
        guard let last = levels.last,
            end(of: last, from: offset, isEndpoint: true, &captures) != nil
        else { return nil }
        return captures
    }

    private func end(
        of level: CompiledRoute.Level,
        from offset: Int,
        isEndpoint: Bool,
        _ captures: inout [PathArgument?]
    ) -> Int? {
        switch level.matcher {
        case .regex(let pattern):
            return pattern.match(path, from: offset, isEndpoint: isEndpoint, into: &captures)
        case .language(let prefix): return prefix.end(in: path, from: offset)
        case .segments(let segments):
            var matcher = PatternMatcher(path: path)
            guard let end = matcher.match(segments, from: offset, isEndpoint: isEndpoint) else {
                return nil
            }
            for capture in matcher.captures {
                let bytes = UnsafeBufferPointer(rebasing: path[capture.range])
                guard let argument = capture.converter.argument(bytes) else { return nil }
                captures.append(argument)
            }
            return end
        }
    }
}
