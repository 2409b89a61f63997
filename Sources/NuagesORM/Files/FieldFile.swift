public import NuagesCore
public import NuagesFiles
import Synchronization

/// A file of a model: its name in a storage, which is what the column holds.
///
///     @Model
///     struct Article {
///         @Field(uploadTo: "covers/%Y/%m") var cover: FieldFile?
///     }
///
///     article.cover = FieldFile(upload)        // waits
///     try await article.save()                 // is kept as covers/2026/11/cat.png, then the row
///     try article.cover?.url                   // /media/covers/2026/11/cat.png
///
/// A file that was assigned is kept when the row is saved, before the statement; where the row is
/// refused, or rolled back later, it is removed again and waits once more. In a storage that
/// replaces files it waits for the commit: a row that is refused replaces nothing. The file that it
/// takes the place of stays, as in Django, unless the field says `deletesReplaced: true`. In a
/// condition it stands for its name.
///
/// A row that Django has written holds an empty name where there is no file: ``isEmpty``.
///
/// Django: `FieldFile`, the value of a `FileField`.
public struct FieldFile: FileFieldValue, Hashable, ExpressibleByStringLiteral {
    /// The name in the storage, such as `covers/cat.png`; that of the upload until it is kept.
    public internal(set) var name: String
    /// The alias of the storage.
    public internal(set) var storageAlias: String
    /// The file that was assigned, and waits for the row to be saved.
    private let assigned: PendingFile?
    /// What became of a file that was kept.
    let kept: KeptFile?

    /// The file that waits for the row to be saved, or to be saved again.
    var pending: PendingFile? { assigned ?? kept?.waiting }

    /// A file of a posted form, which is kept when the row is saved.
    ///
    /// - Parameter upload: the file.
    public init(_ upload: UploadedFile) { self.init(File(upload)) }

    /// A file that is kept when the row is saved.
    ///
    ///     article.cover = FieldFile(File(bytes, name: "cat.png"))
    ///
    /// - Parameter file: the file; its name is the wished one.
    public init(_ file: File) {
        name = file.name
        storageAlias = Storages.defaultAlias
        assigned = PendingFile(file)
        kept = nil
    }

    /// A file that is in a storage already.
    ///
    /// - Parameters:
    ///   - name: its name; empty for none.
    ///   - storageAlias: the alias of the storage.
    public init(stored name: String, in storageAlias: String = Storages.defaultAlias) {
        self.init(name, in: storageAlias, kept: nil)
    }

    /// A file that was kept just now.
    init(_ name: String, in storageAlias: String, kept: KeptFile?) {
        self.name = name
        self.storageAlias = storageAlias
        assigned = nil
        self.kept = kept
    }

    /// No file, for a field that is not optional.
    public init() { self.init(stored: "") }

    /// A file that is in the storage of its field already, as a condition compares with it.
    ///
    /// - Parameter value: its name.
    public init(stringLiteral value: String) { self.init(stored: value) }

    /// The file itself.
    public var fieldFile: FieldFile {
        get { self }
        set { self = newValue }
    }

    /// `FileField`.
    public static var fieldType: FieldType { .fileField }

    /// A file.
    ///
    /// - Parameter fieldFile: the file.
    public init(fieldFile: FieldFile) { self = fieldFile }

    /// Whether two stand for the same name, or for the same file that waits.
    ///
    /// - Parameters:
    ///   - left: one of them.
    ///   - right: the other.
    /// - Returns: true if they do.
    public static func == (left: FieldFile, right: FieldFile) -> Bool {
        left.name.equalsBytes(right.name) && left.pending === right.pending
    }

    /// Hashes the name.
    ///
    /// - Parameter hasher: takes it.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A file that waits for a row to be saved.
final class PendingFile: Sendable {
    let file: File

    init(_ file: File) { self.file = file }
}

/// What became of a file that was kept: all values that name it hear of it.
final class KeptFile: Sendable {
    private struct State {
        var waiting: PendingFile?
        var isForCommit = false
    }

    private let state = Mutex(State())

    /// The file, where it is not in the storage after all.
    var waiting: PendingFile? { state.withLock { $0.waiting } }

    /// Whether its row is saved, and it comes into the storage by its name at the commit.
    var waitsForCommit: Bool { state.withLock { $0.isForCommit } }

    /// Lets it wait for the row to be saved again, or for the commit.
    func wait(_ pending: PendingFile, forCommit isForCommit: Bool = false) {
        state.withLock { $0 = State(waiting: pending, isForCommit: isForCommit) }
    }

    /// It is in the storage.
    func keep() { state.withLock { $0 = State() } }
}

/// An image of a model.
///
///     @Field(uploadTo: "covers", widthField: "width", heightField: "height")
///     var cover: ImageFieldFile?
///     var width: Int?
///     var height: Int?
///
/// The fields for the width and the height are set when the row is saved: to those of a new image,
/// to those of the stored one where they are empty, and to nothing where there is no image.
///
/// Django: `ImageFieldFile`, the value of an `ImageField`, which sets them when it is assigned.
public struct ImageFieldFile: FileFieldValue, Hashable, ExpressibleByStringLiteral {
    /// The image as a file.
    public var fieldFile: FieldFile

    /// An image.
    ///
    /// - Parameter fieldFile: the file.
    public init(fieldFile: FieldFile) { self.fieldFile = fieldFile }

    /// An image of a posted form, which is kept when the row is saved.
    ///
    /// - Parameter upload: the file.
    public init(_ upload: UploadedFile) { self.init(fieldFile: FieldFile(upload)) }

    /// An image that is kept when the row is saved.
    ///
    /// - Parameter file: the file; its name is the wished one.
    public init(_ file: File) { self.init(fieldFile: FieldFile(file)) }

    /// An image that is in a storage already.
    ///
    /// - Parameters:
    ///   - name: its name; empty for none.
    ///   - storageAlias: the alias of the storage.
    public init(stored name: String, in storageAlias: String = Storages.defaultAlias) {
        self.init(fieldFile: FieldFile(stored: name, in: storageAlias))
    }

    /// No image, for a field that is not optional.
    public init() { self.init(fieldFile: FieldFile()) }

    /// An image that is in the storage of its field already, as a condition compares with it.
    ///
    /// - Parameter value: its name.
    public init(stringLiteral value: String) { self.init(stored: value) }

    /// `ImageField`.
    public static var fieldType: FieldType { .imageField }

    /// The size in pixels, from the image's beginning.
    ///
    /// - Returns: the size; nil where it is no image that is known.
    /// - Throws: ``UsageError`` without a file, and what the storage fails with.
    public func imageSize() async throws -> ImageSize? { try await open().imageSize() }
}
