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

    private struct State {
        var core: ApplicationCore?
        var match: Resolution = .pending
        /// Whether the request never left this machine; several layers ask.
        var isLocal: Bool?
        /// What not every request has; nil until something of it is set.
        private(set) var known: Rare?

        var rare: Rare {
            mutating get {
                if let known { return known }
                let rare = Rare()
                known = rare
                return rare
            }
        }
    }

    /// What not every request has; kept behind ``state`` only.
    private final class Rare {
        var query: QueryDict?
        var cookies: Cookies?
        /// The route whose guards have been asked.
        var guardedRoute: CompiledRoute?
        /// The route that the CSRF check has judged; nil where it has found none.
        var judgedRoute: CompiledRoute?
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
        /// Whether the log has a line about the answer.
        var isLogged = false
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
        var startsWithSlash = false
        target.withUTF8Bytes { bytes in
            startsWithSlash = bytes.first == 0x2F
            for offset in bytes.indices {
                let byte = bytes[offset]
                if byte == 0x3F {
                    mark = offset
                    break
                }
                if byte == 0x25 || byte == 0 { isPlain = false }
            }
        }
        guard startsWithSlash else { return ("", "") }
        if isPlain, mark == nil { return (target, "") }
        let utf8 = target.utf8
        let end = mark.map { utf8.index(utf8.startIndex, offsetBy: $0) } ?? utf8.endIndex
        let query = mark == nil ? "" : String(target[utf8.index(after: end)...])
        if isPlain { return (String(target[..<end]), query) }
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
        if let query = state.withLock({ $0.known?.query }) { return query }
        let limit = core?.settings.formLimits.maxFields ?? FormLimits().maxFields
        let query = try QueryDict(
            query: Array(queryString.utf8)[...],
            maxFields: limit,
            charset: encoding ?? .utf8
        )
        state.withLock { $0.rare.query = query }
        return query
    }

    /// The charset that a view set; nil where none did.
    var encoding: Charset? {
        get { state.withLock { $0.known?.encoding } }
        set {
            state.withLock { state in
                state.rare.encoding = newValue
                state.rare.query = nil
            }
        }
    }

    var uploadHandlers: [any UploadHandler]? { state.withLock { $0.known?.uploadHandlers } }

    /// Sets the handlers; false where the body has been read.
    func setUploadHandlers(_ handlers: [any UploadHandler]) -> Bool {
        state.withLock { state in
            guard state.rare.body.isUnread else { return false }
            state.rare.uploadHandlers = handlers
            return true
        }
    }

    /// What parses the form in place of the framework's parser.
    var formParser: (@Sendable (FormParserContext) throws -> any FormParser)? {
        state.withLock { $0.known?.formParser }
    }

    /// Sets the parser; false where the body has been read.
    func setFormParser(
        _ make: @escaping @Sendable (FormParserContext) throws -> any FormParser
    ) -> Bool {
        state.withLock { state in
            guard state.rare.body.isUnread else { return false }
            state.rare.formParser = make
            return true
        }
    }

    var currentApp: String? {
        get { state.withLock { $0.known?.currentApp } }
        set { state.withLock { $0.rare.currentApp = newValue } }
    }

    var cookies: Cookies {
        if let cookies = state.withLock({ $0.known?.cookies }) { return cookies }
        // HTTP/2 clients may split the field.
        let fields = headers.values(of: "Cookie")
        let cookies = Cookies(
            header: fields.count == 1 ? fields[0] : fields.joined(separator: "; ")
        )
        state.withLock { $0.rare.cookies = cookies }
        return cookies
    }

    /// Whether the request never left this machine, found out once the settings are known.
    func isLocal(_ find: () -> Bool) -> Bool {
        let (known, isAttached) = state.withLock { ($0.isLocal, $0.core != nil) }
        if let known { return known }
        let found = find()
        if isAttached { state.withLock { $0.isLocal = found } }
        return found
    }

    func resolverMatch(for request: Request) -> ResolverMatch? {
        let (known, core, own) = state.withLock { ($0.match, $0.core, $0.known?.router) }
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
    var router: Router? { state.withLock { $0.known?.router ?? $0.core?.router } }

    /// Answers with the routes of another router.
    func use(_ router: Router) {
        state.withLock { state in
            state.rare.router = router
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
            guard state.rare.guardedRoute !== route else { return false }
            state.rare.guardedRoute = route
            return true
        }
    }

    /// Whether the CSRF check has looked at this route.
    func isJudged(_ route: CompiledRoute) -> Bool {
        state.withLock { $0.known?.judgedRoute === route }
    }

    /// Keeps what the CSRF check has looked at: layers further in may choose another route.
    func noteJudged(_ route: CompiledRoute?) {
        state.withLock { $0.rare.judgedRoute = route }
    }

    /// Lets the route be looked for again, as where the language of the request has changed.
    func forgetMatch() { state.withLock { $0.match = .pending } }

    func setResolverMatch(_ match: ResolverMatch?) {
        state.withLock { $0.match = .done(match) }
    }

    var csrf: CSRFState? {
        get { state.withLock { $0.known?.csrf } }
        set { state.withLock { $0.rare.csrf = newValue } }
    }

    var usedNonce: String? { state.withLock { $0.known?.nonce } }

    /// The nonce of this request, made when it is first asked for.
    func nonce() -> String {
        state.withLock { state in
            if let nonce = state.rare.nonce { return nonce }
            let nonce = RandomText.base64URL(byteCount: 18)
            state.rare.nonce = nonce
            return nonce
        }
    }

    /// The id that logs give this request, made when it is first asked for.
    func id(_ make: () -> String) -> String {
        if let id = state.withLock({ $0.known?.id }) { return id }
        let new = make()
        return state.withLock { state in
            let id = state.rare.id ?? new
            state.rare.id = id
            return id
        }
    }

    /// Marks the body as being read if nobody has read it; else says what there is.
    func beginReadingBody() -> BodyState {
        state.withLock { state in
            let before = state.rare.body
            if case .unread = before { state.rare.body = .reading }
            return before
        }
    }

    /// How far the body has been read.
    var bodySoFar: BodyState { state.withLock { $0.known?.body ?? .unread } }

    func finishReadingBody(_ result: BodyState) { state.withLock { $0.rare.body = result } }

    /// The form that was made of bytes which are kept, if one was.
    var parsedForm: FormData? { state.withLock { $0.known?.form } }

    /// Keeps a form, unless another task was quicker; the one that is kept.
    func keep(_ form: FormData) -> FormData {
        state.withLock { state in
            let kept = state.rare.form ?? form
            state.rare.form = kept
            return kept
        }
    }

    var isFormOfView: Bool { state.withLock { $0.known?.isFormOfView ?? false } }

    func noteFormOfView() { state.withLock { $0.rare.isFormOfView = true } }

    var hasLatePage: Bool { state.withLock { $0.known?.hasLatePage ?? false } }

    func noteLatePage() { state.withLock { $0.rare.hasLatePage = true } }

    /// Notes that the log has a line about the answer; false where it had one before.
    @discardableResult
    func noteLogged() -> Bool {
        state.withLock { state in
            defer { state.rare.isLogged = true }
            return !state.rare.isLogged
        }
    }

    // MARK: Values of middleware

    func value<Key: RequestKey>(of key: Key.Type) -> Key.Value? {
        let id = ObjectIdentifier(key)
        let value = state.withLock { state in
            state.known?.values.first { $0.key == id }?.value
        }
        return value as? Key.Value
    }

    func setValue<Key: RequestKey>(_ value: Key.Value?, of key: Key.Type) {
        let id = ObjectIdentifier(key)
        state.withLock { state in
            state.rare.values.removeAll { $0.key == id }
            if let value { state.rare.values.append((id, value)) }
        }
    }
}
