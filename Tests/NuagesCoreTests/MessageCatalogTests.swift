import Foundation
import Testing

@testable import NuagesCore

/// Writes `.mo` files as `msgfmt` does.
enum MOWriter {
    static func bytes(
        _ messages: [(id: String, text: String)],
        isBigEndian: Bool = false
    ) -> [UInt8] {
        let sorted = messages.map { (Array($0.id.utf8), Array($0.text.utf8)) }
        var offset = 28 + sorted.count * 16
        var keys: [(Int, Int)] = []
        var values: [(Int, Int)] = []
        var data: [UInt8] = []
        for (id, _) in sorted {
            keys.append((id.count, offset + data.count))
            data += id + [0]
        }
        for (_, text) in sorted {
            values.append((text.count, offset + data.count))
            data += text + [0]
        }
        offset = 28
        let header =
            [0x9504_12DE, 0, sorted.count, 28, 28 + sorted.count * 8, 0, 0]
            + (keys + values).flatMap { [$0.0, $0.1] }
        return header.flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * (isBigEndian ? 3 - $0 : $0))) }
        } + data
    }
}

@Suite struct MessageCatalogTests {
    private static let german: [(id: String, text: String)] = [
        (
            "",
            "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
        ),
        ("Save", "Sichern"), ("month\u{4}May", "Mai"), ("day\u{0}days", "Tag\u{0}Tage"),
        ("two\nlines", "zwei\nZeilen"),
    ]

    @Test(arguments: [false, true])
    func readsMessagesOfBothByteOrders(isBigEndian: Bool) throws {
        let catalog = try MessageCatalog(mo: MOWriter.bytes(Self.german, isBigEndian: isBigEndian))
        #expect(catalog.count == 4)
        #expect(catalog.translation(of: "Save") == "Sichern")
        #expect(catalog.translation(of: "May") == nil)
        #expect(catalog.translation(of: "May", context: "month") == "Mai")
        #expect(catalog.translation(of: "day", plural: ("days", 1)) == "Tag")
        #expect(catalog.translation(of: "day", plural: ("days", 0)) == "Tage")
        #expect(catalog.translation(of: "day") == "Tag")
        #expect(catalog.translation(of: "Save", plural: ("Saves", 2)) == nil)
        #expect(catalog.translation(of: "two\r\nlines") == "zwei\nZeilen")
        #expect(catalog.translation(of: "") == nil)
    }

