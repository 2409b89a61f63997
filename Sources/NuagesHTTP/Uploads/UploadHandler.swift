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
/// middleware sets by ``Request/setUploadHandlers(_:)``.
///
/// Django: the upload handlers of `FILE_UPLOAD_HANDLERS`.
public protocol UploadHandler: Sendable {
    /// Says what becomes of a file that begins to arrive.
    ///
    /// - Parameter upload: what the client says of the file.
    /// - Returns: who receives it.
    /// - Throws: what ends the whole request, such as ``HTTPError/forbidden(_:)``.
    func begin(_ upload: Upload) async throws -> UploadDecision
}

/// Takes the bytes of one file as they arrive.
public protocol UploadReceiver {
    /// Takes the next bytes.
    ///
    /// - Parameter bytes: a piece of the file.
    /// - Throws: what ends the whole request.
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
}

/// What becomes of a file.
public enum UploadDecision {
    /// The receiver takes it.
    case receive(any UploadReceiver)
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
}

/// Keeps a file in memory, and in a temporary file once it is larger than a limit.
///
/// What no handler of a site takes goes here. A limit of 0 puts every file on disk (Django's
/// `TemporaryFileUploadHandler`).
///
/// Django: `MemoryFileUploadHandler` with `TemporaryFileUploadHandler` behind it.
public struct SpoolingUploadHandler: UploadHandler {
    private let memoryLimit: Int
    private let directory: String?

    /// A handler.
    ///
    /// - Parameters:
    ///   - memoryLimit: the largest size that stays in memory, in bytes.
    ///   - directory: the folder for larger files; nil is the system's temporary folder.
    public init(memoryLimit: Int = 2_621_440, directory: String? = nil) {
        self.memoryLimit = memoryLimit
        self.directory = directory
    }

    /// Takes the file.
    ///
    /// - Parameter upload: what the client says of the file.
    /// - Returns: a receiver.
    public func begin(_ upload: Upload) -> UploadDecision {
        .receive(SpoolingReceiver(upload, memoryLimit: memoryLimit, directory: directory))
    }
}

/// A file in memory at first, on disk once it is large.
struct SpoolingReceiver: UploadReceiver {
    private let upload: Upload
    private let memoryLimit: Int
    private let directory: String?
    private var bytes: [UInt8] = []
    private var disk: TemporaryFile?
    private var size = 0

    init(_ upload: Upload, memoryLimit: Int, directory: String?) {
        self.upload = upload
        self.memoryLimit = memoryLimit
        self.directory = directory
    }

    mutating func receive(_ chunk: ArraySlice<UInt8>) throws {
        size += chunk.count
        if disk == nil, size > memoryLimit {
            let file = try TemporaryFile(directory: directory)
            try bytes.withUnsafeBytes { try file.write($0) }
            bytes = []
            disk = file
        }
        if let disk {
            try chunk.withUnsafeBytes { try disk.write($0) }
        } else {
            bytes += chunk
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
