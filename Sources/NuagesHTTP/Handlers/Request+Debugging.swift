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

    /// Whether some proxy says that it hands a request on, or the peer is one.
    var isForwarded: Bool {
        if isFromTrustedProxy { return true }
        if let (name, _) = settings.secureProxyTLSHeader, headers.contains(name) { return true }
        return headers.fields.contains { field in
            let name = field.name.asciiLowercased
            return name.utf8.starts(with: "x-forwarded-".utf8)
                || ["x-real-ip", "forwarded", "via"].contains { name.equalsBytes($0) }
        }
    }

    static func isLoopback(_ address: String) -> Bool {
        if address.equalsBytes("::1") { return true }
        let text =
            address.utf8.starts(with: "::ffff:".utf8) ? String(address.dropFirst(7)) : address
        let parts = text.split(onByte: 0x2E)
        return parts.count == 4 && parts[0].equalsBytes("127")
            && parts.allSatisfy { ($0.decimalDigitsValue ?? 256) < 256 }
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
