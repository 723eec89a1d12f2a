// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// Money that settled an invoice in another currency is remembered like any other: it goes back, keeps promises, and a later
/// run knows of it what the first one knew.
@Suite("Money of another currency settles, goes back and keeps promises")
struct ExchangedCashTests {
    private static let head =
        "id,amount,currency,booked_on,account,payer_name,payer_account,end_to_end_id,remittance,original_amount,"
        + "original_currency,reverses\n"

    private static func row(
        _ id: String, _ amount: String, _ day: String, _ text: String, original: String = ",", reverses: String = ""
    )
        -> String
    {
        "\(id),\(amount),EUR,\(day),NL91ABNA0417164300,Brug B.V.,NL20INGB0001234567,E2E-1,\(text),\(original),\(reverses)\n"
    }

    private func books(_ invoices: String...) throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,country,language,time_zone,account,opted_in,opted_out
            C-2,10002,Brug B.V.,business,+31600000002,NL,nl,Europe/Amsterdam,NL20INGB0001234567,true,false

            """)
        let rows = invoices.map { "\($0)\n" }.joined()
        try scene.importing(
            "invoices.csv", "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n" + rows)
        return scene
    }

    private func reconcile(_ scene: ConversationScene) throws -> Node {
        let answer = try scene.workplace().reconcile(dryRun: false, allocations: nil).json
        try scene.expectProved()
        return answer
    }

    private func open(_ scene: ConversationScene, _ number: String) throws -> String? {
        try scene.list(.items).first { $0.at("number") == number }?.at("open")
    }

    private static let dollars = "2026-301,invoice,C-2,Brug B.V.,USD,2026-07-01,2026-07-31,500.00"

    @Test("The bank takes it back in the same run or in a later one", arguments: [false, true])
    func goesBack(_ isLater: Bool) throws {
        let scene = try books(Self.dollars)
        try scene.importing(
            "paid.csv", Self.head + Self.row("P-1", "460.00", "2026-08-03", "2026-301", original: "500.00,USD"))
        if isLater {
            _ = try reconcile(scene)
            #expect(try open(scene, "2026-301") == "0.00")
        }
        try scene.importing(
            "back.csv", Self.head + Self.row("P-2", "-460.00", "2026-08-06", "Retoure 2026-301", reverses: "P-1"))
        let answer = try reconcile(scene)
        #expect(answer.at("payments.review") == "0")
        #expect(try open(scene, "2026-301") == "500.00")
        #expect(try scene.list(.payments).compactMap { $0.at("unapplied") } == ["0.00", "0.00"])
    }

    @Test("By hand too")
    func byHand() throws {
        let scene = try books(Self.dollars)
        try scene.importing("paid.csv", Self.head + Self.row("P-1", "460.00", "2026-08-03", "thanks"))
        _ = try reconcile(scene)
        var request = Workplace.ManualAllocation(actor: "mara", reason: "their bank's rate")
        request.source = "P-1"
        request.lines = [.init(kind: .exchange, text: "2026-301=500.00")]
        _ = try scene.workplace().allocate(request)
        #expect(try open(scene, "2026-301") == "0.00")
        try scene.importing(
            "back.csv", Self.head + Self.row("P-2", "-460.00", "2026-08-06", "Retoure", reverses: "P-1"))
        _ = try reconcile(scene)
        #expect(try open(scene, "2026-301") == "500.00")
    }

    @Test("It keeps what was promised on the invoice")
    func keepsPromise() throws {
        let scene = try books(Self.dollars)
        var request = Workplace.PromiseRequest(customer: "10002", promisedFor: "2026-08-12", takenBy: "mara")
        request.invoices = ["2026-301"]
        _ = try scene.workplace().recordPromise(request)
        scene.set("2026-08-13")
        try scene.importing(
            "paid.csv", Self.head + Self.row("P-1", "460.00", "2026-08-12", "2026-301", original: "500.00,USD"))
        _ = try reconcile(scene)
        let promise = try #require(try scene.list(.promises).first)
        #expect(promise.at("state") == "kept")
        #expect(promise.at("paid") == "500.00")
    }

    @Test("Who said that they paid hears what came and what it paid")
    func receipt() throws {
        let scene = try books(Self.dollars)
        _ = try scene.confirm(
            #"{"type":"signal","customer":"C-2","kind":"identity_confirmed","at":"2026-08-10T06:59:00Z"}"#,
            #"{"type":"signal","customer":"C-2","kind":"claimed_payment","at":"2026-08-10T07:00:00Z","invoices":["2026-301"]}"#
        )
        scene.set("2026-08-11")
        try scene.importing(
            "paid.csv", Self.head + Self.row("P-1", "460.00", "2026-08-10", "2026-301", original: "500.00,USD"))
        _ = try reconcile(scene)
        let plan = try scene.workplace().plan(dryRun: true).json
        let receipt = plan["messages"]?.items?.first { $0["purpose"]?.scalar == "payment_confirmation" }
        let text = try #require(receipt?.at("text"), "\(plan.indentedJSON)")
        #expect(text.contains("460,00") && text.contains("2026-301"), "\(text)")
    }

    @Test("A run with nothing new decides nothing new where one of two equal invoices was paid in another currency")
    func again() throws {
        let scene = try books(
            "2026-401,invoice,C-2,Brug B.V.,EUR,2026-06-01,2026-07-01,99.90",
            "2026-402,invoice,C-2,Brug B.V.,EUR,2026-07-01,2026-07-31,99.90")
        try scene.importing(
            "paid.csv",
            Self.head + Self.row("P-1", "99.90", "2026-07-28", "thanks")
                + "P-2,108.75,USD,2026-07-30,NL91ABNA0417164300,Brug B.V.,NL20INGB0001234567,,2026-402,99.90,EUR,\n")
        let first = try reconcile(scene)
        #expect(first.at("payments.auto") == "1")
        #expect(try open(scene, "2026-402") == "0.00")
        let second = try reconcile(scene)
        #expect(second.at("payments.auto") == "0")
        #expect(try open(scene, "2026-401") == "99.90")
    }
}
