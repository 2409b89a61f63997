/// A part of a site with a label of its own: models, templates and static files that belong together.
///
///     struct PollsApp: App {
///         let label = "polls"
///         let directory = sourceDirectory()
///     }
///
/// Django: `django.apps.AppConfig`.
public protocol App: Sendable {
    /// The short name, unique in the site; it stands before table names, as in `polls_question`.
    var label: String { get }
    /// The name for people.
    var verboseName: String { get }
    /// The folder that holds `templates` and `static`; nil for an app that has neither.
    var directory: String? { get }

    /// What is wrong with the app's set-up; `check` prints it.
    ///
    /// - Returns: messages, empty if all is well.
    func checks() -> [CheckMessage]
}

extension App {
    /// The label with a capital.
    public var verboseName: String { label.prefix(1).uppercased() + label.dropFirst() }
    /// No folder.
    public var directory: String? { nil }

    /// Nothing is wrong.
    ///
    /// - Returns: no messages.
    public func checks() -> [CheckMessage] { [] }
}

/// The folder of the source file that calls it.
///
/// A site that runs where it was built reads its templates from there, so that they can be
/// edited without a rebuild.
///
/// - Parameter file: the source file.
/// - Returns: the path of the folder, without a slash at the end.
public func sourceDirectory(_ file: String = #filePath) -> String {
    guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return String(file[..<slash])
}
