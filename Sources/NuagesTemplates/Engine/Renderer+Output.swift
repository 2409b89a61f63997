public import NuagesCore

extension Renderer {
    /// Writes a value as `{{ value }}` does: in the page's language, escaped unless it is safe.
    ///
    /// - Parameter value: the value.
    public func write(_ value: ContextValue) {
        switch value {
        case .string(let text): writeEscaped(text)
        case .safe(let text): output.append(contentsOf: text.html.utf8)
        case .int(let number):
            if page.output.usesThousandSeparator {
                writeEscaped(NumberFormat(page.output).text(of: ExactDecimal(number)))
            } else {
                output.appendDigits(number)
            }
        case .none: output.append(contentsOf: "None".utf8)
        case .bool(let flag): output.append(contentsOf: (flag ? "True" : "False").utf8)
        case .object(let object):
            switch object.contextDescription {
            case .object: break
            case let description: write(description)
            }
        default: writeEscaped(localizedText(value))
        }
    }

    private func writeEscaped(_ text: String) {
        if isEscaping {
            HTMLEscaper.append(text, to: &output)
        } else {
            output.append(contentsOf: text.utf8)
        }
    }

    /// The text of a value in the page's language, not escaped.
    ///
    /// - Parameter value: the value.
    /// - Returns: what `{{ value }}` shows.
    public func localizedText(_ value: ContextValue) -> String {
        let localization = page.output
        switch page.local(value) {
        case .int, .double, .decimal, .exact:
            return page.isLocalizing ? numberText(value, localization) : value.plainText
        case .localDateTime(let value):
            return dateFormat(localization.formats.dateTimeFormat).text(of: value, localization)
        case .date(let date):
            let format = dateFormat(localization.formats.dateFormat)
            return (try? format.text(of: date, localization)) ?? date.description
        case .time(let time):
            let format = dateFormat(localization.formats.timeFormat)
            return (try? format.text(of: time, localization)) ?? time.description
        case let other: return other.plainText
        }
    }

    private func numberText(_ value: ContextValue, _ localization: Localization) -> String {
        switch value {
        case .int(let number):
            localization.usesThousandSeparator
                ? NumberFormat(localization).text(of: ExactDecimal(number)) : String(number)
        case .double(let number): PageNumbers.text(number, localization)
        case .decimal(let number): PageNumbers.text(ExactDecimal(number), localization)
        case .exact(let number): PageNumbers.text(number, localization)
        default: value.plainText
        }
    }

    /// A compiled format, kept for the rest of the page.
    func dateFormat(_ format: String) -> DateFormat {
        for entry in dateFormats where entry.format.equalsBytes(format) { return entry.compiled }
        let compiled = DateFormat(format)
        if dateFormats.count < 16 { dateFormats.append((format, compiled)) }
        return compiled
    }

    /// The value as HTML: escaped unless it is safe or escaping is off.
    func html(_ value: ContextValue) -> SafeString {
        switch value {
        case .safe(let text): return text
        case .object(let object) where object.contextDescription.isSafe:
            return html(object.contextDescription)
        default:
            let text = localizedText(value)
            return isEscaping ? SafeString(escaping: text) : SafeString(unsafe: text)
        }
    }
}

/// Numbers in the page's language.
enum PageNumbers {
    static func text(_ number: Double, _ localization: Localization) -> String {
        guard number.isFinite else { return PythonText.repr(number) }
        let repr = PythonText.repr(number)
        if repr.utf8.contains(UInt8(ascii: "e")), let exact = ExactDecimal(repr) {
            return text(exact, localization)
        }
        return NumberFormat(localization).text(ofDigits: repr)
    }

    static func text(_ number: ExactDecimal, _ localization: Localization) -> String {
        NumberFormat(localization).text(of: number)
    }
}
