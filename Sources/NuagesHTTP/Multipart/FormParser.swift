public import NuagesCore

/// Parses the body of a multipart form as it arrives.
///
/// Give a request one of your own by ``Request/setFormParser(_:)``.
///
/// Django: `MultiPartParser` and `request.multipart_parser_class`.
public protocol FormParser {
    /// Takes the next bytes of the body.
    ///
    /// - Parameter bytes: a piece.
    /// - Throws: what ends the request, such as ``HTTPError/badRequest(_:)``.
    mutating func consume(_ bytes: [UInt8]) async throws

    /// Whether there is no use in further bytes: what follows is not read.
    var isStopped: Bool { get }

    /// All bytes have come.
    ///
    /// - Returns: the form.
    /// - Throws: what ends the request.
    mutating func finish() async throws -> FormData

    /// The body will never be complete: the client went away, or a limit was passed.
    mutating func cancel() async
}

extension FormParser {
    /// Never.
    public var isStopped: Bool { false }

    /// Nothing.
    public mutating func cancel() async {}
}

/// What a parser of forms knows before the body arrives.
public struct FormParserContext: Sendable {
    /// The value of `Content-Type`, which has the boundary.
    public let contentType: String
    /// What the form may cost; the size of the whole body is kept by who reads it.
    public let limits: FormLimits
    /// How the fields are written, unless the form says otherwise.
    public let charset: Charset
    /// Who may receive files.
    public let uploadHandlers: [any UploadHandler]
    /// The declared length of the body, in bytes.
    public let bodyLength: Int?
    /// The request that has the form; nil in tests of a parser.
    public internal(set) var request: Request?

    /// What a parser is told, for tests of one.
    ///
    /// - Parameters:
    ///   - contentType: the value of `Content-Type`, with the boundary.
    ///   - limits: what the form may cost.
    ///   - charset: how the fields are written, unless the form says otherwise.
    ///   - uploadHandlers: who may receive files.
    ///   - bodyLength: the declared length of the body, in bytes.
    public init(
        contentType: String,
        limits: FormLimits = FormLimits(),
        charset: Charset = .utf8,
        uploadHandlers: [any UploadHandler] = [],
        bodyLength: Int? = nil
    ) {
        self.contentType = contentType
        self.limits = limits
        self.charset = charset
        self.uploadHandlers = uploadHandlers
        self.bodyLength = bodyLength
    }
}

extension Request {
    /// Sets what parses the multipart form of this request, in place of the framework's parser.
    ///
    ///     try request.setFormParser { context in try MixedParser(boundaryIn: context.contentType) }
    ///
    /// Django: `request.multipart_parser_class`.
    ///
    /// - Parameter make: makes the parser, once the form is asked for.
    /// - Throws: ``HTTPError/status(_:_:)`` of 500 where the body has been read already.
    public func setFormParser(
        _ make: @escaping @Sendable (FormParserContext) throws -> any FormParser
    ) throws(HTTPError) {
        guard storage.setFormParser(make) else {
            throw .status(
                .internalServerError,
                "The parser of the form was set after the body had been read. Set it before "
                    + "anything that reads the form, such as the CSRF check."
            )
        }
    }
}
