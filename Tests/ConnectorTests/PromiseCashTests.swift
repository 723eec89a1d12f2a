// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// What keeps a promise and what ends a claim, when words and money come in another order than they were said and paid.
@Suite struct PromiseCashTests {
    private static let head =
        "id,amount,currency,booked_on,valued_on,account,payer_name,payer_account,reason,remittance\n"
    private let scene: ConversationScene

    init() throws {
        scene = try ConversationScene()
        try scene.importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,country,language,time_zone,account,opted_in,opted_out
            C-1,10001,Ahrend B.V.,business,+31600000001,NL,nl,Europe/Amsterdam,NL20INGB0001234567,true,false
            C-2,10002,Brug B.V.,business,+31600000002,NL,en,Europe/Amsterdam,NL18RABO0123459876,true,false

            """)
        try invoices(owner: "C-1,Ahrend B.V.", "invoices.csv")
        try scene.bank([("K-1", "2026-07-01", "1.00", "kas"), ("K-2", "2026-08-07", "1.00", "kas")], name: "bank.csv")
    }

    private func invoices(owner: String, _ name: String) throws {
        try scene.importing(
            name,
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,net,tax,total
            2026-101,invoice,\(owner),EUR,2026-07-01,2026-07-31,826.45,173.55,1000.00
            2026-102,invoice,C-1,Ahrend B.V.,EUR,2026-07-02,2026-08-01,413.22,86.78,500.00

            """)
    }

    private func pay(
        _ id: String, _ amount: String, _ day: String, valued: String? = nil, text: String = "2026-101",
        by payer: String = "Ahrend B.V.,NL20INGB0001234567", reason: String = ""
    ) throws {
        try scene.importing(
            "\(id).csv",
            Self.head + "\(id),\(amount),EUR,\(day),\(valued ?? day),NL91ABNA0417164300,\(payer),\(reason),\(text)\n")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
    }

    private func say(
        _ kind: String, at day: String, _ invoices: String..., promisedFor: String? = nil
    ) throws {
        let names = invoices.map { #""\#($0)""# }.joined(separator: ",")
        let fields = promisedFor.map { #","promised_for":"\#($0)","confirmed":true"# } ?? ""
        let answer = try scene.confirm(
            #"{"type":"signal","customer":"C-1","kind":"\#(kind)","at":"\#(day)T07:00:00Z","invoices":[\#(names)]\#(fields)}"#
        )
        #expect(!answer.failed, "\(answer.text)")
    }

    private func record(_ invoice: String, for day: String, on: String? = nil) throws -> Node {
        var request = Workplace.PromiseRequest(customer: "C-1", promisedFor: day, takenBy: "mara")
        request.invoices = [invoice]
        request.promisedOn = on
        return try scene.workplace().recordPromise(request).json
    }

    private func evaluate() throws { _ = try scene.workplace().evaluatePromises() }

    /// The promises as they stand, by the day they are for and then what they are about.
    private func promises() throws -> [String] {
        try scene.list(.promises).map { node in
            "\(node.at("promised_for") ?? "") \(node.at("amount") ?? "") "
                + (node.at("close_reason") ?? node.at("status") ?? "")
        }.sorted()
    }

    private func held(_ invoice: String) throws -> String? {
        let plan = try scene.workplace().plan(dryRun: true).json
        return plan["held"]?.items?.first { line in
            (line["invoices"]?.items ?? []).contains { $0.scalar == invoice }
        }?["rule"]?.scalar
    }

    private func exceptions() throws -> [String] {
        try scene.list(.exceptions).filter { $0.at("state") == "open" }.compactMap { $0.at("kind") }.sorted()
    }

    @Test func `Cash that had lowered what is open keeps no promise, whatever its value day`() throws {
        try pay("P-1", "600.00", "2026-08-10", valued: "2026-08-12")
        scene.advance(seconds: 3600)
        #expect(try record("2026-101", for: "2026-08-20").at("amount") == "400.00")
        try evaluate()
        #expect(try promises() == ["2026-08-20 400.00 active"])
        scene.set("2026-08-19")
        try pay("P-2", "400.00", "2026-08-18")
        #expect(try promises() == ["2026-08-20 400.00 kept"])
    }

    @Test("All of it, said before a payment and heard after it, is kept by the rest", arguments: [true, false])
    func heardLate(_ isSignal: Bool) throws {
        scene.set("2026-08-13")
        try pay("P-1", "600.00", "2026-08-12")
        scene.advance(seconds: 3600)
        if isSignal {
            try say("promise", at: "2026-08-11", "2026-101", promisedFor: "2026-08-20")
        } else {
            _ = try record("2026-101", for: "2026-08-20", on: "2026-08-11")
        }
        try evaluate()
        #expect(try promises() == ["2026-08-20 1000.00 active"])
        scene.set("2026-08-17")
        try pay("P-2", "400.00", "2026-08-14")
        #expect(try promises() == ["2026-08-20 1000.00 kept"])
    }

    @Test func `What was said later stands, though the older is heard last`() throws {
        scene.set("2026-08-12")
        try say("promise", at: "2026-08-11", "2026-101", promisedFor: "2026-08-20")
        try say("promise", at: "2026-08-10", "2026-101", promisedFor: "2026-08-13")
        #expect(try promises() == ["2026-08-13 1000.00 superseded", "2026-08-20 1000.00 active"])
        #expect(try exceptions().isEmpty)
    }

    @Test func `A narrower promise leaves the rest of the earlier one as it was`() throws {
        try say("promise", at: "2026-08-10", promisedFor: "2026-08-20")
        scene.set("2026-08-11")
        try scene.bank([("K-3", "2026-08-10", "1.00", "kas")], name: "bank-2.csv")
        try say("promise", at: "2026-08-11", "2026-101", promisedFor: "2026-08-14")
        #expect(
            try promises() == [
                "2026-08-14 1000.00 active", "2026-08-20 1500.00 superseded", "2026-08-20 500.00 active",
            ])
        #expect(try held("2026-102") == "PROMISE-ACTIVE")
        scene.set("2026-08-19")
        try scene.bank([("K-4", "2026-08-14", "1.00", "kas")], name: "bank-3.csv")
        try pay("P-1", "500.00", "2026-08-18", text: "2026-102")
        #expect(
            try promises() == [
                "2026-08-14 1000.00 broken", "2026-08-20 1500.00 superseded", "2026-08-20 500.00 kept",
            ])
    }

    @Test func `A claim pauses what of it is not paid yet, and goes to a person`() throws {
        try say("claimed_payment", at: "2026-08-10", "2026-101", "2026-102")
        scene.set("2026-08-12")
        try pay("P-1", "500.00", "2026-08-11", text: "2026-102")
        #expect(try held("2026-101") == "CLAIMED-PAYMENT")
        scene.set("2026-08-17")
        try scene.bank([("K-3", "2026-08-14", "1.00", "kas")], name: "bank-2.csv")
        _ = try scene.workplace().plan(dryRun: false)
        #expect(try exceptions() == ["CLAIM-LAPSED"])
        try pay("P-2", "1000.00", "2026-08-14")
        #expect(try exceptions().isEmpty)
    }

    @Test func `A promise about an invoice that is another customer's now goes to a person`() throws {
        _ = try record("2026-101", for: "2026-08-14")
        try invoices(owner: "C-2,Brug B.V.", "corrected.csv")
        scene.set("2026-08-19")
        try pay("P-1", "1000.00", "2026-08-14", by: "Brug B.V.,NL18RABO0123459876")
        #expect(try promises() == ["2026-08-14 1000.00 active"])
        #expect(try exceptions().contains("PROMISE-ITEM-MOVED"))
        let id = try #require(try scene.list(.promises).first?.at("id"))
        _ = try scene.workplace().withdrawPromise(id, actor: "mara", reason: "not theirs")
        #expect(try !exceptions().contains("PROMISE-ITEM-MOVED"))
    }

    @Test func `A match that is undone takes the verdict it gave with it`() throws {
        _ = try record("2026-101", for: "2026-08-14")
        scene.set("2026-08-13")
        try pay("P-1", "1000.00", "2026-08-12")
        #expect(try promises() == ["2026-08-14 1000.00 kept"])
        scene.advance(seconds: 60)
        _ = try scene.workplace().undo("P-1", actor: "mara", reason: "another customer's")
        #expect(try promises() == ["2026-08-14 1000.00 active"])
        #expect(try scene.list(.promises).first?.count("judgements") == 2)
        try scene.expectProved()
    }

    @Test func `A person changes the verdict after a chargeback, and it stays`() throws {
        let id = try #require(try record("2026-101", for: "2026-08-12").at("id"))
        scene.set("2026-08-13")
        try pay("P-1", "1000.00", "2026-08-12")
        scene.set("2026-08-18")
        try pay("R-1", "-1000.00", "2026-08-17", reason: "MD06")
        #expect(try exceptions().contains("PROMISE-REVERSED"))
        #expect(try promises() == ["2026-08-12 1000.00 kept"])
        let answer = try scene.workplace().judgePromise(id, as: "broken", actor: "mara", reason: "money went back")
        #expect(answer.json.at("state") == "broken" && answer.json.at("paid") == "0.00")
        try evaluate()
        #expect(try promises() == ["2026-08-12 1000.00 broken"])
        #expect(try !exceptions().contains("PROMISE-REVERSED"))
        let refusal = #expect(throws: Failure.self) {
            try scene.workplace().judgePromise(id, as: "open", actor: "mara", reason: "money went back")
        }
        #expect(refusal?.code == "PROMISE-VERDICT")
    }
}
