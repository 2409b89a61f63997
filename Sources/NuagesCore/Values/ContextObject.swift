/// A value with members that a template can reach by name.
///
/// Nothing of a Swift value is reachable from a template but what ``contextMember(_:)`` returns.
public protocol ContextObject: Sendable, ContextConvertible {
    /// The member called `name`, or nil where there is none.
    ///
    /// - Parameter name: the name as a template writes it. Django's spelling
    ///   (`question_text`) and Swift's (`questionText`) both reach a model's field.
    /// - Returns: the member's value, or nil for an unknown name.
    func contextMember(_ name: String) -> ContextValue?

    /// What the value prints as.
    var contextDescription: ContextValue { get }

    /// What has to be computed before `{{ value }}` can be written, in place of
    /// ``contextDescription``; nil where nothing has.
    var contextPending: ContextValue? { get }

    /// What `{% for %}` walks over; nil for a value that cannot be walked.
    var contextElements: [ContextValue]? { get }

    /// Whether `{% if %}` takes the value as true.
    var contextIsTrue: Bool { get }

    /// Two objects with the same identity are equal in a template; nil is equal to nothing.
    var contextIdentity: String? { get }
}

extension ContextObject {
    /// The object itself.
    public var contextValue: ContextValue { .object(self) }

    /// Nothing has to be computed.
    public var contextPending: ContextValue? { nil }

    /// Nothing to walk over.
    public var contextElements: [ContextValue]? { nil }

    /// True, except for an object without any elements.
    public var contextIsTrue: Bool { contextElements.map { !$0.isEmpty } ?? true }

    /// Equal to nothing.
    public var contextIdentity: String? { nil }
}
