import NuagesCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder below the root of a storage, reached part by part so that no symbolic link is followed.
///
/// The root itself may be a link. Below it a link could lead anywhere: the path of a file that was
/// checked and is then opened again may have become one in between.
struct Folder: Sendable {
    let descriptor: FileDescriptor

    /// The folder of `parts` below `root`.
    ///
    /// - Parameters:
    ///   - root: the root.
    ///   - parts: the names of folders, the outermost first.
    ///   - mode: how folders are made that are not there; nil makes none.
    /// - Throws: ``StorageError``.
    init(root: String, parts: [String], making mode: NewFolderMode?) throws(StorageError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        var current = openFile(root, flags)
        if current < 0, errno == ENOENT, let mode {
            try Self.makeRoot(root, mode)
            current = openFile(root, flags)
        }
        guard current >= 0 else { throw StorageError(errno, "open", root) }
        var folder = FileDescriptor(current)
        for (place, part) in parts.enumerated() {
            var next = openat(folder.number, part, flags | O_NOFOLLOW)
            var isNew = false
            if next < 0, errno == ENOENT, let mode {
                isNew = mkdirat(folder.number, part, mode.creation) == 0
                if !isNew, errno != EEXIST { throw StorageError(errno, "make", part) }
                next = openat(folder.number, part, flags | O_NOFOLLOW)
            }
            guard next >= 0 else {
                let name = parts[...place].joined(separator: "/")
                throw Self.failure(errno, folder, part, name)
            }
            folder = FileDescriptor(next)
            // As it was asked for, whatever the process masks.
            if isNew, let exact = mode?.exact, fchmod(next, exact) != 0 {
                throw StorageError(errno, "set the mode of", part)
            }
        }
        descriptor = folder
    }

    /// A link where a folder is looked for shows as "not a folder" on some systems.
    private static func failure(
        _ errorNumber: Int32,
        _ folder: FileDescriptor,
        _ part: String,
        _ name: String
    ) -> StorageError {
        var status = stat()
        let isLink =
            fstatat(folder.number, part, &status, AT_SYMLINK_NOFOLLOW) == 0
            && status.st_mode & S_IFMT == S_IFLNK
        return StorageError(isLink ? ELOOP : errorNumber, "open", name)
    }

    /// Makes the root with the folders above it.
    private static func makeRoot(
        _ root: String,
        _ mode: NewFolderMode
    ) throws(StorageError) {
        var path = root.utf8.first == 0x2F ? "/" : ""
        for part in root.split(onByte: 0x2F) where !part.isEmpty {
            path = StorageName.joined(path, part)
            if mkdir(path, mode.creation) == 0 {
                if let exact = mode.exact, chmod(path, exact) != 0 {
                    throw StorageError(errno, "set the mode of", path)
                }
            } else if errno != EEXIST {
                throw StorageError(errno, "make", path)
            }
        }
    }

    /// What the system knows of what has a name in the folder; a link is not followed.
    func status(of part: String, name: String) throws(StorageError) -> FileStatus {
        var status = stat()
        guard fstatat(descriptor.number, part, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw StorageError(errno, "look at", name)
        }
        return FileStatus(status)
    }

    /// A regular file of the folder, opened for reading.
    func open(_ part: String, name: String) throws(StorageError) -> FileDescriptor {
        let number = openat(
            descriptor.number,
            part,
            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        )
        guard number >= 0 else { throw StorageError(errno, "open", name) }
        let file = FileDescriptor(number)
        guard try file.status(name: name).isRegular else { throw .notAFolder(name: name) }
        return file
    }

    /// A new file of the folder, opened for writing; where there is one already it fails.
    func create(_ part: String, name: String) throws(StorageError) -> FileDescriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let number = openat(descriptor.number, part, flags, 0o600)
        guard number >= 0 else { throw StorageError(errno, "make", name) }
        return FileDescriptor(number)
    }

    /// What is in the folder, in order of the names' bytes.
    func entries(name: String) throws(StorageError) -> StorageListing {
        // The stream closes its descriptor, and moves its place.
        let copy = openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let failure = errno
            if copy >= 0 { close(copy) }
            throw StorageError(failure, "list", name)
        }
        defer { closedir(stream) }
        var listing = StorageListing()
        while let entry = readdir(stream) {
            let part = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            guard part != ".", part != "..", let status = try? status(of: part, name: name) else {
                continue
            }
            if status.isFolder { listing.folders.append(part) } else { listing.files.append(part) }
        }
        listing.folders.sort()
        listing.files.sort()
        return listing
    }
}

/// How folders are made.
struct NewFolderMode: Sendable {
    /// The mode as it was asked for; nil leaves it to the process's mask (Django's default).
    let exact: mode_t?

    var creation: mode_t { exact ?? 0o777 }
}

private func openFile(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Glibc)
    Glibc.open(path, flags)
    #elseif canImport(Musl)
    Musl.open(path, flags)
    #else
    Darwin.open(path, flags)
    #endif
}
