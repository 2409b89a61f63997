#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ContextValue {
    /// The value as text, the way Python's `str()` writes it, without the page's language.
    ///
    /// A deferred or lazy value is not computed for this: it gives an empty text.
    ///
    ///     ContextValue.bool(true).plainText   // True
    public var plainText: String {
        switch self {
        case .none: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): String(number)
        case .double(let number): PythonText.repr(number)
        case .decimal(let number): ExactDecimal(number).description
        case .exact(let number): number.description
        case .string(let text): text
        case .safe(let text): text.html
        case .date(let date): date.description
        case .time(let time): time.description
        case .dateTime(let moment):
            // Foundation cannot describe moments that no calendar has.
            LocalDateTime(moment, in: .utc)?.isoText(separator: " ")
                ?? PythonText.repr(moment.timeIntervalSince1970)
        case .localDateTime(let value): value.isoText(separator: " ")
        case .duration(let duration): duration.pythonText
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .array, .dictionary: representation(depth: 0)
        case .object(let object): object.contextDescription.descriptionText
        case .lazy, .deferred: ""
        }
    }

    /// The text of what an object prints as; an object that prints as an object prints nothing.
    private var descriptionText: String {
        if case .object = self { return "" }
        return plainText
    }

    /// Whether the text of the value is HTML already, and so is not escaped.
    public var isSafe: Bool {
        switch self {
        case .safe: true
        case .object(let object):
            if case .safe = object.contextDescription { true } else { false }
        default: false
        }
    }

    private static let representationDepthLimit = 32

    /// Python's `repr()`, for the elements of a list.
    package func representation(depth: Int = 0) -> String {
        guard depth < Self.representationDepthLimit else { return "..." }
        switch self {
        case .string(let text): return PythonText.repr(text)
        case .safe(let text): return PythonText.repr(text.html)
        case .array(let elements):
            let shown = elements.map { $0.representation(depth: depth + 1) }
            return "[\(shown.joined(separator: ", "))]"
        case .dictionary(let dictionary):
            let shown = dictionary.entries.map {
                "\(PythonText.repr($0.key)): \($0.value.representation(depth: depth + 1))"
            }
            return "{\(shown.joined(separator: ", "))}"
        case .object(let object): return "<\(object.contextDescription.descriptionText)>"
        case .decimal, .exact: return "Decimal('\(plainText)')"
        case .uuid: return "UUID('\(plainText)')"
        case .date, .time, .dateTime, .localDateTime, .duration: return momentRepresentation
        default: return plainText
        }
    }

    /// The values that `{% for %}` walks over; nil for a value that cannot be walked.
    ///
    /// Those of a dictionary are its keys, those of a text its characters.
    public var elements: [ContextValue]? {
        switch self {
        case .array(let elements): elements
        case .dictionary(let dictionary): dictionary.entries.map { .string($0.key) }
        case .string(let text):
            text.unicodeScalars.map { .string(String(Character($0))) }
        case .safe(let text):
            text.html.unicodeScalars.map { .string(String(Character($0))) }
        case .object(let object): object.contextElements
        default: nil
        }
    }

    /// The text as HTML: safe text as it is, other text escaped.
    ///
    ///     ContextValue.string("<b>").escapedText.html    // &lt;b&gt;
    ///
    /// Django: `django.utils.html.conditional_escape`.
    public var escapedText: SafeString {
        isSafe ? SafeString(unsafe: plainText) : SafeString(escaping: plainText)
    }

    /// Python's `len()`; nil for a value without a length.
    public var length: Int? {
        switch self {
        case .array(let elements): elements.count
        case .dictionary(let dictionary): dictionary.count
        case .string(let text): text.unicodeScalars.count
        case .safe(let text): text.html.unicodeScalars.count
        case .object(let object): object.contextElements?.count
        default: nil
        }
    }
}

extension Duration {
    /// Whole microseconds.
    package var microseconds: Int {
        let (seconds, attoseconds) = components
        let (product, overflow) = Int(seconds).multipliedReportingOverflow(by: 1_000_000)
        return overflow
            ? (seconds < 0 ? .min : .max) : product &+ Int(attoseconds / 1_000_000_000_000)
    }

    /// Python's `str(timedelta)`: `1 day, 2:03:04.000005`.
    package var pythonText: String { DurationText.python(self) }
}
