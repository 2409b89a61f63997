import NuagesORM

/// Arrays and ranges, as the server sends them.
extension PostgreSQLRows {
    /// How many dimensions an array has at most.
    private static let maxDimensions = 6

    /// An array in the server's own form: the number of dimensions, their lengths, the elements.
    func array(_ bytes: UnsafeBufferPointer<UInt8>) -> ColumnValue {
        guard bytes.count >= 12 else { return .null }
        let dimensions = Int(Wire.int32(bytes))
        let kind = ColumnKind(UInt32(bitPattern: Wire.int32(bytes, at: 8)))
        // The server has no arrays of arrays: those are dimensions.
        guard dimensions > 0, dimensions <= Self.maxDimensions, kind.isElement,
            bytes.count >= 12 + 8 * dimensions
        else { return kept(ColumnArray([])) }
        var reader = ArrayReader(bytes: bytes, position: 12 + 8 * dimensions)
        let lengths = (0..<dimensions).map { Int(Wire.int32(bytes, at: 12 + 8 * $0)) }
        // An array without elements has no dimensions.
        guard lengths.allSatisfy({ $0 > 0 }) else { return kept(ColumnArray([])) }
        return kept(array(&reader, lengths[...], kind))
    }

    private func array(
        _ reader: inout ArrayReader,
        _ lengths: ArraySlice<Int>,
        _ kind: ColumnKind
    ) -> ColumnArray {
        var elements: [ColumnValue] = []
        var children: [ColumnArray] = []
        for _ in 0..<max(0, lengths.first ?? 0) {
            if reader.isAtEnd { break }
            if lengths.count > 1 {
                let child = array(&reader, lengths.dropFirst(), kind)
                children.append(child)
                elements.append(.array(Unmanaged.passUnretained(child)))
            } else {
                elements.append(reader.next().map { binary($0, kind) } ?? .null)
            }
        }
        return ColumnArray(elements, children: children)
    }

    /// A range in the server's own form: which ends there are and belong to it, then the ends.
    func range(_ bytes: UnsafeBufferPointer<UInt8>, of type: UInt32) -> ColumnValue {
        guard let flags = bytes.first, flags & 0x01 == 0 else {
            return kept(ColumnArray([]), .lowerOnly)
        }
        let kind = ColumnKind(type)
        var reader = ArrayReader(bytes: bytes, position: 1)
        let lower = flags & 0x08 == 0 ? reader.next().map { binary($0, kind) } : nil
        let upper = flags & 0x10 == 0 ? reader.next().map { binary($0, kind) } : nil
        let bounds = RangeBounds(
            includesLower: flags & 0x02 != 0,
            includesUpper: flags & 0x04 != 0
        )
        return kept(ColumnArray([lower ?? .null, upper ?? .null]), bounds)
    }

    // MARK: Text

    /// `{1,NULL,{"a b"}}`, perhaps with its first numbers in front: `[0:1]={1,2}`.
    func arrayText(_ bytes: UnsafeBufferPointer<UInt8>, of type: UInt32) -> ColumnValue {
        let kind = ColumnKind(type)
        var start = 0
        if bytes.first == UInt8(ascii: "["),
            let sign = bytes.firstIndex(of: UInt8(ascii: "="))
        {
            start = sign + 1
        }
        var open: [(elements: [ColumnValue], children: [ColumnArray])] = []
        var reader = TextReader(bytes: bytes, position: start)
        while let token = reader.next(in: scratch) {
            switch token {
            case .open:
                guard open.count < Self.maxDimensions else { return .text(bytes) }
                open.append(([], []))
            case .close:
                guard let last = open.popLast() else { return .text(bytes) }
                let array = ColumnArray(last.elements, children: last.children)
                guard let outer = open.indices.last else { return kept(array) }
                open[outer].children.append(array)
                open[outer].elements.append(.array(Unmanaged.passUnretained(array)))
            case .null:
                guard let top = open.indices.last else { return .text(bytes) }
                open[top].elements.append(.null)
            case .value(let text):
                guard let top = open.indices.last else { return .text(bytes) }
                open[top].elements.append(self.text(text, kind))
            }
        }
        return .text(bytes)
    }

