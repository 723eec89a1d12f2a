// SPDX-License-Identifier: Apache-2.0
import Connector
import Formats
import Testing
import Trees

/// What whoever closes a month sees of its matching: figures that add up to what the bank brought.
@Suite("How a month's money was matched adds up to what came in")
struct MatchedMonthTests {
    /// July: one payment that names its invoice, one that is more than its invoice, one of nobody, one for nothing known, and
    /// the two cents that show how far the bank is known.
    private func books() throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.bank(
            [
                ("P-1", "2026-07-20", "1000.00", "2026-101"), ("P-2", "2026-07-21", "520.00", "2026-102"),
                ("P-3", "2026-07-22", "300.00", "interest"), ("P-4", "2026-07-23", "77.70", "2026-103"),
                ("P-5", "2026-07-24", "-12.50", "office rent"),
            ], name: "july.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        return scene
    }

    private func node(_ scene: ConversationScene, _ name: Workplace.ReportName = .monthEnd) throws -> Node {
        var request = Workplace.ReportRequest(name: name)
        request.month = "2026-07"
        let text = try scene.workplace().report(request, format: .json, out: nil) ?? ""
        return try #require(JSONReader.read(Array(text.utf8)).node)
    }

    /// `EUR in automatic 1 1000.00`, without what is zero.
    private func lines(_ node: Node?) -> [String] {
        (node?.items ?? []).compactMap { row in
            let fields = ["currency", "direction", "way", "payments", "amount"].map { row[$0]?.scalar ?? "?" }
            return fields[3] == "0" ? nil : fields.joined(separator: " ")
        }
    }

    private func people(_ scene: ConversationScene) throws {
        let desk = try scene.workplace()
        _ = try desk.acceptReview("P-2", alternative: nil, actor: "ada", reason: "overpaid")
        _ = try desk.rejectReview("P-3", notReceivable: true, actor: "ada", reason: "the bank's interest")
        var request = Workplace.ManualAllocation(actor: "ada", reason: "a part of it")
        request.source = "P-4"
        request.lines = [.init(kind: .cash, text: "2026-103=70.00")]
        _ = try desk.allocate(request)
    }

    @Test("What the machine did, what people did and what is left are lines of their own, and sum to the bank's money")
    func adds() throws {
        let scene = try books()
        try people(scene)
        let pack = try node(scene)
        #expect(
            lines(pack["matching"]) == [
                "EUR in automatic 1 1000.00", "EUR in review 1 500.00", "EUR in person 1 70.00",
                "EUR in set_aside 1 300.00", "EUR in unapplied 3 28.70", "EUR in received 5 1898.70",
                "EUR out unapplied 1 12.50", "EUR out paid_out 1 12.50",
            ], "\(pack["matching"]?.json ?? "")")
        let checks = pack["checks"]?.items ?? []
        #expect(checks.contains { $0["name"]?.scalar == "matching EUR" && $0["holds"]?.scalar == "true" })
        #expect(!checks.contains { $0["holds"]?.scalar != "true" }, "\(checks.map(\.json))")
        #expect(try lines(node(scene, .matching)["matching"]) == lines(pack["matching"]))
    }

    @Test("What is taken back is no more its maker's, whoever takes it back")
    func undone() throws {
        let scene = try books()
        try people(scene)
        _ = try scene.workplace().undo("P-1", actor: "bob", reason: "not theirs")
        _ = try scene.workplace().undo("P-2", actor: "bob", reason: "not theirs")
        let found = try lines(node(scene)["matching"])
        #expect(
            found.prefix(4) == [
                "EUR in person 1 70.00", "EUR in set_aside 1 300.00", "EUR in unapplied 4 1528.70",
                "EUR in received 5 1898.70",
            ], "\(found)")
    }

    @Test("Unapplied cash says why it is left, and sums to the aged balance's")
    func reasons() throws {
        let scene = try books()
        let pack = try node(scene)
        let rows = pack["unapplied_by_reason"]?.items ?? []
        let over = try #require(rows.first { $0["rule"]?.scalar == "NUMBER-OVER" }, "\(rows.map(\.json))")
        #expect(over["state"]?.scalar == "waiting" && over["amount"]?.scalar == "520.00")
        #expect(over["reason"]?.scalar == "The payment is more than the named item.")
        let total = try #require(rows.last)
        #expect(total["state"]?.scalar == "total")
        #expect(
            pack.at("aging.0.unapplied_cash") == "-\(total["amount"]?.scalar ?? "")", "\(pack["aging"]?.json ?? "")")
        let parts = rows.dropLast().compactMap { $0["payments"]?.scalar.flatMap { Int($0) } }
        #expect(parts.reduce(0, +) == Int(total["payments"]?.scalar ?? ""))
    }

    @Test("Closing says it, and the pack of the closed month goes on saying it")
    func closing() throws {
        let scene = try books()
        try people(scene)
        let before = try node(scene)
        let answer = try scene.workplace().close(month: "2026-07", actor: "ada")
        #expect(lines(answer.json["matching"]) == lines(before["matching"]))
        #expect(answer.json["unapplied"]?.json == before["unapplied_by_reason"]?.json)
        #expect(
            answer.text.contains("EUR: 1898.70 came in (5): matched automatically 1000.00 (1), matched after review"),
            "\(answer.text)")
        #expect(answer.text.contains("are not applied"), "\(answer.text)")
        _ = try scene.workplace().reject("P-4")
        #expect(try node(scene)["unapplied_by_reason"]?.json == before["unapplied_by_reason"]?.json)
        #expect(try lines(node(scene)["matching"]) == lines(before["matching"]))
    }

    @Test("The provider's clearing account is in the pack and in what closing says")
    func clearing() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100), ("2026-0102", 80)])
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.reconcile()
        scene.set("2026-07-02")
        var request = Workplace.ReportRequest(name: .monthEnd)
        request.month = "2026-06"
        let text = try scene.workplace().report(request, format: .text, out: nil) ?? ""
        #expect(
            text.contains("Clearing accounts in the books") && text.contains("Payouts that have not come"), "\(text)")
        #expect(text.contains("✓ open-payouts"), "\(text)")
        let answer = try scene.workplace().close(month: "2026-06", actor: "ada")
        #expect(answer.json.at("provider_clearing.0.closing") == "100.00")
        #expect(answer.text.contains("closes with 100.00"), "\(answer.text)")
        let closed = try scene.workplace().report(request, format: .text, out: nil) ?? ""
        #expect(closed.contains("Clearing accounts in the books"))
    }
}

extension Workplace {
    fileprivate func reject(_ id: String) throws -> Answer {
        try rejectReview(id, notReceivable: false, actor: "ada", reason: "asked them")
    }
}
