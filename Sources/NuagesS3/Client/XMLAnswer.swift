import NuagesCore

/// An element of an answer of the service.
struct XMLElement: Sendable, Equatable {
    var name: String
    var text = ""
    var children: [XMLElement] = []

    /// The first element of a name within this one.
    subscript(_ name: String) -> XMLElement? { children.first { $0.name.equalsBytes(name) } }

    /// All elements of a name within this one.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name.equalsBytes(name) } }
}

/// An answer that is no XML, or more than a service has to say.
struct XMLProblem: Error, Hashable {
    let reason: String
}

/// Reads the XML of a service's answers: elements and text, and nothing that could make more of it.
///
/// A document type, and with it entities of its own, is refused; so is what is nested deeply or has
/// many elements. It does not call itself.
struct XMLReader {
    static let maxDepth = 16
    static let maxElements = 20_000

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func parse(_ bytes: [UInt8]) throws(XMLProblem) -> XMLElement {
        var reader = XMLReader(bytes)
        return try reader.document()
    }

    private mutating func document() throws(XMLProblem) -> XMLElement {
        var open: [XMLElement] = []
        var count = 0
        while place < bytes.count {
            let text = try decoded(until: 0x3C)
            if let last = open.indices.last { open[last].text += text }
            guard place < bytes.count else { break }
            if skip("<?", to: "?>") || skip("<!--", to: "-->") { continue }
            if starts(with: "<!") { throw XMLProblem(reason: "a declaration") }
            guard let end = bytes[place...].firstIndex(of: 0x3E) else {
                throw XMLProblem(reason: "an element without an end")
            }
            let tag = bytes[(place + 1)..<end]
            place = end + 1
            if tag.first == 0x2F {
                guard let element = open.popLast(), Self.name(tag.dropFirst()) == element.name
                else { throw XMLProblem(reason: "an end without a beginning") }
                guard let last = open.indices.last else { return element }
                open[last].children.append(element)
                continue
            }
            count += 1
            guard count <= Self.maxElements, open.count < Self.maxDepth else {
                throw XMLProblem(reason: "too many elements")
            }
            let element = XMLElement(name: Self.name(tag))
            if tag.last != 0x2F {
                open.append(element)
            } else if let last = open.indices.last {
                open[last].children.append(element)
            } else {
                return element
            }
        }
        throw XMLProblem(reason: "no whole document")
    }

    /// The name in front of attributes, without a prefix.
    private static func name(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.prefix { $0 > 0x20 && $0 != 0x2F }
        let local = name.split(separator: 0x3A).last ?? name
        return String(decoding: local, as: UTF8.self)
    }

    private func starts(with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    /// Goes behind what begins and ends so; false where it is something else.
    private mutating func skip(_ start: String, to end: String) -> Bool {
        guard starts(with: start) else { return false }
        let pattern = Array(end.utf8)
        var index = place + start.utf8.count
        while index + pattern.count <= bytes.count {
            if bytes[index..<(index + pattern.count)].elementsEqual(pattern) {
                place = index + pattern.count
                return true
            }
            index += 1
        }
        place = bytes.count
        return true
    }

    /// The text up to a byte, with the characters that XML names.
    private mutating func decoded(until end: UInt8) throws(XMLProblem) -> String {
        let rest = bytes[place...]
        let text = rest[..<(rest.firstIndex(of: end) ?? rest.endIndex)]
        place = text.endIndex
        guard text.contains(0x26) else { return String(decoding: text, as: UTF8.self) }
        var output: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            guard text[index] == 0x26 else {
                output.append(text[index])
                index += 1
                continue
            }
            guard let semicolon = text[index...].prefix(12).firstIndex(of: 0x3B) else {
                throw XMLProblem(reason: "an ampersand alone")
            }
            let name = String(decoding: text[(index + 1)..<semicolon], as: UTF8.self)
            output += try Self.character(name)
            index = semicolon + 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func character(_ name: String) throws(XMLProblem) -> [UInt8] {
        switch name {
        case "amp": return [0x26]
        case "lt": return [0x3C]
        case "gt": return [0x3E]
        case "quot": return [0x22]
        case "apos": return [0x27]
        default: break
        }
        let isHex = name.utf8.starts(with: "#x".utf8)
        guard name.utf8.first == 0x23,
            let code = UInt32(name.utf8.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10),
            let scalar = Unicode.Scalar(code)
        else { throw XMLProblem(reason: "an unknown entity") }
        return Array(String(Character(scalar)).utf8)
    }
}

extension UInt32 {
    fileprivate init?(_ digits: String.UTF8View.SubSequence, radix: Int) {
        self.init(String(Substring(digits)), radix: radix)
    }
}
