// swift-tools-version: 6.3
import CompilerPluginSupport
import PackageDescription

/// What every target of ours is compiled with.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target
{
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

#if os(macOS)
let re2Package: String? = "re2"
#else
let re2Package: String? = nil
#endif

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .target(name: "CLibCrypto", condition: .when(platforms: [.linux]))
let configuration: Target.Dependency = .product(
    name: "Configuration",
    package: "swift-configuration"
)
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let unixSignals: Target.Dependency = .product(
    name: "UnixSignals",
    package: "swift-service-lifecycle"
)
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let inMemoryTracing: Target.Dependency = .product(
    name: "InMemoryTracing",
    package: "swift-distributed-tracing"
)
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let tls: [Target.Dependency] = [
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "NIOTLS", package: "swift-nio"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    .product(name: "NIOHPACK", package: "swift-nio-http2"),
]
let swiftSyntax: [Target.Dependency] = [
    .product(name: "SwiftSyntax", package: "swift-syntax"),
    .product(name: "SwiftParser", package: "swift-syntax"),
    .product(name: "SwiftSyntaxMacros", package: "swift-syntax"),
    .product(name: "SwiftCompilerPlugin", package: "swift-syntax"),
    .product(name: "SwiftDiagnostics", package: "swift-syntax"),
    .product(name: "SwiftSyntaxBuilder", package: "swift-syntax"),
]

let macroTesting: [Target.Dependency] = [
    .product(name: "SwiftSyntaxMacroExpansion", package: "swift-syntax"),
    .product(name: "SwiftSyntaxMacrosGenericTestSupport", package: "swift-syntax"),
]

let package = Package(
    name: "nuages",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Nuages", targets: ["Nuages"]),
        .library(name: "NuagesHTTP", targets: ["NuagesHTTP"]),
        .library(name: "NuagesSQLite", targets: ["NuagesSQLite"]),
        .library(name: "NuagesPostgreSQL", targets: ["NuagesPostgreSQL"]),
        .library(name: "NuagesMySQL", targets: ["NuagesMySQL"]),
        .library(name: "NuagesTLS", targets: ["NuagesTLS"]),
        .library(name: "NuagesS3", targets: ["NuagesS3"]),
        .library(name: "NuagesORMTesting", targets: ["NuagesORMTesting"]),
        .library(name: "NuagesTesting", targets: ["NuagesTesting"]),
        .library(name: "NuagesObservability", targets: ["NuagesObservability"]),
        .executable(name: "Polls", targets: ["Polls"]),
        .executable(name: "Gauntlet", targets: ["Gauntlet"]),
        .executable(name: "Newsroom", targets: ["Newsroom"]),
        .plugin(name: "EmbedTemplates", targets: ["EmbedTemplates"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        // Only what NuagesTLS is built of; a site that does not link it builds none of them.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        // Only what NuagesS3 is built of; a site that does not link it builds none of it.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(
            url: "https://github.com/apple/swift-configuration",
            from: "1.4.0",
            traits: []
        ),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    ],
    targets: [
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
        ),
        // Only what NuagesPostgreSQL is built of; a site that does not link it builds neither.
        .systemLibrary(
            name: "CLibPQ",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        // Only what NuagesMySQL is built of; a site that does not link it builds neither.
        .systemLibrary(
            name: "CLibMariaDB",
            pkgConfig: "libmariadb",
            providers: [.apt(["libmariadb-dev"]), .brew(["mariadb-connector-c"])]
        ),
        .systemLibrary(
            name: "CLibCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        // Only carries where Homebrew has RE2; on Linux it is where the compiler looks anyway.
        .systemLibrary(
            name: "CLibRE2",
            pkgConfig: re2Package,
            providers: [.apt(["libre2-dev"]), .brew(["re2"])]
        ),
        .target(
            name: "CRE2",
            dependencies: ["CLibRE2"],
            linkerSettings: [.linkedLibrary("re2")]
        ),
        // Only what mail writes addresses with; a site that sends none builds neither.
        .systemLibrary(
            name: "CLibIDN",
            pkgConfig: "libidn",
            providers: [.apt(["libidn-dev"]), .brew(["libidn"])]
        ),
        library("NuagesIDNA", ["CLibIDN"]),
        // RegexSyntax is a link: the macros read patterns as the run time does.
        .macro(name: "NuagesMacros", dependencies: swiftSyntax, swiftSettings: settings),
        library("NuagesRegex", ["CRE2"]),
        library("NuagesCore", ["NuagesRegex", crypto, "CZlib"]),
        library("NuagesFiles", ["NuagesCore"]),
        library(
            "NuagesS3",
            [
                "NuagesFiles", "NuagesCore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        library("NuagesTemplates", ["NuagesCore", "NuagesMacros"]),
        library(
            "NuagesForms",
            ["NuagesCore", "NuagesRegex", "NuagesTemplates", "NuagesMacros"]
        ),
        library("NuagesHTTP", ["NuagesCore", "NuagesRegex", "NuagesMacros", logging]),
        library("NuagesORM", ["NuagesCore", "NuagesFiles", "NuagesMacros"]),
        library("NuagesModelForms", ["NuagesForms", "NuagesORM", "NuagesCore", "NuagesMacros"]),
        library("NuagesSQLite", ["NuagesORM", "NuagesCore", "NuagesRegex", "CSQLite"]),
        library("NuagesPostgreSQL", ["NuagesORM", "NuagesCore", "CLibPQ"]),
        library("NuagesMySQL", ["NuagesORM", "NuagesCore", "CLibMariaDB"]),
        library(
            "NuagesServer",
            ["NuagesHTTP", "NuagesCore", logging, lifecycle, unixSignals] + nio
        ),
        library(
            "NuagesTLS",
            ["NuagesServer", "NuagesHTTP", "NuagesCore", logging] + nio + tls
        ),
        library(
            "NuagesViews",
            [
                "NuagesCore", "NuagesFiles", "NuagesHTTP", "NuagesORM", "NuagesForms",
                "NuagesModelForms",
                "NuagesTemplates", logging, configuration,
            ]
        ),
        library(
            "NuagesContrib",
            [
                "NuagesViews", "NuagesHTTP", "NuagesORM", "NuagesFiles", "NuagesModelForms",
                "NuagesCore",
                "NuagesTemplates",
            ]
        ),
        library(
            "NuagesCommands",
            [
                "NuagesViews", "NuagesServer", "NuagesContrib", "NuagesCore", "NuagesFiles",
                "NuagesHTTP", "NuagesORM", "NuagesForms", "NuagesTemplates", logging, lifecycle,
                argumentParser,
            ]
        ),
        library("NuagesObservability", ["NuagesHTTP", "NuagesORM", metrics, tracing]),
        library(
            "Nuages",
            [
                "NuagesRegex", "NuagesCore", "NuagesFiles", "NuagesTemplates", "NuagesForms",
                "NuagesHTTP", "NuagesORM", "NuagesModelForms", "NuagesServer", "NuagesViews",
                "NuagesContrib",
                "NuagesCommands", argumentParser,
            ]
        ),
        library(
            "NuagesTesting",
            ["NuagesCommands", "NuagesCore", "NuagesHTTP", "NuagesORM", "NuagesViews"]
        ),
        library("NuagesORMTesting", ["NuagesORM", "NuagesCore"]),
        // The models of the ORM's corpus, written by Scripts/generate-orm-models. Imports are those of
        // a program, so that all files have the same ones whatever the macros print.
        .target(
            name: "ORMConformanceModels",
            dependencies: ["NuagesCore", "NuagesORM"],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(
            name: "nuages-conformance",
            dependencies: [
                "NuagesTemplates", "NuagesForms", "NuagesHTTP", "NuagesORM", "NuagesSQLite",
                "NuagesPostgreSQL", "NuagesMySQL", "NuagesCore", "NuagesContrib", "NuagesRegex",
                "NuagesIDNA",
                "NuagesViews", "DatabaseTestSupport", "ORMConformanceModels",
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Polls",
            dependencies: ["Nuages", "NuagesSQLite"],
            path: "Examples/Polls",
            exclude: ["templates", "static"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Newsroom",
            dependencies: ["Nuages", "NuagesSQLite"],
            path: "Examples/Newsroom",
            exclude: ["templates", "static", "README.md"],
            swiftSettings: settings
        ),
        // Writes a target's templates into its program, for sites that are deployed as one file.
        .plugin(
            name: "EmbedTemplates",
            capability: .buildTool(),
            dependencies: ["nuages-embed"]
        ),
        .executableTarget(name: "nuages-embed", swiftSettings: settings),
        .executableTarget(
            name: "Gauntlet",
            dependencies: ["Nuages", "NuagesSQLite"],
            path: "Examples/Gauntlet",
            exclude: ["templates", "static", "downloads"],
            swiftSettings: settings,
            plugins: ["EmbedTemplates"]
        ),
        .target(
            name: "ServerTestSupport",
            dependencies: ["NuagesServer", "NuagesHTTP", "NuagesCore", logging, lifecycle] + nio,
            path: "Tests/ServerTestSupport",
            swiftSettings: settings
        ),
        .target(
            name: "DatabaseTestSupport",
            dependencies: ["NuagesORM", "NuagesSQLite", "NuagesPostgreSQL", "NuagesMySQL"],
            path: "Tests/DatabaseTestSupport",
            swiftSettings: settings
        ),
        tests("GauntletTests", ["Gauntlet", "Nuages", "NuagesTesting"]),
        tests("PollsTests", ["Polls", "Nuages", "NuagesTesting"]),
        tests("NewsroomTests", ["Newsroom", "Nuages", "NuagesTesting"]),
        tests(
            "IntegrationTests",
            [
                "Polls", "Gauntlet", "Newsroom", "NuagesServer", "NuagesHTTP", "NuagesCore",
                "ServerTestSupport",
            ]
        ),
        tests("NuagesTestingTests", ["NuagesTesting", "NuagesHTTP", "NuagesCore"]),
        tests(
            "NuagesViewsTests",
            [
                "NuagesViews", "NuagesCore", "NuagesFiles", "NuagesHTTP", "NuagesORM",
                "NuagesSQLite", "Nuages", "NuagesTesting", configuration, logging,
            ]
        ),
        tests(
            "NuagesCommandsTests",
            [
                "NuagesCommands", "NuagesServer", "NuagesORM", "NuagesSQLite", "NuagesViews",
                "Nuages", logging, configuration, argumentParser,
            ]
        ),
        tests("NuagesRegexTests", ["NuagesRegex"]),
        tests("NuagesIDNATests", ["NuagesIDNA"]),
        tests(
            "NuagesObservabilityTests",
            ["NuagesObservability", "NuagesHTTP", "NuagesORM", metrics, tracing, inMemoryTracing]
        ),
        tests("NuagesCoreTests", ["NuagesCore"]),
        tests("NuagesFilesTests", ["NuagesFiles", "NuagesCore"]),
        tests("NuagesS3Tests", ["NuagesS3", "NuagesFiles", "NuagesCore", "DatabaseTestSupport"]),
        // Files of models, on each database.
        tests(
            "ModelFilesTests",
            [
                "NuagesORM", "NuagesFiles", "NuagesCore", "NuagesTemplates", "NuagesSQLite",
                "DatabaseTestSupport",
            ]
        ),
        // Without package access, as a site is: what the guides show must be public.
        .testTarget(
            name: "PublicAPITests",
            dependencies: ["Nuages"],
            packageAccess: false,
            swiftSettings: settings
        ),
        tests("NuagesTemplatesTests", ["NuagesTemplates", "NuagesCore"]),
        tests(
            "NuagesFormsTests",
            ["NuagesForms", "NuagesTemplates", "NuagesCore", "NuagesRegex"]
        ),
        tests(
            "NuagesModelFormsTests",
            [
                "NuagesModelForms", "NuagesForms", "NuagesORM", "NuagesCore", "NuagesFiles",
                "NuagesTemplates", "NuagesPostgreSQL", "DatabaseTestSupport",
            ]
        ),
        tests("NuagesHTTPTests", ["NuagesHTTP", "NuagesCore"]),
        tests(
            "NuagesContribTests",
            [
                "NuagesContrib", "NuagesFiles", "NuagesHTTP", "NuagesORM", "NuagesSQLite",
                "NuagesTemplates", "NuagesCore", "DatabaseTestSupport",
            ]
        ),
        tests(
            "NuagesServerTests",
            [
                "NuagesServer", "NuagesHTTP", "NuagesCore", "ServerTestSupport", logging, lifecycle,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio
        ),
        tests(
            "NuagesTLSTests",
            [
                "NuagesTLS", "NuagesServer", "NuagesHTTP", "NuagesCore", "ServerTestSupport",
                logging,
                lifecycle,
            ] + nio + tls
        ),
        tests(
            "NuagesORMTests",
            [
                "NuagesORM", "NuagesSQLite", "NuagesPostgreSQL", "NuagesCore",
                "DatabaseTestSupport",
            ]
        ),
        tests(
            "ORMConformanceModelsTests",
            [
                "ORMConformanceModels", "NuagesORM", "NuagesSQLite", "NuagesCore",
                "DatabaseTestSupport",
            ]
        ),
        tests(
            "NuagesMigrationsTests",
            [
                "NuagesORM", "NuagesSQLite", "NuagesPostgreSQL", "NuagesMySQL", "NuagesCore",
                "DatabaseTestSupport",
            ]
        ),
        tests(
            "NuagesPostgreSQLTests",
            ["NuagesORM", "NuagesPostgreSQL", "NuagesCore", "DatabaseTestSupport"]
        ),
        // A process of a site, to be ended or run beside another one.
        .executableTarget(
            name: "database-fault-program",
            dependencies: ["NuagesORM", "NuagesSQLite", "NuagesPostgreSQL", "NuagesMySQL"],
            path: "Tests/DatabaseFaultProgram",
            swiftSettings: settings
        ),
        // What databases do for a running site, on each of them.
        tests(
            "DatabaseOperationsTests",
            [
                "Nuages", "NuagesCore", "NuagesHTTP", "NuagesORM", "NuagesViews", "NuagesSQLite",
                "NuagesPostgreSQL", "NuagesMySQL", "NuagesTesting", "DatabaseTestSupport",
                "database-fault-program", configuration,
            ]
        ),
        tests("NuagesORMTestingTests", ["NuagesORMTesting", "NuagesORM", "DatabaseTestSupport"]),
        tests(
            "NuagesMySQLTests",
            ["NuagesORM", "NuagesMySQL", "NuagesCore", "DatabaseTestSupport"]
        ),
        // The plugin's sources are compiled into its tests (through a link): a test that depends on
        // a macro target makes SwiftPM build all tests for the host, where executables such as
        // Polls cannot be imported.
        .testTarget(
            name: "NuagesMacrosTests",
            dependencies: swiftSyntax + macroTesting,
            exclude: ["Implementation/Plugin.swift"],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
