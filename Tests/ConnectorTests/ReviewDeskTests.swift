// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// What a reviewer does all day: yes, no, by hand, back again; and nothing is lost from sight or left without a way out.
@Suite("A person's acts can be taken back, finished and accounted for")
struct ReviewDeskTests {
    /// 1000.00 and 500.00 of C-1, 250.00 of C-2, and one payment.
    static func books(_ amount: String = "1200.00", _ text: String = "2026-101") throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try pay(scene, "P-1", "2026-08-03", amount, text)
        try reconcile(scene)
        return scene
    }

    /// From C-1's account.
    static func pay(
        _ scene: ConversationScene, _ id: String, _ day: String, _ amount: String, _ text: String, reason: String = ""
    ) throws {
        try scene.importing(
            "pay-\(id).csv",
            "id,amount,currency,booked_on,account,payer_name,payer_account,reason,remittance\n"
                + "\(id),\(amount),EUR,\(day),NL91ABNA0417164300,Ahrend B.V.,NL20INGB0001234567,\(reason),\(text)\n")
    }

    static func reconcile(_ scene: ConversationScene) throws {
        scene.advance(seconds: 1)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        scene.advance(seconds: 1)
    }

    @discardableResult
    static func accept(
        _ scene: ConversationScene, _ id: String = "P-1", _ alternative: Int? = nil, second: String? = nil
    ) throws -> Answer {
        scene.advance(seconds: 1)
        return try scene.workplace().acceptReview(
            id, alternative: alternative, actor: "ada", reason: "right", secondPerson: second)
    }

    @discardableResult
    static func reject(_ scene: ConversationScene, _ id: String = "P-1", aside: Bool = false) throws -> Answer {
        scene.advance(seconds: 1)
        return try scene.workplace().rejectReview(id, notReceivable: aside, actor: "ada", reason: "looked")
    }

    @discardableResult
    static func undo(_ scene: ConversationScene, _ id: String = "P-1") throws -> Answer {
        scene.advance(seconds: 1)
        return try scene.workplace().undo(id, actor: "ada", reason: "wrong")
    }

    @discardableResult
    static func allocate(
        _ scene: ConversationScene, _ source: String?, by actor: String = "ada", second: String? = nil,
        reason: String = "agreed", _ lines: Workplace.ManualAllocation.Line...
    ) throws -> Answer {
        scene.advance(seconds: 1)
        var request = Workplace.ManualAllocation(actor: actor, reason: reason)
        (request.source, request.secondPerson, request.lines) = (source, second, lines)
        return try scene.workplace().allocate(request)
    }

    static func open(_ scene: ConversationScene, _ number: String = "2026-101") throws -> String? {
        try scene.list(.items).first { $0["number"]?.scalar == number }?["open"]?.scalar
    }

    static func payment(_ scene: ConversationScene, _ id: String = "P-1") throws -> Node {
        try #require(try scene.list(.payments).first { $0["id"]?.scalar == id })
    }

    static func waiting(_ scene: ConversationScene) throws -> [String] {
        try scene.workplace().reviews().compactMap { $0["payment_id"]?.scalar }.sorted()
    }

    /// The code of the failure, and all that it says.
    static func failure(_ act: () throws -> Answer) -> (code: String, text: String) {
        do {
            return ("done", try act().text)
        } catch {
            return ((error as? Failure)?.code ?? "other", "\(error)")
        }
    }

    // MARK: Taking back

    @Test("What is booked of a payment is taken back by its id, though its rest waits again")
    func undoWhileRestWaits() throws {
        let scene = try Self.books()
        let answer = try Self.accept(scene)
        #expect(answer.text.contains("200.00 EUR of P-1 is left unapplied: `tieout reconcile`"), "\(answer.text)")
        #expect(answer.json["left_to_allocate"]?.scalar == "200.00")
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == ["P-1"])
        try Self.undo(scene)
        #expect(try Self.open(scene) == "1000.00")
        #expect(try Self.payment(scene)["unapplied"]?.scalar == "1200.00")
        try scene.expectProved()
    }

    @Test("Of several acts the latest is taken back first, and the others are named")
    func undoLatest() throws {
        let scene = try Self.books()
        let first = try #require(try Self.accept(scene).json["decision"]?.scalar)
        try Self.allocate(scene, "P-1", .init(kind: .cash, text: "2026-102=200.00"))
        let answer = try Self.undo(scene)
        #expect(try Self.open(scene, "2026-102") == "500.00")
        #expect(try Self.open(scene) == "0.00")
        #expect(answer.json["still_booked"]?.items?.map(\.scalar) == [first])
        #expect(answer.text.contains("Still booked of P-1, the latest first: \(first)"), "\(answer.text)")
        #expect(try Self.undo(scene).json["still_booked"] == nil)
        #expect(try Self.open(scene) == "1000.00")
        #expect(Self.failure { try Self.undo(scene) }.code == "UNDO-NOTHING")
        try scene.expectProved()
    }

    @Test("A refund by hand is taken back by the payment that went out, and the other says where its money is")
    func undoRefund() throws {
        let scene = try Self.books("35.00", "")
        try Self.pay(scene, "R-1", "2026-08-05", "-35.00", "")
        try Self.allocate(scene, "R-1", .init(kind: .refund, text: "P-1=35.00"))
        #expect(try Self.payment(scene)["unapplied"]?.scalar == "0.00")
        let told = Self.failure { try Self.undo(scene) }
        #expect(told.code == "UNDO-NOTHING" && told.text.contains("tieout review undo R-1"), "\(told)")
        try Self.undo(scene, "R-1")
        #expect(try Self.payment(scene)["unapplied"]?.scalar == "35.00")
        try scene.expectProved()
    }

    @Test("A match that a person took back is not booked again, but stays to be accepted")
    func undoneStaysToChoose() throws {
        let scene = try Self.books("1000.00")
        #expect(try Self.open(scene) == "0.00")
        try Self.undo(scene)
        let early = Self.failure { try Self.accept(scene) }
        #expect(early.code == "REVIEW-EMPTY", "\(early)")
        #expect(!early.text.contains("review undo"), "\(early)")
        try Self.reconcile(scene)
        #expect(try Self.open(scene) == "1000.00")
        let review = try #require(try scene.workplace().reviews().first)
        #expect(review.at("alternatives.0.0.number") == "2026-101")
        #expect(review["lines"]?.items?.isEmpty == true)
        #expect(try scene.workplace().review("P-1").text.contains("alternative 1: 1000.00 EUR on 2026-101"))
        #expect(Self.failure { try Self.accept(scene) }.code == "REVIEW-EMPTY")
        try Self.accept(scene, "P-1", 1)
        #expect(try Self.open(scene) == "0.00")
        try scene.expectProved()
    }

    // MARK: What is left

    @Test("A rest is set aside; it says nothing of the account that paid")
    func rest() throws {
        let scene = try Self.books("1000.01")
        try Self.accept(scene)
        let answer = try Self.reject(scene, aside: true)
        #expect(answer.text == "Set aside as no customer's money: 0.01 EUR, what was left of P-1.")
        let payment = try Self.payment(scene)
        #expect(payment["applied"]?.scalar == "1000.00" && payment["set_aside"]?.scalar == "0.01")
        #expect(payment["unapplied"]?.scalar == "0.00")
        #expect(try scene.workplace().memoryList().json.items?.contains { $0["kind"]?.scalar == "stranger" } == false)
        #expect(Self.failure { try Self.reject(scene, aside: true) }.code == "SET-ASIDE-NOTHING")
        try scene.expectProved()
        try Self.undo(scene)
        #expect(try Self.payment(scene)["unapplied"]?.scalar == "0.01")
        try scene.expectProved()
    }

    @Test("The bank's charge on a return is set aside: no customer owes it")
    func returnCharge() throws {
        let scene = try Self.books("1000.00")
        try Self.pay(scene, "R-1", "2026-08-07", "-1003.00", "2026-101", reason: "AC04")
        try Self.reconcile(scene)
        try Self.accept(scene, "R-1")
        #expect(try Self.payment(scene, "R-1")["unapplied"]?.scalar == "-3.00")
        let answer = try Self.reject(scene, "R-1", aside: true)
        #expect(answer.text == "Set aside as no customer's money: -3.00 EUR, what was left of R-1.")
        #expect(try Self.payment(scene, "R-1")["unapplied"]?.scalar == "0.00")
        #expect(try Self.payment(scene, "R-1")["set_aside"]?.scalar == "-3.00")
        #expect(
            try scene.rollForward("2026-08", "EUR") == [
                "Opening 1,749.00", "Customer cash booked -1,001.00", "Returned and charged back 1,000.00",
                "Closing 1,748.00",
            ])
        try scene.expectProved()
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == [])
        // Paid again, nobody needs to look at the return any more.
        try Self.pay(scene, "P-2", "2026-08-09", "1000.00", "2026-101")
        try Self.reconcile(scene)
        if try Self.open(scene) != "0.00" { try Self.accept(scene, "P-2") }
        let open = try scene.list(.exceptions).filter { $0["state"]?.scalar == "open" }.map { $0["kind"]?.scalar }
        #expect(!open.contains("PAYMENT-RETURNED"), "\(open)")
    }

    @Test("Money that went elsewhere is told as it is: nothing had to be booked, and it is left alone")
    func wentElsewhere() throws {
        let scene = try Self.books("1000.00")
        try Self.pay(scene, "R-1", "2026-08-07", "-25.00", "")
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == ["R-1"])
        let answer = try Self.reject(scene, "R-1", aside: true)
        #expect(answer.text.contains("nothing had to be booked"), "\(answer.text)")
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == [])
        try scene.expectProved()
    }

    @Test("What was paid on top for paying late is income, by a person's word")
    func lateCharges() throws {
        let scene = try Self.books("1012.50")
        let answer = try Self.allocate(
            scene, "P-1", .init(kind: .cash, text: "2026-101=1000.00"),
            .init(kind: .lateCharges, text: "2026-101=12.50"))
        #expect(answer.text.contains("12.50 EUR on 2026-101"), "\(answer.text)")
        #expect(try Self.payment(scene)["unapplied"]?.scalar == "0.00")
        #expect(try Self.open(scene) == "0.00")
        #expect(try scene.rollForward("2026-08", "EUR").contains("Of it for interest and fines 12.50"))
        try scene.expectProved()
        try Self.undo(scene)
        #expect(try Self.payment(scene)["unapplied"]?.scalar == "1012.50")
        try scene.expectProved()
        let much = Self.failure {
            try Self.allocate(scene, "P-1", .init(kind: .lateCharges, text: "2026-101=2000.00"))
        }
        #expect(much.code == "CASH-SPENT" && much.text.contains("1012.50 EUR left"), "\(much)")
        let nobody = Self.failure { try Self.allocate(scene, nil, .init(kind: .lateCharges, text: "2026-101=1.00")) }
        #expect(nobody.code == "ALLOCATE-CHARGES", "\(nobody)")
    }

    // MARK: Nothing is proposed

    @Test("A payment for which nothing is proposed is looked at, and taken when its invoice comes")
    func lookedAt() throws {
        let scene = try Self.books("1000.00")
        try scene.bank([("P-2", "2026-08-04", "888.00", "2026-555")], name: "unknown.csv")
        try Self.reconcile(scene)
        #expect(try Self.reject(scene, "P-2").text.hasPrefix("Looked at: nothing is proposed for P-2"))
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == [])
        #expect(try Self.payment(scene, "P-2")["unapplied"]?.scalar == "888.00")
        try Self.invoices(scene, "2026-555,888.00")
        try Self.reconcile(scene)
        #expect(try Self.open(scene, "2026-555") == "0.00")
        try scene.expectProved()
    }

    @Test("A rest that a person looked at is not shown again, as long as nothing else fits it")
    func restLookedAt() throws {
        let scene = try Self.books()
        try Self.accept(scene)
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == ["P-1"])
        try Self.reject(scene)
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == [])
        #expect(try scene.workplace().review("P-1").text.contains("a person looked at it"))
        try Self.undo(scene)
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == ["P-1"])
    }

    @Test("Alternatives that a person refused are shown no more until there is another one")
    func refusedAlternatives() throws {
        let scene = try Self.books("77.00", "")
        try Self.invoices(scene, "2026-201,77.00", "2026-202,77.00")
        try Self.reconcile(scene)
        let review = try #require(try scene.workplace().reviews().first)
        #expect(review["alternatives"]?.items?.count == 2)
        #expect(try Self.reject(scene).text.hasPrefix("Refused; this match is not proposed again. "))
        try Self.reconcile(scene)
        // The other one is still to choose.
        #expect(try Self.waiting(scene) == ["P-1"])
        #expect(try Self.reject(scene).text.hasPrefix("Refused: none of the alternatives of P-1"))
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == [])
        let pairs = try scene.workplace().memoryList().json.items?.filter { $0["kind"]?.scalar == "declined" }
        #expect(pairs?.count == 2)
        try Self.invoices(scene, "2026-203,77.00")
        try Self.reconcile(scene)
        #expect(try Self.waiting(scene) == ["P-1"])
    }

    private static func invoices(_ scene: ConversationScene, _ rows: String...) throws {
        let lines = rows.map { row in
            let parts = row.split(separator: ",")
            return "\(parts[0]),invoice,C-1,Ahrend B.V.,EUR,2026-07-05,2026-08-04,\(parts[1])\n"
        }
        try scene.importing(
            "more-\(rows[0].prefix(8)).csv",
            "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n" + lines.joined())
    }

    // MARK: Several at once

    @Test("Of several, one that fails is named and leaves the others done")
    func several() throws {
        let scene = try Self.books()
        try Self.pay(scene, "P-2", "2026-08-04", "300.00", "2026-103")
        try Self.reconcile(scene)
        let ids = try scene.workplace().reviews(rule: "NUMBER-OVER").compactMap { $0["payment_id"]?.scalar }
        #expect(ids == ["P-1", "P-2"])
        #expect(try scene.workplace().reviews(rule: "NUMBER-FEE").isEmpty)
        #expect(Self.failure { try scene.workplace().reviews(first: 1, rule: "NUMBER") }.code == "REVIEW-RULE")
        let answer = Answer.several(["P-1", "P-9", "P-2"]) { try Self.accept(scene, $0) }
        #expect(answer.failed)
        #expect(answer.json["done"]?.items?.compactMap { $0["id"]?.scalar } == ["P-1", "P-2"])
        #expect(answer.json.at("failed.0.id") == "P-9" && answer.json.at("failed.0.code") == "REVIEW-UNKNOWN")
        #expect(answer.text.hasSuffix("2 done, 1 failed: P-9"), "\(answer.text)")
        #expect(try Self.open(scene) == "0.00")
        #expect(try Self.open(scene, "2026-103") == "0.00")
        try scene.expectProved()
    }
}
