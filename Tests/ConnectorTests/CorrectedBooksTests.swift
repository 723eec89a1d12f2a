// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// Invoices that another one replaces, and advances that an invoice takes off: the order of events changes nothing.
@Suite("What is corrected or paid in advance comes to the same books in every order")
struct CorrectedBooksTests {
    enum Step: String, Sendable, CaseIterable {
        case original, payment, replacement, reconcile, close

        static let orders: [[Step]] = [
            [.original, .payment, .reconcile, .replacement], [.original, .payment, .replacement],
            [.original, .replacement, .payment], [.original, .replacement, .reconcile, .payment],
            [.replacement, .original, .payment], [.payment, .original, .reconcile, .replacement],
            [.original, .payment, .reconcile, .close, .replacement],
        ]
    }

    private static let head =
        "number,kind,customer_id,customer_name,currency,issued_on,due_on,total,corrects,correction\n"

    private func play(_ steps: [Step], paid: String, replacement total: String = "530.00") throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        for step in steps {
            switch step {
            case .original:
                try scene.importing(
                    "one.csv", Self.head + "LI-71,invoice,C-1,Ahrend B.V.,EUR,2026-07-05,2026-07-19,480.00,,\n")
            case .replacement:
                try scene.importing(
                    "two.csv",
                    Self.head + "LI-72,invoice,C-1,Ahrend B.V.,EUR,2026-07-12,2026-07-26,\(total),LI-71,replacement\n")
            case .payment:
                try scene.importing(
                    "paid.csv",
                    "id,amount,currency,booked_on,account,customer_id,remittance\n"
                        + "RP-1,\(paid),EUR,2026-07-08,NL91ABNA0417164300,C-1,LI-71\n")
            case .reconcile: _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
            case .close: _ = try scene.workplace().close(month: "2026-07", actor: "ada")
            }
        }
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        return scene
    }

    private func open(_ scene: ConversationScene, _ number: String) throws -> String? {
        try scene.list(.items).first { $0["number"]?.scalar == number }?["open"]?.scalar
    }

    private func unapplied(_ scene: ConversationScene, _ payment: String) throws -> String? {
        try scene.list(.payments).first { $0["id"]?.scalar == payment }?["unapplied"]?.scalar
    }

    @Test("Cash of a replaced invoice is the replacement's", arguments: Step.orders, ["480.00", "200.00"])
    func replaced(_ steps: [Step], _ paid: String) throws {
        let scene = try play(steps, paid: paid)
        #expect(try open(scene, "LI-71") == "0.00")
        #expect(try open(scene, "LI-72") == (paid == "480.00" ? "50.00" : "330.00"))
        #expect(try unapplied(scene, "RP-1") == "0.00")
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("What the replacement does not ask for is the customer's again", arguments: Step.orders.prefix(2))
    func surplus(_ steps: [Step]) throws {
        let scene = try play(steps, paid: "480.00", replacement: "430.00")
        #expect(try open(scene, "LI-72") == (steps.contains(.reconcile) ? "0.00" : "430.00"))
        let left = try #require(try unapplied(scene, "RP-1"))
        #expect(left == (steps.contains(.reconcile) ? "50.00" : "480.00"))
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("A payment that names what was replaced says by what")
    func sentence() throws {
        let scene = try play([.original, .replacement, .payment], paid: "480.00")
        let text = try scene.workplace().explain("RP-1").text
        #expect(text.contains("LI-71 was replaced by LI-72"), "\(text)")
    }

    @Test("The move is explained, and taking the decision back frees the money")
    func undone() throws {
        let scene = try play(Step.orders[0], paid: "480.00")
        let text = try scene.workplace().explain("LI-71").text
        #expect(text.contains("replaced by LI-72"), "\(text)")
        #expect(try scene.workplace().explain("LI-72").text.contains("LI-72 replaces LI-71"))
        _ = try scene.workplace().undo("RP-1", actor: "ada", reason: "not theirs")
        #expect(try open(scene, "LI-72") == "530.00")
        #expect(try open(scene, "LI-71") == "0.00")
        #expect(try unapplied(scene, "RP-1") == "480.00")
        #expect(try !scene.workplace().verify().failed)
    }

    // MARK: Advances

    private static let advanceHead =
        "number,kind,customer_id,customer_name,currency,issued_on,due_on,total,prepaid,payable\n"
    private static let invoice =
        advanceHead + "LI-80,invoice,C-2,Brug B.V.,EUR,2026-07-20,2026-08-03,1000.00,200.00,800.00\n"

    private func receipt(_ id: String, _ amount: String, on day: String, _ text: String) -> String {
        "id,amount,currency,booked_on,account,customer_id,remittance\n"
            + "\(id),\(amount),EUR,\(day),NL91ABNA0417164300,C-2,\(text)\n"
    }

    @Test(
        "An advance is linked once, and the amount due stays due",
        arguments: [
            ["invoice", "advance", "rest"], ["advance", "invoice", "rest"],
            ["advance", "reconcile", "invoice", "rest"],
            ["invoice", "advance", "reconcile", "rest"], ["invoice", "rest", "reconcile", "advance"],
        ], ["2026-06-01", "2026-07-20", "2026-07-23"])
    func advance(_ order: [String], _ day: String) throws {
        // Once the rest is paid, an advance that comes after the invoice is not certain any more.
        guard order != ["invoice", "rest", "reconcile", "advance"] || day <= "2026-07-20" else { return }
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        for step in order {
            switch step {
            case "invoice": try scene.importing("prepaid.csv", Self.invoice)
            case "advance": try scene.importing("advance.csv", receipt("AD-1", "200.00", on: day, "aanbetaling LI-80"))
            case "rest": try scene.importing("rest.csv", receipt("AD-2", "800.00", on: "2026-08-03", "LI-80"))
            default: _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
            }
        }
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try open(scene, "LI-80") == "0.00")
        #expect(try unapplied(scene, "AD-1") == "0.00")
        #expect(try unapplied(scene, "AD-2") == "0.00")
        #expect(try !scene.workplace().verify().failed)
        // The invoice again, from another list: nothing of the link is taken back.
        try scene.importing("again.csv", Self.invoice.replacing("2026-08-03", with: "2026-08-05"))
        #expect(try open(scene, "LI-80") == "0.00")
        _ = try scene.workplace().undo("AD-1", actor: "ada", reason: "a deposit")
        #expect(try unapplied(scene, "AD-1") == "200.00")
        #expect(try open(scene, "LI-80") == "0.00")
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("Where it is not certain, a person sees both readings")
    func uncertain() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing("prepaid.csv", Self.invoice)
        try scene.importing("late.csv", receipt("AD-1", "200.00", on: "2026-08-06", "LI-80"))
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let review = try #require(try scene.workplace().reviews().first)
        #expect(review["rule"]?.scalar == "PREPAID-ADVANCE")
        #expect(review.count("alternatives") == 2)
        _ = try scene.workplace().acceptReview("AD-1", alternative: 2, actor: "ada", reason: "a part of the rest")
        #expect(try open(scene, "LI-80") == "600.00")
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("An advance that has an invoice of its own pays that one")
    func ownInvoice() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing(
            "own.csv", Self.advanceHead + "LI-79,prepayment,C-2,Brug B.V.,EUR,2026-06-01,2026-06-15,200.00,,\n")
        try scene.importing("prepaid.csv", Self.invoice)
        try scene.importing("advance.csv", receipt("AD-1", "200.00", on: "2026-07-10", "LI-80"))
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try open(scene, "LI-79") == "0.00")
        #expect(try open(scene, "LI-80") == "800.00")
        try scene.importing("part.csv", receipt("AD-2", "200.00", on: "2026-07-18", "LI-80"))
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try open(scene, "LI-80") == "600.00")
    }
}
