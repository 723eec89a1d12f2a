// SPDX-License-Identifier: Apache-2.0
import Connector
import Formats
import Testing
import TieoutTesting
import Trees

@Suite("A provider's charge settles its invoice on its day, and the payout takes its place")
struct ProviderClearingTests {
    @Test func `A charge settles the invoice that it names, and is no cash`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100), ("2026-0102", 80)])
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        let answer = try scene.reconcile()
        #expect(answer.json.at("charges.booked") == "1", "\(answer.text)")
        #expect(answer.json.at("items.0.provider_clearing") == "100.00")
        #expect(answer.json.at("items.0.difference") == "0.00")
        #expect(answer.json.at("cash.0.received") == "0.00")
        #expect(
            try scene.items() == [
                "2026-0101 open 0.00 cash 0.00 fee 0.00 clearing 100.00",
                "2026-0102 open 80.00 cash 0.00 fee 0.00 clearing 0.00",
            ])
        #expect(try scene.days() == ["2026-0101 2026-06-10 provider_clearing 10000"])
        let explained = try scene.workplace().explain("2026-0101").text
        #expect(explained.contains("charged 100.00 EUR on 2026-06-10"), "\(explained)")
        #expect(explained.contains("its payout po_1 has not come"), "\(explained)")
        let log = try scene.list(.allocations).count
        #expect(try scene.reconcile().json["charges"] == nil)
        #expect(try scene.list(.allocations).count == log)
    }

    @Test func `The payout takes the place of what stood, and never lowers the item twice`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100), ("2026-0102", 80)])
        try scene.report(
            "po_1",
            [
                "2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101",
                "2026-06-11 50.00 1.50 charge txn_2 Invoice 2026-0102",
            ])
        try scene.reconcile()
        try scene.bank("K-1", "2026-06-14", "145.50", "STRIPE PAYMENTS EUROPE", "po_1")
        let answer = try scene.reconcile()
        #expect(answer.json.at("payments.auto") == "1", "\(answer.text)")
        #expect(
            try scene.items() == [
                "2026-0101 open 0.00 cash 97.00 fee 3.00 clearing 0.00",
                "2026-0102 open 30.00 cash 48.50 fee 1.50 clearing 0.00",
            ])
        // The same payout at the bank once more is no second payment of the invoices.
        try scene.bank("K-2", "2026-06-15", "145.50", "STRIPE PAYMENTS EUROPE", "po_1")
        try scene.reconcile()
        #expect(try scene.items().first == "2026-0101 open 0.00 cash 97.00 fee 3.00 clearing 0.00")
        #expect(try scene.list(.payments).compactMap { $0["unapplied"]?.scalar }.sorted() == ["0.00", "145.50"])
    }

    enum Step: CaseIterable, Sendable { case invoices, report, bank, told }

    @Test("Whatever comes first, the books are the same day by day", arguments: Orders.all(Step.allCases))
    func orders(_ order: [Step]) throws {
        let scene = try ProviderScene()
        for step in order {
            switch step {
            case .invoices: try scene.invoices([("2026-0101", 100), ("2026-0102", 80)])
            case .report:
                try scene.report(
                    "po_1",
                    [
                        "2026-06-10 100.00 3.00 charge tr_1 Invoice 2026-0101",
                        "2026-06-11 50.00 1.50 charge tr_2 Invoice 2026-0102",
                    ])
            case .bank: try scene.bank("K-1", "2026-06-14", "145.50", "STRIPE PAYMENTS EUROPE", "po_1")
            case .told: try scene.sync(["tr_1 2026-06-10 100.00 paid Invoice 2026-0101"])
            }
            try scene.reconcile()
        }
        #expect(
            try scene.items() == [
                "2026-0101 open 0.00 cash 97.00 fee 3.00 clearing 0.00",
                "2026-0102 open 30.00 cash 48.50 fee 1.50 clearing 0.00",
            ], "\(order)")
        #expect(
            try scene.days() == [
                "2026-0101 2026-06-10 provider_clearing 10000", "2026-0101 2026-06-14 applied 9700",
                "2026-0101 2026-06-14 fee 300", "2026-0101 2026-06-14 provider_clearing -10000",
                "2026-0102 2026-06-11 provider_clearing 5000", "2026-0102 2026-06-14 applied 4850",
                "2026-0102 2026-06-14 fee 150", "2026-0102 2026-06-14 provider_clearing -5000",
            ], "\(order)")
        let log = try scene.list(.allocations).count
        try scene.reconcile()
        #expect(try scene.list(.allocations).count == log)
    }

    @Test(
        "What is not beyond doubt waits for its payout",
        arguments: [
            "2026-06-10 100.00 3.00 charge txn_1 Ahrend B.V.",  // by a name alone
            "2026-06-10 120.00 3.00 charge txn_1 Invoice 2026-0101",  // more than is open
            "2026-06-10 100.00 3.00 charge txn_1 2026-0101 and 2026-0102",  // two invoices
            "2026-06-10 30.00 1.00 charge txn_1 order 4711",  // a part, and a shop's own number looks like ours
        ])
    func doubts(_ line: String) throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100), ("2026-0102", 100), ("4711", 60)])
        try scene.report("po_1", [line])
        #expect(try scene.reconcile().json["charges"] == nil)
        #expect(try scene.days() == [])
    }

    @Test func `A person takes a charge back, and it is not booked again`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100)])
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.reconcile()
        let decision = try #require(try scene.list(.allocations).first?["decision"]?.scalar)
        _ = try scene.workplace().undo(decision, actor: "anna", reason: "another customer's")
        #expect(try scene.items() == ["2026-0101 open 100.00 cash 0.00 fee 0.00 clearing 0.00"])
        try scene.reconcile()
        #expect(try scene.items() == ["2026-0101 open 100.00 cash 0.00 fee 0.00 clearing 0.00"])
        // Its payout is for a person then.
        try scene.bank("K-1", "2026-06-14", "97.00", "STRIPE PAYMENTS EUROPE", "po_1")
        #expect(try scene.reconcile().json.at("payments.review") == "1")
        #expect(try scene.items() == ["2026-0101 open 100.00 cash 0.00 fee 0.00 clearing 0.00"])
    }

    @Test func `What a person booked of a payout is not charged again`() throws {
        let scene = try ProviderScene()
        // Half of an invoice whose number may be a shop's own: the payout asks a person, and the rest is as much again.
        try scene.invoices([("471100", 60)])
        try scene.report("po_1", ["2026-06-10 30.00 1.00 charge txn_1 471100"])
        try scene.bank("K-1", "2026-06-14", "29.00", "STRIPE PAYMENTS EUROPE", "po_1")
        if try scene.reconcile().json.at("payments.review") == "1" {
            _ = try scene.workplace().acceptReview("K-1", alternative: nil, actor: "anna", reason: "it is ours")
        }
        let before = try scene.items()
        #expect(before == ["471100 open 30.00 cash 29.00 fee 1.00 clearing 0.00"])
        #expect(try scene.reconcile().json["charges"] == nil)
        #expect(try scene.items() == before)
    }

    @Test func `A payout is taken back and the charge stands again; before that the charge cannot be`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100)])
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.reconcile()
        let decision = try #require(try scene.list(.allocations).first?["decision"]?.scalar)
        try scene.bank("K-1", "2026-06-14", "97.00", "STRIPE PAYMENTS EUROPE", "po_1")
        try scene.reconcile()
        #expect(throws: Failure.self) { try scene.workplace().undo(decision, actor: "anna", reason: "wrong") }
        _ = try scene.workplace().undo("K-1", actor: "anna", reason: "wrong")
        #expect(try scene.items() == ["2026-0101 open 0.00 cash 0.00 fee 0.00 clearing 100.00"])
        _ = try scene.workplace().undo(decision, actor: "anna", reason: "wrong")
        #expect(try scene.items() == ["2026-0101 open 100.00 cash 0.00 fee 0.00 clearing 0.00"])
        #expect(try !scene.workplace().verify().failed)
    }

    @Test func `A payout that does not come is an exception that names it, until it comes`() throws {
        let scene = try ProviderScene()
        func asked(_ day: String) throws -> [String] {
            scene.set(day)
            _ = try scene.workplace().plan(dryRun: false)
            return try scene.exceptions("PROVIDER-CLEARING-OLD")
        }
        try scene.invoices([("2026-0101", 100)])
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.reconcile()
        #expect(try asked("2026-06-23") == [])
        let messages = try asked("2026-06-24")
        #expect(messages.count == 1 && messages[0].contains("the payout po_1 has not come"), "\(messages)")
        #expect(try asked("2026-06-25") == messages)
        try scene.bank("K-1", "2026-06-25", "97.00", "STRIPE PAYMENTS EUROPE", "po_1")
        try scene.reconcile()
        #expect(try asked("2026-06-26") == [])
    }

    @Test func `A chargeback opens again what its charge settled, and its payout is sure`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100), ("2026-0103", 200)])
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.bank("K-1", "2026-06-14", "97.00", "STRIPE PAYMENTS EUROPE", "po_1")
        try scene.reconcile()
        try scene.report(
            "po_2",
            [
                "2026-06-17 -100.00 15.00 dispute txn_9 Chargeback of 2026-0101",
                "2026-06-17 200.00 5.00 charge txn_3 Invoice 2026-0103",
            ])
        let answer = try scene.reconcile()
        #expect(answer.json.at("charges.reopened") == "1", "\(answer.text)")
        #expect(try scene.items().first == "2026-0101 open 100.00 cash 97.00 fee 3.00 clearing -100.00")
        #expect(try scene.exceptions("PAYMENT-RETURNED").count == 1)
        let plan = try scene.workplace().plan(dryRun: true)
        let lines = (plan.json["messages"]?.items ?? []) + (plan.json["held"]?.items ?? [])
        #expect(lines.contains { $0["purpose"]?.scalar == "returned" }, "\(plan.text)")
        try scene.bank("K-2", "2026-06-19", "80.00", "STRIPE PAYMENTS EUROPE", "po_2")
        #expect(try scene.reconcile().json.at("payments.auto") == "1")
        #expect(
            try scene.items() == [
                "2026-0101 open 100.00 cash -18.00 fee 18.00 clearing 0.00",
                "2026-0103 open 0.00 cash 195.00 fee 5.00 clearing 0.00",
            ])
        #expect(try scene.list(.payments).allSatisfy { $0["unapplied"]?.scalar == "0.00" })
    }

    @Test func `A refund in the payout of its charge leaves open what was paid back`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100)])
        try scene.report(
            "po_1",
            [
                "2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101",
                "2026-06-12 -40.00 0.00 refund txn_2 Refund of 2026-0101",
            ])
        try scene.reconcile()
        #expect(try scene.items() == ["2026-0101 open 40.00 cash 0.00 fee 0.00 clearing 60.00"])
        try scene.bank("K-1", "2026-06-14", "57.00", "STRIPE PAYMENTS EUROPE", "po_1")
        let answer = try scene.reconcile()
        #expect(answer.json.at("payments.auto") == "1", "\(answer.text)")
        #expect(try scene.items() == ["2026-0101 open 40.00 cash 57.00 fee 3.00 clearing 0.00"])
    }

    @Test func `A refund of nothing that was charged opens nothing`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100)])
        try scene.report("po_1", ["2026-06-12 -40.00 0.00 refund txn_2 Refund of 2026-0101"])
        #expect(try scene.reconcile().json["charges"] == nil)
        #expect(try scene.items() == ["2026-0101 open 100.00 cash 0.00 fee 0.00 clearing 0.00"])
    }

    @Test func `A payment that its provider calls failed settles nothing any more, until it is good again`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100)])
        for (state, open) in [("paid", "0.00"), ("failed", "100.00"), ("paid", "0.00")] {
            try scene.sync(["tr_1 2026-06-10 100.00 \(state) Invoice 2026-0101"])
            try scene.reconcile()
            #expect(try scene.list(.items).map { $0["open"]?.scalar } == [open], "\(state)")
        }
        #expect(try scene.days() == ["2026-0101 2026-06-10 provider_clearing 10000"])
    }

    @Test func `Another id of the same charge is the same charge`() throws {
        for swapped in [false, true] {
            let scene = try ProviderScene()
            try scene.invoices([("2026-0101", 100)])
            func told() throws { try scene.sync(["tr_1 2026-06-10 40.00 paid Invoice 2026-0101"]) }
            func reported() throws {
                try scene.report("po_1", ["2026-06-10 40.00 1.00 charge txn_1 Invoice 2026-0101"])
            }
            for step in swapped ? [reported, told] : [told, reported] {
                try step()
                try scene.reconcile()
                #expect(try scene.items() == ["2026-0101 open 60.00 cash 0.00 fee 0.00 clearing 40.00"])
            }
            try scene.bank("K-1", "2026-06-14", "39.00", "STRIPE PAYMENTS EUROPE", "po_1")
            try scene.reconcile()
            #expect(try scene.items() == ["2026-0101 open 60.00 cash 39.00 fee 1.00 clearing 0.00"])
        }
    }

    @Test func `In a closed month a charge is posted on the first open day`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100)])
        try scene.reconcile()
        scene.set("2026-07-02")
        _ = try scene.workplace().close(month: "2026-06", actor: "ada")
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.reconcile()
        #expect(try scene.days() == ["2026-0101 2026-07-01 provider_clearing 10000"])
    }

    @Test func `A promise is kept by the charge, on its day`() throws {
        let scene = try ProviderScene()
        scene.set("2026-06-05")
        try scene.invoices([("2026-0101", 100)])
        try scene.bank("K-0", "2026-05-02", "1.00", "kas", "kas")
        try scene.importing(
            "promises.csv",
            """
            id,customer_id,invoice_id,amount,currency,promised_for,promised_on,taken_by,channel
            R-1,C-1,2026-0101,100.00,EUR,2026-06-10,2026-06-05,agent,whatsapp

            """)
        try scene.reconcile()
        _ = try scene.workplace().confirmPromise("R-1", actor: "anna", reason: "the customer said so")
        scene.set("2026-06-20")
        func state() throws -> String? { try scene.list(.promises).first?["state"]?.scalar }
        try scene.reconcile()
        #expect(try state() == "open")
        try scene.report("po_1", ["2026-06-10 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.reconcile()
        #expect(try state() == "kept")
        try scene.bank("K-1", "2026-06-19", "97.00", "STRIPE PAYMENTS EUROPE", "po_1")
        try scene.reconcile()
        #expect(try state() == "kept")
        #expect(try scene.list(.promises).first?["paid"]?.scalar == "100.00")
    }

    @Test func `The clearing accounts close with the payouts that have not come`() throws {
        let scene = try ProviderScene()
        try scene.invoices([("2026-0101", 100), ("2026-0102", 80), ("2026-0103", 60), ("2026-0104", 50)])
        try scene.importing(
            "mollie.csv",
            """
            Date,Payment method,Currency,Amount,Status,ID,Description,Consumer name,Consumer bank account,Consumer BIC,\
            Settlement currency,Settlement amount,Settlement reference,Amount refunded
            2026-06-12 10:12:00,ideal,EUR,50.00,paidout,tr_1,Factuur 2026-0104,Ahrend B.V.,,,EUR,50.00,1234567.2606.01,

            """)
        try scene.report("po_1", ["2026-05-30 100.00 3.00 charge txn_1 Invoice 2026-0101"])
        try scene.report(
            "po_2",
            [
                "2026-06-10 80.00 2.00 charge txn_2 Invoice 2026-0102",
                "2026-06-11 60.00 1.00 charge txn_3 Invoice 2026-0103",
            ])
        try scene.bank("K-1", "2026-06-03", "97.00", "STRIPE PAYMENTS EUROPE", "po_1")
        try scene.reconcile()
        var request = Workplace.ReportRequest(name: .clearing)
        request.month = "2026-06"
        let text = try #require(try scene.workplace().report(request, format: .json, out: nil))
        let report = try #require(JSONReader.read(Array(text.utf8)).node)
        let values = ["opening", "charged", "fees", "paid_out", "closing"].map {
            report.at("provider_clearing.1.\($0)") ?? "?"
        }
        #expect(report.at("provider_clearing.1.provider") == "stripe-payouts")
        #expect(values == ["100.00", "140.00", "-3.00", "-97.00", "140.00"], "\(text)")
        #expect(report.at("open_payouts.1.payout_id") == "po_2")
        #expect(report.at("open_payouts.1.amount") == "140.00")
        // Each provider has an account of its own.
        #expect(report.at("provider_clearing.0.provider") == "mollie-settlement", "\(text)")
        #expect(report.at("provider_clearing.0.closing") == "50.00")
        #expect(report.at("checks.0.holds") == "true", "\(text)")
    }
}
