// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

/// From the bank's return file to the month's report: a boleto that was paid late, or with what the creditor took off.
@Suite("Interest and fine of a boleto are late charges")
struct LateChargeTests {
    /// A title of a Bradesco return of CNAB 400; amounts in centavos.
    private struct Title {
        var number: String
        var face = 100_000
        var paid = 0
        var interest = 0
        var fine = 0
        var discount = 0
        var rebate = 0

        func line(_ place: Int) -> String {
            var columns = [Character](repeating: " ", count: 400)
            func put(_ column: Int, _ text: String) {
                for (index, character) in text.enumerated() { columns[column - 1 + index] = character }
            }
            func amount(_ column: Int, _ value: Int) {
                put(column, String(repeating: "0", count: 13 - "\(value)".count) + "\(value)")
            }
            put(1, "1020414679200016800009")
            put(71, "00000000009\(place)")
            put(109, "06200826")
            put(117, number)
            put(147, "100826")
            amount(153, face)
            amount(176, 0)
            amount(228, rebate)
            amount(241, discount)
            amount(254, paid)
            amount(267, interest)
            amount(280, fine)
            put(296, "210826")
            put(395, "00000\(place + 1)")
            return String(columns)
        }
    }

    private static func file(_ titles: [Title]) -> String {
        let head =
            "02RETORNO01COBRANCA       00000000000004466911DEMO LTDA                     237BRADESCO       210826"
        func record(_ text: String, _ number: String) -> String {
            text + String(repeating: " ", count: 394 - text.count) + number
        }
        return
            ([record(head + "0160000000042", "000001")] + titles.enumerated().map { $1.line($0 + 1) }
            + [record("9201237", "000009")]).joined(separator: "\r\n") + "\r\n"
    }

    private static let configuration = """
        companies:
          - id: demo
            legal_name: Demo Ltda
            country: BR
            home_currency: BRL
            authority: tieout
            time_zone: America/Sao_Paulo
            accounts:
              - { id: 237/4466911, holder: Demo Ltda, currency: BRL }

        """

