import Foundation
import NuagesCore
import NuagesForms
import Testing

@Form
private struct CoverForm {
    @ImageField(limits: ImageLimits(maxPixels: 100)) var cover: UploadedFile
    @FileField(accept: [.pdf, .text], required: false) var letter: UploadedFile?
    @ImageField(required: false) var avatar: FileChange
}

@Suite struct ImageFieldTests {
    private static let png =
        Base64URL.decode(
            """
            iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA\
            AABJRU5ErkJggg
            """
        ) ?? []

    private static let invalid =
        "error: invalid_image: Upload a valid image. The file you uploaded was either not an image "
        + "or a corrupted image."

    private static func file(_ name: String, _ type: String, _ bytes: [UInt8]) -> FormValue {
        .file(UploadedFile(name: name, contentType: type, bytes: bytes))
    }

    @Test func knowsTheSizeAndTheRealType() throws {
        for type in ["text/plain", "image/png", "image/x-png", "application/octet-stream", ""] {
            let value = try ImageField().clean(Self.file("a.PNG", type, Self.png))
            let file = try #require(UploadedFile(formValue: value))
            #expect(file.contentType == "image/png")
            #expect([file.image?.width, file.image?.height] == [1, 1])
            #expect(file.bytesInMemory == Self.png)
        }
    }

    /// Django takes them; each says what is wrong with it.
    @Test(arguments: [
        ("a.png", "image/jpeg"), ("a.png", "text/html"), ("a.png", "application/pdf"),
    ])
    func refusesTypesOfOtherFormats(_ name: String, _ type: String) {
        #expect(
            cleaned(ImageField(), Self.file(name, type, Self.png))
                == "error: image_type: The file is an image of the format PNG, and was sent as "
                + "\(type). Upload another image."
        )
    }

    @Test(arguments: [("a.jpg", "image/png"), ("a.gif", "")])
    func refusesNamesOfOtherFormats(_ name: String, _ type: String) {
        #expect(
            cleaned(ImageField(), Self.file(name, type, Self.png))
                == "error: image_extension: The file is an image of the format PNG, and its name "
                + "ends as that of another one. Rename it, or upload another image."
        )
    }

    @Test func messagesOfItsOwnRulesCanBeReplaced() {
        let field = ImageField().errorMessages(["image_extension": "A %(format)s, please rename."])
        #expect(
            cleaned(field, Self.file("a.jpg", "", Self.png))
                == "error: image_extension: A PNG, please rename."
        )
    }

    @Test(arguments: ["a.txt", "a.png.html", "a.svg", "png", "a.png.", ".png"])
    func refusesEndingsThatAreNone(_ name: String) {
        let answer = cleaned(ImageField(), Self.file(name, "image/png", Self.png))
        #expect(answer.contains("error: invalid_extension: File extension"))
    }

    @Test func refusesWhatIsNoImage() {
        let page = Array("<script>alert(1)</script>".utf8)
        for bytes in [page, Self.png + page, Array(Self.png.dropLast(12)), Array("GIF89a".utf8)] {
            #expect(cleaned(ImageField(), Self.file("a.png", "image/png", bytes)) == Self.invalid)
        }
        var bomb = Self.png
        for index in 16..<24 { bomb[index] = 0x7F }
        #expect(
            cleaned(ImageField(), Self.file("a.png", "image/png", bomb))
                .hasPrefix("error: image_too_large: Upload a smaller image. The image has ")
        )
        let svg = Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8)
        #expect(cleaned(ImageField(), Self.file("a.svg", "image/svg+xml", svg)) == Self.invalid)
        #expect(
            cleaned(ImageField(), Self.file("a.png", "", []))
                == "error: empty: The submitted file is empty."
        )
        #expect(cleaned(ImageField(), .none) == "error: required: This field is required.")
    }

    @Test func takesTheFormatsThatAreGiven() {
        let field = ImageField(formats: [.jpeg])
        #expect(cleaned(field, Self.file("a.png", "image/png", Self.png)) == Self.invalid)
    }

    @Test func readsNoMoreOfOtherFormatsThanItMust() {
        // A TIFF that ends behind its signature is refused for what it is, not for how it ends.
        let field = ImageField()
        let tiff = Self.file("a.tif", "image/tiff", [0x49, 0x49, 0x2A, 0])
        do {
            _ = try field.clean(tiff)
            Issue.record("It was taken.")
        } catch {
            #expect("\(error.items.first?.parameters ?? [])".contains("tiff is not accepted"))
        }
    }

    #if os(Linux)
    @Test func aFailingDiskIsNobodysMistake() throws {
        let disk = try TemporaryFile(directory: nil)
        try disk.write(Self.png[...])
        let file = UploadedFile(
            name: "a.png",
            contentType: "image/png",
            contentTypeParameters: [],
            file: disk,
            size: Self.png.count
        )
        // A folder in the place of the file cannot be read.
        let list = "/proc/self/fd/"
        for name in try FileManager.default.contentsOfDirectory(atPath: list) {
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: list + name)
            guard path == disk.path, let number = Int32(name) else { continue }
            let folder = open("/tmp", O_RDONLY | O_DIRECTORY)
            dup2(folder, number)
            close(folder)
        }
        let unreadable = "error: unreadable: The file could not be read. Please try again later."
        #expect(cleaned(ImageField(), .file(file)) == unreadable)
        #expect(cleaned(FileField(accept: [.png]), .file(file)) == unreadable)
    }
    #endif

    @Test func keepsTheInitialFile() throws {
        let stored = FormValue.storedFile(.init(name: "a.png", url: "/a.png"))
        let kept = try ImageField().clean(.none, initial: stored)
        guard case .storedFile = kept else {
            Issue.record("\(kept)")
            return
        }
    }

    @Test func showsWhatItAccepts() throws {
        var form = DynamicForm()
        form.add("cover", ImageField())
        form.add("letter", FileField(accept: [.pdf, .docx]))
        let page = "\(form.unbound().asP)"
        #expect(page.contains(#"<input type="file" name="cover" accept="image/*" required"#))
        #expect(page.contains(#"accept=".pdf,.docx""#))
    }

    @Test(arguments: [
        ("a.pdf", "application/pdf", "%PDF-1.7 x\n%%EOF", true),
        ("a.txt", "text/plain", "Grüße", true), ("a.txt", "", "a\0", false),
        ("a.txt", "text/html", "<p>", false), ("a.pdf", "application/pdf", "<p>", false),
        ("a.exe", "application/pdf", "%PDF-1.7 x\n%%EOF", false),
        ("a.pdf.exe", "", "%PDF-1.7 x\n%%EOF", false), ("a.html", "text/plain", "x", false),
    ])
    func takesFilesByTheirContents(
        _ name: String,
        _ type: String,
        _ content: String,
        _ isTaken: Bool
    ) {
        let field = FileField(accept: [.pdf, .text])
        let answer = cleaned(field, Self.file(name, type, Array(content.utf8)))
        let refusal =
            "error: invalid_type: Files of this type are not accepted. Accepted types are: "
            + "pdf, txt, text, log."
        #expect(answer == (isTaken ? name : refusal))
    }

    @Test func isAFieldOfForms() throws {
        let fields = CoverForm.form.dynamic.entries.map(\.name)
        #expect(fields == ["cover", "letter", "avatar"])
    }
}

