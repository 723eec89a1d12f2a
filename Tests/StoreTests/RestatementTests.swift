// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
import Testing
import TieoutTesting

/// A changed row that only amounts, the due day and the reference differ in takes a short way into the books.
@Suite struct RestatementTests {
    @Test("A changed row comes to the same books by the short way and by the long one", arguments: Change.allCases)
    func sameBooks(_ change: Change) throws {
        let short = try TestBooks(keepOriginals: false)
        let long = try TestBooks(keepOriginals: false)
        for books in [short, long] { try books.load([change.before]) }
        // What few invoices state is compared closely, and one that states it sends the row the long way.
        try long.store.write { _ = try $0.execute("INSERT INTO invoice_more(no) SELECT no FROM item") }
        let next: [(day: Day, document: Document)] = [("2026-04-01", change.after), ("2026-04-02", change.again)]
        for (day, document) in next {
            let outcomes = try [short, long].map { try $0.load([document], on: day) }
            #expect(outcomes[0].counts.map(\.count) == outcomes[1].counts.map(\.count))
            for table in ["item", "log", "document_change", "invoice", "batch"] {
                #expect(try Self.dump(table, short) == Self.dump(table, long), "\(table) on \(day)")
            }
            for books in [short, long] { #expect(try books.violations() == []) }
        }
        let versions = try [short, long].map { books in
            try books.store.read { try $0.accountVersion(company: books.company.id, customer: "C1") > 1 }
        }
        #expect(versions[0] == versions[1])
    }

    @Test("Money on an item sends its changed row the long way: it counts beside what the source states")
    func settled() throws {
        let books = try TestBooks(keepOriginals: false)
        try books.load([Make.invoice("1", 10_000, id: "I1", open: 10_000)])
        try books.load([Make.payment(4_000, id: "P1")], source: "bank")
        try books.post([books.apply("P1", to: "I1", 4_000, on: "2026-03-20")])
        try books.load([Make.invoice("1", 10_000, id: "I1", open: 6_000)], on: "2026-04-02")
        let item = try #require(try books.items().first)
        #expect(item.balance.cash == 4_000 && item.balance.source == 0 && item.open == Make.eur(6_000))
        #expect(try books.violations() == [])
    }

    enum Change: CaseIterable {
        case open, total, both, openOnly, openOnlyHigher, due, reference, paid, credit, reopened, toNothing, negative

        var before: Document {
            switch self {
            case .openOnly, .openOnlyHigher: Make.invoice("1", nil, id: "I1", open: 8_000)
            case .credit: Make.invoice("1", -5_000, id: "I1", open: -5_000, kind: .creditNote)
            case .reopened: Make.invoice("1", 10_000, id: "I1", open: 0)
            case .due, .reference, .total: Make.invoice("1", 10_000, id: "I1")
            case .open, .both, .paid, .toNothing, .negative: Make.invoice("1", 10_000, id: "I1", open: 10_000)
            }
        }

        var after: Document {
            switch self {
            case .open: Make.invoice("1", 10_000, id: "I1", open: 2_500)
            case .total: Make.invoice("1", 12_000, id: "I1")
            case .both: Make.invoice("1", 9_000, id: "I1", open: 1_000, line: 7)
            case .openOnly: Make.invoice("1", nil, id: "I1", open: 3_000)
            case .openOnlyHigher: Make.invoice("1", nil, id: "I1", open: 9_500)
            case .due: Make.invoice("1", 10_000, id: "I1", due: "2026-05-01")
            case .reference: Make.invoice("1", 10_000, id: "I1") { $0.reference = "Order 7" }
            case .paid: Make.invoice("1", 10_000, id: "I1", open: 0)
            case .credit: Make.invoice("1", -5_500, id: "I1", open: -1_000, kind: .creditNote)
            case .reopened: Make.invoice("1", 10_000, id: "I1", open: 4_000)
            case .toNothing: Make.invoice("1", 0, id: "I1", open: 0)
            case .negative: Make.invoice("1", -10_000, id: "I1", open: -10_000)
            }
        }

        /// The next day: the same again, or back to what it was.
        var again: Document {
            switch self {
            case .due, .paid, .total: before
            default: after
            }
        }
    }

    private static func dump(_ table: String, _ books: TestBooks) throws -> [String] {
        try books.store.read { session in
            let columns = try session.rows("PRAGMA table_info(\(table))") { $0.text(1) }
            return try session.rows("SELECT \(columns.joined(separator: ", ")) FROM \(table) ORDER BY 1") { row in
                zip(columns.indices, columns).map { "\($1)=\(row.value($0))" }.joined(separator: " ")
            }
        }
    }
}
