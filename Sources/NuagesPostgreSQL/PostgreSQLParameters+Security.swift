import CLibPQ

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension PostgreSQLParameters {
    /// What is asked of a connection to another machine, where nothing says how it is kept from
    /// others: libpq by itself would speak in the clear with whoever refuses encryption.
    ///
    ///     [("sslmode", "verify-full")]
    ///
    /// - Parameters:
    ///   - variable: a variable of the environment.
    ///   - isThere: whether there is a file.
    ///   - version: that of libpq.
    /// - Returns: parameters that those of the URL take precedence over.
    func securityDefaults(
        _ variable: (String) -> String? = Self.variable,
        isThere: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) },
        version: Int32 = PQlibVersion()
    ) -> [(name: String, value: String)] {
        func given(_ key: String, _ name: String) -> String? {
            let value = overriding[key] ?? said(key) ?? variable(name)
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard given("sslmode", "PGSSLMODE") == nil,
            variable("PGREQUIRESSL").map({ $0.isEmpty }) ?? true
        else { return [] }
        let host = given("host", "PGHOST")
        let address = given("hostaddr", "PGHOSTADDR")
        if host == nil, address == nil {
            // Nobody has told where a service leads.
            guard given("service", "PGSERVICE") != nil else { return [] }
        } else if Self.areThisMachine(hosts: host, addresses: address) {
            return []
        }
        var defaults = [(name: "sslmode", value: "verify-full")]
        if given("sslrootcert", "PGSSLROOTCERT") == nil,
            variable("HOME").map({ isThere("\($0)/.postgresql/root.crt") }) != true
        {
            let bundle = Self.bundles.first(where: isThere)
            // Since version 16 libpq knows by itself whom the system trusts.
            let trusted = version >= 160_000 ? "system" : bundle
            if let trusted { defaults.append((name: "sslrootcert", value: trusted)) }
        }
        return defaults
    }

    /// Where systems keep the certificates that they trust.
    private static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }

    /// What the URL itself says of a parameter.
    private func said(_ key: String) -> String? {
        guard let options = PQconninfoParse(url, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword).utf8.elementsEqual(key.utf8) {
                return option.pointee.val.map { String(cString: $0) }
            }
            option += 1
        }
        return nil
    }

    /// Whether all hosts are this machine; an address counts for more than the name beside it.
    private static func areThisMachine(hosts: String?, addresses: String?) -> Bool {
        func parts(_ list: String?) -> [String] {
            list.map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            } ?? []
        }
        let (hosts, addresses) = (parts(hosts), parts(addresses))
        return (0..<max(hosts.count, addresses.count)).allSatisfy { index in
            let address = addresses.indices.contains(index) ? addresses[index] : ""
            let host = hosts.indices.contains(index) ? hosts[index] : ""
            return isThisMachine(address.isEmpty ? host : address)
        }
    }

    /// A Unix socket or an address that never leaves the machine.
    private static func isThisMachine(_ host: String) -> Bool {
        let bytes = host.utf8
        guard let first = bytes.first else { return true }
        if first == UInt8(ascii: "/") || first == UInt8(ascii: "@") { return true }
        if bytes.elementsEqual("::1".utf8) || bytes.elementsEqual("localhost".utf8) { return true }
        return isLoopback(Array(bytes))
    }

    /// `127.0.0.1` and its like: digits and points alone, so that no name begins in this way.
    private static func isLoopback(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: "127.".utf8)
            && bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
