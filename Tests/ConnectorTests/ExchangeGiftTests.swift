// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

/// 5000.00 USD are 4545.45 EUR by the rate of the day.
@Suite("What cash of another currency falls short of an invoice's worth is given away")
struct ExchangeGiftTests {
    private typealias Desk = ReviewDeskTests

    private func books(
        _ amount: String, _ invoice: String = "USD,2026-07-05,2026-08-04,5000.00", rate: Bool = true
    )
        throws -> ConversationScene
    {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.importing(
            "dollars.csv",
            "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n"
                + "2026-801,invoice,C-1,Ahrend B.V.,\(invoice)\n")
        if rate { try Self.rates(scene, "2026-08-03,EUR,USD,1.1000") }
        try Desk.pay(scene, "P-1", "2026-08-03", amount, "2026-801")
        try Desk.reconcile(scene)
        return scene
    }

    /// Rows of `day,base,quote,value`.
    static func rates(_ scene: ConversationScene, _ rows: String...) throws {
        let mapping = scene.folder.appendingPathComponent("rates.yaml")
        try Data(
            """
            mapping: 1
            name: rates
            source: { file: { match: "rates.csv", format: csv, columns: [day, base, quote, value] } }
            read: { decimal: ".", group: none, date: iso }
            emit:
              rate:
                key: [day, base, quote]
                fields: { day: day, base: base, quote: quote, value: value, origin: { const: ECB } }

            """.utf8
        ).write(to: mapping)
        let path = scene.folder.appendingPathComponent("rates.csv")
        try Data(("day,base,quote,value\n" + rows.map { "\($0)\n" }.joined()).utf8).write(to: path)
        var options = Workplace.ImportOptions()
        options.mapping = mapping.path
        let summary = try scene.workplace().importFiles([path.path], options)
        #expect(!summary.anyRefused, "\(summary.text)")
    }

    @Test("The adjustment is shown in the invoice's currency, before the yes and after it")
    func currency() throws {
        let scene = try books("3000.00")
        let text = try scene.workplace().review("P-1").text
        #expect(text.contains("proposes 3000.00 EUR and 5000.00 USD exchange on 2026-801"), "\(text)")
        let line = try #require(try scene.workplace().review("P-1").json["lines"]?.items?.first)
        #expect(line["adjustment"]?.scalar == "5000.00" && line["adjustment_currency"]?.scalar == "USD")
        let booked = try Desk.accept(scene, "P-1", second: "bob").text
        #expect(booked.hasPrefix("Booked: 3000.00 EUR and 5000.00 USD exchange on 2026-801"), "\(booked)")
        #expect(try scene.workplace().review("P-1").text.contains("booked 3000.00 EUR and 5000.00 USD exchange"))
    }

    @Test("A currency without decimals is written without them")
    func yen() throws {
        let scene = try books("62.50", "JPY,2026-07-05,2026-08-04,10000")
        let text = try scene.workplace().review("P-1").text
        #expect(text.contains("62.50 EUR and 10000 JPY exchange on 2026-801"), "\(text)")
    }

    @Test("One person alone does not settle an invoice for much less than it is worth, by a yes or by hand")
    func shortfall() throws {
        let scene = try books("3000.00")
        let yes = Desk.failure { try Desk.accept(scene) }
        #expect(yes.code == "SECOND-PERSON" && yes.text.contains("1700.00 USD"), "\(yes)")
        let hand = Desk.failure {
            try Desk.allocate(scene, "P-1", .init(kind: .exchange, text: "2026-801=5000.00"))
        }
        #expect(hand.code == "SECOND-PERSON" && hand.text.contains("1700.00 USD"), "\(hand)")
        #expect(try Desk.open(scene, "2026-801") == "5000.00")
        try Desk.accept(scene, second: "bob")
        #expect(try Desk.open(scene, "2026-801") == "0.00")
        try scene.expectProved()
    }

    @Test("Within the band of rates, or where no rate is known, one person is enough")
    func within() throws {
        let near = try books("4520.00")
        if try Desk.waiting(near) == ["P-1"] { try Desk.accept(near) }
        #expect(try Desk.open(near, "2026-801") == "0.00")
        let unknown = try books("3000.00", rate: false)
        try Desk.accept(unknown)
        #expect(try Desk.open(unknown, "2026-801") == "0.00")
    }

    @Test("By hand only what the cash is worth is settled by one person")
    func part() throws {
        let scene = try books("3000.00")
        try Desk.allocate(scene, "P-1", .init(kind: .exchange, text: "2026-801=3300.00"))
        #expect(try Desk.open(scene, "2026-801") == "1700.00")
        // Cash for one invoice makes no gift of another one.
        try Desk.undo(scene)
        let both = Desk.failure {
            try Desk.allocate(
                scene, "P-1", .init(kind: .exchange, text: "2026-801=3300.00"),
                .init(kind: .exchange, text: "2026-101=900.00"))
        }
        #expect(both.code == "SECOND-PERSON" && both.text.contains("900.00 EUR"), "\(both)")
    }
}
