internal import NuagesCore

/// Writes bytes one after the other into memory that was reserved for them.
///
/// It writes nothing beyond the end: what does not fit is left out.
struct ByteWriter {
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

    mutating func rewind(to count: Int) { self.count = min(count, self.count) }

    /// Writes `bytes` where they fit.
    ///
    /// - Parameter bytes: the bytes.
    /// - Returns: whether they did.
    @inline(__always)
    @discardableResult
    mutating func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let target = buffer.baseAddress, let source = bytes.baseAddress else {
            return bytes.isEmpty
        }
        guard bytes.count <= buffer.count - count else { return false }
        (target + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
        return true
    }

    @inline(__always)
    mutating func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { _ = write($0) } }

    @inline(__always)
    @discardableResult
    mutating func write(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes text that must not hold a control character other than a tab.
    ///
    /// - Parameter text: a field's name or value.
    /// - Returns: false where it does; nothing of use has been written then.
    mutating func writeChecked(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            return !bytes.containsControl && write(bytes)
        }
    }

    @inline(__always)
    mutating func writeLineBreak() { write("\r\n" as StaticString) }

    /// Writes a number that is not negative.
    ///
    /// - Parameter number: the number.
    mutating func writeDecimal(_ number: Int) {
        var rest = max(0, number)
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var start = 20
            repeat {
                start -= 1
                digits[start] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
                rest /= 10
            } while rest > 0
            write(UnsafeRawBufferPointer(rebasing: digits[start..<20]))
        }
    }
}