    @Test func everyCutIsRefusedOrHarmless() throws {
        let bytes = MOWriter.bytes(Self.german)
        for length in 0..<bytes.count {
            // What is cut off behind the last translation is only its final NUL.
            guard length < bytes.count - 1 else { continue }
            #expect(throws: MessageCatalogError.self) {
                try MessageCatalog(mo: Array(bytes[..<length]))
            }
        }
    }

    @Test func everyChangedByteEndsWell() {
        let bytes = MOWriter.bytes(Self.german)
        for index in bytes.indices {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                let catalog = try? MessageCatalog(mo: changed)
                _ = catalog?.translation(of: "day", plural: ("days", 7))
            }
        }
    }

    @Test func saysWhatIsWrong() {
        let latin: [(id: String, text: String)] = [
            ("", "Content-Type: text/plain; charset=ISO-8859-1\n")
        ]
        #expect(throws: MessageCatalogError.notUTF8) {
            try MessageCatalog(mo: MOWriter.bytes(latin))
        }
        #expect(throws: MessageCatalogError.notACatalog) { try MessageCatalog(mo: [1, 2, 3, 4]) }
        do {
            _ = try MessageCatalog(mo: MOWriter.bytes([("", "Plural-Forms: nplurals=x\n")]))
            Issue.record("it was read")
        } catch {
            #expect(
                "\(error)"
                    == "Plural-Forms is malformed: ' nplurals=x'. It is written like 'nplurals=2; "
                    + "plural=(n != 1);'."
            )
        }
    }

    // The forms of 0…25 in some languages, as their catalogues define them.
    @Test(arguments: [
        ("nplurals=1; plural=0;", "00000000000000000000000000"),
        ("nplurals=2; plural=n > 1", "00111111111111111111111111"),
        (
            "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || "
                + "n%100>14) ? 1 : 2);",
            "20111222222222222222201112"
        ),
        (
            "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
                + "n%100>=11 && n%100<=99 ? 4 : 5;",
            "01233333333444444444444444"
        ),
        ("nplurals=2; plural=!(n/2*2-n+1)", "01010101010101010101010101"),
    ])
    func choosesForms(_ header: String, forms: String) throws {
        let rule = try #require(PluralRule(header: header))
        let found = (0..<26).map { rule.form(of: $0).map(String.init) ?? "-" }.joined()
        #expect(found == forms)
    }

    // The forms of 0…124 in languages with several, as Python's gettext chooses them.
    @Test(arguments: Self.languages)
    func choosesFormsAsPythonDoes(_ header: String, forms: String) throws {
        let rule = try #require(PluralRule(header: header))
        let found = (0..<125).map { rule.form(of: $0).map(String.init) ?? "-" }.joined()
        #expect(found == forms)
    }

    private static let languages: [(String, String)] = [
        (
            "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%"
                + "100<12 || n%100>14) ? 1 : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 "
                + "&& n%100<=14)? 2 : 3);",
            "201112222222222222222011122222201112222220111222222011122222201112222220"
                + "11122222201112222220111222222011122222222222222220111"
        ),
        (
            "nplurals=5; plural=((n%10 == 1) && (n%100 != 11) && (n%100 !=71) && (n%1"
                + "00 !=91) ? 0 :(n%10 == 2) && (n%100 != 12) && (n%100 !=72) && (n%100 !=9"
                + "2) ? 1 :(n%10 ==3 || n%10==4 || n%10==9) && (n%100 < 10 || n% 100 > 19) "
                + "&& (n%100 < 70 || n%100 > 79) && (n%100 < 90 || n%100 > 99) ? 2 :(n != 0"
                + " && n % 1000000 == 0) ? 3 : 4);",
            "401224444244444444444012244442401224444240122444424012244442401224444244"
                + "44444444401224444244444444444012244442444444444440122"
        ),
        (
            "nplurals=4; plural=(n == 1 && n % 1 == 0) ? 0 : (n >= 2 && n <= 4 && n %"
                + " 1 == 0) ? 1: (n % 1 != 0 ) ? 2 : 3;",
            "301113333333333333333333333333333333333333333333333333333333333333333333"
                + "33333333333333333333333333333333333333333333333333333"
        ),
        (
            "nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3"
                + ";",
            "201222223223222222222222222222222222222222222222222222222222222222222222"
                + "22222222222222222222222222222222222222222222222222222"
        ),
        (
            "nplurals=4; plural=(n==1 || n==11) ? 0 : (n==2 || n==12) ? 1 : (n > 2 &&"
                + " n < 20) ? 2 : 3;",
            "301222222220122222223333333333333333333333333333333333333333333333333333"
                + "33333333333333333333333333333333333333333333333333333"
        ),
        (
            "nplurals=4; plural=(n % 10 == 1 && (n % 100 > 19 || n % 100 < 11) ? 0 : "
                + "(n % 10 >= 2 && n % 10 <=9) && (n % 100 > 19 || n % 100 < 11) ? 1 : n % "
                + "1 != 0 ? 2: 3);",
            "301111111133333333333011111111301111111130111111113011111111301111111130"
                + "11111111301111111130111111113011111111333333333330111"
        ),
        (
            "nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%10"
                + "0>14) ? 1 : n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || (n%1"
                + "00>=12 && n%100<=14) ? 2 : 3);",
            "201112222222222222222211122222221112222222111222222211122222221112222222"
                + "11122222221112222222111222222211122222222222222222111"
        ),
        (
            "nplurals=3; plural=(n==1?0:(((n%100>19)||((n%100==0)&&(n!=0)))?2:1));",
            "101111111111111111112222222222222222222222222222222222222222222222222222"
                + "22222222222222222222222222222111111111111111111122222"
        ),
        (
            "nplurals=4; plural=(n % 1 == 0 && n == 1 ? 0 : n % 1 == 0 && n >= 2 && n"
                + " <= 4 ? 1 : n % 1 != 0 ? 2: 3);",
            "301113333333333333333333333333333333333333333333333333333333333333333333"
                + "33333333333333333333333333333333333333333333333333333"
        ),
        (
            "nplurals=4; plural=(n % 1 == 0 && n % 10 == 1 && n % 100 != 11 ? 0 : n %"
                + " 1 == 0 && n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) "
                + "? 1 : n % 1 == 0 && (n % 10 ==0 || (n % 10 >=5 && n % 10 <=9) || (n % 10"
                + "0 >=11 && n % 100 <=14 )) ? 2: 3);",
            "201112222222222222222011122222201112222220111222222011122222201112222220"
                + "11122222201112222220111222222011122222222222222220111"
        ),
        (
            "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ?"
                + " 1 : 2;",
            "002222222222222222222222222222222222222222222222222222222222222222222222"
                + "22222222222222222222222222222222222222222222222222222"
        ),
        (
            "nplurals=3; plural=(n == 1 && n % 1 == 0) ? 0 : (n == 2 && n % 1 == 0) ?"
                + " 1: 2;",
            "201222222222222222222222222222222222222222222222222222222222222222222222"
                + "22222222222222222222222222222222222222222222222222222"
        ),
    ]

    /// All catalogues of Django: `DJANGO_SOURCE` is the folder `django` of its source distribution.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["DJANGO_SOURCE"] != nil))
    func readsTheCatalogsOfDjango() throws {
        let source = try #require(ProcessInfo.processInfo.environment["DJANGO_SOURCE"])
        let folder = "\(source)/conf/locale"
        let catalogs = MessageCatalogs(directories: [folder])
        #expect(catalogs.check().isEmpty)
        let german = try #require(catalogs.catalog(of: "de-at"))
        #expect(german(nil, "May", nil) == "Mai")
        let locales = try FileManager.default.contentsOfDirectory(atPath: folder)
        let read = locales.filter { locale in
            catalogs.catalog(of: LanguageTag.language(of: locale)) != nil
        }
        #expect(read.count > 80)
    }

    @Test(arguments: [
        "", "nplurals=2", "plural=n", "nplurals=0; plural=0", "nplurals=2; plural=n +",
        "nplurals=2; plural=n ? 1", "nplurals=2; plural=x", "nplurals=2; plural=n n",
        "nplurals=2; plural=(n", "nplurals=2; plural=99999999999999999999",
        "nplurals=2; plural=" + String(repeating: "(", count: 500),
        "nplurals=2; plural=" + String(repeating: "!", count: 999) + "n",
        "nplurals=2; plural=" + String(repeating: "n+", count: 600) + "n",
    ])
    func refusesMalformedRules(_ header: String) { #expect(PluralRule(header: header) == nil) }

    @Test(arguments: [
        ("n/0", 5), ("n%0", 5), ("0-n-n-n", Int.max), ("n/(0-1)", .min), ("n", -3), ("n", 7),
        ("n", 2), ("0-1", 1), ("n == 1 ? n/0 : 0", 1),
    ])
    func aFormThatIsNotThereIsNone(_ expression: String, number: Int) throws {
        let rule = try #require(PluralRule(header: "nplurals=2; plural=\(expression)"))
        #expect(rule.form(of: number) == nil)
    }

    @Test func sumsBeyondAnIntegerDoNotStopTheProgram() throws {
        let rule = try #require(PluralRule(header: "nplurals=2; plural=n*n*n*n*n*n"))
        #expect(rule.form(of: .max) == 1)
    }
}

