// SPDX-License-Identifier: Apache-2.0
import Documents
import FoundationEssentials
import Ledger
import Store
import Testing
import TieoutTesting

/// A company's first invoices go straight into the books; what comes out is what staging them gives.
@Suite struct FirstLoadTests {
    @Test("A first load writes the same rows, entries and digest as the way through staging")
    func sameBooks() throws {
        let staged = try TestBooks(keepOriginals: false)
        let loaded = try TestBooks(keepOriginals: false)
        _ = try staged.store.write { try $0.merge(Self.stage(Self.documents, staged), run: Self.run(staged)) }
        let outcome = try Self.load(Self.documents, loaded)
        #expect(outcome.invoices.new == 7)
        for table in Self.tables {
            let different = try Set(Self.dump(table, loaded)).symmetricDifference(Self.dump(table, staged)).sorted()
            #expect(different == [], "\(table)")
        }
        #expect(try Self.dump("batch", loaded).count == 1)
        #expect(try Self.indexes(loaded) == Self.indexes(staged))
        #expect(try loaded.violations() == [])
    }

    @Test("Rows that are written together keep their own values, whatever their length and sign")
    func manyRows() throws {
        let stated = (1...4321).map { n in
            var invoice = Self.invoice("\(n)", total: Int64(n) * (n % 3 == 0 ? -1_000_003 : 1_000_003))
            if n % 3 == 0 { invoice.kind = .creditNote }
            invoice.reference = n % 7 == 0 ? nil : String(repeating: "ä", count: n % 300) + "\(n)"
            invoice.customerID = "C\(n % 11)"
            return invoice
        }
        let expected = stated.map {
            "\($0.id ?? "") \($0.customerID ?? "") \($0.reference ?? "-") \($0.total?.minorUnits ?? 0)"
        }
        let loaded = try TestBooks(keepOriginals: false)
        try Self.load(stated.map { .invoice($0) }, loaded)
        let staged = try TestBooks(keepOriginals: false)
        _ = try staged.store.write {
            try $0.merge(Self.stage(stated.map { .invoice($0) }, staged), run: Self.run(staged))
        }
        for books in [loaded, staged] {
            let rows = try books.store.read { session in
                try session.rows("SELECT id, customer, reference, amount FROM item ORDER BY no") {
                    "\($0.text(0)) \($0.text(1)) \($0.optionalText(2) ?? "-") \($0.int(3))"
                }
            }
            #expect(rows == expected)
            #expect(try books.violations() == [])
        }
    }

    @Test("What has to be compared is unfit, and leaves the books and their indexes as they were")
    func unfit() throws {
        let books = try TestBooks(keepOriginals: false)
        let before = try Self.indexes(books)
        var nameless = Self.invoice("5", total: 100)
        nameless.customerID = nil
        nameless.customerName = "Somebody"
        var twin = Self.invoice("9", total: 200)
        twin.id = "INV1"
        for documents in [Self.documents + [.invoice(nameless)], Self.documents + [.invoice(twin)]] {
            #expect(throws: FirstLoad.Unfit.self) { try Self.load(documents, books) }
            #expect(try books.count("invoice") == 0 && books.count("log") == 0 && books.count("import_run") == 0)
            #expect(try Self.indexes(books) == before)
        }
        #expect(try books.load(Self.documents + [.invoice(nameless)]).invoices.new == 8)
    }

    @Test("Where the books know an invoice, a closed month or a customer of another source, it is no first load")
    func notFirst() throws {
        let known = try TestBooks(keepOriginals: false)
        try known.load([.invoice(Self.invoice("1", total: 100))])
        let again = try Self.load([.invoice(Self.invoice("1", total: 300))], known)
        #expect(again.invoices.changed == 1 && again.invoices.new == 0)

        let elsewhere = try TestBooks(keepOriginals: false)
        var customer = Customer(id: "C-other", provenance: Provenance(Make.sharedOrigin, at: .line(2)))
        customer.name = "Customer C1"
        try elsewhere.load([.customer(customer)], source: "crm")
        try Self.load([.invoice(Self.invoice("1", total: 300))], elsewhere)
        #expect(try elsewhere.items().map(\.customerID) == ["C-other"])
    }

    private static let documents: [Document] = {
        var partly = invoice("2", total: 900)
        partly.open = Make.eur(400)
        var settled = invoice("3", total: 500)
        settled.open = Make.eur(0)
        var inParts = invoice("4", total: 600)
        inParts.instalments = [
            Invoice.Instalment(n: 1, dueOn: "2026-04-01", amount: Make.eur(200), open: Make.eur(200)),
            Invoice.Instalment(n: 2, dueOn: "2026-05-01", amount: Make.eur(400), open: Make.eur(150)),
        ]
        var draft = invoice("6", total: 700)
        draft.status = .draft
        var credit = invoice("7", total: -80)
        credit.kind = .creditNote
        credit.corrects = "2026-1"
        var replacement = invoice("8", total: 950)
        replacement.corrects = "2026-2"
        replacement.correction = .replacement
        return [invoice("1", total: 100), partly, settled, inParts, draft, credit, replacement].map { .invoice($0) }
    }()

    private static func invoice(_ number: String, total: Int64) -> Invoice {
        var invoice = Invoice(
            number: "2026-\(number)", kind: .invoice, currency: .eur, issuedOn: "2026-03-02",
            provenance: Provenance(Make.sharedOrigin, at: .line(2)))
        invoice.id = "INV\(number)"
        invoice.customerID = "C1"
        invoice.customerName = "Customer C1"
        invoice.total = Make.eur(total)
        invoice.dueOn = "2026-04-01"
        return invoice
    }

    private static func stage(_ documents: [Document], _ books: TestBooks, into session: Session? = nil) throws
        -> Staging
    {
        let staging = try Staging(
            folder: books.folder.url.path, company: books.company, source: "erp", reader: "csv",
            importedOn: "2026-03-31", into: session)
        for document in documents { try staging.append(document) }
        return staging
    }

    private static func run(_ books: TestBooks) -> ImportRun {
        ImportRun(
            company: books.company, source: "erp", name: "first.csv", sha256: String(repeating: "f", count: 64),
            size: 0, format: "csv", importedOn: "2026-03-31", recordedAt: TestBooks.clock, actor: "test")
    }

    @discardableResult
    private static func load(_ documents: [Document], _ books: TestBooks) throws -> ImportOutcome {
        try books.store.write { try $0.merge(stage(documents, books, into: $0), run: run(books)) }
    }

    private static let tables = [
        "invoice", "item", "log", "batch", "customer", "customer_contact", "account_version", "import_run",
        "import_count", "import_total", "document_change",
    ]

    /// Every column but the row numbers of invoices and items, which stay inside the store.
    private static func dump(_ table: String, _ books: TestBooks) throws -> [String] {
        try books.store.read { session in
            let columns = try session.rows("PRAGMA table_info(\(table))") { $0.text(1) }
                .filter { $0 != "no" || !["invoice", "item"].contains(table) }
            return try session.rows("SELECT \(columns.joined(separator: ", ")) FROM \(table)") { row in
                columns.indices.map { "\(row.value($0))" }.joined(separator: "|")
            }.sorted()
        }
    }

    private static func indexes(_ books: TestBooks) throws -> [String] {
        try books.store.read { session in
            // A table that was renamed is quoted in the definitions that name it.
            try session.rows(
                "SELECT name, REPLACE(sql, '\"', '') FROM sqlite_master WHERE type = 'index' ORDER BY name"
            ) { "\($0.text(0)) \($0.value(1))" }
        }
    }
}
