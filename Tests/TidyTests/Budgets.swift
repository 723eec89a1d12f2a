// SPDX-License-Identifier: Apache-2.0

/// The numbers and lists that the rules enforce, in one place.
enum Budgets {
    static let fileLinesMax = 400
    static let functionLinesMax = 70
    /// `Sources/Target/Folder/File.swift`.
    static let pathComponentsMax = 4

    static let licenceLine = "// SPDX-License-Identifier: Apache-2.0"

    /// The files that hold a C handle or call the kernel; `unsafe` anywhere else fails.
    static let handleFiles: Set<String> = [
        "Sources/Formats/XML/XMLHandle.swift",  // libxml2
        "Sources/Formats/PDF/PDFHandle.swift",  // libqpdf
        "Sources/Formats/Encodings/IconvHandle.swift",  // the C library's code pages
        "Sources/Formats/FileBytes.swift",  // open, read, write
        "Sources/Formats/XLSX/ZipHandle.swift",  // libzip
        "Sources/Remote/CurlHandle.swift",  // libcurl
        "Sources/Store/SQLite/SQLiteHandle.swift",  // SQLite's C functions
        "Sources/Store/SQLite/RowBytes.swift",  // rows in the form of CSQLite's shim
        "Sources/Store/SQLite/LockHandle.swift",  // flock
        "Sources/Store/SQLite/ConnectionHandle.swift",  // GRDB's connection, borrowed
        "Sources/Store/Originals/DescriptorHandle.swift",  // open, write, fsync
        "Sources/Store/Originals/GzipHandle.swift",  // zlib
        "Sources/Serving/ThreadsHandle.swift",  // the runtime's reference to a task executor
    ]

    /// Beyond the handle files: classes whose fields belong to one thread, which the compiler cannot see.
    static let uncheckedFiles: Set<String> = [
        "Sources/Store/SQLite/WriteQueue.swift",  // the writer's own thread
        "Sources/Store/Import/Staging.swift",  // the staging queue
        "Sources/Store/Import/FirstLoad.swift",  // the staging queue
        "Sources/Store/Workflow/RunWriter.swift",  // the queue that writes decisions
        "Sources/Connector/Sync/LandingQueue.swift",  // the queue that maps pages
        "Sources/Connector/Verbs/FreedAside.swift",  // what nobody uses any more
        "Sources/Reconciliation/FirstReading.swift",  // blocks of payments, handed over whole
    ]

    /// Modules that only one folder may import.
    static let fencedModules: [(module: String, folders: [String])] = [
        ("GRDB", ["Sources/Store/SQLite/", "Tests/StoreTests/"]),
        ("CXML2", ["Sources/Formats/XML/"]),
        ("CZip", ["Sources/Formats/XLSX/"]),
        ("CQPDF", ["Sources/Formats/PDF/"]),
        ("CCurl", ["Sources/Remote/"]),
        ("CSQLite", ["Sources/Store/SQLite/"]),
        ("CZlib", ["Sources/Store/"]),
        ("ArgumentParser", ["Sources/CLI/"]),
        ("Hummingbird", ["Sources/Serving/"]),
        ("ServiceLifecycle", ["Sources/Serving/"]),
        ("NIOCore", ["Sources/Serving/"]),
        ("NIOPosix", ["Sources/Serving/"]),
    ]

    /// Names that say nothing about what a thing does.
    static let emptyNames = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utilities", "Common"]

    /// Targets whose work is to print.
    static let printers = ["CLI", "coreprobe"]
}
