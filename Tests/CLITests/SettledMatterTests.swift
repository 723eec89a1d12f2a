// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

/// What cash answers by itself, and what people read when they decide.
struct SettledMatterTests {
    private let desk: Desk
    private let day = "2026-10-06T08:00:00Z"

    init() throws {
        desk = try Desk("settled")
        try desk.write(
            """
            companies:
              - id: lamp
                legal_name: Lamp B.V.
                home_currency: EUR
                authority: tieout
                first_party: true
                accounts:
                  - { id: NL91ABNA0417164300, holder: Lamp B.V., bic: ABNANL2A, currency: EUR }

            """, to: "tieout.yaml")
        try desk.write(
            """
            number,customer_id,customer_name,currency,issued_on,due_on,total
            INV-3001,K1,Foo Ltd,EUR,2026-10-01,2026-10-15,501.00
            INV-3002,K1,Foo Ltd,EUR,2026-10-01,2026-10-15,80.00
            INV-3003,K2,Bar Ltd,EUR,2026-10-01,2026-10-15,77.00
            INV-3004,K2,Bar Ltd,EUR,2026-10-01,2026-10-15,77.00

            """, to: "invoices.csv")
        try desk.must(["import", "invoices.csv"], at: day)
    }

    private func pay(_ rows: String) throws {
        let head = "id,booked_on,amount,currency,payer_name,payer_account,remittance,reason,reverses\n"
        try desk.write(head + rows + "\n", to: "payments.csv")
        try desk.must(["import", "payments.csv"], at: day)
        try desk.must(["reconcile"], at: day)
    }

    @Test("A link is paid when cash has settled what it asks for, and not before")
    func links() throws {
        let links = try ["INV-3001", "INV-3002"].map { try desk.json(["link", "create", $0], at: day)["id"].text }
        try pay("p1,2026-10-05,501.00,EUR,Foo Ltd,NL11,INV-3001,,")
        let states = try links.map { try desk.json(["link", "show", $0], at: day)["state"].text }
        #expect(states == ["paid", "active"])
    }

    @Test("A returned payment waits for a person until it is paid again")
    func returned() throws {
        try pay(
            "p1,2026-10-05,80.00,EUR,Foo Ltd,NL11,INV-3002,,\n"
                + "p2,2026-10-06,-80.00,EUR,Foo Ltd,NL11,INV-3002,AC04,p1")
        #expect(try desk.list(["exceptions", "--open"], at: day).map { $0["kind"].text } == ["PAYMENT-RETURNED"])
        try pay("p3,2026-10-06,80.00,EUR,Foo Ltd,NL11,INV-3002,,")
        #expect(try desk.list(["exceptions", "--open"], at: day).isEmpty)
    }

    @Test("What a person accepts is told as amounts on invoice numbers")
    func accepted() throws {
        try pay("p1,2026-10-05,77.00,EUR,Bar Ltd,NL22,thank you,,")
        let shown = try desk.must(["review", "show", "p1"], at: day).out
        #expect(shown.contains("77.00 EUR on INV-3003") && shown.contains("77.00 EUR on INV-3004"))
        let accept = ["review", "accept", "p1", "--alternative", "2", "--actor", "lia", "--reason", "said so"]
        let told = try desk.must(accept, at: day).out
        #expect(told.hasPrefix("Booked: 77.00 EUR on INV-300") && told.contains(", from p1."), "\(told)")
    }

    @Test("Money of a known payer that fits nothing is that customer's until it is known what it is for")
    func unknownPurpose() throws {
        try desk.write("id,name,account\nK1,Foo Ltd,NL11SOMEBANK01\n", to: "customers.csv")
        try desk.must(["import", "--as", "customers", "customers.csv"], at: day)
        try pay("p2,2026-10-06,93.17,EUR,Foo Ltd,NL11SOMEBANK01,order 4711,,")
        let payment = try desk.list(["payments", "--open"], at: day)
        #expect(payment.map { $0["customer_id"].text } == ["K1"])
        let aging = try desk.json(["report", "aging"], at: day)["aging"].items
        #expect(aging.first { $0["customer_id"].text == "K1" }?["unapplied_cash"].text == "-93.17")
    }
}
