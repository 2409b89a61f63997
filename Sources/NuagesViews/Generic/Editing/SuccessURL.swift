import NuagesCore
import NuagesHTTP
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
    ///   have, ``ViewError/successValue(view:name:)`` for a value that is no part of a path.
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
            guard let text = text(of: value) else {
                throw .successValue(view: "\(type(of: view))", name: name)
            }
            output += quoted(text)
            rest = rest[rest.index(after: close)...]
        }
        return output + rest
    }

    /// Fails for names that the object does not have, before it is saved for nothing.
    static func check(
        _ pattern: String,
        with object: some Model,
        of view: some Any
    ) throws(ViewError) {
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            guard object.contextMember(name) != nil else {
                throw .unknownSuccessField(view: "\(type(of: view))", name: name)
            }
            rest = rest[rest.index(after: close)...]
        }
    }

    /// The text of a value; nil for one that is no part of a path.
    private static func text(of value: ContextValue) -> String? {
        let argument = value.pathArgument
        if case .none = value { return nil }
        if case .other = argument { return nil }
        let text = argument.description
        // Browsers take these for the folder itself and the one above it.
        return text.isEmpty || text == "." || text == ".." ? nil : text
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
