// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// Rests in the books: of a payment, of a refund, of an item that was written off in part.
@Suite("What is left over is booked and told as what it is")
struct RestStoryTests {
    private func books() throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        return scene
    }

    private func reconcile(_ scene: ConversationScene, _ rows: String...) throws {
        try scene.importing(
            "bank-\(rows[0].prefix(3)).csv",
            "id,amount,currency,booked_on,account,payer_name,remittance\n"
                + rows.map { $0.replacing("|", with: ",") + "\n" }.joined())
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
    }

    private func shown(_ scene: ConversationScene, _ id: String) throws -> String {
        try scene.workplace().review(id).text
    }

    private func item(_ scene: ConversationScene, _ number: String) throws -> Node {
        try #require(try scene.list(.items).first { $0["number"]?.scalar == number })
    }

    @Test(
        "All of an item comes of which a part was written off: so much of it is recovered, or the rest stays unapplied")
    func partlyWrittenOff() throws {
        let scene = try books()
        var request = Workplace.ManualAllocation(actor: "ada", reason: "goodwill")
        request.lines = [.init(kind: .writeOff, text: "2026-102=20.00")]
        _ = try scene.workplace().allocate(request)
        try reconcile(scene, "P-1|500.00|EUR|2026-08-08|NL91ABNA0417164300|Ahrend B.V.|2026-102")
        let text = try shown(scene, "P-1")
        #expect(text.contains("A part of 2026-102 was written off on 2026-08-10 by ada (20.00 EUR)"), "\(text)")
        #expect(text.contains("proposes 500.00 EUR on 2026-102"), "\(text)")
        #expect(text.contains("alternative 2: 480.00 EUR on 2026-102"), "\(text)")
        _ = try scene.workplace().acceptReview("P-1", alternative: nil, actor: "ada", reason: "paid after all")
        #expect(try item(scene, "2026-102")["cash"]?.scalar == "500.00")
        #expect(try item(scene, "2026-102")["write_off"]?.scalar == "0.00")
        #expect(try item(scene, "2026-102")["open"]?.scalar == "0.00")
        try scene.expectProved()
        _ = try scene.workplace().undo("P-1", actor: "ada", reason: "as it was")
        #expect(try item(scene, "2026-102")["write_off"]?.scalar == "20.00")
        try scene.expectProved()
    }

    @Test("What was given up stays given up, where a person says so: the rest of the money is unapplied")
    func keptGift() throws {
        let scene = try books()
        var request = Workplace.ManualAllocation(actor: "ada", reason: "goodwill")
        request.lines = [.init(kind: .writeOff, text: "2026-102=20.00")]
        _ = try scene.workplace().allocate(request)
        try reconcile(scene, "P-1|500.00|EUR|2026-08-08|NL91ABNA0417164300|Ahrend B.V.|2026-102")
        _ = try scene.workplace().acceptReview("P-1", alternative: 2, actor: "ada", reason: "a gift stays a gift")
        #expect(try item(scene, "2026-102")["cash"]?.scalar == "480.00")
        #expect(try item(scene, "2026-102")["write_off"]?.scalar == "20.00")
        #expect(try scene.list(.payments).first { $0["id"]?.scalar == "P-1" }?["unapplied"]?.scalar == "20.00")
        try scene.expectProved()
    }

    @Test("A return is booked with the charge that the bank states, and taken back as a whole")
    func statedCharge() throws {
        let scene = try books()
        try scene.importing(
            "bank-debit.csv",
            """
            id,amount,currency,booked_on,account,payer_name,payer_account,remittance,end_to_end_id,bank_code,original_amount,original_currency
            P-1,500.00,EUR,2026-08-05,NL91ABNA0417164300,Ahrend B.V.,NL28INGB0000000001,2026-102,E-4711,,,
            R-1,-504.50,EUR,2026-08-08,NL91ABNA0417164300,Ahrend B.V.,NL28INGB0000000001,,E-4711,UPDD,-500.00,EUR

            """)
        let answer = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(answer.json.at("cash.0.not_receivables") == "-4.50", "\(answer.text)")
        #expect(answer.json.at("cash.0.difference") == "0.00")
        #expect(try item(scene, "2026-102")["open"]?.scalar == "500.00")
        let text = try shown(scene, "R-1")
        #expect(text.contains("and its charge of 4.50 EUR, which is set aside"), "\(text)")
        #expect(text.contains("-500.00 EUR on 2026-102, -4.50 EUR as the bank's charge"), "\(text)")
        try scene.expectProved()
        _ = try scene.workplace().undo("R-1", actor: "ada", reason: "not ours")
        #expect(try item(scene, "2026-102")["open"]?.scalar == "0.00")
        try scene.expectProved()
    }

    @Test("A customer sets off what they overpaid: the part is booked, the rest is proposed, and nothing stays open")
    func setOff() throws {
        let scene = try books()
        try reconcile(scene, "P-1|600.00|EUR|2026-08-05|NL91ABNA0417164300|Ahrend B.V.|2026-102")
        _ = try scene.workplace().acceptReview("P-1", alternative: nil, actor: "ada", reason: "overpaid")
        try reconcile(
            scene, "P-2|900.00|EUR|2026-08-08|NL91ABNA0417164300|Ahrend B.V.|2026-101 minus 100 teveel betaald")
        #expect(try item(scene, "2026-101")["open"]?.scalar == "100.00")
        let text = try shown(scene, "P-2")
        #expect(text.contains("As much is left of payment P-1 of 2026-08-05."), "\(text)")
        #expect(try shown(scene, "P-1").contains("proposes 100.00 EUR on 2026-101"))
        _ = try scene.workplace().acceptReview("P-1", alternative: nil, actor: "ada", reason: "as they say")
        #expect(try item(scene, "2026-101")["open"]?.scalar == "0.00")
        try scene.expectProved()
    }

    @Test("The refund of a rest is told as that, by itself and by a person")
    func refund() throws {
        let scene = try books()
        try reconcile(scene, "P-1|600.00|EUR|2026-08-05|NL91ABNA0417164300|Ahrend B.V.|2026-102")
        _ = try scene.workplace().acceptReview("P-1", alternative: nil, actor: "ada", reason: "overpaid")
        try reconcile(scene, "R-1|-100.00|EUR|2026-08-08|NL91ABNA0417164300|Ahrend B.V.|terugbetaling")
        let text = try shown(scene, "R-1")
        #expect(text.contains("it may pay back what was left of payment P-1 of 2026-08-05"), "\(text)")
        let booked = try scene.workplace().acceptReview("R-1", alternative: nil, actor: "ada", reason: "yes")
        #expect(booked.text.contains("-100.00 EUR of R-1, which goes back from payment P-1."), "\(booked.text)")
        let left = try scene.list(.payments).first { $0["id"]?.scalar == "P-1" }
        #expect(left?["unapplied"]?.scalar == "0.00")
        try scene.expectProved()
    }
}