    /// `[1,5)`, `(,"2024-01-01 00:00:00+00"]` or `empty`.
    func rangeText(_ bytes: UnsafeBufferPointer<UInt8>, of type: UInt32) -> ColumnValue {
        guard let first = bytes.first, first != UInt8(ascii: "e"), bytes.count >= 3 else {
            return kept(ColumnArray([]), .lowerOnly)
        }
        let kind = ColumnKind(type)
        var reader = TextReader(bytes: bytes, position: 1)
        let lower = reader.end(before: UInt8(ascii: ","), in: scratch)
        let upper = reader.end(before: bytes[bytes.count - 1], in: scratch)
        let bounds = RangeBounds(
            includesLower: first == UInt8(ascii: "["),
            includesUpper: bytes[bytes.count - 1] == UInt8(ascii: "]")
        )
        return kept(
            ColumnArray([
                lower.map { text($0, kind) } ?? .null, upper.map { text($0, kind) } ?? .null,
            ]),
            bounds
        )
    }

    private func kept(_ array: ColumnArray) -> ColumnValue {
        scratch.keep(array)
        return .array(Unmanaged.passUnretained(array))
    }

    private func kept(_ ends: ColumnArray, _ bounds: RangeBounds) -> ColumnValue {
        scratch.keep(ends)
        return .range(Unmanaged.passUnretained(ends), bounds)
    }
}

/// Parts that stand one behind the other, each with its length in front.
private struct ArrayReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position: Int

    var isAtEnd: Bool { position + 4 > bytes.count }

    /// The next part; nil for NULL.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        guard !isAtEnd else { return nil }
        let length = Int(Wire.int32(bytes, at: position))
        position += 4
        guard length >= 0, length <= bytes.count - position else { return nil }
        defer { position += length }
        return UnsafeBufferPointer(rebasing: bytes[position..<(position + length)])
    }
}

/// The tokens of arrays and ranges in their text form.
private struct TextReader {
    enum Token {
        case open
        case close
        case null
        case value(UnsafeBufferPointer<UInt8>)
    }

    let bytes: UnsafeBufferPointer<UInt8>
    var position: Int

    /// The next token of an array; nil at the end.
    mutating func next(in scratch: ScratchBytes) -> Token? {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: " "): position += 1
            case UInt8(ascii: "{"):
                position += 1
                return .open
            case UInt8(ascii: "}"):
                position += 1
                return .close
            case UInt8(ascii: "\""): return .value(quoted(in: scratch))
            default:
                let start = position
                while position < bytes.count, bytes[position] != UInt8(ascii: ","),
                    bytes[position] != UInt8(ascii: "}")
                {
                    position += 1
                }
                let word = UnsafeBufferPointer(rebasing: bytes[start..<position])
                return word.elementsEqual("NULL".utf8) ? .null : .value(word)
            }
        }
        return nil
    }

    /// An end of a range; nil where there is none.
    mutating func end(
        before mark: UInt8,
        in scratch: ScratchBytes
    ) -> UnsafeBufferPointer<UInt8>? {
        defer { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            return quoted(in: scratch)
        }
        let start = position
        while position < bytes.count, bytes[position] != mark { position += 1 }
        return start == position ? nil : UnsafeBufferPointer(rebasing: bytes[start..<position])
    }

    /// Text in quotes, in which a backslash or a second quote stands before what is meant.
    private mutating func quoted(in scratch: ScratchBytes) -> UnsafeBufferPointer<UInt8> {
        let room = scratch.room(bytes.count - position)
        var count = 0
        position += 1
        while position < bytes.count {
            var byte = bytes[position]
            if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
                position += 1
                byte = bytes[position]
            } else if byte == UInt8(ascii: "\"") {
                position += 1
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { break }
            }
            room[count] = byte
            count += 1
            position += 1
        }
        scratch.giveBack(room.count - count)
        return UnsafeBufferPointer(rebasing: room[0..<count])
    }
}
