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
        // At most `FormLimits.maxFiles` entries, so a scan is fast enough.
        if let index = entries.firstIndex(where: { $0.name.equalsBytes(name) }) {
            entries[index].files.append(file)
        } else {
            entries.append((name, [file]))
        }
    }
}