    private func books() throws -> ConversationScene {
        let scene = try ConversationScene()
        scene.set("2026-08-31")
        try Data(Self.configuration.utf8).write(to: scene.folder.appendingPathComponent("tieout.yaml"))
        try scene.importing(
            "invoices.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            NF-1001,invoice,C-1,Comprador Ltda,BRL,2026-08-01,2026-08-10,1000.00
            NF-1002,invoice,C-1,Comprador Ltda,BRL,2026-08-01,2026-08-10,1000.00

            """)
        return scene
    }

    private func reconcile(_ scene: ConversationScene) throws -> Answer {
        try scene.workplace().reconcile(dryRun: false, allocations: nil)
    }

    private func open(_ scene: ConversationScene) throws -> [String: String] {
        var open: [String: String] = [:]
        for item in try scene.list(.items) {
            open[item["number"]?.scalar ?? ""] = item["open"]?.scalar
        }
        return open
    }

    @Test("Paid late with interest and fine, the invoice is settled, and the rest is income of its own")
    func late() throws {
        let scene = try books()
        let file = Self.file([
            Title(number: "NF-1001", paid: 103_300, interest: 1_300, fine: 2_000),
            Title(number: "NF-1002", paid: 100_000),
        ])
        try scene.importing("retorno.ret", file)
        _ = try reconcile(scene)
        #expect(try open(scene) == ["NF-1001": "0.00", "NF-1002": "0.00"])
        let payment = try #require(try scene.list(.payments).first { $0["amount"]?.scalar == "1033.00" })
        #expect(payment["applied"]?.scalar == "1000.00")
        #expect(payment["set_aside"]?.scalar == "33.00")
        #expect(payment["unapplied"]?.scalar == "0.00")
        #expect(payment["interest"]?.scalar == "13.00")
        #expect(payment["fine"]?.scalar == "20.00")
        let id = try #require(payment["id"]?.scalar)
        let why = try scene.workplace().explain(id).text
        #expect(why.contains("[LATE-CHARGES]") || why.contains("LATE-CHARGES"), "\(why)")
        #expect(why.contains("interest of 13.00 BRL and a fine of 20.00 BRL"), "\(why)")
        #expect(
            try scene.rollForward("2026-08", "BRL") == [
                "Opening 0.00", "Invoiced 2,000.00", "Customer cash booked -2,033.00",
                "Of it for interest and fines 33.00", "Closing 0.00",
            ])
        try scene.expectProved()
        // The same file again, and a second run: nothing is booked twice.
        try scene.importing("retorno-2.ret", file)
        _ = try reconcile(scene)
        #expect(try scene.list(.payments).count == 2)
        #expect(try scene.list(.allocations).count == 3)
        _ = try scene.workplace().close(month: "2026-07", actor: "ada")
        try scene.expectProved()
    }

    @Test("What was taken off by discount and rebate settles its invoice with the cash")
    func discount() throws {
        let scene = try books()
        try scene.importing(
            "retorno.ret",
            Self.file([
                Title(number: "NF-1001", paid: 96_500, discount: 2_500, rebate: 1_000),
                Title(number: "NF-1002", paid: 96_300, interest: 1_300, rebate: 5_000),
            ]))
        _ = try reconcile(scene)
        #expect(try open(scene) == ["NF-1001": "0.00", "NF-1002": "0.00"])
        #expect(
            try scene.rollForward("2026-08", "BRL") == [
                "Opening 0.00", "Invoiced 2,000.00", "Customer cash booked -1,928.00",
                "Of it for interest and fines 13.00", "Discount -85.00", "Closing 0.00",
            ])
        try scene.expectProved()
    }

    @Test("A table that states the parts is booked as the bank's return file is") func table() throws {
        let scene = try books()
        try scene.importing(
            "payments.csv",
            """
            id,amount,currency,booked_on,account,remittance,interest,fine,discount
            P-1,1033.00,BRL,2026-08-21,237/4466911,NF-1001,13.00,20.00,0.00
            P-2,965.00,BRL,2026-08-21,237/4466911,NF-1002,,,35.00

            """)
        _ = try reconcile(scene)
        #expect(try open(scene) == ["NF-1001": "0.00", "NF-1002": "0.00"])
        #expect(
            try scene.rollForward("2026-08", "BRL") == [
                "Opening 0.00", "Invoiced 2,000.00", "Customer cash booked -1,998.00",
                "Of it for interest and fines 33.00", "Discount -35.00", "Closing 0.00",
            ])
        try scene.expectProved()
    }

    @Test("What a person takes back is all of it, and can be decided again")
    func undone() throws {
        let scene = try books()
        try scene.importing(
            "retorno.ret", Self.file([Title(number: "NF-1001", paid: 103_300, interest: 1_300, fine: 2_000)]))
        _ = try reconcile(scene)
        let id = try #require(try scene.list(.payments).first?["id"]?.scalar)
        _ = try scene.workplace().undo(id, actor: "ada", reason: "looked twice")
        #expect(try open(scene)["NF-1001"] == "1000.00")
        let payment = try #require(try scene.list(.payments).first)
        #expect(payment["unapplied"]?.scalar == "1033.00")
        #expect(payment["set_aside"]?.scalar == "0.00")
        try scene.expectProved()
    }

    @Test("Charges that do not explain the amount wait for a person, who can book them")
    func differs() throws {
        let scene = try books()
        try scene.importing(
            "retorno.ret", Self.file([Title(number: "NF-1001", paid: 105_000, interest: 1_300, fine: 2_000)]))
        _ = try reconcile(scene)
        #expect(try open(scene)["NF-1001"] == "1000.00")
        let review = try #require(try scene.workplace().reviews().first)
        let id = try #require(review["payment_id"]?.scalar)
        _ = try scene.workplace().acceptReview(id, alternative: nil, actor: "ada", reason: "the bank says so")
        #expect(try open(scene)["NF-1001"] == "0.00")
        let payment = try #require(try scene.list(.payments).first)
        #expect(payment["set_aside"]?.scalar == "33.00")
        #expect(payment["unapplied"]?.scalar == "17.00")
        try scene.expectProved()
    }
}
