import NuagesCore
import NuagesRegex

/// A regular expression in the form of HTML's `pattern`, where it means the same to a browser.
///
/// A browser compiles it as JavaScript's with the flag `v`, and it has to match the whole text. What
/// means something else there (`\d` and `\w`, which know more digits and letters here, a dot, flags,
/// look-arounds) has no such form: the browser would refuse what the server accepts.
struct BrowserPattern {
    let text: String

    init?(_ validator: RegexValidator) {
        guard !validator.isInverted, !validator.hasFlags, case .success(let regex) = validator.regex
        else { return nil }
        var reader = Reader(Array(regex.description.utf8)[...])
        guard let text = reader.wholePattern() else { return nil }
        self.text = text
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>
        var output: [UInt8] = []

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        /// What stands between `^` and `\Z` or `$`.
        mutating func wholePattern() -> String? {
            if !take("^"), !take("\\A") { return nil }
            guard rest.count >= 2 else { return nil }
            // `$` lets a line feed at the end pass, which no control of one line submits.
            if rest.suffix(2).elementsEqual("\\Z".utf8) || rest.suffix(2).elementsEqual("\\z".utf8)
            {
                rest.removeLast(2)
            } else if rest.last == UInt8(ascii: "$"), rest.dropLast().last != UInt8(ascii: "\\") {
                rest.removeLast()
            } else {
                return nil
            }
            var depth = 0
            while let byte = rest.first {
                switch byte {
                case UInt8(ascii: "["):
                    guard takeClass() else { return nil }
                    continue
                case UInt8(ascii: "\\"):
                    guard takeEscape(isInClass: false) else { return nil }
                    continue
                case UInt8(ascii: "("):
                    depth += 1
                    rest.removeFirst()
                    output.append(byte)
                    if rest.first == UInt8(ascii: "?") {
                        guard take("?:") else { return nil }
                        output.append(contentsOf: "?:".utf8)
                    }
                    continue
                case UInt8(ascii: ")"):
                    depth -= 1
                    guard depth >= 0 else { return nil }
                case UInt8(ascii: "|"):
                    // The anchors belong to the first and the last alternative only.
                    guard depth > 0 else { return nil }
                case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: "*"),
                    UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: " "), UInt8(ascii: "-"),
                    UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "#"):
                    break
                default: guard Self.isAlphanumeric(byte) else { return nil }
                }
                output.append(byte)
                rest.removeFirst()
            }
            return depth == 0 ? String(decoding: output, as: UTF8.self) : nil
        }

        private mutating func take(_ text: StaticString) -> Bool {
            let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            guard rest.starts(with: bytes) else { return false }
            rest.removeFirst(bytes.count)
            return true
        }

        private mutating func takeClass() -> Bool {
            rest.removeFirst()
            output.append(UInt8(ascii: "["))
            if take("^") { output.append(UInt8(ascii: "^")) }
            var isFirst = true
            while let byte = rest.first {
                defer { isFirst = false }
                switch byte {
                case UInt8(ascii: "]"):
                    guard !isFirst else { return false }
                    rest.removeFirst()
                    output.append(byte)
                    return true
                case UInt8(ascii: "\\"): guard takeEscape(isInClass: true) else { return false }
                case UInt8(ascii: "-"):
                    rest.removeFirst()
                    let isRange = !isFirst && rest.first != UInt8(ascii: "]")
                    output.append(contentsOf: isRange ? "-".utf8 : "\\-".utf8)
                case UInt8(ascii: "_"), UInt8(ascii: " "):
                    rest.removeFirst()
                    output.append(byte)
                default:
                    guard Self.isAlphanumeric(byte) else { return false }
                    rest.removeFirst()
                    output.append(byte)
                }
            }
            return false
        }

        /// An escaped sign; letters and digits behind a backslash mean something else there.
        private mutating func takeEscape(isInClass: Bool) -> Bool {
            rest.removeFirst()
            guard let byte = rest.popFirst() else { return false }
            let signs = isInClass ? "^$\\.*+?()[]{}|/-" : "^$\\.*+?()[]{}|/"
            if signs.utf8.contains(byte) {
                output.append(contentsOf: [UInt8(ascii: "\\"), byte])
                return true
            }
            guard !isInClass, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "@") else {
                return false
            }
            output.append(byte)
            return true
        }

        private static func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        }
    }
}

extension FormField {
    /// The rules of the field and its validators as a browser knows them: at least as much is
    /// accepted there as on the server.
    func mirroredRules(for widget: any Widget) -> HTMLAttributes {
        let names: Set<String>
        switch widget {
        case let input as TextInput:
            switch input.kind {
            case .number: names = ["min", "max", "step"]
            case .color, .hidden: return [:]
            default: names = ["minlength", "maxlength", "pattern"]
            }
        case is Textarea: names = ["minlength", "maxlength"]
        case is PasswordInput: names = ["minlength", "maxlength", "pattern"]
        case is FileInput: names = ["accept"]
        default: return [:]
        }
        var mirrored: HTMLAttributes = [:]
        for validator in options.rules ?? ownValidators + options.validators {
            for (name, value) in validator.attributes.entries where names.contains(name) {
                mirrored[name] = mirrored[name] ?? value
            }
        }
        return mirrored
    }
}
