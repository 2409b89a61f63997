/// What a posted form may cost; the defaults are Django's, and a limit for the whole body.
public struct FormLimits: Sendable, Hashable {
    /// The largest number of fields (`DATA_UPLOAD_MAX_NUMBER_FIELDS`).
    public var maxFields = 1000
    /// The largest number of files (`DATA_UPLOAD_MAX_NUMBER_FILES`).
    public var maxFiles = 100
    /// The largest size of a body without its files (`DATA_UPLOAD_MAX_MEMORY_SIZE`), in bytes.
    public var maxMemorySize = 2_621_440
    /// The size above which a file goes to disk (`FILE_UPLOAD_MAX_MEMORY_SIZE`), in bytes.
    public var maxFileMemorySize = 2_621_440
    /// The largest size of a whole body with files, in bytes; Django has no such limit.
    ///
    /// ``ServerLimits/maxBodySize`` is the limit of every body.
    public var maxBodySize = 100 * 1024 * 1024
    /// The folder for files above ``maxFileMemorySize`` (`FILE_UPLOAD_TEMP_DIR`); nil is the
    /// system's temporary folder.
    public var temporaryDirectory: String?

    /// Django's limits.
    public init() {}
}
