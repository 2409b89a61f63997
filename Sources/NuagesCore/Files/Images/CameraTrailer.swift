/// What phones put behind a photo: the film of a moving photo, and the notes of Samsung's.
enum CameraTrailer {
    /// What may stand in the film.
    private static let boxes: Set<String> = [
        "ftyp", "mdat", "moov", "moof", "meta", "free", "skip", "wide", "uuid",
    ]

    /// Where the trailer that begins at an offset ends; the offset itself where there is none.
    static func end(
        _ reader: inout ImageReader,
        from start: Int
    ) throws(ImageHeaderError) -> Int {
        let film = try endOfFilm(&reader, start)
        return try endOfNotes(&reader, film) ?? film
    }

    /// The film is an MP4 up to the notes, or to the file's end.
    private static func endOfFilm(
        _ reader: inout ImageReader,
        _ start: Int
    ) throws(ImageHeaderError) -> Int {
        var offset = start
        guard try ISOBox.type(&reader, offset) == "ftyp" else { return start }
        for index in 0..<1024 {
            let type = try ISOBox.type(&reader, offset)
            guard boxes.contains(type), index == 0 || type != "ftyp" else { break }
            offset = try ISOBox(&reader, offset, reader.size).end
        }
        return offset
    }

    /// The notes are blocks of two zeros, a type and some data, which a list at the file's end gives by
    /// their distance from it: `SEFH`, version, count, entries, length of the list, `SEFT`.
    ///
    /// Nil where there are none, or none that reach from `start` to the list.
    private static func endOfNotes(
        _ reader: inout ImageReader,
        _ start: Int
    ) throws(ImageHeaderError) -> Int? {
        let size = reader.size
        guard size - start >= 20, try reader.has("SEFT", at: size - 4) else { return nil }
        let length = try reader.little(size - 8, 4)
        let list = size - 8 - length
        guard length >= 12, list >= start, try reader.has("SEFH", at: list) else { return nil }
        let count = try reader.little(list + 8, 4)
        guard (1...256).contains(count), length == 12 + 12 * count else { return nil }
        var spans: [Range<Int>] = []
        for index in 0..<count {
            let entry = list + 12 + 12 * index
            let (distance, size) = (
                try reader.little(entry + 4, 4), try reader.little(entry + 8, 4)
            )
            guard size >= 8, size <= distance, distance <= list - start else { return nil }
            spans.append((list - distance)..<(list - distance + size))
        }
        spans.sort { $0.lowerBound < $1.lowerBound }
        var offset = spans[0].lowerBound
        guard offset - start <= 65_536, try isZero(&reader, start..<offset) else { return nil }
        for span in spans {
            guard span.lowerBound == offset, try reader.big(offset, 2) == 0 else { return nil }
            offset = span.upperBound
        }
        return offset == list ? size : nil
    }

    private static func isZero(
        _ reader: inout ImageReader,
        _ range: Range<Int>
    ) throws(ImageHeaderError) -> Bool {
        try reader.bytes(range.lowerBound, range.count).allSatisfy { $0 == 0 }
    }
}
