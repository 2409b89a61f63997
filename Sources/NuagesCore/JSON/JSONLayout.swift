/// Lays a JSON document out for people: one element a line.
enum JSONLayout {
    /// The document with line breaks, each level indented by `width` blanks, as Python's
    /// `json.dumps(indent=…)` writes it.
    ///
    /// - Parameters:
    ///   - document: a document without line breaks.
    ///   - width: the number of blanks for each level.
    /// - Returns: the document on several lines.
    static func indent(_ document: [UInt8], by width: Int) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(document.count * 2)
        var depth = 0
        var isString = false
        var isEscaped = false
        for byte in document {
            if isString {
                output.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isString = false
                }
                continue
            }
            if byte == 0x20 { continue }
            let isFirst = output.last == 0x5B || output.last == 0x7B
            let closes = byte == 0x5D || byte == 0x7D
            if closes { depth -= 1 }
            // An empty array or object stays on its line.
            if isFirst != closes, isFirst || closes { breakLine(&output, max(0, depth), width) }
            output.append(byte)
            switch byte {
            case 0x22: isString = true
            case 0x5B, 0x7B: depth += 1
            case 0x2C: breakLine(&output, depth, width)
            case 0x3A: output.append(0x20)
            default: break
            }
        }
        return output
    }

    private static func breakLine(_ output: inout [UInt8], _ depth: Int, _ width: Int) {
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: depth * min(max(0, width), 16)))
    }
}
