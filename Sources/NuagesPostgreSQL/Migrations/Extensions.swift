public import NuagesORM

/// Installs an extension of PostgreSQL; on other databases it does nothing.
///
///     CreateExtension.hstore
///     CreateExtension("postgis")     // CREATE EXTENSION IF NOT EXISTS "postgis"
///
/// The role of the connection has to be allowed to: most extensions are trusted, others need the
/// superuser, who may have installed them before.
public struct CreateExtension: MigrationOperation {
    /// The extension's name.
    public var name: String

    /// An operation that installs an extension.
    ///
    /// - Parameter name: the extension's name.
    public init(_ name: String) { self.name = name }

    /// Indexes of bits of several columns (`BloomExtension`).
    public static let bloom = Self("bloom")
    /// GIN indexes of plain values (`BtreeGinExtension`).
    public static let btreeGin = Self("btree_gin")
    /// GiST indexes of plain values, which exclusion constraints need (`BtreeGistExtension`).
    public static let btreeGist = Self("btree_gist")
    /// Text that is compared without regard to case (`CITextExtension`).
    public static let citext = Self("citext")
    /// Digests (`CryptoExtension`).
    public static let crypto = Self("pgcrypto")
    /// Maps of texts (`HStoreExtension`).
    public static let hstore = Self("hstore")
    /// Groups of three letters (`TrigramExtension`).
    public static let trigram = Self("pg_trgm")
    /// Text without accents (`UnaccentExtension`).
    public static let unaccent = Self("unaccent")

    /// An addition.
    public var category: OperationCategory { .addition }
    /// `NuagesPostgreSQL`.
    public var modules: [String] { ["NuagesPostgreSQL"] }
    /// `create_extension_hstore`.
    public var nameFragment: String? { "create_extension_\(name)" }
    /// `Creates extension hstore`.
    public func describe() -> String { "Creates extension \(name)" }

    /// Nothing: models do not change.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {}

    /// Installs the extension, unless it is there.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        guard editor.isPostgreSQL, try await !isInstalled(editor) else { return }
        try await editor.execute(
            "CREATE EXTENSION IF NOT EXISTS \(editor.dialect.sql.quote(name))"
        )
    }

    /// Removes the extension, if it is there.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        guard editor.isPostgreSQL else { return }
        if !editor.isCollecting, try await !isInstalled(editor) { return }
        try await editor.execute("DROP EXTENSION IF EXISTS \(editor.dialect.sql.quote(name))")
    }

    /// Whether the extension is there: then the role need not be allowed to install it.
    private func isInstalled(_ editor: SchemaEditor) async throws -> Bool {
        guard !editor.isCollecting, let database = editor.database else { return false }
        return try await !database.rows(
            "SELECT 1 FROM pg_extension WHERE extname = \(name)"
        ).isEmpty
    }

    /// `CreateExtension("hstore")`.
    public var source: SwiftExpression { .call("CreateExtension", [.init(.string(name))]) }
}

/// A collation: how text is compared and ordered.
public struct Collation: Sendable, Hashable {
    /// The name that columns give it.
    public var name: String
    /// The locale, such as `fr-x-icu` or `und-u-ks-level2`.
    public var locale: String
    /// Where the locale is from: `libc` or `icu`.
    public var provider: String
    /// Whether texts are equal only where their bytes are.
    public var isDeterministic: Bool

    /// A collation.
    ///
    /// - Parameters:
    ///   - name: the name that columns give it.
    ///   - locale: the locale.
    ///   - provider: where the locale is from: `libc` or `icu`.
    ///   - isDeterministic: whether texts are equal only where their bytes are.
    public init(
        _ name: String,
        locale: String,
        provider: String = "libc",
        isDeterministic: Bool = true
    ) {
        self.name = name
        self.locale = locale
        self.provider = provider
        self.isDeterministic = isDeterministic
    }

