import NuagesCore
import NuagesHTTP

/// The cookies that a client keeps, as a browser with a single site open does.
struct CookieJar: Sendable {
    private(set) var values: [(name: String, value: String)] = []

    /// The `Cookie` header, or nil while there are none.
    var header: String? {
        values.isEmpty ? nil : values.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    /// Takes over a `Set-Cookie` header; an age of 0 or an empty value with a past date removes it.
    mutating func store(_ header: String) {
        let parts = header.split(separator: ";", omittingEmptySubsequences: false)
        guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { return }
        let name = String(pair[..<equals])
        values.removeAll { $0.name == name }
        let isRemoved = parts.dropFirst().contains { attribute in
            let text = attribute.drop { $0 == " " }.lowercased()
            return text == "max-age=0" || text == "expires=thu, 01 jan 1970 00:00:00 gmt"
        }
        if !isRemoved { values.append((name, String(pair[pair.index(after: equals)...]))) }
    }

    /// The value of the cookie called `name`.
    subscript(_ name: String) -> String? { values.first { $0.name == name }?.value }
}
