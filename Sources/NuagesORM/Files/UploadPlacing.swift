import NuagesCore
import NuagesFiles

/// A model that says itself where its files are kept.
///
///     extension Article: UploadPlacing {
///         func uploadTo(_ field: String, _ fileName: String) throws -> String {
///             "user_\(author.key)/\(fileName)"
///         }
///     }
///
/// It comes before the `uploadTo:` of the fields. The name is the visitor's: what is returned is made
/// valid, and refused where it leads out of the storage.
///
/// Django: `upload_to` as a function.
public protocol UploadPlacing: Model {
    /// The name of a file in its storage, with folders.
    ///
    /// - Parameters:
    ///   - field: the name of the field in Django's spelling.
    ///   - fileName: what the file was called.
    /// - Returns: the wished name.
    /// - Throws: what the model refuses.
    func uploadTo(_ field: String, _ fileName: String) throws -> String
}

/// How the file of a field is read and set.
struct ModelFile<M: Model>: Sendable {
    let schema: FieldSchema
    let get: @Sendable (M) -> FieldFile?
    /// Sets the file; nil leaves none.
    let set: @Sendable (inout M, FieldFile?) -> Void

    /// Nil for a property that holds no file.
    init?<Value: FieldValue>(
        _ schema: FieldSchema,
        _ keyPath: any WritableKeyPath<M, Value> & Sendable
    ) {
        guard let access = Value.fileAccess else { return nil }
        self.schema = schema
        get = { access.get($0[keyPath: keyPath]) }
        set = { model, file in
            if let value = access.set(file) { model[keyPath: keyPath] = value }
        }
    }

    /// The file of a parent, seen from the model that has a parent.
    init<Parent: Model>(
        _ file: ModelFile<Parent>,
        of parent: any WritableKeyPath<M, Parent> & Sendable
    ) {
        schema = file.schema
        get = { file.get($0[keyPath: parent]) }
        set = { model, value in file.set(&model[keyPath: parent], value) }
    }

    /// The alias of the storage.
    var storageAlias: String { schema.storageAlias }

    /// Whether the file that is replaced is removed once the row is committed.
    var deletesReplaced: Bool { schema.deletesReplaced }

    /// The fields that hold the width and the height.
    var sizeFields: (width: String?, height: String?) { schema.sizeFields }

    /// The name that a file is to be kept by.
    ///
    /// Django: `FileField.generate_filename`.
    func generateFilename(_ model: M, _ name: String, _ storage: any Storage) throws -> String {
        try schema.generateFilename(name, placing: model as? any UploadPlacing, storage)
    }
}

extension FieldSchema {
    /// The alias of the storage of the files.
    var storageAlias: String { text("storage") ?? Storages.defaultAlias }

    /// Whether the file that is replaced is removed once the row is committed.
    var deletesReplaced: Bool { customOptions["deletes_replaced"] == .bool(true) }

    /// The fields that hold the width and the height.
    var sizeFields: (width: String?, height: String?) {
        (text("width_field"), text("height_field"))
    }

    /// The name that a file is to be kept by, as the model says where it says something.
    func generateFilename(
        _ name: String,
        placing model: (any UploadPlacing)?,
        _ storage: any Storage
    ) throws -> String {
        var wished: String
        if let model {
            wished = try model.uploadTo(self.name, name)
        } else {
            wished = StorageName.joined(Self.dated(text("upload_to") ?? ""), name)
        }
        wished = StorageName.slashes(wished)
        try StorageName.validate(wished, allowsRelativePath: true)
        return try storage.generateFilename(wished)
    }

    /// Refuses what a visitor calls a file where the storage can keep it by no such name.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - isPlaced: whether the model says itself where the file goes, which nobody knows before.
    /// - Throws: `StorageError`.
    package func checkFileName(_ name: String, isPlaced: Bool) throws {
        guard let storage = try? Storages.current[storageAlias] else { return }
        if isPlaced {
            _ = try storage.validName(name)
        } else {
            let wished = try generateFilename(name, placing: nil, storage)
            try storage.checkLength(of: wished, maxLength: maxLength)
        }
    }

    /// The folder with the day in place of `%Y/%m/%d`, by the clock of the site's zone.
    private static func dated(_ folder: String) -> String {
        guard folder.utf8.contains(UInt8(ascii: "%")),
            let now = LocalDateTime(microsecondsSince1970: UnixTime.microseconds, in: .ofSite)
        else { return folder }
        return DateInputFormat(folder).text(of: now)
    }

    /// A text among the further options; nil where it is not there or empty.
    fileprivate func text(_ option: String) -> String? {
        guard case .text(let text)? = customOptions[option], !text.isEmpty else { return nil }
        return text
    }
}

extension UnixTime {
    /// Whole microseconds since 1970.
    fileprivate static var microseconds: Int {
        let (seconds, attoseconds) = now().components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }
}