/// What the cases of Django's fields and validators ask for, which no document of JSON has.
@Suite struct NonFiniteTests {
    @Test(arguments: [
        ("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf"), ("1e999", "inf"),
    ])
    func areReadAsNumbers(_ text: String, _ expected: String) throws {
        guard case .double(let number) = try JSONField().clean(.string(text)) else {
            Issue.record("no number")
            return
        }
        #expect("\(number)" == expected)
    }

    @Test(arguments: ["nan", "NaNx", "-NaN", "Infinit", "[NaN", "+Infinity", "-"])
    func otherWordsAreNone(_ text: String) {
        #expect(cleaned(JSONField(), .string(text)) == "error: invalid: Enter a valid JSON.")
    }

    @Test func areShownAsTheyWere() throws {
        let value = try JSONField().clean("[NaN, -Infinity, 1.5]")
        guard case .string(let text) = JSONField().prepare(value) else {
            Issue.record("no text")
            return
        }
        #expect(text == "[NaN, -Infinity, 1.5]")
        #expect((try? JSONValue(parsing: text)) == nil)
    }
}

@Suite struct BaseValidatorTests {
    private static func text<Value>(_ validator: BaseValidator<Value>, _ value: Value) -> String {
        do throws(ValidationError) {
            try validator.validate(value)
            return "valid"
        } catch {
            return error.items.map { "\($0.code): \($0.text)" }.joined()
        }
    }

    @Test func comparesWithItsLimit() {
        #expect(Self.text(BaseValidator(true), true) == "valid")
        #expect(
            Self.text(BaseValidator(true), false)
                == "limit_value: Ensure this value is True (it is False)."
        )
        let even = BaseValidator(2, code: "even", message: "Not a multiple of %(limit_value)s.") {
            $0 % $1 != 0
        }
        #expect(Self.text(even, 4) == "valid")
        #expect(Self.text(even, 5) == "even: Not a multiple of 2.")
    }
}
