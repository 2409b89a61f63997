internal import NuagesCore

/// Looks at the bytes of a file on their way to whoever receives it, and may change them.
///
///     struct Decrypting: UploadFilter {
///         var cipher: Cipher
///         mutating func filter(_ bytes: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
///             try cipher.decrypt(bytes)
///         }
///     }
///
/// Django: an upload handler whose `receive_data_chunk` returns data for the next one.
public protocol UploadFilter {
    /// Takes the next bytes.
    ///
    /// - Parameter bytes: a piece of the file, of at most ``Upload/pieceSize`` bytes.
    /// - Returns: what goes on, in pieces again where it is longer; it may be empty.
    /// - Throws: ``SkipFile``, ``StopUpload``, or what ends the whole request.
    mutating func filter(_ bytes: ArraySlice<UInt8>) async throws -> ArraySlice<UInt8>

    /// The file is complete.
    ///
    /// - Returns: the last bytes that go on.
    /// - Throws: as ``filter(_:)``.
    mutating func finish() async throws -> ArraySlice<UInt8>

    /// The file will never be complete.
    mutating func cancel() async
}

extension UploadFilter {
    /// No further bytes.
    public mutating func finish() async throws -> ArraySlice<UInt8> { [] }

    /// Nothing.
    public mutating func cancel() async {}
}

/// Thrown while a file arrives: the rest of it is thrown away, and the form goes on without it.
///
/// Django: `SkipFile`.
public struct SkipFile: Error {
    /// Skips the file.
    public init() {}
}

/// Thrown while a file arrives: the form ends here, with what has been complete until now.
///
/// Django: `StopUpload`.
public struct StopUpload: Error {
    /// Whether the rest of the body is not even read, so that the connection ends with the answer.
    public let resetsConnection: Bool

    /// Stops the upload.
    ///
    /// - Parameter resetsConnection: whether the rest of the body is not even read; otherwise it is
    ///   read and thrown away, so that browsers show the answer rather than a broken connection.
    public init(resetsConnection: Bool = false) { self.resetsConnection = resetsConnection }
}

/// A receiver behind a filter.
struct FilteredReceiver: UploadReceiver {
    var filter: any UploadFilter
    var receiver: any UploadReceiver

    mutating func receive(_ bytes: ArraySlice<UInt8>) async throws {
        let rest = try await filter.filter(bytes)
        try await receiver.receiveInPieces(rest)
    }

    mutating func finish() async throws -> UploadedFile? {
        let rest = try await filter.finish()
        try await receiver.receiveInPieces(rest)
        return try await receiver.finish()
    }

    mutating func cancel() async {
        await filter.cancel()
        await receiver.cancel()
    }
}
