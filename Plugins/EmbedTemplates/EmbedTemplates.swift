import Foundation
import PackagePlugin

/// Makes the files below the folder `templates` of a target part of its program, as
/// `EmbeddedTemplates.sources`.
@main
struct EmbedTemplates: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL.appending(path: "templates")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedTemplates.swift")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return [
            .buildCommand(
                displayName: "Embedding the templates of \(target.name)",
                executable: try context.tool(named: "nuages-embed").url,
                arguments: [folder.path, output.path],
                inputFiles: files?.compactMap { $0 as? URL }.filter { !$0.hasDirectoryPath } ?? [],
                outputFiles: [output]
            )
        ]
    }
}
