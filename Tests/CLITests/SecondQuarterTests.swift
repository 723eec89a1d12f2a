// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

/// Serra Clara Ltda: reais and dollars, Brazilian holidays, two bank accounts, the default policy, files out of order.
@Suite("A second worked quarter comes out as it was computed by hand")
struct SecondQuarterTests {
    private let fixture = Quarter.secondFixture + "expected/"

    private func report(_ difference: String?) {
        if let difference { Issue.record(Comment(rawValue: difference)) }
    }

    @Test("Every command ends with status 0, and no file has a fault")
    func commandsSucceed() throws {
        let quarter = try Quarter.second.get()
        #expect(quarter.complaints.isEmpty, "\(quarter.complaints.joined(separator: "\n\n"))")
    }

    @Test("Aging at the end of a month", arguments: ["2026-10-31", "2026-11-30", "2026-12-31"])
    func aging(day: String) throws {
        let expected = try Repository.text(fixture + "aging-\(day).csv").split(separator: "\n").dropFirst().map(
            String.init)
        report(
            Comparison.difference(
                "aging on \(day)", expected: expected, got: try Quarter.second.get().agingLines(on: day)))
    }

    @Test("The roll-forward of a month", arguments: ["2026-09", "2026-10", "2026-11", "2026-12"])
    func rollForward(month: String) throws {
        let quarter = try Quarter.second.get()
        let answer = try quarter.desk.json(["report", "month-end", "--month", month], at: quarter.closing)
        let expected = try Quarter.rollForwardLines(table: fixture + "roll-forward-\(month).csv")
        report(
            Comparison.difference("roll-forward of \(month)", expected: expected, got: Quarter.rollForwardLines(answer))
        )
        let broken = answer["checks"].items.filter { !$0["holds"].isTrue }.map { $0["sentence"].text }
        #expect(broken.isEmpty, "month end \(month): \(broken.joined(separator: "\n"))")
    }

    @Test(
        "What is said and held on a planning day",
        arguments: ["2026-10-20", "2026-11-16", "2026-11-23", "2026-11-24", "2026-11-30", "2026-12-07"])
    func plan(day: String) throws {
        let plan = try #require(try Quarter.second.get().plans[day], "no plan was made on \(day)")
        let expected = try Repository.text(fixture + "plan-\(day).csv").split(separator: "\n").dropFirst().map(
            String.init)
        report(Comparison.difference("plan of \(day)", expected: expected, got: Quarter.planLines(plan)))
    }

    @Test("Every promise and its verdicts")
    func promises() throws {
        let (expected, got) = try Quarter.second.get().promiseLines(table: fixture + "promises.csv")
        report(Comparison.difference("promises", expected: expected, got: got))
    }

    @Test("Both identities, term by term, after the last reconciliation")
    func identities() throws {
        let answer = try #require(try Quarter.second.get().reconciled["2026-12-31"])
        let sides = [("cash", WorkedQuarterTests.cashTerms), ("items", WorkedQuarterTests.itemTerms)]
        var expected: [String] = []
        for row in try Comparison.table(fixture + "identities.csv") {
            for (side, terms) in sides {
                for term in terms where row[term] != "0.00" {
                    expected.append("\(row["currency"] ?? "") \(side) \(term) \(row[term] ?? "")")
                }
            }
        }
        report(Comparison.difference("identities", expected: expected, got: Quarter.identityLines(answer, sides)))
    }

    @Test("The realised difference of the dollars that were paid in reais, with its inputs")
    func exchange() throws {
        let quarter = try Quarter.second.get()
        let answer = try quarter.desk.json(["report", "month-end", "--month", "2026-11"], at: quarter.closing)
        let rows = answer["realised_exchange"].items.map { row in
            ["number", "currency", "amount", "home_at_invoice", "home_received", "realised"].map { row[$0].text }
        }
        #expect(rows == [["C-001", "USD", "1000.00", "5300.00", "5430.00", "130.00"]])
    }

    @Test("Adjustments add up to the roll-forward's lines")
    func adjustments() throws {
        let quarter = try Quarter.second.get()
        let answer = try quarter.desk.json(["report", "adjustments", "--month", "2026-10"], at: quarter.closing)
        #expect(answer["adjustments"].items.map { $0["amount"].text } == ["-30.00"])
    }

    @Test("What was paid back after all waits for nobody; what is still open does")
    func exceptions() throws {
        let quarter = try Quarter.second.get()
        let open = try quarter.desk.list(["exceptions", "--open"], at: quarter.closing)
        let kinds = open.map { "\($0["customer_id"].text) \($0["kind"].text)" }
        #expect(!kinds.contains("K-10 DUPLICATE-PAYMENT") && !kinds.contains("K-10 PAYMENT-RETURNED"))
        #expect(kinds.contains("K-11 PAYMENT-RETURNED"))
    }

    @Test("The month-end text speaks in words, leaves zero lines out, and the JSON keeps every name")
    func words() throws {
        let quarter = try Quarter.second.get()
        let text = try quarter.desk.must(["report", "month-end", "--month", "2026-10"], at: quarter.closing).out
        #expect(text.contains("Credit notes") && !text.contains("write_off") && !text.contains("Written off"))
        let answer = try quarter.desk.json(["report", "month-end", "--month", "2026-10"], at: quarter.closing)
        #expect(answer["roll_forward"].items.contains { $0["line"].text == "write_off" && $0["amount"].text == "0.00" })
    }

    @Test("A small write-off needs one person; a larger one needs two, in one piece or in parts")
    func secondPerson() throws {
        let desk = try Desk("second-person")
        try desk.write(
            "number,customer_id,customer_name,currency,issued_on,due_on,total\nINV-2001,K1,Foo Ltda,BRL,2026-10-01,2026-10-15,400.00\n",
            to: "a.csv")
        let now = "2026-10-20T12:00:00Z"
        try desk.must(["import", "a.csv"], at: now)
        let who = ["--actor", "lia", "--reason", "too old"]
        let large = try desk.run(["review", "allocate", "--write-off", "INV-2001=250.01"] + who, at: now)
        #expect(large.status == 1 && large.err.contains("SECOND-PERSON"), "\(large.words)")
        let parts = ["--write-off", "INV-2001=200.00", "--write-off", "INV-2001=100.00"]
        #expect(try desk.run(["review", "allocate"] + parts + who, at: now).status == 1)
        #expect(try desk.run(["review", "allocate"] + parts + who + ["--second-person", "lia"], at: now).status == 1)
        try desk.must(["review", "allocate", "--write-off", "INV-2001=250.00"] + who, at: now)
        let stranger = try desk.run(["list", "invoices", "--company", "nobody"], at: now)
        #expect(stranger.status != 0 && stranger.err.contains("nobody"), "\(stranger.words)")
    }
}
