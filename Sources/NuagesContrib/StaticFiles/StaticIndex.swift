import NuagesCore

/// All static files of a folder or of several by name, looked at once.
///
/// A request looks a name up and touches no file system: what is not in the index does not exist,
/// whatever path is asked for. Small files are kept in memory.
struct StaticIndex: Sendable {
    /// Larger files stay on disk.
    private static let maxFileSize = 256 * 1024
    /// When so much is in memory, the rest stays on disk.
    private static let maxMemory = 64 * 1024 * 1024

    private var entries: [ByteKey: StaticEntry] = [:]
    private var memory = 0

    /// The files that were collected in `root`; links may lead into the folders of the sources.
    init(root: String, manifest: StaticFilesManifest?, sources: [String], maxAge: Int) {
        let roots = ([root] + sources).compactMap(StaticFile.realPath)
        let hashed = Set(manifest?.paths.map { ByteKey($0.hashedName) } ?? [])
        let names = FileTree.files(below: root, within: roots).filter {
            !$0.equalsBytes(StaticFilesManifest.fileName)
        }
        add(names, maxAge: maxAge, hashed) { StaticFile.find($0, below: root, within: roots) }
    }

    /// The files of the sources, where none have been collected.
    init(finders: StaticFinders, maxAge: Int) {
        var seen: Set<ByteKey> = []
        let names = finders.servedNames.filter { seen.insert(ByteKey($0)).inserted }
        add(names, maxAge: maxAge, []) { finders.file($0) }
    }

    func entry(_ name: String) -> StaticEntry? { entries[ByteKey(name)] }

    private mutating func add(
        _ names: [String],
        maxAge: Int,
        _ hashed: Set<ByteKey>,
        _ find: (String) -> StaticFile?
    ) {
        let known = Set(names.map { ByteKey($0) })
        for name in names {
            guard let file = find(name) else { continue }
            let variants = StaticEntry.codings.compactMap { coding in
                variant(of: file, name + coding.ending, known, find).map { (coding.name, $0) }
            }
            let isHashed = hashed.contains(ByteKey(name))
            entries[ByteKey(name)] = StaticEntry(
                file,
                name: name,
                variants: variants,
                cacheControl: Self.cacheControl(maxAge: maxAge, isImmutable: isHashed)
            ) { file in
                guard file.size <= Self.maxFileSize, memory + file.size <= Self.maxMemory else {
                    return false
                }
                memory += file.size
                return true
            }
        }
    }

    /// A compressed file beside the file, unless it was made before the file was changed.
    private func variant(
        of file: StaticFile,
        _ name: String,
        _ known: Set<ByteKey>,
        _ find: (String) -> StaticFile?
    ) -> StaticFile? {
        guard known.contains(ByteKey(name)), let variant = find(name),
            variant.modified >= file.modified
        else { return nil }
        return variant
    }

    static func cacheControl(maxAge: Int, isImmutable: Bool = false) -> String {
        if isImmutable { return "max-age=31536000, public, immutable" }
        return maxAge > 0 ? "max-age=\(maxAge), public" : "no-cache"
    }
}
