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
}
