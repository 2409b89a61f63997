import NuagesFiles
import NuagesHTTP

/// How a visitor's file is shown: by what it is, not by what it is called.
struct MediaType: Equatable {
    /// The value of `Content-Type`.
    let name: String
    /// Whether a browser saves it in place of showing it.
    let isAttachment: Bool

    /// What a browser could run, if it were opened from where it was saved or taken for what it is
    /// called.
    private static let active: Set<String> = [
        "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "text/javascript",
        "text/css", "application/wasm", "application/manifest+json", "application/x-sh",
        "message/rfc822",
    ]

    /// - Parameters:
    ///   - fileName: the name of the file.
    ///   - head: its first bytes.
    init(fileName: String, head: [UInt8]) {
        if let found = InlineType.of(head) {
            (name, isAttachment) = (found, false)
            return
        }
        let named = FileType.mediaType(of: fileName)
        name = Self.active.contains(named) ? FileType.unknown : named
        isAttachment = true
    }
}
