internal import CLibIDN

/// Names of hosts as the protocols write them.
package enum DomainName {
    /// Longer texts are refused before anything looks at them; the DNS takes 253 bytes.
    static let maxLength = 1024

    /// A domain in ASCII, its labels of other scripts in Punycode (IDNA 2003: RFC 3490, 3491, 3492).
    ///
    ///     try DomainName.ascii("münchen.de")              // xn--mnchen-3ya.de
    ///     try DomainName.ascii("faß.de")                  // fass.de
    ///
    /// A name of ASCII stays as it is. Nothing says that the result may be registered: blanks and
    /// signs pass, as does any label that is in Punycode already.
    ///
    /// Django: `django.utils.encoding.punycode`.
    ///
    /// - Parameter name: the name.
    /// - Returns: the name in ASCII.
    /// - Throws: ``DomainNameError`` for what has no such form.
    package static func ascii(_ name: String) throws(DomainNameError) -> String {
        guard name.utf8.count <= maxLength else { throw DomainNameError(name, .tooLong) }
        // The library takes C strings.
        guard !name.utf8.contains(0) else { throw DomainNameError(name, .forbiddenCharacters) }
        var output: UnsafeMutablePointer<CChar>?
        // Names may have characters that came after Unicode 3.2, on which IDNA 2003 rests.
        let flags = Int32(IDNA_ALLOW_UNASSIGNED.rawValue)
        let status = name.withCString { idna_to_ascii_8z($0, &output, flags) }
        defer { idn_free(output) }
        guard status == Int32(IDNA_SUCCESS.rawValue), let output else {
            throw DomainNameError(name, .init(status))
        }
        let result = String(cString: output)
        guard !hasEmptyLabel(result) else { throw DomainNameError(name, .labelLength) }
        return result
    }

    /// Whether there is nothing in front of a dot.
    private static func hasEmptyLabel(_ name: String) -> Bool {
        var previous: UInt8 = 0x2E
        for byte in name.utf8 {
            if byte == 0x2E, previous == 0x2E { return true }
            previous = byte
        }
        return false
    }
}
