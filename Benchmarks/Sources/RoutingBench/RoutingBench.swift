import NuagesHTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How long it takes to find the route of a path: with 3 routes, with 300, and with regular
/// expressions among them.
@main
struct RoutingBench {
    static func index(_ request: Request) async throws -> Response { .empty() }
    static func item(_ request: Request, _ id: Int) async throws -> Response { .empty() }
    static func page(_ request: Request, _ id: Int, _ slug: String) async throws -> Response {
        .empty()
    }

    /// The three routes of one app.
    static func app(_ number: Int, usesRegex: Bool) -> Route {
        let routes = Routes {
            #path("", index, name: "index")
            if usesRegex {
                #rePath("^([0-9]+)/$", item, name: "item")
            } else {
                #path("<int:id>/", item, name: "item")
            }
            #path("<int:id>/<slug:slug>/", page, name: "page")
        }
        return Route("app\(number)/", (), include: routes)
    }

    static func main() {
        let series: [(name: String, apps: Int, usesRegex: Bool)] = [
            ("3 routes", 1, false), ("300 routes", 100, false),
            ("3 routes, one a regular expression", 1, true),
            ("300 routes, 100 regular expressions", 100, true),
        ]
        var rates: [Double] = []
        for (name, apps, usesRegex) in series {
            let rate = rate(apps: apps, usesRegex: usesRegex)
            rates.append(rate)
            print("\(name): \(rounded(rate / 1_000_000)) million resolves/s")
        }
        print("300 routes cost \(rounded(rates[0] / rates[1])) times what 3 cost")
        print("with regular expressions: \(rounded(rates[2] / rates[3])) times")
        HostileInputs.report()
    }

    /// Resolves a second of CPU time; the best of five rounds.
    static func rate(apps: Int, usesRegex: Bool) -> Double {
        let router = Router(Routes((0..<apps).map { app($0, usesRegex: usesRegex) }))
        let paths = (0..<apps).flatMap { ["/app\($0)/", "/app\($0)/42/", "/app\($0)/42/a-slug/"] }
        let turns = 600_000 / paths.count
        var best = 0.0
        for _ in 0..<5 {
            var found = 0
            let start = cpuSeconds()
            for _ in 0..<turns {
                for path in paths where router.resolve(path) != nil { found += 1 }
            }
            let time = cpuSeconds() - start
            precondition(found == turns * paths.count)
            best = max(best, Double(found) / time)
        }
        return best
    }

    /// What this process has used of a core, so that other processes do not count.
    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func rounded(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
