import FoundationEssentials
public import NuagesCore
import NuagesHTTP

/// Copies the static files of a site into one folder, from which they are served.
///
/// Each file is there by its own name and by one with a digest of its contents, which browsers may
/// keep for ever; `staticfiles.json` says which is which. What compresses well is there compressed
/// as well.
///
/// Django: `collectstatic` with `ManifestStaticFilesStorage`.
public struct StaticCollector {
    /// What to do.
    public struct Options: Sendable {
        /// Whether nothing is written.
        public var isDryRun = false
        /// Whether the folder is emptied before.
        public var clears = false
        /// Whether files are linked in place of being copied.
        public var links = false
        /// Whether files get names with digests.
        public var postProcesses = true
        /// Whether files are compressed.
        public var compresses = true
        /// Whether `import` and `export` of modules in scripts are rewritten (Django:
        /// `support_js_module_import_aggregation`).
        public var rewritesModules = false
        /// Names of files and folders to leave out.
        public var ignorePatterns = StaticFinders.defaultIgnorePatterns

        /// Copy, name and compress.
        public init() {}
    }

    /// What was done.
    public struct Result: Sendable {
        /// The files that were copied or linked.
        public var modified: [String] = []
        /// The files that were there already.
        public var unmodified: [String] = []
        /// The files that have a name with a digest.
        public var postProcessed: [String] = []
        /// The files that another one of the same name hides.
        public var skipped: [String] = []
        /// The files that were removed.
        public var deleted: [String] = []
        /// The files that were compressed.
        public var compressed: [String] = []
    }

    private let finders: StaticFinders
    private let root: String
    private let staticURL: String
    private let options: Options
    private let log: (String) -> Void
    private var result = Result()

    /// A collector.
    ///
    /// - Parameters:
    ///   - finders: where the files are.
    ///   - root: the folder to collect them in (`STATIC_ROOT`).
    ///   - staticURL: the path that they are served under (`STATIC_URL`).
    ///   - options: what to do.
    ///   - log: takes a line for each step.
    public init(
        finders: StaticFinders,
        root: String,
        staticURL: String,
        options: Options = Options(),
        log: @escaping (String) -> Void = { _ in }
    ) {
        self.finders = finders
        self.root = root
        self.staticURL = staticURL
        self.options = options
        self.log = log
    }

    /// Collects.
    ///
    /// - Returns: what was done.
    /// - Throws: ``StaticFilesError``.
    public mutating func run() throws(StaticFilesError) -> Result {
        result = Result()
        if options.clears { try clear() }
        var found: [(name: String, path: String)] = []
        var names: Set<ByteKey> = []
        for (name, path) in finders.files(ignoring: options.ignorePatterns) {
            guard names.insert(ByteKey(name)).inserted else {
                result.skipped.append(name)
                log(
                    "Found another file with the destination path '\(name)'. Only the first is "
                        + "collected; give each file a path of its own."
                )
                continue
            }
            found.append((name, path))
            try collect(name, from: path)
        }
        if options.postProcesses { try postProcess(found) }
        return result
    }

    // MARK: Copying

    private mutating func clear() throws(StaticFilesError) {
        for name in FileTree.files(below: root) {
            log(options.isDryRun ? "Pretending to delete '\(name)'" : "Deleting '\(name)'")
            result.deleted.append(name)
            guard !options.isDryRun else { continue }
            try attempt(root + "/" + name) { try FileManager.default.removeItem(atPath: $0) }
        }
    }

