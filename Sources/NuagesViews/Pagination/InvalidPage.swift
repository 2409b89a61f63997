import NuagesCore
public import NuagesHTTP

/// Why there is no such page; a visitor who asked for it gets 404.
///
/// Django: `InvalidPage`, with its kinds `PageNotAnInteger` and `EmptyPage`.
public enum InvalidPage: ResponseConvertibleError, Sendable, Hashable,
    CustomStringConvertible
{
    /// The text is no whole number (Django: `PageNotAnInteger`).
    case notAnInteger(String)
    /// The number is less than 1, or there is nothing on that page (Django: `EmptyPage`).
    case empty(number: Int, pageCount: Int)

    /// 404.
    public var status: HTTPStatus { .notFound }

    /// What was asked for, and what there is.
    public var description: String {
        switch self {
        case .notAnInteger(let text):
            "The page '\(LogText.escape(text, limit: 40))' is no whole number."
        case .empty(let number, _) where number < 1: "The page \(number) is less than 1."
        case .empty(let number, let pageCount):
            "The page \(number) has nothing on it; there are \(pageCount) pages."
        }
    }
}
