public import NuagesCore

/// An uploaded image.
///
///     @ImageField var cover: UploadedFile    // cover.image?.width, cover.contentType
///
/// Its header is read, and its structure to the end of the file, but no pixel is decoded. The
/// cleaned file has ``/NuagesCore/UploadedFile/image`` and the real
/// ``/NuagesCore/UploadedFile/contentType``. A name or a declared type that is that of another
/// format is refused, as `image_extension` and `image_type`, and so is an image that is beyond
/// ``limits``, as `image_too_large`.
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

    /// The messages of files, `invalid_image`, and those of rules that Django's field does not have.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "invalid_image":
            """
            Upload a valid image. The file you uploaded was either not an image or a corrupted image.
            """
        case "image_too_large": "Upload a smaller image. %(reason)s"
        case "image_extension":
            """
            The file is an image of the format %(format)s, and its name ends as that of another one. \
            Rename it, or upload another image.
            """
        case "image_type":
            """
            The file is an image of the format %(format)s, and was sent as %(type)s. \
            Upload another image.
            """
        default: file.defaultMessage(code)
        }
    }

    /// The file with what its header says, where it is an image.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        guard case .file(let upload) = try file.convert(raw) else { return .none }
        let header: ImageHeader
        do throws(ImageHeaderError) {
            header = try upload.imageHeader(limits: limits, formats: formats)
        } catch {
            throw refusal(error)
        }
        guard !FileType.image(header.format).isContradicted(by: upload.contentType) else {
            throw self.error(
                "image_type",
                [
                    ErrorParameter("format", header.format.rawValue.uppercased()),
                    ErrorParameter("type", upload.contentType),
                ]
            )
        }
        return .file(upload.identified(as: header.mediaType, image: header))
    }

    private func refusal(_ failure: ImageHeaderError) -> ValidationError {
        let reason = [ErrorParameter("reason", failure.description)]
        switch failure {
        case .unreadable(let failure): return file.unreadable(failure)
        case .tooManyPixels, .tooManyFrames: return error("image_too_large", reason)
        default: return error("invalid_image", reason)
        }
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
                    throw error(
                        "image_extension",
                        [ErrorParameter("format", format.rawValue.uppercased())]
                    )
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
