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
        let answer = try Quarter.shared.get().desk.json(["report", "aging", "--as-of", day], at: Quarter.end)
        let columns = ["not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_120", "over_120", "open_credits"]
        let zero = (columns + ["unapplied", "total"]).map { _ in "0.00" }
        let got = answer["aging"].items.compactMap { row -> String? in
            let customer = row["total_row"].isTrue ? "TOTAL" : row["customer_id"].text
            let amounts = columns.map { row[$0].text } + [row["unapplied_cash"].text, row["total"].text]
            if customer == "TOTAL", amounts == zero { return nil }
            return ([customer, row["currency"].text] + amounts).joined(separator: ",")
        }
        let expected = try Self.lines(fixture + "aging-\(day).csv")
        report(Comparison.difference("aging on \(day)", expected: expected, got: got))
    }

    @Test(
        "The roll-forward of a month, every line of it",
        arguments: ["2026-06", "2026-07", "2026-08", "2026-09"])
    func rollForward(month: String) throws {
        let answer = try Quarter.shared.get().desk.json(["report", "month-end", "--month", month], at: Quarter.end)
        var got: [String] = []
        for row in answer["roll_forward"].items {
            let line = row["line"].text == "of which prior period" ? "prior_period" : row["line"].text
            if row["amount"].text != "0.00" { got.append("\(row["currency"].text) \(line) \(row["amount"].text)") }
        }
        var expected: [String] = []
        for row in try Comparison.table(fixture + "roll-forward-\(month).csv") {
            for (line, value) in row where line != "currency" && value != "0.00" {
                expected.append("\(row["currency"] ?? "") \(line) \(value)")
            }
        }
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
        let known = Set(try Comparison.table(fixture + "promises.csv").map { $0["id"] ?? "" })
        let got = try Quarter.shared.get().desk.list(["promises"], at: Quarter.end)
            .filter { known.contains($0["id"].text) }
            .map { promise in
                let judgements = promise["judgements"].items
                let earlier = judgements.count > 1 ? judgements[judgements.count - 2] : .null
                let fields = [
                    promise["id"].text, promise["customer_id"].text, promise["amount"].text,
                    promise["promised_on"].text, promise["promised_for"].text, promise["grace_until"].text,
                    promise["status"].text, promise["state"].text, promise["close_reason"].text,
                    promise["judged_on"].text, promise["closed_on"].text,
                    promise["paid"].text.isEmpty ? "0.00" : promise["paid"].text, earlier["state"].text,
                    earlier["judged_on"].text, promise["paid_late_on"].text,
                ]
                return fields.joined(separator: ",")
            }
        let columns = [
            "id", "customer", "amount", "promised_on", "promised_for", "grace_until", "status", "state", "close_reason",
            "judged_on", "closed_on", "paid_in_window", "previous_state", "previous_judged_on", "paid_late_on",
        ]
        let expected = try Comparison.table(fixture + "promises.csv").map { row in
            columns.map { row[$0] ?? "" }.joined(separator: ",")
        }
        report(Comparison.difference("promises", expected: expected, got: got))
    }

    /// July's terms cannot be read from a run: the first run that knows all of July applies cash on 3 August too.
    @Test(
        "Both identities, term by term, as the reconciliation that completed the month printed them",
        arguments: [("2026-08", "2026-08-31"), ("2026-09", "2026-10-01")])
    func identities(month: String, day: String) throws {
        let answer = try #require(try Quarter.shared.get().reconciled[day], "nothing was reconciled on \(day)")
        var got: [String] = []
        for (side, terms) in [("cash", Self.cashTerms), ("items", Self.itemTerms)] {
            for row in answer[side].items {
                got += (terms + ["difference"]).compactMap { term in
                    row[term].text == "0.00" ? nil : "\(row["currency"].text) \(side) \(term) \(row[term].text)"
                }
            }
        }
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
    private static let cashTerms = ["received", "returned", "refunded", "applied", "unapplied", "not_receivables"]
    private static let itemTerms = [
        "settled", "cash", "credit", "discount", "fee", "withholding", "write_off", "rounding", "exchange",
    ]
}
