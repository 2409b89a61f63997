import NuagesCore

extension File {
    /// The size of a piece where none is asked for (Django: `DEFAULT_CHUNK_SIZE`).
    public static let defaultChunkSize = 65_536

    /// The contents where they are in memory.
    package var bytesInMemory: [UInt8]? {
        if case .bytes(let bytes) = source { bytes } else { nil }
    }

    /// What tells the file that is open from others of its name, where it is one of the disk.
    package var version: FileVersion? {
        if case .reader(let reader) = source { (reader as? LocalReader)?.version } else { nil }
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
        case .reader(let reader):
            var rest = range.count
            try await reader.forEachChunk(of: size, in: range) { piece in
                rest -= piece.count
                try await body(piece)
            }
            // A copy of a part would be taken for the file.
            guard rest == 0 else { throw StorageError.truncated(name: name) }
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
        let limit = max(1, limit)
        try await forEachChunk { chunk in
            var rest = chunk
            while !rest.isEmpty {
                let window = rest.prefix(limit - line.count)
                let end = window.firstIndex(of: 0x0A).map { $0 + 1 }
                line.append(contentsOf: window[..<(end ?? window.endIndex)])
                rest = rest[(end ?? window.endIndex)...]
                guard end != nil || line.count == limit else { continue }
                try await body(line)
                line.removeAll(keepingCapacity: true)
            }
        }
        if !line.isEmpty { try await body(line) }
    }
}
