import NuagesCore
import NuagesHTTP
import NuagesViews

/// The routes of a site as text: all of them, or those that lack a protection.
struct RouteReport {
    private let routes: [RouteSummary]
    private let layers: [any Middleware]

    init(_ site: SiteContext) {
        routes = site.router.summaries
        layers = site.middleware
    }

    /// A table of all routes.
    var list: String {
        var rows = [["Pattern", "Name", "View", "Methods", "Layers"]]
        for route in routes {
            rows.append([
                route.pattern, route.viewName ?? "-", route.view ?? "-", methods(of: route),
                protections(of: route),
            ])
        }
        return Self.table(rows)
    }

    /// A table of the routes that lack something, and how many there are.
    var audit: String {
        var rows = [["Pattern", "Name", "Lacks"]]
        let audited = routes.filter { !$0.isOpenByNature }
        for route in audited {
            let lacks = lacks(of: route)
            guard !lacks.isEmpty else { continue }
            rows.append([route.pattern, route.viewName ?? "-", lacks.joined(separator: ", ")])
        }
        let count = "\(rows.count - 1) of \(audited.count) route(s) lack a protection."
        return rows.count == 1 ? count : Self.table(rows) + "\n\n" + count
    }

    /// What of access control, CSRF check and rate limit neither the route nor the site has.
    private func lacks(of route: RouteSummary) -> [String] {
        let all = layers + route.layers
        var lacks: [String] = []
        if !all.contains(where: { $0 is any AccessControl }) { lacks.append("access control") }
        // What changes nothing needs neither.
        guard route.changesState else { return lacks }
        let isChecked = layers.contains { $0 is CSRFMiddleware } && !route.isCSRFExempt
        if !isChecked, !route.hasOwnCSRFCheck { lacks.append("CSRF check") }
        if !all.contains(where: { $0 is RateLimitMiddleware }) { lacks.append("rate limit") }
        return lacks
    }

    /// The methods besides those that come for free.
    private func methods(of route: RouteSummary) -> String {
        let declared = route.methods.filter { method in
            method != .options && !(method == .head && route.methods.contains(.get))
        }
        return declared.map(\.rawValue).joined(separator: " ")
    }

    private func protections(of route: RouteSummary) -> String {
        var names = route.layers.map { layer in
            (layer as? any CustomStringConvertible)?.description ?? "\(type(of: layer))"
        }
        if route.isCSRFExempt { names.insert("csrfExempt", at: 0) }
        return names.isEmpty ? "-" : names.joined(separator: ", ")
    }

    /// Columns as wide as their longest text; the last one ends where its text does.
    private static func table(_ rows: [[String]]) -> String {
        let columns = rows[0].indices
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            columns.map { column in
                let isLast = column == columns.endIndex - 1
                let blanks = isLast ? 0 : widths[column] - row[column].count
                return row[column] + String(repeating: " ", count: blanks)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
