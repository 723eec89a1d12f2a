// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Synchronization
import Testing
import TieoutTesting
import Trees

/// Twinfield, Exact Online and SAP S/4HANA take a payment as an entry and as its match with the invoice.
@Suite("A write of two steps")
struct SystemTwoStepTests {
    static let systems = ["twinfield"] + SystemPostTests.loosening

    @Test(arguments: systems, 1...4) func `The answer to any of its writes may be lost`(
        _ system: String, _ write: Int
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.lost = write }
        let answer = try scene.runPosts()
        #expect(answer.states.sorted() == ["done", "unknown"], "\(answer.text)")
        #expect(try scene.postExceptions() == ["POST-UNKNOWN"])
        #expect(try scene.runPosts().states == ["done"])
        #expect(try scene.isWhole())
        #expect(try scene.postExceptions() == [])
    }

    @Test(arguments: systems, 1...4) func `Any of its writes may never arrive`(_ system: String, _ write: Int) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.unseen = write }
        #expect(try scene.runPosts().states.sorted() == ["done", "unknown"])
        #expect(try scene.runPosts().states == ["done"])
        #expect(try scene.isWhole())
    }

    @Test(arguments: systems) func `A period that is closed there is a refusal in its words, and leaves nothing`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.shut = true }
        let answer = try scene.runPosts()
        #expect(answer.states == ["refused", "refused"] && answer.text.contains("Refused by rule 7"), "\(answer.text)")
        #expect(try scene.server.seen().entries.isEmpty)
    }
}
