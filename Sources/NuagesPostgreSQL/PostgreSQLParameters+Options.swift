import NuagesCore
import NuagesORM

extension PostgreSQLParameters {
    /// What a URL may say that libpq does not know.
    enum Option: String, Sendable, CaseIterable {
        case assumeRole = "assume_role"
        case isolationLevel = "isolation_level"
        case statementTimeout = "statement_timeout"
    }

    /// The parameters of a URL or of a list of `key=value`; of a URL those are taken out that libpq
    /// does not know.
    init(url: String) {
        self.url = url
        guard let question = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return }
        var kept: [Substring.UTF8View] = []
        for pair in url.utf8[question...].dropFirst().split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard let option = Option(rawValue: String(Substring(parts[0]))), parts.count == 2
            else {
                kept.append(pair)
                continue
            }
            options[option] = PercentCoding.decode(parts[1]).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        guard !options.isEmpty else { return }
        let query = kept.map { String(Substring($0)) }.joined(separator: "&")
        let start = String(Substring(url.utf8[..<question]))
        self.url = kept.isEmpty ? start : "\(start)?\(query)"
    }

    /// What a session is set to by the options of the URL, which count for more than what is given.
    func settings(
        isolation: IsolationLevel?,
        role: String?
    ) throws(DatabaseError) -> SessionSettings {
        var settings = SessionSettings(isolation: isolation, role: options[.assumeRole] ?? role)
        if let text = options[.isolationLevel] {
            guard let level = SessionOption.isolation(text) else {
                throw Self.refused(
                    "isolation_level",
                    "is one of: \(SessionOption.isolationChoices)"
                )
            }
            settings.isolation = level
        }
        if settings.role?.utf8.contains(0) == true || settings.role?.isEmpty == true {
            throw Self.refused("assume_role", "is the name of a role")
        }
        return settings
    }

    /// How long a statement may take, where the URL says it.
    func statementTimeout() throws(DatabaseError) -> Duration? {
        guard let text = options[.statementTimeout] else { return nil }
        guard let timeout = SessionOption.timeout(text) else {
            throw Self.refused("statement_timeout", "is a number of seconds, 0 for no limit")
        }
        return timeout
    }

    private static func refused(_ option: String, _ rule: String) -> DatabaseError {
        .operational("The '\(option)' of the database's URL \(rule).", statement: nil)
    }
}
