import Foundation
import Nuages
import Testing

@testable import Gauntlet

@Suite struct EmbeddedTemplateTests {
    private let app = GauntletApp()

    private var files: [String: String] {
        get throws {
            let folder = try #require(app.directory) + "/templates"
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
            var files: [String: String] = [:]
            for name in names where name.hasSuffix(".html") {
                files[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            }
            return files
        }
    }

    @Test func theProgramHasAllTemplates() throws {
        #expect(app.templates == (try files))
    }

    @Test func theyNeedNoFiles() throws {
        let engine = TemplateEngine(directories: [], templates: app.templates, isDebug: false)
        for name in app.templates.keys {
            #expect(throws: Never.self) { try engine.template(named: name) }
        }
        #expect(engine.check().isEmpty)
    }
}
