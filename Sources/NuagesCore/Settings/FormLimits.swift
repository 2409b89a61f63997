/// What a posted form may cost; the defaults are Django's, and a limit for the whole body.
public struct FormLimits: Sendable, Hashable {
    /// The largest number of fields (`DATA_UPLOAD_MAX_NUMBER_FIELDS`).
    public var maxFields = 1000
    /// The largest number of files (`DATA_UPLOAD_MAX_NUMBER_FILES`).
    public var maxFiles = 100
    /// The largest size of a body without its files (`DATA_UPLOAD_MAX_MEMORY_SIZE`), in bytes.
    public var maxMemorySize = 2_621_440
    /// The size of all files of a form above which they go to disk (`FILE_UPLOAD_MAX_MEMORY_SIZE`),
    /// in bytes.
    public var maxFileMemorySize = 2_621_440
    /// The largest size of a whole body with files, in bytes; Django has no such limit.
    ///
    /// 32 MiB, as ``ServerLimits/maxBodySize``, which is the limit of every body: raise both. A
    /// route has a limit of its own by `maxBodySize(_:inMemory:)`.
    public var maxBodySize = 33_554_432
    /// The largest size of one file, in bytes; nil is as much as the whole body may have.
    public var maxFileSize: Int?
    /// How long a body may take to arrive, from when somebody begins to read it; nil is any time.
    ///
    /// It holds for every way to read one: forms, bytes, JSON, pieces and lines.
    public var maxDuration: Duration? = .seconds(3600)
    /// Whether a file that is declared as an image and whose first bytes are not of that type
    /// refuses the whole form; ``UploadedFile/isMislabeledImage`` says so in any case.
    public var refusesMislabeledImages = false
    /// The folder for files beyond ``maxFileMemorySize`` (`FILE_UPLOAD_TEMP_DIR`); nil is the
    /// system's temporary folder.
    public var temporaryDirectory: String?
    /// How much all uploads of this process may have on disk at once, in bytes: 8 GiB; nil is as
    /// much as there is.
    ///
    /// A file beyond it is answered 503. It is what keeps many slow uploads from filling the disk.
    public var maxTemporarySize: Int? = 8_589_934_592

    /// Django's limits.
    public init() {}
}
