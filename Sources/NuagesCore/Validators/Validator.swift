/// A rule for values of one type.
///
/// Every validator here takes time linear in its input and keeps no state.
public protocol Validator<Value>: Sendable {
    /// What it judges.
    associatedtype Value

    /// Accepts the value or says what is wrong with it.
    ///
    /// - Parameter value: the value.
    /// - Throws: ``ValidationError`` with Django's message and code.
    func validate(_ value: Value) throws(ValidationError)
}
