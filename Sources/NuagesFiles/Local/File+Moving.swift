#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension File {
    /// Moves a file of the disk, by another name for it or, to another disk, by a copy.
    ///
    ///     try await File.move("/tmp/export.csv", to: "/srv/exports/2026.csv")
    ///
    /// Without `allowsOverwrite` the name is taken in one step; Django looks first and renames then.
    ///
    /// Django: `file_move_safe`.
    ///
    /// - Parameters:
    ///   - path: the file; trusted.
    ///   - destination: the new path; trusted.
    ///   - allowsOverwrite: whether it may replace another file.
    /// - Throws: ``StorageError/nameTaken(name:)``, and other ``StorageError``s.
    public static func move(
        _ path: String,
        to destination: String,
        allowsOverwrite: Bool = false
    ) async throws {
        try await FileThreads.run {
            for name in [path, destination] where name.utf8.contains(0) || name.isEmpty {
                throw StorageError.suspiciousName(name, reason: "No path of a file")
            }
            if try isSameFile(path, destination) { return }
            if allowsOverwrite {
                if rename(path, destination) == 0 { return }
            } else if linkat(AT_FDCWD, path, AT_FDCWD, destination, 0) == 0 {
                guard unlink(path) == 0 else { throw StorageError(errno, "move", path) }
                return
            }
            guard [EXDEV, EPERM, EOPNOTSUPP, ENOTSUP, EMLINK].contains(errno) else {
                throw StorageError(errno, "move", errno == EEXIST ? destination : path)
            }
            try copy(path, to: destination, allowsOverwrite: allowsOverwrite)
            guard unlink(path) == 0 else { throw StorageError(errno, "move", path) }
        }
    }

    private static func isSameFile(_ left: String, _ right: String) throws -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(left, &first) == 0 else { throw StorageError(errno, "move", left) }
        guard stat(right, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private static func copy(
        _ path: String,
        to destination: String,
        allowsOverwrite: Bool
    ) throws {
        let source = try FileDescriptor.open(path: path, name: path)
        let (folder, base) = StorageName.split(destination)
        let place = try Folder(
            root: folder.isEmpty ? (destination.utf8.first == 0x2F ? "/" : ".") : folder,
            parts: [],
            making: nil
        )
        // A name of its own, so that one that a killed process has left is in nobody's way.
        let part = allowsOverwrite ? Folder.temporaryPart : base
        let copy = try place.create(part, name: destination)
        do {
            var offset = 0
            while true {
                let piece = try source.read(262_144, at: offset, name: path)
                if piece.isEmpty { break }
                try copy.write(piece[...], name: destination)
                offset += piece.count
            }
            var status = stat()
            if fstat(source.number, &status) == 0 {
                _ = fchmod(copy.number, status.st_mode & 0o7777)
                #if canImport(Darwin)
                var times = [status.st_atimespec, status.st_mtimespec]
                #else
                var times = [status.st_atim, status.st_mtim]
                #endif
                _ = futimens(copy.number, &times)
            }
            let number = place.descriptor.number
            if part != base, renameat(number, part, number, base) != 0 {
                throw StorageError(errno, "move", destination)
            }
        } catch {
            unlinkat(place.descriptor.number, part, 0)
            throw error
        }
    }
}