    private mutating func collect(
        _ name: String,
        from path: String
    ) throws(StaticFilesError) {
        let target = root + "/" + name
        if isCurrent(target, path) {
            log("Skipping '\(name)' (not modified)")
            result.unmodified.append(name)
            return
        }
        let (doing, done) = options.links ? ("link", "Linking") : ("copy", "Copying")
        log(options.isDryRun ? "Pretending to \(doing) '\(path)'" : "\(done) '\(path)'")
        result.modified.append(name)
        guard !options.isDryRun else { return }
        try makeFolder(of: target)
        try remove(target)
        try remove(target + ".gz")
        let links = options.links
        try attempt(target) {
            if links {
                try FileManager.default.createSymbolicLink(
                    atPath: $0,
                    withDestinationPath: FileTree.absolute(path)
                )
            } else {
                try FileManager.default.copyItem(atPath: path, toPath: $0)
            }
        }
        if !links { try compress(name, try contents(target)) }
    }

    /// Whether the target is of the kind that is asked for, and not older than its source.
    private func isCurrent(_ target: String, _ source: String) -> Bool {
        let isLink =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: target)) != nil
        guard isLink == options.links, let there = FileOnDisk(target)?.modified,
            let here = FileOnDisk(source)?.modified
        else { return false }
        return there >= here
    }

    // MARK: Names with digests

    private mutating func postProcess(
        _ found: [(name: String, path: String)]
    ) throws(StaticFilesError) {
        guard !options.isDryRun else { return }
        var processor = StaticPostProcessor(
            files: found,
            staticURL: staticURL,
            rewritesModules: options.rewritesModules
        )
        try processor.run()
        for (name, path) in found {
            guard let hashed = processor.hashedNames[ByteKey(name)] else { continue }
            let target = root + "/" + hashed
            result.postProcessed.append(name)
            log("Post-processed '\(name)' as '\(hashed)'")
            // The name says what is in it.
            if FileManager.default.fileExists(atPath: target) { continue }
            var bytes = processor.contents[ByteKey(name)] ?? []
            if bytes.isEmpty { bytes = try contents(path) }
            try write(bytes, to: target)
            try compress(hashed, bytes)
        }
        try write(
            processor.manifest.fileContents,
            to: root + "/" + StaticFilesManifest.fileName
        )
    }

    // MARK: Compression

    /// The endings of files that are compressed already.
    private static let compressedEndings: Set<String> = [
        "7z", "avif", "br", "bz2", "gif", "gz", "heic", "jpeg", "jpg", "m4a", "m4v", "mov", "mp3",
        "mp4", "ogg", "pdf", "png", "rar", "tgz", "webm", "webp", "woff", "woff2", "xz", "zip",
        "zst",
    ]

    private mutating func compress(_ name: String, _ bytes: [UInt8]) throws(StaticFilesError) {
        let ending = PathText.lastName(name).split(onByte: 0x2E).last ?? ""
        guard options.compresses, bytes.count >= 200,
            !Self.compressedEndings.contains(ending.asciiLowercased),
            let deflater = try? Deflater(.gzip(), level: 9),
            let compressed = try? deflater.compress(bytes, flush: .finish),
            compressed.count < bytes.count * 9 / 10
        else { return }
        try write(compressed, to: root + "/" + name + ".gz")
        result.compressed.append(name)
    }

    // MARK: Files

    private func contents(_ path: String) throws(StaticFilesError) -> [UInt8] {
        try attempt(path) { try FileTree.contents($0) }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(StaticFilesError) {
        try makeFolder(of: path)
        // A link in its place would be written through.
        try remove(path)
        try attempt(path) { try Data(bytes).write(to: URL(filePath: $0), options: .atomic) }
    }

    private func makeFolder(of path: String) throws(StaticFilesError) {
        try attempt(PathText.folder(path)) {
            try FileManager.default.createDirectory(
                atPath: $0,
                withIntermediateDirectories: true
            )
        }
    }

    private func remove(_ path: String) throws(StaticFilesError) {
        let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
        guard isLink || FileManager.default.fileExists(atPath: path) else { return }
        try attempt(path) { try FileManager.default.removeItem(atPath: $0) }
    }

    private func attempt<Value>(
        _ path: String,
        _ body: (String) throws -> Value
    ) throws(StaticFilesError) -> Value {
        do {
            return try body(path)
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
    }
}
