// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Remote
import Synchronization
import Testing
import TieoutTesting
import Trees

/// A system that lists bills whole, and payments with what they pay: what settles a bill is known from them alone.
struct SettledBackTests {
    private final class Till: Sendable {
        let folder: ScratchFolder
        let now = Mutex(Timestamp("2026-08-10T08:00:00Z") ?? Timestamp(milliseconds: 0))
        let state = Mutex("ok")

        init(status: String = "{ from: state, map: { ok: information, failed: failed } }") throws {
            folder = try ScratchFolder("till")
            try map(status: status)
            _ = try folder.write(
                """
                companies:
                  - id: acme
                    home_currency: EUR
                    authority: source
                    sources:
                      - { id: till, mapping: till.yaml }
                """, to: "tieout.yaml")
        }

        func map(status: String) throws {
            _ = try folder.write(
                """
                mapping: 1
                name: till
                tested: documentation
                documentation: [this test]
                source: { http: { base: https://till.example, auth: { bearer: $(secret.key) }, page: none } }
                streams:
                  bills:
                    http: { get: /bills }
                    records: "*"
                    emit:
                      invoice:
                        key: [id]
                        fields: { id: id, number: number, customer_id: customer, issued_on: day, currency: { const: EUR }, total: total }
                  payments:
                    http: { get: /payments }
                    records: "*"
                    emit:
                      payment:
                        key: [id]
                        fields: { id: id, amount: amount, currency: { const: EUR }, booked_on: day, remittance: text, status: \(status) }
                      allocation:
                        key: [payment_id, invoice_id]
                        fields: { payment_id: id, invoice_id: bill, amount: amount, currency: { const: EUR }, posted_on: day }
                """, to: "till.yaml")
        }

        func workplace() throws -> Workplace {
            var request = Workplace.Request()
            request.configuration = folder.path("tieout.yaml")
            request.database = folder.path("books.db")
            return try Workplace.open(
                request,
                environment: Environment(
                    now: { self.now.withLock { $0 } }, random: { 7 }, share: Repository.root.path, log: { _ in }))
        }

        @discardableResult
        func sync(_ state: String) throws -> Answer {
            self.state.withLock { $0 = state }
            now.withLock { $0 = $0 + 86_400_000 }
            let surroundings = SyncSurroundings(
                exchange: { _ in
                    { request in
                        let text =
                            request.url.hasSuffix("/bills")
                            ? #"[{"id": "b1", "number": "F-1", "customer": "C1", "day": "2026-07-01", "total": 100.00}]"#
                            : """
                            [{"id": "p1", "bill": "b1", "amount": 40.00, "day": "2026-08-01", "text": "invoice F-1",
                              "state": "\(self.state.withLock { $0 })"}]
                            """
                        return HTTPResponse(status: 200, body: Array(text.utf8))
                    }
                }, sleep: { _ in }, variables: ["TIEOUT_SECRET_TILL_KEY": "very-secret"])
            let answer = try workplace().sync(Workplace.SyncOptions(), surroundings)
            #expect(!answer.failed, "\(answer.text)")
            #expect(try workplace().verify().text.contains("holds"))
            return answer
        }

        func list(_ what: Workplace.Listing, _ field: String) throws -> [String] {
            var values: [String] = []
            try workplace().list(what, openOnly: false, customer: nil) { values.append($0[field]?.scalar ?? "?") }
            return values
        }
    }

    @Test func `A payment that failed later settles nothing any more, until it is good again`() throws {
        let till = try Till()
        try till.sync("ok")
        #expect(try till.list(.items, "open") == ["60.00"])
        try till.sync("failed")
        #expect(try till.list(.items, "open") == ["100.00"])
        #expect(try till.list(.items, "source_clearing") == ["0.00"])
        try till.sync("ok")
        #expect(try till.list(.items, "open") == ["60.00"])
        try till.sync("ok")
        #expect(try till.list(.items, "open") == ["60.00"])
    }

    @Test func `Payments that a mapping took for cash and now calls told are no exception`() throws {
        let till = try Till(status: "{ const: booked }")
        try till.sync("ok")
        #expect(try till.list(.payments, "unapplied") == ["40.00"])
        try till.map(status: "{ const: information }")
        let answer = try till.sync("ok")
        #expect(!answer.needsReview, "\(answer.text)")
        #expect(try till.list(.exceptions, "kind").filter { $0 == "PAYMENT-CHANGED" } == [])
        #expect(try till.list(.payments, "status") == ["information"])
        #expect(try till.list(.payments, "unapplied") == ["0.00"])
        #expect(try till.list(.items, "open") == ["60.00"])
        // Where it was spent, a person decides first.
        let spent = try Till(status: "{ const: booked }")
        try spent.sync("ok")
        var request = Workplace.ManualAllocation(actor: "anna", reason: "the customer says so")
        request.source = "p1"
        request.lines = [.init(kind: .cash, text: "F-1=40.00")]
        _ = try spent.workplace().allocate(request)
        try spent.map(status: "{ const: information }")
        try spent.sync("ok")
        #expect(try spent.list(.exceptions, "kind").contains("PAYMENT-CHANGED"))
    }
}
