public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A UUID, with or without hyphens and braces.
public struct UUIDField: FormField {
    /// The type of the cleaned value.
    public typealias Value = UUID

    /// What every field has.
    public var options = FieldOptions()

    /// A UUID.
    public init() {}

    /// The message of text that is no UUID.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a valid UUID."
        default: nil
        }
    }

    /// The UUID.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        if case .uuid = raw { return raw }
        let text = PythonText.stripped(raw.text)
        if text.isEmpty { return .none }
        guard let uuid = Self.parse(text) else { throw error("invalid") }
        return .uuid(uuid)
    }

    /// 32 hexadecimal digits after `urn:` and `uuid:` are removed, braces at both ends and all
    /// hyphens, as Python's `UUID` does.
    private static func parse(_ text: String) -> UUID? {
        guard text.utf8.count <= 200 else { return nil }
        let plain = text.replacingBytes("urn:", with: "").replacingBytes("uuid:", with: "")
        var bytes = Array(plain.utf8)[...]
        func isBrace(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
        }
        while let first = bytes.first, isBrace(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, isBrace(last) { bytes = bytes.dropLast() }
        let digits = bytes.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32 else { return nil }
        var canonical: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            switch digit {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: canonical.append(digit)
            default: return nil
            }
            if [7, 11, 15, 19].contains(index) { canonical.append(UInt8(ascii: "-")) }
        }
        return UUID(uuidString: String(decoding: canonical, as: UTF8.self))
    }

    /// Lower case with hyphens.
    public func prepare(_ value: FormValue) -> FormValue {
        if case .uuid = value { .string(value.text) } else { value }
    }
}
