internal import NuagesCore

/// The header of one part of a multipart body.
struct MultipartHeaders {
    private(set) var fieldName: String?
    private(set) var fileName: String?
    private(set) var contentType = ""
    private(set) var contentTypeParameters: [(name: String, value: String)] = []
    private(set) var isBase64 = false

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
            default: break
            }
        }
    }
}

/// Names of uploaded files.
package enum FileName {
    /// The name without folders and control characters; nil where nothing usable is left.
    ///
    /// Character references are decoded first, since `..&sol;x` would be a path once some later
    /// page decodes it (CVE-2021-31542 and its kin).
    package static func sanitize(_ name: String) -> String? {
        let decoded = CharacterReferences.decode(name)
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

/// Character references of HTML that could hide a path in a file name.
enum CharacterReferences {
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "sol": "/", "bsol": "\\",
        "period": ".", "colon": ":", "nbsp": "\u{A0}", "lowbar": "_", "hyphen": "\u{2010}",
        "Tab": "\t", "NewLine": "\n", "percnt": "%", "commat": "@", "num": "#", "semi": ";",
    ]

    static func decode(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        var output = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "&" else {
                output.append(scalar)
                continue
            }
            // No reference is longer than this, so the look ahead is bounded.
            let body = rest.prefix(10).prefix { $0 != ";" }
            let isClosed = rest.dropFirst(body.count).first == ";"
            if isClosed, let decoded = scalarValue(of: String(body)) {
                output.append(decoded)
                rest = rest.dropFirst(body.count + 1)
            } else {
                output.append(scalar)
            }
        }
        return String(output)
    }

    private static func scalarValue(of body: String) -> Unicode.Scalar? {
        guard body.utf8.first == 0x23 else { return named[body] }
        let digits = body.utf8.dropFirst()
        if digits.first == 0x78 || digits.first == 0x58 {
            let hex = digits.dropFirst()
            guard !hex.isEmpty, hex.count <= 6 else { return nil }
            var value: UInt32 = 0
            for byte in hex {
                guard let digit = byte.hexValue else { return nil }
                value = value << 4 | UInt32(digit)
            }
            return Unicode.Scalar(value)
        }
        return String(Substring(digits)).decimalDigitsValue.flatMap { UInt32(exactly: $0) }
            .flatMap { Unicode.Scalar($0) }
    }
}
