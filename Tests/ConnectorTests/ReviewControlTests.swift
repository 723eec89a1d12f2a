// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// The policy's limit for what lowers an invoice without money is 50.00 EUR.
@Suite("Nobody gives away alone what the policy leaves to two")
struct ReviewControlTests {
    private typealias Desk = ReviewDeskTests

    /// Two per cent of 4000.00 within a week; 3920.00 came eleven days late.
    private func lateDiscount() throws -> ConversationScene {
        let scene = try Desk.books("3920.00", "2026-900")
        try scene.importing(
            "discount.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total,discount_percent,discount_until
            2026-900,invoice,C-1,Ahrend B.V.,EUR,2026-07-16,2026-08-15,4000.00,2,2026-07-23

            """)
        try Desk.reconcile(scene)
        return scene
    }

    /// The alternative that grants the discount.
    private func grant(_ scene: ConversationScene) throws -> Int {
        let review = try #require(try scene.workplace().reviews().first { $0["payment_id"]?.scalar == "P-1" })
        let place = review["alternatives"]?.items?.firstIndex { alternative in
            alternative.items?.contains { $0["adjustment"]?.scalar == "80.00" } == true
        }
        return try #require(place) + 1
    }

    @Test("A yes that grants a late discount above the limit needs two, as by hand")
    func accept() throws {
        let scene = try lateDiscount()
        let number = try grant(scene)
        for second in [nil, "ADA"] {
            let alone = Desk.failure { try Desk.accept(scene, "P-1", number, second: second) }
            #expect(alone.code == "SECOND-PERSON" && alone.text.contains("80.00 EUR"), "\(alone)")
        }
        #expect(try Desk.open(scene, "2026-900") == "4000.00")
        let answer = try Desk.accept(scene, "P-1", number, second: "bob")
        #expect(answer.json["second_person"]?.scalar == "bob")
        #expect(try Desk.open(scene, "2026-900") == "0.00")
        let kept = try #require(try scene.list(.allocations).first { $0["kind"]?.scalar == "discount" })
        #expect(try scene.workplace().explain(kept["decision"]?.scalar ?? "").text.contains("second person: bob"))
        try scene.expectProved()
        // What two approved is not one person's: a cent more needs nobody else.
        try Desk.undo(scene)
    }

    @Test("The cash alone needs one")
    func cashAlone() throws {
        let scene = try lateDiscount()
        let other = try grant(scene) == 1 ? 2 : 1
        try Desk.accept(scene, "P-1", other)
        #expect(try Desk.open(scene, "2026-900") == "80.00")
    }

    private func writeOff(
        _ scene: ConversationScene, _ amount: String, by actor: String = "ada", second: String? = nil,
        reason: String = "agreed"
    ) -> (code: String, text: String) {
        Desk.failure {
            try Desk.allocate(
                scene, nil, by: actor, second: second, reason: reason,
                .init(kind: .writeOff, text: "2026-101=\(amount)"))
        }
    }

    @Test("Parts that one person gives away on one invoice add up, whenever they do")
    func parts() throws {
        let scene = try Desk.books("1.00", "nothing")
        #expect(writeOff(scene, "49.00").code == "done")
        let again = writeOff(scene, "49.00", by: "Ada")
        #expect(again.code == "SECOND-PERSON", "\(again)")
        #expect(again.text.contains("A write-off of 49.00 EUR on 2026-101, where Ada gave up 49.00 EUR alone before"))
        #expect(try Desk.open(scene) == "951.00")
        // Another person's part is theirs, and what two approved counts for nobody.
        #expect(writeOff(scene, "49.00", by: "bob").code == "done")
        #expect(writeOff(scene, "100.00", second: "bob").code == "done")
        #expect(writeOff(scene, "1.00").code == "done")
        #expect(writeOff(scene, "0.01").code == "SECOND-PERSON")
        try scene.expectProved()
    }

    @Test("What was taken back counts no more")
    func takenBack() throws {
        let scene = try Desk.books("1.00", "nothing")
        let answer = try Desk.allocate(scene, nil, .init(kind: .discount, text: "2026-101=49.00"))
        try Desk.undo(scene, answer.json["decision"]?.scalar ?? "")
        #expect(writeOff(scene, "49.00").code == "done")
    }

    @Test("A second person is named as one, and not within the reason")
    func reason() throws {
        let scene = try Desk.books("1.00", "nothing")
        let forged = writeOff(scene, "49.00", reason: "agreed (second person: bob)")
        #expect(forged.code == "REASON-APPROVAL", "\(forged)")
    }

    @Test("A yes counts with what the same person gave up before by hand")
    func acceptAfterHand() throws {
        let scene = try Desk.books("988.00", "2026-101")
        let review = try #require(try scene.workplace().reviews().first { $0["payment_id"]?.scalar == "P-1" })
        let fee = try #require(
            review["alternatives"]?.items?.firstIndex { $0.items?.contains { $0["reason"]?.scalar == "fee" } == true })
        #expect(writeOff(scene, "49.00").code == "done")
        // 951.00 is open; 988.00 is now more than that, so the fee of 12.00 is judged on its limit first.
        let told = Desk.failure { try Desk.accept(scene, "P-1", fee + 1) }
        #expect(told.code == "SECOND-PERSON", "\(told)")
    }

    @Test("Closing says in words and to scripts what nothing explains")
    func notExplained() throws {
        let scene = try Desk.books("1000.00")
        try scene.bank([("P-5", "2026-07-20", "888.00", "2026-555")], name: "unknown.csv")
        try Desk.reconcile(scene)
        try Desk.reject(scene, "P-5")
        try Desk.reconcile(scene)
        let answer = try scene.workplace().close(month: "2026-07", actor: "ada")
        let rows = answer.json["not_explained"]?.items?.map {
            "\($0["payments"]?.scalar ?? "") \($0["amount"]?.scalar ?? "") \($0["currency"]?.scalar ?? "")"
        }
        // And the cash sale of the standard books.
        #expect(rows == ["2 889.00 EUR"], "\(answer.json.json)")
        #expect(answer.text.contains("2 payments that came in through 2026-07-31, 889.00 EUR, are not explained"))
    }

    @Test("Closing counts what belongs to the month, and what came in and went out apart")
    func close() throws {
        let scene = try Desk.books("1200.00")
        try Desk.pay(scene, "P-0", "2026-07-20", "300.00", "2026-103")
        try Desk.pay(scene, "R-0", "2026-07-22", "-35.00", "")
        try Desk.pay(scene, "R-1", "2026-08-04", "-35.00", "")
        try Desk.reconcile(scene)
        let answer = try scene.workplace().close(month: "2026-07", actor: "ada")
        let waiting = try #require(answer.json["waiting"]?.items)
        #expect(
            waiting.map {
                "\($0["direction"]?.scalar ?? "") \($0["payments"]?.scalar ?? "") \($0["amount"]?.scalar ?? "")"
            }
                == ["in 1 300.00", "out 1 -35.00"])
        #expect(
            answer.text.contains(
                "1 payment that came in through 2026-07-31 waits for a person, 300.00 EUR of it not settled"),
            "\(answer.text)")
        #expect(answer.text.contains("1 payment that went out through 2026-07-31"), "\(answer.text)")
    }
}
