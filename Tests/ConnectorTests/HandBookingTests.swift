// SPDX-License-Identifier: Apache-2.0
import Connector
import Foundation
import Testing
import Trees

@Suite("What a person books by hand is a decision of theirs, and nothing is booked that is not there")
struct HandBookingTests {
    private typealias Desk = ReviewDeskTests

    /// A stranger's money, and an invoice in dollars.
    private func books(_ amount: String = "900.00", _ text: String = "hallo") throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing(
            "more.csv",
            """
            id,number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            I-801,2026-801,invoice,C-1,Ahrend B.V.,USD,2026-07-05,2026-08-04,1000.00
            G-1,G-2026-1,credit_note,C-1,Ahrend B.V.,EUR,2026-07-05,2026-08-04,-50.00

            """)
        try Desk.pay(scene, "P-1", "2026-07-28", amount, text)
        try Desk.reconcile(scene)
        return scene
    }

    private func register(_ scene: ConversationScene) throws -> [String] {
        let path = scene.folder.appendingPathComponent("allocations.csv").path
        scene.advance(seconds: 1)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: path)
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("P-1,") }
    }

    @Test("It is told, measured and shown as theirs, whatever later runs see")
    func told() throws {
        let scene = try books("750.00")
        try Desk.allocate(
            scene, "P-1", reason: "called them", .init(kind: .cash, text: "2026-102=500.00"),
            .init(kind: .cash, text: "2026-103=250.00"))
        let rows = try register(scene)
        #expect(rows.count == 2 && rows.allSatisfy { $0.contains(",review,PERSON,") }, "\(rows)")
        let text = try scene.workplace().explain("P-1").text
        #expect(text.contains("decided by ada on 2026-08-10 (called them)"), "\(text)")
        #expect(text.contains("ada: called them. Booked by hand."), "\(text)")
        let truth = scene.folder.appendingPathComponent("truth.csv")
        func invoice(_ number: String) throws -> String {
            try #require(try scene.list(.invoices).first { $0["number"]?.scalar == number }?["id"]?.scalar)
        }
        let (one, other) = (try invoice("2026-102"), try invoice("2026-103"))
        try Data(
            "payment_id,invoice_id,amount,kind,adjustment,noise\nP-1,\(one),500.00,list,,\nP-1,\(other),250.00,list,,\n"
                .utf8
        ).write(to: truth)
        let measured = try scene.workplace().evaluate(truth: truth.path)
        #expect(measured.json.at("total.resolved") == "1.00000", "\(measured.text)")
        #expect(try Desk.waiting(scene).isEmpty)
        try scene.expectProved()
    }

    @Test("What is left of it, and what was taken back, waits at once: a close counts it")
    func waitsAtOnce() throws {
        let scene = try books()
        try Desk.allocate(scene, "P-1", .init(kind: .cash, text: "2026-102=500.00"))
        #expect(try Desk.waiting(scene) == ["P-1"])
        try Desk.allocate(scene, "P-1", .init(kind: .cash, text: "2026-101=400.00"))
        #expect(try Desk.waiting(scene).isEmpty)
        try Desk.undo(scene)
        #expect(try Desk.waiting(scene) == ["P-1"])
        let text = try scene.workplace().review("P-1").text
        #expect(text.contains("Taken back by ada: wrong."), "\(text)")
        try Desk.undo(scene)
        #expect(try Desk.payment(scene)["unapplied"]?.scalar == "900.00")
        try Desk.reconcile(scene)
        try scene.expectProved()
    }

    @Test("Money that is spent settles nothing in another currency, and each side is booked on the same day")
    func exchange() throws {
        let scene = try books("900.00")
        try Desk.allocate(scene, "P-1", .init(kind: .exchange, text: "2026-801=1000.00"))
        let entries = try #require(try scene.workplace().explain("P-1").json["entries"]?.items)
        let days = Set(entries.filter { $0["rule"]?.scalar == "PERSON" }.compactMap { $0["posting_day"]?.scalar })
        #expect(days == ["2026-07-28"])
        try Desk.undo(scene)
        try Desk.allocate(scene, "P-1", .init(kind: .cash, text: "2026-101=900.00"))
        let spent = Desk.failure {
            try Desk.allocate(scene, "P-1", second: "bob", .init(kind: .exchange, text: "2026-801=1000.00"))
        }
        #expect(spent.code == "CASH-SPENT", "\(spent)")
        #expect(try Desk.open(scene, "2026-801") == "1000.00")
        try scene.expectProved()
    }

    @Test("Money that came in pays no credit note", arguments: ["50.00", "10.00", "-50.00"])
    func creditNote(_ amount: String) throws {
        let scene = try books()
        let paid = Desk.failure { try Desk.allocate(scene, "P-1", .init(kind: .cash, text: "G-2026-1=\(amount)")) }
        #expect(["ALLOCATE-CREDIT", "ALLOCATE-NEGATIVE"].contains(paid.code), "\(paid)")
        try Desk.allocate(scene, "G-2026-1", .init(kind: .cash, text: "2026-102=50.00"))
        let again = Desk.failure { try Desk.allocate(scene, "P-1", .init(kind: .cash, text: "G-2026-1=\(amount)")) }
        #expect(["ALLOCATE-CREDIT", "ALLOCATE-NEGATIVE"].contains(again.code), "\(again)")
    }

    @Test("What the bank took back is not taken back a second time, to be spent anew")
    func returned() throws {
        let scene = try books("1000.00", "2026-101")
        try scene.importing(
            "back.csv",
            "id,amount,currency,booked_on,account,payer_name,payer_account,reverses,remittance\n"
                + "P-2,-1000.00,EUR,2026-08-05,NL91ABNA0417164300,Ahrend B.V.,NL20INGB0001234567,P-1,Rueckbuchung\n")
        try Desk.reconcile(scene)
        #expect(try Desk.open(scene) == "1000.00")
        let dead = Desk.failure { try Desk.undo(scene) }
        #expect(dead.code == "UNDO-RETURNED" && dead.text.contains("P-2"), "\(dead)")
        try Desk.undo(scene, "P-2")
        try Desk.undo(scene)
        #expect(try Desk.payment(scene)["unapplied"]?.scalar == "1000.00")
        try scene.expectProved()
    }
}
