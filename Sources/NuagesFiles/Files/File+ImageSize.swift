public import NuagesCore

/// The size of an image in pixels.
public struct ImageSize: Sendable, Hashable {
    /// The width.
    public var width: Int
    /// The height.
    public var height: Int

    /// A size.
    ///
    /// - Parameters:
    ///   - width: the width.
    ///   - height: the height.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

extension File {
    /// The size that an image says it has, without decoding a pixel.
    ///
    ///     try await file.imageSize()      // 640 × 480
    ///
    /// All formats of ``/NuagesCore/ImageFormat`` are known, and the file is read to the image's end as
    /// ``/NuagesCore/ImageHeader`` does. It is read on a thread for that; a file that a storage has
    /// elsewhere is fetched first where its first bytes are those of an image.
    ///
    /// Django: `get_image_dimensions`.
    ///
    /// - Parameter limits: what an image may be; what follows it does not matter unless they say so.
    /// - Returns: the size; nil for another file, a broken image, and one beyond a limit.
    /// - Throws: what reading fails with.
    public func imageSize(
        limits: ImageLimits = ImageLimits(allowsTrailingBytes: true)
    ) async throws -> ImageSize? {
        switch source {
        case .bytes(let bytes):
            return try await Self.size {
                () throws(ImageHeaderError) in try ImageHeader(parsing: bytes, limits: limits)
            }
        case .upload(let upload):
            return try await Self.size {
                () throws(ImageHeaderError) in try upload.imageHeader(limits: limits)
            }
        case .reader(let reader):
            if let local = reader as? LocalReader {
                let size = size
                return try await Self.size { () throws(ImageHeaderError) in
                    try ImageHeader(size: size, limits: limits) {
                        offset,
                        count throws(TemporaryFileError) in
                        try local.read(count, at: offset)
                    }
                }
            }
            let head = try await bytes(in: 0..<FileSignature.length)
            guard FileSignature.mediaType(of: head)?.hasPrefix("image/") == true else { return nil }
            let copy = try await temporaryCopy()
            return try await Self.size {
                () throws(ImageHeaderError) in try copy.imageHeader(limits: limits)
            }
        }
    }

    private static func size(
        _ read: @escaping @Sendable () throws(ImageHeaderError) -> ImageHeader
    ) async throws -> ImageSize? {
        try await FileThreads.run {
            do throws(ImageHeaderError) {
                let header = try read()
                return ImageSize(width: header.width, height: header.height)
            } catch {
                if case .unreadable(let failure) = error { throw failure }
                return nil
            }
        }
    }

    /// The file on this machine's disk, for as long as the copy is there.
    private func temporaryCopy() async throws -> UploadedFile {
        let copy = try await FileThreads.run { try TemporaryFile(directory: nil) }
        try await forEachChunk { piece in
            try await FileThreads.run { try copy.write(piece) }
        }
        return UploadedFile(
            name: name,
            contentType: "",
            contentTypeParameters: [],
            file: copy,
            size: size
        )
    }
}
