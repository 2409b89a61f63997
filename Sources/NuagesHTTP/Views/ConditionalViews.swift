#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A view that is only run where the client does not have its page yet, or means this version.
///
///     #path(
///         "<int:questionID>/",
///         condition(etag: version, lastModified: lastVote, results),
///         name: "results"
///     )
///
/// The functions get the request and the values of the URL, as the view does. A client that has
/// the page is answered 304; one that means another version 412, before the view runs.
///
/// Django: `django.views.decorators.http.condition`.
///
/// - Parameters:
///   - etag: the tag of the current version; nil for none.
///   - lastModified: when the page was last changed; nil where nobody knows.
///   - view: the view.
/// - Returns: the view with the conditions in front of it.
public func condition<each P>(
    etag: (@Sendable (Request, repeat each P) async throws -> String?)? = nil,
    lastModified: (@Sendable (Request, repeat each P) async throws -> Date?)? = nil,
    _ view: @escaping @Sendable (Request, repeat each P) async throws -> Response
) -> @Sendable (Request, repeat each P) async throws -> Response {
    { (request: Request, arguments: repeat each P) in
        let tag = try await etag?(request, repeat each arguments)
        let date = try await lastModified?(request, repeat each arguments)
        return try await request.conditional(
            entityTag: tag,
            lastModified: date.flatMap { Int(exactly: $0.timeIntervalSince1970.rounded(.down)) }
        ) {
            try await view(request, repeat each arguments)
        }
    }
}

/// A view that is only run where the client does not have this version of its page.
///
///     #path("<int:questionID>/", etag(version, results))
///
/// Django: `django.views.decorators.http.etag`.
///
/// - Parameters:
///   - tag: the tag of the current version; nil for none.
///   - view: the view.
/// - Returns: the view with the condition in front of it.
public func etag<each P>(
    _ tag: @escaping @Sendable (Request, repeat each P) async throws -> String?,
    _ view: @escaping @Sendable (Request, repeat each P) async throws -> Response
) -> @Sendable (Request, repeat each P) async throws -> Response {
    condition(etag: tag, lastModified: nil, view)
}

/// A view that is only run where its page was changed since the client got it.
///
///     #path("<int:questionID>/", lastModified(lastVote, results))
///
/// Django: `django.views.decorators.http.last_modified`.
///
/// - Parameters:
///   - date: when the page was last changed; nil where nobody knows.
///   - view: the view.
/// - Returns: the view with the condition in front of it.
public func lastModified<each P>(
    _ date: @escaping @Sendable (Request, repeat each P) async throws -> Date?,
    _ view: @escaping @Sendable (Request, repeat each P) async throws -> Response
) -> @Sendable (Request, repeat each P) async throws -> Response {
    condition(etag: nil, lastModified: date, view)
}
