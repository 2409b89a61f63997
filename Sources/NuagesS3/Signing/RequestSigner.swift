import NuagesCore

/// Signs requests by AWS Signature Version 4.
///
/// Source: "AWS Signature Version 4 for API requests" of the IAM User Guide, and "Authenticating
/// Requests" of the S3 API Reference.
struct RequestSigner: Sendable {
    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// What is signed.
    struct Request {
        var method: String
        /// The path with its escapes; S3 signs it as it is sent.
        var path: String
        /// The parameters, neither escaped nor sorted.
        var query: [(name: String, value: String)] = []
        /// The fields, `host` among them.
        var headers: [(name: String, value: String)]
    }

    /// The moment of a signature.
    struct Moment {
        /// `20130524T000000Z`.
        let text: String
        var day: String { String(text.prefix(8)) }

        init(secondsSince1970: Int) {
            let days = floorDivide(secondsSince1970, 86_400)
            let second = secondsSince1970 - days * 86_400
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let day = CalendarDate(daysSince1970: days).map {
                "\($0.year)\(two($0.month))\(two($0.day))"
            }
            text =
                "\(day ?? "19700101")T\(two(second / 3600))"
                + "\(two(second / 60 % 60))\(two(second % 60))Z"
        }
    }

    /// The fields to send a request with: those that it has, the moment, the digest of the body and
    /// the signature.
    func signed(
        _ request: Request,
        payloadHash: String,
        at moment: Moment
    ) -> [(name: String, value: String)] {
        var request = request
        request.headers.append(("x-amz-content-sha256", payloadHash))
        request.headers.append(("x-amz-date", moment.text))
        if let token = credentials.sessionToken {
            request.headers.append(("x-amz-security-token", token.exposed))
        }
        request.headers.append(
            ("authorization", authorization(request, payloadHash: payloadHash, at: moment))
        )
        return request.headers
    }

    /// The value of `Authorization`.
    func authorization(_ request: Request, payloadHash: String, at moment: Moment) -> String {
        let names = Self.signedNames(request.headers)
        let signature = signature(of: canonical(request, payloadHash), at: moment)
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(moment)), "
            + "SignedHeaders=\(names), Signature=\(signature)"
    }

    /// The query of a request that is signed by its parameters, escaped.
    func presignedQuery(_ request: Request, expires: Int, at moment: Moment) -> String {
        var request = request
        request.query += [
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(moment))"),
            ("X-Amz-Date", moment.text),
            ("X-Amz-Expires", "\(expires)"),
            ("X-Amz-SignedHeaders", Self.signedNames(request.headers)),
        ]
        if let token = credentials.sessionToken {
            request.query.append(("X-Amz-Security-Token", token.exposed))
        }
        let signature = signature(of: canonical(request, "UNSIGNED-PAYLOAD"), at: moment)
        return Self.canonicalQuery(request.query) + "&X-Amz-Signature=\(signature)"
    }

    // MARK: Parts

    /// The request in the one form that both sides make of it.
    func canonical(_ request: Request, _ payloadHash: String) -> String {
        var fields: [String: [String]] = [:]
        for (name, value) in request.headers {
            fields[name.asciiLowercased, default: []].append(Self.collapsed(value))
        }
        let lines = fields.sorted { $0.key < $1.key }.map {
            "\($0.key):\($0.value.joined(separator: ","))\n"
        }
        return [
            request.method, request.path.isEmpty ? "/" : request.path,
            Self.canonicalQuery(request.query), lines.joined(),
            Self.signedNames(request.headers), payloadHash,
        ].joined(separator: "\n")
    }

    private func scope(_ moment: Moment) -> String {
        "\(moment.day)/\(region)/\(service)/aws4_request"
    }

    private func signature(of canonical: String, at moment: Moment) -> String {
        let text = [
            "AWS4-HMAC-SHA256", moment.text, scope(moment), Self.hash(Array(canonical.utf8)),
        ].joined(separator: "\n")
        var key = Array("AWS4\(credentials.secretAccessKey.exposed)".utf8)
        for part in [moment.day, region, service, "aws4_request"] {
            key = Digest.authenticate(Array(part.utf8), key: key)
        }
        return Digest.hex(Digest.authenticate(Array(text.utf8), key: key))
    }

    /// The digest of bytes in hexadecimal.
    static func hash(_ bytes: [UInt8]) -> String { Digest.hex(Digest.hash(bytes, with: .sha256)) }

    private static func signedNames(_ headers: [(name: String, value: String)]) -> String {
        Set(headers.map(\.name.asciiLowercased)).sorted().joined(separator: ";")
    }

    /// The parameters escaped, in the order of their escaped names and values.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (escaped($0.name), escaped($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// A path with its parts escaped: all but letters, digits and `-._~`.
    static func escapedPath(_ path: String) -> String {
        path.split(onByte: 0x2F).map(escaped).joined(separator: "/")
    }

    /// A part of a path or a query, escaped.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            if byte.isASCIIAlphanumeric || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte) {
                output.append(byte)
            } else {
                output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The value of a field without blanks around it, and with one for several within.
    private static func collapsed(_ value: String) -> String {
        value.split(onByte: 0x20).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
