internal import NuagesHTTP

/// How the end of a request's body is found (RFC 9112, section 6).
enum BodyFraming: Equatable {
    case none
    case length(Int)
    case chunked
}

/// What stands before the body of a request.
struct RequestHead {
    var method = HTTPMethod.get
    var target = ""
    var fields: [Headers.Field] = []
    var framing = BodyFraming.none
    var isHTTP10 = false
    var wantsClose = false
    var expectsContinue = false
}
