#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

extension UploadedFile {
    /// Writes the contents to a new file.
    ///
    ///     try upload.save(to: "/srv/media/\(UUID())")
    ///
    /// `path` is trusted: make it of a name of your own, never of ``name``. A file that is there
    /// already is not touched, nor is a symbolic link followed; a part of a file that could not be
    /// written to its end is removed.
    ///
    /// - Parameters:
    ///   - path: where the file is to be.
    ///   - permissions: its mode; only this user can read it unless given (Django:
    ///     `FILE_UPLOAD_PERMISSIONS`, 0644).
    /// - Throws: ``UploadSavingError`` where it cannot be made or written.
    public func save(to path: String, permissions: UInt16 = 0o600) throws(UploadSavingError) {
        // C would read the path up to its first NUL.
        guard !path.utf8.isEmpty, !path.utf8.contains(0) else {
            throw UploadSavingError(path: path, errorNumber: EINVAL)
        }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = open(path, flags, mode_t(permissions))
        guard descriptor >= 0 else { throw UploadSavingError(path: path, errorNumber: errno) }
        var failure: Int32 = 0
        do {
            try forEachChunk { chunk in
                try chunk.withUnsafeBytes { try TemporaryFile.write($0, to: descriptor) }
            }
            // The mode as it was asked for, whatever the process masks.
            if fchmod(descriptor, mode_t(permissions)) != 0 { failure = errno }
        } catch {
            failure = (error as? TemporaryFileError)?.errorNumber ?? EIO
        }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        guard failure == 0 else {
            unlink(path)
            throw UploadSavingError(path: path, errorNumber: failure)
        }
    }
}

/// An uploaded file that could not be kept.
public struct UploadSavingError: Error, Hashable, CustomStringConvertible {
    /// Where it was to be.
    public let path: String
    /// The system's error number, such as `EEXIST`.
    public let errorNumber: Int32

    /// What failed and why.
    public var description: String {
        "Could not keep an uploaded file at '\(LogText.escape(path))': "
            + "\(String(cString: strerror(errorNumber)))."
    }
}
