import NuagesCore
import NuagesORM
import ORMConformanceModels

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The models of the corpus: those that `Scripts/generate-orm-models` has written for the macro.
struct ORMModels: Sendable {
    /// The label of a model by the corpus' name.
    static func label(_ name: String) -> String { "orm.\(name.lowercased())" }

    /// What the corpus says of the models, to read their tables without the ORM.
    let json: JSONValue

    /// Makes the models known to the ORM.
    init(path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var parser = JSONTextParser(bytes: Array(text.utf8))
        json = try parser.parse()
        ModelRegistry.register(ConformanceModels.all)
    }
}
