internal import NuagesCore

extension Response {
    /// Sets a cookie, in place of one of the same name that this response sets already.
    ///
    /// - Parameter cookie: the cookie.
    /// - Throws: ``CookieError`` for what a browser would refuse.
    public mutating func setCookie(_ cookie: Cookie) throws(CookieError) {
        try setCookie(cookie, now: UnixTime.seconds())
    }

    package mutating func setCookie(_ cookie: Cookie, now: Int) throws(CookieError) {
        set(cookie.name, try cookie.header(now: now))
    }

    /// The value has been checked, and what cannot stand in it is escaped.
    private mutating func set(_ name: String, _ value: String) {
        removeCookieHeader(name)
        headers.append(validated: Headers.Field(name: "Set-Cookie", value: value))
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
        try deleteCookie(cookie)
    }

    /// Makes the browser forget a cookie that was set with these attributes.
    ///
    /// - Parameter cookie: the cookie; its value and its age do not matter.
    /// - Throws: ``CookieError`` where the name is no name.
    public mutating func deleteCookie(_ cookie: Cookie) throws(CookieError) {
        var cookie = cookie
        cookie.value = ""
        cookie.maxAge = 0
        cookie.expires = 0
        set(cookie.name, try cookie.header(now: 0, isDeleted: true))
    }

    /// Says that the response depends on a field of the request (`Vary`), once.
    ///
    /// - Parameter name: the field, such as `Cookie`.
    public mutating func vary(on name: String) {
        vary(on: [name])
    }

    /// Says that the response depends on fields of the request (`Vary`), each once; `*` covers all.
    ///
    /// Django: `patch_vary_headers` and the decorator `vary_on_headers`.
    ///
    /// - Parameter names: the fields.
    public mutating func vary(on names: [String]) {
        var all = headers.values(of: "Vary").flatMap { value in
            value.split(onByte: 0x2C).map(\.trimmingBlanks).filter { !$0.isEmpty }
        }
        let present = all
        for name in names.map(\.trimmingBlanks)
        where !present.contains(where: { $0.equalsIgnoringASCIICase(name) }) {
            all.append(name)
        }
        let isAny = all.contains { $0.equalsBytes("*") }
        headers["Vary"] = isAny ? "*" : all.joined(separator: ", ")
    }

    private mutating func removeCookieHeader(_ name: String) {
        let prefix = Array("\(name)=".utf8)
        headers.removeAll { field in
            field.name.equalsIgnoringASCIICase("Set-Cookie")
                && field.value.utf8.starts(with: prefix)
        }
    }
}
