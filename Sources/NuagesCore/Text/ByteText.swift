/// Text work on bytes, where `String`'s own functions would work on characters.
extension String {
    /// The text with every occurrence of `target` replaced, found by bytes from the left.
    ///
    /// An empty target is not replaced.
    package func replacingBytes(_ target: String, with replacement: String) -> String {
        let needle = Array(target.utf8)
        guard let first = needle.first else { return self }
        var text = self
        return text.withUTF8 { bytes in
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count)
            var index = 0
            var found = false
            while index < bytes.count {
                if bytes[index] == first, bytes.matches(needle, at: index) {
                    output.append(contentsOf: replacement.utf8)
                    index += needle.count
                    found = true
                } else {
                    output.append(bytes[index])
                    index += 1
                }
            }
            return found ? String(decoding: output, as: UTF8.self) : nil
        } ?? self
    }

    /// Whether `other` occurs in the text, byte for byte.
    package func containsBytes(_ other: String) -> Bool {
        let needle = Array(other.utf8)
        guard let first = needle.first else { return true }
        var text = self
        return text.withUTF8 { bytes in
            bytes.indices.contains { bytes[$0] == first && bytes.matches(needle, at: $0) }
        }
    }

    /// The parts between the occurrences of one byte; empty parts are kept.
    package func splitBytes(_ separator: UInt8) -> [String] {
        utf8.split(separator: separator, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The words between white space: Python's `str.split()`.
    package func splitWords() -> [String] {
        unicodeScalars.split(whereSeparator: PythonText.isSpace).map { String($0) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func matches(_ needle: [UInt8], at index: Int) -> Bool {
        guard index + needle.count <= count else { return false }
        for offset in needle.indices where self[index + offset] != needle[offset] { return false }
        return true
    }
}
