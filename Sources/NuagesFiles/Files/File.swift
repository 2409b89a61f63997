public import NuagesCore

/// A file to read: of a storage, of a posted form, of the disk, or made of bytes.
///
///     let file = try await storage.open("reports/2026.csv")
///     try await file.forEachChunk { bytes in … }
///     let head = try await file.bytes(in: 0..<512)
///
/// Nothing is read before it is asked for, and never more than a piece at a time.
///
/// Django: `django.core.files.File`; with bytes or text, `ContentFile`.
public struct File: Sendable {
    /// The name, such as `reports/2026.csv`; empty where it has none.
    public var name: String
    /// The size in bytes.
    public let size: Int

    let source: Source

    enum Source: Sendable {
        case bytes([UInt8])
        case upload(UploadedFile)
        case reader(any FileReader)
    }

    /// A file of bytes.
    ///
    /// Django: `ContentFile`.
    ///
    /// - Parameters:
    ///   - bytes: the contents.
    ///   - name: the name.
    public init(_ bytes: [UInt8], name: String = "") {
        self.name = name
        size = bytes.count
        source = .bytes(bytes)
    }

    /// A file of text in UTF-8.
    ///
    /// Django: `ContentFile`.
    ///
    /// - Parameters:
    ///   - text: the contents.
    ///   - name: the name.
    public init(_ text: String, name: String = "") { self.init(Array(text.utf8), name: name) }

    /// A file of a posted form, which is not loaded.
    ///
    /// - Parameter upload: the file.
    public init(_ upload: UploadedFile) {
        name = upload.name
        size = upload.size
        source = upload.bytesInMemory.map { .bytes($0) } ?? .upload(upload)
    }

    /// A file that something else reads, such as a storage of your own.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - size: the size in bytes.
    ///   - reader: reads it.
    public init(name: String, size: Int, reader: any FileReader) {
        self.name = name
        self.size = size
        source = .reader(reader)
    }

    /// A regular file of the disk.
    ///
    /// - Parameters:
    ///   - path: where it is; trusted.
    ///   - name: the name; nil is the last part of `path`.
    /// - Returns: the file, open.
    /// - Throws: ``StorageError/notFound(name:)``, ``StorageError/notAFolder(name:)`` for what is no
    ///   regular file, ``StorageError/system(operation:name:errorNumber:)``.
    public static func local(_ path: String, name: String? = nil) async throws -> File {
        let shown = name ?? StorageName.split(path).base
        return try await FileThreads.run {
            try LocalReader.file(try FileDescriptor.open(path: path, name: shown), name: shown)
        }
    }
}

/// Reads the contents of a file.
public protocol FileReader: Sendable {
    /// Calls `body` with a part of the contents, piece by piece.
    ///
    /// - Parameters:
    ///   - size: the greatest size of a piece in bytes.
    ///   - range: the part, within the file.
    ///   - body: takes a piece.
    /// - Throws: what `body` throws, or what reading fails with.
    func forEachChunk(
        of size: Int,
        in range: Range<Int>,
        _ body: (ArraySlice<UInt8>) async throws -> Void
    ) async throws
}
