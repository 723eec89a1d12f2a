// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Testing

@Suite("How an invoice enters the ledger")
struct ReceivableTests {
    static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

    static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    static func invoice(_ change: (inout Invoice) -> Void) -> Invoice {
        var invoice = Invoice(
            number: "1", kind: .invoice, currency: .eur, issuedOn: day("2026-03-02"),
            provenance: Provenance(
                Provenance.Origin(sha256: String(repeating: "0", count: 64), name: "f", format: "csv"), at: .line(2)))
        change(&invoice)
        return invoice
    }

    @Test("An amount due outranks a total, a total an open amount")
    func basis() throws {
        let all = Self.invoice {
            $0.payable = Self.eur(80)
            $0.total = Self.eur(100)
            $0.open = Self.eur(60)
        }
        let due = try #require(Receivable.entering(all, cutOver: nil))
        #expect(due.amount == 80 && due.basis == .payable && due.items[0].stated == 60)
        let total = try #require(Receivable.entering(Self.invoice { $0.total = Self.eur(100) }, cutOver: nil))
        #expect(total.amount == 100 && total.basis == .total && total.items[0].stated == nil)
        let open = try #require(Receivable.entering(Self.invoice { $0.open = Self.eur(60) }, cutOver: nil))
        #expect(open.amount == 60 && open.basis == .open)
    }

    @Test("Drafts, voids and deleted documents do not enter")
    func notEntered() {
        for change: (inout Invoice) -> Void in [
            { $0.status = .draft }, { $0.status = .void }, { $0.deleted = true }, { $0.total = nil },
        ] {
            var invoice = Self.invoice { $0.total = Self.eur(100) }
            change(&invoice)
            #expect(Receivable.entering(invoice, cutOver: nil) == nil)
        }
    }

    @Test(
        "The open amount by status and by what was paid",
        arguments: [
            (Invoice.Status.paid as Invoice.Status?, nil as Int64?, 0 as Int64?), (.writtenOff, nil, 0), (nil, 30, 70),
            (.open, nil, nil), (.disputed, nil, nil),
        ])
    func statedOpen(_ status: Invoice.Status?, _ paid: Int64?, _ open: Int64?) {
        let invoice = Self.invoice {
            $0.total = Self.eur(100)
            $0.status = status
            $0.paid = paid.map { Self.eur($0) }
        }
        #expect(Receivable.statedOpen(invoice) == open)
    }

    @Test("What was paid went to the earliest instalments; nothing is lost, whatever was stated", arguments: -350...350)
    func spread(_ stated: Int64) {
        for sign: Int64 in [1, -1] {
            var items = [100, 50, 150].enumerated().map { index, amount in
                Receivable.Item(n: index + 1, dueOn: Self.day("2026-04-01") + index, amount: Int64(amount) * sign)
            }
            Receivable.spread(stated, over: &items)
            #expect(items.reduce(0) { $0 + ($1.stated ?? 0) } == stated)
        }
    }

    @Test("At cut-over the source's open amount enters, on the cut-over day; nothing open does not")
    func opening() throws {
        let cutOver = Self.day("2026-03-31")
        let open = Self.invoice {
            $0.total = Self.eur(100)
            $0.open = Self.eur(40)
        }
        let entering = try #require(Receivable.entering(open, cutOver: cutOver))
        #expect(entering.kind == .opening && entering.amount == 40 && entering.postingDay == cutOver)
        #expect(
            Receivable.entering(
                Self.invoice {
                    $0.total = Self.eur(100)
                    $0.open = Self.eur(0)
                }, cutOver: cutOver) == nil)
        let later = try #require(Receivable.entering(open, cutOver: Self.day("2026-03-01")))
        #expect(later.kind == .invoiced && later.amount == 100)
    }

    @Test("Instalments that do not sum to the amount become one item, and it is said")
    func wrongSum() throws {
        let invoice = Self.invoice {
            $0.total = Self.eur(100)
            $0.instalments = [
                .init(n: 1, dueOn: Self.day("2026-04-01"), amount: Self.eur(50)),
                .init(n: 2, dueOn: Self.day("2026-05-01"), amount: Self.eur(49)),
            ]
        }
        let entering = try #require(Receivable.entering(invoice, cutOver: nil))
        #expect(
            entering.items.count == 1 && entering.instalmentsDiffer && entering.items[0].dueOn == Self.day("2026-05-01")
        )
    }

    @Test("Cash after the statement never takes an item below nothing", arguments: [0, 40_00, 100_00] as [Int64])
    func neverBelowNothing(_ stated: Int64) {
        for cash in stride(from: Int64(0), through: 100_00, by: 25_00) {
            let entry = Entry(
                .applied, company: "c", amount: Self.eur(cash), item: "A", payment: "P",
                postingDay: Self.day("2026-05-02"), recordedAt: Timestamp(milliseconds: 0), actor: "t", rule: "T")
            let target = SourceClearing.target(
                item: "A", amount: 100_00, entries: [entry], stated: stated, asOf: Self.day("2026-04-30"))
            #expect(target >= 0 && 100_00 - cash - target >= 0)
        }
    }
}
