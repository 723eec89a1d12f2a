// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reports
import Testing
import TieoutTesting

@Suite("What became of a month's money is the log's own sum")
struct MatchedMoneyTests {
    /// A log of so many payments in January and February, with everything that may become of one.
    private func books(_ seed: UInt64) -> BooksPosition {
        var random = SplitMix64(seed: seed)
        var entries: [Entry] = []
        var cash: [BooksPosition.Cash] = []
        for number in 0..<40 {
            let isOut = random.chance(perMille: 200)
            let amount = Int64(random.int(in: 100...9_999)) * (isOut ? -1 : 1)
            let (id, day) = ("P\(number)", ReportTests.day(number % 3 == 0 ? "2026-01-20" : "2026-02-10"))
            var left = amount
            func add(_ kind: Entry.Kind, _ amount: Int64, _ actor: String, _ rule: String, _ undoes: Int64? = nil) {
                entries.append(
                    Entry(
                        kind, company: "c", amount: Money(minorUnits: amount, currency: .eur), payment: id,
                        postingDay: day, recordedAt: Timestamp(milliseconds: 0), actor: actor, rule: rule,
                        decision: kind == .received || kind == .paidOut ? nil : "\(id)/\(actor)", undoes: undoes))
            }
            add(isOut ? .paidOut : .received, amount, "import", "IMPORT")
            if isOut {
                if random.chance(perMille: 500) { add(.returned, amount, "reconcile", "RETURN") }
                continue
            }
            for (actor, rule) in [("reconcile", "NUMBER-EXACT"), ("ada", "NUMBER-OVER"), ("bob", "PERSON")]
            where left > 0 && random.chance(perMille: 500) {
                let part = Int64(random.int(in: 1...Int(left)))
                add(random.chance(perMille: 900) ? .applied : .charged, part, actor, rule)
                left -= part
                if random.chance(perMille: 200) {
                    add(.applied, 0 - part, "eve", "UNDO", Int64(entries.count))
                    entries[entries.count - 1].decision = "\(id)/\(actor)"
                    entries[entries.count - 1].kind = entries[entries.count - 2].kind
                    left += part
                }
            }
            if left > 0, random.chance(perMille: 200) {
                add(.setAside, left, "ada", "NO-EVIDENCE")
                left = 0
            }
            cash.append(
                BooksPosition.Cash(
                    id: id, customerID: nil, currency: .eur, bookedOn: day, unapplied: left, payer: nil, reason: ""))
        }
        return BooksPosition(
            company: "c", day: ReportTests.day("2026-02-28"), items: [], cash: cash, customerNames: [:],
            entries: entries)
    }

    @Test("The ways sum to what came in, and what is undone is nobody's", arguments: 0..<20)
    func sums(_ seed: Int) throws {
        let books = books(UInt64(seed))
        let month = Month(of: books.day)
        let money = try #require(MonthsMoney.make(books, month: month).first)
        let received = books.entries.filter { $0.kind == .received && Month(of: $0.postingDay) == month }
        #expect(money.total(.received).amount == received.reduce(0) { $0 + $1.amount })
        #expect(money.total(.received).payments == received.count)
        #expect(MonthsMoney.Direction.allCases.allSatisfy { money.difference($0) == 0 }, "\(money.shares)")
        #expect(!MatchingReport.checks([money]).contains { !$0.holds })
        let automatic = money.shares.first { $0.direction == .received && $0.way == .automatic }
        let own = Set(received.compactMap(\.payment))
        let said = books.entries.filter {
            ($0.kind == .applied || $0.kind == .charged) && $0.decision?.hasSuffix("/reconcile") == true
                && own.contains($0.payment ?? "")
        }
        #expect(automatic?.amount == said.reduce(0) { $0 + $1.amount })
    }

    @Test("A balance that the log does not explain is told")
    func broken() throws {
        var books = books(3)
        let place = try #require(books.cash.firstIndex { $0.bookedOn == ReportTests.day("2026-02-10") })
        books.cash[place].unapplied += 1
        let money = MonthsMoney.make(books, month: Month(of: books.day))
        #expect(MatchingReport.checks(money).contains { !$0.holds && $0.sentence.contains("misses") })
    }
}
