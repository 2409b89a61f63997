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
    var path: String
    /// The length in bytes.
    var size: Int
    /// When it was last changed, in seconds since 1970.
    var modified: Int
    private var nanoseconds: Int

    /// A tag that changes when the file does: its time and size in hexadecimal.
    var entityTag: String {
        let time = UInt64(bitPattern: Int64(modified)) &* 1_000_000_000 &+ UInt64(nanoseconds)
        return "\"\(String(time, radix: 16))-\(String(size, radix: 16))\""
    }

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
            roots.contains(where: { path.hasBytePrefix($0 + "/") }), let status = status(path),
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        let time = modificationTime(status)
        return StaticFile(
            path: path,
            size: Int(status.st_size),
            modified: Int(time.tv_sec),
            nanoseconds: Int(time.tv_nsec)
        )
    }

    /// When a file was last changed, in seconds since 1970; nil where there is none.
    static func modified(_ path: String) -> Int? {
        status(path).map { Int(modificationTime($0).tv_sec) }
    }

    private static func status(_ path: String) -> stat? {
        var result = stat()
        return stat(path, &result) == 0 ? result : nil
    }

    private static func modificationTime(_ status: stat) -> timespec {
        #if canImport(Darwin)
        status.st_mtimespec
        #else
        status.st_mtim
        #endif
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
