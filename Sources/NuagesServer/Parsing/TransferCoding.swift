/// Reads the value of `Transfer-Encoding`; `chunked` alone is understood.
enum TransferCoding {
    /// Passes `chunked`.
    ///
    /// - Parameters:
    ///   - input: the bytes.
    ///   - range: where the value stands.
    /// - Throws: 501 for codings that are not known, 400 for text that is no list of codings or
    ///   does not end in one `chunked` (RFC 9112, section 6.3).
    static func check(_ input: Span<UInt8>, _ range: Range<Int>) throws(RequestError) {
        if input.matches("chunked", in: range) { return }
        var start = range.lowerBound
        var codings = 0
        var chunkedAt: Int?
        for index in range.lowerBound...range.upperBound {
            guard index == range.upperBound || input[index] == UInt8(ascii: ",") else { continue }
            let coding = input.trimmingBlanks(start..<index)
            guard !coding.isEmpty, isToken(input, coding) else { throw .malformedTransferEncoding }
            codings += 1
            if input.matches("chunked", in: coding) {
                guard chunkedAt == nil else { throw .malformedTransferEncoding }
                chunkedAt = codings
            }
            start = index + 1
        }
        if let chunkedAt, chunkedAt != codings { throw .malformedTransferEncoding }
        throw .unknownTransferCoding
    }

    private static func isToken(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where !input[index].isTokenByte { return false }
        return true
    }
}
