// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// Promises of a file that the agent took, or whose invoice is not there yet; and a person's yes and no.
@Suite struct PromiseRecordTests {
    private static let head = "id,customer_id,invoice_id,amount,currency,promised_for,promised_on,taken_by,channel\n"
    private let scene: ConversationScene

    init() throws { scene = try ConversationScene() }

    private func load(_ rows: String) throws {
        try scene.importing("promises.csv", Self.head + rows + "\n")
    }

    private func promise(_ id: String) throws -> Node? {
        try scene.list(.promises).first { $0.at("id") == id }
    }

    private func open() throws -> [String] {
        try scene.list(.exceptions).filter { $0.at("state") == "open" }.compactMap { node in
            node.at("kind").map { "\($0) \(node.at("subject") ?? "")" }
        }
    }

    @Test func `What the agent took in a file is proposed, and active with a person's yes`() throws {
        try scene.standardBooks(bankThrough: "2026-08-07")
        try load("P-1,C-2,2026-103,250.00,EUR,2026-08-20,2026-08-07,agent,whatsapp")
        #expect(try promise("P-1")?.at("status") == "proposed")
        #expect(try open() == ["PROMISE-PROPOSED P-1"])
        _ = try scene.workplace().confirmPromise("P-1", actor: "mara", reason: "she said so on the phone")
        #expect(try promise("P-1")?.at("status") == "active")
        #expect(try open().isEmpty)
    }

    @Test func `A day that policy refuses from the agent is refused from its file too`() throws {
        try scene.standardBooks(bankThrough: "2026-08-07")
        try load("P-1,C-2,2026-103,250.00,EUR,2027-02-20,2026-08-07,agent,whatsapp")
        #expect(try promise("P-1")?.at("status") == "waiting")
        #expect(try open() == ["PROMISE-OFF-POLICY P-1"])
        let answer = try scene.workplace().confirmPromise("P-1", actor: "mara", reason: "their board agreed")
        #expect(answer.text.contains("PROMISE-TOO-FAR"))
        #expect(try promise("P-1")?.at("status") == "active")
    }

    @Test func `A row that waits is seen, explained, taken up with its invoice, and rejected for good`() throws {
        try load(
            "P-1,C-2,2026-103,250.00,EUR,2026-08-12,2026-08-05,mara,phone\n"
                + "P-2,C-99,,10.00,EUR,2026-08-12,2026-08-05,mara,phone"
        )
        #expect(try promise("P-1")?.at("status") == "waiting")
        #expect(try open().sorted() == ["PROMISE-WAITING P-1", "PROMISE-WAITING P-2"])
        #expect(try scene.workplace().explain("P-2").text.contains("C-99"))
        _ = try scene.workplace().rejectPromise("P-2", actor: "mara", reason: "a typing mistake")
        try scene.standardBooks(bankThrough: "2026-08-07")
        #expect(try promise("P-1")?.at("status") == "active")
        #expect(try promise("P-2")?.at("status") == "rejected")
        #expect(try open().isEmpty)
    }

    @Test func `A proposed promise says when its hold ends, and a person beyond policy is told`() throws {
        try scene.standardBooks(bankThrough: "2026-08-07")
        var request = Workplace.PromiseRequest(customer: "C-2", promisedFor: "2026-08-20", takenBy: "agent")
        request.invoices = ["2026-103"]
        request.proposed = true
        #expect(try scene.workplace().recordPromise(request).text.contains("promise confirm"))
        var far = Workplace.PromiseRequest(customer: "C-2", promisedFor: "2027-02-20", takenBy: "mara")
        far.invoices = ["2026-103"]
        let told = try scene.workplace().recordPromise(far)
        #expect(told.text.contains("beyond policy") && told.json.at("warnings.0.rule") == "PROMISE-TOO-FAR")
    }

    @Test(
        "A row without a currency is in that of what it promises, and in the company's where that is owed",
        arguments: [
            // What is asked for, the row, and the promise's amount; none where it waits.
            (["2026-201 USD"], "P-1,C-2,2026-201,250.00,", "250.00 USD"),
            (["2026-201 USD"], "P-1,C-2,2026-201,250.00,EUR", nil),
            (["2026-201 JPY"], "P-1,C-2,,100.00,", "100 JPY"),
            (["2026-201 JPY"], "P-1,C-2,,100.50,", nil),
            (["2026-201 KWD"], "P-1,,2026-201,100.50,", "100.500 KWD"),
            (["2026-201 USD", "2026-202 EUR"], "P-1,C-2,,100.00,", "100.00 EUR"),
            (["2026-201 USD", "2026-202 GBP"], "P-1,C-2,,100.00,", nil),
            (["2026-201 USD", "2026-202 GBP"], "P-1,C-2,2026-202,100.00,", "100.00 GBP"),
        ] as [([String], String, String?)])
    func currency(_ invoices: [String], _ row: String, _ amount: String?) throws {
        let rows = invoices.map { invoice in
            let parts = invoice.split(separator: " ")
            return "\(parts[0]),invoice,C-2,Brug B.V.,\(parts[1]),2026-07-03,2026-08-02,500"
        }
        try scene.importing(
            "invoices.csv",
            "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n" + rows.joined(separator: "\n")
                + "\n")
        try load(row + ",2026-08-12,2026-08-07,mara,phone")
        let found = try #require(try promise("P-1"))
        #expect(found.at("status") == (amount == nil ? "waiting" : "active"))
        if let amount { #expect("\(found.at("amount") ?? "") \(found.at("currency") ?? "")" == amount) }
    }
}
