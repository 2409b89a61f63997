import NuagesCore

/// Gives collected files names with a digest of their contents, and makes style sheets and scripts
/// refer to each other by these.
///
/// A file's name depends on the names of the files that it refers to, so the work is done over
/// again until no name changes.
///
/// Django: `HashedFilesMixin.post_process`.
struct StaticPostProcessor {
    /// More passes than this are only needed by files that refer to each other in a circle.
    private static let maxPasses = 5

    /// The files by name, in the order in which they were found.
    let files: [(name: String, path: String)]
    let staticURL: String
    let rewritesModules: Bool
    private let paths: [ByteKey: String]
    private(set) var hashedNames: [ByteKey: String] = [:]
    /// What style sheets and scripts have become, by name.
    private(set) var contents: [ByteKey: [UInt8]] = [:]

    init(files: [(name: String, path: String)], staticURL: String, rewritesModules: Bool) {
        self.files = files
        self.staticURL = staticURL
        self.rewritesModules = rewritesModules
        paths = Dictionary(files.map { (ByteKey($0.name), $0.path) }) { first, _ in first }
    }

    /// The names of all files.
    var manifest: StaticFilesManifest {
        StaticFilesManifest(hashedNames.map { ($0.key.name, $0.value) })
    }

    /// Names all files.
    mutating func run() throws(StaticFilesError) {
        // The deepest first, as they are referred to more often than they refer.
        let sorted = files.map(\.name).enumerated().sorted { left, right in
            let (deep, deeper) = (Self.depth(right.element), Self.depth(left.element))
            return deep != deeper ? deeper > deep : left.offset < right.offset
        }.map(\.element)
        for name in sorted { _ = try process(name) }
        let adjustable = sorted.filter { Self.kind(of: $0) != nil }
        var unsettled: [String] = []
        for _ in 0..<Self.maxPasses {
            unsettled = []
            for name in adjustable where try process(name) { unsettled.append(name) }
            if unsettled.isEmpty { return }
        }
        throw .circularReferences(files: unsettled.sorted())
    }

    private static func depth(_ name: String) -> Int { name.utf8.count { $0 == 0x2F } }

    private enum Kind {
        case style
        case script
    }

    private static func kind(of name: String) -> Kind? {
        if name.utf8.suffix(4).elementsEqual(".css".utf8) { return .style }
        if name.utf8.suffix(3).elementsEqual(".js".utf8) { return .script }
        return nil
    }

    private func original(_ name: String) throws(StaticFilesError) -> [UInt8] {
        let path = paths[ByteKey(name)] ?? name
        do {
            return try FileTree.contents(path)
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
    }

    /// Names one file; true where the name is another than before.
    private mutating func process(_ name: String) throws(StaticFilesError) -> Bool {
        let key = ByteKey(name)
        guard let kind = Self.kind(of: name) else {
            if hashedNames[key] == nil {
                hashedNames[key] = StaticName.hashed(name, try original(name))
            }
            return false
        }
        let original = try original(name)
        let before = hashedNames[key] ?? StaticName.hashed(name, original)
        let adjusted = try adjust(original, of: name, kind)
        let after = StaticName.hashed(name, adjusted)
        hashedNames[key] = after
        contents[key] = adjusted
        return !before.equalsBytes(after)
    }

    // MARK: References

    private mutating func adjust(
        _ bytes: [UInt8],
        of name: String,
        _ kind: Kind
    ) throws(StaticFilesError) -> [UInt8] {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8(file: name) }
        var syntaxes = kind == .style ? StaticReferenceSyntax.style : StaticReferenceSyntax.script
        if kind == .script, rewritesModules { syntaxes += StaticReferenceSyntax.modules }
        var bytes = bytes
        for syntax in syntaxes {
            bytes = try replace(syntax, in: SourceText(bytes: bytes), of: name, kind)
        }
        return bytes
    }

