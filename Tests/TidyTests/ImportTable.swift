// SPDX-License-Identifier: Apache-2.0

/// The one list of who may import whom: the table of `ARCHITECTURE.md` as data.
///
/// Every `import` line and every dependency in `Package.swift` is checked against it. Imports go up the list only.
enum ImportTable {
    struct Room {
        var name: String
        var isCore = false
        /// Targets of this package.
        var targets: [String]
        /// Products of other packages.
        var products: [String] = []
        /// Modules of the toolchain.
        var system: [String] = []

        var modules: Set<String> { Set(targets + products + system + ["Swift"]) }
    }

    /// Pure values and functions; the toolchain offers them nothing but the standard library.
    static let core: [Room] = [
        Room(name: "Documents", isCore: true, targets: []),
        Room(name: "Trees", isCore: true, targets: ["Documents"]),
        // `match:` compiles a regular expression; `_StringProcessing` is the standard library's half of `Regex`.
        Room(
            name: "Mappings", isCore: true, targets: ["Documents", "Trees"], system: ["_StringProcessing"]),
        Room(name: "Ledger", isCore: true, targets: ["Documents"]),
        Room(name: "Promises", isCore: true, targets: ["Documents", "Ledger"]),
        Room(name: "Reconciliation", isCore: true, targets: ["Documents", "Ledger", "Promises"]),
        Room(name: "PaymentRequests", isCore: true, targets: ["Documents"]),
        Room(
            name: "Dunning", isCore: true,
            targets: ["Documents", "Trees", "Ledger", "Promises", "PaymentRequests"]),
        Room(name: "Outbox", isCore: true, targets: ["Documents"]),
        Room(
            name: "Reports", isCore: true,
            targets: ["Documents", "Ledger", "Promises", "Reconciliation", "Dunning", "Outbox"]),
    ]

    static let allCore = core.map(\.name)

    private static let platform = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]

    static let edges: [Room] = [
        Room(
            name: "Formats", targets: ["Documents", "Trees", "Mappings", "CXML2", "CZip", "CQPDF"],
            products: ["Yams", "Crypto"], system: ["FoundationEssentials", "Glibc", "Synchronization", "Dispatch"]),
        Room(
            name: "Store", targets: allCore + ["CSQLite", "CZlib"], products: ["GRDB", "Crypto"],
            system: platform + ["Dispatch"]),
        // A thread of one's own is in full Foundation only.
        Room(
            name: "Remote", targets: ["Documents", "CCurl"], system: ["Foundation", "Synchronization", "Dispatch"]),
        Room(name: "Rendering", targets: ["Documents", "Reports"], system: ["FoundationEssentials"]),
        Room(
            name: "Serving", targets: [],
            products: [
                "Hummingbird", "HummingbirdCore", "ServiceLifecycle", "UnixSignals", "Logging", "NIOCore", "NIOPosix",
                "HTTPTypes",
            ],
            system: ["Dispatch", "Synchronization"]),
    ]

    static let composition: [Room] = [
        Room(
            name: "Connector", targets: allCore + ["Formats", "Remote", "Store", "Rendering"],
            products: ["Crypto", "CryptoExtras"],
            system: platform + ["Dispatch"]),
        // C; how the allocator that `tieout` is linked with keeps memory.
        Room(name: "CAllocator", targets: []),
        Room(
            name: "CLI", targets: allCore + ["Connector", "Serving", "CAllocator"], products: ["ArgumentParser"],
            system: platform + ["Dispatch"]),
        Room(name: "coreprobe", targets: allCore),
        Room(name: "workload", targets: [], system: platform),
        Room(name: "TieoutTesting", targets: allCore, system: platform),
    ]

    /// C libraries: a module map and a header of inline shims.
    static let systemLibraries = ["CXML2", "CZlib", "CZip", "CQPDF", "CCurl", "CSQLite"]

    /// What a test target may import beyond the core, `TieoutTesting` and `Testing`.
    private static let testTargets: [(name: String, targets: [String], products: [String])] = [
        ("DocumentsTests", [], []), ("TreesTests", [], []), ("MappingsTests", [], []), ("LedgerTests", [], []),
        ("PromisesTests", [], []), ("ReconciliationTests", [], []), ("PaymentRequestsTests", [], []),
        ("DunningTests", [], []), ("OutboxTests", [], []), ("ReportsTests", [], []), ("TidyTests", [], []),
        ("FormatsTests", ["Formats"], []), ("StoreTests", ["Store"], ["GRDB"]),
        ("RemoteTests", ["Remote"], []), ("RenderingTests", ["Rendering"], []),
        ("ServingTests", ["Serving", "Remote"], []),
        ("ConnectorTests", ["Connector", "Store", "Formats", "Remote"], ["Crypto", "CryptoExtras"]),
        ("ConformanceTests", ["Connector", "Formats", "Store"], []), ("CLITests", ["CLI", "Remote"], []),
    ]

    static let tests: [Room] = testTargets.map { name, targets, products in
        Room(
            name: name, targets: allCore + ["TieoutTesting"] + targets, products: products,
            system: platform + ["Testing", "Dispatch"])
    }

    static let rooms = core + edges + composition + tests

    static func room(_ name: String) -> Room? { rooms.first { $0.name == name } }
}
