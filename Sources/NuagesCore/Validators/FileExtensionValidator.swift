/// Refuses file names with an extension that is not in a list, whatever they contain.
public struct FileExtensionValidator: Validator {
    /// The extensions in lower case without their dot; nil allows every one.
    public var allowedExtensions: [String]?
    /// The text of the error.
    public var message: ErrorMessage =
        "File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."
    /// The code of the error.
    public var code = "invalid_extension"

    /// A rule for file names.
    ///
    /// - Parameter allowedExtensions: without their dot; nil allows every one.
    public init(allowedExtensions: [String]? = nil) {
        self.allowedExtensions = allowedExtensions?.map { $0.lowercased() }
    }

    /// The rule of Django's `validate_image_file_extension`, for the formats that browsers show.
    public static let image = FileExtensionValidator(
        allowedExtensions: ["apng", "avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "webp"])

    /// Accepts a file name.
    public func validate(_ value: String) throws(ValidationError) {
        guard let allowedExtensions else { return }
        let found = Self.pathExtension(value)
        if allowedExtensions.contains(where: { $0.utf8.elementsEqual(found.utf8) }) { return }
        throw ValidationError(
            message,
            code: code,
            parameters: [
                ErrorParameter("extension", found),
                ErrorParameter("allowed_extensions", allowedExtensions.joined(separator: ", ")),
                ErrorParameter("value", value),
            ]
        )
    }

    /// What follows the last dot of the last component, as Python's `Path.suffix`; a name that
    /// only starts or ends with a dot has none.
    static func pathExtension(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        guard let dot = bytes[start...].lastIndex(of: UInt8(ascii: ".")), dot > start,
            dot < bytes.count - 1, bytes[start..<dot].contains(where: { $0 != UInt8(ascii: ".") })
        else { return "" }
        return String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased()
    }
}

extension UploadedFile {
    /// Whether the name ends as those of a format do.
    package func hasExtension(of format: ImageFormat) -> Bool {
        let ending = FileExtensionValidator.pathExtension(name)
        return format.extensions.contains { $0.equalsBytes(ending) }
    }
}
