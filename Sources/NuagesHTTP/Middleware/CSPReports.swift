internal import Logging
internal import NuagesCore

/// Takes the reports that browsers send of violations of a Content-Security-Policy, and logs them.
///
/// A site does so from the start, at the path of the setting `CSP_REPORT_PATH`. Among layers of
/// one's own that is said twice:
///
///     CSPReports.route("reports/")      // among the routes of the site
///     security.reportPath = "/reports/" // among the options of SecurityMiddleware
///
/// Both forms are read: `application/csp-report` (CSP level 2) and `application/reports+json` (the
/// Reporting API). The log has one line a report, under the label `nuages.security.csp`. Anybody
/// can send reports, so their texts are escaped and cut, and nothing else is done with them.
public enum CSPReports {
    /// The route of the view: POST only, without the CSRF check (browsers send no token), 60
    /// reports a minute from each address.
    ///
    /// - Parameters:
    ///   - path: the pattern, without a leading slash.
    ///   - name: the name for `reverse`.
    /// - Returns: the route.
    public static func route(_ path: String, name: String? = nil) -> Route {
        Route(path, (), view: view, name: name, methods: [.post])
            .csrfExempt()
            .rateLimited(.perMinute(60))
            .viewed(as: "CSPReports.view")
            .openByNature()
    }

    /// Larger bodies are refused.
    static let maxBodySize = 65_536
    /// More reports of one body are not read.
    static let maxReports = 20

    /// Logs the reports of a request.
    ///
    /// - Parameter request: the request of a browser.
    /// - Returns: 204.
    /// - Throws: ``HTTPError/unsupportedMediaType(_:)``, ``HTTPError/contentTooLarge(limit:)``, and
    ///   ``HTTPError/badRequest(_:)`` for what is no report.
    @Sendable
    public static func view(_ request: Request) async throws -> Response {
        for report in try await reports(of: request) { log(report, request) }
        return .empty()
    }

    /// One violation, its texts as the browser sent them.
    struct Report: Sendable, Equatable {
        var document = ""
        var directive = ""
        var blocked = ""
        var source = ""
        var line = 0
        var disposition = ""
    }

    static func reports(of request: Request) async throws -> [Report] {
        let type = request.contentType
        let isNew = type == "application/reports+json"
        guard isNew || type == "application/csp-report" || type == "application/json" else {
            throw HTTPError.unsupportedMediaType("Reports are application/csp-report.")
        }
        let bytes = try await request.body.collect(
            upTo: maxBodySize,
            within: request.settings.formLimits.maxDuration
        )
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maxDepth: 10)
        } catch {
            throw HTTPError.badRequest("The report is no JSON: \(error)")
        }
        if case .array(let items) = value {
            return items.prefix(maxReports).compactMap { item in
                guard item.text("type").equalsBytes("csp-violation"), let body = item["body"]
                else { return nil }
                return Report(reportingAPI: body)
            }
        }
        guard let body = value["csp-report"] else {
            throw HTTPError.badRequest("The report has no member 'csp-report'.")
        }
        return [Report(level2: body)]
    }

    private static func log(_ report: Report, _ request: Request) {
        func short(_ text: String) -> Logger.MetadataValue {
            "\(LogText.escape(text, limit: 300))"
        }
        Logger(label: "nuages.security.csp").warning(
            "Content-Security-Policy violated: \(LogText.escape(report.directive, limit: 100))",
            metadata: [
                "document": short(report.document), "blocked": short(report.blocked),
                "source": short(report.source), "line": "\(report.line)",
                "disposition": short(report.disposition),
                "remote_address": short(request.clientAddress),
            ]
        )
    }
}

extension CSPReports.Report {
    /// The body of a report of the Reporting API.
    fileprivate init(reportingAPI body: JSONValue) {
        document = body.text("documentURL")
        directive = body.text("effectiveDirective")
        blocked = body.text("blockedURL")
        source = body.text("sourceFile")
        line = body.number("lineNumber")
        disposition = body.text("disposition")
    }

    /// The report of CSP level 2.
    fileprivate init(level2 body: JSONValue) {
        document = body.text("document-uri")
        directive = body.text("effective-directive")
        if directive.isEmpty { directive = body.text("violated-directive") }
        blocked = body.text("blocked-uri")
        source = body.text("source-file")
        line = body.number("line-number")
        disposition = body.text("disposition")
    }
}

extension JSONValue {
    fileprivate subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.equalsBytes(name) }?.value
    }

    fileprivate func text(_ name: String) -> String {
        guard case .string(let text)? = self[name] else { return "" }
        return text
    }

    fileprivate func number(_ name: String) -> Int {
        guard case .int(let number)? = self[name] else { return 0 }
        return number
    }
}

extension Routes {
    /// The same routes behind one for reports, unless they have one of their own for them.
    ///
    /// In front, as a pattern that takes every path would swallow the reports.
    ///
    /// - Parameter path: the pattern, without a leading slash.
    /// - Returns: the routes.
    package func takingReports(at path: String) -> Routes {
        let isTaken = routes.contains { route in
            route.pattern.description.equalsBytes(path)
                && (route.methods ?? [.post]).contains(.post)
        }
        guard !isTaken else { return self }
        var taking = self
        taking.routes.insert(CSPReports.route(path), at: 0)
        return taking
    }
}
