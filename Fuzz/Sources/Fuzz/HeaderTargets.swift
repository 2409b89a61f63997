import NuagesCore

@testable import NuagesHTTP
@testable import NuagesServer

/// Header values with parameters, `Accept`, and what else is read in fields.
enum HeaderTarget {
    static func run(_ data: [UInt8]) {
        guard let text = String(validating: data, as: UTF8.self) else { return }
        if let header = HeaderParameters(text) {
            for parameter in header.parameters {
                require(header[parameter.name] != nil, "\(parameter.name) is not found.")
            }
        }
        let request = Request(target: "/", headers: ["Accept": text, "Content-Type": text])
        for type in request.acceptedTypes {
            require(type.quality > 0 && type.quality <= 1, "The quality is \(type.quality).")
        }
        let offered = ["text/html", "application/json", "text/plain;format=flowed"]
        if let best = request.preferredType(offered) {
            require(request.accepts(best), "\(best) is preferred and not accepted.")
        }
        _ = request.contentType
        _ = HeaderText.directiveNames(text)
        _ = HeaderText.entityTags(text)
        checkDisposition(text)
    }

    /// A file name cannot end the field that carries it.
    private static func checkDisposition(_ name: String) {
        guard
            let value = HeaderText.contentDisposition(isAttachment: true, fileName: name),
            name.utf8.count < 1_000
        else { return }
        require(Headers.isValid(name: "Content-Disposition", value: value), "\(value)")
        // A parameter's value is read without blanks around it only where it is not quoted.
        let read = HeaderParameters(value)
        require(read?.value == "attachment", "The kind is \(read?.value ?? "none").")
        require((read?.parameters.count ?? 0) <= 1, "There are parameters besides: \(value)")
    }
}

/// HTTP dates.
enum DateTarget {
    static func run(_ data: [UInt8]) {
        guard let text = String(validating: data, as: UTF8.self) else { return }
        guard let seconds = HTTPDate.parse(text, currentYear: 2026), seconds >= 0 else {
            return
        }
        let written = HTTPDate.text(seconds)
        require(
            HTTPDate.parse(written, currentYear: 2026) == seconds,
            "\(text) is \(seconds), which is \(written)."
        )
    }
}

/// `Host` fields, and addresses that a redirect may lead to.
enum HostTarget {
    private static let settings: HTTPSettings = {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com", ".example.org", "[::1]"]
        return settings
    }()

    static func run(_ data: [UInt8]) {
        let passes = HostSyntax.isValid(data.span, 0..<data.count)
        guard let text = String(validating: data, as: UTF8.self) else {
            return require(!passes, "A host that is not UTF-8 passes.")
        }
        let request = Request(target: "/", headers: ["Host": text])
        request.prepare(for: settings)
        if let host = try? request.host() {
            let (domain, _) = HostName.split(host) ?? ("", "")
            require(
                domain.equalsBytes("example.com") || domain.equalsBytes("[::1]")
                    || domain.equalsBytes("example.org") || domain.hasSuffix(".example.org"),
                "\(host) passes as a host of the site."
            )
        }
        _ = request.port
        // As in Django, white space around an address is not part of it; Python counts the
        // separators U+001C to U+001F as such.
        let address = text.unicodeScalars.split { scalar in
            scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
        }
        if address.count == 1, URLSafety.isAllowed(text, hosts: ["example.com"]) {
            let parts = URLParts(String(address[0]))
            require(
                parts.map { $0.authority.isEmpty || $0.authority.equalsBytes("example.com") }
                    == true,
                "\(text) passes as an address of the site."
            )
        }
        if let response = try? Response.redirect(to: text) {
            let location = response.headers["Location"] ?? ""
            require(location.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "It leads to \(location).")
        }
    }
}
