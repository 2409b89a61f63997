import NuagesCore
import NuagesHTTP

/// What inputs cost that are made to cost much, and how much more twice as much of each costs: a
/// factor near 2 is linear time.
enum HostileInputs {
    /// An input of some size, ready to be used.
    private typealias Preparation = (_ size: Int) -> () -> Void

    private static func view(_ request: Request, _ text: String?) async throws -> Response {
        .empty()
    }
    private static func three(
        _ request: Request,
        _ first: String,
        _ second: String,
        _ third: String
    ) async throws -> Response { .empty() }

    private static func resolving(_ router: Router, _ piece: String, end: String) -> Preparation {
        { size in
            let path = "/" + String(repeating: piece, count: size) + end
            return { _ = router.resolve(path) }
        }
    }

    private static func pattern(_ pattern: String) -> Preparation {
        let router = Router(Routes([Route(regex: pattern, (.optional()), view: view)]))
        return resolving(router, "a", end: "!")
    }

    private static var inputs: [(name: String, size: Int, prepare: Preparation)] {
        let choices = Router(Routes { #path("<path:a>/<path:b>/<path:c>!", three) })
        return [
            ("^(a+)+$", 100_000, pattern("^(a+)+$")),
            ("^(a|a)*b", 100_000, pattern("^(a|a)*b")),
            ("^(.*)*x$", 100_000, pattern("^(.*)*x$")),
            ("<path:a>/<path:b>/<path:c>!", 2_000, resolving(choices, "a/", end: "")),
            (
                "Accept with delimiters in quotes", 80_000,
                { size in
                    let text = "text/html;a=\"" + String(repeating: ";", count: size) + "\""
                    let request = Request(target: "/", headers: ["Accept": text])
                    return { _ = request.acceptedTypes }
                }
            ),
            (
                "an address of U+FDFA", 100_000,
                { size in
                    let url = "/" + String(repeating: "\u{FDFA}", count: size)
                    return { _ = URLSafety.isAllowed(url, hosts: ["example.com"]) }
                }
            ),
            (
                "names of combining marks", 500,
                { size in
                    let marks = String(repeating: "%CC%81%CC%A3", count: 200)
                    let names = (0..<size).map { "a\(marks)\($0)=1" }
                    let request = Request(target: "/?" + names.joined(separator: "&"))
                    return { _ = request.query.entries.count }
                }
            ),
        ]
    }

    /// Prints what each costs.
    static func report() {
        for (name, size, prepare) in inputs {
            let once = seconds(prepare(size))
            let twice = seconds(prepare(2 * size))
            let milliseconds = RoutingBench.rounded(once * 1_000)
            let factor = RoutingBench.rounded(twice / max(once, 1e-9))
            print("\(name), \(size) times: \(milliseconds) ms, twice as much: \(factor) times")
        }
    }

    /// The least of five runs.
    private static func seconds(_ run: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let start = RoutingBench.cpuSeconds()
            run()
            best = min(best, RoutingBench.cpuSeconds() - start)
        }
        return best
    }
}
