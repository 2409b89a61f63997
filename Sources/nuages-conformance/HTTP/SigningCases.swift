import NuagesCore
import NuagesHTTP
import NuagesIDNA

/// `django.core.signing` and signed cookies.
enum SigningCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        switch call.item.function {
        case "django.core.signing.b62_encode":
            guard let number = UInt128(call[0]["v"]?.text ?? "") else {
                return .string(Base62.encode(call[0].number ?? 0))
            }
            return .string(Base62.encode(number))
        case "django.core.signing.b62_decode":
            guard let number = Base62.decode(try call.text(0)) else { throw Refusal() }
            return .int(number)
        case "django.core.signing.b64_encode":
            return Canonical.tagged(Array(Base64URL.encode(try call.bytes(call[0])).utf8))
        case "django.core.signing.b64_decode":
            guard let bytes = Base64URL.decode(try call.text(0)) else { throw Refusal() }
            return Canonical.tagged(bytes)
        case "django.core.signing.base64_hmac":
            let algorithm = try algorithm(call[3].text ?? "sha256")
            return .string(
                Base64URL.encode(
                    Digest.saltedHMAC(
                        try call.bytes(call[0]),
                        value: try call.bytes(call[1]),
                        secret: try call.bytes(call[2]),
                        with: algorithm
                    )
                )
            )
        case "signing.dumps", "signing.loads": return try object(call)
        case "signing.set_signed_cookie", "signing.get_signed_cookie": return try cookie(call)
        default:
            return call.item["class"]?.text == "TimestampSigner"
                ? try timestamped(call) : try signed(call)
        }
    }

    private static func algorithm(_ name: String) throws -> Digest.Algorithm {
        guard let algorithm = Digest.Algorithm(name: name) else { throw Refusal() }
        return algorithm
    }

    private static func keys(_ value: JSONValue?) -> [SecretKey] {
        (value?.elements ?? []).map(key)
    }

    private static func key(_ value: JSONValue?) -> SecretKey {
        if let text = value?.text { return SecretKey(text) }
        return SecretKey(bytes: value.flatMap { Canonical.bytes($0) } ?? [])
    }

    private static func signed(_ call: FunctionCall) throws -> JSONValue? {
        let options = call.item["init"]
        let signer = try Signer(
            key: key(options?["key"]),
            salt: options?["salt"]?.text ?? "django.core.signing.Signer",
            separator: options?["sep"]?.text ?? ":",
            algorithm: try algorithm(options?["algorithm"]?.text ?? "sha256"),
            fallbackKeys: keys(options?["fallback_keys"])
        )
        switch call.item.function {
        case "signing.signature": return .string(signer.signature(try call.text(0)))
        case "signing.sign": return .string(signer.sign(try call.text(0)))
        case "signing.unsign": return .string(try signer.unsign(try call.text(0)))
        case "signing.sign_object":
            return .string(
                signer.signObject(
                    try Canonical.plain(call[0]),
                    compresses: call.keyword("compress")?.flag ?? false
                )
            )
        case "signing.unsign_object":
            return Canonical.document(try signer.unsignObject(try call.text(0)))
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func timestamped(_ call: FunctionCall) throws -> JSONValue? {
        let options = call.item["init"]
        let signer = try TimestampSigner(
            key: key(options?["key"]),
            salt: options?["salt"]?.text ?? "django.core.signing.TimestampSigner",
            separator: options?["sep"]?.text ?? ":",
            algorithm: try algorithm(options?["algorithm"]?.text ?? "sha256"),
            fallbackKeys: keys(options?["fallback_keys"])
        )
        let maxAge = try call.duration(call.keyword("max_age"))
        switch call.item.function {
        case "signing.sign": return .string(signer.sign(try call.text(0), now: call.now))
        case "signing.unsign":
            return .string(try signer.unsign(try call.text(0), maxAge: maxAge, now: call.now))
        case "signing.sign_object":
            return .string(
                signer.signObject(
                    try Canonical.plain(call[0]),
                    compresses: call.keyword("compress")?.flag ?? false,
                    now: call.now
                )
            )
        case "signing.unsign_object":
            return Canonical.document(
                try signer.unsignObject(try call.text(0), maxAge: maxAge, now: call.now)
            )
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func object(_ call: FunctionCall) throws -> JSONValue? {
        let signer = TimestampSigner(
            key: key(call.keyword("key")),
            salt: call.keyword("salt")?.text ?? Signing.salt,
            fallbackKeys: keys(call.keyword("fallback_keys"))
        )
        guard call.item.function == "signing.loads" else {
            return .string(
                signer.signObject(
                    try Canonical.plain(call[0]),
                    compresses: call.keyword("compress")?.flag ?? false,
                    now: call.now
                )
            )
        }
        let maxAge = try call.duration(call.keyword("max_age"))
        return Canonical.document(
            try signer.unsignObject(try call.text(0), maxAge: maxAge, now: call.now)
        )
    }

    private static func cookie(_ call: FunctionCall) throws -> JSONValue? {
        let signer = CookieSigner(
            key: key(call.settings?["SECRET_KEY"]),
            fallbackKeys: keys(call.settings?["SECRET_KEY_FALLBACKS"]),
            acceptsLegacySalts: call.settings?["SIGNED_COOKIE_LEGACY_SALT_FALLBACK"]?.flag ?? false
        )
        let (name, value) = (try call.text(0), try call.text(1))
        let salt = call.keyword("salt")?.text ?? ""
        guard call.item.function == "signing.get_signed_cookie" else {
            return .string(signer.sign(value, for: name, salt: salt, now: call.now))
        }
        return .string(
            try signer.unsign(
                value,
                for: name,
                salt: salt,
                maxAge: try call.duration(call.keyword("max_age")),
                now: call.now
            )
        )
    }
}

/// `django.utils.crypto`.
enum CryptoCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        switch call.item.function {
        case "django.utils.crypto.constant_time_compare":
            return .bool(
                Digest.constantTimeEquals(try call.bytes(call[0]), try call.bytes(call[1]))
            )
        case "django.utils.crypto.salted_hmac":
            guard
                let algorithm = Digest.Algorithm(name: call.keyword("algorithm")?.text ?? "sha256")
            else { throw Refusal() }
            return .string(
                Digest.hex(
                    Digest.saltedHMAC(
                        try call.bytes(call[0]),
                        value: try call.bytes(call[1]),
                        secret: try call.bytes(call.keyword("secret") ?? call[2]),
                        with: algorithm
                    )
                )
            )
        case "django.utils.crypto.pbkdf2":
            guard
                let algorithm = Digest.Algorithm(name: call.keyword("digest")?.text ?? "sha256"),
                let key = Digest.pbkdf2(
                    try call.bytes(call[0]),
                    salt: try call.bytes(call[1]),
                    iterations: call[2].number ?? 0,
                    length: call.keyword("dklen")?.number,
                    with: algorithm
                )
            else { throw Refusal() }
            return Canonical.tagged(key)
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }
}

/// `django.utils.encoding` and `django.utils.ipv6`.
enum EncodingCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        if call[0] == .null { return .null }
        switch call.item.function.split(separator: ".").last.map(String.init) ?? "" {
        case "iri_to_uri": return .string(PercentCoding.encode(try call.text(0), safe: .iri))
        case "uri_to_iri": return .string(PercentCoding.decodeIRI(try call.text(0)))
        case "escape_uri_path": return .string(PercentCoding.encode(try call.text(0), safe: .path))
        case "filepath_to_uri":
            let path = try call.text(0).replacing("\\", with: "/")
            return .string(PercentCoding.encode(path, safe: .filePath))
        case "repercent_broken_unicode":
            return Canonical.tagged(PercentCoding.escapingBrokenUTF8(try call.bytes(call[0])))
        case "punycode": return .string(try DomainName.ascii(try call.text(0)))
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    static func address(of call: FunctionCall) throws -> JSONValue? {
        // An address that is parsed already is of its own kind in the cases.
        let text = call[0].text ?? (call[0].tag == "ip" ? call[0]["v"]?.text : nil)
        let address = text.flatMap { $0.utf8.count > 39 ? nil : IPv6Address($0) }
        guard call.item.function.hasSuffix("clean_ipv6_address") else {
            return .bool(address != nil)
        }
        guard let address else { throw Refusal() }
        if (call.keyword("unpack_ipv4") ?? call[1]).flag == true, let mapped = address.mappedIPv4 {
            return .string(mapped.description)
        }
        return .string(address.description)
    }
}
