// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The worked quarter comes out as it was computed by hand")
struct WorkedQuarterTests {
    private let fixture = Quarter.fixture + "expected/"

    @Test("Every command of the quarter ends with status 0, and no file has a fault")
    func commandsSucceed() throws {
        let quarter = try Quarter.shared.get()
        #expect(quarter.complaints.isEmpty, "\(quarter.complaints.joined(separator: "\n\n"))")
        #expect(quarter.delivered > 0, "the outbox handed nothing over")
    }

    @Test(
        "Aging at the end of a month, customer by customer",
        arguments: ["2026-07-31", "2026-08-31", "2026-09-30"])
    func aging(day: String) throws {
        let got = try Quarter.shared.get().agingLines(on: day)
        let expected = try Self.lines(fixture + "aging-\(day).csv")
        report(Comparison.difference("aging on \(day)", expected: expected, got: got))
    }

    @Test(
        "The roll-forward of a month, every line of it",
        arguments: ["2026-06", "2026-07", "2026-08", "2026-09"])
    func rollForward(month: String) throws {
        let answer = try Quarter.shared.get().desk.json(["report", "month-end", "--month", month], at: Quarter.end)
        let got = Quarter.rollForwardLines(answer)
        let expected = try Quarter.rollForwardLines(table: fixture + "roll-forward-\(month).csv")
        report(Comparison.difference("roll-forward of \(month)", expected: expected, got: got))
        let broken = answer["checks"].items.filter { !$0["holds"].isTrue }.map { $0["sentence"].text }
        #expect(broken.isEmpty, "month end \(month): \(broken.joined(separator: "\n"))")
        #expect(answer["checks"].items.count >= 1, "the month-end report proves nothing")
    }

    @Test("What is said and held on a planning day, with the deciding rule", arguments: Self.planDays)
    func plan(day: String) throws {
        let quarter = try Quarter.shared.get()
        let plan = try #require(quarter.plans[day], "no plan was made on \(day)")
        let expected = try Self.lines(fixture + "plan-\(day).csv")
        report(Comparison.difference("plan of \(day)", expected: expected, got: Quarter.planLines(plan)))
    }

    @Test("Every promise and its verdicts")
    func promises() throws {
        let (expected, got) = try Quarter.shared.get().promiseLines(table: fixture + "promises.csv")
        report(Comparison.difference("promises", expected: expected, got: got))
    }

    /// July's terms cannot be read from a run: the first run that knows all of July applies cash on 3 August too.
    @Test(
        "Both identities, term by term, as the reconciliation that completed the month printed them",
        arguments: [("2026-08", "2026-08-31"), ("2026-09", "2026-10-01")])
    func identities(month: String, day: String) throws {
        let answer = try #require(try Quarter.shared.get().reconciled[day], "nothing was reconciled on \(day)")
        let got = Quarter.identityLines(answer, [("cash", Self.cashTerms), ("items", Self.itemTerms)])
        var expected: [String] = []
        for row in try Comparison.table(fixture + "identities.csv") where row["month"] == month {
            for (side, terms) in [("cash", Self.cashTerms), ("items", Self.itemTerms)] {
                for term in terms where row[term] != "0.00" {
                    expected.append("\(row["currency"] ?? "") \(side) \(term) \(row[term] ?? "")")
                }
            }
        }
        report(Comparison.difference("identities at the end of \(month)", expected: expected, got: got))
    }

    @Test("July's terms, added up from the payments and the allocations posted by 31 July")
    func identitiesOfJuly() throws {
        let desk = try Quarter.shared.get().desk
        var terms: [String: Int] = [:]
        for payment in try desk.list(["payments"], at: Quarter.end) where payment["booked_on"].text <= "2026-07-31" {
            terms["\(payment["currency"].text) received", default: 0] += cents(payment["amount"].text)
        }
        for entry in try desk.list(["allocations"], at: Quarter.end) where entry["posting_day"].text <= "2026-07-31" {
            let term: String? =
                switch entry["kind"].text {
                case "applied": "applied"
                case "netted": "credit"
                case "discount": "discount"
                default: nil
                }
            if let term { terms["\(entry["currency"].text) \(term)", default: 0] += cents(entry["amount"].text) }
        }
        let july = try #require(
            try Comparison.table(fixture + "identities.csv").first {
                $0["month"] == "2026-07" && $0["currency"] == "EUR"
            })
        let expected = ["received", "applied", "credit", "discount"].map { "EUR \($0) \(july[$0] ?? "")" }
        let got = terms.filter { $0.value != 0 }.map { "\($0.key) \(amount(abs($0.value)))" }
        report(Comparison.difference("terms of July", expected: expected, got: got))
    }

    @Test("Verify is clean after the quarter, and every identity held on every run")
    func verifyIsClean() throws {
        let quarter = try Quarter.shared.get()
        let ended = try quarter.desk.run(["verify"], at: Quarter.end)
        #expect(ended.status == 0, "\(ended.words)")
        for (day, answer) in quarter.reconciled.sorted(by: { $0.key < $1.key }) {
            for row in answer["cash"].items + answer["items"].items {
                #expect(row["difference"].text == "0.00", "reconcile on \(day): \(row)")
            }
        }
    }

    @Test("What was known on the day of the close is what the report of that day says still")
    func knownAt() throws {
        let desk = try Quarter.shared.get().desk
        // 2026-120 was issued on 30 July and arrived on 12 August; P-05's cash came on 31 August.
        let then = try desk.json(
            ["report", "aging", "--as-of", "2026-08-17", "--known-at", "2026-08-11T00:00:00Z"], at: Quarter.end)
        #expect(!then["aging"].items.contains { $0["customer_id"].text == "C-19" })
        let now = try desk.json(["report", "aging", "--as-of", "2026-08-17"], at: Quarter.end)
        #expect(now["aging"].items.contains { $0["customer_id"].text == "C-19" && $0["total"].text == "300.00" })
    }

    private func report(_ difference: String?) {
        if let difference { Issue.record("\(difference)") }
    }

    private static func lines(_ path: String) throws -> [String] {
        try Repository.text(path).split(separator: "\n").dropFirst().map(String.init)
    }

    private static let planDays = [
        "2026-07-13", "2026-07-27", "2026-08-10", "2026-08-17", "2026-08-24", "2026-09-21",
    ]
    static let cashTerms = ["received", "returned", "refunded", "applied", "unapplied", "not_receivables"]
    static let itemTerms = [
        "settled", "cash", "credit", "discount", "fee", "withholding", "write_off", "rounding", "exchange",
    ]
}
