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
    /// The part of that time below a second, in nanoseconds.
    var nanoseconds = 0

    /// A tag that changes when the file does: its time, to the nanosecond, and its size in
    /// hexadecimal.
    var entityTag: String {
        let time = "\(String(modified, radix: 16)).\(String(nanoseconds, radix: 16))"
        return "\"\(time)-\(String(size, radix: 16))\""
    }

    /// The file called `name` below `root`, or nil where there is none that may be served.
    ///
    /// The real path must lie below the real root, so that neither `..` nor a symbolic link leads
    /// out of it; folders, devices and dotfiles are not served.
    static func find(_ name: String, below root: String) -> StaticFile? {
        guard isPlain(name), let realRoot = realPath(root),
            let path = realPath(root + "/" + name), path.hasBytePrefix(realRoot + "/")
        else { return nil }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let modified = status.st_mtimespec
        #else
        let modified = status.st_mtim
        #endif
        return StaticFile(
            path: path,
            size: Int(status.st_size),
            modified: Int(modified.tv_sec),
            nanoseconds: Int(modified.tv_nsec)
        )
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

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }
}

extension String {
    /// Whether the text begins with the bytes of `prefix`.
    func hasBytePrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
