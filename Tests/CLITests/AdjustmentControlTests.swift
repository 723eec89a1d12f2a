// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

/// Nobody lowers, raises or reopens anything alone, nameless or without saying why.
struct AdjustmentControlTests {
    private let desk: Desk
    private let now = "2026-06-01T12:00:00Z"
    private let who = ["--actor", "kees", "--reason", "agreed"]

    init() throws {
        desk = try Desk("controls")
        try desk.write(
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            INV-1001,invoice,K1,Foo Ltd,EUR,2026-05-01,2026-05-15,180.00
            INV-1002,invoice,K1,Foo Ltd,EUR,2026-05-01,2026-05-15,700.00
            INV-1003,credit_note,K1,Foo Ltd,EUR,2026-05-01,2026-05-01,-60.00

            """, to: "invoices.csv")
        try desk.write(
            "id,amount,currency,booked_on,remittance,customer_id\nP1,100.00,EUR,2026-05-20,,K1\n", to: "p.csv")
        try desk.must(["import", "invoices.csv", "p.csv"], at: now)
    }

    private func open(_ number: String) throws -> String? {
        try desk.list(["items"], at: now).first { $0["number"].text == number }?["open"].text
    }

    @Test(
        "An adjustment that would raise an invoice or a credit is refused",
        arguments: [
            ["--discount", "INV-1001=-100.00"], ["--write-off", "INV-1001=-1.00"], ["--rounding", "INV-1001=-0.01"],
            ["--fee", "INV-1001=-1.00"], ["--withholding", "INV-1001=-1.00"], ["--exchange", "INV-1001=-1.00"],
            ["--write-off", "INV-1003=1.00"], ["INV-1003", "--to", "INV-1001=-10.00"],
            ["P1", "--to", "INV-1001=-10.00"],
        ])
    func raise(_ line: [String]) throws {
        let ended = try desk.run(["review", "allocate"] + line + who + ["--second-person", "mia"], at: now)
        #expect(ended.status == 1 && ended.err.contains("ALLOCATE-NEGATIVE"), "\(ended.words)")
        #expect(try open("INV-1001") == "180.00")
        #expect(try open("INV-1003") == "-60.00")
    }

    @Test(
        "A second person in another spelling is the same person",
        arguments: ["kees", "Kees", "KEES", " kees ", "k\u{200B}ees", "ｋｅｅｓ"])
    func sameName(_ second: String) throws {
        let line = ["review", "allocate", "--write-off", "INV-1002=700.00", "--second-person", second]
        let ended = try desk.run(line + who, at: now)
        #expect(ended.status == 1 && ended.err.contains("SECOND-PERSON"), "\(ended.words)")
        #expect(try open("INV-1002") == "700.00")
    }

    @Test("A closed month is not reopened by one person with two spellings")
    func reopen() throws {
        try desk.must(["close", "--month", "2026-05"], at: now)
        let line = ["reopen", "--month", "2026-05", "--second-person", "KEES"] + who
        let ended = try desk.run(line, at: now)
        #expect(ended.status == 1 && ended.err.contains("SECOND-PERSON"), "\(ended.words)")
    }

    @Test(
        "Every kind of adjustment above the limit needs two", arguments: ["fee", "discount", "withholding", "exchange"])
    func everyKind(_ kind: String) throws {
        let large = ["review", "allocate", "--\(kind)", "INV-1002=50.01"] + who
        let ended = try desk.run(large, at: now)
        #expect(ended.status == 1 && ended.err.contains("SECOND-PERSON"), "\(ended.words)")
        try desk.must(large + ["--second-person", "mia"], at: now)
        try desk.must(["review", "allocate", "--\(kind)", "INV-1002=50.00"] + who, at: now)
    }

    @Test("Rounding is for cents, whoever approves it")
    func rounding() throws {
        let large = ["review", "allocate", "--rounding", "INV-1002=1.01", "--second-person", "mia"] + who
        let ended = try desk.run(large, at: now)
        #expect(ended.status == 1 && ended.err.contains("ROUNDING-LARGE"), "\(ended.words)")
        try desk.must(["review", "allocate", "--rounding", "INV-1002=1.00"] + who, at: now)
    }

    @Test(
        "A name or a reason that says nothing is wrong usage",
        arguments: [
            ["review", "allocate", "--write-off", "INV-1001=10.00"], ["dispute", "open", "INV-1001"],
            ["hold", "set", "K1"],
            ["reopen", "--month", "2026-05", "--second-person", "mia"], ["exception", "resolve", "x"],
        ], ["", "  ", "\u{200B}"])
    func blank(_ verb: [String], _ nothing: String) throws {
        for person in [["--actor", nothing, "--reason", "x"], ["--actor", "x", "--reason", nothing]] {
            let ended = try desk.run(verb + person, at: now)
            #expect(ended.status == 64, "\(ended.words)")
        }
    }

    @Test("A month is not closed by nobody")
    func closedByNobody() throws {
        #expect(try desk.run(["close", "--month", "2026-05", "--actor", " "], at: now).status == 64)
    }

    @Test("The month to close first is named")
    func closeOrder() throws {
        try desk.must(["close", "--month", "2026-03"], at: now)
        let ended = try desk.run(["close", "--month", "2026-05"], at: now)
        #expect(ended.err.contains("--month 2026-04") && ended.err.contains("CLOSE-ORDER"), "\(ended.words)")
    }

    @Test("More than is open is told in the words of the books, with what to look at")
    func tooMuch() throws {
        let line = ["review", "allocate", "P1", "--to", "INV-1001=190.00"]
        let ended = try desk.run(line + who, at: now)
        #expect(
            ended.err.contains("INV-1001 has 180.00 EUR open") && ended.err.contains("P1 has 100.00 EUR left"),
            "\(ended.words)")
        #expect(ended.err.contains("tieout explain INV-1001") && !ended.err.contains("minor units"), "\(ended.words)")
        try desk.must(["review", "allocate", "P1", "--to", "INV-1001=100.00"] + who, at: now)
        let again = try desk.run(["review", "allocate", "P1", "--to", "INV-1001=80.00"] + who, at: now)
        #expect(again.err.contains("INV-1001 has 80.00 EUR open; the payment P1 has nothing left"), "\(again.words)")
        #expect(again.err.contains("tieout review undo P1"), "\(again.words)")
        #expect(!again.err.contains("INVARIANT"), "\(again.words)")
    }

    @Test("A person's name comes from the environment where none is given, and several are done at once")
    func severalAtOnce() throws {
        try desk.write(
            """
            id,amount,currency,booked_on,remittance,customer_id
            P7,190.00,EUR,2026-05-21,INV-1001,K1
            P8,710.00,EUR,2026-05-22,INV-1002,K1

            """, to: "over.csv")
        try desk.must(["import", "over.csv"], at: now)
        try desk.must(["reconcile"], at: now)
        let ids = try desk.must(["review", "list", "--ids", "--rule", "NUMBER-OVER"], at: now).out
            .split(separator: "\n").map { String($0) }
        #expect(ids == ["P8", "P7"])
        let line = ["review", "accept"] + ids + ["P9", "--reason", "agreed", "--json"]
        #expect(try desk.run(line, at: now).status == 64)
        let named = Desk.environment(at: now).merging(["TIEOUT_ACTOR": "kees"]) { $1 }
        let ended = try Program.start(line, in: desk.folder, environment: named).wait()
        #expect(ended.status == 2, "\(ended.words)")
        let told = try JSONValue.read(ended.out)
        #expect(told["done"].items.map { $0["id"].text } == ["P8", "P7"])
        #expect(told["failed"].items.map { $0["code"].text } == ["REVIEW-UNKNOWN"])
        #expect(try open("INV-1001") == "0.00")
        #expect(try desk.must(["explain", "P7"], at: now).out.contains("decided by kees"))
    }

    @Test("A truth that names what is not in the books is told with counts")
    func strangeTruth() throws {
        try desk.write(
            """
            payment_id,invoice_id,amount,kind,adjustment,noise
            PX-1,INV-1001,180.00,exact,0,
            PX-2,INV-1002,700.00,exact,0,

            """, to: "truth.csv")
        let ended = try desk.must(["evaluate", "--truth", "truth.csv", "--json"], at: now)
        #expect(ended.err.contains("2 payments of truth.csv are not in the books, as “PX-1”"), "\(ended.err)")
        #expect(try JSONValue.read(ended.out)["total"]["payments"].text == "2")
    }

    /// CA-25-880 of a controller's quarter: written off in May, paid in June after May was closed.
    @Test("Cash for what was written off is proposed, booked as recovered, and undone exactly")
    func recovery() throws {
        try desk.must(["review", "allocate", "P1", "--to", "INV-1001=100.00"] + who, at: now)
        let off = [
            "review", "allocate", "--write-off", "INV-1001=80.00", "--second-person", "mia", "--as-of", "2026-05-31",
        ]
        let written = try desk.must(off + who, at: now)
        try desk.must(["close", "--month", "2026-05"], at: now)
        try desk.write(
            "id,amount,currency,booked_on,remittance,customer_id\nR1,60.00,EUR,2026-06-10,INV-1001,K1\n", to: "r.csv")
        let june = "2026-06-11T12:00:00Z"
        try desk.must(["import", "r.csv"], at: june)
        try desk.must(["reconcile"], at: june)
        let shown = try desk.must(["review", "show", "R1"], at: june).out
        #expect(
            shown.contains("INV-1001 was written off on 2026-05-31 by kees") && shown.contains("60.00 EUR on INV-1001"),
            "\(shown)")
        try desk.must(["review", "accept", "R1"] + who, at: june)
        func lines() throws -> [String: String] {
            let rows = try desk.json(["report", "month-end", "--month", "2026-06"], at: "2026-06-30T12:00:00Z")[
                "roll_forward"]
            return Dictionary(uniqueKeysWithValues: rows.items.map { ($0["line"].text, $0["amount"].text) })
        }
        #expect(try lines()["recovered"] == "60.00")
        #expect(try lines()["write_off"] == "0.00")
        #expect(try open("INV-1001") == "0.00")
        #expect(try desk.run(["verify"], at: june).status == 0)
        // The write-off cannot be taken back under the cash that recovered it.
        let decision = try #require(written.out.firstMatch(of: /undo ([a-z0-9]+)/)?.1)
        let under = try desk.run(["review", "undo", String(decision)] + who, at: june)
        #expect(under.status == 1 && under.err.contains("ITEM-SETTLED"), "\(under.words)")
        try desk.must(["review", "undo", "R1"] + who, at: june)
        #expect(try lines()["recovered"] == "0.00")
        try desk.must(["review", "allocate", "R1", "--to", "INV-1001=60.00"] + who, at: june)
        #expect(try lines()["recovered"] == "60.00")
        #expect(try desk.run(["verify"], at: june).status == 0)
    }
}
