import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FormValue {
    /// The text that Python's `str()` gives, which Django's widgets show.
    package var text: String {
        switch self {
        case .none: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): String(number)
        case .double(let number): PythonText.repr(number)
        case .decimal(let number): number.description
        case .string(let text), .unreadable(let text): text
        case .date(let date): date.description
        case .time(let time): time.description
        case .dateTime(let dateTime): dateTime.isoText(separator: " ")
        case .duration(let duration): DurationText.python(duration)
        case .uuid(let uuid): uuid.uuidString.asciiLowercased
        case .file(let file): file.name
        case .storedFile(let file): file.name
        case .list(let values): "[" + values.map(\.representation).joined(separator: ", ") + "]"
        case .range(let range): range.text
        case .object(let members):
            "{"
                + members.map { "\(PythonText.repr($0.name)): \($0.value.representation)" }
                .joined(separator: ", ") + "}"
        }
    }

    /// The text that Python's `repr()` gives inside a list.
    private var representation: String {
        switch self {
        case .string(let text): PythonText.repr(text)
        case .decimal(let number): "Decimal('\(number)')"
        case .uuid: "UUID('\(text)')"
        default: text
        }
    }
}