    private mutating func replace(
        _ syntax: StaticReferenceSyntax,
        in text: SourceText,
        of name: String,
        _ kind: Kind
    ) throws(StaticFilesError) -> [UInt8] {
        guard var reference = syntax.first(in: text, from: 0) else { return text.bytes }
        let ignored = text.ignoredBlocks(isScript: kind == .script)
        var output: [UInt8] = []
        var copied = 0
        while true {
            let address = String(decoding: text[reference.address], as: UTF8.self)
            if !SourceText.isInside(reference.range.lowerBound, ignored),
                let new = try newAddress(address, in: name, text, reference)
            {
                output += text[copied..<reference.range.lowerBound]
                output += reference.head + Array(new.utf8) + reference.tail
                copied = reference.range.upperBound
            }
            guard let next = syntax.first(in: text, from: reference.range.upperBound) else { break }
            reference = next
        }
        return output + text[copied..<text.bytes.count]
    }

    /// The address with the hashed name; nil where it leads to no file of ours.
    private mutating func newAddress(
        _ address: String,
        in name: String,
        _ text: SourceText,
        _ reference: StaticReference
    ) throws(StaticFilesError) -> String? {
        guard !Self.isAbsolute(address) else { return nil }
        let isRooted = address.utf8.first == 0x2F
        guard !isRooted || address.utf8.starts(with: staticURL.utf8) else { return nil }
        let (path, fragment) = Self.split(address)
        guard !path.isEmpty else { return nil }
        let folder = PathText.folder(name)
        let target =
            isRooted
            ? String(Substring(path.utf8.dropFirst(staticURL.utf8.count)))
            : folder.isEmpty ? path : folder + "/" + path
        guard let hashed = try hashedName(of: StaticName.decoded(target)) else {
            throw .missingReference(
                file: name,
                reference: String(decoding: text[reference.range], as: UTF8.self),
                line: text.line(of: reference.range.lowerBound)
            )
        }
        var parts = path.split(onByte: 0x2F).dropLast()
        parts.append(PathText.lastName(hashed))
        var new = parts.joined(separator: "/")
        if !fragment.isEmpty { new += (address.containsBytes("?#") ? "?#" : "#") + fragment }
        return StaticName.decoded(new)
    }

    /// Whether the address leads to another server, or has its contents in itself.
    private static func isAbsolute(_ address: String) -> Bool {
        if address.utf8.starts(with: [0x2F, 0x2F]) { return true }
        let scheme = address.utf8.prefix { ($0 | 0x20) &- 0x61 < 26 }
        return !scheme.isEmpty && address.utf8.dropFirst(scheme.count).first == 0x3A
    }

    /// The address without its fragment, and that (Python: `urldefrag`).
    private static func split(_ address: String) -> (path: String, fragment: String) {
        guard let hash = address.utf8.firstIndex(of: 0x23) else { return (address, "") }
        var path = Substring(address.utf8[..<hash])
        if path.utf8.last == 0x3F { path = path.dropLast() }
        let fragment = address.utf8[address.utf8.index(after: hash)...]
        return (String(path), String(Substring(fragment)))
    }

    /// The hashed name of a file that is referred to; nil where there is none.
    private mutating func hashedName(of target: String) throws(StaticFilesError) -> String? {
        let clean = Self.split(target).path
        guard let parts = URLParts(clean) else { return nil }
        if parts.path.utf8.last == 0x2F { return clean }
        let normal = PathText.normalized(clean)
        if let known = hashedNames[ByteKey(normal)] { return known }
        // A query belongs to the address and not to the name.
        guard let named = URLParts(normal) else { return nil }
        let name = named.path.trimmed
        guard paths[ByteKey(name)] != nil else { return nil }
        var hashed = hashedNames[ByteKey(name)] ?? ""
        if hashed.isEmpty { hashed = StaticName.hashed(name, try original(name)) }
        if let query = named.query, !query.isEmpty { hashed += "?" + query }
        return hashed
    }
}
