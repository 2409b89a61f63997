import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The path to which a view sends the browser, with the fields of an object in it.
enum SuccessURL {
    /// `/articles/{slug}/` with the values of the object, each written so that it stays one part of
    /// a path: a value can neither add parts nor lead to another site.
    ///
    /// - Throws: ``ViewError/unknownSuccessField(view:name:)`` for a name that the object does not
    ///   have.
    static func filled(
        _ pattern: String,
        with object: some Model,
        of view: some Any
    ) throws(ViewError) -> String {
        var output = ""
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            output += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            guard let value = object.contextMember(name) else {
                throw .unknownSuccessField(view: "\(type(of: view))", name: name)
            }
            output += quoted(text(of: value))
            rest = rest[rest.index(after: close)...]
        }
        return output + rest
    }

    private static func text(of value: ContextValue) -> String {
        switch value {
        case .string(let text): text
        case .int(let number): String(number)
        case .uuid(let uuid): uuid.uuidString.lowercased()
        default: "\(value)"
        }
    }

    private static func quoted(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                output += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return output
    }
}
