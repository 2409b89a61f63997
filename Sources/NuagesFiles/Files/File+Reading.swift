import NuagesCore

extension File {
    /// The size of a piece where none is asked for (Django: `DEFAULT_CHUNK_SIZE`).
    public static let defaultChunkSize = 65_536

    /// The contents where they are in memory.
    package var bytesInMemory: [UInt8]? {
        if case .bytes(let bytes) = source { bytes } else { nil }
    }

    /// The upload on disk whose file this is.
    var upload: UploadedFile? { if case .upload(let upload) = source { upload } else { nil } }

    /// Calls `body` with the contents, piece by piece.
    ///
    ///     try await file.forEachChunk { try await writer.write(Array($0)) }
    ///
    /// Django: `File.chunks`.
    ///
    /// - Parameters:
    ///   - size: the greatest size of a piece in bytes.
    ///   - range: the part to read; nil is all of it.
    ///   - body: takes a piece.
    /// - Throws: what `body` throws, or what reading fails with.
    public func forEachChunk(
        of size: Int = defaultChunkSize,
        in range: Range<Int>? = nil,
        _ body: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        let range = (range ?? 0..<self.size).clamped(to: 0..<self.size)
        guard !range.isEmpty else { return }
        let size = max(1, size)
        switch source {
        case .bytes(let bytes):
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(range.upperBound, start + size)
                try await body(bytes[start..<end])
                start = end
            }
        case .upload(let upload):
            // The upload is kept until it has been read: its file goes with its last copy.
            try await withUpload(upload) { try await $0.forEachChunk(of: size, in: range, body) }
        case .reader(let reader): try await reader.forEachChunk(of: size, in: range, body)
        }
    }

    private func withUpload(
        _ upload: UploadedFile,
        _ body: (LocalReader) async throws -> Void
    ) async throws {
        let (path, name) = (upload.temporaryPath ?? "", upload.name)
        let descriptor = try await FileThreads.run {
            try FileDescriptor.open(path: path, name: name)
        }
        try await body(LocalReader(descriptor, name: name))
        withExtendedLifetime(upload) {}
    }

    /// A part of the contents, in memory.
    ///
    /// - Parameter range: the part; what lies behind the end is left out.
    /// - Returns: the bytes.
    /// - Throws: what reading fails with.
    public func bytes(in range: Range<Int>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(range.count, size))
        try await forEachChunk(in: range) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// The whole contents, in memory.
    ///
    /// - Parameter limit: the largest size to read, in bytes.
    /// - Returns: the contents, or nil where they are larger than `limit`.
    /// - Throws: what reading fails with.
    public func bytes(upTo limit: Int) async throws -> [UInt8]? {
        size <= limit ? try await bytes(in: 0..<size) : nil
    }

    /// The lines, each with its ending; a line longer than `limit` comes in parts.
    ///
    /// - Parameters:
    ///   - limit: the greatest length of a line in bytes.
    ///   - body: takes a line.
    /// - Throws: what `body` throws, or what reading fails with.
    public func forEachLine(
        limit: Int = 1_048_576,
        _ body: ([UInt8]) async throws -> Void
    ) async throws {
        var line: [UInt8] = []
        try await forEachChunk { chunk in
            var rest = chunk
            while let end = rest.firstIndex(of: 0x0A) {
                line.append(contentsOf: rest[...end])
                try await body(line)
                line.removeAll(keepingCapacity: true)
                rest = rest[(end + 1)...]
            }
            line.append(contentsOf: rest)
            if line.count >= limit {
                try await body(line)
                line.removeAll(keepingCapacity: true)
            }
        }
        if !line.isEmpty { try await body(line) }
    }
}
