internal import NuagesCore

/// The header of one part of a multipart body.
struct MultipartHeaders {
    private(set) var fieldName: String?
    private(set) var fileName: String?
    private(set) var contentType = ""
    private(set) var contentTypeParameters: [(name: String, value: String)] = []
    private(set) var isBase64 = false
    /// The declared length of the part.
    private(set) var contentLength: Int?

    /// Reads the lines of a header; those that are no fields are passed over, as Django does.
    init(_ bytes: ArraySlice<UInt8>) {
        for line in bytes.split(separator: 0x0A) {
            let line = line.last == 0x0D ? line.dropLast() : line
            guard let text = String(validating: line, as: UTF8.self),
                let colon = text.utf8.firstIndex(of: 0x3A)
            else { continue }
            let name = String(text[..<colon]).asciiLowercased.trimmingBlanks
            let value = String(text[text.utf8.index(after: colon)...]).trimmingBlanks
            guard let parameters = HeaderParameters(value) else { continue }
            switch name {
            case "content-disposition":
                fieldName = parameters["name"]?.trimmingBlanks
                fileName = parameters["filename"]
            case "content-type":
                contentType = parameters.value
                contentTypeParameters = parameters.parameters
            case "content-transfer-encoding": isBase64 = parameters.value == "base64"
            case "content-length":
                // Not `Int` alone, which reads a sign as well.
                guard value.utf8.allSatisfy(\.isASCIIDigit) else { break }
                contentLength = Int(value)
            default: break
            }
        }
    }
}

extension FileName {
    /// The name without folders and control characters; nil where nothing usable is left.
    ///
    /// Character references are decoded first, since `..&sol;x` would be a path once some later
    /// page decodes it (CVE-2021-31542 and its kin).
    package static func sanitize(_ name: String) -> String? {
        let decoded = HTMLUnescaper.unescape(name)
        let last =
            decoded.unicodeScalars.split(
                omittingEmptySubsequences: false,
                whereSeparator: { $0 == "/" || $0 == "\\" }
            ).last ?? []
        let clean = String(String.UnicodeScalarView(last.filter(isPrintable)))
        guard !clean.utf8.isEmpty, !clean.equalsBytes("."), !clean.equalsBytes("..") else {
            return nil
        }
        return clean
    }

    /// The name with at most 255 letters, its extension kept.
    static func shortened(_ name: String) -> String {
        let letters = Array(name.unicodeScalars)
        guard letters.count > 255 else { return name }
        let dot = letters.lastIndex(of: ".").flatMap { $0 > 0 ? $0 : nil } ?? letters.count
        let ending = letters[dot...].prefix(255)
        let stem = letters[..<dot].prefix(255 - ending.count)
        return String(String.UnicodeScalarView(stem + ending))
    }

    /// What Python's `isprintable` says: no controls, formats, separators but the blank.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
