/// The normalization forms of Unicode, in linear time but for the sorting of marks.
///
///     UnicodeNormalizer.normalize("ﬁancé", .compatibleDecomposed)
///
/// Python: `unicodedata.normalize`.
package enum UnicodeNormalizer {
    /// A normalization form.
    package enum Form: Sendable {
        /// NFC
        case composed
        /// NFKC
        case compatibleComposed
        /// NFKD
        case compatibleDecomposed
    }

    /// The text in a normalization form.
    package static func normalize(_ text: String, _ form: Form) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            decompose(scalar, isCompatible: form != .composed, into: &scalars)
        }
        sortMarks(&scalars)
        if form != .compatibleDecomposed { compose(&scalars) }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static let tables = Tables()

    private static func decompose(
        _ scalar: Unicode.Scalar,
        isCompatible: Bool,
        into output: inout [Unicode.Scalar]
    ) {
        guard !scalar.isASCII else { return output.append(scalar) }
        if let syllable = Hangul.decompose(scalar) {
            output.append(contentsOf: syllable)
        } else if isCompatible, let mapping = tables.compatible[scalar] {
            output.append(contentsOf: mapping)
        } else if let mapping = tables.canonical[scalar] {
            output.append(contentsOf: mapping)
        } else {
            output.append(scalar)
        }
    }

    private static func sortMarks(_ scalars: inout [Unicode.Scalar]) {
        var start = 0
        while start < scalars.count {
            guard combiningClass(scalars[start]) != 0 else {
                start += 1
                continue
            }
            var end = start + 1
            while end < scalars.count, combiningClass(scalars[end]) != 0 { end += 1 }
            if end - start > 1 {
                let sorted = scalars[start..<end].enumerated().sorted {
                    let (left, right) = (combiningClass($0.element), combiningClass($1.element))
                    return left == right ? $0.offset < $1.offset : left < right
                }
                scalars.replaceSubrange(start..<end, with: sorted.map(\.element))
            }
            start = end
        }
    }

    /// The canonical combining class; 0 for what is no mark.
    package static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }

    private static func compose(_ scalars: inout [Unicode.Scalar]) {
        var output: [Unicode.Scalar] = []
        output.reserveCapacity(scalars.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in scalars {
            let scalarClass = combiningClass(scalar)
            if let index = starter {
                let isAdjacent = index == output.count - 1
                if isAdjacent || (lastClass != 0 && lastClass < scalarClass),
                    let pair = Hangul.compose(output[index], scalar)
                        ?? tables.composed[Tables.key(output[index], scalar)]
                {
                    output[index] = pair
                    continue
                }
            }
            if scalarClass == 0 { starter = output.count }
            lastClass = scalarClass
            output.append(scalar)
        }
        scalars = output
    }

    private struct Tables: Sendable {
        /// Full canonical decompositions.
        var canonical: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        /// Full compatibility decompositions, where they differ from the canonical ones.
        var compatible: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        /// Pairs that compose.
        var composed: [UInt64: Unicode.Scalar] = [:]

        static func key(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
            UInt64(first.value) << 32 | UInt64(second.value)
        }

        init() {
            var mappings: [Unicode.Scalar: [Unicode.Scalar]] = [:]
            for word in UnicodeDecompositionTable.text.splitWords() {
                let bytes = Array(word.utf8)
                let end = bytes.firstIndex { "=!~".utf8.contains($0) } ?? bytes.count
                guard let scalar = Self.scalars(bytes[..<end]).first else { continue }
                var rest = bytes[end...]
                if let mark = rest.first, mark != UInt8(ascii: "~") {
                    let mapping = Self.scalars(
                        rest.dropFirst().prefix { $0 != UInt8(ascii: "~") }
                    )
                    mappings[scalar] = mapping
                    if mark == UInt8(ascii: "="), mapping.count == 2 {
                        composed[Self.key(mapping[0], mapping[1])] = scalar
                    }
                    rest = rest.drop { $0 != UInt8(ascii: "~") }
                }
                if !rest.isEmpty { compatible[scalar] = Self.scalars(rest.dropFirst()) }
            }
            for (scalar, mapping) in mappings {
                canonical[scalar] = Self.full(mapping, mappings)
            }
        }

        private static func full(
            _ mapping: [Unicode.Scalar],
            _ mappings: [Unicode.Scalar: [Unicode.Scalar]]
        ) -> [Unicode.Scalar] {
            var current = mapping
            // No mapping of Unicode is nested deeper than this.
            for _ in 0..<8 {
                let next = current.flatMap { mappings[$0] ?? [$0] }
                if next == current { break }
                current = next
            }
            return current
        }

        private static func scalars(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
            bytes.split(separator: UInt8(ascii: ",")).compactMap { digits in
                UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(
                    Unicode.Scalar.init
                )
            }
        }
    }
}

/// Korean syllables, which Unicode composes by arithmetic.
private enum Hangul {
    static func decompose(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        guard (0xAC00...0xD7A3).contains(scalar.value) else { return nil }
        let index = scalar.value - 0xAC00
        let codes = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
        return (index % 28 == 0 ? codes.dropLast() : codes[...]).compactMap(Unicode.Scalar.init)
    }

    static func compose(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if (0x1100...0x1112).contains(first.value), (0x1161...0x1175).contains(second.value) {
            return Unicode.Scalar(
                0xAC00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28
            )
        }
        guard (0xAC00...0xD7A3).contains(first.value), (first.value - 0xAC00) % 28 == 0,
            (0x11A8...0x11C2).contains(second.value)
        else { return nil }
        return Unicode.Scalar(first.value + second.value - 0x11A7)
    }
}
