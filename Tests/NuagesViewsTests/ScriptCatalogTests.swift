import Foundation
import Nuages
import NuagesSQLite
import NuagesTesting
import Testing

@Suite struct ScriptCatalogTests {
    /// A `.mo` file.
    private static func file(_ messages: [(id: String, text: String)]) -> Data {
        var places: [(Int, Int)] = []
        var texts: [UInt8] = []
        let start = 28 + messages.count * 16
        for text in messages.map(\.id) + messages.map(\.text) {
            places.append((text.utf8.count, start + texts.count))
            texts += Array(text.utf8) + [0]
        }
        let words =
            [0x9504_12DE, 0, messages.count, 28, 28 + messages.count * 8, 0, 0]
            + places.flatMap { [$0.0, $0.1] }
        let head = words.flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        return Data(head + texts)
    }

    private static let german = file([
        (
            "",
            "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
        ),
        ("</script>", "</Skript>"), ("Save", "Sichern"), ("month\u{4}May", "Mai"),
        ("vote\u{0}votes", "Stimme\u{0}Stimmen"),
    ])

    private struct Scripted: Site {
        var settings = Settings(secretKey: .random())
        var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
        var apps: [any App] { [] }
        var middleware: [any Middleware] { [LocaleMiddleware(["en", "de"], standard: "en")] }
        var urls: Routes {
            #path("jsi18n/", JavaScriptCatalog())
            #path("i18n.json", JSONCatalog())
            #path("shop/", JSONCatalog(apps: ["shop"]))
        }
    }

    private func withSite(_ body: (TestClient) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "script-catalog-\(UUID().uuidString)"
        let locale = folder + "/de/LC_MESSAGES"
        try FileManager.default.createDirectory(
            atPath: locale,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.german.write(to: URL(fileURLWithPath: locale + "/djangojs.mo"))
        try await withTestSite(
            Scripted.self,
            configure: { $0.localeDirectories = [folder] },
            body
        )
    }

    @Test func givesTheMessagesOfTheVisitorsLanguage() async throws {
        try await withSite { client in
            let german = try await client.get("/i18n.json", headers: ["Accept-Language": "de"])
            #expect(german.headers["Content-Type"] == "application/json")
            guard case .object(let members) = try JSONValue(parsing: german.text) else {
                Issue.record("no object")
                return
            }
            let values = Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
            #expect(values["plural"] == .string("(n != 1)"))
            #expect(
                values["catalog"]
                    == .object([
                        .init("</script>", .string("</Skript>")), .init("Save", .string("Sichern")),
                        .init("month\u{4}May", .string("Mai")),
                        .init("vote", .array([.string("Stimme"), .string("Stimmen")])),
                    ])
            )
            guard case .object(let formats) = values["formats"] else {
                Issue.record("no formats")
                return
            }
            #expect(formats.contains(.init("DECIMAL_SEPARATOR", .string(","))))
            #expect(formats.contains(.init("DATE_FORMAT", .string("j. F Y"))))
            let english = try await client.get("/i18n.json", headers: ["Accept-Language": "en"])
            #expect(english.text.hasPrefix(#"{"catalog":{},"formats":{"DATETIME_FORMAT":"#))
            #expect(english.text.hasSuffix(#""plural":null}"#))
            let again = try await client.get("/i18n.json", headers: ["Accept-Language": "de"])
            #expect(again.text == german.text)
        }
    }

    @Test func isAScriptThatNoMessageCanLeave() async throws {
        try await withSite { client in
            let script = try await client.get("/jsi18n/", headers: ["Accept-Language": "de"])
            #expect(script.headers["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(script.text.contains("const plural = (n) => Number((n != 1));"))
            #expect(script.text.contains(#""vote":["Stimme","Stimmen"]"#))
            #expect(!script.text.contains("</"))
            for name in ["gettext", "ngettext", "pgettext", "npgettext", "interpolate"] {
                #expect(script.text.contains("django.\(name) ="))
            }
        }
    }

    @Test func namesTheAppsThatThereAre() async throws {
        try await withSite { client in
            let answer = try await client.get("/shop/")
            #expect(answer.status == 500)
            #expect(
                SiteError.unknownApp("shp", choices: ["shop", "blog"]).description
                    == "The site has no app 'shp'. Did you mean 'shop'? Its apps are: blog, shop."
            )
        }
    }
}
