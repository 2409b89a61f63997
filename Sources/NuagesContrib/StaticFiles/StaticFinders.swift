import FoundationEssentials
public import NuagesCore

/// Finds static files where they are written: in `STATICFILES_DIRS`, then in the `static` folder
/// of each app.
///
/// Of files of the same name the first is found.
///
/// Django: `FileSystemFinder` and `AppDirectoriesFinder`.
public struct StaticFinders: Sendable {
    /// The folders in the order in which they are searched.
    public let directories: [String]
    private let ownCount: Int

    /// Finders for the folders of a site.
    ///
    /// - Parameters:
    ///   - directories: the folders of the site (`STATICFILES_DIRS`).
    ///   - apps: the apps, whose folders `static` are searched after these.
    public init(directories: [String], apps: [any App]) {
        let own = directories.map(Self.withoutSlash)
        ownCount = own.count
        self.directories = own + apps.compactMap(\.directory).map { $0 + "/static" }
    }

    private static func withoutSlash(_ path: String) -> String {
        path.utf8.count > 1 && path.utf8.last == 0x2F ? String(path.dropLast()) : path
    }

    /// The first file of a name.
    ///
    /// - Parameter name: a relative path, such as `polls/style.css`.
    /// - Returns: its path; nil where there is none that may be served.
    public func find(_ name: String) -> String? { file(name)?.path }

    func file(_ name: String) -> StaticFile? {
        for directory in directories {
            if let file = StaticFile.find(name, below: directory) { return file }
        }
        return nil
    }

    /// All files of a name; only the first is served.
    ///
    /// - Parameter name: a relative path.
    /// - Returns: their paths in the order in which the folders are searched.
    public func findAll(_ name: String) -> [String] {
        directories.compactMap { StaticFile.find(name, below: $0)?.path }
    }

    /// What is left out unless asked for: version control, hidden files, backups.
    public static let defaultIgnorePatterns = ["CVS", ".*", "*~"]

    /// All files with their names, also those that another one of the same name hides.
    ///
    /// - Parameter patterns: names of files and folders, or whole paths of files, to leave out.
    /// - Returns: names and paths in the order in which the folders are searched.
    public func files(
        ignoring patterns: [String] = defaultIgnorePatterns
    ) -> [(name: String, path: String)] {
        let patterns = patterns.map { FileNamePattern($0) }
        return directories.flatMap { directory in
            FileTree.files(below: directory, ignoring: patterns).map { ($0, directory + "/" + $0) }
        }
    }

    /// The names of all files that may be served, in the order in which the folders are searched.
    var servedNames: [String] {
        let patterns = Self.defaultIgnorePatterns.map { FileNamePattern($0) }
        return directories.flatMap { directory in
            FileTree.files(
                below: directory,
                ignoring: patterns,
                within: StaticFile.realPath(directory).map { [$0] } ?? []
            )
        }
    }

    /// Checks the folders.
    ///
    /// - Parameter root: the folder that files are collected in (`STATIC_ROOT`).
    /// - Returns: Django's `staticfiles.E002` and `staticfiles.W004`.
    public func check(root: String?) -> [CheckMessage] {
        var messages: [CheckMessage] = []
        for directory in directories.prefix(ownCount) {
            if let root, FileTree.absolute(root).equalsBytes(FileTree.absolute(directory)) {
                messages.append(
                    CheckMessage(
                        .error,
                        id: "staticfiles.E002",
                        "STATIC_ROOT, '\(root)', is also one of the folders that files are "
                            + "collected from.",
                        hint: "Let STATIC_ROOT be a folder of its own, outside of the sources.",
                        object: "staticDirectories"
                    )
                )
            }
            if !FileManager.default.isDirectory(directory) {
                messages.append(
                    CheckMessage(
                        .warning,
                        id: "staticfiles.W004",
                        "The folder '\(directory)' of static files does not exist.",
                        hint: "Make it, or take it out of the settings.",
                        object: "staticDirectories"
                    )
                )
            }
        }
        return messages
    }
}

/// Files below a folder.
enum FileTree {
    /// The names of all files below `root`, sorted within each folder, files in front.
    ///
    /// A folder that a link leads to is entered once, so that links in a circle end; with `roots`,
    /// which are real paths, only if it lies below one of these.
    static func files(
        below root: String,
        ignoring patterns: [FileNamePattern] = [],
        within roots: [String]? = nil
    ) -> [String] {
        var output: [String] = []
        var folders = [""]
        var entered: Set<ByteKey> = []
        while let folder = folders.popLast() {
            guard let real = StaticFile.realPath(folder.isEmpty ? root : root + "/" + folder),
                roots?.contains(where: { real == $0 || real.hasBytePrefix($0 + "/") }) ?? true,
                entered.insert(ByteKey(real)).inserted
            else { continue }
            let (names, inner) = list(root, folder, patterns)
            output += names
            folders += inner.reversed()
        }
        return output
    }

    private static func list(
        _ root: String,
        _ folder: String,
        _ patterns: [FileNamePattern]
    ) -> (files: [String], folders: [String]) {
        let path = folder.isEmpty ? root : root + "/" + folder
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        var (files, folders): ([String], [String]) = ([], [])
        for entry in entries.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard !patterns.contains(where: { $0.matches(entry) }) else { continue }
            let name = folder.isEmpty ? entry : folder + "/" + entry
            var isDirectory = false
            guard
                FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isDirectory)
            else { continue }
            if isDirectory {
                folders.append(name)
            } else if !patterns.contains(where: { $0.matches(name) }) {
                files.append(name)
            }
        }
        return (files, folders)
    }

    /// The path from the root of the file system, its `.` and `..` resolved.
    static func absolute(_ path: String) -> String {
        let whole =
            path.utf8.first == 0x2F
            ? path : FileManager.default.currentDirectoryPath + "/" + path
        return PathText.normalized(whole)
    }

    /// The bytes of a file.
    static func contents(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: path)))
    }
}

/// Paths as text.
enum PathText {
    /// Python: `posixpath.normpath`.
    static func normalized(_ path: String) -> String {
        let isAbsolute = path.utf8.first == 0x2F
        var parts: [String] = []
        for part in path.split(onByte: 0x2F) where !part.isEmpty && part != "." {
            if part != ".." || (!isAbsolute && (parts.isEmpty || parts.last == "..")) {
                parts.append(part)
            } else if !parts.isEmpty {
                parts.removeLast()
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// What stands in front of the last slash; empty where there is none.
    static func folder(_ path: String) -> String {
        path.split(onByte: 0x2F).dropLast().joined(separator: "/")
    }

    /// What stands behind the last slash.
    static func lastName(_ path: String) -> String { path.split(onByte: 0x2F).last ?? "" }
}
