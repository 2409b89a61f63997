/// One middleware with what is further in.
///
/// Its errors become responses here, so that the layers further out always have a response to
/// work on, as in Django.
final class MiddlewareResponder: Responder {
    private let middleware: any Middleware
    private let next: any Responder
    private let errors: ErrorResponses

    init(middleware: any Middleware, next: any Responder, errors: ErrorResponses) {
        self.middleware = middleware
        self.next = next
        self.errors = errors
    }

    func respond(to request: Request) async throws -> Response {
        do {
            return try await middleware.respond(to: request, next: next)
        } catch {
            return await errors.response(for: error, to: request)
        }
    }
}

/// Layers that stand one behind the other and of which most concern no request.
final class SelectiveResponder: Responder {
    /// The layers, the outermost first, each with what is further in.
    private let layers: [(layer: any SelectiveMiddleware, rest: any Responder)]
    private let next: any Responder
    private let errors: ErrorResponses

    init(_ layer: any SelectiveMiddleware, in rest: any Responder, errors: ErrorResponses) {
        let others = rest as? SelectiveResponder
        layers = [(layer, rest)] + (others?.layers ?? [])
        next = others?.next ?? rest
        self.errors = errors
    }

    func respond(to request: Request) async throws -> Response {
        do {
            for (layer, rest) in layers where try layer.concerns(request) {
                return try await layer.respond(to: request, next: rest)
            }
        } catch {
            return await errors.response(for: error, to: request)
        }
        return try await next.respond(to: request)
    }
}

/// A layer of a route with what is further in; errors become responses as in those of the site.
final class RouteLayer: Responder {
    private let middleware: any Middleware
    private let selective: (any SelectiveMiddleware)?
    private let decorator: (any ResponseDecorator)?
    private let next: any Responder

    init(middleware: any Middleware, next: any Responder) {
        self.middleware = middleware
        selective = middleware as? any SelectiveMiddleware
        decorator = middleware as? any ResponseDecorator
        self.next = next
    }

    /// Layers around `end`, the first the outermost.
    static func chain(_ layers: [any Middleware], around end: any Responder) -> any Responder {
        layers.reversed().reduce(end) { next, layer in RouteLayer(middleware: layer, next: next) }
    }

    func respond(to request: Request) async throws -> Response {
        var response: Response
        do {
            response =
                if let selective, try !selective.concerns(request) {
                    try await next.respond(to: request)
                } else {
                    try await middleware.respond(to: request, next: next)
                }
        } catch {
            guard let errors = request.storage.core?.errors else { throw error }
            response = await errors.response(for: error, to: request)
        }
        decorator?.decorate(&response, for: request)
        return response
    }
}

/// The view inside the layers of its route.
struct RouteEnd: Responder {
    /// The layers of the route that see the errors of its view, the innermost first.
    var viewLayers: [any ExceptionMiddleware] = []

    func respond(to request: Request) async throws -> Response {
        guard let match = request.resolverMatch else {
            throw HTTPError.notFound("No route matches the path.")
        }
        do {
            let response = try await match.answer(request)
            if !response.isRendered { request.storage.noteLatePage() }
            return response
        } catch {
            guard let errors = request.storage.core?.errors else { throw error }
            return await errors.response(ofView: error, to: request, first: viewLayers)
        }
    }

    /// The layers of a route around its view, the outermost first; nil for none.
    static func chain(_ layers: [any Middleware]) -> (any Responder)? {
        guard !layers.isEmpty else { return nil }
        let viewLayers = layers.reversed().compactMap { $0 as? any ExceptionMiddleware }
        return RouteLayer.chain(layers, around: RouteEnd(viewLayers: viewLayers))
    }
}
