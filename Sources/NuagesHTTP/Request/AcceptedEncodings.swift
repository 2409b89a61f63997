internal import NuagesCore

/// The codings that a client reads, of its `Accept-Encoding` (RFC 9110, section 12.5.3).
package struct AcceptedEncodings: Sendable {
    private var codings: [(name: String, quality: Int)] = []
    private var others = 0

    /// The codings of a request; none where the field is missing or too long.
    package init(_ request: Request) {
        self.init(header: request.headers["Accept-Encoding"] ?? "")
    }

    package init(header: String) {
        guard header.utf8.count <= 1000 else { return }
        for part in header.split(onByte: 0x2C).prefix(30) {
            let pieces = part.split(onByte: 0x3B).map(\.trimmingBlanks)
            let name = pieces[0].asciiLowercased
            guard let quality = Self.quality(pieces.dropFirst()) else { continue }
            if name == "*" { others = quality } else { codings.append((name, quality)) }
        }
    }

    /// How much a coding is wanted, in thousandths; 0 where it is not accepted.
    package func quality(of coding: String) -> Int {
        codings.first { $0.name.equalsBytes(coding) }?.quality ?? others
    }

    /// Whether a coding is accepted.
    package func accepts(_ coding: String) -> Bool { quality(of: coding) > 0 }

    /// The value of `q` in thousandths: 1000 without it, nil for one that is malformed.
    private static func quality(_ parameters: some Collection<String>) -> Int? {
        guard
            let parameter = parameters.first(where: {
                $0.asciiLowercased.utf8.starts(with: "q=".utf8)
            })
        else { return 1000 }
        let digits = Array(parameter.utf8.dropFirst(2))
        guard let whole = digits.first, whole == 0x30 || whole == 0x31, digits.count <= 5 else {
            return nil
        }
        if digits.count > 1, digits[1] != 0x2E { return nil }
        let fraction = digits.dropFirst(2)
        guard fraction.allSatisfy(\.isASCIIDigit) else { return nil }
        var value = Int(whole &- 0x30) * 1000
        for (digit, place) in zip(fraction, [100, 10, 1]) { value += Int(digit &- 0x30) * place }
        return value <= 1000 ? value : nil
    }
}
