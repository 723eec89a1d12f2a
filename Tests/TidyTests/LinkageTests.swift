// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The core stands alone")
struct LinkageTests {
    /// Parts of library names that the core must not bring in.
    static let forbidden = ["Foundation", "ICU", "libicu", "xml2", "curl", "sqlite3", "libz.", "ssl", "crypto"]

    @Test(
        "A program that calls every core target links no Foundation, ICU, libxml2, libcurl or SQLite",
        .enabled(if: probe != nil, "coreprobe is not built beside the tests: run `swift build` first"))
    func probeLinksOnlyTheStandardLibrary() throws {
        let probe = try #require(Self.probe)
        let listing = String(
            decoding: try Command.run("ldd", [probe.path], in: Repository.root), as: UTF8.self)
        #expect(listing.contains("libswiftCore"), "ldd did not list what was expected:\n\(listing)")
        let found = Self.forbidden.filter { listing.contains($0) }
        #expect(found == [], "\n\(listing)")
    }

    @Test("The same check fails for a program that does link Foundation")
    func checkCanFail() throws {
        let own = try #require(Self.testBinary)
        let listing = String(decoding: try Command.run("ldd", [own.path], in: Repository.root), as: UTF8.self)
        #expect(Self.forbidden.contains { listing.contains($0) })
    }

    /// The test program that is running.
    static let testBinary: URL? = {
        let link = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let arguments = CommandLine.arguments.map { URL(filePath: $0) }
        return (arguments + [link]).first {
            $0.lastPathComponent.hasSuffix(".xctest") && FileManager.default.fileExists(atPath: $0.path)
        }
    }()

    /// `coreprobe` in the same build folder.
    static let probe: URL? = {
        guard let folder = testBinary?.deletingLastPathComponent() else { return nil }
        let url = folder.appending(path: "coreprobe")
        return FileManager.default.isExecutableFile(atPath: url.path) ? url : nil
    }()
}
