// swift-tools-version: 6.3
import PackageDescription

/// What every target is compiled with: the same as in the package above, and checks that
/// optimised code otherwise leaves out.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .unsafeFlags(["-enable-testing", "-assert-config", "Debug"]),
]

/// The model of content types is one of the macro, which `Scripts/fuzz` has built for this machine.
let macros: [SwiftSetting] = [
    .unsafeFlags([
        "-load-plugin-executable",
        "\(Context.packageDirectory)/../.build/debug/NuagesMacros-tool#NuagesMacros",
    ])
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .target(name: "CLibCrypto", condition: .when(platforms: [.linux]))

// The targets stand in `Sources` as links to those of the package above. As its dependency they
// would bring swift-syntax and SwiftNIO with them, instrumented: many minutes of building for
// parsers that use neither.
let package = Package(
    name: "nuages-fuzz",
    platforms: [.macOS("26.0")],
    dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.0")],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CLibRE2", pkgConfig: "re2"),
        .target(name: "CRE2", dependencies: ["CLibRE2"]),
        .target(name: "NuagesRegex", dependencies: ["CRE2"], swiftSettings: settings),
        .target(
            name: "NuagesCore",
            dependencies: ["NuagesRegex", crypto, "CZlib"],
            swiftSettings: settings
        ),
        .target(
            name: "NuagesHTTP",
            dependencies: ["NuagesCore", "NuagesRegex", logging],
            exclude: ["Routing/PathMacros.swift"],
            swiftSettings: settings
        ),
        .target(
            name: "NuagesServer",
            dependencies: ["NuagesHTTP", "NuagesCore"],
            sources: ["Parsing"],
            swiftSettings: settings
        ),
        .target(
            name: "NuagesTemplates",
            dependencies: ["NuagesCore"],
            exclude: ["Engine/TemplateContextMacro.swift"],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq"),
        .systemLibrary(name: "CLibMariaDB", pkgConfig: "libmariadb"),
        .target(name: "NuagesFiles", dependencies: ["NuagesCore"], swiftSettings: settings),
        .target(
            name: "NuagesORM",
            dependencies: ["NuagesFiles", "NuagesCore"],
            swiftSettings: settings + macros
        ),
        .target(
            name: "NuagesSQLite",
            dependencies: ["NuagesORM", "NuagesCore", "NuagesRegex", "CSQLite"],
            swiftSettings: settings
        ),
        .target(
            name: "NuagesPostgreSQL",
            dependencies: ["NuagesORM", "NuagesCore", "CLibPQ"],
            swiftSettings: settings
        ),
        .target(
            name: "NuagesMySQL",
            dependencies: ["NuagesORM", "NuagesCore", "CLibMariaDB"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "NuagesCore", "NuagesHTTP", "NuagesRegex", "NuagesServer", "NuagesTemplates",
                "NuagesORM", "NuagesSQLite", "NuagesPostgreSQL", "NuagesMySQL", "CSQLite", "CLibPQ",
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
