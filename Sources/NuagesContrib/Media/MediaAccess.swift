import NuagesCore
public import NuagesFiles
public import NuagesHTTP
import NuagesViews

/// Who may have the files of a route.
public struct MediaAccess: Sendable {
    /// Throws where the request may not have the file; takes the path and the name as well.
    let check: @Sendable (Request, _ path: String, _ name: String) async throws -> Void
    /// Whether caches of others may keep the files.
    let isPublic: Bool

    /// Everybody.
    public static let everybody = MediaAccess(check: { _, _, _ in }, isPublic: true)

    /// Whoever has an address that was signed, and that has not expired.
    ///
    ///     mediaRoutes("invoices/", storage: "private", access: .signed { $0.cookies["sid"] })
    ///     try storage.signedURL("7.pdf", expires: .seconds(600), boundTo: request.cookies["sid"])
    ///
    /// Others get 403: without a signature, with one that does not fit the path, the purpose or
    /// who asks, and with one that has expired. With a binding so does everybody whom it does not
    /// know, whatever was signed.
    ///
    /// - Parameters:
    ///   - signer: checks the signatures; nil is one with the key of the current site.
    ///   - purpose: what is signed for, where `signer` is nil.
    ///   - binding: who asks, such as a user's or a session's key, and nil for somebody unknown;
    ///     without it, addresses are for everybody.
    /// - Returns: the rule.
    public static func signed(
        by signer: MediaSigner? = nil,
        purpose: String = "media",
        boundTo binding: (@Sendable (Request) async throws -> String?)? = nil
    ) -> MediaAccess {
        let check = { @Sendable (request: Request, path: String, _: String) async throws -> Void in
            let signer =
                try signer
                ?? MediaSigner(settings: try SiteContext.current.settings, purpose: purpose)
            let asker = try await binding?(request)
            // An address that is bound to nobody would fit somebody unknown.
            if binding != nil, asker == nil { throw HTTPError.forbidden("The link is not valid.") }
            do {
                try signer.verify(
                    request.query[MediaSigner.parameter],
                    path: path,
                    boundTo: asker
                )
            } catch let error as SigningError {
                if case .expired = error { throw HTTPError.forbidden("The link has expired.") }
                throw HTTPError.forbidden("The link is not valid.")
            }
        }
        return MediaAccess(check: check, isPublic: false)
    }

    /// Whom a function lets: what it throws is the answer to all others.
    ///
    ///     access: .allowed { request, name in
    ///         guard try await canRead(request, name) else { throw HTTPError.notFound("…") }
    ///     }
    ///
    /// - Parameter check: looks at the request and the name of the file in its storage.
    /// - Returns: the rule.
    public static func allowed(
        _ check: @escaping @Sendable (Request, _ name: String) async throws -> Void
    ) -> MediaAccess {
        MediaAccess(check: { request, _, name in try await check(request, name) }, isPublic: false)
    }

    /// Both rules.
    ///
    /// - Parameter other: the rule that is looked at when this one lets the request.
    /// - Returns: the rule.
    public func and(_ other: MediaAccess) -> MediaAccess {
        MediaAccess(
            check: { [check] request, path, name in
                try await check(request, path, name)
                try await other.check(request, path, name)
            },
            isPublic: isPublic && other.isPublic
        )
    }
}
