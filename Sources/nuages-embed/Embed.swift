import Foundation

/// Writes the files of a folder into a Swift file; what the plugin EmbedTemplates runs.
@main
struct Embed {
    static func main() throws {
        guard CommandLine.arguments.count == 3 else {
            print("usage: nuages-embed FOLDER OUTPUT")
            exit(64)
        }
        let source = try swift(for: CommandLine.arguments[1])
        try source.write(toFile: CommandLine.arguments[2], atomically: true, encoding: .utf8)
    }

    /// A Swift file with the texts of all files below a folder, by their names.
    static func swift(for folder: String) throws -> String {
        var lines: [String] = []
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        for name in (names ?? []).sorted() where !isHidden(name) {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            lines.append("        \(literal(name)): \(literal(text)),")
        }
        let entries = lines.isEmpty ? "[:]" : "[\n\(lines.joined(separator: "\n"))\n    ]"
        return """
            // Written by the plugin EmbedTemplates; the files are in the folder 'templates'.
            enum EmbeddedTemplates {
                /// The templates by name.
                static let sources: [String: String] = \(entries)
            }

            """
    }

    private static func isHidden(_ name: String) -> Bool {
        name.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    /// A string literal of a text.
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                // What no editor shows is written by its number.
                if scalar.value < 0x20 || !scalar.isASCII {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
