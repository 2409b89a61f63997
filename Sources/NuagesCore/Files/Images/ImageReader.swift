/// Reads an image from anywhere, with no more than a window of it in memory.
struct ImageReader {
    /// The longest piece that is read at once.
    static let windowSize = 65_536

    let size: Int
    private let file: Source?
    private var window: [UInt8]
    private var start = 0

    /// Up to as many bytes from an offset on.
    typealias Source = (_ offset: Int, _ count: Int) throws(TemporaryFileError) -> [UInt8]

    init(_ bytes: [UInt8]) {
        window = bytes
        size = bytes.count
        file = nil
    }

    init(_ file: UploadedFile) {
        if let bytes = file.bytesInMemory {
            self.init(bytes)
        } else {
            self.init(size: file.size) { offset, count throws(TemporaryFileError) in
                try file.bytes(at: offset, count: count)
            }
        }
    }

    init(size: Int, source: @escaping Source) {
        self.size = size
        window = []
        file = source
    }

    /// `count` bytes from `offset` on.
    mutating func bytes(_ offset: Int, _ count: Int) throws(ImageHeaderError) -> ArraySlice<UInt8> {
        guard offset >= 0, count >= 0, count <= size, offset <= size - count else {
            throw .truncated
        }
        if let file, offset < start || offset - start > window.count - count {
            do throws(TemporaryFileError) {
                window = try file(offset, max(count, Self.windowSize))
            } catch {
                throw .unreadable(error)
            }
            start = offset
            guard window.count >= count else { throw .truncated }
        }
        return window[(offset - start)..<(offset - start + count)]
    }

    mutating func byte(_ offset: Int) throws(ImageHeaderError) -> UInt8 {
        let piece = try bytes(offset, 1)
        return piece[piece.startIndex]
    }

    /// A number of `count` bytes, the highest first.
    mutating func big(_ offset: Int, _ count: Int) throws(ImageHeaderError) -> Int {
        try bytes(offset, count).reduce(0) { $0 << 8 | Int($1) }
    }

    /// A number of `count` bytes, the lowest first.
    mutating func little(_ offset: Int, _ count: Int) throws(ImageHeaderError) -> Int {
        try bytes(offset, count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func has(_ text: StaticString, at offset: Int) throws(ImageHeaderError) -> Bool {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard offset <= size - expected.count else { return false }
        return try bytes(offset, expected.count).elementsEqual(expected)
    }

    /// Where `byte` stands next from `offset` on; nil where it does not.
    mutating func next(_ byte: UInt8, from offset: Int) throws(ImageHeaderError) -> Int? {
        var offset = offset
        while offset < size {
            // What is in memory is searched first: a file may be full of the byte.
            _ = try bytes(offset, 1)
            let piece = window[(offset - start)...]
            let index = piece.withUnsafeBytes { $0.firstIndex(of: byte) }
            if let index { return offset + index }
            offset += piece.count
        }
        return nil
    }
}
