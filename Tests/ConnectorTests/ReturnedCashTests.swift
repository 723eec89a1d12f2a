// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// Money that the bank takes back: whatever it had settled, and in whatever order files come, the books are the same.
@Suite("What the bank takes back is taken back whole")
struct ReturnedCashTests {
    enum Step: String, Sendable { case paid, returned, again, reconcile }

    private static let head =
        "id,amount,currency,booked_on,account,payer_name,payer_account,bank_code,reason,end_to_end_id,remittance\n"
    private static let payer = "NL91ABNA0417164300,Ahrend B.V.,NL20INGB0001234567"

    private static func row(
        _ id: String, _ amount: String, _ day: String, code: String = "", reason: String = "", text: String = "2026-101"
    ) -> String { "\(id),\(amount),EUR,2026-08-\(day),\(payer),\(code),\(reason),,\(text)\n" }

    /// 1000.00 that is due, and 250.00 that is not.
    private func books() throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,country,language,time_zone,account,opted_in,opted_out
            C-1,10001,Ahrend B.V.,business,+31600000001,NL,nl,Europe/Amsterdam,NL20INGB0001234567,true,false

            """)
        try scene.importing(
            "invoices.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            2026-101,invoice,C-1,Ahrend B.V.,EUR,2026-07-01,2026-07-31,1000.00
            2026-104,invoice,C-1,Ahrend B.V.,EUR,2026-07-02,2026-09-30,250.00

            """)
        return scene
    }

    private func cash(_ scene: ConversationScene, _ name: String, _ rows: String...) throws {
        try scene.importing(name + ".csv", Self.head + rows.joined())
    }

    private func reconcile(_ scene: ConversationScene) throws {
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
    }

    private func open(_ scene: ConversationScene, _ number: String = "2026-101") throws -> String? {
        try scene.list(.items).first { $0["number"]?.scalar == number }?["open"]?.scalar
    }

    private func unapplied(_ scene: ConversationScene) throws -> [String] {
        try scene.list(.payments).compactMap { $0["unapplied"]?.scalar }
    }

    private func waiting(_ scene: ConversationScene) throws -> [String] {
        try scene.workplace().reviews().compactMap { $0["payment_id"]?.scalar }.sorted()
    }

    private func play(_ steps: [Step], first: String, again: String = "1000.00") throws -> ConversationScene {
        let scene = try books()
        for step in steps {
            switch step {
            case .paid: try cash(scene, "paid", Self.row("P-1", first, "03"))
            case .returned: try cash(scene, "returned", Self.row("R-1", "-" + first, "07", reason: "AC06"))
            case .again: try cash(scene, "again", Self.row("P-2", again, "08"))
            case .reconcile: try reconcile(scene)
            }
        }
        try reconcile(scene)
        try scene.expectProved()
        return scene
    }

    static let orders: [[Step]] = [
        [.paid, .returned], [.paid, .reconcile, .returned], [.returned, .paid], [.returned, .reconcile, .paid],
    ]

    // 1050.00 came for an invoice of 1000.00 and waited; the bank took 1050.00 back: 1000.00 + 250.00 are owed.
    @Test("A payment that had settled nothing goes back, and nothing of it is left", arguments: orders)
    func settledNothing(_ steps: [Step]) throws {
        let scene = try play(steps, first: "1050.00")
        #expect(try open(scene) == "1000.00")
        #expect(try unapplied(scene) == ["0.00", "0.00"])
        #expect(try waiting(scene) == [])
        #expect(
            try scene.rollForward("2026-08", "EUR") == [
                "Opening 1,250.00", "Customer cash booked -1,050.00", "Returned and charged back 1,050.00",
                "Closing 1,250.00",
            ])
        var request = Workplace.ReportRequest(name: .statement)
        request.customer = "C-1"
        let statement = try scene.workplace().report(request, format: .text, out: nil) ?? ""
        #expect(!statement.contains("unapplied") && statement.contains("1,250.00"), "\(statement)")
        let held = try scene.workplace().plan(dryRun: true).json["held"]?.items ?? []
        #expect(held.allSatisfy { $0["rule"]?.scalar != "NET-ZERO" })
        #expect(try scene.list(.exceptions).map { $0["kind"]?.scalar } == ["PAYMENT-RETURNED"])
        // Paid again, nobody needs to look at it any more.
        try cash(scene, "again", Self.row("P-2", "1000.00", "08"))
        try reconcile(scene)
        #expect(try scene.list(.exceptions).map { $0["state"]?.scalar } == ["resolved"])
        scene.set("2026-09-01")
        _ = try scene.workplace().close(month: "2026-08", actor: "ada")
        try scene.expectProved()
    }

    static let laterOrders: [[Step]] = [
        [.paid, .returned, .again], [.paid, .reconcile, .returned, .reconcile, .again],
        [.again, .reconcile, .paid, .reconcile, .returned], [.again, .reconcile, .returned, .reconcile, .paid],
        [.returned, .again, .reconcile, .paid], [.again, .reconcile, .paid, .returned],
    ]

    // 1000.00 came, went back on the 7th, and came again on the 8th: 250.00 is owed.
    @Test("A later payment of the same amount that is read first changes nothing", arguments: laterOrders)
    func paidAgain(_ steps: [Step]) throws {
        let scene = try play(steps, first: "1000.00")
        #expect(try open(scene) == "0.00")
        #expect(try unapplied(scene) == ["0.00", "0.00", "0.00"])
        #expect(try waiting(scene) == [])
        #expect(
            try scene.rollForward("2026-08", "EUR") == [
                "Opening 1,250.00", "Customer cash booked -2,000.00", "Returned and charged back 1,000.00",
                "Closing 250.00",
            ])
        #expect(
            try scene.list(.exceptions).filter { $0["kind"]?.scalar == "DUPLICATE-PAYMENT" }
                .allSatisfy { $0["state"]?.scalar == "resolved" })
    }

    // 1000.00 of 1050.00 was booked by hand; all of it went back, is taken back by a person, and goes back again.
    @Test("What was applied and what waited go back together, and an undo brings both again")
    func inPart() throws {
        let scene = try books()
        try cash(scene, "paid", Self.row("P-1", "1050.00", "03"))
        try reconcile(scene)
        var hand = Workplace.ManualAllocation(actor: "ada", reason: "the rest waits")
        hand.source = "P-1"
        hand.lines = [.init(kind: .cash, text: "2026-101=1000.00")]
        _ = try scene.workplace().allocate(hand)
        #expect(try unapplied(scene) == ["50.00"])
        try cash(scene, "returned", Self.row("R-1", "-1050.00", "07", reason: "AC06"))
        try reconcile(scene)
        #expect(try open(scene) == "1000.00")
        #expect(try unapplied(scene) == ["0.00", "0.00"])
        #expect(try waiting(scene) == [])
        _ = try scene.workplace().undo("R-1", actor: "ada", reason: "of another company")
        #expect(try open(scene) == "0.00")
        #expect(try scene.list(.payments).first?["unapplied"]?.scalar == "50.00")
        #expect(try waiting(scene) == ["P-1", "R-1"])
        try reconcile(scene)
        // Not booked again by itself; a person may say it all the same.
        #expect(try open(scene) == "0.00")
        #expect(try waiting(scene) == ["P-1", "R-1"])
        #expect(throws: Failure.self) {
            try scene.workplace().acceptReview("R-1", alternative: nil, actor: "ada", reason: "as proposed")
        }
        _ = try scene.workplace().acceptReview("R-1", alternative: 1, actor: "ada", reason: "ours after all")
        #expect(try open(scene) == "1000.00")
        #expect(try waiting(scene) == [])
        try reconcile(scene)
        #expect(try unapplied(scene) == ["0.00", "0.00"])
        try scene.expectProved()
    }

    // A transfer settled the invoice; a direct debit of the same amount for it waits; a direct debit comes back.
    @Test("A returned direct debit takes back the direct debit", arguments: [[], [Step.reconcile]])
    func directDebit(_ between: [Step]) throws {
        let scene = try books()
        try cash(
            scene, "paid", Self.row("P-1", "1000.00", "03", code: "PMNT-RCDT-ESCT"),
            Self.row("P-2", "1000.00", "04", code: "PMNT-IDDT-ESDD"))
        for _ in between { try reconcile(scene) }
        try cash(scene, "returned", Self.row("R-1", "-1000.00", "07", code: "PMNT-IDDT-UPDD", reason: "AM04"))
        try reconcile(scene)
        #expect(try open(scene) == "0.00")
        #expect(try unapplied(scene) == ["0.00", "0.00", "0.00"])
        #expect(try waiting(scene) == [])
        let applied = try scene.list(.payments).map { $0["applied"]?.scalar }
        #expect(applied == ["1000.00", "0.00", "0.00"])
    }

    @Test("Of two that fit equally a person chooses, and both decisions end with that", arguments: [1, 2])
    func twoFit(_ alternative: Int) throws {
        let scene = try books()
        try cash(scene, "paid", Self.row("P-1", "1000.00", "03"), Self.row("P-2", "1000.00", "04"))
        try cash(scene, "returned", Self.row("R-1", "-1000.00", "07", reason: "AC06"))
        try reconcile(scene)
        #expect(try open(scene) == "0.00")
        #expect(try waiting(scene) == ["P-2", "R-1"])
        let shown = try scene.workplace().review("R-1").text
        #expect(
            shown.split(separator: "\n").contains {
                $0.hasPrefix("  alternative 2: ") && $0.hasSuffix("takes back payment P-1")
            }, "\(shown)")
        _ = try scene.workplace().acceptReview("R-1", alternative: alternative, actor: "ada", reason: "the bank says")
        #expect(try open(scene) == (alternative == 1 ? "0.00" : "1000.00"))
        #expect(try waiting(scene) == (alternative == 1 ? [] : ["P-2"]))
        try reconcile(scene)
        // Where the first went back, the second is the invoice's.
        #expect(try open(scene) == "0.00")
        #expect(try unapplied(scene) == ["0.00", "0.00", "0.00"])
        #expect(try waiting(scene) == [])
        try scene.expectProved()
    }

    @Test("A name alone takes no waiting money; what a person accepts is ended, and undone exactly")
    func byName() throws {
        let scene = try books()
        let text = "id,amount,currency,booked_on,account,payer_name,reason,remittance\n"
        let ours = "NL91ABNA0417164300,Ahrend B.V."
        try scene.importing("paid.csv", text + "P-1,1050.00,EUR,2026-08-03,\(ours),,2026-101\n")
        try scene.importing("returned.csv", text + "R-1,-1050.00,EUR,2026-08-07,\(ours),AC06,\n")
        try reconcile(scene)
        #expect(try waiting(scene) == ["P-1", "R-1"])
        _ = try scene.workplace().acceptReview("R-1", alternative: nil, actor: "ada", reason: "went back")
        #expect(try waiting(scene) == [])
        #expect(try unapplied(scene) == ["0.00", "0.00"])
        #expect(try open(scene) == "1000.00")
        _ = try scene.workplace().undo("R-1", actor: "ada", reason: "not that one")
        #expect(try scene.list(.payments).first?["unapplied"]?.scalar == "1050.00")
        #expect(try waiting(scene) == ["P-1", "R-1"])
        try reconcile(scene)
        #expect(try waiting(scene) == ["P-1", "R-1"])
        try scene.expectProved()
    }

    @Test("A return of what nobody knows is not booked by a bare yes")
    func unknown() throws {
        let scene = try books()
        try cash(scene, "returned", Self.row("R-1", "-70.00", "07", reason: "AC06", text: "nothing known"))
        try reconcile(scene)
        #expect(try waiting(scene) == ["R-1"])
        let refusal = #expect(throws: Failure.self) {
            try scene.workplace().acceptReview("R-1", alternative: nil, actor: "ada", reason: "yes")
        }
        #expect(refusal?.code == "REVIEW-EMPTY")
        #expect(try waiting(scene) == ["R-1"])
    }

    // 1000.00 promised for the 5th came on the 4th, and went back on the 6th. What kept the promise by the books' word
    // is a person's; what only waited is no money any more.
    @Test("A promise is judged without the money that went back", arguments: ["1000.00", "1050.00"])
    func promise(_ amount: String) throws {
        let scene = try books()
        let wasApplied = amount == "1000.00"
        scene.set("2026-08-03")
        var request = Workplace.PromiseRequest(customer: "C-1", promisedFor: "2026-08-05", takenBy: "mara")
        request.invoices = ["2026-101"]
        _ = try scene.workplace().recordPromise(request)
        scene.set("2026-08-12")
        try cash(scene, "paid", Self.row("P-1", amount, "04"), Self.row("K-1", "1.00", "11", text: "kas"))
        try reconcile(scene)
        #expect(try scene.list(.promises).first?["state"]?.scalar == (wasApplied ? "kept" : "open"))
        try cash(scene, "returned", Self.row("R-1", "-" + amount, "06", reason: "AM04"))
        try reconcile(scene)
        #expect(try scene.list(.promises).first?["state"]?.scalar == (wasApplied ? "kept" : "broken"))
        let kinds = try scene.list(.exceptions).filter { $0["state"]?.scalar == "open" }.compactMap {
            $0["kind"]?.scalar
        }
        #expect(kinds.contains("PAYMENT-RETURNED") && kinds.contains("PROMISE-REVERSED") == wasApplied, "\(kinds)")
        #expect(try open(scene) == "1000.00")
    }
}
