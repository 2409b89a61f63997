import NuagesCore
import NuagesFiles
import NuagesORM

@Model(app: "gallery")
struct Picture {
    @Field(maxLength: 20, unique: true) var title: String
    @Field(uploadTo: "covers/%Y", widthField: "width", heightField: "height")
    var cover: ImageFieldFile?
    var width: Int?
    var height: Int?
    @Field(uploadTo: "papers", storage: "private") var paper: FieldFile = FieldFile()
}

@Model(app: "gallery")
struct Report {
    @Field(maxLength: 20) var owner: String
    @Field(maxLength: 40, deletesReplaced: true) var file: FieldFile?
}

extension Report: UploadPlacing {
    func uploadTo(_ field: String, _ fileName: String) throws -> String {
        "\(owner)/\(field)/\(fileName)"
    }
}

/// A tall picture, 640 pixels wide, as far as its header says.
enum Samples {
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 2, 0x80, 0, 0, 4, 0, 8, 2, 0, 0, 0, 0xFE, 0xCF, 0x7F, 0x96, 0, 0, 0, 1]
        + Array("IDAT".utf8) + [0, 0x28, 0x38, 0x7D, 0xE8, 0, 0, 0, 0]
        + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]

    static func upload(_ name: String, _ bytes: [UInt8] = png) -> UploadedFile {
        UploadedFile(name: name, contentType: "image/png", bytes: bytes)
    }
}
