/// Turns character references into characters.
///
/// Python: `html.unescape`.
package enum HTMLUnescaper {
    /// The text with `&lt;`, `&#60;`, `&#x3c;` and the like replaced.
    package static func unescape(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let scalars = Array(text.unicodeScalars)
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        var index = 0
        while index < scalars.count {
            if scalars[index] == "&", let end = referenceEnd(scalars, from: index + 1) {
                append(scalars[(index + 1)..<end], to: &output)
                index = end
            } else {
                output.append(contentsOf: scalars[index].utf8)
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The index behind a reference whose name begins at `start`.
    private static func referenceEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard start < scalars.count else { return nil }
        var index = start
        if scalars[start] == "#" {
            index += 1
            let isHex = index < scalars.count && (scalars[index] == "x" || scalars[index] == "X")
            if isHex { index += 1 }
            let digits = index
            while index < scalars.count, isDigit(scalars[index], isHex: isHex) { index += 1 }
            guard index > digits else { return nil }
        } else {
            while index < scalars.count, index - start < 32, isNameScalar(scalars[index]) {
                index += 1
            }
            guard index > start else { return nil }
        }
        return index < scalars.count && scalars[index] == ";" ? index + 1 : index
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\u{C}", " ", "<", "&", "#", ";": false
        default: true
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar, isHex: Bool) -> Bool {
        guard scalar.isASCII else { return false }
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        return isHex ? byte.hexValue != nil : byte.isASCIIDigit
    }

    private static func append(
        _ name: ArraySlice<Unicode.Scalar>,
        to output: inout [UInt8]
    ) {
        if name.first == "#" { return appendNumeric(name.dropFirst(), to: &output) }
        // The longest name that begins this one counts, as HTML says for names without semicolon.
        for length in stride(from: name.count, to: 1, by: -1) {
            guard let characters = names[ByteKey(text(name.prefix(length)))] else { continue }
            for scalar in characters { output.append(contentsOf: scalar.utf8) }
            output.append(contentsOf: text(name.dropFirst(length)).utf8)
            return
        }
        output.append(contentsOf: "&".utf8)
        output.append(contentsOf: text(name).utf8)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func appendNumeric(
        _ digits: ArraySlice<Unicode.Scalar>,
        to output: inout [UInt8]
    ) {
        let isHex = digits.first == "x" || digits.first == "X"
        var number: UInt32 = 0
        for digit in isHex ? digits.dropFirst() : digits where digit != ";" {
            let value = UInt32(UInt8(truncatingIfNeeded: digit.value).hexValue ?? 0)
            number = number > 0x110000 ? number : number * (isHex ? 16 : 10) + value
        }
        if let replacement = windowsCharacters[number] {
            output.append(contentsOf: replacement.utf8)
        } else if isDropped(number) {
            return
        } else {
            output.append(contentsOf: (Unicode.Scalar(number) ?? "\u{FFFD}").utf8)
        }
    }

    private static func isDropped(_ number: UInt32) -> Bool {
        switch number {
        case 0x1...0x8, 0xB, 0xE...0x1F, 0x7F...0x9F, 0xFDD0...0xFDEF: true
        case ...0x10FFFF: number & 0xFFFE == 0xFFFE
        default: false
        }
    }

    private static let names: [ByteKey: [Unicode.Scalar]] = {
        var names: [ByteKey: [Unicode.Scalar]] = [:]
        for word in HTMLEntityTable.text.splitWords() {
            let parts = word.splitBytes(UInt8(ascii: "="))
            guard parts.count == 2 else { continue }
            let characters = parts[1].splitBytes(UInt8(ascii: ",")).compactMap {
                UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
            }
            let isBare = parts[0].hasSuffix("?")
            let name = isBare ? String(parts[0].dropLast()) : parts[0]
            if isBare { names[ByteKey(name)] = characters }
            names[ByteKey("\(name);")] = characters
        }
        return names
    }()

    /// What HTML makes of numbers that mean Windows-1252, and of 0 and 13.
    private static let windowsCharacters: [UInt32: Unicode.Scalar] = [
        0x00: "\u{FFFD}", 0x0D: "\r", 0x80: "\u{20AC}", 0x81: "\u{81}", 0x82: "\u{201A}",
        0x83: "\u{192}", 0x84: "\u{201E}", 0x85: "\u{2026}", 0x86: "\u{2020}", 0x87: "\u{2021}",
        0x88: "\u{2C6}", 0x89: "\u{2030}", 0x8A: "\u{160}", 0x8B: "\u{2039}", 0x8C: "\u{152}",
        0x8D: "\u{8D}", 0x8E: "\u{17D}", 0x8F: "\u{8F}", 0x90: "\u{90}", 0x91: "\u{2018}",
        0x92: "\u{2019}", 0x93: "\u{201C}", 0x94: "\u{201D}", 0x95: "\u{2022}", 0x96: "\u{2013}",
        0x97: "\u{2014}", 0x98: "\u{2DC}", 0x99: "\u{2122}", 0x9A: "\u{161}", 0x9B: "\u{203A}",
        0x9C: "\u{153}", 0x9D: "\u{9D}", 0x9E: "\u{17E}", 0x9F: "\u{178}",
    ]
}
