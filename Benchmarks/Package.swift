// swift-tools-version: 6.3
import PackageDescription

/// What every target of ours is compiled with; the same as in the package above.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "nuages-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "nuages", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "BenchApp",
            dependencies: [
                .product(name: "Nuages", package: "nuages"),
                .product(name: "NuagesSQLite", package: "nuages"),
                .product(name: "NuagesPostgreSQL", package: "nuages"),
            ],
            exclude: ["templates"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FormBench",
            dependencies: [.product(name: "Nuages", package: "nuages")],
            exclude: ["forms.py"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "MigrationBench",
            dependencies: [
                .product(name: "Nuages", package: "nuages"),
                .product(name: "NuagesSQLite", package: "nuages"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ORMBench",
            dependencies: [
                .product(name: "Nuages", package: "nuages"),
                .product(name: "NuagesSQLite", package: "nuages"),
                .product(name: "NuagesPostgreSQL", package: "nuages"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "RoutingBench",
            dependencies: [.product(name: "NuagesHTTP", package: "nuages")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "TemplateBench",
            dependencies: [.product(name: "Nuages", package: "nuages")],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
