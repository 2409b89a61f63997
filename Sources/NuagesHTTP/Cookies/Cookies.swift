internal import NuagesCore

/// The cookies of a request, by name; names compare by their bytes.
///
///     request.cookies["sessionid"]
public struct Cookies: Sendable {
    /// The cookies in the order in which their names first came; the last value of a name counts.
    public private(set) var entries: [(name: String, value: String)] = []
    private var positions: [ByteKey: Int]?

    // A hash only pays for more cookies than a browser usually has for a site.
    private static let scanLimit = 16

    /// No cookies.
    public init() {}

    /// The cookies of a `Cookie` field.
    ///
    /// Parts are separated by `;` alone, a part without `=` is a value without a name, and
    /// values in double quotes are unquoted, all as Django reads them.
    ///
    /// - Parameter header: the value of the field.
    public init(header: String) {
        guard !header.utf8.isEmpty else { return }
        header.withUTF8Bytes { bytes in
            var start = 0
            while start <= bytes.count {
                var end = start
                var equals: Int?
                while end < bytes.count, bytes[end] != 0x3B {
                    if bytes[end] == 0x3D, equals == nil { equals = end }
                    end += 1
                }
                add(bytes, start..<end, equals: equals)
                start = end + 1
            }
        }
    }

    private mutating func add(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ part: Range<Int>,
        equals: Int?
    ) {
        let name = equals.map { Self.trimmed(bytes, part.lowerBound..<$0) } ?? ""
        let valueStart = equals.map { $0 + 1 } ?? part.lowerBound
        let value = Self.trimmed(bytes, valueStart..<part.upperBound)
        guard !name.isEmpty || !value.isEmpty else { return }
        set(name, Self.unquoted(value))
    }

    /// The value of the cookie called `name`.
    ///
    /// - Parameter name: compared by its bytes.
    public subscript(_ name: String) -> String? {
        position(of: name).map { entries[$0].value }
    }

    private func position(of name: String) -> Int? {
        if let positions { return positions[ByteKey(name)] }
        return entries.firstIndex { $0.name.equalsBytes(name) }
    }

    private mutating func set(_ name: String, _ value: String) {
        if let position = position(of: name) {
            entries[position].value = value
            return
        }
        entries.append((name, value))
        if positions != nil {
            positions?[ByteKey(name)] = entries.count - 1
        } else if entries.count > Self.scanLimit {
            var positions: [ByteKey: Int] = [:]
            for (position, entry) in entries.enumerated() {
                positions[ByteKey(entry.name)] = position
            }
            self.positions = positions
        }
    }

    /// Without the white space that Python's `strip` removes from ASCII text.
    private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String
    {
        func isBlank(_ byte: UInt8) -> Bool {
            byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F)
        }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }

    /// A value in double quotes without them, its `\"` and `\ooo` escapes read.
    private static func unquoted(_ value: String) -> String {
        guard value.utf8.first == 0x22 else { return value }
        let bytes = Array(value.utf8)
        guard bytes.count >= 2, bytes.first == 0x22, bytes.last == 0x22 else { return value }
        var output: [UInt8] = []
        var index = 1
        let end = bytes.count - 1
        while index < end {
            guard bytes[index] == 0x5C else {
                output.append(bytes[index])
                index += 1
                continue
            }
            if index + 3 < end, let byte = octal(bytes[(index + 1)...(index + 3)]) {
                // Python reads the octal number as a code point of Latin-1.
                output.append(contentsOf: String(Unicode.Scalar(byte)).utf8)
                index += 4
            } else if index + 1 < end {
                output.append(bytes[index + 1])
                index += 2
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return String(validating: output, as: UTF8.self) ?? value
    }

    private static func octal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard let first = digits.first, (0x30...0x33).contains(first),
            digits.allSatisfy({ (0x30...0x37).contains($0) })
        else { return nil }
        return digits.reduce(0) { $0 &* 8 &+ ($1 &- 0x30) }
    }
}
