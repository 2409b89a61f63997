import Nuages

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StoredFile: UploadPlacing {
    /// A name that nobody can guess or choose: random bits and the ending, where that is one of plain
    /// letters.
    func uploadTo(_ field: String, _ fileName: String) throws -> String {
        UUID().uuidString.lowercased() + Self.ending(of: fileName)
    }

    /// `.png` of `photo.png`; nothing for an ending of other bytes than letters and digits.
    private static func ending(of name: String) -> String {
        let parts = name.utf8.split(separator: UInt8(ascii: "."))
        guard parts.count > 1, let last = parts.last, last.count <= 8,
            let text = String(validating: last, as: UTF8.self), text.utf8.allSatisfy(isPlain)
        else { return "" }
        return "." + text.lowercased()
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// Shows the form, and keeps what is sent by it.
func upload(_ request: Request) async throws -> Response {
    guard request.method == .post else {
        return try await render(request, "gauntlet/upload.html", ["form": UploadForm.unbound()])
    }
    switch try await UploadForm.bind(request) {
    case .valid(let form):
        var stored = StoredFile(
            name: form.file.name,
            storedName: FieldFile(form.file),
            contentType: form.file.contentType,
            size: form.file.size
        )
        try await stored.save()
        return try await render(request, "gauntlet/uploaded.html", ["file": stored])
    case .invalid(let form):
        return try await render(request, "gauntlet/upload.html", ["form": form])
    }
}

/// A file that somebody uploaded: always as a download, and never as a page of this site.
func media(_ request: Request, name: String) async throws -> Response {
    let named = StoredFile.objects.filter { $0.storedName.fileName == name }
    guard let stored = try await named.first() else {
        throw HTTPError.notFound("There is no such file.")
    }
    let view = MediaView(storage: DefaultStorage(), access: .allowed { _, _ in })
    var response = try await view.response(to: request, name: stored.storedName.name)
    // Also an image, which the view would show, and by the name that its sender gave it.
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = HeaderText.contentDisposition(
        isAttachment: true,
        fileName: stored.name
    )
    return response
}

/// Sends one of the files in the folder `downloads`, named by the query.
func download(_ request: Request) async throws -> Response {
    let folder = sourceDirectory() + "/downloads"
    let known = try FileManager.default.contentsOfDirectory(atPath: folder)
    // The name is looked up among those that are there; it is never made a path of.
    guard let wanted = request.query["name"],
        let name = known.first(where: { $0.utf8.elementsEqual(wanted.utf8) })
    else { throw HTTPError.notFound("There is no such download.") }
    return try .file(folder + "/" + name, for: request, isAttachment: true)
}
