// SPDX-License-Identifier: Apache-2.0
import Connector
import Foundation
import Testing
import TieoutTesting

/// The register of a run takes the place of the file it names, and of nothing else.
@Suite struct RegisterFileTests {
    private static func books() throws -> ConversationScene {
        let scene = try ConversationScene()
        var ledger = DayLedger(seed: 5)
        try scene.importing("customers.csv", ledger.customersFile())
        try scene.importing("invoices.csv", ledger.invoicesFile(20))
        try scene.importing("payments.csv", ledger.paymentsFile(10))
        return scene
    }

    @Test("A folder is refused before anything is decided, and what is in it stays", arguments: ["", "/"])
    func folder(_ end: String) throws {
        let scene = try Self.books()
        let folder = scene.folder.appending(path: "reports")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("kept".utf8).write(to: folder.appending(path: "january.csv"))
        let failure = try #require(throws: Failure.self) {
            _ = try scene.workplace().reconcile(dryRun: false, allocations: folder.path + end)
        }
        #expect(failure.code == "FILE-WRITE" && failure.message.contains("is a folder"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["january.csv"])
        #expect(try scene.list(.allocations).isEmpty)
    }

    @Test("What is neither a file nor a folder is refused") func device() throws {
        let scene = try Self.books()
        // By a link: were it replaced, the test would take the device from the machine.
        let link = scene.folder.appending(path: "null.csv").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/null")
        let failure = try #require(throws: Failure.self) {
            _ = try scene.workplace().reconcile(dryRun: false, allocations: link)
        }
        #expect(failure.code == "FILE-WRITE" && failure.message.contains("is not a file"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/dev/null")
        #expect(try scene.list(.allocations).isEmpty)
    }

    @Test("A file is replaced by the whole new one") func replaced() throws {
        let scene = try Self.books()
        let file = scene.folder.appending(path: "allocations.csv")
        try Data("before".utf8).write(to: file)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: file.path)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.split(separator: "\n").count > 1 && !text.contains("before"))
        #expect(!FileManager.default.fileExists(atPath: file.path + ".part"))
    }
}
