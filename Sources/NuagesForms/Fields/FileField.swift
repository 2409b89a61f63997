public import NuagesCore

/// An uploaded file.
///
///     FileField(accept: [.pdf, .docx])    // by what is in it, not by what it is called
public struct FileField: FormField {
    /// The type of the cleaned value.
    public typealias Value = UploadedFile

    /// What every field has.
    public var options = FieldOptions()
    /// The most code points of the file's name; nil sets no limit.
    public var maxLength: Int?
    /// Whether a file without contents is accepted.
    public var allowsEmptyFile: Bool
    /// The types that are accepted, by the contents, the name and the declared type; nil accepts
    /// any file.
    public var accept: [FileType]?

    /// An uploaded file.
    ///
    /// - Parameters:
    ///   - accept: the types that are accepted, by the contents, the name and the declared type;
    ///     nil accepts any file.
    ///   - maxLength: the most code points of the file's name; nil sets no limit.
    ///   - allowEmptyFile: whether a file without contents is accepted.
    public init(
        accept: [FileType]? = nil,
        maxLength: Int? = nil,
        allowEmptyFile: Bool = false
    ) {
        self.accept = accept
        self.maxLength = maxLength
        allowsEmptyFile = allowEmptyFile
    }

    /// An input that shows the stored file and offers to remove it.
    public var defaultWidget: any Widget { FileInput(isClearable: true) }

    /// The messages of files; `invalid_type` is that of a file which is not accepted, `invalid_name` that
    /// of one whose name a storage cannot keep, `unreadable` that of a disk which failed.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "invalid_type":
            "Files of this type are not accepted. Accepted types are: %(accepted)s."
        case "invalid_name": "The file cannot be kept by its name. Please rename it and try again."
        case "unreadable": "The file could not be read. Please try again later."
        case "required": "This field is required."
        case "invalid": "No file was submitted. Check the encoding type on the form."
        case "missing": "No file was submitted."
        case "empty": "The submitted file is empty."
        case "contradiction": "Please either submit a file or check the clear checkbox, not both."
        case "max_length":
            ErrorMessage(
                "Ensure this filename has at most %(max)d character (it has %(length)d).",
                plural: "Ensure this filename has at most %(max)d characters (it has %(length)d).",
                by: "max"
            )
        default: nil
        }
    }

    /// The file, where its name and size are allowed.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        guard case .file(let file) = raw else { throw error("invalid") }
        let length = file.name.unicodeScalars.count
        if let maxLength, length > maxLength {
            throw error(
                "max_length",
                [ErrorParameter("max", maxLength), ErrorParameter("length", length)]
            )
        }
        if file.name.isEmpty { throw error("invalid") }
        if !allowsEmptyFile, file.size == 0 { throw error("empty") }
        return .file(try accepted(file))
    }

    /// The file with the type that it has by its contents, where that is accepted.
    private func accepted(_ file: UploadedFile) throws(ValidationError) -> UploadedFile {
        guard let accept, file.size > 0 else { return file }
        let found: FileType?
        do throws(TemporaryFileError) {
            found = try FileType.find(accept, of: file, limits: ImageLimits())
        } catch {
            throw unreadable(error)
        }
        guard let found else {
            let names = accept.flatMap(\.extensions).joined(separator: ", ")
            throw error("invalid_type", [ErrorParameter("accepted", names)])
        }
        return file.identified(as: found.mediaType)
    }

    /// The error of a file that this machine could not read: nothing that its user can mend.
    func unreadable(_ failure: TemporaryFileError) -> ValidationError {
        error("unreadable", [ErrorParameter("reason", failure.description)])
    }

    /// The accepted types, so that browsers offer no others.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        guard let accept, widget is FileInput, widget.options.attributes["accept"] == nil else {
            return [:]
        }
        let names = accept.flatMap(\.extensions).map { "." + $0 }
        return ["accept": .text(names.joined(separator: ","))]
    }

    /// The file; false where it is to be removed, the initial value where none was sent.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        try clean(raw, initial: initial, by: self)
    }

    /// The same with the rules of another field of files.
    func clean(
        _ raw: FormValue,
        initial: FormValue,
        by field: some FormField
    ) throws(ValidationError) -> FormValue {
        if raw.equals(FileInput.contradiction) { throw field.error("contradiction") }
        // What is stored already: a field that is disabled has nothing else.
        if case .storedFile = raw { return raw }
        var raw = raw
        if case .bool(false) = raw {
            if !options.isRequired { return raw }
            raw = .none
        }
        if !raw.isTrue, initial.isTrue { return initial }
        let value = try field.convert(raw)
        try field.check(value)
        try field.runValidators(value)
        return value
    }

    /// The initial value: browsers cannot show a file that was chosen.
    public func boundValue(_ data: FormValue, initial: FormValue) -> FormValue { initial }

    /// Whether anything was sent.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if case .none = data { return false }
        return !options.isDisabled
    }
}
