import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesContrib

@Suite struct CollectStaticTests {
    @Test func writesWhatDjangoWrites() throws {
        let site = try StaticSite(DjangoCollection.files)
        let result = try site.collect()
        #expect(site.read("root/staticfiles.json") == DjangoCollection.manifest)
        #expect(result.modified.count == DjangoCollection.files.count)
        #expect(result.postProcessed.count == DjangoCollection.files.count)
        let manifest = try #require(try StaticFilesManifest.load(from: site.root))
        let style = try #require(manifest.hashedName(of: "css/base.css"))
        #expect(site.read("root/\(style)") == DjangoCollection.styleSheet)
        for (name, text) in DjangoCollection.files {
            #expect(site.read("root/\(name)") == text)
            let hashed = try #require(manifest.hashedName(of: name))
            #expect(site.read("root/\(hashed)") != nil)
        }
    }

    @Test func rewritesModulesWhereAsked() throws {
        let site = try StaticSite(DjangoCollection.files)
        var options = StaticCollector.Options()
        options.rewritesModules = true
        try site.collect(options)
        #expect(site.read("root/staticfiles.json") == DjangoCollection.manifestWithModules)
        let manifest = try #require(try StaticFilesManifest.load(from: site.root))
        let script = try #require(manifest.hashedName(of: "js/app.js"))
        #expect(site.read("root/\(script)") == DjangoCollection.script)
    }

    @Test func blanksInsideAnAddressAreNoPartOfIt() throws {
        // Django takes the quotes for a part of the name and stops.
        let site = try StaticSite([
            ("a.css", ".a { background: url( 'b.png' ) }\n"), ("b.png", "PNG"),
        ])
        try site.collect()
        let manifest = try #require(try StaticFilesManifest.load(from: site.root))
        let style = try #require(manifest.hashedName(of: "a.css"))
        let image = try #require(manifest.hashedName(of: "b.png"))
        #expect(site.read("root/\(style)") == ".a { background: url(\"\(image)\") }\n")
    }

    @Test func namesWhatIsMissing() throws {
        let site = try StaticSite([("css/a.css", "a {}\nb { background: url(gone.png) }\n")])
        #expect(
            throws: StaticFilesError.missingReference(
                file: "css/a.css",
                reference: "url(gone.png)",
                line: 2
            )
        ) { try site.collect() }
        for reference in ["../../../etc/passwd", "/static/../../etc/passwd", "%2e%2e/%2e%2e/x"] {
            let outside = try StaticSite([("a.css", "a { background: url(\(reference)) }")])
            #expect(throws: StaticFilesError.self) { try outside.collect() }
        }
    }

    @Test func endsWhereFilesReferToEachOther() throws {
        let site = try StaticSite([
            ("a.css", "@import \"b.css\";"), ("b.css", "@import \"a.css\";"),
        ])
        #expect(throws: StaticFilesError.circularReferences(files: ["a.css", "b.css"])) {
            try site.collect()
        }
    }

    @Test func refusesWhatIsNotUTF8() throws {
        let site = try StaticSite([])
        try Data([0x61, 0xFF]).write(to: URL(filePath: site.source + "/a.css"))
        #expect(throws: StaticFilesError.notUTF8(file: "a.css")) { try site.collect() }
    }

    @Test func copiesWhatHasChanged() throws {
        let site = try StaticSite([("a.txt", "one"), ("b.txt", "two")])
        #expect(try site.collect().modified == ["a.txt", "b.txt"])
        let again = try site.collect()
        #expect(again.modified.isEmpty)
        #expect(again.unmodified == ["a.txt", "b.txt"])
        try site.write("three", to: "source/b.txt")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 100)],
            ofItemAtPath: site.source + "/b.txt"
        )
        #expect(try site.collect().modified == ["b.txt"])
        #expect(site.read("root/b.txt") == "three")
    }

    @Test func writesNothingInADryRun() throws {
        let site = try StaticSite([("a.txt", "one")])
        var options = StaticCollector.Options()
        options.isDryRun = true
        options.clears = true
        try site.write("old", to: "root/old.txt")
        let result = try site.collect(options)
        #expect(result.modified == ["a.txt"])
        #expect(result.deleted == ["old.txt"])
        #expect(site.read("root/a.txt") == nil)
        #expect(site.read("root/old.txt") == "old")
        options.isDryRun = false
        try site.collect(options)
        #expect(site.read("root/old.txt") == nil)
        #expect(site.read("root/a.txt") == "one")
    }

    @Test func linksWhereAsked() throws {
        let site = try StaticSite([("css/a.css", "a {}")])
        var options = StaticCollector.Options()
        options.links = true
        try site.collect(options)
        let target = try FileManager.default.destinationOfSymbolicLink(
            atPath: site.root + "/css/a.css"
        )
        #expect(target == site.source + "/css/a.css")
        #expect(try site.collect(options).unmodified == ["css/a.css"])
        // A copy takes the place of the link and does not write through it.
        try site.collect()
        #expect(
            (try? FileManager.default.destinationOfSymbolicLink(atPath: site.root + "/css/a.css"))
                == nil
        )
    }

    @Test func leavesOutWhatIsIgnored() throws {
        let site = try StaticSite([
            ("a.txt", "1"), (".git/config", "2"), ("b.txt~", "3"), ("CVS/x", "4"),
            ("c.scss", "5"), ("deep/d.scss", "6"), ("deep/e.css", "7"),
        ])
        var options = StaticCollector.Options()
        options.postProcesses = false
        options.ignorePatterns += ["*.scss"]
        #expect(try site.collect(options).modified == ["a.txt", "deep/e.css"])
        #expect(site.read("root/staticfiles.json") == nil)
    }

    @Test func theFirstFileOfANameIsCollected() throws {
        let site = try StaticSite([("a.txt", "first")])
        try site.write("second", to: "more/a.txt")
        var collector = StaticCollector(
            finders: StaticFinders(
                directories: [site.source, site.folder + "/more/"],
                apps: []
            ),
            root: site.root,
            staticURL: "/static/"
        )
        let result = try collector.run()
        #expect(result.skipped == ["a.txt"])
        #expect(site.read("root/a.txt") == "first")
    }

    @Test func compressesWhatGetsSmaller() throws {
        let long = String(repeating: "a { color: red }\n", count: 50)
        let site = try StaticSite([("a.css", long), ("b.css", "a {}"), ("c.png", long)])
        let result = try site.collect()
        #expect(result.compressed.count == 2)
        let bytes = try #require(FileManager.default.contents(atPath: site.root + "/a.css.gz"))
        #expect(try Inflater.decompress(Array(bytes), upTo: 10_000) == Array(long.utf8))
        #expect(site.read("root/b.css.gz") == nil)
        #expect(site.read("root/c.png.gz") == nil)
    }
}

