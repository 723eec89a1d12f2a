// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackageDescription

// One list says what each target may import; `Tests/TidyTests` checks every `import` against it.
let core: [(name: String, imports: [String])] = [
    ("Documents", []),
    ("Trees", ["Documents"]),
    ("Mappings", ["Documents", "Trees"]),
    ("Ledger", ["Documents"]),
    ("Promises", ["Documents", "Ledger"]),
    ("Reconciliation", ["Documents", "Ledger", "Promises"]),
    ("PaymentRequests", ["Documents"]),
    ("Dunning", ["Documents", "Trees", "Ledger", "Promises", "PaymentRequests"]),
    ("Outbox", ["Documents"]),
    ("Reports", ["Documents", "Ledger", "Promises", "Reconciliation", "Dunning", "Outbox"]),
]

func target(_ name: String) -> Target.Dependency { .target(name: name) }
func package(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package)
}

var targets: [Target] = core.map { name, imports in
    .target(name: name, dependencies: imports.map(target))
}
let allCore = core.map { target($0.name) }

targets += [
    .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CQPDF", pkgConfig: "libqpdf", providers: [.apt(["libqpdf-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(
        name: "Formats",
        dependencies: ["Documents", "Trees", "Mappings", "CXML2", "CZip", "CQPDF"].map(target) + [
            package("Yams", "Yams"), package("Crypto", "swift-crypto"),
        ]),
    .target(
        name: "Store",
        dependencies: allCore + [
            "CSQLite", "CZlib", package("GRDB", "GRDB.swift"), package("Crypto", "swift-crypto"),
        ]),
    .target(name: "Remote", dependencies: ["Documents", "CCurl"].map(target)),
    .target(name: "Rendering", dependencies: ["Documents", "Reports"]),
    .target(
        name: "Serving",
        dependencies: [
            package("Hummingbird", "hummingbird"), package("HummingbirdCore", "hummingbird"),
            package("ServiceLifecycle", "swift-service-lifecycle"), package("UnixSignals", "swift-service-lifecycle"),
            package("Logging", "swift-log"), package("NIOCore", "swift-nio"),
            package("NIOPosix", "swift-nio"), package("HTTPTypes", "swift-http-types"),
        ]),
    .target(
        name: "Connector",
        dependencies: allCore + ["Formats", "Remote", "Store", "Rendering"].map(target) + [
            package("Crypto", "swift-crypto"), package("CryptoExtras", "swift-crypto"),
        ]),
    .executableTarget(
        name: "CLI",
        dependencies: allCore + [
            "Connector", "Serving", "CAllocator", package("ArgumentParser", "swift-argument-parser"),
        ]),
    .executableTarget(name: "coreprobe", dependencies: allCore),
    .executableTarget(name: "workload", path: "Benchmarks/Workload"),
    .target(name: "TieoutTesting", dependencies: allCore, path: "Tests/TieoutTesting"),
]

let tests: [(name: String, imports: [Target.Dependency])] = [
    ("DocumentsTests", []), ("MappingsTests", []), ("LedgerTests", []), ("PromisesTests", []),
    ("ReconciliationTests", []), ("PaymentRequestsTests", []), ("DunningTests", []),
    ("OutboxTests", []), ("ReportsTests", []), ("TidyTests", []),
    ("FormatsTests", ["Formats"]), ("StoreTests", ["Store", package("GRDB", "GRDB.swift")]),
    ("RemoteTests", ["Remote"]), ("RenderingTests", ["Rendering"]), ("ServingTests", ["Serving", "Remote"]),
    (
        "ConnectorTests",
        ["Connector", "Store", "Formats", "Remote"].map(target) + [
            package("Crypto", "swift-crypto"), package("CryptoExtras", "swift-crypto"),
        ]
    ),
    ("ConformanceTests", ["Connector", "Formats", "Store"]), ("CLITests", ["CLI", "Remote"]),
]
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

// A large run asks for memory some ninety million times, and jemalloc takes a tenth less of its time than the C library
// (docs/DECISIONS.md, 81). Where it is not installed, `tieout` is linked without.
let libraryFolders = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map { "/usr/lib/\($0)" } + ["/usr/lib", "/usr/lib64"]
let hasJemalloc = libraryFolders.contains { FileManager.default.fileExists(atPath: "\($0)/libjemalloc.so") }
targets.append(.target(name: "CAllocator", linkerSettings: hasJemalloc ? [.linkedLibrary("jemalloc")] : []))

// A target is made when its first real line is written: a folder that is not there is no target.
func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
}
for (name, imports) in tests where exists("Tests/\(name)") {
    targets.append(
        .testTarget(name: name, dependencies: allCore + [target("TieoutTesting")] + imports))
}

// Fuzzing takes a sanitizer's flags, so its program is a target only where it is asked for (`make fuzz`).
if Context.environment["TIEOUT_FUZZ"] != nil {
    targets.append(
        .executableTarget(
            name: "FuzzFormats",
            dependencies: ["Documents", "Trees", "Mappings", "PaymentRequests", "Formats"].map(target),
            path: "Fuzz/FuzzFormats"))
}

for target in targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}

let manifest = Package(
    name: "tieout",
    products: [.executable(name: "tieout", targets: ["CLI"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: targets,
    swiftLanguageModes: [.v6]
)
