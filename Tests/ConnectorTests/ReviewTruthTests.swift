// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

/// A person decides on what they are shown, and an auditor on what was kept of it: both have to be true.
@Suite("What a person is shown and what is kept of their choice is true")
struct ReviewTruthTests {
    private typealias Desk = ReviewDeskTests

    private func explained(_ scene: ConversationScene, _ id: String = "P-1") throws -> String {
        try scene.workplace().explain(id).text
    }

    private func shown(_ scene: ConversationScene, _ id: String = "P-1") throws -> String {
        try scene.workplace().review(id).text
    }

    // MARK: A yes to nothing

    @Test("A refund that names nothing is not booked by a bare yes, and the person hears what to do")
    func refundOfNothing() throws {
        let scene = try Desk.books("1000.00")
        try Desk.pay(scene, "R-1", "2026-08-05", "-100.00", "Teilerstattung")
        try Desk.reconcile(scene)
        let told = Desk.failure { try Desk.accept(scene, "R-1") }
        #expect(told.code == "REVIEW-EMPTY", "\(told)")
        #expect(told.text.contains("tieout review allocate R-1 --refunds PAYMENT=100.00"), "\(told)")
        #expect(try Desk.payment(scene, "R-1")["unapplied"]?.scalar == "0.00")
        #expect(try Desk.waiting(scene) == ["R-1"])
    }

