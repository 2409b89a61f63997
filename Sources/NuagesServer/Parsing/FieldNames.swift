internal import NuagesCore

/// The names of the fields that clients send, as texts that are made once.
enum FieldNames {
    /// The text of a usual name; nil for others.
    ///
    /// - Parameters:
    ///   - input: the bytes.
    ///   - range: where the name stands.
    /// - Returns: the text that is kept for it.
    static func text(of input: Span<UInt8>, in range: Range<Int>) -> String? {
        guard range.count < common.count else { return nil }
        return input.extracting(range).withUnsafeBufferPointer { bytes in
            common[range.count].first { name in name.withUTF8Bytes { $0.isEqual(to: bytes) } }
        }
    }

    /// The usual names, by their length.
    private static let common: [[String]] = {
        let names = [
            "Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Connection",
            "Cookie", "Referer", "Origin", "Content-Type", "Content-Length", "Cache-Control",
            "Upgrade-Insecure-Requests", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site",
            "Sec-Fetch-User", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "Priority",
            "If-None-Match", "If-Modified-Since", "Range", "Authorization", "X-Requested-With",
            "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
        ]
        let longest = names.map(\.utf8.count).max() ?? 0
        return (0...longest).map { length in names.filter { $0.utf8.count == length } }
    }()
}
