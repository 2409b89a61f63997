/// A class-based view: a value whose type says which methods it answers.
///
/// A view answers a method by conforming to its protocol: ``GetHandler``, ``PostHandler`` and so
/// on. The route takes the list from there; other methods get 405 with `Allow`, HEAD comes with
/// GET, and OPTIONS is answered with the list.
///
///     struct Greeting: GetHandler {
///         var word = "Hello"
///         func get(_ request: Request) async throws -> Response { .text(word) }
///     }
///
///     #path("", Greeting(word: "Bonjour"))
///
/// Values of the URL are either typed properties, one view being made for each request, or they
/// are looked up in the match:
///
///     struct Year: GetHandler {
///         let year: Int
///         func get(_ request: Request) async throws -> Response { .text("\(year)") }
///     }
///
///     #path("<int:year>/", Year.init)
///
/// Django: `django.views.generic.View`.
public protocol View: Sendable {
    /// The methods that the view may answer, of those that it has a handler for; all unless given.
    static var httpMethodNames: [HTTPMethod] { get }

    /// Prepares a fresh copy of the view for one request, before anything else sees it.
    ///
    /// - Parameter request: the request.
    /// - Throws: any error; it becomes the response.
    mutating func setup(_ request: Request) async throws

    /// Hands the request to the handler of its method.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: ``HTTPError/methodNotAllowed(allowed:)`` where the view has no handler for it, and
    ///   what the handler throws.
    func dispatch(_ request: Request) async throws -> Response
}

/// A view that answers GET, and HEAD with it.
public protocol GetHandler: View {
    /// Answers GET.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response; its body is dropped for HEAD.
    /// - Throws: any error; it becomes the response.
    func get(_ request: Request) async throws -> Response
}

/// A view that answers HEAD in its own way.
public protocol HeadHandler: View {
    /// Answers HEAD.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response; its body is dropped.
    /// - Throws: any error; it becomes the response.
    func head(_ request: Request) async throws -> Response
}

/// A view that answers POST.
public protocol PostHandler: View {
    /// Answers POST.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: any error; it becomes the response.
    func post(_ request: Request) async throws -> Response
}

/// A view that answers PUT.
public protocol PutHandler: View {
    /// Answers PUT.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: any error; it becomes the response.
    func put(_ request: Request) async throws -> Response
}

/// A view that answers PATCH.
public protocol PatchHandler: View {
    /// Answers PATCH.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: any error; it becomes the response.
    func patch(_ request: Request) async throws -> Response
}

/// A view that answers DELETE.
public protocol DeleteHandler: View {
    /// Answers DELETE.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: any error; it becomes the response.
    func delete(_ request: Request) async throws -> Response
}

/// A view that answers OPTIONS in its own way.
public protocol OptionsHandler: View {
    /// Answers OPTIONS.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: any error; it becomes the response.
    func options(_ request: Request) async throws -> Response
}

extension View {
    /// GET, POST, PUT, PATCH, DELETE, HEAD and OPTIONS.
    public static var httpMethodNames: [HTTPMethod] {
        [.get, .post, .put, .patch, .delete, .head, .options]
    }

    /// Changes nothing.
    ///
    /// - Parameter request: the request.
    /// - Throws: nothing.
    public mutating func setup(_ request: Request) async throws {}

    /// The methods that the view answers: those of ``httpMethodNames`` that it has a handler for.
    public static var allowedMethods: [HTTPMethod] {
        httpMethodNames.filter { method in
            switch method {
            case .get: Self.self is any GetHandler.Type
            case .head: Self.self is any HeadHandler.Type || Self.self is any GetHandler.Type
            case .post: Self.self is any PostHandler.Type
            case .put: Self.self is any PutHandler.Type
            case .patch: Self.self is any PatchHandler.Type
            case .delete: Self.self is any DeleteHandler.Type
            case .options: Self.self is any OptionsHandler.Type
            default: false
            }
        }
    }

    /// Hands the request to the handler of its method.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: ``HTTPError/methodNotAllowed(allowed:)`` where the view has no handler for it, and
    ///   what the handler throws.
    public func dispatch(_ request: Request) async throws -> Response {
        guard Self.httpMethodNames.contains(request.method),
            let response = try await handled(request)
        else { throw HTTPError.methodNotAllowed(allowed: Self.allowedMethods) }
        return response
    }

    private func handled(_ request: Request) async throws -> Response? {
        switch request.method {
        case .get: try await (self as? any GetHandler)?.get(request)
        case .head:
            if let view = self as? any HeadHandler {
                try await view.head(request)
            } else {
                try await (self as? any GetHandler)?.get(request)
            }
        case .post: try await (self as? any PostHandler)?.post(request)
        case .put: try await (self as? any PutHandler)?.put(request)
        case .patch: try await (self as? any PatchHandler)?.patch(request)
        case .delete: try await (self as? any DeleteHandler)?.delete(request)
        case .options: try await (self as? any OptionsHandler)?.options(request)
        default: nil
        }
    }

    /// Answers a request with a copy of the view: set up, then dispatched.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: what ``setup(_:)`` and ``dispatch(_:)`` throw.
    public func answer(_ request: Request) async throws -> Response {
        var view = self
        try await view.setup(request)
        return try await view.dispatch(request)
    }
}
