import NuagesHTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file that may be served, with what its headers need.
struct StaticFile: Sendable {
    /// The real path, links resolved.
    let path: String
    private let file: FileOnDisk

    /// The length in bytes.
    var size: Int { file.size }
    /// When it was last changed, in seconds since 1970.
    var modified: Int { file.modified }
    /// A tag that changes when the file does.
    var entityTag: String { file.entityTag }

    /// The file called `name` below `root`, or nil where there is none that may be served.
    ///
    /// The real path must lie below the real root, so that neither `..` nor a symbolic link leads
    /// out of it; folders, devices and dotfiles are not served.
    static func find(_ name: String, below root: String) -> StaticFile? {
        guard isPlain(name), let realRoot = realPath(root) else { return nil }
        return find(name, below: root, within: [realRoot])
    }

    /// The same, where a symbolic link may lead into any of `roots`, which are real paths.
    static func find(_ name: String, below root: String, within roots: [String]) -> StaticFile? {
        guard isPlain(name), let path = realPath(root + "/" + name),
            roots.contains(where: { path.hasBytePrefix($0 + "/") }), let file = FileOnDisk(path)
        else { return nil }
        return StaticFile(path: path, file: file)
    }

    /// Whether `name` is a relative path of ordinary names: no `..`, no dotfile, no NUL.
    static func isPlain(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 1024 else { return false }
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            guard let first = part.first, first != UInt8(ascii: ".") else { return false }
            return part.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\\") && $0 != 0x7F }
        }
    }

    /// The path with all links resolved; nil where there is nothing.
    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }
}

extension String {
    /// Whether the text begins with the bytes of `prefix`.
    func hasBytePrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
