internal import NuagesCore

/// Media types by the endings of file names.
public enum FileType {
    /// What a file is where its name says nothing: bytes that browsers save and do not run.
    public static let unknown = "application/octet-stream"

    /// The media type of a file, by the ending of its name.
    ///
    ///     FileType.mediaType(of: "report.pdf")      // application/pdf
    ///     FileType.mediaType(of: "dump.sql.gz")     // application/gzip
    ///
    /// A compressed file is of the type of its compression, so that no browser uncompresses it.
    ///
    /// Python: `mimetypes.guess_type`, as Django's `FileResponse` uses it.
    ///
    /// - Parameter fileName: a name or a path.
    /// - Returns: the type without parameters; ``unknown`` for another ending or none.
    public static func mediaType(of fileName: String) -> String {
        let name = fileName.split(onByte: 0x2F).last ?? ""
        let bytes = Array(name.utf8)
        // A name such as `.profile` has no ending.
        guard let dot = bytes.lastIndex(of: 0x2E), bytes[..<dot].contains(where: { $0 != 0x2E })
        else { return unknown }
        let ending = String(decoding: bytes[(dot + 1)...], as: UTF8.self)
        // `.Z` is `compress`, whose case counts.
        if ending.equalsBytes("Z") { return "application/x-compress" }
        return types[ending.asciiLowercased] ?? unknown
    }

    private static let types: [String: String] = [
        "7z": "application/x-7z-compressed", "aac": "audio/aac", "aif": "audio/x-aiff",
        "aiff": "audio/x-aiff", "apng": "image/apng", "avi": "video/x-msvideo",
        "avif": "image/avif", "bin": unknown, "bmp": "image/bmp", "br": "application/x-brotli",
        "bz2": "application/x-bzip", "css": "text/css", "csv": "text/csv", "dll": unknown,
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "eml": "message/rfc822", "eot": "application/vnd.ms-fontobject",
        "eps": "application/postscript", "epub": "application/epub+zip", "exe": unknown,
        "flac": "audio/flac", "gif": "image/gif", "gz": "application/gzip",
        "h5": "application/x-hdf5", "heic": "image/heic", "heif": "image/heif",
        "htm": "text/html", "html": "text/html", "ico": "image/vnd.microsoft.icon",
        "ics": "text/calendar", "jpe": "image/jpeg", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "js": "text/javascript", "json": "application/json", "jsonl": "application/jsonl",
        "m4a": "audio/mp4", "m4v": "video/mp4", "map": "application/json",
        "md": "text/markdown", "mid": "audio/midi", "mjs": "text/javascript",
        "mov": "video/quicktime", "mp3": "audio/mpeg", "mp4": "video/mp4",
        "mpeg": "video/mpeg", "mpg": "video/mpeg",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odt": "application/vnd.oasis.opendocument.text", "oga": "audio/ogg",
        "ogg": "audio/ogg", "ogv": "video/ogg", "opus": "audio/opus", "otf": "font/otf",
        "pdf": "application/pdf", "png": "image/png", "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ps": "application/postscript", "rtf": "application/rtf", "sh": "application/x-sh",
        "so": unknown, "sqlite3": "application/vnd.sqlite3", "svg": "image/svg+xml",
        "tar": "application/x-tar", "tgz": "application/gzip", "tif": "image/tiff",
        "tiff": "image/tiff", "tsv": "text/tab-separated-values", "ttf": "font/ttf",
        "txt": "text/plain", "vcf": "text/vcard", "wasm": "application/wasm",
        "wav": "audio/x-wav", "weba": "audio/webm", "webm": "video/webm",
        "webmanifest": "application/manifest+json", "webp": "image/webp",
        "woff": "font/woff", "woff2": "font/woff2", "xhtml": "application/xhtml+xml",
        "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xml": "text/xml", "xz": "application/x-xz", "yaml": "application/yaml",
        "yml": "application/yaml", "zip": "application/zip", "zst": "application/zstd",
    ]
}
