public import NuagesCore

/// A posted form: its fields and its files (Django: `request.POST` and `request.FILES`).
public struct FormData: Sendable {
    /// The fields.
    public var fields: QueryDict
    /// The files, by the name of their field.
    public var files: UploadedFiles

    /// A form.
    ///
    /// - Parameters:
    ///   - fields: the fields.
    ///   - files: the files.
    public init(fields: QueryDict = [:], files: UploadedFiles = UploadedFiles()) {
        self.fields = fields
        self.files = files
    }
}

/// Files by the name of their field; a field may have several.
public struct UploadedFiles: Sendable {
    /// The fields with their files, in the order in which the fields first came.
    public private(set) var entries: [(name: String, files: [UploadedFile])] = []

    /// No files.
    public init() {}

    /// Whether there is no file.
    public var isEmpty: Bool { entries.isEmpty }

    /// The last file of the field `name`.
    ///
    /// - Parameter name: compared by its bytes.
    public subscript(_ name: String) -> UploadedFile? { list(name).last }

    /// All files of the field `name`.
    ///
    /// - Parameter name: compared by its bytes.
    /// - Returns: the files in order.
    public func list(_ name: String) -> [UploadedFile] {
        entries.first { $0.name.equalsBytes(name) }?.files ?? []
    }

    /// Adds a file to the field `name`.
    ///
    /// - Parameters:
    ///   - name: the name of the field.
    ///   - file: the file.
    public mutating func append(_ name: String, _ file: UploadedFile) {
        // At most ``FormLimits/maxFiles`` entries, so a scan is fast enough.
        if let index = entries.firstIndex(where: { $0.name.equalsBytes(name) }) {
            entries[index].files.append(file)
        } else {
            entries.append((name, [file]))
        }
    }
}

/// What a posted form may cost; the defaults are Django's, and a limit for the whole body.
public struct FormLimits: Sendable {
    /// The largest number of fields (`DATA_UPLOAD_MAX_NUMBER_FIELDS`).
    public var maxFields = 1000
    /// The largest number of files (`DATA_UPLOAD_MAX_NUMBER_FILES`).
    public var maxFiles = 100
    /// The largest size of a body without its files (`DATA_UPLOAD_MAX_MEMORY_SIZE`), in bytes.
    public var maxMemorySize = 2_621_440
    /// The size above which a file goes to disk (`FILE_UPLOAD_MAX_MEMORY_SIZE`), in bytes.
    public var maxFileMemorySize = 2_621_440
    /// The largest size of a whole body with files, in bytes; Django has no such limit.
    public var maxBodySize = 100 * 1024 * 1024
    /// The largest size of one file, in bytes; nil is as much as the whole body may have.
    public var maxFileSize: Int?
    /// How long a form with files may take to arrive; nil is any time.
    public var maxDuration: Duration? = .seconds(3600)
    /// Whether a file that is declared as an image and whose first bytes are not of that type
    /// refuses the whole form; ``UploadedFile/isMislabeledImage`` says so in any case.
    public var refusesMislabeledImages = false
    /// The folder for files above ``maxFileMemorySize``; nil is the system's temporary folder.
    public var temporaryDirectory: String?

    /// Django's limits.
    public init() {}
}
