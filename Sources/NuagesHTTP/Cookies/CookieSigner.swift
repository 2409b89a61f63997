public import NuagesCore

/// Signs the values of cookies, so that a change to one is noticed when it comes back.
///
/// The name of the cookie and a salt are part of the signature: the value of one cookie is
/// refused as that of another. Values that Django 6.1 signed with the same key are accepted, and
/// the other way round.
///
/// Django: the signer behind `set_signed_cookie` and `get_signed_cookie`.
public struct CookieSigner: Sendable {
    private let key: SecretKey
    private let fallbackKeys: [SecretKey]
    private let acceptsLegacySalts: Bool

    /// A signer.
    ///
    /// - Parameters:
    ///   - key: the secret (`SECRET_KEY`).
    ///   - fallbackKeys: former secrets that are still accepted (`SECRET_KEY_FALLBACKS`).
    ///   - acceptsLegacySalts: whether cookies that Django signed before 6.1 are still accepted.
    public init(
        key: SecretKey,
        fallbackKeys: [SecretKey] = [],
        acceptsLegacySalts: Bool = false
    ) {
        self.key = Self.prefixed(key)
        self.fallbackKeys = fallbackKeys.map(Self.prefixed)
        self.acceptsLegacySalts = acceptsLegacySalts
    }

    private static func prefixed(_ key: SecretKey) -> SecretKey {
        SecretKey(bytes: Array("django.http.cookies".utf8) + key.bytes)
    }

    /// The value of a cookie, signed with the time.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - cookie: the name of the cookie.
    ///   - salt: the purpose, where cookies of one name have several.
    /// - Returns: the value to send.
    public func sign(_ value: String, for cookie: String, salt: String = "") -> String {
        sign(value, for: cookie, salt: salt, now: UnixTime.now())
    }

    package func sign(
        _ value: String,
        for cookie: String,
        salt: String,
        now: Duration
    ) -> String {
        signer(Self.salt(cookie, salt)).sign(value, now: now)
    }

    /// The value that was signed.
    ///
    /// - Parameters:
    ///   - signed: the value as it came.
    ///   - cookie: the name of the cookie.
    ///   - salt: the purpose it was signed for.
    ///   - maxAge: how long ago it may have been signed; nil is any time.
    /// - Returns: the value.
    /// - Throws: ``/NuagesCore/SigningError``.
    public func unsign(
        _ signed: String,
        for cookie: String,
        salt: String = "",
        maxAge: Duration? = nil
    ) throws(SigningError) -> String {
        try unsign(signed, for: cookie, salt: salt, maxAge: maxAge, now: UnixTime.now())
    }

    package func unsign(
        _ signed: String,
        for cookie: String,
        salt: String,
        maxAge: Duration?,
        now: Duration
    ) throws(SigningError) -> String {
        do {
            return try signer(Self.salt(cookie, salt)).unsign(signed, maxAge: maxAge, now: now)
        } catch {
            if case .expired = error { throw error }
            guard acceptsLegacySalts else { throw error }
            return try signer(cookie + salt).unsign(signed, maxAge: maxAge, now: now)
        }
    }

    private func signer(_ salt: String) -> TimestampSigner {
        TimestampSigner(key: key, salt: salt, fallbackKeys: fallbackKeys)
    }

    /// The length keeps apart the name and the salt, so that no two pairs make one text.
    private static func salt(_ cookie: String, _ salt: String) -> String {
        "django.http.cookies.v2:\(salt.unicodeScalars.count):\(salt)\(cookie)"
    }
}

/// A signed cookie that cannot be had.
public enum SignedCookieError: ResponseConvertibleError, Hashable, CustomStringConvertible {
    /// The request has no such cookie.
    case missing(String)
    /// The value is not what was signed, or too old.
    case refused(String, SigningError)

    /// 400.
    public var status: HTTPStatus { .badRequest }

    /// What is wrong; the value is not told.
    public var description: String {
        switch self {
        case .missing(let name):
            "The request has no cookie '\(LogText.escape(name, limit: 64))'."
        case .refused(let name, let error):
            "The cookie '\(LogText.escape(name, limit: 64))' is refused: \(error)"
        }
    }
}

extension Request {
    /// What signs the cookies of this site; nil where ``HTTPSettings/secretKey`` is not set.
    public var cookieSigner: CookieSigner? {
        let settings = settings
        return settings.secretKey.map {
            CookieSigner(
                key: $0,
                fallbackKeys: settings.secretKeyFallbacks,
                acceptsLegacySalts: settings.acceptsLegacyCookieSalts
            )
        }
    }

    /// The value of a signed cookie.
    ///
    ///     try request.signedCookie("cart", maxAge: .seconds(86_400))
    ///     (try? request.signedCookie("cart")) ?? "0"       // with a default
    ///
    /// Django: `get_signed_cookie`.
    ///
    /// - Parameters:
    ///   - name: the name of the cookie.
    ///   - salt: the purpose it was signed for.
    ///   - maxAge: how long ago it may have been signed; nil is any time.
    /// - Returns: the value that was signed.
    /// - Throws: ``SignedCookieError``, which is answered by 400 if nobody catches it.
    public func signedCookie(
        _ name: String,
        salt: String = "",
        maxAge: Duration? = nil
    ) throws(SignedCookieError) -> String {
        guard let signed = cookies[name] else { throw .missing(name) }
        guard let cookieSigner else { throw .refused(name, .badSignature) }
        do {
            return try cookieSigner.unsign(signed, for: name, salt: salt, maxAge: maxAge)
        } catch {
            throw .refused(name, error)
        }
    }
}

extension Response {
    /// Sets a cookie whose value is signed.
    ///
    ///     try response.setSignedCookie(Cookie("cart", "5"), by: request.cookieSigner)
    ///
    /// Anybody can read the value; nobody can change it.
    ///
    /// Django: `set_signed_cookie`.
    ///
    /// - Parameters:
    ///   - cookie: the cookie.
    ///   - signer: what signs it: ``Request/cookieSigner``.
    ///   - salt: the purpose, where cookies of one name have several.
    /// - Throws: ``CookieError`` for what a browser would refuse, ``CookieError/noSigner(_:)``
    ///   where the site has no key.
    public mutating func setSignedCookie(
        _ cookie: Cookie,
        by signer: CookieSigner?,
        salt: String = ""
    ) throws(CookieError) {
        guard let signer else { throw .noSigner(cookie.name) }
        var cookie = cookie
        cookie.value = signer.sign(cookie.value, for: cookie.name, salt: salt)
        try setCookie(cookie)
    }
}
