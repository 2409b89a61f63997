internal import NuagesCore

/// What a form has cost so far.
struct FormUsage {
    /// The bytes of all that is no file.
    var memorySize = 0
    /// The bytes of files, as they were before a filter changed them.
    var fileSize = 0
}

/// The part of a multipart body that is being read.
enum MultipartPart {
    /// A part that is no field and no file.
    case ignored
    /// A file that nobody reads: it is counted.
    case skipped(Base64Stream?)
    case field(MultipartField)
    case file(MultipartFile)

    mutating func append(
        _ bytes: ArraySlice<UInt8>,
        _ limits: FormLimits,
        _ usage: inout FormUsage
    ) async throws {
        switch self {
        case .ignored: break
        case .skipped(var decoder):
            usage.fileSize += decoder?.decode(bytes)?.count ?? bytes.count
            self = .skipped(decoder)
        case .field(var field):
            // Emptied first, so that the bytes of `field` are not shared while they grow.
            self = .ignored
            usage.memorySize += bytes.count
            guard usage.memorySize <= limits.maxMemorySize else {
                throw HTTPError.contentTooLarge(limit: limits.maxMemorySize)
            }
            field.bytes += bytes
            self = .field(field)
        case .file(var file):
            self = .ignored
            let before = file.size
            do {
                try await file.append(bytes, limits)
            } catch {
                await file.receiver.cancel()
                usage.fileSize += file.size - before
                guard error is SkipFile else { throw error }
                self = .skipped(file.decoder)
                return
            }
            usage.fileSize += file.size - before
            self = .file(file)
        }
    }
}

/// A field of a multipart form.
struct MultipartField {
    let name: String
    let isBase64: Bool
    var bytes: [UInt8] = []

    func value(in charset: Charset) throws(HTTPError) -> String {
        var content = bytes
        if isBase64 {
            var decoder = Base64Stream()
            // Django keeps a field as it is where it is no Base64.
            if let decoded = decoder.decode(bytes[...]), decoder.isComplete { content = decoded }
        }
        guard let text = charset.decode(content) else {
            throw .badRequest("A field of the form is not valid \(charset.name).")
        }
        return text
    }
}

/// A file of a multipart form, on its way to whoever receives it.
struct MultipartFile {
    let field: String
    let name: String
    let contentType: String
    var receiver: any UploadReceiver
    private(set) var decoder: Base64Stream?
    /// The bytes so far, decoded.
    private(set) var size = 0
    /// The first bytes, until there are enough of them to see what the file is.
    private var head: [UInt8] = []
    private var isSeen = false

    init(_ upload: Upload, receiver: any UploadReceiver, isBase64: Bool) {
        field = upload.fieldName
        name = upload.fileName
        contentType = upload.contentType
        self.receiver = receiver
        decoder = isBase64 ? Base64Stream() : nil
    }

    mutating func append(_ chunk: ArraySlice<UInt8>, _ limits: FormLimits) async throws {
        guard decoder != nil else { return try await store(chunk, limits) }
        guard let decoded = decoder?.decode(chunk) else { throw Self.badBase64 }
        try await store(decoded[...], limits)
    }

    private mutating func store(_ chunk: ArraySlice<UInt8>, _ limits: FormLimits) async throws {
        guard !chunk.isEmpty else { return }
        size += chunk.count
        if let limit = limits.maxFileSize, size > limit {
            throw HTTPError.contentTooLarge(limit: limit)
        }
        if limits.refusesMislabeledImages, !isSeen {
            head += chunk.prefix(FileSignature.length - head.count)
            if head.count >= FileSignature.length { try look() }
        }
        try await receiver.receiveInPieces(chunk)
    }

    /// Refuses a file that is no image though it is declared as one.
    private mutating func look() throws {
        isSeen = true
        guard FileSignature.contradicts(contentType, head) else { return }
        throw HTTPError.suspicious(
            .suspiciousFile,
            "A file was declared as '\(LogText.escape(contentType, limit: 64))' and is none."
        )
    }

    mutating func finish(_ limits: FormLimits) async throws -> UploadedFile? {
        do {
            if let decoder, !decoder.isComplete { throw Self.badBase64 }
            if limits.refusesMislabeledImages, !isSeen { try look() }
            return try await receiver.finish()
        } catch {
            await receiver.cancel()
            throw error
        }
    }

    private static let badBase64 = HTTPError.badRequest("Could not decode base64 data.")
}

/// Decodes Base64 piece by piece, passing over white space.
struct Base64Stream {
    private var word: UInt32 = 0
    private var bits = 0
    private var count = 0
    private var padding = 0

    /// The bytes of the next piece; nil where it is no Base64.
    mutating func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3 + 3)
        for byte in text {
            if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { continue }
            if byte == 0x3D {
                padding += 1
                continue
            }
            guard padding == 0, let value = Self.value(of: byte) else { return nil }
            count &+= 1
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
                word &= (1 << UInt32(bits)) &- 1
            }
        }
        return output
    }

    /// Whether the text so far is whole: groups of four with the right padding.
    var isComplete: Bool {
        count % 4 == 0 ? padding == 0 : (count + padding) % 4 == 0 && padding < 3
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character &- 0x41
        case 0x61...0x7A: character &- 0x61 &+ 26
        case 0x30...0x39: character &- 0x30 &+ 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}

/// Finds a byte string in a buffer, skipping ahead by its last byte (Horspool).
struct ByteSearch {
    let needle: [UInt8]
    private let skips: [Int]

    init(_ needle: [UInt8]) {
        self.needle = needle
        var skips = Array(repeating: needle.count, count: 256)
        for (index, byte) in needle.dropLast().enumerated() {
            skips[Int(byte)] = needle.count - 1 - index
        }
        self.skips = skips
    }

    func first(in haystack: [UInt8], from start: Int) -> Int? {
        haystack.withUnsafeBufferPointer { bytes in
            let last = needle.count - 1
            var offset = start
            while offset + last < bytes.count {
                let byte = bytes[offset + last]
                if byte == needle[last], matches(bytes, at: offset) { return offset }
                offset += skips[Int(byte)]
            }
            return nil
        }
    }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        for index in needle.indices where bytes[offset + index] != needle[index] { return false }
        return true
    }
}
