public import NuagesCore

/// Decides where the files of posted forms go.
///
///     struct ToObjectStore: UploadHandler {
///         func begin(_ upload: Upload) async throws -> UploadDecision {
///             guard upload.fieldName == "video" else { return .pass }
///             return .receive(ObjectStoreReceiver(upload))
///         }
///     }
///
/// Handlers are asked in the order of ``HTTPSettings/uploadHandlers``, or of those that a view or
/// middleware sets by ``Request/setUploadHandlers(_:)``. One that answers with a filter sees the file
/// on its way to those behind it.
///
/// Django: the upload handlers of `FILE_UPLOAD_HANDLERS`.
public protocol UploadHandler: Sendable {
    /// Says what becomes of a file that begins to arrive.
    ///
    /// - Parameter upload: what the client says of the file.
    /// - Returns: who receives it.
    /// - Throws: ``SkipFile``, ``StopUpload``, or what ends the whole request, such as ``HTTPError/forbidden(_:)``.
    func begin(_ upload: Upload) async throws -> UploadDecision
}

/// Takes the bytes of one file as they arrive.
public protocol UploadReceiver {
    /// Takes the next bytes.
    ///
    /// - Parameter bytes: a piece of the file, of at most ``Upload/pieceSize`` bytes.
    /// - Throws: ``SkipFile``, ``StopUpload``, or what ends the whole request.
    mutating func receive(_ bytes: ArraySlice<UInt8>) async throws

    /// The file is complete.
    ///
    /// - Returns: the file as the view sees it; nil where it is none of the form's files.
    /// - Throws: what ends the whole request.
    mutating func finish() async throws -> UploadedFile?

    /// The file will never be complete: the client went away, or a limit was passed.
    mutating func cancel() async
}

extension UploadReceiver {
    /// Nothing.
    public mutating func cancel() async {}

    /// Takes bytes of any number, none of them too.
    mutating func receiveInPieces(_ bytes: ArraySlice<UInt8>) async throws {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = min(bytes.endIndex, start + Upload.pieceSize)
            try await receive(bytes[start..<end])
            start = end
        }
    }
}

/// What becomes of a file.
public enum UploadDecision {
    /// The receiver takes it.
    case receive(any UploadReceiver)
    /// The bytes go through the filter, and the next handler decides who receives them.
    case filter(any UploadFilter)
    /// The next handler decides.
    case pass
    /// Its bytes are read and thrown away (Django: `SkipFile`).
    case skip
}

/// What a client says of a file that it sends; none of it can be believed.
public struct Upload: Sendable {
    /// The name of the field.
    public let fieldName: String
    /// The name of the file, without folders and control characters.
    public let fileName: String
    /// The declared type, such as `image/png`.
    public let contentType: String
    /// The parameters of the type, such as `charset`.
    public let contentTypeParameters: [(name: String, value: String)]
    /// The declared length of the whole body with all files, in bytes.
    public let bodyLength: Int?
    /// The declared length of the file, in bytes; browsers declare none.
    public let contentLength: Int?
    /// The bytes of the form's files in front of this one, decoded, whether or not they were kept.
    public let bytesBefore: Int
    /// The request that has the form; nil where a parser is used without one.
    public let request: Request?

    /// The most bytes that a receiver is given at once (Django: `chunk_size`).
    public static let pieceSize = 65_536
}

/// Keeps a file in memory, and in a temporary file once all files of its form are larger than a limit
/// together.
///
/// What no handler of a site takes goes here. A limit of 0 puts every file on disk (Django's
/// `TemporaryFileUploadHandler`).
///
/// Django: `MemoryFileUploadHandler` with `TemporaryFileUploadHandler` behind it.
public struct SpoolingUploadHandler: UploadHandler {
    private let memoryLimit: Int
    private let directory: String?
    private let diskLimit: Int?

    /// A handler.
    ///
    /// - Parameters:
    ///   - memoryLimit: how many bytes of a form's files stay in memory.
    ///   - directory: the folder for the others; nil is the system's temporary folder.
    ///   - diskLimit: how much all uploads of this process may have on disk at once, in bytes; nil is
    ///     as much as there is.
    public init(
        memoryLimit: Int = 2_621_440,
        directory: String? = nil,
        diskLimit: Int? = FormLimits().maxTemporarySize
    ) {
        self.memoryLimit = memoryLimit
        self.directory = directory
        self.diskLimit = diskLimit
    }

    /// Takes the file.
    ///
    /// - Parameter upload: what the client says of the file.
    /// - Returns: a receiver.
    public func begin(_ upload: Upload) -> UploadDecision {
        .receive(
            SpoolingReceiver(
                upload,
                memoryLimit: memoryLimit,
                directory: directory,
                diskLimit: diskLimit
            )
        )
    }
}

/// A file in memory at first, on disk once it is large with those in front of it.
struct SpoolingReceiver: UploadReceiver {
    private let upload: Upload
    private let memoryLimit: Int
    private let directory: String?
    private let diskLimit: Int?
    private var bytes: [UInt8] = []
    private var disk: TemporaryFile?
    private var size = 0

    init(_ upload: Upload, memoryLimit: Int, directory: String?, diskLimit: Int?) {
        self.upload = upload
        self.memoryLimit = memoryLimit
        self.directory = directory
        self.diskLimit = diskLimit
    }

    mutating func receive(_ chunk: ArraySlice<UInt8>) throws {
        size += chunk.count
        guard disk != nil || size > memoryLimit - upload.bytesBefore else {
            bytes += chunk
            return
        }
        do throws(TemporaryFileError) {
            let file: TemporaryFile
            if let disk {
                file = disk
            } else {
                file = try TemporaryFile(directory: directory, limit: diskLimit)
                try file.write(bytes[...])
                bytes = []
                disk = file
            }
            try file.write(chunk)
        } catch {
            guard error.isDiskFull else { throw error }
            throw HTTPError.status(
                .serviceUnavailable,
                "There is no room for the upload. Please try again later."
            )
        }
    }

    mutating func finish() -> UploadedFile? {
        if let disk {
            return UploadedFile(
                name: upload.fileName,
                contentType: upload.contentType,
                contentTypeParameters: upload.contentTypeParameters,
                file: disk,
                size: size
            )
        }
        return UploadedFile(
            name: upload.fileName,
            contentType: upload.contentType,
            contentTypeParameters: upload.contentTypeParameters,
            bytes: bytes
        )
    }
}

extension Request {
    /// Sets who receives the files of this request's form, in place of
    /// ``HTTPSettings/uploadHandlers``.
    ///
    /// Django: `request.upload_handlers`.
    ///
    /// - Parameter handlers: the handlers, the first to be asked first.
    /// - Throws: ``HTTPError/status(_:_:)`` of 500 where the form has been read already, for it
    ///   would change nothing.
    public func setUploadHandlers(_ handlers: [any UploadHandler]) throws(HTTPError) {
        guard storage.setUploadHandlers(handlers) else {
            throw .status(
                .internalServerError,
                "The upload handlers were set after the body had been read. Set them before "
                    + "anything that reads the form, such as the CSRF check."
            )
        }
    }
}
