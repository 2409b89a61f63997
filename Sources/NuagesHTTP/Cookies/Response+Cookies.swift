internal import NuagesCore

extension Response {
    /// Sets a cookie, in place of one of the same name that this response sets already.
    ///
    /// - Parameter cookie: the cookie.
    /// - Throws: ``CookieError`` for what a browser would refuse.
    public mutating func setCookie(_ cookie: Cookie) throws(CookieError) {
        try setCookie(cookie, now: Clock.now())
    }

    package mutating func setCookie(_ cookie: Cookie, now: Int) throws(CookieError) {
        let value = try cookie.header(now: now)
        removeCookieHeader(cookie.name)
        headers.append("Set-Cookie", value)
    }

    /// Makes the browser forget a cookie.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - path: the path it was set with.
    ///   - domain: the domain it was set with.
    /// - Throws: ``CookieError`` where the name is no name.
    public mutating func deleteCookie(
        _ name: String,
        path: String = "/",
        domain: String? = nil
    ) throws(CookieError) {
        var cookie = Cookie(name, "", maxAge: 0)
        cookie.path = path
        cookie.domain = domain
        cookie.expires = 0
        try setCookie(cookie, now: 0)
    }

    /// Says that the response depends on a field of the request (`Vary`), once.
    ///
    /// - Parameter name: the field, such as `Cookie`.
    public mutating func vary(on name: String) {
        let present = headers.values(of: "Vary").flatMap { HeaderText.split($0) }
        if present.contains("*") { return }
        if present.contains(where: { $0.equalsIgnoringASCIICase(name) }) { return }
        headers["Vary"] = (present + [name]).joined(separator: ", ")
    }

    private mutating func removeCookieHeader(_ name: String) {
        let prefix = Array("\(name)=".utf8)
        headers.removeAll { field in
            field.name.equalsIgnoringASCIICase("Set-Cookie")
                && field.value.utf8.starts(with: prefix)
        }
    }
}
