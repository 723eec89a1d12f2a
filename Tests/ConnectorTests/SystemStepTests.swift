// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Synchronization
import Testing
import TieoutTesting
import Trees

/// Twinfield takes a payment in two writes: an entry, then its match with the invoice.
@Suite("A write of several steps is taken up where it stopped")
struct SystemStepTests {
    @Test(arguments: 1...6, [true, false]) func `A process that dies at any of its requests goes on where it stopped`(
        _ request: Int, _ isAnswered: Bool
    ) throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        scene.state.withLock { state in
            if isAnswered { state.diesAfter = state.sent + request } else { state.diesBefore = state.sent + request }
        }
        _ = try? scene.runPosts()
        try scene.comeBack()
        let left = try scene.workplace().listPosts("book")
        #expect(left.states == (request > 3 ? ["done", "sending"] : ["sending", "approved"]), "\(left.text)")
        #expect(try scene.runPosts().states == (request > 3 ? ["done"] : ["done", "done"]))
        #expect(try scene.isWhole())
        #expect(try scene.runPosts().states == [])
    }

    @Test func `A match that is refused takes the entry back`() throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        try scene.order { $0.refuses = 2 }
        let answer = try scene.runPosts()
        #expect(answer.states.sorted() == ["done", "refused"], "\(answer.text)")
        #expect(
            answer.text.contains("Refused by rule 7; entry 202600901 of the day book BNK was taken back again"),
            "\(answer.text)")
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
        #expect(try scene.postExceptions() == ["POST-REFUSED"])
        // Once the reason is gone it is proposed anew, under another key.
        try scene.order()
        try scene.approve(count: 1)
        #expect(try scene.runPosts().states == ["done"])
        #expect(try scene.isWhole())
        #expect(try scene.postExceptions() == [])
    }

    @Test func `Where the entry cannot be taken back a person hears what stands where`() throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        try scene.order { ($0.refuses, $0.final) = (2, true) }
        let answer = try scene.runPosts()
        #expect(answer.states.sorted() == ["done", "half"] && answer.needsReview, "\(answer.text)")
        #expect(
            answer.text.contains("entry 202600901 of the day book BNK stands there and could not be taken back"),
            "\(answer.text)")
        #expect(answer.text.contains("`transaction/@location` is final"), "\(answer.text)")
        #expect(try scene.postExceptions() == ["POST-HALF"])
        // It is not proposed again, and no second entry is made however often it is tried.
        #expect(try scene.workplace().proposePosts("book", actor: "anna").states == [])
        #expect(try scene.runPosts().states == ["half"])
        #expect(try scene.server.seen().entries.map(\.cents) == [100_020, 100_030])
        // What was in the way is gone: only the match is missing.
        try scene.order { $0.final = true }
        #expect(try scene.runPosts().states == ["done"])
        #expect(try scene.isWhole())
        #expect(try scene.postExceptions() == [])
    }

    @Test func `What a person says of a half is taken`() throws {
        for isThere in [true, false] {
            guard let scene = try SystemScene.posting("twinfield") else { return }
            try scene.order { ($0.refuses, $0.final) = (2, true) }
            #expect(try scene.runPosts().states.contains("half"))
            let settled = try scene.workplace().settlePost(
                "book", payment: "K-1", number: "2600002", isThere: isThere, actor: "anna", reason: "seen there")
            #expect(settled.states == [isThere ? "done" : "approved"])
        }
    }

    @Test func `A half that a person orders back is taken back`() throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        try scene.order { ($0.refuses, $0.final) = (2, true) }
        #expect(try scene.runPosts().states.contains("half"))
        try scene.order()
        #expect(try scene.undo().states == ["reversed"])
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
        #expect(try scene.postExceptions() == [])
    }

    @Test func `A month that is closed between the steps does not leave the entry alone`() throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        try scene.order { $0.unseen = 2 }
        #expect(try scene.runPosts().states.sorted() == ["done", "unknown"])
        scene.state.withLock { $0.now = $0.now + 40 * 86_400_000 }
        for month in 1...8 { _ = try scene.workplace().close(month: "2026-0\(month)", actor: "anna") }
        #expect(try scene.runPosts().states == ["done"])
        #expect(try scene.isWhole())
    }

    @Test func `A payment that is taken off here between the steps is taken back there`() throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        try scene.order { $0.unseen = 2 }
        #expect(try scene.runPosts().states.sorted() == ["done", "unknown"])
        _ = try scene.workplace().undo("K-1", actor: "ada", reason: "another customer's")
        let answer = try scene.runPosts()
        #expect(answer.states == ["refused"] && answer.text.contains("was taken back again"), "\(answer.text)")
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
    }

    @Test func `A part is matched with a part of the invoice`() throws {
        guard let scene = try SystemScene.posting("twinfield", amount: "400.00") else { return }
        #expect(try scene.runPosts().states == ["done", "done"])
        #expect(try scene.server.seen().entries.map(\.cents) == [40_000, 100_030])
    }

    @Test(arguments: 1...2) func `The answer to any write of an undo may be lost`(_ write: Int) throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        #expect(try scene.runPosts().states == ["done", "done"])
        try scene.order { $0.lost = write }
        let undone = try scene.undo()
        #expect(undone.states == ["done"] && undone.needsReview, "\(undone.text)")
        #expect(try scene.undo().states == ["reversed"])
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
        #expect(try scene.standing() == [3: 100_030])
    }

    @Test func `What somebody made final is left alone, with a clear word`() throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        #expect(try scene.runPosts().states == ["done", "done"])
        try scene.order { $0.final = true }
        let undone = try scene.undo()
        #expect(undone.states == ["done"] && undone.text.contains("`transaction/@location` is final"), "\(undone.text)")
        // Its match is untouched as well.
        #expect(try scene.isWhole())
    }

    @Test(arguments: 1...5) func `A token that dies between the steps is fetched anew`(_ after: Int) throws {
        guard let scene = try SystemScene.posting("twinfield") else { return }
        try scene.order { $0.expires = after }
        let answer = try scene.runPosts()
        #expect(answer.states == ["done", "done"], "\(answer.text)")
        #expect(try scene.isWhole())
    }
}
