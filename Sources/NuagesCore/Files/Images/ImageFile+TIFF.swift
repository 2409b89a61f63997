extension ImageFile {
    /// How many entries and pieces of data all directories may have together.
    private static let maxTIFFNumbers = 262_144

    /// The directories of a TIFF, each of which is an image; the first one's size counts.
    ///
    /// Source: TIFF, revision 6.0.
    mutating func readTIFF(_ reader: inout ImageReader) throws(ImageHeaderError) {
        guard let order = try TIFFOrder(&reader, 0) else { throw .unknownFormat }
        var offset = try order.number(&reader, 4, 4)
        var seen: Set<Int> = []
        var budget = Self.maxTIFFNumbers
        while offset != 0 {
            guard offset >= 8, seen.insert(offset).inserted else {
                throw .malformed("the directories of a TIFF go round in circles")
            }
            try setFrameCount(seen.count)
            let directory = try TIFFDirectory(&reader, order, offset, &budget)
            guard let columns = directory.width, let rows = directory.height else {
                throw .malformed("the size of a TIFF is missing")
            }
            if seen.count == 1 {
                try setSize(columns, rows)
                orientation = directory.orientation ?? 1
            } else {
                try check(columns, rows)
            }
            offset = directory.next
        }
        guard !seen.isEmpty else { throw .malformed("a TIFF has no directory") }
    }
}

/// One directory of a TIFF: what it says of its image.
private struct TIFFDirectory {
    private(set) var width: Int?
    private(set) var height: Int?
    private(set) var orientation: Int?
    let next: Int
    private var offsets: TIFFNumbers?
    private var lengths: TIFFNumbers?

    init(
        _ reader: inout ImageReader,
        _ order: TIFFOrder,
        _ start: Int,
        _ budget: inout Int
    ) throws(ImageHeaderError) {
        let count = try order.number(&reader, start, 2)
        guard (1...4096).contains(count) else { throw .malformed("a TIFF says nothing") }
        try Self.spend(count, of: &budget)
        next = try order.number(&reader, start + 2 + 12 * count, 4)
        for index in 0..<count {
            let entry = start + 2 + 12 * index
            let tag = try order.number(&reader, entry, 2)
            guard let numbers = try TIFFNumbers(&reader, order, entry) else { continue }
            switch tag {
            case 256: width = try numbers.single(&reader)
            case 257: height = try numbers.single(&reader)
            case 274: orientation = try numbers.single(&reader)
            case 273, 324: offsets = numbers
            case 279, 325: lengths = numbers
            default: break
            }
        }
        if let orientation, !(1...8).contains(orientation) { self.orientation = nil }
        try checkData(&reader, &budget)
    }

    /// Directories may share their lists, so that a short file could be read for hours.
    private static func spend(_ count: Int, of budget: inout Int) throws(ImageHeaderError) {
        guard count <= budget else { throw .malformed("a TIFF has too many parts") }
        budget -= count
    }

    /// Refuses an image whose data lies outside the file.
    private func checkData(
        _ reader: inout ImageReader,
        _ budget: inout Int
    ) throws(ImageHeaderError) {
        guard let offsets, let lengths, offsets.count == lengths.count else {
            throw .malformed("a TIFF has no image data")
        }
        try Self.spend(offsets.count, of: &budget)
        for start in stride(from: 0, to: offsets.count, by: 4096) {
            let range = start..<min(start + 4096, offsets.count)
            // One list after the other: on disk they may lie far apart.
            let places = try offsets.numbers(&reader, range)
            for (offset, length) in zip(places, try lengths.numbers(&reader, range)) {
                guard offset <= reader.size, length <= reader.size - offset else {
                    throw .truncated
                }
            }
        }
    }
}

/// The numbers of one entry of a directory.
private struct TIFFNumbers {
    let count: Int
    private let order: TIFFOrder
    private let size: Int
    private let start: Int

    /// Nil where the entry is of another type than whole numbers.
    init?(
        _ reader: inout ImageReader,
        _ order: TIFFOrder,
        _ entry: Int
    ) throws(ImageHeaderError) {
        switch try order.number(&reader, entry + 2, 2) {
        case 3: size = 2
        case 4: size = 4
        default: return nil
        }
        self.order = order
        count = try order.number(&reader, entry + 4, 4)
        guard count > 0, count <= reader.size / size else { return nil }
        let isInside = count * size <= 4
        start = isInside ? entry + 8 : try order.number(&reader, entry + 8, 4)
    }

    /// The only number; nil where there are several.
    func single(_ reader: inout ImageReader) throws(ImageHeaderError) -> Int? {
        count == 1 ? try order.number(&reader, start, size) : nil
    }

    func numbers(
        _ reader: inout ImageReader,
        _ range: Range<Int>
    ) throws(ImageHeaderError) -> [Int] {
        var numbers: [Int] = []
        numbers.reserveCapacity(range.count)
        for index in range {
            numbers.append(try order.number(&reader, start + index * size, size))
        }
        return numbers
    }
}
