import NuagesCore

extension FieldSchema {
    /// Whether an IPv4 address in the form of IPv6 is kept as IPv4 (`unpack_ipv4`).
    var unpacksIPv4: Bool {
        type == .genericIPAddressField && customOptions["unpack_ipv4"] == .bool(true)
    }

    /// An address as the field keeps it: in its shortest form, and as IPv4 if it unpacks them.
    func shownAddress(_ address: IPv6Address) -> String {
        if unpacksIPv4, let mapped = address.mappedIPv4 { return mapped.description }
        return address.description
    }
}

extension SQLValue {
    /// The value as a field of addresses keeps it; other values as they are.
    func unpacked(in field: FieldSchema) -> SQLValue {
        guard field.unpacksIPv4, case .text(let text) = self,
            text.utf8.contains(UInt8(ascii: ":")), let address = IPv6Address(text)
        else { return self }
        return .text(field.shownAddress(address))
    }
}
