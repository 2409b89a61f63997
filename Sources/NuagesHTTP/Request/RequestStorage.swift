internal import NuagesCore
import Synchronization

/// What all copies of a request share: what the server read, and what was made of it so far.
package final class RequestStorage: Sendable {
    package let method: HTTPMethod
    package let target: String
    package let headers: Headers
    package let body: RequestBody
    package let remoteAddress: String
    package let isTLS: Bool
    /// The decoded path; empty where the target is malformed.
    let path: String
    let queryString: String
    private let state = Mutex(State())

    private struct State: Sendable {
        var core: ApplicationCore?
        var query: QueryDict?
        var cookies: Cookies?
        var match: Resolution = .pending
        /// The route whose guards have been asked.
        var guardedRoute: CompiledRoute?
        /// In place of the application's router.
        var router: Router?
        var csrf: CSRFState?
        var nonce: String?
        var id: String?
        var body: BodyState = .unread
        /// What was made of bytes that are kept.
        var form: FormData?
        /// Whether the view has asked for the form, and not the CSRF check alone.
        var isFormOfView = false
        var encoding: Charset?
        var uploadHandlers: [any UploadHandler]?
        var formParser: (@Sendable (FormParserContext) throws -> any FormParser)?
        /// In place of the namespace of the route.
        var currentApp: String?
        /// Whether the view has answered with a page that layers of its route may render.
        var hasLatePage = false
        var values: [(key: ObjectIdentifier, value: any Sendable)] = []
    }

    private enum Resolution: Sendable {
        case pending
        case done(ResolverMatch?)
    }

    /// How far the body has been read.
    enum BodyState: Sendable {
        case unread
        case reading
        case bytes([UInt8])
        case form(FormData)
        /// The view took the pieces itself.
        case streamed
        case failed(any Error)

        var isUnread: Bool {
            if case .unread = self { true } else { false }
        }
    }

    init(
        method: HTTPMethod,
        target: String,
        headers: Headers,
        body: RequestBody,
        remoteAddress: String,
        isTLS: Bool
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
        self.isTLS = isTLS
        (path, queryString) = Self.parts(of: target)
    }

    /// The decoded path and the raw query of a target.
    private static func parts(of target: String) -> (path: String, query: String) {
        var mark: Int?
        var isPlain = true
        target.withUTF8Bytes { bytes in
            for (offset, byte) in bytes.enumerated() {
                if byte == 0x3F {
                    mark = offset
                    break
                }
                if byte == 0x25 || byte == 0 { isPlain = false }
            }
        }
        let utf8 = target.utf8
        guard utf8.first == 0x2F else { return ("", "") }
        let end = mark.map { utf8.index(utf8.startIndex, offsetBy: $0) } ?? utf8.endIndex
        let query = mark == nil ? "" : String(target[utf8.index(after: end)...])
        if isPlain { return (mark == nil ? target : String(target[..<end]), query) }
        guard let decoded = PercentCoding.decode(utf8[..<end], malformed: .refuse),
            !decoded.contains(0), let path = String(validating: decoded, as: UTF8.self)
        else { return ("", query) }
        return (path, query)
    }

    // MARK: Memoised parts

    var core: ApplicationCore? { state.withLock { $0.core } }

    func attach(_ core: ApplicationCore) { state.withLock { $0.core = core } }

    func parsedQuery() throws(QueryStringError) -> QueryDict {
        if queryString.isEmpty { return [:] }
        if let query = state.withLock({ $0.query }) { return query }
        let limit = core?.settings.formLimits.maxFields ?? FormLimits().maxFields
        let query = try QueryDict(
            query: Array(queryString.utf8)[...],
            maxFields: limit,
            charset: encoding ?? .utf8
        )
        state.withLock { $0.query = query }
        return query
    }

    /// The charset that a view set; nil where none did.
    var encoding: Charset? {
        get { state.withLock { $0.encoding } }
        set {
            state.withLock { state in
                state.encoding = newValue
                state.query = nil
            }
        }
    }

    var uploadHandlers: [any UploadHandler]? { state.withLock { $0.uploadHandlers } }

    /// Sets the handlers; false where the body has been read.
    func setUploadHandlers(_ handlers: [any UploadHandler]) -> Bool {
        state.withLock { state in
            guard state.body.isUnread else { return false }
            state.uploadHandlers = handlers
            return true
        }
    }

    /// What parses the form in place of the framework's parser.
    var formParser: (@Sendable (FormParserContext) throws -> any FormParser)? {
        state.withLock { $0.formParser }
    }

    /// Sets the parser; false where the body has been read.
    func setFormParser(
        _ make: @escaping @Sendable (FormParserContext) throws -> any FormParser
    ) -> Bool {
        state.withLock { state in
            guard state.body.isUnread else { return false }
            state.formParser = make
            return true
        }
    }

    var currentApp: String? {
        get { state.withLock { $0.currentApp } }
        set { state.withLock { $0.currentApp = newValue } }
    }

    var cookies: Cookies {
        if let cookies = state.withLock({ $0.cookies }) { return cookies }
        // HTTP/2 clients may split the field.
        let fields = headers.values(of: "Cookie")
        let cookies = Cookies(
            header: fields.count == 1 ? fields[0] : fields.joined(separator: "; ")
        )
        state.withLock { $0.cookies = cookies }
        return cookies
    }

    func resolverMatch(for request: Request) -> ResolverMatch? {
        let (known, core, own) = state.withLock { ($0.match, $0.core, $0.router) }
        if case .done(let match) = known { return match }
        guard let core else { return nil }
        var match = (own ?? core.router).resolve(
            pathInfo(below: core.scriptPrefix),
            method: method
        )
        if let filter = match?.compiled.filterHiding(from: request) {
            filter.report(request)
            match = nil
        }
        state.withLock { $0.match = .done(match) }
        return match
    }

    /// The router that answers this request.
    var router: Router? { state.withLock { $0.router ?? $0.core?.router } }

    /// Answers with the routes of another router.
    func use(_ router: Router) {
        state.withLock { state in
            state.router = router
            state.match = .pending
        }
    }

    /// The path without the prefix below which the site lies.
    var pathInfo: String {
        pathInfo(below: core?.scriptPrefix)
    }

    /// The path with the prefix below which the site lies, whether or not a proxy has taken it off.
    var wholePath: String {
        guard let prefix = core?.scriptPrefix, !path.utf8.starts(with: prefix.utf8) else {
            return path
        }
        return prefix + String(Substring(path.utf8.drop { $0 == 0x2F }))
    }

    private func pathInfo(below scriptPrefix: String?) -> String {
        guard let prefix = scriptPrefix?.utf8, path.utf8.starts(with: prefix) else { return path }
        return "/" + String(decoding: path.utf8.dropFirst(prefix.count), as: UTF8.self)
    }

    /// The route that answers, if it is known by now.
    var knownRoute: CompiledRoute? {
        guard case .done(let match?) = state.withLock({ $0.match }) else { return nil }
        return match.compiled
    }

    /// Whether the guards of a route have not been asked yet; from now on they have.
    func beginGuards(of route: CompiledRoute) -> Bool {
        state.withLock { state in
            guard state.guardedRoute !== route else { return false }
            state.guardedRoute = route
            return true
        }
    }

    /// Lets the route be looked for again, as where the language of the request has changed.
    func forgetMatch() { state.withLock { $0.match = .pending } }

    func setResolverMatch(_ match: ResolverMatch?) {
        state.withLock { $0.match = .done(match) }
    }

    var csrf: CSRFState? {
        get { state.withLock { $0.csrf } }
        set { state.withLock { $0.csrf = newValue } }
    }

    var usedNonce: String? { state.withLock { $0.nonce } }

    /// The nonce of this request, made when it is first asked for.
    func nonce() -> String {
        state.withLock { state in
            if let nonce = state.nonce { return nonce }
            let nonce = RandomText.base64URL(byteCount: 18)
            state.nonce = nonce
            return nonce
        }
    }

    /// The id that logs give this request, made when it is first asked for.
    func id(_ make: () -> String) -> String {
        if let id = state.withLock({ $0.id }) { return id }
        let new = make()
        return state.withLock { state in
            let id = state.id ?? new
            state.id = id
            return id
        }
    }

    /// Marks the body as being read if nobody has read it; else says what there is.
    func beginReadingBody() -> BodyState {
        state.withLock { state in
            let before = state.body
            if case .unread = before { state.body = .reading }
            return before
        }
    }

    /// How far the body has been read.
    var bodySoFar: BodyState { state.withLock { $0.body } }

    func finishReadingBody(_ result: BodyState) { state.withLock { $0.body = result } }

    /// The form that was made of bytes which are kept, if one was.
    var parsedForm: FormData? { state.withLock { $0.form } }

    /// Keeps a form, unless another task was quicker; the one that is kept.
    func keep(_ form: FormData) -> FormData {
        state.withLock { state in
            let kept = state.form ?? form
            state.form = kept
            return kept
        }
    }

    var isFormOfView: Bool { state.withLock { $0.isFormOfView } }

    func noteFormOfView() { state.withLock { $0.isFormOfView = true } }

    var hasLatePage: Bool { state.withLock { $0.hasLatePage } }

    func noteLatePage() { state.withLock { $0.hasLatePage = true } }

    // MARK: Values of middleware

    func value<Key: RequestKey>(of key: Key.Type) -> Key.Value? {
        let id = ObjectIdentifier(key)
        let value = state.withLock { state in state.values.first { $0.key == id }?.value }
        return value as? Key.Value
    }

    func setValue<Key: RequestKey>(_ value: Key.Value?, of key: Key.Type) {
        let id = ObjectIdentifier(key)
        state.withLock { state in
            state.values.removeAll { $0.key == id }
            if let value { state.values.append((id, value)) }
        }
    }
}