@Suite struct MessageCatalogsTests {
    private let root =
        FileManager.default.temporaryDirectory.path + "/catalogs-\(UUID().uuidString)"

    private func write(
        _ folder: String,
        _ locale: String,
        _ messages: [(id: String, text: String)]
    )
        throws -> String
    {
        let path = "\(root)/\(folder)/\(locale)/LC_MESSAGES"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let header = ("", "Content-Type: text/plain; charset=UTF-8\n")
        let file = path + "/django.mo"
        _ = FileManager.default.createFile(
            atPath: file,
            contents: Data(MOWriter.bytes([header] + messages))
        )
        return file
    }

    @Test func looksFromTheParticularToTheGeneral() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        _ = try write("site", "de", [("a", "a-site-de")])
        _ = try write("app", "de", [("a", "a-app-de"), ("b", "b-app-de"), ("c", "c-app-de")])
        _ = try write("app", "de_AT", [("c", "c-app-at")])
        _ = try write("app", "fr", [("d", "d-app-fr"), ("a", "a-app-fr")])
        let catalogs = MessageCatalogs(
            directories: ["\(root)/site", "\(root)/app"],
            fallback: "fr"
        )
        let austrian = try #require(catalogs.catalog(of: "de-at"))
        #expect(
            ["a", "b", "c", "d", "e"].map { austrian(nil, $0, nil) }
                == ["a-site-de", "b-app-de", "c-app-at", "d-app-fr", nil]
        )
        #expect(catalogs.catalog(of: "fr")?(nil, "a", nil) == "a-app-fr")
        // Messages are English already, even where the site speaks another language.
        #expect(catalogs.catalog(of: "en-gb")?(nil, "a", nil) == nil)
        #expect(catalogs.check().isEmpty)
    }

    @Test func reportsFilesThatAreNoCatalogs() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let file = try write("site", "de", [])
        _ = FileManager.default.createFile(atPath: file, contents: Data([1, 2, 3]))
        let messages = MessageCatalogs(directories: ["\(root)/site"]).check()
        #expect(messages.map(\.id) == ["translation.E101"])
        #expect(messages.first?.message.hasPrefix(file) == true)
        #expect(messages.first?.hint?.contains("msgfmt") == true)
    }

    @Test func aLanguageThatIsNoneReachesNoFile() {
        let catalogs = MessageCatalogs(directories: ["/"])
        for language in ["../..", "", "a/b", "de\u{0}", String(repeating: "x", count: 5000)] {
            #expect(catalogs.catalog(of: language) == nil)
        }
    }
}
