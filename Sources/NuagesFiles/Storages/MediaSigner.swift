public import NuagesCore

/// Signs the addresses of files that not everybody may have.
///
///     let signer = MediaSigner(key: settings.secretKey)
///     try signer.signedURL(for: "/invoices/7.pdf", expires: .seconds(600))
///     // /invoices/7.pdf?signature=9g:1vPk2x:h4Zf…
///
/// Whoever has the address has the file until it expires; bound to a user or a session, only they.
/// The path, the time, the binding and the purpose are all signed.
public struct MediaSigner: Sendable {
    /// The name of the parameter that carries the signature.
    public static let parameter = "signature"

    private let signer: TimestampSigner

    /// A signer.
    ///
    /// - Parameters:
    ///   - key: the secret.
    ///   - purpose: what is signed for: a signature for one purpose is refused for another.
    ///   - fallbackKeys: former secrets that are still accepted (`SECRET_KEY_FALLBACKS`).
    public init(key: SecretKey, purpose: String = "media", fallbackKeys: [SecretKey] = []) {
        signer = TimestampSigner(
            key: key,
            salt: "nuages.files.MediaSigner." + purpose,
            fallbackKeys: fallbackKeys
        )
    }

    /// An address with a signature.
    ///
    /// - Parameters:
    ///   - url: the address, such as ``Storage/url(_:)`` gives; what stands behind its path is left
    ///     out.
    ///   - expires: how long it counts, in whole seconds, rounded up; a hundred years at most.
    ///   - binding: who may use it, such as a user's or a session's key; nil for everybody.
    /// - Returns: the address.
    public func signedURL(
        for url: String,
        expires: Duration,
        boundTo binding: String? = nil
    ) -> String {
        signedURL(for: url, expires: expires, boundTo: binding, now: UnixTime.now())
    }

    package func signedURL(
        for url: String,
        expires: Duration,
        boundTo binding: String?,
        now: Duration
    ) -> String {
        let address = String(Substring(url.utf8.prefix { $0 != 0x3F && $0 != 0x23 }))
        // As browsers send it.
        let plain = PercentCoding.encode(address, safe: .iri)
        let (seconds, attoseconds) = expires.components
        let whole = seconds < Self.longest && attoseconds > 0 ? seconds + 1 : seconds
        let lifetime = Base62.encode(Int(min(max(0, whole), Self.longest)))
        let text = Self.text(Self.path(of: plain), lifetime, binding)
        let signed = signer.sign(text, now: now)
        let proof = String(Substring(signed.utf8.dropFirst(text.utf8.count + 1)))
        return "\(plain)?\(Self.parameter)=\(lifetime)\(signer.separator)\(proof)"
    }

    /// Checks a signature.
    ///
    /// - Parameters:
    ///   - signature: the parameter of the address; nil where it has none.
    ///   - path: the path of the address, as it is written in it.
    ///   - binding: who asks.
    /// - Throws: `SigningError` where it is missing, does not fit or has expired.
    public func verify(
        _ signature: String?,
        path: String,
        boundTo binding: String? = nil
    ) throws(SigningError) {
        try verify(signature, path: path, boundTo: binding, now: UnixTime.now())
    }

    package func verify(
        _ signature: String?,
        path: String,
        boundTo binding: String?,
        now: Duration
    ) throws(SigningError) {
        let parts = (signature ?? "").split(onByte: 0x3A)
        guard parts.count == 3, let seconds = Base62.decode(parts[0]), seconds >= 0,
            seconds <= Self.longest
        else { throw .missingSeparator(signer.separator) }
        let text = Self.text(path, parts[0], binding)
        _ = try signer.unsign(
            [text, parts[1], parts[2]].joined(separator: signer.separator),
            maxAge: .seconds(seconds),
            now: now
        )
    }

    /// A hundred years; more is nothing that was signed here.
    private static let longest: Int64 = 3_155_760_000

    /// What is signed: lengths in front of parts, so that no two lists of parts are the same text.
    private static func text(_ path: String, _ lifetime: String, _ binding: String?) -> String {
        let bound = binding.map { "b" + $0 } ?? "-"
        // Whatever of it is escaped.
        let bytes = PercentCoding.decode(path.utf8) ?? Array(path.utf8)
        let path = PercentCoding.encode(bytes, safe: .path)
        return [path, lifetime, bound].map { "\($0.utf8.count).\($0)" }.joined()
    }

    /// The path of an address, which may have a scheme and a host.
    private static func path(of url: String) -> String {
        let start: String.UTF8View.SubSequence
        if let colon = url.utf8.firstIndex(of: 0x3A), url.utf8[colon...].starts(with: "://".utf8) {
            start = url.utf8[colon...].dropFirst(3)
        } else if url.utf8.starts(with: "//".utf8) {
            start = url.utf8.dropFirst(2)
        } else {
            return url
        }
        return String(Substring(start.drop { $0 != 0x2F }))
    }
}

extension Storage {
    /// The address of a file, with a signature of `signer`.
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - expires: how long the address counts.
    ///   - signer: signs it.
    ///   - binding: who may use it; nil for everybody.
    /// - Returns: the address.
    /// - Throws: ``StorageError/noURL``.
    public func signedURL(
        _ name: String,
        expires: Duration,
        by signer: MediaSigner,
        boundTo binding: String?
    ) throws -> String {
        signer.signedURL(for: try url(name), expires: expires, boundTo: binding)
    }

    /// The address of a file, with a signature, which everybody may use.
    ///
    ///     try storage.signedURL("7.pdf", expires: .seconds(600), by: signer)
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - expires: how long the address counts.
    ///   - signer: signs it.
    /// - Returns: the address.
    /// - Throws: ``StorageError/noURL``.
    public func signedURL(
        _ name: String,
        expires: Duration,
        by signer: MediaSigner
    ) throws -> String {
        try signedURL(name, expires: expires, by: signer, boundTo: nil)
    }
}
