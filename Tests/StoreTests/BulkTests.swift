// SPDX-License-Identifier: Apache-2.0
import Documents
import FoundationEssentials
import Ledger
import Store
import Testing
import TieoutTesting

/// The path of many new rows: loaded as a set, indexed afterwards.
@Suite(.serialized) struct BulkTests {
    static let rows = Effort.repeats(60_000, long: 1_000_000)

    @Test("Many new invoices enter as a set, in the same books as one by one")
    func bulk() throws {
        let books = try TestBooks(keepOriginals: false)
        let clock = ContinuousClock()
        let staging = try Staging(
            folder: books.folder.url.path, company: books.company, source: "erp", reader: "csv",
            importedOn: "2026-03-31")
        let staged = try clock.measure {
            for number in 0..<Self.rows { try staging.append(Self.invoice(number)) }
            try staging.finish()
        }
        let run = ImportRun(
            company: books.company, source: "erp", name: "bulk.csv", sha256: String(repeating: "b", count: 64),
            size: 0, format: "csv", importedOn: "2026-03-31", recordedAt: TestBooks.clock, actor: "test")
        var outcome = ImportOutcome()
        let merged = try clock.measure { outcome = try books.store.write { try $0.merge(staging, run: run) } }
        print("\(Self.rows) invoices: staged in \(staged), merged in \(merged)")
        #expect(outcome.invoices.new == Self.rows)
        let stored = try books.store.read { session in
            try session.first("SELECT count(*), SUM(open) FROM item") { [$0.int(0), $0.int(1)] }
        }
        var total: Int64 = 0
        for number in 0..<Self.rows { total += Int64(1_000 + number % 977) }
        #expect(stored == [Int64(Self.rows), total])
        let indexes = try books.store.read { try $0.rows("PRAGMA index_list(item_row)") { $0.text(1) } }
        #expect(indexes.contains("item_customer"))
        try reimport(books)
        if !Effort.isLong { #expect(try books.violations() == []) }
    }

    /// The next day's export of the same rows, a few of them changed: what did not change costs a look-up.
    private func reimport(_ books: TestBooks) throws {
        let staging = try Staging(
            folder: books.folder.url.path, company: books.company, source: "erp", reader: "csv",
            importedOn: "2026-04-01")
        for number in 0..<Self.rows { try staging.append(Self.invoice(number, isChanged: number.isMultiple(of: 100))) }
        try staging.finish()
        let run = ImportRun(
            company: books.company, source: "erp", name: "bulk.csv", sha256: String(repeating: "c", count: 64),
            size: 0, format: "csv", importedOn: "2026-04-01", recordedAt: TestBooks.clock, actor: "test")
        var outcome = ImportOutcome()
        let merged = try ContinuousClock().measure {
            outcome = try books.store.write { try $0.merge(staging, run: run) }
        }
        print("\(Self.rows) invoices again, every hundredth changed: merged in \(merged)")
        #expect(outcome.invoices.changed == (Self.rows + 99) / 100)
        #expect(outcome.invoices.unchanged == Self.rows - outcome.invoices.changed)
        #expect(try books.count("log") == Int64(Self.rows + outcome.invoices.changed))
    }

    static func invoice(_ number: Int, isChanged: Bool = false) -> Document {
        var invoice = Invoice(
            number: "2026-\(1_000_000 + number)", kind: .invoice, currency: .eur, issuedOn: "2026-03-02",
            provenance: Provenance(Make.sharedOrigin, at: .line(number + 2)))
        invoice.id = "INV\(1_000_000 + number)"
        invoice.customerID = "C\(number % 20_000)"
        invoice.customerName = "Customer \(number % 20_000) Ltd"
        invoice.total = Make.eur(Int64(1_000 + number % 977 + (isChanged ? 1 : 0)))
        invoice.dueOn = "2026-04-01"
        return .invoice(invoice)
    }
}
