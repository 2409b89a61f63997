/// Writes migrations as Swift files that compile as they are.
///
/// Each migration is a file of its own, and one more file lists them all:
///
///     // Migrations/polls_0001_initial.swift
///     extension PollsMigrations {
///         static let m0001Initial = Migration(app: "polls", name: "0001_initial", isInitial: true) {
///             CreateModel(
///                 "Question",
///                 fields: [
///                     FieldSchema("question_text", .charField, maxLength: 200)
///                 ]
///             )
///         }
///     }
///
///     // Migrations/PollsMigrations.swift
///     enum PollsMigrations {
///         static let all: [Migration] = [m0001Initial]
///     }
public struct MigrationWriter: Sendable {
    /// The modules that the files import.
    public var modules: [String]
    /// Whether the files start with a line that names their maker (`--no-header`).
    public var hasHeader: Bool

    /// A file and its text.
    public struct File: Sendable, Hashable {
        /// The name without the folder.
        public var name: String
        /// The text.
        public var text: String
    }

    /// A writer.
    ///
    /// - Parameters:
    ///   - modules: the modules that the files import.
    ///   - hasHeader: whether the files start with a line that names their maker.
    public init(modules: [String] = ["Nuages"], hasHeader: Bool = true) {
        self.modules = modules
        self.hasHeader = hasHeader
    }

    /// The type that holds the migrations of an app: `PollsMigrations`.
    ///
    /// - Parameter app: the label of the app.
    /// - Returns: the name of the type.
    public static func typeName(of app: String) -> String {
        let words = identifier(app).split(separator: "_")
        return words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Migrations"
    }

    /// The name of a migration's file.
    ///
    /// It holds the app, since two files of one module cannot
    /// have the same name.
    ///
    /// - Parameter migration: the migration.
    /// - Returns: the name, `polls_0001_initial.swift`.
    public static func fileName(of migration: MigrationKey) -> String {
        "\(identifier(migration.app))_\(identifier(migration.name)).swift"
    }

    /// The migrations of an app whose files are in a folder, in their order.
    ///
    ///     MigrationWriter.migrationNames(in: ["polls_0001_initial.swift", "a.swift"], of: "polls")
    ///     // ["0001_initial"]
    ///
    /// - Parameters:
    ///   - files: the names of the files.
    ///   - app: the label of the app.
    /// - Returns: the names of migrations, which start with a digit.
    package static func migrationNames(in files: [String], of app: String) -> [String] {
        let (start, end) = ("\(identifier(app))_", ".swift")
        return files.compactMap { file in
            guard file.hasPrefix(start), file.hasSuffix(end) else { return nil }
            let name = file.dropFirst(start.utf8.count).dropLast(end.utf8.count)
            guard let first = name.utf8.first, (0x30...0x39).contains(first) else { return nil }
            return String(name)
        }.sorted()
    }

    /// The file of a migration.
    ///
    /// - Parameter migration: the migration.
    /// - Returns: the name and the text.
    public func file(_ migration: Migration) -> File { file(migration, frozen: nil) }

    /// The file of a migration, with structs of models as they are before it.
    ///
    /// - Parameters:
    ///   - migration: the migration.
    ///   - frozen: the structs; nil for none.
    /// - Returns: the name and the text.
    package func file(_ migration: Migration, frozen: FrozenModelSource?) -> File {
        var lines: [String] = []
        if hasHeader { lines += ["// Written by makemigrations.", ""] }
        if frozen?.needsFoundation == true { lines.append("import Foundation") }
        let others = Set(migration.operations.flatMap(\.modules)).subtracting(modules)
        lines += (modules + others.sorted()).map { "import \($0)" } + [""]
        lines.append("extension \(Self.typeName(of: migration.app)) {")
        lines += ["    /// The migration `\(Self.line(migration.name))`.", "    ///"]
        for operation in migration.operations {
            lines.append("    /// - \(Self.line(operation.describe()))")
        }
        if migration.operations.isEmpty { lines.removeLast() }
        lines.append("    static let \(Self.constant(migration.name)) = \(head(of: migration)) {")
        for operation in migration.operations {
            lines.append("        " + operation.source.text(indent: 8))
        }
        lines += ["    }", "}"] + (frozen?.lines ?? []) + [""]
        return File(
            name: Self.fileName(of: migration.key),
            text: lines.joined(separator: "\n")
        )
    }

    /// The file that lists an app's migrations; it is written anew with each one.
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - names: the names of its migrations.
    /// - Returns: the name and the text.
    public func indexFile(app: String, names: [String]) -> File {
        let type = Self.typeName(of: app)
        let list = SwiftExpression.array(names.sorted().map { .atom(Self.constant($0)) })
        let prefix = "static let all: [Migration] = "
        var lines: [String] = []
        if hasHeader { lines += ["// Written by makemigrations.", ""] }
        lines += modules.map { "import \($0)" } + [""]
        lines.append("/// The migrations of the app \(Self.line(app)).")
        lines.append("enum \(type) {")
        lines.append("    \(prefix)\(list.text(indent: 4, lead: prefix.count))")
        lines += ["}", ""]
        return File(name: "\(type).swift", text: lines.joined(separator: "\n"))
    }

    private func head(of migration: Migration) -> String {
        var list = ArgumentList()
        list.add("app", migration.app)
        list.add("name", migration.name)
        if migration.isInitial == true { list.add("isInitial", .atom("true")) }
        list.add("isAtomic", migration.isAtomic, default: true)
        add("dependencies", migration.dependencies, to: &list)
        add("runBefore", migration.runBefore, to: &list)
        add("replaces", migration.replaces, to: &list)
        let name = Self.constant(migration.name)
        return SwiftExpression.call("Migration", list.arguments)
            .text(indent: 4, lead: "static let \(name) = ".count, tail: 2)
    }

    private func add(_ label: String, _ keys: [MigrationKey], to list: inout ArgumentList) {
        guard !keys.isEmpty else { return }
        list.add(label, .array(keys.map(\.source)))
    }

    /// The name of the constant that holds a migration: `m0001Initial`.
    static func constant(_ name: String) -> String {
        let words = identifier(name).split(separator: "_")
        return "m" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The name with anything but ASCII letters, digits and underscores replaced, since it becomes
    /// a part of Swift code and of a path.
    static func identifier(_ name: String) -> String {
        let bytes = name.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text on one line, for a comment.
    static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator, .format: " "
                    default: scalar
                    }
                }
            )
        )
    }
}

extension MigrationKey {
    var source: SwiftExpression {
        if app == "__setting__" { return .call(".swappable", [.init(.string(name))]) }
        if name == "__first__" { return .call(".first", [.init("of", .string(app))]) }
        if name == "__latest__" { return .call(".latest", [.init("of", .string(app))]) }
        return .call("MigrationKey", [.init(.string(app)), .init(.string(name))])
    }
}
