// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Synchronization
import Testing
import TieoutTesting
import Trees

/// Exact Online and SAP S/4HANA take a payment as an entry, and only accept that it is matched with its invoice: whether
/// it is done is read.
@Suite("What a system only accepts is looked for until it is seen")
struct SystemLaterTests {
    static let systems = SystemPostTests.loosening
    /// What stands there between the two steps.
    static let standing = [
        "exact-online": "bank entry 26901 of the journal 1200", "sap-s4": "document 1400000901 of 2026",
    ]

    // MARK: Broken off

    @Test(arguments: systems, 1...32)
    func `A process that dies at any of its requests goes on where it stopped`(
        _ system: String, _ place: Int
    ) throws {
        // Before the request is sent, or right after it was answered.
        let (request, isAnswered) = ((place + 1) / 2, place % 2 == 0)
        guard let scene = try SystemScene.posting(system) else { return }
        scene.state.withLock { state in
            if isAnswered { state.diesAfter = state.sent + request } else { state.diesBefore = state.sent + request }
        }
        _ = try? scene.runPosts()
        try scene.comeBack()
        #expect(try scene.runPosts().states.allSatisfy { $0 == "done" })
        #expect(try scene.isWhole())
        #expect(try scene.runPosts().states == [])
    }

    // MARK: Accepted, and seen later or never