    fileprivate func create(_ editor: inout SchemaEditor) async throws {
        guard editor.isPostgreSQL else { return }
        let sql = editor.dialect.sql
        var options = ["locale=\(sql.quote(locale))"]
        if provider != "libc" { options.append("provider=\(sql.quote(provider))") }
        if !isDeterministic { options.append("deterministic=false") }
        try await editor.execute(
            "CREATE COLLATION \(sql.quote(name)) (\(options.joined(separator: ", ")))"
        )
    }

    fileprivate func remove(_ editor: inout SchemaEditor) async throws {
        guard editor.isPostgreSQL else { return }
        try await editor.execute("DROP COLLATION \(editor.dialect.sql.quote(name))")
    }

    fileprivate var arguments: [SwiftExpression.Argument] {
        var list: [SwiftExpression.Argument] = [
            .init(.string(name)), .init("locale", .string(locale)),
        ]
        if provider != "libc" { list.append(.init("provider", .string(provider))) }
        if !isDeterministic { list.append(.init("isDeterministic", .atom("false"))) }
        return list
    }
}

/// Makes a collation; on other databases it does nothing.
///
///     CreateCollation("case_insensitive", locale: "und-u-ks-level2", provider: "icu",
///         isDeterministic: false)
public struct CreateCollation: MigrationOperation {
    /// The collation.
    public var collation: Collation

    /// An operation that makes a collation.
    ///
    /// - Parameters:
    ///   - name: the name that columns give it.
    ///   - locale: the locale.
    ///   - provider: where the locale is from: `libc` or `icu`.
    ///   - isDeterministic: whether texts are equal only where their bytes are.
    public init(
        _ name: String,
        locale: String,
        provider: String = "libc",
        isDeterministic: Bool = true
    ) {
        collation = Collation(
            name,
            locale: locale,
            provider: provider,
            isDeterministic: isDeterministic
        )
    }

    /// An addition.
    public var category: OperationCategory { .addition }
    /// `NuagesPostgreSQL`.
    public var modules: [String] { ["NuagesPostgreSQL"] }
    /// `create_collation_french`.
    public var nameFragment: String? { "create_collation_\(collation.name.lowercased())" }
    /// `Create collation french`.
    public func describe() -> String { "Create collation \(collation.name)" }
    /// Nothing: models do not change.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {}

    /// Makes the collation.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await collation.create(&editor)
    }

    /// Removes the collation.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await collation.remove(&editor)
    }

    /// Takes in a later removal of the collation.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        if let remove = later as? RemoveCollation, remove.collation.name == collation.name {
            return .replaced([])
        }
        return .blocks
    }

    /// `CreateCollation("french", locale: "fr-x-icu")`.
    public var source: SwiftExpression { .call("CreateCollation", collation.arguments) }
}

/// Removes a collation; on other databases it does nothing.
public struct RemoveCollation: MigrationOperation {
    /// The collation, as the way back makes it again.
    public var collation: Collation

    /// An operation that removes a collation.
    ///
    /// - Parameters:
    ///   - name: the name that columns give it.
    ///   - locale: the locale.
    ///   - provider: where the locale is from: `libc` or `icu`.
    ///   - isDeterministic: whether texts are equal only where their bytes are.
    public init(
        _ name: String,
        locale: String,
        provider: String = "libc",
        isDeterministic: Bool = true
    ) {
        collation = Collation(
            name,
            locale: locale,
            provider: provider,
            isDeterministic: isDeterministic
        )
    }

    /// A removal.
    public var category: OperationCategory { .removal }
    /// `NuagesPostgreSQL`.
    public var modules: [String] { ["NuagesPostgreSQL"] }
    /// `remove_collation_french`.
    public var nameFragment: String? { "remove_collation_\(collation.name.lowercased())" }
    /// `Remove collation french`.
    public func describe() -> String { "Remove collation \(collation.name)" }
    /// Nothing: models do not change.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {}

    /// Removes the collation.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await collation.remove(&editor)
    }

    /// Makes the collation again.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await collation.create(&editor)
    }

    /// `RemoveCollation("french", locale: "fr-x-icu")`.
    public var source: SwiftExpression { .call("RemoveCollation", collation.arguments) }
}
