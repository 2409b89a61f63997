import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Compares results as the corpus' schema says.
struct ORMComparison {
    var isUnordered = false
    var isNestedUnordered = false

    /// Whether two results are equal.
    func equal(_ expected: JSONValue, _ got: JSONValue) -> Bool {
        let (expected, got) = (Self.normal(expected), Self.normal(got))
        if let error = expected["error"]?.text {
            guard let other = got["error"]?.text else { return false }
            return Self.group(error) == Self.group(other)
                && changesEqual(expected, got)
                && problemsEqual(expected, got)
                && returnsEqual(expected, got)
        }
        if got["error"] != nil { return false }
        if let rows = expected["rows"] {
            guard let other = got["rows"] else { return false }
            return listsEqual(rows, other, unordered: isUnordered) && changesEqual(expected, got)
        }
        if let value = expected["value"] {
            guard let other = got["value"] else { return false }
            return valuesEqual(value, other) && changesEqual(expected, got)
        }
        return returnsEqual(expected, got) && changesEqual(expected, got)
    }

    private func returnsEqual(_ expected: JSONValue, _ got: JSONValue) -> Bool {
        guard let returns = expected["returns"]?.elements else { return true }
        guard let others = got["returns"]?.elements, returns.count == others.count else {
            return false
        }
        return zip(returns, others).allSatisfy { entriesEqual($0, $1) }
    }

    private func entriesEqual(_ expected: JSONValue, _ got: JSONValue) -> Bool {
        var part = self
        part.isUnordered = isUnordered
        if expected["error"] != nil || expected["rows"] != nil || expected["value"] != nil {
            return part.equal(expected, got)
        }
        return valuesEqual(expected, got)
    }

    private func changesEqual(_ expected: JSONValue, _ got: JSONValue) -> Bool {
        guard let changes = expected["changes"] else { return true }
        return valuesEqual(changes, got["changes"] ?? .object([]))
    }

    /// The codes of the errors of each field.
    private func problemsEqual(_ expected: JSONValue, _ got: JSONValue) -> Bool {
        func codes(_ json: JSONValue) -> [String: [String]] {
            var result: [String: [String]] = [:]
            for field in json["fields"]?.members ?? [] {
                result[field.name] = (field.value.elements ?? []).map { $0["code"]?.text ?? "" }
            }
            if let errors = json["errors"]?.elements {
                result["__all__"] = errors.map { $0["code"]?.text ?? "" }
            }
            return result
        }
        return codes(expected) == codes(got)
    }

    private func listsEqual(_ expected: JSONValue, _ got: JSONValue, unordered: Bool) -> Bool {
        guard let left = expected.elements, let right = got.elements, left.count == right.count
        else { return false }
        guard unordered else { return zip(left, right).allSatisfy { valuesEqual($0, $1) } }
        var rest = right
        for element in left {
            guard let index = rest.firstIndex(where: { valuesEqual(element, $0) }) else {
                return false
            }
            rest.remove(at: index)
        }
        return true
    }

    private func valuesEqual(_ expected: JSONValue, _ got: JSONValue) -> Bool {
        switch (expected, got) {
        case (.array(let left), .array):
            let areRows = isNestedUnordered && left.allSatisfy { $0["pk"] != nil }
            return listsEqual(expected, got, unordered: areRows)
        case (.object(let left), .object(let right)):
            if let tag = expected.tag, got.tag == tag, left.count == 2 {
                return taggedEqual(tag, expected["v"] ?? .null, got["v"] ?? .null)
            }
            return left.count == right.count
                && left.allSatisfy { member in
                    got[member.name].map { valuesEqual(member.value, $0) } ?? false
                }
        case (.double(let left), .double(let right)): return Self.close(left, right)
        case (.string(let left), .string(let right)):
            return left.unicodeScalars.elementsEqual(right.unicodeScalars)
        default: return expected == got
        }
    }

    private func taggedEqual(_ tag: String, _ expected: JSONValue, _ got: JSONValue) -> Bool {
        if tag == "datetime", let left = ORMValue.moment(expected.text ?? ""),
            let right = ORMValue.moment(got.text ?? "")
        {
            // A moment is one in whatever zone it is written.
            return left == right
        }
        guard tag == "decimal", let left = Double(expected.text ?? ""),
            let right = Double(got.text ?? "")
        else { return valuesEqual(expected, got) }
        return Self.close(left, right)
    }

    private static func close(_ left: Double, _ right: Double) -> Bool {
        if left == right || (left.isNaN && right.isNaN) { return true }
        return abs(left - right) <= 1e-9 * max(abs(left), abs(right))
    }

    /// Documents without their tag, and floats as numbers.
    private static func normal(_ json: JSONValue) -> JSONValue {
        switch json {
        case .array(let elements): return .array(elements.map(normal))
        case .object(let members):
            switch json.tag {
            case "json" where members.count == 2: return normal(json["v"] ?? .null)
            case "float":
                switch json["v"] {
                case .int(let number)?: return .double(Double(number))
                case .string(let text)?: return .double(Double(text) ?? .nan)
                case let value?: return value
                case nil: return .null
                }
            default:
                return .object(members.map { JSONValue.Member($0.name, normal($0.value)) })
            }
        default: return json
        }
    }

    /// Errors that count as one.
    private static func group(_ name: String) -> String {
        switch name {
        case "OperationalError", "ProgrammingError", "DataError", "NotSupportedError",
            "DatabaseError":
            "DatabaseError"
        case "TypeError", "ValueError", "AttributeError", "IndexError", "RuntimeError",
            "NotImplementedError":
            "usage"
        case "FieldError", "FieldDoesNotExist": "FieldError"
        default: name
        }
    }
}
