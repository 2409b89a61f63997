import Foundation
import NuagesCore

@testable import NuagesHTTP

/// Paths against patterns: a path that is found leads to a route whose reversed path leads there
/// again, with the same arguments.
enum URLTarget {
    private static let view: @Sendable (Request) async throws -> Response = { _ in .text("") }

    private static let shop = Routes(
        [
            Route("", (), view: view, name: "index"),
            Route(
                "<slug:s>/<int:n>",
                (SlugConverter.self, IntConverter.self),
                view: two,
                name: "item"
            ),
            Route("<uuid:u>/", (UUIDConverter.self), view: uuid, name: "uuid"),
        ],
        namespace: "shop"
    )

    private static let router = Router(
        Routes([
            Route("", (), view: view, name: "front"),
            Route("a/", (), view: view, name: "a"),
            Route("a/<int:n>/", (IntConverter.self), view: number, name: "number"),
            Route(
                "a/<str:s>/b-<int:n>.html",
                (StringConverter.self, IntConverter.self),
                view: two,
                name: "b"
            ),
            Route(
                "<slug:s>-<slug:t>/",
                (SlugConverter.self, SlugConverter.self),
                view: texts,
                name: "slugs"
            ),
            Route("shop/", (), include: shop),
            Route(
                "shops/<str:city>/",
                (StringConverter.self),
                include: Routes([
                    Route(
                        "<int:n>/",
                        (StringConverter.self, IntConverter.self),
                        view: two,
                        name: "city"
                    )
                ])
            ),
            Route("files/<path:p>/end", (RestConverter.self), view: text, name: "end"),
            Route("files/<path:p>", (RestConverter.self), view: text, name: "file"),
        ])
    )

    @Sendable private static func number(_ request: Request, n: Int) async throws -> Response {
        .text("")
    }
    @Sendable private static func text(_ request: Request, s: String) async throws -> Response {
        .text("")
    }
    @Sendable private static func uuid(_ request: Request, u: UUID) async throws -> Response {
        .text("")
    }
    @Sendable private static func two(
        _ request: Request,
        s: String,
        n: Int
    ) async throws -> Response {
        .text("")
    }
    @Sendable private static func texts(
        _ request: Request,
        s: String,
        t: String
    ) async throws
        -> Response
    { .text("") }

    static func run(_ data: [UInt8]) {
        guard let text = String(validating: data, as: UTF8.self) else { return }
        let path = Request(target: text).path
        _ = router.resolve(text)
        guard let match = router.resolve(path), !match.viewName.isEmpty else { return }
        guard let back = try? router.reverse(match.viewName, positional: match.arguments) else {
            return require(false, "\(match.viewName) of \(path) has no path.")
        }
        require(back.utf8.starts(with: [0x2F]) && !back.utf8.starts(with: [0x2F, 0x2F]), back)
        require(back.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, back)
        let again = router.resolve(Request(target: back).path)
        require(
            again?.viewName == match.viewName
                && again?.arguments.map(\.description).elementsEqual(
                    match.arguments.map(\.description)
                ) { $0.equalsBytes($1) } == true,
            "\(path) is \(match.viewName), whose path is \(back)."
        )
    }
}
