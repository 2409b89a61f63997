import NuagesCore
import Synchronization

/// The models that a site puts in place of others, by the settings that name them.
///
///     @Model(swappable: "AUTH_USER_MODEL")
///     struct User { … }                            // of a package
///
///     // AUTH_USER_MODEL=accounts.Member            of the site
///
/// The model whose place is taken has no table, and its rows cannot be asked for.
///
/// Django: `Meta.swappable`.
public enum SwappableModels {
    private static let names = Mutex<[String: String]>([:])

    /// The labels of the models that settings name.
    ///
    /// A site sets it as it starts, before its models are used.
    public static var named: [String: String] {
        get { names.withLock(\.self) }
        set { names.withLock { $0 = newValue } }
    }

    /// Names models, beside those that are named already.
    ///
    /// - Parameter labels: the labels, by the settings.
    public static func add(_ labels: [String: String]) {
        names.withLock { names in names.merge(labels) { _, new in new } }
    }

    /// The labels of the models in place, by the settings of all models that are known: those that
    /// settings name, and those whose place nobody takes.
    public static var inPlace: [String: String] {
        var labels = named.mapValues { MigrationState.canonical($0) }
        for model in ModelRegistry.models {
            guard let setting = model.schema.swappable, labels[setting] == nil else { continue }
            labels[setting] = model.label
        }
        return labels
    }

    /// The label that a setting names, as the framework writes it; nil where it says nothing.
    static func label(for setting: String) -> String? {
        guard setting.utf8.count <= 200 else { return nil }
        return names.withLock { $0[setting] }.map { MigrationState.canonical($0) }
    }
}

extension ModelSchema {
    /// The label of the model in whose place the setting puts another; nil where it is in place.
    ///
    /// Django: `Options.swapped`.
    public var swapped: String? {
        guard let swappable, let label = SwappableModels.label(for: swappable) else { return nil }
        return label.utf8.elementsEqual(self.label.utf8) ? nil : label
    }
}

extension ModelSchema {
    /// A setting that names no model in place of this one.
    var swapMessages: [CheckMessage] {
        guard let swappable, let label = SwappableModels.named[swappable] else { return [] }
        if label.split(separator: ".", omittingEmptySubsequences: false).count != 2 {
            return [
                CheckMessage(
                    .error,
                    id: "models.E001",
                    "\(swappable) is '\(label)', which is no label of a model.",
                    hint: "Write it as 'accounts.Member'.",
                    object: fullName
                )
            ]
        }
        if ModelRegistry.model(labelled: MigrationState.canonical(label)) != nil { return [] }
        return [
            CheckMessage(
                .error,
                id: "models.E002",
                "\(swappable) names '\(label)', which no app of the site has.",
                hint: "Correct the setting, or add the app to the site.",
                object: fullName
            )
        ]
    }
}

extension Model {
    /// A reference to a row of this model, or of the model that a site puts in its place.
    public typealias SwappableReference = NuagesORM.SwappableReference<Self>

    /// The label of the model that is in this one's place, which may be its own.
    static var labelInPlace: String { schema.swapped ?? label }

    /// The model that is in this one's place.
    static var modelInPlace: any Model.Type {
        get throws(UsageError) {
            guard let swapped = schema.swapped else { return Self.self }
            guard let model = ModelRegistry.model(labelled: swapped) else {
                throw .notAllowed(
                    "\(schema.swappable ?? "A setting") names '\(swapped)', which no app has."
                )
            }
            return model
        }
    }
}
