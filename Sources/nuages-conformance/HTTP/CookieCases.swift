import NuagesCore
import NuagesHTTP

/// `parse_cookie`, `set_cookie` and `delete_cookie`.
enum CookieCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        switch call.item.function {
        case "django.http.cookie.parse_cookie":
            let cookies = Cookies(header: try call.text(0))
            return Canonical.dictionary(cookies.entries.map { ($0.name, .string($0.value)) })
        case "response.set_cookie":
            var cookie = try cookie(call, value: call[1])
            cookie.maxAge = try maxAge(call)
            if call.keyword("expires") != nil {
                throw UnsupportedCase("expires as a date of Python")
            }
            var response = Response()
            try response.setCookie(cookie, now: now(call))
            return Canonical.strings(response.headers.values(of: "Set-Cookie"))
        case "response.delete_cookie":
            var cookie = try cookie(call, value: .string(""))
            cookie.maxAge = 0
            cookie.expires = 0
            cookie.isSecure =
                cookie.name.hasPrefix("__") || cookie.sameSite == Cookie.SameSite.none
            var response = Response()
            try response.setCookie(cookie, now: 0)
            return Canonical.strings(response.headers.values(of: "Set-Cookie"))
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    /// A cookie with Django's defaults, which are none of ours.
    private static func cookie(_ call: FunctionCall, value: JSONValue) throws -> Cookie {
        let text = value.text ?? value.number.map { String($0) }
        guard let text else { throw UnsupportedCase("a value is \(value)") }
        var cookie = Cookie(try call.text(0), text)
        cookie.isSecure = call.keyword("secure")?.flag ?? false
        cookie.isHTTPOnly = call.keyword("httponly")?.flag ?? false
        cookie.sameSite = nil
        if let sameSite = call.keyword("samesite")?.text {
            guard let known = Cookie.SameSite(rawValue: sameSite.capitalized) else {
                throw Refusal()
            }
            cookie.sameSite = known
        }
        if let path = call.item["kwargs"]?["path"] { cookie.path = path.text }
        cookie.domain = call.keyword("domain")?.text
        return cookie
    }

    private static func maxAge(_ call: FunctionCall) throws -> Int? {
        guard let value = call.keyword("max_age") else { return nil }
        if let number = value.number { return number }
        guard value.tag == "timedelta", let days = value["days"]?.number,
            let seconds = value["seconds"]?.number
        else { throw UnsupportedCase("max_age is \(value)") }
        return days * 86_400 + seconds
    }

    private static func now(_ call: FunctionCall) -> Int {
        // 2024-05-06T07:08:09+00:00
        guard let text = call.item["now"]?.text else { return 0 }
        let numbers = text.split { "-T:+".contains($0) }.compactMap { Int($0) }
        guard numbers.count >= 6,
            let date = CalendarDate(year: numbers[0], month: numbers[1], day: numbers[2])
        else { return 0 }
        return date.daysSince1970 * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    }
}

extension String {
    /// The first letter in upper case, the rest in lower case.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
