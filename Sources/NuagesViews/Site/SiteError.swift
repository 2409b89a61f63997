import NuagesCore

/// Why a site, or a part of it, cannot be used.
public enum SiteError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Something asked for the site before it was set up.
    case notSetUp
    /// Two apps have the same label.
    case repeatedLabel(String)
    /// A view names an app that the site does not have.
    case unknownApp(String, choices: [String])
    /// Something names a database that the site does not have.
    case unknownDatabase(String, choices: [String])

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .notSetUp:
            "No site is set up. Start through the site's executable, "
                + "or wrap a test in withTestSite(_:)."
        case .repeatedLabel(let label):
            "Two apps have the label '\(label)'. Labels name tables and must be unique; "
                + "change one of them."
        case .unknownApp(let label, let choices):
            "The site has no app '\(label)'.\(NearestName.hint(label, in: choices)) "
                + "Its apps are: \(choices.sorted().joined(separator: ", "))."
        case .unknownDatabase(let name, let choices):
            "The site has no database '\(LogText.escape(name))'.\(NearestName.hint(name, in: choices)) "
                + "Its databases are: \(choices.sorted().joined(separator: ", ")). "
                + "Others are named by DATABASES, and by DATABASE_URL_… for each."
        }
    }
}
