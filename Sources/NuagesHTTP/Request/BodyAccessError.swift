/// Code of the site that asks for a body which it has used up: a mistake of the site, so 500.
///
/// A body comes once. ``Request/bytes()`` and ``Request/form()`` keep what they read and can be
/// called again, and a form can be read after bytes; everything else finds nothing left.
///
/// Django: `RawPostDataException`.
public enum BodyAccessError: ResponseConvertibleError, Sendable, Hashable, CustomStringConvertible {
    /// The body has been read as a multipart form, of which no bytes are kept.
    case readAsForm
    /// The body has been taken piece by piece.
    case readInPieces
    /// Another task reads the body now.
    case beingRead

    /// 500.
    public var status: HTTPStatus { .internalServerError }

    /// What happened, then what to do.
    public var description: String {
        switch self {
        case .readAsForm:
            "The body has been read as a multipart form, of which no bytes are kept. "
                + "Call bytes() before form(), or take what is needed from the form."
        case .readInPieces:
            "The body has been taken by chunks() or lines(), which keep nothing. "
                + "Keep the pieces, or call bytes() in their place."
        case .beingRead:
            "The body is being read by another task. Read it in one place and hand on the result."
        }
    }
}

extension RequestStorage.BodyState {
    /// Why nothing can be read; `isFormOfView` says who asked for the form, if it is one.
    func refusal(isFormOfView: Bool) -> any Error {
        switch self {
        case .failed(let error): error
        case .form where !isFormOfView:
            // The site has done nothing wrong: its view wants no form, and the client sent one.
            HTTPError.unsupportedMediaType(
                "The body is a multipart form, which the CSRF check has read to find the token; "
                    + "the view wants the bytes. Send the token as a header, or another type."
            )
        case .form: BodyAccessError.readAsForm
        case .streamed: BodyAccessError.readInPieces
        case .unread, .reading, .bytes: BodyAccessError.beingRead
        }
    }
}
