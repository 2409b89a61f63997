/// The URL of a database, which every printed description shows without what is secret in it.
struct DatabaseAddress: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    var text: String

    var description: String { Settings.hidingPasswords(text) }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Settings {
    /// A URL of a database without what is secret in it: all but its scheme, its hosts and its name.
    ///
    /// - Parameter url: the URL.
    /// - Returns: such as `postgresql://…@db.example/polls?…`.
    public static func hidingPasswords(_ url: String) -> String {
        var text = url.utf8[...]
        var query = ""
        if let mark = text.firstIndex(of: UInt8(ascii: "?")) {
            text = text[..<mark]
            query = "?…"
        }
        guard let at = text.lastIndex(of: UInt8(ascii: "@")),
            let start = text.firstIndex(of: UInt8(ascii: ":"))
        else { return String(Substring(text)) + query }
        let rest = text[start...].dropFirst().prefix { $0 == UInt8(ascii: "/") }
        guard rest.endIndex <= at else { return String(Substring(text)) + query }
        let (scheme, hosts) = (text[..<rest.endIndex], text[at...])
        return String(Substring(scheme)) + "…" + String(Substring(hosts)) + query
    }
}
