import Dispatch
import NuagesCore
import Synchronization

@testable import NuagesHTTP

/// Multipart bodies: where they are cut into pieces must not matter.
enum MultipartTarget {
    static func run(_ data: [UInt8]) {
        guard let first = data.first else { return }
        let input = Array(data.dropFirst())
        let whole = parse(input, piece: max(1, input.count))
        let split = parse(input, piece: 1 + Int(first & 63))
        require(
            whole.elementsEqual(split) { $0.equalsBytes($1) },
            "The parts give \(split), the whole \(whole)."
        )
    }

    private static func parse(_ input: [UInt8], piece: Int) -> [String] {
        let result = Mutex<[String]>([])
        let done = DispatchSemaphore(value: 0)
        // Runs to its end at once: nothing here waits, and a change of threads takes longer than it.
        Task.immediateDetached {
            let parts = await parts(of: input, piece: piece)
            result.withLock { $0 = parts }
            done.signal()
        }
        done.wait()
        return result.withLock { $0 }
    }

    private static func parts(of input: [UInt8], piece: Int) async -> [String] {
        var limits = FormLimits()
        limits.maxFields = 8
        limits.maxFiles = 4
        limits.maxMemorySize = 256
        do {
            var parser = try MultipartParser(
                contentType: "multipart/form-data; boundary=b",
                limits: limits
            )
            var start = 0
            while start < input.count {
                let end = min(input.count, start + piece)
                try await parser.consume(Array(input[start..<end]))
                start = end
            }
            return text(try await parser.finish())
        } catch {
            return ["refused"]
        }
    }

    private static func text(_ form: FormData) -> [String] {
        let fields = form.fields.entries.flatMap { [$0.name] + $0.values }
        let files = form.files.entries.flatMap { entry in
            entry.files.map { file in
                require(
                    !file.name.utf8.contains { $0 == 0x2F || $0 == 0 },
                    "A file may be called \(file.name)."
                )
                let bytes = String(decoding: file.bytesInMemory ?? [], as: UTF8.self)
                return "\(entry.name) \(file.name) \(file.contentType) \(file.size) \(bytes)"
            }
        }
        return fields + files
    }
}

/// Query strings and urlencoded forms: what was read can be written and read again.
enum QueryTarget {
    static func run(_ data: [UInt8]) {
        guard let first = data.first else { return }
        let mode: QueryDict.InvalidUTF8 = first & 1 == 0 ? .refuse : .replace
        guard
            let query = try? QueryDict(
                query: data.dropFirst(),
                maxFields: 64,
                allowsNUL: first & 2 == 0,
                invalidUTF8: mode
            )
        else { return }
        var parts: [String] = []
        for entry in query.entries {
            require(query[entry.name] != nil, "A name is not found: \(entry.name).")
            for value in entry.values {
                parts.append(
                    "\(PercentCoding.encodeForm(entry.name))=\(PercentCoding.encodeForm(value))"
                )
            }
        }
        let again = try? QueryDict(query: parts.joined(separator: "&"), allowsNUL: true)
        require(
            again?.entries.elementsEqual(query.entries) { left, right in
                left.name.equalsBytes(right.name)
                    && left.values.elementsEqual(right.values) { $0.equalsBytes($1) }
            } == true,
            "Written and read again it is \(String(describing: again)), not \(query)."
        )
    }
}

/// `Cookie` fields.
enum CookieTarget {
    static func run(_ data: [UInt8]) {
        guard let text = String(validating: data, as: UTF8.self) else { return }
        let cookies = Cookies(header: text)
        for entry in cookies.entries {
            require(
                cookies[entry.name]?.equalsBytes(entry.value) == true,
                "The cookie \(entry.name) is not found."
            )
        }
        let request = Request(target: "/", headers: ["Cookie": text])
        require(request.cookies.entries.count <= cookies.entries.count, "There are more cookies.")
    }
}

/// JSON: what was read can be written and read again.
enum JSONTarget {
    static func run(_ data: [UInt8]) {
        guard let value = try? JSONValue(parsing: data, maxDepth: 32) else { return }
        let written = value.jsonBytes(style: .compact)
        let again = try? JSONValue(parsing: written, maxDepth: 32)
        require(again?.jsonBytes(style: .compact) == written, "It reads differently when written.")
    }
}

/// Images and archives: what is taken keeps to the limits, in memory and on disk.
enum ImageTarget {
    static func run(_ data: [UInt8]) {
        let file = UploadedFile(name: "a", contentType: "", bytes: data)
        if let header = try? file.imageHeader() {
            require(
                header.width > 0 && header.height > 0
                    && header.width * header.height <= ImageLimits().maxPixels,
                "It has \(header.width) times \(header.height) pixels."
            )
            require((1...8).contains(header.orientation), "It is turned \(header.orientation).")
        }
        for type in [FileType.docx, .odt, .zip, .pdf, .text] { _ = try? type.matches(file) }
        if data.count % 8 == 0 { compare(file, data) }
    }

    /// A file says the same on disk as in memory.
    private static func compare(_ file: UploadedFile, _ data: [UInt8]) {
        guard let disk = try? TemporaryFile(directory: nil), (try? disk.write(data[...])) != nil
        else { return }
        let copy = UploadedFile(
            name: "a",
            contentType: "",
            contentTypeParameters: [],
            file: disk,
            size: data.count
        )
        require((try? copy.imageHeader()) == (try? file.imageHeader()), "It differs on disk.")
        require(
            (try? FileType.zip.matches(copy)) == (try? FileType.zip.matches(file)),
            "The archive differs on disk."
        )
    }
}
