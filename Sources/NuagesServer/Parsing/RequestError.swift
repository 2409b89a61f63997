/// Why the server refuses a request before the application sees it.
///
/// The text of a case never reaches the client: the answer is a fixed page per status.
enum RequestError: Error, Hashable, CaseIterable {
    case malformedRequestLine
    case malformedTarget
    case malformedField
    case malformedHost
    case malformedContentLength
    case malformedTransferEncoding
    case conflictingFraming
    case malformedChunk
    case incompleteRequest
    case timeout
    case bodyTooLarge
    case requestLineTooLong
    case unknownExpectation
    case headTooLarge
    case tooManyFields
    case trailersTooLarge
    case unknownTransferCoding
    case unsupportedVersion
    case tooManyConnections
    case unusableResponse

    /// The status that answers it; the connection is closed after each of them.
    var status: Int {
        switch self {
        case .malformedRequestLine, .malformedTarget, .malformedField, .malformedHost,
            .malformedContentLength, .malformedTransferEncoding, .conflictingFraming,
            .malformedChunk, .incompleteRequest:
            400
        case .timeout: 408
        case .bodyTooLarge: 413
        case .requestLineTooLong: 414
        case .unknownExpectation: 417
        case .headTooLarge, .tooManyFields, .trailersTooLarge: 431
        case .unusableResponse: 500
        case .unknownTransferCoding: 501
        case .tooManyConnections: 503
        case .unsupportedVersion: 505
        }
    }
}
