package import Logging

/// Writes one line per request to the log.
package enum AccessLog {
    package static func record(
        _ logger: Logger,
        method: String,
        target: String,
        status: Int,
        bytes: Int,
        microseconds: UInt64,
        remoteAddress: String
    ) {
        logger.info(
            "\(method) \(path(of: target)) \(status)",
            metadata: [
                "bytes": "\(bytes)", "microseconds": "\(microseconds)",
                "remote": "\(remoteAddress)",
            ]
        )
    }

    package static func recordRefusal(
        _ logger: Logger,
        reason: String,
        status: Int,
        request: String? = nil,
        remoteAddress: String
    ) {
        logger.info(
            "refused \(status)\(request.map { " " + $0 } ?? "")",
            metadata: ["reason": "\(reason)", "remote": "\(remoteAddress)"]
        )
    }

    /// The target without its query, which may have secrets such as tokens in it.
    package static func path(of target: String) -> String {
        escaped(String(Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") })))
    }

    /// `text` with everything but visible ASCII as `\xNN`, so that no line can be forged.
    package static func escaped(_ text: String) -> String {
        let isPlain: (UInt8) -> Bool = {
            $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        guard !text.utf8.allSatisfy(isPlain) else { return text }
        var result = ""
        for byte in text.utf8 {
            if isPlain(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16)
                result += byte < 16 ? "\\x0\(digits)" : "\\x\(digits)"
            }
        }
        return result
    }
}
