internal import NuagesCore

/// A view with the whole pattern that leads to it, includes unfolded.
final class CompiledRoute: Sendable {
    enum Segment: Sendable {
        case literal([UInt8])
        /// `isFinal`: the longest match is the only one that can succeed.
        case capture(converter: ErasedConverter, isFinal: Bool)
    }

    /// The place in first-match order.
    let order: Int32
    /// The whole pattern as it was written, includes in front.
    let pattern: String
    let name: String?
    let namespaces: [String]
    let appNames: [String]
    /// One list per include and one for the route itself: Django never tries a shorter match of
    /// an include's pattern once the rest has failed.
    let groups: [[Segment]]
    let captureNames: [String]
    /// Each capture with the length of the literal in front of it, where only the longest matches
    /// can succeed; nil for a pattern that needs ``PatternMatcher``.
    private let simpleCaptures: [(skip: Int, converter: ErasedConverter)]?
    /// How many captures stand in front of the view's own.
    let inheritedCount: Int
    let view: Route.View
    let methods: [HTTPMethod]
    let declaresOptions: Bool
    let options: RouteOptions
    /// The route's own layers around its view; nil where it has none.
    let layers: (any Responder)?

    init(order: Int32, scope: RouteScope, route: Route, view: @escaping Route.View) {
        self.order = order
        pattern = scope.pattern + route.pattern.description
        name = route.name
        namespaces = scope.namespaces
        appNames = scope.appNames
        groups = scope.groups + [Self.segments(of: route.pattern, isLast: true)]
        simpleCaptures = Self.simpleCaptures(groups)
        captureNames = scope.captureNames + route.pattern.captureNames
        inheritedCount = scope.captureNames.count
        self.view = view
        methods = Self.allowed(route.methods ?? [.get, .post])
        declaresOptions = route.methods?.contains(.options) == true
        options = route.options.inside(scope.options)
        layers = RouteEnd.chain(options.layers)
    }

    /// Declared methods with those that come for free: HEAD with GET, and OPTIONS.
    private static func allowed(_ methods: [HTTPMethod]) -> [HTTPMethod] {
        var allowed = methods.filter { $0 != .trace }
        if allowed.contains(.get), !allowed.contains(.head) { allowed.append(.head) }
        if !allowed.contains(.options) { allowed.append(.options) }
        return allowed
    }

    static func segments(of pattern: RoutePattern, isLast: Bool) -> [Segment] {
        let parts = pattern.parts
        return parts.indices.map { index in
            switch parts[index] {
            case .literal(let bytes): .literal(bytes)
            case .capture(_, let converter):
                .capture(
                    converter: converter,
                    isFinal: isFinal(converter, before: parts[(index + 1)...].first)
                )
            }
        }
    }

    private static func isFinal(
        _ converter: ErasedConverter,
        before next: RoutePattern.Part?
    ) -> Bool {
        switch next {
        case nil: true
        case .literal(let bytes):
            bytes.first.map { !converter.characters.contains($0) } ?? true
        case .capture: false
        }
    }

    private static func simpleCaptures(
        _ groups: [[Segment]]
    ) -> [(skip: Int, converter: ErasedConverter)]? {
        var captures: [(skip: Int, converter: ErasedConverter)] = []
        var skip = 0
        for segment in groups.joined() {
            switch segment {
            case .literal(let bytes): skip += bytes.count
            case .capture(_, isFinal: false): return nil
            case .capture(let converter, isFinal: true):
                captures.append((skip, converter))
                skip = 0
            }
        }
        return captures
    }

    /// The arguments in `path`; nil where the route does not match.
    func arguments(in path: UnsafeBufferPointer<UInt8>, from start: Int) -> [PathArgument]? {
        guard !captureNames.isEmpty else { return [] }
        var arguments: [PathArgument] = []
        arguments.reserveCapacity(captureNames.count)
        if let simpleCaptures {
            // The trie has matched the path; only the values are left to take.
            var offset = start
            for index in simpleCaptures.indices {
                offset += simpleCaptures[index].skip
                guard
                    let end = simpleCaptures[index].converter.characters.end(
                        in: path,
                        from: offset
                    ),
                    let argument = simpleCaptures[index].converter.argument(
                        UnsafeBufferPointer(rebasing: path[offset..<end])
                    )
                else { return nil }
                arguments.append(argument)
                offset = end
            }
            return arguments
        }
        var matcher = PatternMatcher(path: path)
        guard matcher.match(groups, from: start) else { return nil }
        for capture in matcher.captures {
            let bytes = UnsafeBufferPointer(rebasing: path[capture.range])
            guard let argument = capture.converter.argument(bytes) else { return nil }
            arguments.append(argument)
        }
        return arguments
    }
}

/// What includes say about the routes in them.
struct RouteScope {
    var pattern = ""
    var namespaces: [String] = []
    var appNames: [String] = []
    var groups: [[CompiledRoute.Segment]] = []
    var captureNames: [String] = []
    var options = RouteOptions()

    func entering(_ route: Route, namespace: String?, appName: String?) -> RouteScope {
        var inner = self
        inner.pattern += route.pattern.description
        if let namespace { inner.namespaces.append(namespace) }
        if let appName { inner.appNames.append(appName) }
        let segments = CompiledRoute.segments(of: route.pattern, isLast: false)
        if !segments.isEmpty { inner.groups.append(segments) }
        inner.captureNames += route.pattern.captureNames
        inner.options = route.options.inside(options)
        return inner
    }
}

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

    mutating func match(_ groups: [[CompiledRoute.Segment]], from start: Int) -> Bool {
        var offset = start
        for (index, group) in groups.enumerated() {
            known = Array(repeating: (0..<0, .max), count: group.count)
            let isLast = index == groups.count - 1
            guard let end = match(group[...], at: offset, isLast: isLast) else { return false }
            offset = end
        }
        return offset == path.count
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
