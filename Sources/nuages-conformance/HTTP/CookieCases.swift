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
            cookie.maxAge = try call.duration(call.keyword("max_age")).map(seconds)
            if let expires = call.keyword("expires") {
                guard cookie.maxAge == nil else { throw Refusal() }
                try setExpires(expires, of: &cookie, call)
            }
            var response = Response()
            try response.setCookie(cookie, now: now(call))
            return sent(response, call)
        case "response.delete_cookie":
            var cookie = try cookie(call, value: .string(""))
            cookie.isSecure =
                cookie.name.hasPrefix("__") || cookie.sameSite == Cookie.SameSite.none
            var response = Response()
            try response.deleteCookie(cookie)
            return sent(response, call)
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    /// What is sent, `SameSite` in the case of letters that the caller used, as Django sends it.
    private static func sent(_ response: Response, _ call: FunctionCall) -> JSONValue {
        let given = call.keyword("samesite")?.text ?? ""
        return Canonical.strings(
            response.headers.values(of: "Set-Cookie").map {
                $0.replacing("SameSite=\(given.capitalized)", with: "SameSite=\(given)")
            }
        )
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

    private static func seconds(_ duration: Duration) -> Int { Int(duration.components.seconds) }

    private static func now(_ call: FunctionCall) -> Int { seconds(call.now) }

    /// Django turns a `datetime` into an age, one second longer than it is.
    private static func setExpires(
        _ value: JSONValue,
        of cookie: inout Cookie,
        _ call: FunctionCall
    ) throws {
        if let text = value.text {
            guard let time = HTTPDate.parse(text, currentYear: 2024) else { throw Refusal() }
            cookie.expires = time
            return
        }
        let moment = try TaggedValue.dateTime(value)
        let time =
            moment.date.daysSince1970 * 86_400 + moment.time.hour * 3600
            + moment.time.minute * 60 + moment.time.second
        cookie.maxAge = max(0, time + 1 - now(call))
    }
}

extension String {
    /// The first letter in upper case, the rest in lower case.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
