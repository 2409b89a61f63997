import NuagesCore

/// What a browser may show of a visitor's file: types that run nothing, and that the first bytes of
/// the file prove.
///
/// A drawing (SVG) and a page run scripts, so that neither is here.
package enum InlineType {
    private static let types: Set<String> = [
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp",
        "audio/mpeg", "audio/mp4", "audio/x-wav", "application/ogg", "video/mp4", "video/webm",
        "video/quicktime", "application/pdf",
    ]

    /// The type of a file that may be shown; nil for one that is to be saved.
    ///
    /// - Parameter head: the first bytes of the file.
    /// - Returns: such as `image/png`.
    package static func of(_ head: [UInt8]) -> String? {
        FileSignature.mediaType(of: head).flatMap { types.contains($0) ? $0 : nil }
    }
}
