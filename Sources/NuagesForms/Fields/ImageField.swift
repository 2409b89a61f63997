public import NuagesCore

/// An uploaded image.
///
///     @ImageField var cover: UploadedFile    // cover.image?.width, cover.contentType
///
/// Its header is read, and its structure to the end of the file, but no pixel is decoded. The
/// cleaned file has ``/NuagesCore/UploadedFile/image`` and the real
/// ``/NuagesCore/UploadedFile/contentType``. A name or a declared type that is that of another
/// format is refused.
///
/// Django's field asks Pillow.
public struct ImageField: FormField {
    /// The type of the cleaned value.
    public typealias Value = UploadedFile

    /// The rules of any file.
    private var file: FileField
    /// The formats that are accepted: those that browsers show, unless given.
    public var formats: [ImageFormat]
    /// What an image may be.
    public var limits: ImageLimits

    /// What every field has.
    public var options: FieldOptions {
        get { file.options }
        set { file.options = newValue }
    }

    /// An uploaded image.
    ///
    /// - Parameters:
    ///   - formats: the formats that are accepted.
    ///   - limits: what an image may be, such as how many pixels it may have.
    ///   - maxLength: the most code points of the file's name; nil sets no limit.
    ///   - allowEmptyFile: whether a file without contents is an image that is broken, rather than
    ///     an empty file.
    public init(
        formats: [ImageFormat] = ImageFormat.web,
        limits: ImageLimits = ImageLimits(),
        maxLength: Int? = nil,
        allowEmptyFile: Bool = false
    ) {
        self.formats = formats
        self.limits = limits
        file = FileField(maxLength: maxLength, allowEmptyFile: allowEmptyFile)
    }

    /// An input that shows the stored file and offers to remove it.
    public var defaultWidget: any Widget { file.defaultWidget }

    /// The messages of files and `invalid_image`.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        code == "invalid_image"
            ? """
            Upload a valid image. The file you uploaded was either not an image or a corrupted image.
            """
            : file.defaultMessage(code)
    }

    /// The file with what its header says, where it is an image.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        guard case .file(let upload) = try file.convert(raw) else { return .none }
        let header: ImageHeader
        do throws(ImageHeaderError) {
            header = try upload.imageHeader(limits: limits, formats: formats)
        } catch {
            if case .unreadable(let failure) = error { throw file.unreadable(failure) }
            throw invalid(error.description)
        }
        guard !FileType.image(header.format).isContradicted(by: upload.contentType) else {
            throw invalid("It is declared as another type.")
        }
        return .file(upload.identified(as: header.mediaType, image: header))
    }

    private func invalid(_ reason: String) -> ValidationError {
        error("invalid_image", [ErrorParameter("reason", reason)])
    }

    /// The endings of the accepted formats, and that of the format which the file has.
    public var ownValidators: [FieldValidator] {
        let endings = FileExtensionValidator(
            allowedExtensions: formats.flatMap(\.extensions).sorted()
        )
        return [
            FieldValidator { (value: FormValue) throws(ValidationError) in
                guard case .file(let file) = value else { return }
                try endings.validate(file.name)
                guard let format = file.image?.format else { return }
                guard file.hasExtension(of: format) else {
                    throw invalid("Its name ends as that of another format.")
                }
            }
        ]
    }

    /// The image; false where it is to be removed, the initial value where none was sent.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        try file.clean(raw, initial: initial, by: self)
    }

    /// The initial value: browsers cannot show a file that was chosen.
    public func boundValue(_ data: FormValue, initial: FormValue) -> FormValue { initial }

    /// `accept="image/*"`, so that phones offer their camera.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        guard widget is FileInput, widget.options.attributes["accept"] == nil else { return [:] }
        return ["accept": "image/*"]
    }

    /// Whether anything was sent.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        file.hasChanged(initial: initial, data: data)
    }
}