    @Test(arguments: systems) func `What is seen at the second look is done with the next run, and sent once`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.slow = 1 }
        let answer = try scene.runPosts()
        #expect(answer.states == ["sending", "sending"] && answer.text.contains("POST-LATER"), "\(answer.text)")
        #expect(answer.text.contains(Self.standing[system] ?? "?"), "\(answer.text)")
        #expect(try scene.standing() == [:])
        // Nobody has to do anything yet, and nothing is proposed anew.
        #expect(try scene.postExceptions() == [])
        #expect(try scene.workplace().proposePosts("book", actor: "anna").states == [])
        let sent = scene.state.withLock { $0.sent }
        #expect(try scene.runPosts().states == ["done", "done"])
        // Two questions for each, and no write.
        #expect(scene.state.withLock { $0.sent } - sent == 4)
        #expect(try scene.isWhole())
    }

    @Test(arguments: systems)
    func `What is never seen goes to a person, with what stands where and where the reason is`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.slow = 99 }
        #expect(try scene.runPosts().states == ["sending", "sending"])
        let answer = try scene.runPosts()
        #expect(answer.states == ["half", "half"] && answer.needsReview, "\(answer.text)")
        #expect(answer.text.contains("\(Self.standing[system] ?? "?") stands there"), "\(answer.text)")
        let place = system == "sap-s4" ? "Message Dashboard" : "log of imports"
        #expect(answer.text.contains(place), "\(answer.text)")
        #expect(try scene.postExceptions() == ["POST-HALF", "POST-HALF"])
        #expect(try scene.workplace().proposePosts("book", actor: "anna").states == [])
        // Tried anew with every run, the entry once.
        #expect(try scene.runPosts().states == ["half", "half"])
        #expect(try scene.server.seen().entries.map(\.cents).sorted() == [100_020, 100_030])
        try scene.order()
        #expect(try scene.runPosts().states == ["done", "done"])
        #expect(try scene.isWhole())
        #expect(try scene.postExceptions() == [])
    }

    @Test(arguments: systems) func `A process that dies while it waits looks first`(_ system: String) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.slow = 1 }
        _ = try scene.runPosts()
        try scene.order { $0.slow = 1 }
        let sent = scene.state.withLock { $0.sent }
        scene.state.withLock { $0.diesAfter = sent + 1 }
        _ = try? scene.runPosts()
        try scene.comeBack()
        #expect(try scene.runPosts().states == ["done", "done"])
        #expect(try scene.isWhole())
    }

    // MARK: Refused

    @Test(arguments: systems) func `A second step that is not to be had any more takes the entry back`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.gone = true }
        let answer = try scene.runPosts()
        #expect(answer.states == ["refused", "refused"], "\(answer.text)")
        #expect(answer.text.contains("\(Self.standing[system] ?? "?") was taken back again"), "\(answer.text)")
        #expect(try scene.server.seen().entries.isEmpty)
        #expect(try scene.postExceptions() == ["POST-REFUSED", "POST-REFUSED"])
        try scene.order()
        try scene.approve(count: 2)
        #expect(try scene.runPosts().states == ["done", "done"])
        #expect(try scene.isWhole())
    }

    @Test(arguments: systems) func `Where the entry cannot be taken back either, a person hears what stands where`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { ($0.gone, $0.final) = (true, true) }
        let answer = try scene.runPosts()
        #expect(answer.states == ["half", "half"], "\(answer.text)")
        #expect(
            answer.text.contains("\(Self.standing[system] ?? "?") stands there and could not be taken back: "),
            "\(answer.text)")
        #expect(try scene.runPosts().states == ["half", "half"])
        #expect(try scene.server.seen().entries.count == 2)
        try scene.order()
        #expect(try scene.runPosts().states == ["done", "done"])
        #expect(try scene.isWhole())
    }

    @Test(arguments: systems) func `The answer to taking the entry back may be lost`(_ system: String) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        // The entry, its reversal, and the second payment's.
        try scene.order { ($0.gone, $0.lost) = (true, 2) }
        #expect(try scene.runPosts().states.sorted() == ["half", "refused"])
        try scene.order { $0.gone = true }
        // It is gone there, and nobody says that it is paid.
        let answer = try scene.runPosts()
        #expect(answer.states.allSatisfy { $0 == "half" || $0 == "refused" }, "\(answer.text)")
        #expect(try scene.server.seen().entries.isEmpty)
        #expect(try scene.standing() == [:])
    }

    @Test func `A match that Exact refuses takes the entry back`() throws {
        guard let scene = try SystemScene.posting("exact-online") else { return }
        try scene.order { $0.refuses = 2 }
        let answer = try scene.runPosts()
        #expect(
            answer.text.contains("Refused by rule 7; bank entry 26901 of the journal 1200 was taken back"),
            "\(answer.text)")
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
    }

    @Test func `An entry that Exact matches by itself is done, and no match is sent`() throws {
        guard let scene = try SystemScene.posting("exact-online") else { return }
        try scene.order { ($0.itself, $0.gone) = (true, true) }
        let answer = try scene.runPosts()
        #expect(answer.states == ["done", "done"], "\(answer.text)")
        #expect(try scene.isWhole())
    }

    @Test(arguments: ["", "-"]) func `An entry with the wrong sign is taken back, and the source can say the other one`(
        _ sign: String
    ) throws {
        let other = sign == "" ? "-" : ""
        guard let scene = try SystemScene.posting("exact-online", setting: ", sign: '\(sign)'") else { return }
        try scene.order { $0.sign = other }
        let answer = try scene.runPosts()
        #expect(answer.states == ["refused", "refused"], "\(answer.text)")
        #expect(answer.text.contains("`d/results[1]/TransactionAmountFC` is 1000.2"), "\(answer.text)")
        #expect(try scene.server.seen().entries.isEmpty)
    }

    @Test func `A SOAP fault is looked into before anything is sent again`() throws {
        guard let scene = try SystemScene.posting("sap-s4") else { return }
        try scene.order { $0.fault = true }
        let answer = try scene.runPosts()
        #expect(answer.states == ["unknown", "unknown"] && answer.text.contains("Refused by rule 7"), "\(answer.text)")
        try scene.order()
        #expect(try scene.runPosts().states == ["done", "done"])
        #expect(try scene.isWhole())
    }

    @Test(arguments: [0, 50_000]) func `What somebody cleared in SAP since it was read is asked for first`(
        _ open: Int
    ) throws {
        guard let scene = try SystemScene.posting("sap-s4") else { return }
        scene.bills.withLock { $0[1].open = open }
        try scene.order()
        let answer = try scene.runPosts()
        #expect(answer.states.sorted() == ["done", "refused"], "\(answer.text)")
        let said = open == 0 ? "ClearingAccountingDocument` is 1599999999" : "AccountingDocument` is 1400000077"
        #expect(answer.text.contains(said), "\(answer.text)")
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
    }

    // MARK: Taken back

    @Test(arguments: systems) func `What is matched is left alone until somebody undoes that there`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        #expect(try scene.runPosts().states == ["done", "done"])
        let undone = try scene.undo()
        let said = system == "sap-s4" ? "ClearingAccountingDocument` is 1500000901" : "Status` is 50"
        #expect(undone.states == ["done"] && undone.text.contains(said) && undone.needsReview, "\(undone.text)")
        #expect(try scene.isWhole())
        try scene.order { $0.loose = true }
        #expect(try scene.undo().states == ["reversed"])
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: systems) func `A payment that is taken off here while it waits is taken back there`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene.posting(system) else { return }
        try scene.order { $0.slow = 99 }
        #expect(try scene.runPosts().states == ["sending", "sending"])
        _ = try scene.workplace().undo("K-1", actor: "ada", reason: "another customer's")
        let answer = try scene.runPosts()
        #expect(answer.states.sorted() == ["half", "refused"], "\(answer.text)")
        #expect(answer.text.contains("was taken back again"), "\(answer.text)")
        #expect(try scene.server.seen().entries.map(\.cents) == [100_030])
    }

    // MARK: Another mapping in between

    @Test func `A mapping whose steps changed in between sends nothing, and a person hears`() throws {
        guard let scene = try SystemScene.posting("sap-s4") else { return }
        try scene.order { $0.slow = 99 }
        #expect(try scene.runPosts().states == ["sending", "sending"])
        let path = Repository.root.appendingPathComponent("mappings/rest/sap-s4.yaml").path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let changed = try scene.folder.write(
            text.replacing("base: $(config.base)$(config.clear_path)", with: "base: $(config.base)/2"),
            to: "sap-s4.yaml")
        let configuration = scene.folder.path("tieout.yaml")
        let setting = try String(contentsOfFile: configuration, encoding: .utf8)
        _ = try scene.folder.write(setting.replacing("mapping: sap-s4", with: "mapping: \(changed)"), to: "tieout.yaml")
        let sent = scene.state.withLock { $0.sent }
        let answer = try scene.runPosts()
        #expect(answer.states == ["half", "half"] && answer.text.contains("POST-STEPS"), "\(answer.text)")
        #expect(scene.state.withLock { $0.sent } == sent)
        // With the mapping it was begun with it goes on.
        _ = try scene.folder.write(setting, to: "tieout.yaml")
        try scene.order()
        #expect(try scene.runPosts().states == ["done", "done"])
        #expect(try scene.isWhole())
    }
}
