public import NuagesCore

/// An attribute of an element.
///
/// There is a function for each attribute that is safe to set to any text. What runs code or
/// styles has none.
public struct HTMLAttribute: Sendable {
    private enum Kind: Sendable {
        case text(StaticString, String)
        case prefixed(StaticString, StaticString, String)
        case number(StaticString, Int)
        case flag(StaticString)
        case markup(SafeString)
        case nothing
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// Attributes as they are written, such as those that a form's widget gives.
    ///
    /// - Parameter markup: `name="value"`, escaped.
    public init(_ markup: SafeString) { kind = .markup(markup) }

    func write(to output: inout HTMLOutput) {
        switch kind {
        case .text(let name, let value):
            Self.begin(name, &output)
            output.append(value)
            output.append(literal: "\"")
        case .prefixed(let prefix, let name, let value):
            output.append(literal: " ")
            output.append(literal: prefix)
            output.append(literal: name)
            output.append(literal: "=\"")
            output.append(value)
            output.append(literal: "\"")
        case .number(let name, let value):
            Self.begin(name, &output)
            output.append(digits: value)
            output.append(literal: "\"")
        case .flag(let name):
            output.append(literal: " ")
            output.append(literal: name)
        case .markup(let markup):
            output.append(literal: " ")
            output.append(markup)
        case .nothing: break
        }
    }

    private static func begin(_ name: StaticString, _ output: inout HTMLOutput) {
        output.append(literal: " ")
        output.append(literal: name)
        output.append(literal: "=\"")
    }

    static func text(_ name: StaticString, _ value: String) -> Self { Self(.text(name, value)) }

    static func number(_ name: StaticString, _ value: Int) -> Self { Self(.number(name, value)) }

    static func flag(_ name: StaticString, _ isSet: Bool) -> Self {
        Self(isSet ? .flag(name) : .nothing)
    }

    static func url(_ name: StaticString, _ url: String) -> Self {
        Self(.text(name, URLSafety.isHarmless(url) ? url : "about:invalid"))
    }

    /// The classes.
    ///
    /// - Parameter value: names with blanks between them.
    /// - Returns: the attribute.
    public static func `class`(_ value: String) -> Self { Self(.text("class", value)) }

    /// The field that a label belongs to.
    ///
    /// - Parameter value: the field's id.
    /// - Returns: the attribute.
    public static func `for`(_ value: String) -> Self { Self(.text("for", value)) }

    /// A value for scripts: `data-…`.
    ///
    /// - Parameters:
    ///   - name: what stands behind `data-`.
    ///   - value: the value.
    /// - Returns: the attribute.
    public static func data(_ name: StaticString, _ value: String) -> Self {
        Self(.prefixed("data-", name, value))
    }

    /// A state or property for assistive technology: `aria-…`.
    ///
    /// - Parameters:
    ///   - name: what stands behind `aria-`.
    ///   - value: the value.
    /// - Returns: the attribute.
    public static func aria(_ name: StaticString, _ value: String) -> Self {
        Self(.prefixed("aria-", name, value))
    }

    /// An attribute only where a condition holds.
    ///
    ///     HTML.li(.when(isCurrent, .aria("current", "page"))) { … }
    ///
    /// - Parameters:
    ///   - condition: the condition.
    ///   - attribute: the attribute.
    /// - Returns: the attribute, or none.
    public static func when(_ condition: Bool, _ attribute: @autoclosure () -> Self) -> Self {
        condition ? attribute() : Self(.nothing)
    }
}
