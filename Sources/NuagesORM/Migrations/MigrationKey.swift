/// The identity of a migration: its app and its name, as `django_migrations` keeps them.
public struct MigrationKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The label of the app.
    public var app: String
    /// The name, such as `0001_initial`.
    public var name: String

    /// A key.
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - name: the name of the migration.
    public init(_ app: String, _ name: String) {
        self.app = app
        self.name = name
    }

    /// The first migration of an app, whatever its name.
    ///
    /// - Parameter app: the label of the app.
    /// - Returns: the key.
    public static func first(of app: String) -> Self { Self(app, "__first__") }

    /// The last migration of an app, whatever its name.
    ///
    /// - Parameter app: the label of the app.
    /// - Returns: the key.
    public static func latest(of app: String) -> Self { Self(app, "__latest__") }

    /// The app that the model of a setting such as `AUTH_USER_MODEL` belongs to.
    ///
    /// - Parameter setting: the name of the setting.
    /// - Returns: the key.
    public static func swappable(_ setting: String) -> Self { Self("__setting__", setting) }

    /// `polls.0001_initial`.
    public var description: String { "\(app).\(name)" }

    /// By app, then by name.
    ///
    /// - Parameters:
    ///   - left: a key.
    ///   - right: another key.
    /// - Returns: whether `left` comes first.
    public static func < (left: Self, right: Self) -> Bool {
        left.app != right.app ? left.app < right.app : left.name < right.name
    }
}
