internal import NuagesCore

/// The masked tokens of Django's double-submit cookie.
///
/// A secret has 32 letters and digits. A token is a fresh mask of 32 more and the secret
/// shifted by it, so that no two pages show the same text (against BREACH).
package enum CSRFToken {
    static let secretLength = 32
    static let tokenLength = 64

    /// What is wrong with the form of a token; the texts are Django's.
    package enum FormatError: String, Error {
        case incorrectLength = "has incorrect length"
        case invalidCharacters = "has invalid characters"
    }

    static func newSecret() -> [UInt8] { RandomText.alphanumeric(count: secretLength) }

    /// Whether a token or a secret has the right length and letters.
    package static func check(_ token: [UInt8]) throws(FormatError) {
        guard token.count == secretLength || token.count == tokenLength else {
            throw .incorrectLength
        }
        guard token.allSatisfy({ value(of: $0) != nil }) else { throw .invalidCharacters }
    }

    /// A token for `secret`; both have been checked.
    package static func mask(_ secret: [UInt8], with mask: [UInt8]) -> [UInt8] {
        var token = mask
        token.reserveCapacity(mask.count + secret.count)
        for (letter, shift) in zip(secret, mask) {
            let sum = Int(value(of: letter) ?? 0) + Int(value(of: shift) ?? 0)
            token.append(RandomText.alphanumerics[sum % 62])
        }
        return token
    }

    static func mask(_ secret: [UInt8]) -> [UInt8] { mask(secret, with: newSecret()) }

    /// The secret of a token of 64 letters that has been checked.
    package static func unmask(_ token: [UInt8]) -> [UInt8] {
        let half = token.count / 2
        let alphabet = RandomText.alphanumerics
        return [UInt8](unsafeUninitializedCapacity: half) { secret, count in
            for index in 0..<half {
                let letter = Int(value(of: token[half + index]) ?? 0)
                let difference = letter - Int(value(of: token[index]) ?? 0)
                secret[index] = alphabet[difference < 0 ? difference + 62 : difference]
            }
            count = half
        }
    }

    /// Whether a checked token belongs to `secret`, in a time that does not tell how far.
    package static func matches(_ token: [UInt8], secret: [UInt8]) -> Bool {
        let unmasked = token.count == tokenLength ? unmask(token) : token
        guard unmasked.count == secret.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(unmasked, secret) { difference |= left ^ right }
        return difference == 0
    }

    /// The place in Django's alphabet, by arithmetic.
    private static func value(of letter: UInt8) -> UInt8? {
        switch letter {
        case 0x61...0x7A: letter &- 0x61
        case 0x41...0x5A: letter &- 0x41 &+ 26
        case 0x30...0x39: letter &- 0x30 &+ 52
        default: nil
        }
    }
}

/// The secret of a request, and whether its cookie has to be sent.
struct CSRFState: Sendable {
    var secret: [UInt8]?
    var needsCookie = false
}

extension Request {
    /// The token for a form of this response, as `{% csrf_token %}` writes it.
    ///
    /// Each call masks the secret anew. Asking for it makes ``CSRFMiddleware`` send the cookie.
    ///
    /// - Returns: 64 letters and digits, the value of the field `csrfmiddlewaretoken`.
    public func csrfToken() -> String {
        var state = storage.csrf ?? CSRFState()
        let secret = state.secret ?? CSRFToken.newSecret()
        state.secret = secret
        state.needsCookie = true
        storage.csrf = state
        return String(decoding: CSRFToken.mask(secret), as: UTF8.self)
    }

    /// Replaces the secret, so that tokens made before are worth nothing; done at login.
    ///
    /// Django: `rotate_token`.
    public func rotateCSRFToken() {
        storage.csrf = CSRFState(secret: CSRFToken.newSecret(), needsCookie: true)
    }

    /// Makes the response send the CSRF cookie, although no form has shown a token.
    ///
    /// Django: `@ensure_csrf_cookie`.
    public func ensureCSRFCookie() { _ = csrfToken() }

    /// The nonce that this response's Content-Security-Policy allows, for `<script nonce="…">`.
    public var cspNonce: String { storage.nonce() }
}
