extension ImageFile {
    /// The most boxes that are looked at on one level.
    private static let maxBoxes = 1024
    /// What may stand on the outermost level.
    private static let topLevel: Set<String> = [
        "ftyp", "meta", "mdat", "free", "skip", "wide", "uuid", "idat", "mpvd",
    ]
    /// The tracks of sequences, whose frames and sizes nobody has counted.
    private static let films: Set<String> = ["moov", "moof"]
    /// How many properties all items may have together.
    private static let maxAssociations = 65_536

    /// The boxes of AVIF and HEIC, whose size is that of the primary item.
    ///
    /// Source: ISO/IEC 14496-12 (boxes), 23008-12 (HEIF).
    mutating func readISO(_ reader: inout ImageReader) throws(ImageHeaderError) {
        var hasData = false
        var boxes = 0
        var offset = 0
        while offset < reader.size {
            guard boxes < Self.maxBoxes else { throw .malformed("there are too many boxes") }
            let type = try ISOBox.type(&reader, offset)
            if boxes == 0, type != "ftyp" { throw .malformed("the file type is missing") }
            if Self.films.contains(type) { throw .malformed("films are no images") }
            // Neither is a second file.
            guard Self.topLevel.contains(type), boxes == 0 || type != "ftyp" else {
                try checkEnd(&reader, at: offset)
                break
            }
            let box = try ISOBox(&reader, offset, reader.size)
            switch box.type {
            case "meta":
                guard width == 0 else { throw .malformed("there are two lists of items") }
                try readMeta(&reader, box)
            case "mdat", "idat": hasData = true
            default: break
            }
            boxes += 1
            offset = box.end
        }
        guard width > 0 else { throw .malformed("the size is missing") }
        guard hasData || hasInlineData else { throw .truncated }
    }

    private mutating func readMeta(
        _ reader: inout ImageReader,
        _ meta: ISOBox
    ) throws(ImageHeaderError) {
        var primary = 0
        var properties: [(type: String, width: Int, height: Int)] = []
        var associations: [Int: [Int]] = [:]
        var budget = Self.maxAssociations
        for box in try Self.boxes(&reader, meta.body + 4, meta.end) {
            switch box.type {
            case "pitm":
                let isShort = try reader.byte(box.body) == 0
                primary = try reader.big(box.body + 4, isShort ? 2 : 4)
            case "idat": hasInlineData = true
            case "iprp":
                for inner in try Self.boxes(&reader, box.body, box.end) {
                    if inner.type == "ipco" {
                        properties = try readProperties(&reader, inner)
                    } else if inner.type == "ipma" {
                        try Self.readAssociations(&reader, inner, &associations, &budget)
                    }
                }
            default: break
            }
        }
        let sizes = (associations[primary] ?? []).compactMap { index in
            (1...max(1, properties.count)).contains(index) && !properties.isEmpty
                ? properties[index - 1] : nil
        }.filter { $0.type == "ispe" }
        guard sizes.count == 1 else { throw .malformed("the size of the image is missing") }
        try setSize(sizes[0].width, sizes[0].height)
    }

    /// The properties of all items; every size among them may be decoded.
    private func readProperties(
        _ reader: inout ImageReader,
        _ container: ISOBox
    ) throws(ImageHeaderError) -> [(type: String, width: Int, height: Int)] {
        var properties: [(type: String, width: Int, height: Int)] = []
        for box in try Self.boxes(&reader, container.body, container.end) {
            guard box.type == "ispe" else {
                properties.append((box.type, 0, 0))
                continue
            }
            guard box.end - box.body >= 12 else { throw .truncated }
            let (width, height) = (try reader.big(box.body + 4, 4), try reader.big(box.body + 8, 4))
            try check(width, height)
            properties.append((box.type, width, height))
        }
        return properties
    }

    /// Which item has which properties.
    private static func readAssociations(
        _ reader: inout ImageReader,
        _ box: ISOBox,
        _ associations: inout [Int: [Int]],
        _ budget: inout Int
    ) throws(ImageHeaderError) {
        let isShort = try reader.byte(box.body) == 0
        let isWide = try reader.byte(box.body + 3) & 1 == 1
        let count = try reader.big(box.body + 4, 4)
        guard count <= 4096 else { throw .malformed("there are too many items") }
        var offset = box.body + 8
        for _ in 0..<count {
            let item = try reader.big(offset, isShort ? 2 : 4)
            offset += isShort ? 2 : 4
            let length = Int(try reader.byte(offset))
            offset += 1
            guard length < budget else { throw .malformed("there are too many properties") }
            budget -= length + 1
            var list: [Int] = []
            for _ in 0..<length {
                list.append(
                    isWide
                        ? try reader.big(offset, 2) & 0x7FFF : Int(try reader.byte(offset) & 0x7F)
                )
                offset += isWide ? 2 : 1
            }
            guard offset <= box.end else { throw .truncated }
            associations[item] = list
        }
    }

    private static func boxes(
        _ reader: inout ImageReader,
        _ start: Int,
        _ end: Int
    ) throws(ImageHeaderError) -> [ISOBox] {
        var boxes: [ISOBox] = []
        var offset = start
        while offset < end {
            guard boxes.count < maxBoxes else { throw .malformed("there are too many boxes") }
            let box = try ISOBox(&reader, offset, end)
            boxes.append(box)
            offset = box.end
        }
        return boxes
    }
}

/// One box: where its contents begin and end.
struct ISOBox {
    let type: String
    let body: Int
    let end: Int

    /// The type of the box at an offset; empty where too little is left for one.
    static func type(
        _ reader: inout ImageReader,
        _ offset: Int
    ) throws(ImageHeaderError) -> String {
        guard offset <= reader.size - 8 else { return "" }
        return String(decoding: try reader.bytes(offset + 4, 4), as: UTF8.self)
    }

    init(_ reader: inout ImageReader, _ offset: Int, _ limit: Int) throws(ImageHeaderError) {
        let short = try reader.big(offset, 4)
        type = try Self.type(&reader, offset)
        let header = short == 1 ? 16 : 8
        var length = short
        if short == 0 { length = limit - offset }
        if short == 1 {
            guard try reader.byte(offset + 8) == 0 else { throw .truncated }
            length = try reader.big(offset + 8, 8)
        }
        guard length >= header else { throw .malformed("a box is too short") }
        guard length <= limit - offset else { throw .truncated }
        body = offset + header
        end = offset + length
    }
}
