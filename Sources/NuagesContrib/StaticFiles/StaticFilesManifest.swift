import NuagesCore

/// Which hashed name each collected file has: `staticfiles.json`, as Django writes and reads it.
///
///     let manifest = try StaticFilesManifest.load(from: "/srv/static")
///     try manifest?.storedName(of: "polls/style.css")   // polls/style.55e7cbb9ba48.css
///
/// Django: `ManifestFilesMixin`.
public struct StaticFilesManifest: Sendable {
    /// The name of the file.
    public static let fileName = "staticfiles.json"
    /// The version of the format.
    static let version = "1.1"

    private var names: [ByteKey: String] = [:]

    /// A manifest.
    ///
    /// - Parameter names: the hashed names by their own.
    public init(_ names: [(name: String, hashedName: String)] = []) {
        for (name, hashed) in names { self.names[ByteKey(name)] = hashed }
    }

    /// The hashed names, sorted by their own.
    public var paths: [(name: String, hashedName: String)] {
        names.map { ($0.key.name, $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Whether no file has been collected.
    public var isEmpty: Bool { names.isEmpty }

    /// The hashed name of a file.
    ///
    /// - Parameter name: its name.
    /// - Returns: the hashed name; nil for a file that was not collected.
    public func hashedName(of name: String) -> String? { names[ByteKey(name)] }

    /// The hashed name that a page refers to; a query and a fragment stay.
    ///
    /// - Parameter reference: such as `fonts/icons.svg#cart`.
    /// - Returns: such as `fonts/icons.0a1b2c3d4e5f.svg#cart`; a folder stays as it is.
    /// - Throws: ``StaticFilesError/notCollected(name:choices:)``.
    public func storedName(of reference: String) throws(StaticFilesError) -> String {
        guard let parts = URLParts(reference), parts.path.utf8.last != 0x2F else {
            return reference
        }
        let name = StaticName.decoded(parts.path).trimmed
        guard let hashed = hashedName(of: name) else {
            throw .notCollected(name: name, choices: paths.map(\.name))
        }
        var tail = ""
        if let query = parts.query, !query.isEmpty || parts.fragment != nil { tail += "?" + query }
        if let fragment = parts.fragment, !fragment.isEmpty { tail += "#" + fragment }
        return hashed + tail
    }

    // MARK: The file

    /// The manifest of a folder; nil where it has none.
    ///
    /// - Parameter root: the folder that files are collected in.
    /// - Returns: the manifest.
    /// - Throws: ``StaticFilesError/malformedManifest(path:)``.
    public static func load(from root: String) throws(StaticFilesError) -> StaticFilesManifest? {
        let path = root + "/" + fileName
        guard let bytes = try? FileTree.contents(path) else { return nil }
        guard let value = try? JSONValue(parsing: bytes, maxDepth: 5),
            case .object(let members) = value,
            case .string(let version)? = members.first(where: { $0.name == "version" })?.value,
            version == "1.0" || version == "1.1",
            case .object(let paths) = members.first(where: { $0.name == "paths" })?.value
                ?? .object([])
        else { throw .malformedManifest(path: path) }
        return StaticFilesManifest(
            paths.compactMap { member in
                guard case .string(let hashed) = member.value else { return nil }
                return (member.name, hashed)
            }
        )
    }

    /// The bytes of the file, the same as Django writes.
    public var fileContents: [UInt8] {
        let paths = paths
        let pairs = paths.map {
            "[\(PythonJSON.quoted($0.name)), \(PythonJSON.quoted($0.hashedName))]"
        }
        let hash = StaticName.hash(Array("[\(pairs.joined(separator: ", "))]".utf8))
        let members = paths.map {
            "\(PythonJSON.quoted($0.name)): \(PythonJSON.quoted($0.hashedName))"
        }
        let text =
            "{\"paths\": {\(members.joined(separator: ", "))}, "
            + "\"version\": \"\(Self.version)\", \"hash\": \"\(hash)\"}"
        return Array(text.utf8)
    }
}

/// Strings as Python's `json.dumps` writes them: ASCII only.
enum PythonJSON {
    static func quoted(_ text: String) -> String {
        var output = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: output += "\\\""
            case 0x5C: output += "\\\\"
            case 0x0A: output += "\\n"
            case 0x0D: output += "\\r"
            case 0x09: output += "\\t"
            case 0x08: output += "\\b"
            case 0x0C: output += "\\f"
            case 0x20..<0x7F: output.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return output + "\""
    }
}

/// Names with a part of the digest of their contents.
enum StaticName {
    /// Twelve hexadecimal digits of MD5: it names contents, and protects nothing.
    static func hash(_ contents: [UInt8]) -> String {
        String(Digest.hex(Digest.hash(contents, with: .md5)).prefix(12))
    }

    /// `css/app.css` and its contents give `css/app.55e7cbb9ba48.css`.
    static func hashed(_ name: String, _ contents: [UInt8]) -> String {
        let folder = PathText.folder(name)
        let file = PathText.lastName(name)
        let stem = stem(of: file)
        let ending = String(file.dropFirst(stem.count))
        let hashed = "\(stem).\(hash(contents))\(ending)"
        return folder.isEmpty ? hashed : folder + "/" + hashed
    }

    /// The name without its ending; leading dots begin no ending (Python: `splitext`).
    private static func stem(of file: String) -> String {
        let bytes = Array(file.utf8)
        let start = bytes.firstIndex { $0 != 0x2E } ?? bytes.count
        guard let dot = bytes[start...].lastIndex(of: 0x2E) else { return file }
        return String(decoding: bytes[..<dot], as: UTF8.self)
    }

    /// Percent-decoded (Python: `unquote`).
    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(0x25), let bytes = PercentCoding.decode(text.utf8) else {
            return text
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Without white space of ASCII at its ends.
    var trimmed: String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let bytes = Array(utf8)
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}

/// Why static files cannot be collected or referred to.
public enum StaticFilesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A page refers to a file that is not in the manifest.
    case notCollected(name: String, choices: [String])
    /// The manifest is no manifest.
    case malformedManifest(path: String)
    /// A file refers to one that is not there.
    case missingReference(file: String, reference: String, line: Int)
    /// Files refer to each other in a circle, so their names never settle.
    case circularReferences(files: [String])
    /// A style sheet or script that is not UTF-8.
    case notUTF8(file: String)
    /// No folder to collect in is set.
    case noRoot
    /// A folder or file could not be read or written.
    case failed(path: String, reason: String)

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .notCollected(let name, let choices):
            "The static file '\(name)' is not in the manifest."
                + NearestName.hint(name, in: choices)
                + " Run 'collectstatic', or correct the name."
        case .malformedManifest(let path):
            "'\(path)' is no manifest of static files of version 1.0 or 1.1. Run 'collectstatic' "
                + "to write it anew."
        case .missingReference(let file, let reference, let line):
            "'\(file)' refers on line \(line) to a file that is not there: \(reference). Add the "
                + "file, or take the reference out."
        case .circularReferences(let files):
            "The names of these files never settle, since they refer to each other: "
                + "\(files.joined(separator: ", ")). Break the circle."
        case .notUTF8(let file):
            "'\(file)' is not UTF-8, so its references cannot be read. Save it as UTF-8."
        case .noRoot:
            "No folder to collect in is set. Set STATIC_ROOT, such as '/srv/example.com/static'."
        case .failed(let path, let reason): "'\(path)': \(reason)"
        }
    }
}
