/// Knows the addresses of static files.
///
/// The layer that serves them says it; `{% static %}` asks the first layer of the site that does.
public protocol StaticURLSource: Sendable {
    /// The address of a static file.
    ///
    /// - Parameter reference: the name, such as `polls/style.css`.
    /// - Returns: such as `/static/polls/style.css`.
    /// - Throws: an error where there is no such file.
    func staticURL(for reference: String) throws -> String
}
