// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Formats
import Reconciliation
import Testing
import Trees

/// What a company lets the machine settle, what it learned, and what stands behind each decision.
@Suite("Matching is configured, remembered, explained and measured")
struct MatchingTests {
    private static func compile(_ rules: String) throws -> (Policy, [Fault]) {
        let text = "companies:\n  - id: acme\n    reconciliation:\n" + rules
        let node = try #require(YAMLReader.read(text).0)
        let (configuration, faults) = Configuration.compile(node, folder: "/")
        return (configuration.companies.first?.matching ?? Policy(), faults)
    }

    @Test("The policy of reconciliation is read from the company")
    func policy() throws {
        let (policy, faults) = try Self.compile(
            """
                  review_rules: [NUMBER-FEE, PAYER-SET]
                  late_discount_max: 25.00
                  apply_unexplained: true
                  oldest_of_equals: true
                  repeat_days: 30

            """)
        #expect(faults.isEmpty, "\(faults)")
        #expect(policy.reviewRules == [.numberFee, .payerSet])
        #expect(policy.lateDiscountMax == 2_500)
        #expect(policy.appliesUnexplained)
        #expect(policy.takesOldest)
        #expect(policy.repeatDays == 30)
        #expect(policy.feeMax == Policy().feeMax)
    }

    @Test(
        "What cannot be read is refused with what is known",
        arguments: [
            ("no_such: 1", "no_such"), ("review_rules: [NUMBER]", "NUMBER"), ("repeat_days: soon", "soon"),
            ("late_discount_max: -1.00", "-1.00"), ("learn_tiers: maybe", "maybe"),
        ])
    func refused(_ line: String, _ named: String) throws {
        let faults = try Self.compile("      \(line)\n").1
        #expect(faults.count == 1)
        #expect(faults.first?.code == "CONFIG")
        #expect(faults.first?.message.contains(named) == true)
        #expect(faults.first?.hint.isEmpty == false)
    }

    private static let payers = """
        id,amount,currency,booked_on,account,payer_name,payer_account,remittance
        P-1,1000.00,EUR,2026-08-01,NL91ABNA0417164300,Treuhand,NL20INGB0001234567,2026-101
        P-2,77.00,EUR,2026-08-02,NL91ABNA0417164300,Belastingdienst,NL86INGB0002445588,teruggave

        """

