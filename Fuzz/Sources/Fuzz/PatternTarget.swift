import NuagesCore
import NuagesRegex

@testable import NuagesHTTP

/// Patterns of routes as a site could write them, and paths against them: the first line is a
/// pattern of `path()` and a regular expression, the rest a path.
///
/// Nothing may trap, whatever the pattern; what is found can be reversed to a path that is found;
/// libFuzzer's limit of time is the test that matching is linear.
enum PatternTarget {
    private static let view: @Sendable (Request) async throws -> Response = { _ in .text("") }
    /// As a macro would find it at compile time; longer ones only take longer.
    private static let maxPatternLength = 256

    static func run(_ data: [UInt8]) {
        let end = data.firstIndex(of: 0x0A) ?? data.endIndex
        guard end <= maxPatternLength,
            let pattern = String(validating: data[..<end], as: UTF8.self),
            let rest = String(validating: data[end...].dropFirst(), as: UTF8.self)
        else { return }
        // As it comes out of a request, so that its own path can be compared with it.
        let path = Request(target: "/" + rest).path
        let plain = RoutePattern(pattern) { ErasedConverter(named: $0) }
        let regex = RoutePattern(untypedRegex: pattern)
        check(plain, path, isPlain: true)
        check(regex, path, isPlain: false)
        checkInclude(plain, regex, path)
        checkRegex(pattern, rest)
    }

    private static func route(_ pattern: RoutePattern, _ name: String) -> Route {
        Route(pattern: pattern, target: .view(.plain(view)), name: name, methods: nil)
    }

    private static func check(_ pattern: RoutePattern, _ path: String, isPlain: Bool) {
        let router = Router(Routes([route(pattern, "a")]))
        _ = router.check()
        _ = router.tried(path)
        guard let match = router.resolve(path), pattern.problems.isEmpty else { return }
        guard let back = try? router.reverse("a", positional: match.arguments) else { return }
        require(back.utf8.starts(with: [0x2F]) && !back.utf8.starts(with: [0x2F, 0x2F]), back)
        require(back.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, back)
        guard isPlain else { return }
        require(
            router.resolve(Request(target: back).path) != nil,
            "\(path) is found, and its own path \(back) is not."
        )
    }

    /// One inside the other, in both orders.
    private static func checkInclude(_ left: RoutePattern, _ right: RoutePattern, _ path: String) {
        for (outer, inner) in [(left, right), (right, left), (left, left)] {
            let routes = Routes([route(inner, "b"), route(outer, "c")], namespace: "n")
            let router = Router(
                Routes([Route(pattern: outer, include: routes, namespace: nil), route(left, "d")])
            )
            _ = router.check()
            guard let match = router.resolve(path) else { continue }
            _ = try? router.reverse(match.viewName, positional: match.arguments)
        }
    }

    private static func checkRegex(_ pattern: String, _ text: String) {
        _ = try? RegexForm.all(of: pattern)
        _ = try? BackReferenceRegex(pattern)?.matches(text)
        guard let regex = try? LinearRegex(pattern) else { return }
        let first = regex.firstMatch(in: text)
        let whole = regex.wholeMatch(of: text)
        require(regex.matches(text) == (first != nil), "It is found and not found.")
        require(regex.matchesWhole(text) == (whole != nil), "It takes the text and does not.")
        for index in regex.groupNames.indices { _ = first?[index + 1] }
        // The same with a reference to a group that takes nothing.
        let referring = "(?:\(pattern))()\\\(regex.groupNames.count + 1)"
        guard let other = try? BackReferenceRegex(referring),
            let isFound = try? other.matches(text)
        else { return }
        require(isFound == (first != nil), "Both ways to match differ.")
    }
}
