/// The media types of static files by the ending of their names.
enum ContentTypes {
    /// The media type of a file, with a charset for text.
    ///
    ///     ContentTypes.type(of: "a/style.css")   // text/css; charset=utf-8
    ///
    /// An ending that is not listed gives `application/octet-stream`, which browsers save and do
    /// not run.
    static func type(of path: String) -> String {
        let bytes = Array(path.utf8)
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return fallback }
        let ending = String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased()
        return table[ending] ?? fallback
    }

    private static let fallback = "application/octet-stream"

    private static let table = [
        "avif": "image/avif",
        "css": "text/css; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "gif": "image/gif",
        "htm": "text/html; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "ico": "image/vnd.microsoft.icon",
        "jpeg": "image/jpeg",
        "jpg": "image/jpeg",
        "js": "text/javascript; charset=utf-8",
        "json": "application/json",
        "map": "application/json",
        "mjs": "text/javascript; charset=utf-8",
        "mp3": "audio/mpeg",
        "mp4": "video/mp4",
        "ogg": "audio/ogg",
        "otf": "font/otf",
        "pdf": "application/pdf",
        "png": "image/png",
        "svg": "image/svg+xml",
        "ttf": "font/ttf",
        "txt": "text/plain; charset=utf-8",
        "wasm": "application/wasm",
        "wav": "audio/x-wav",
        "webm": "video/webm",
        "webmanifest": "application/manifest+json",
        "webp": "image/webp",
        "woff": "font/woff",
        "woff2": "font/woff2",
        "xml": "text/xml; charset=utf-8",
        "zip": "application/zip",
    ]
}