    @Test("A payout that was taken back is chosen by its alternative, not by a bare yes")
    func refusedPayout() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100)])
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.reconcile()
        try scene.bank("K-1", "2026-06-14", "97.00", "STRIPE PAYMENTS EUROPE", "po_1")
        try scene.reconcile()
        scene.set("2026-06-21")
        _ = try scene.workplace().undo("K-1", actor: "anna", reason: "a test")
        scene.set("2026-06-22")
        try scene.reconcile()
        scene.set("2026-06-23")
        let work = try scene.workplace()
        let told = Desk.failure { try work.acceptReview("K-1", alternative: nil, actor: "anna", reason: "right") }
        #expect(told.code == "REVIEW-EMPTY" && told.text.contains("--alternative"), "\(told)")
        _ = try work.acceptReview("K-1", alternative: 1, actor: "anna", reason: "right")
        #expect(try scene.items() == ["2026-0101 open 0.00 cash 97.00 fee 3.00 clearing 0.00"])
        scene.set("2026-06-24")
        // Nothing is left to ask.
        #expect(try scene.reconcile().json.at("payments.review") == "0")
        #expect(try work.explain("K-1").text.contains("speaks for it: the payout is “po_1”"))
    }

    // MARK: What was chosen

    @Test("Of two items that fit equally the kept words name the one that was chosen, and the other one")
    func ambiguous() throws {
        let scene = try Desk.books("1000.00")
        try scene.importing(
            "equal.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            2026-201,invoice,C-1,Ahrend B.V.,EUR,2026-07-05,2026-08-04,77.00
            2026-202,invoice,C-1,Ahrend B.V.,EUR,2026-07-05,2026-08-04,77.00

            """)
        try Desk.pay(scene, "P-2", "2026-08-04", "77.00", "thanks")
        try Desk.reconcile(scene)
        let lines = try #require(try scene.workplace().review("P-2").json["alternatives"]?.items)
        let numbers = lines.compactMap { $0.items?.first?["number"]?.scalar }
        try #require(numbers.count == 2)
        try Desk.accept(scene, "P-2", 2)
        let text = try explained(scene, "P-2")
        #expect(text.contains("ada: right. Alternative 2 of 2 was chosen: 77.00 EUR on \(numbers[1])."), "\(text)")
        #expect(text.contains("not chosen: 77.00 EUR on \(numbers[0])"), "\(text)")
        #expect(!text.contains("fits \(numbers[0])") && !text.contains("nothing else explains"), "\(text)")
        try scene.expectProved()
    }

    @Test("A fee that a person granted is told with its evidence, and not as what stays open")
    func fee() throws {
        let scene = try Desk.books("988.00", "2026-101")
        let review = try #require(try scene.workplace().reviews().first { $0["payment_id"]?.scalar == "P-1" })
        let place = try #require(
            review["alternatives"]?.items?.firstIndex { $0.items?.contains { $0["reason"]?.scalar == "fee" } == true })
        try Desk.accept(scene, "P-1", place + 1)
        let text = try explained(scene)
        #expect(text.contains("12.00 EUR fee on 2026-101"), "\(text)")
        #expect(text.contains("speaks for it: the text names the number (2026-101), weight 20"), "\(text)")
        #expect(text.contains("not chosen: 988.00 EUR on 2026-101"), "\(text)")
        #expect(!text.contains("stays open") && !text.contains("the amount is a part"), "\(text)")
        #expect(try shown(scene).contains("  booked 988.00 EUR on 2026-101, 12.00 EUR fee on 2026-101"))
    }

    @Test("A yes to the proposal keeps its sentence and its evidence")
    func proposal() throws {
        let scene = try Desk.books()
        try Desk.accept(scene)
        let text = try explained(scene)
        #expect(text.contains("ada: right. ") && text.contains("is 200.00 EUR more than 2026-101 asks for"), "\(text)")
        #expect(text.contains("speaks for it: the text names the number (2026-101), weight 20"), "\(text)")
    }

    @Test("What is set aside is not told as what had been proposed")
    func aside() throws {
        let scene = try Desk.books()
        try Desk.reject(scene, aside: true)
        let text = try explained(scene)
        #expect(text.contains("ada: looked. 1200.00 EUR is no customer's money."), "\(text)")
        #expect(!text.contains("asks for"), "\(text)")
    }

    // MARK: Who decided

    @Test("What a person booked is no automatic decision, in the register and beside the truth")
    func counted() throws {
        let scene = try Desk.books("1200.00")
        try Desk.pay(scene, "P-2", "2026-08-04", "250.00", "2026-103")
        try Desk.reconcile(scene)
        let items = try scene.list(.items)
        func invoice(_ number: String) -> String {
            items.first { $0["number"]?.scalar == number }?["invoice_id"]?.scalar ?? ""
        }
        let truth = scene.folder.appendingPathComponent("truth.csv")
        try Data(
            """
            payment_id,invoice_id,amount,kind,adjustment,noise
            P-1,\(invoice("2026-101")),1000.00,over,0.00,
            P-2,\(invoice("2026-103")),250.00,exact,0.00,

            """.utf8
        ).write(to: truth)
        try Desk.accept(scene)
        let path = scene.folder.appendingPathComponent("a.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: path.path)
        let rows = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let own = rows.filter { $0.hasPrefix("P-1,\(invoice("2026-101")),1000.00,") }
        #expect(own.count == 1 && own.allSatisfy { $0.contains(",review,NUMBER-OVER,") }, "\(rows)")
        #expect(
            rows.contains { $0.hasPrefix("P-2,") && $0.contains(",auto,") } || !rows.contains { $0.contains(",auto,") })
        let measures = try scene.workplace().evaluate(truth: truth.path).json
        let automatic = rows.contains { $0.contains(",auto,") } ? "0.50000" : "0.00000"
        #expect(measures.at("total.auto_rate") == automatic, "\(measures.json)")
        #expect(measures.at("total.wrong_auto") == "0", "\(measures.json)")
        #expect(measures.at("total.recall_pair_any") == "1.00000", "\(measures.json)")
        try Desk.reject(scene, "P-1", aside: true)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: path.path)
        let after = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        #expect(after.contains { $0.hasPrefix("P-1,,0.00,none,") }, "\(after)")
    }

    // MARK: What the payment says

    @Test("The reference field, the end-to-end id and the ordered amount are shown, where there are any")
    func stated() throws {
        let scene = try Desk.books("1000.00")
        let head =
            "id,amount,currency,booked_on,account,payer_name,structured_reference,end_to_end_id,original_amount,"
            + "original_currency,remittance\n"
        try scene.importing(
            "stated.csv",
            head + "S-1,77.00,EUR,2026-08-04,NL91ABNA0417164300,Ahrend B.V.,RF18539007547034,E2E-1,80.00,USD,\n"
                + "S-2,78.00,EUR,2026-08-04,NL91ABNA0417164300,Ahrend B.V.,,NOTPROVIDED,,,\n")
        try Desk.reconcile(scene)
        let words = "reference: RF18539007547034; end-to-end id: E2E-1; ordered as 80.00 USD"
        for text in [try shown(scene, "S-1"), try explained(scene, "S-1")] { #expect(text.contains(words), "\(text)") }
        for node in [try scene.workplace().review("S-1").json, try scene.workplace().explain("S-1").json] {
            let fields = ["structured_reference", "end_to_end_id", "original_amount", "original_currency"]
            #expect(fields.map { node[$0]?.scalar } == ["RF18539007547034", "E2E-1", "80.00", "USD"], "\(node.json)")
        }
        #expect(try !shown(scene, "S-2").contains("end-to-end"))
        #expect(try scene.workplace().review("S-2").json["end_to_end_id"]?.scalar == nil)
    }

    // MARK: Why it waits, and in which order

    @Test("Why it waits is said once and whole, though the payer's name has full stops")
    func why() throws {
        let scene = try Desk.books()
        let text = try shown(scene)
        #expect(text.contains("\n  why it waits: The payment is more than the named item.\n"), "\(text)")
        #expect(text.components(separatedBy: "more than the named item").count == 2, "\(text)")
        #expect(text.contains("\n  1200.00 EUR from Ahrend B.V. is 200.00 EUR more than 2026-101 asks for."), "\(text)")
        let dollars = "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n"
        try scene.importing("usd.csv", dollars + "2026-801,invoice,C-1,Ahrend B.V.,GBP,2026-07-05,2026-08-04,50.00\n")
        try Desk.pay(scene, "P-2", "2026-08-04", "61.30", "2026-801")
        try Desk.reconcile(scene)
        let other = try shown(scene, "P-2")
        #expect(!other.contains("why it waits: 61.30 EUR from Ahrend B.V."), "\(other)")
        #expect(other.contains("a rate with its source is needed"), "\(other)")
    }

    @Test("A rule that was sent to people is named as the reason, whoever sent it", arguments: [false, true])
    func sentToPeople(_ byCompany: Bool) throws {
        let scene = try ConversationScene()
        if byCompany {
            try Data(
                """
                companies:
                  - id: acme
                    home_currency: EUR
                    authority: tieout
                    time_zone: Europe/Amsterdam
                    reconciliation: { review_rules: [NUMBER-EXACT] }
                    accounts:
                      - { id: NL91ABNA0417164300, holder: Acme B.V., currency: EUR }

                """.utf8
            ).write(to: scene.folder.appendingPathComponent("tieout.yaml"))
        }
        try scene.standardBooks(bankThrough: "2026-08-09")
        if !byCompany {
            try Desk.pay(scene, "P-1", "2026-08-01", "1000.00", "2026-101")
            try Desk.pay(scene, "P-2", "2026-08-02", "500.00", "2026-102")
            try Desk.reconcile(scene)
            for id in ["P-1", "P-2"] { try Desk.undo(scene, id) }
            try Desk.reconcile(scene)
        }
        try scene.bank([("P-3", "2026-08-03", "250.00", "2026-103")], name: "more.csv")
        try Desk.reconcile(scene)
        let text = try shown(scene, "P-3")
        let reason =
            byCompany
            ? "why it waits: The company keeps NUMBER-EXACT for people (review_rules)."
            : "why it waits: NUMBER-EXACT goes to people: 2 of 2 were taken back"
        #expect(text.contains(reason), "\(text)")
        #expect(try scene.workplace().review("P-3").json["why_it_waits"]?.scalar?.contains("NUMBER-EXACT") == true)
    }

    @Test("The most money comes first, and of as much the more certain; currencies without a rate stand apart")
    func order() throws {
        let scene = try Desk.books("1200.00")
        try scene.importing(
            "more.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            2026-301,invoice,C-1,Ahrend B.V.,JPY,2026-07-05,2026-08-04,1300
            2026-302,invoice,C-1,Ahrend B.V.,JPY,2026-07-05,2026-08-04,1300
            2026-303,invoice,C-2,Brug B.V.,EUR,2026-07-05,2026-08-04,1200.00
            2026-304,invoice,C-2,Brug B.V.,EUR,2026-07-05,2026-08-04,1200.00

            """)
        try scene.importing(
            "yen.csv",
            "id,amount,currency,booked_on,account,payer_name,remittance\n"
                + "Y-1,1300,JPY,2026-08-04,NL91ABNA0417164300,Ahrend B.V.,thanks\n"
                + "A-1,1200.00,EUR,2026-08-04,NL91ABNA0417164300,Brug B.V.,thanks\n")
        try Desk.reconcile(scene)
        let ids = try scene.workplace().reviews().compactMap { $0["payment_id"]?.scalar }
        #expect(ids == ["P-1", "A-1", "Y-1"])
    }

    // MARK: The other side of an entry

    @Test("A replacement and a credit note name the invoice on the other side, and are not told as lowered by it")
    func otherSide() throws {
        let scene = try Desk.books("1.00", "nothing")
        try scene.importing(
            "corrections.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total,corrects,correction
            2026-111,invoice,C-1,Ahrend B.V.,EUR,2026-08-04,2026-09-03,900.00,2026-101,replacement
            CN-1,credit_note,C-2,Brug B.V.,EUR,2026-08-04,2026-08-04,-100.00,2026-103,

            """)
        try Desk.reconcile(scene)
        let replacement = try explained(scene, "2026-111")
        #expect(replacement.contains("takes the place of 2026-101, of which 1000.00 EUR was open"), "\(replacement)")
        #expect(!replacement.contains("-1000.00"), "\(replacement)")
        #expect(try explained(scene, "2026-101").contains("replaced -1000.00 EUR by 2026-111"))
        let credit = try explained(scene, "CN-1")
        #expect(credit.contains("credit note netted 100.00 EUR → 2026-103"), "\(credit)")
        #expect(try explained(scene, "2026-103").contains("credit note netted 100.00 EUR ← CN-1"))
    }

    @Test("Of a payment of which something is booked, what is decided on its rest does not say that nothing was paid")
    func rest() throws {
        let scene = try Desk.books("1200.00")
        try Desk.accept(scene)
        try Desk.reconcile(scene)
        try Desk.allocate(scene, "P-1", .init(kind: .cash, text: "2026-102=200.00"))
        let text = try shown(scene)
        #expect(text.contains("ada: agreed. Booked by hand."), "\(text)")
        #expect(text.contains("booked of it besides: 1000.00 EUR on 2026-101, by ada on 2026-08-10"), "\(text)")
    }
}