    @Test("An account is learned from the books, listed, and forgotten for good")
    func memory() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing("payers.csv", Self.payers)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let listed = try #require(try scene.workplace().memoryList().json.items)
        let id = try #require(listed.first { $0["kind"]?.scalar == "account" }?["id"]?.scalar)
        #expect(id == "account/C-1/NL20INGB0001234567")
        _ = try scene.workplace().memoryForget(id, actor: "ada", reason: "a factor's account")
        #expect(try scene.workplace().memoryList().json.items?.contains { $0["id"]?.scalar == id } == false)
        #expect(throws: Failure.self) { try scene.workplace().memoryForget(id, actor: "ada", reason: "again") }
    }

    @Test("Money that a person set aside makes its account one that is never a customer's")
    func stranger() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing("payers.csv", Self.payers)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        _ = try scene.workplace().rejectReview("P-2", notReceivable: true, actor: "ada", reason: "tax refund")
        try scene.importing(
            "more.csv",
            """
            id,amount,currency,booked_on,account,payer_name,payer_account,remittance
            P-3,12.00,EUR,2026-08-08,NL91ABNA0417164300,Belastingdienst,NL86INGB0002445588,rente

            """)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let payment = try #require(try scene.list(.payments).first { $0["id"]?.scalar == "P-3" })
        #expect(payment["unapplied"]?.scalar == "0.00")
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("An allocation is explained: evidence, what spoke against, the runner-up, and who decided")
    func explanation() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing("payers.csv", Self.payers)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let text = try scene.workplace().explain("P-1").text
        #expect(text.contains("speaks for it: the text names the number (2026-101), weight 20"), "\(text)")
        #expect(text.contains("speaks against: nothing"))
        #expect(text.contains("runner-up: none"))
        #expect(text.contains("decided by the rule NUMBER-EXACT on 2026-08-10, no person"))
    }

    @Test("What waits is shown as it is worked off: whose money, what was read of the text, and why it waits")
    func waiting() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.bank([("P-9", "2026-08-01", "400.00", "2026-101")], name: "part.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let text = try scene.workplace().reviews(first: 5).text
        #expect(text.contains("left to allocate: 400.00 EUR"), "\(text)")
        #expect(text.contains("text: [2026-101]"), "\(text)")
        #expect(text.contains("why it waits: It is less than the named item"), "\(text)")
        #expect(!text.contains("speaks against: nothing"))
        let unexplained = "2 payments that came in through 2026-08-10, 2.00 EUR, are not explained by anything"
        let rest = try scene.workplace().reviews(first: 0).text
        #expect(rest.hasPrefix("1 more wait.\n\n\(unexplained)"), "\(rest)")
    }

    @Test("A rule whose decisions people take back goes to people, visibly; one act does not condemn it")
    func tiers() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.bank(
            [("P-1", "2026-08-01", "1000.00", "2026-101"), ("P-2", "2026-08-02", "500.00", "2026-102")],
            name: "named.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        _ = try scene.workplace().undo("P-1", actor: "ada", reason: "not theirs")
        #expect(try scene.workplace().reconcile(dryRun: false, allocations: nil).json["tiers"] == nil)
        _ = try scene.workplace().undo("P-2", actor: "ada", reason: "not theirs either")
        let answer = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(answer.json.at("tiers.0")?.hasPrefix("NUMBER-EXACT now goes to people: 2 of 2") == true)
        #expect(try scene.list(.exceptions).contains { $0["kind"]?.scalar == "TIER-CHANGED" })
        try scene.bank([("P-3", "2026-08-03", "250.00", "2026-103")], name: "more.csv")
        let after = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(after.json["tiers"] == nil)
        #expect(try scene.list(.payments).first { $0["id"]?.scalar == "P-3" }?["unapplied"]?.scalar == "250.00")
        _ = try scene.workplace().memoryForget("tier/NUMBER-EXACT", actor: "ada", reason: "both were typed by mistake")
        #expect(
            try scene.list(.exceptions).allSatisfy {
                $0["kind"]?.scalar != "TIER-CHANGED" || $0["state"]?.scalar != "open"
            })
        #expect(throws: Failure.self) {
            try scene.workplace().memoryForget("tier/NUMBER-EXACT", actor: "ada", reason: "once more")
        }
        #expect(try scene.workplace().reconcile(dryRun: false, allocations: nil).json["tiers"] == nil)
        #expect(try scene.list(.payments).first { $0["id"]?.scalar == "P-3" }?["unapplied"]?.scalar == "0.00")
        let said = try scene.workplace().memoryList().text
        #expect(said.contains("NUMBER-EXACT acts by itself again: ada, both were typed by mistake"), "\(said)")
        // Counted anew: another two, and not one, send it to people.
        _ = try scene.workplace().undo("P-3", actor: "ada", reason: "not theirs")
        #expect(try scene.workplace().reconcile(dryRun: false, allocations: nil).json["tiers"] == nil)
    }

    @Test("Whom a person allocated a payment to is paid for by that account again")
    func taught() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        func pay(_ id: String, _ day: String, _ amount: String) throws {
            try scene.importing(
                "\(id).csv",
                """
                id,amount,currency,booked_on,account,payer_name,payer_account,remittance
                \(id),\(amount),EUR,\(day),NL91ABNA0417164300,Holding Zuid,DE02120300000000202051,betaling

                """)
            _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        }
        func unapplied(_ id: String) throws -> String? {
            try scene.list(.payments).first { $0["id"]?.scalar == id }?["unapplied"]?.scalar
        }
        try pay("P-1", "2026-08-01", "1000.00")
        #expect(try unapplied("P-1") == "1000.00")
        var request = Workplace.ManualAllocation(actor: "ada", reason: "their parent")
        (request.source, request.lines) = ("P-1", [.init(kind: .cash, text: "2026-101=1000.00")])
        _ = try scene.workplace().allocate(request)
        try scene.importing(
            "one.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,net,tax,total
            2026-109,invoice,C-1,Ahrend B.V.,EUR,2026-07-20,2026-08-03,262.36,55.09,317.45

            """)
        try pay("P-2", "2026-08-02", "317.45")
        #expect(try unapplied("P-2") == "0.00")
        let lesson = try #require(
            try scene.workplace().memoryList().json.items?.first { $0["kind"]?.scalar == "account" })
        #expect(lesson["by_people"]?.scalar == "1")
        #expect(lesson["account"]?.scalar == "DE02120300000000202051")
        _ = try scene.workplace().undo("P-1", actor: "ada", reason: "somebody else's parent")
        #expect(try scene.workplace().memoryList().json.items?.allSatisfy { $0["kind"]?.scalar != "account" } == true)
    }

    @Test("A refused pair is not proposed again until it is forgotten")
    func declined() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing("payers.csv", Self.payers)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        _ = try scene.workplace().undo("P-1", actor: "ada", reason: "paid for somebody else")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try scene.list(.payments).first { $0["id"]?.scalar == "P-1" }?["unapplied"]?.scalar == "1000.00")
        let pair = try #require(
            try scene.workplace().memoryList().json.items?.first { $0["kind"]?.scalar == "declined" }?["id"]?.scalar)
        _ = try scene.workplace().memoryForget(pair, actor: "ada", reason: "it was right")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try scene.list(.payments).first { $0["id"]?.scalar == "P-1" }?["unapplied"]?.scalar == "0.00")
    }
}
