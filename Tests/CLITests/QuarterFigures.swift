// SPDX-License-Identifier: Apache-2.0

/// The figures of a quarter as its `expected/` tables hold them.
extension Quarter {
    func agingLines(on day: String) throws -> [String] {
        let answer = try desk.json(["report", "aging", "--as-of", day], at: closing)
        let columns = ["not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_120", "over_120", "open_credits"]
        let zero = (columns + ["unapplied", "total"]).map { _ in "0.00" }
        return answer["aging"].items.compactMap { row -> String? in
            let customer = row["total_row"].isTrue ? "TOTAL" : row["customer_id"].text
            let amounts = columns.map { row[$0].text } + [row["unapplied_cash"].text, row["total"].text]
            if customer == "TOTAL", amounts == zero { return nil }
            return ([customer, row["currency"].text] + amounts).joined(separator: ",")
        }
    }

    /// `currency line amount` of a month-end report, without what is zero.
    static func rollForwardLines(_ report: JSONValue) -> [String] {
        report["roll_forward"].items.compactMap { row in
            guard row["amount"].text != "0.00" else { return nil }
            let line = row["line"].text == "of which prior period" ? "prior_period" : row["line"].text
            return "\(row["currency"].text) \(line) \(row["amount"].text)"
        }
    }

    static func rollForwardLines(table: String) throws -> [String] {
        var lines: [String] = []
        for row in try Comparison.table(table) {
            for (line, value) in row where line != "currency" && value != "0.00" {
                lines.append("\(row["currency"] ?? "") \(line) \(value)")
            }
        }
        return lines
    }

    /// The promises that the table names, as it states them and as the books hold them.
    func promiseLines(table: String) throws -> (expected: [String], got: [String]) {
        let rows = try Comparison.table(table)
        let known = Set(rows.map { $0["id"] ?? "" })
        let got = try desk.list(["promises"], at: closing).filter { known.contains($0["id"].text) }.map { promise in
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
        return (rows.map { row in columns.map { row[$0] ?? "" }.joined(separator: ",") }, got)
    }

    /// `currency side term amount` of what a reconciliation printed, without what is zero.
    static func identityLines(_ answer: JSONValue, _ sides: [(side: String, terms: [String])]) -> [String] {
        sides.flatMap { side, terms in
            answer[side].items.flatMap { row in
                (terms + ["difference"]).compactMap { term in
                    row[term].text == "0.00" ? nil : "\(row["currency"].text) \(side) \(term) \(row[term].text)"
                }
            }
        }
    }
}
