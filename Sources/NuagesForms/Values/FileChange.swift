public import NuagesCore

/// What becomes of the file that a record has.
///
///     @Form struct ProfileForm { @FileField(required: false) var avatar: FileChange }
public enum FileChange: FormConvertible {
    /// The stored file stays; there may be none.
    case unchanged
    /// The stored file is to be removed.
    case removed
    /// A file was sent.
    case replaced(UploadedFile)

    /// The change that a file field has cleaned; nil for any other kind of value.
    public init?(formValue: FormValue) {
        switch formValue {
        case .file(let file): self = .replaced(file)
        case .bool(false): self = .removed
        case .none, .storedFile: self = .unchanged
        default: return nil
        }
    }

    /// The file that was sent, false for one that is to be removed, none otherwise.
    public var formValue: FormValue {
        switch self {
        case .unchanged: .none
        case .removed: .bool(false)
        case .replaced(let file): .file(file)
        }
    }
}
