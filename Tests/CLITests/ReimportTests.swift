// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("Importing is safe to repeat, and the command line says how it went")
struct ReimportTests {
    private static let now = "2026-09-30T08:00:00Z"

    private static let invoices = """
        number,kind,customer_id,customer_name,currency,issued_on,due_on,total
        R-1,invoice,C1,Een B.V.,EUR,2026-09-01,2026-09-15,100.00
        R-2,invoice,C2,Twee B.V.,EUR,2026-09-02,2026-09-16,250.50
        R-2,invoice,C2,Twee B.V.,EUR,2026-09-02,2026-09-16,250.50
        """
    private static let payments = """
        id,amount,currency,booked_on,payer_name,remittance
        P-1,100.00,EUR,2026-09-14,Een B.V.,factuur R-1
        """

    private static func makeDesk() throws -> Desk {
        let desk = try Desk("reimport")
        try desk.write(invoices, to: "invoices.csv")
        try desk.write(payments, to: "payments.csv")
        return desk
    }

    @Test("The same bytes again change nothing and say so; two equal rows of one file stay two")
    func sameBytes() throws {
        let desk = try Self.makeDesk()
        let first = try desk.json(["import", "invoices.csv", "payments.csv"], at: Self.now)
        #expect(first["files"].items.first?["documents"]["invoices"]["new"] == .number(3))
        try desk.must(["reconcile"], at: Self.now)
        let before = try desk.dump()
        let items = try desk.list(["items"], at: Self.now)
        let again = try desk.json(["import", "invoices.csv", "payments.csv"], at: "2026-09-30T09:00:00Z")
        for file in again["files"].items {
            #expect(file["already_imported"].isTrue, "\(file)")
            for (kind, counts) in [
                ("invoices", file["documents"]["invoices"]), ("payments", file["documents"]["payments"]),
            ] {
                #expect(counts["new"] == .number(0) && counts["changed"] == .number(0), "\(kind): \(counts)")
            }
        }
        #expect(try desk.list(["items"], at: Self.now) == items)
        #expect(try desk.dump() == before, "the database is not what it was")
        let text = try desk.must(["import", "invoices.csv"], at: Self.now).out
        #expect(text.contains("nothing changes"), "\(text)")
        #expect(try desk.run(["verify"], at: Self.now).status == 0)
    }

    @Test("The same rows under another name and in another order add nothing")
    func sameRows() throws {
        let desk = try Self.makeDesk()
        try desk.must(["import", "invoices.csv"], at: Self.now)
        let before = try desk.list(["items"], at: Self.now)
        var rows = Self.invoices.split(separator: "\n").map(String.init)
        rows = [rows[0]] + rows.dropFirst().reversed()
        try desk.write(rows.joined(separator: "\r\n") + "\r\n", to: "export-2.csv")
        let outcome = try desk.json(["import", "export-2.csv"], at: Self.now)["files"].items.first ?? .null
        #expect(outcome["documents"]["invoices"]["new"] == .number(0), "\(outcome)")
        #expect(try desk.list(["items"], at: Self.now) == before)
    }

    @Test("A dry run says the same and leaves the database as it was")
    func dryRun() throws {
        let desk = try Self.makeDesk()
        try desk.must(["import", "invoices.csv"], at: Self.now)
        let before = try desk.dump()
        let imports = try desk.must(["list", "imports"], at: Self.now).out
        let tried = try desk.json(["import", "--dry-run", "payments.csv"], at: Self.now)
        #expect(tried["files"].items.first?["documents"]["payments"]["new"] == .number(1), "\(tried)")
        #expect(try desk.dump() == before)
        #expect(try desk.must(["list", "imports"], at: Self.now).out == imports)
        let done = try desk.json(["import", "payments.csv"], at: Self.now)
        #expect(done["files"].items.first?["documents"] == tried["files"].items.first?["documents"])
        let between = try desk.dump()
        try desk.must(["reconcile", "--dry-run"], at: Self.now)
        try desk.must(["plan", "--dry-run"], at: Self.now)
        #expect(try desk.dump() == between, "a dry run of reconcile or plan wrote something")
    }

    @Test("Reading needs no database and makes none")
    func readNeedsNoDatabase() throws {
        let desk = try Self.makeDesk()
        let lines = try JSONValue.lines(desk.must(["read", "invoices.csv", "payments.csv"], at: Self.now).out)
        #expect(lines.map { $0["type"].text } == ["invoice", "invoice", "invoice", "payment"])
        #expect(lines.first?["total"].text == "100.00")
        let names = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path)
        #expect(names.sorted() == ["invoices.csv", "payments.csv"])
    }

    private static let refused = """
        number,kind,customer_id,customer_name,currency,issued_on,due_on,total
        X-1,invoice,C1,Een B.V.,EUR,2026-09-01,2026-09-15,100.00
        X-2,invoice,C1,Een B.V.,EUR,2026-09-01,2026-09-15,12a
        """

    @Test(
        "The exit status tells done, refused input, failure and wrong usage apart",
        arguments: [
            (["import", "invoices.csv"], Int32(0)), (["import", "bad-row.csv"], 2), (["import", "unknown.csv"], 2),
            (["read", "bad-row.csv"], 2), (["import", "absent.csv"], 1),
            (["list", "invoices", "--db", "absent.db"], 1),
            (["import", "--mapping", "no-such-mapping", "invoices.csv"], 1), (["import"], 64), (["no-such-verb"], 64),
            (["import", "--no-such-flag", "invoices.csv"], 64), (["plan", "--as-of", "next week"], 64),
        ] as [([String], Int32)])
    func exitStatus(arguments: [String], status: Int32) throws {
        let desk = try Self.makeDesk()
        try desk.write(Self.refused, to: "bad-row.csv")
        try desk.write("this,is\nno,mapping's\n", to: "unknown.csv")
        let ended = try desk.run(arguments, at: Self.now)
        #expect(ended.status == status, "tieout \(arguments.joined(separator: " ")): \(ended.words)")
    }

    @Test("A bad row is listed with its line and what to do; the good ones land")
    func badRow() throws {
        let desk = try Self.makeDesk()
        try desk.write(Self.refused, to: "bad-row.csv")
        let ended = try desk.run(["import", "--json", "bad-row.csv"], at: Self.now)
        let file = try JSONValue.read(ended.out)["files"].items.first ?? .null
        #expect(file["documents"]["invoices"]["new"] == .number(1), "\(file)")
        let fault = try #require(file["faults"].items.first)
        #expect(fault["at"].text.contains("3"), "\(fault)")
        #expect(!fault["code"].text.isEmpty && !fault["message"].text.isEmpty && !fault["hint"].text.isEmpty)
    }

    @Test("A payment that waits for a person is no failure, unless asked")
    func failOnReview() throws {
        let desk = try Self.makeDesk()
        let rows = [
            "P-9,77.00,EUR,2026-09-14,Een B.V.,onze bestelling", "P-8,250.50,EUR,2026-09-14,Twee B.V.,betaling",
        ]
        try desk.write(
            "id,amount,currency,booked_on,payer_name,remittance\n" + rows.joined(separator: "\n") + "\n",
            to: "odd.csv")
        try desk.must(["import", "invoices.csv", "odd.csv"], at: Self.now)
        let answer = try desk.json(["reconcile", "--dry-run"], at: Self.now)
        let ended = try desk.run(["reconcile", "--fail-on-review"], at: Self.now)
        #expect(ended.status == (answer["payments"]["review"] == .number(0) ? 0 : 2), "\(answer)")
        #expect(answer["payments"]["auto"] == .number(0), "two open items fit one payment: never the first")
    }
}
