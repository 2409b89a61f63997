/// A width that no line can have.
package struct InvalidWidth: Error, CustomStringConvertible {
    let width: Int
    package var description: String { "invalid width \(width) (must be > 0)" }
}

/// Breaks lines between words.
///
/// Django: `django.utils.text.wrap`.
package enum TextWrapper {
    /// The text with no line longer than `width`, but for words that are longer.
    package static func wrap(_ text: String, width: Int) throws(InvalidWidth) -> String {
        var result: [String] = []
        let scalars = Array(text.unicodeScalars)
        for line in lines(scalars) {
            guard width > 0 else { throw InvalidWidth(width: width) }
            let wrapped = wrapLine(expandingTabs(line), width: width)
            result += wrapped.isEmpty ? [Truncator.text(line)] : wrapped
        }
        if scalars.last == "\n" { result.append("") }
        return result.joined(separator: "\n")
    }

    /// Python's `str.splitlines()`.
    static func lines(_ scalars: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        var lines: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        var index = 0
        while index < scalars.count {
            guard isLineBreak(scalars[index]) else {
                index += 1
                continue
            }
            lines.append(scalars[start..<index])
            let isPair =
                scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
            index += isPair ? 2 : 1
            start = index
        }
        if start < scalars.count { lines.append(scalars[start...]) }
        return lines
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func expandingTabs(_ line: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        guard line.contains("\t") else { return Array(line) }
        var output: [Unicode.Scalar] = []
        for scalar in line {
            if scalar == "\t" {
                output.append(contentsOf: repeatElement(" ", count: 8 - output.count % 8))
            } else {
                output.append(scalar)
            }
        }
        return output
    }

    private static func wrapLine(_ scalars: [Unicode.Scalar], width: Int) -> [String] {
        let chunks = chunks(scalars)
        var lines: [String] = []
        var index = 0
        while index < chunks.count {
            var line: [ArraySlice<Unicode.Scalar>] = []
            var length = 0
            if !lines.isEmpty, isBlank(chunks[index]) { index += 1 }
            while index < chunks.count, length + chunks[index].count <= width {
                line.append(chunks[index])
                length += chunks[index].count
                index += 1
            }
            if index < chunks.count, chunks[index].count > width, line.isEmpty {
                line.append(chunks[index])
                index += 1
            }
            if let last = line.last, isBlank(last) { line.removeLast() }
            if !line.isEmpty { lines.append(Truncator.text(line.joined())) }
        }
        return lines
    }

    /// Runs of white space and runs of anything else.
    private static func chunks(_ scalars: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        var chunks: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        for index in scalars.indices
        where index > start && isBreakable(scalars[index]) != isBreakable(scalars[index - 1]) {
            chunks.append(scalars[start..<index])
            start = index
        }
        if start < scalars.count { chunks.append(scalars[start...]) }
        return chunks
    }

    /// The white space at which lines break: only that of ASCII.
    private static func isBreakable(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || (0x09...0x0D).contains(scalar.value)
    }

    private static func isBlank(_ chunk: ArraySlice<Unicode.Scalar>) -> Bool {
        chunk.allSatisfy(PythonText.isSpace)
    }
}