@Suite struct StaticFilesManifestTests {
    let manifest = StaticFilesManifest([
        ("a.css", "a.0123456789ab.css"), ("f/i.svg", "f/i.0123456789ab.svg"),
        ("é.txt", "é.0123456789ab.txt"),
    ])

    @Test(arguments: [
        ("a.css", "a.0123456789ab.css"), ("f/i.svg#cart", "f/i.0123456789ab.svg#cart"),
        ("f/i.svg?v=1", "f/i.0123456789ab.svg?v=1"),
        ("f/i.svg?#iefix", "f/i.0123456789ab.svg?#iefix"), ("f/", "f/"),
        ("%C3%A9.txt", "é.0123456789ab.txt"),
    ])
    func namesWhatAPageRefersTo(_ reference: String, stored: String) throws {
        #expect(try manifest.storedName(of: reference) == stored)
    }

    @Test func saysWhatIsNotCollected() {
        #expect {
            try manifest.storedName(of: "b.css")
        } throws: { error in
            "\(error)"
                == "The static file 'b.css' is not in the manifest. Did you mean 'a.css'? "
                + "Run 'collectstatic', or correct the name."
        }
    }

    @Test(arguments: ["", "[]", "{}", #"{"version": "2.0", "paths": {}}"#, "{\"version\": 1.1}"])
    func refusesWhatIsNoManifest(_ text: String) throws {
        let site = try StaticSite([])
        try site.write(text, to: "root/staticfiles.json")
        #expect(throws: StaticFilesError.malformedManifest(path: site.root + "/staticfiles.json")) {
            try StaticFilesManifest.load(from: site.root)
        }
    }

    @Test func readsOlderOnes() throws {
        let site = try StaticSite([])
        #expect(try StaticFilesManifest.load(from: site.root) == nil)
        try site.write(#"{"paths": {"a": "a.1"}, "version": "1.0"}"#, to: "root/staticfiles.json")
        #expect(try StaticFilesManifest.load(from: site.root)?.hashedName(of: "a") == "a.1")
    }
}

@Suite struct StaticFindersTests {
    @Test(arguments: [
        ("*.css", "a.css", true), ("*.css", "a/b.css", true), ("*.css", "a.cs", false),
        (".*", ".git", true), (".*", "a", false), ("*~", "b~", true), ("a?c", "abc", true),
        ("a?c", "ac", false), ("[ab]x", "bx", true), ("[!ab]x", "bx", false),
        ("[!ab]x", "cx", true),
        ("[a-c]", "b", true), ("[]]", "]", true), ("[", "[", true), ("*", "", true),
        ("", "a", false),
        ("a*b*c", "a1b2c", true), ("CVS", "cvs", false),
    ])
    func matchesNamesAsShellsDo(_ pattern: String, name: String, matches: Bool) {
        #expect(FileNamePattern(pattern).matches(name) == matches)
    }

    @Test func manyStarsAreNotSlow() {
        let pattern = FileNamePattern(String(repeating: "*a", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }

    @Test func findsTheFirstAndAll() throws {
        let site = try StaticSite([("a/b.txt", "1"), ("c.txt", "2")])
        try site.write("3", to: "more/a/b.txt")
        let finders = StaticFinders(directories: [site.source, site.folder + "/more"], apps: [])
        #expect(finders.find("a/b.txt")?.hasSuffix("/source/a/b.txt") == true)
        #expect(finders.findAll("a/b.txt").count == 2)
        for name in ["none", "a", "", "../more/a/b.txt", "/etc/passwd", "a/./b.txt"] {
            #expect(finders.find(name) == nil)
        }
    }

    @Test func checksItsFolders() throws {
        let site = try StaticSite([])
        let finders = StaticFinders(
            directories: [site.source + "/", site.folder + "/none"],
            apps: []
        )
        #expect(finders.check(root: site.root).map(\.id) == ["staticfiles.W004"])
        #expect(
            finders.check(root: site.folder + "/x/../source").map(\.id) == [
                "staticfiles.E002", "staticfiles.W004",
            ]
        )
    }
}
