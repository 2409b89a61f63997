internal import NuagesCore

extension Request {
    /// What tells this request from others in logs and traces.
    ///
    /// It is the field `X-Request-ID` of a trusted proxy, where that is short and plain, else 96
    /// random bits. Nobody else can choose it, so that no line of a log can be laid at the door of
    /// another request. It is made when it is first asked for.
    public var id: String {
        storage.id {
            guard isFromTrustedProxy, let given = headers["X-Request-ID"], Self.isPlainID(given)
            else { return RandomText.base64URL(byteCount: 12) }
            return given
        }
    }

    /// Whether ids and traces that the request carries are taken up: from a trusted proxy.
    package var continuesTraces: Bool { isFromTrustedProxy }

    /// The path as it was sent, for a log: on one line, and without the query, which may hold
    /// secrets.
    package var loggedPath: String {
        LogText.escape(String(Substring(target.utf8.prefix { $0 != 0x3F })))
    }

    /// Letters, digits and `-_.:`, at most 128 of them.
    private static func isPlainID(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                byte.isASCIIAlphanumeric || [0x2D, 0x5F, 0x2E, 0x3A].contains(byte)
            }
    }
}
