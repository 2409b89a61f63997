internal import NuagesCore

extension Request {
    /// Whether details of an error may be shown: in debug, to a browser on this machine that
    /// asked for a host of the site.
    ///
    /// A request that a proxy handed on is not of this machine, wherever the proxy runs. The check
    /// of the host keeps a page elsewhere from reading the details by DNS rebinding
    /// (CVE-2016-9014).
    package var mayShowDetails: Bool {
        guard settings.isDebug, Self.isLoopback(remoteAddress), !isForwarded else { return false }
        return (try? host()) != nil
    }

    /// Whether the reason of an error may be shown in debug though the details may not: that the
    /// host is none of the site's tells a page elsewhere only what it has asked for.
    func mayShowReason(of error: any Error) -> Bool {
        guard case .suspicious(.disallowedHost, _)? = error as? HTTPError else { return false }
        return Self.isLoopback(remoteAddress) && !isForwarded
    }

    /// Whether some proxy says that it hands a request on, or the peer is one.
    var isForwarded: Bool {
        if isFromTrustedProxy { return true }
        if let (name, _) = settings.secureProxyTLSHeader, headers.contains(name) { return true }
        return headers.fields.contains { Self.namesForwarding($0.name) }
    }

    /// Whether only proxies write the field.
    private static func namesForwarding(_ name: String) -> Bool {
        switch name.utf8.first {
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "f"), UInt8(ascii: "F"),
            UInt8(ascii: "v"), UInt8(ascii: "V"):
            let name = name.asciiLowercased
            return name.utf8.starts(with: "x-forwarded-".utf8)
                || ["x-real-ip", "forwarded", "via"].contains { name.equalsBytes($0) }
        default: return false
        }
    }

    /// Whether an address is `::1` or one of 127.0.0.0/8, also in the form of IPv6.
    static func isLoopback(_ address: String) -> Bool {
        address.withUTF8Bytes { bytes in
            if bytes.elementsEqual("::1".utf8) { return true }
            let isMapped = bytes.starts(with: "::ffff:".utf8)
            let rest = bytes[(isMapped ? 7 : 0)...]
            return rest.starts(with: "127.".utf8) && isIPv4(rest)
        }
    }

    /// Whether bytes are four numbers below 256 with dots between them.
    private static func isIPv4(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var (number, digits, dots) = (0, 0, 0)
        for byte in bytes {
            if byte == 0x2E {
                guard digits > 0 else { return false }
                dots += 1
                (number, digits) = (0, 0)
            } else {
                guard byte.isASCIIDigit else { return false }
                number = number * 10 + Int(byte &- 0x30)
                digits += 1
                guard number < 256, digits <= 3 else { return false }
            }
        }
        return dots == 3 && digits > 0
    }

    /// The fields and files of the posted form, if a view has read it; nothing is read here.
    package var formReadSoFar: FormData? {
        if let form = storage.parsedForm { return form }
        switch storage.bodySoFar {
        case .form(let form): return form
        case .bytes(let bytes) where contentType.equalsBytes("application/x-www-form-urlencoded"):
            let fields = try? QueryDict(
                query: bytes[...],
                maxFields: settings.formLimits.maxFields,
                allowsNUL: true
            )
            return fields.map { FormData(fields: $0) }
        default: return nil
        }
    }

    /// The names of posted fields whose values the route keeps out of error pages; `*` is all.
    package var sensitivePostParameters: [String] {
        resolverMatch?.compiled.options.sensitiveParameters ?? []
    }
}

extension Route {
    /// The same route, with some fields of its forms kept out of error pages and reports.
    ///
    ///     #path("pay/", pay).sensitivePostParameters("card_number", "cvc")
    ///
    /// Fields whose names speak for themselves, such as `password`, are kept out anyway.
    ///
    /// Django: `@sensitive_post_parameters`.
    ///
    /// - Parameter names: the names of the fields; none is all of them.
    /// - Returns: the route.
    public func sensitivePostParameters(_ names: String...) -> Route {
        var copy = self
        copy.options.sensitiveParameters += names.isEmpty ? ["*"] : names
        return copy
    }
}
