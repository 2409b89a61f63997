package import NuagesCore

/// A value in a template: a variable or constant with filters, such as `name|default:"-"|upper`.
///
/// A class, because rendering passes it around for each value that it writes.
public final class FilterExpression: Sendable {
    /// Where a value comes from.
    package enum Operand: Sendable {
        case variable(VariablePath)
        case constant(ContextValue)
        /// `_("…")`: a message that is translated when the page is written.
        case message(String)
    }

    /// A filter with its argument.
    package struct Application: Sendable {
        let filter: Filter
        let argument: Operand?
    }

    /// The expression as it was written.
    public let source: String
    package let operand: Operand
    package let filters: [Application]
    /// The variable, where it is one without filters, as most are.
    let bareVariable: VariablePath?

    init(source: String, operand: Operand, filters: [Application]) {
        self.source = source
        self.operand = operand
        self.filters = filters
        if filters.isEmpty, case .variable(let path) = operand {
            bareVariable = path
        } else {
            bareVariable = nil
        }
    }

    /// Whether the value is a variable, not a constant.
    var isVariable: Bool { if case .variable = operand { true } else { false } }

    /// The text of a constant without filters.
    package var constantText: String? {
        guard filters.isEmpty, case .constant(let value) = operand else { return nil }
        return value.text
    }
}
