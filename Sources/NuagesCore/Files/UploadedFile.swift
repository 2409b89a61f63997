/// A file of a posted form.
///
/// Small files are in memory, larger ones in a temporary file that goes away with the last copy
/// of this value. Nothing about a file can be believed: the name and the type are the client's.
///
/// Django: `django.core.files.uploadedfile.UploadedFile`.
public struct UploadedFile: Sendable {
    /// The name that the client gave, without folders and without control characters.
    public let name: String
    /// The type that the client declared, such as `image/png`; the real one once a form's
    /// `ImageField` or `FileField(accept:)` has looked at the contents.
    public private(set) var contentType: String
    /// The parameters of ``contentType``, such as `charset`.
    public let contentTypeParameters: [(name: String, value: String)]
    /// The size in bytes.
    public let size: Int
    /// What the file says of itself as an image, once a form's `ImageField` has looked.
    ///
    /// Django: the attribute `image` of a cleaned file.
    public private(set) var image: ImageHeader?

    private let contents: Contents

    private enum Contents: Sendable {
        case memory([UInt8])
        case disk(TemporaryFile)
    }

    /// A file in memory.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - contentType: its declared type.
    ///   - contentTypeParameters: the parameters of the type.
    ///   - bytes: its contents.
    public init(
        name: String,
        contentType: String,
        contentTypeParameters: [(name: String, value: String)] = [],
        bytes: [UInt8]
    ) {
        self.name = name
        self.contentType = contentType
        self.contentTypeParameters = contentTypeParameters
        size = bytes.count
        contents = .memory(bytes)
    }

    /// A file that was spooled to disk.
    package init(
        name: String,
        contentType: String,
        contentTypeParameters: [(name: String, value: String)],
        file: TemporaryFile,
        size: Int
    ) {
        self.name = name
        self.contentType = contentType
        self.contentTypeParameters = contentTypeParameters
        self.size = size
        contents = .disk(file)
    }

    /// The contents where they are in memory; nil for a file on disk.
    public var bytesInMemory: [UInt8]? {
        if case .memory(let bytes) = contents { return bytes }
        return nil
    }

    /// Where the contents are on disk; nil for a file in memory.
    ///
    /// The file goes away with the last copy of this value: move or copy it to keep it.
    public var temporaryPath: String? {
        if case .disk(let file) = contents { return file.path }
        return nil
    }

    /// Calls `body` with the contents, piece by piece.
    ///
    /// - Parameters:
    ///   - size: the size of a piece in bytes; the last one may be smaller.
    ///   - body: takes a piece.
    /// - Throws: what `body` throws, or ``TemporaryFileError`` where the disk fails.
    public func forEachChunk(
        of size: Int = 65_536,
        _ body: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        switch contents {
        case .memory(let bytes):
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + max(1, size))
                try body(bytes[start..<end])
                start = end
            }
        case .disk(let file):
            try file.forEachChunk(of: max(1, size)) { try body($0[...]) }
        }
    }

    /// The whole contents in memory.
    ///
    /// - Parameter limit: the largest size to read, in bytes.
    /// - Returns: the contents, or nil where they are larger than `limit`.
    /// - Throws: ``TemporaryFileError`` where the disk fails.
    public func bytes(upTo limit: Int) throws -> [UInt8]? {
        guard size <= limit else { return nil }
        if let bytesInMemory { return bytesInMemory }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        try forEachChunk { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Up to `count` bytes from `offset` on, without those between.
    func bytes(at offset: Int, count: Int) throws(TemporaryFileError) -> [UInt8] {
        switch contents {
        case .memory(let bytes):
            let start = min(max(0, offset), bytes.count)
            return Array(bytes[start..<(start + min(max(0, count), bytes.count - start))])
        case .disk(let file): return try file.read(at: offset, count: count)
        }
    }

    /// The same file with the type that its contents have.
    package func identified(as type: String, image: ImageHeader? = nil) -> UploadedFile {
        var file = self
        file.contentType = type
        file.image = image
        return file
    }
}
