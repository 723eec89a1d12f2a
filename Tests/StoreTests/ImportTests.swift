// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
import Testing
import TieoutTesting

@Suite struct ImportTests {
    let books: TestBooks

    init() throws { books = try TestBooks() }

    @Test("The same bytes again change nothing and say so")
    func sameBytes() throws {
        let first = try books.load([Make.invoice("1", 100)], bytes: "x")
        let again = try books.load([Make.invoice("1", 100)], bytes: "x")
        #expect(!first.alreadyImported && again.alreadyImported)
        #expect(again.importNo == first.importNo)
        #expect(try books.count("log") == 1)
        #expect(try books.count("import_run") == 1)
    }

    @Test("A re-export counts what is new, changed and unchanged, and a change is recorded with both values")
    func reexport() throws {
        try books.load([Make.invoice("1", 100, id: "I1"), Make.invoice("2", 200, id: "I2")])
        let outcome = try books.load([
            Make.invoice("1", 100, id: "I1"), Make.invoice("2", 250, id: "I2"), Make.invoice("3", 300, id: "I3"),
        ])
        #expect(outcome.invoices.new == 1 && outcome.invoices.changed == 1 && outcome.invoices.unchanged == 1)
        #expect(try books.balances() == ["1/1 1.00 EUR", "2/1 2.50 EUR", "3/1 3.00 EUR"])
        let changes = try books.store.read { try $0.changes(company: "acme", id: "I2") }
        #expect(changes.map(\.field) == ["total"])
        #expect(changes.first?.before == "200" && changes.first?.after == "250")
        #expect(try books.violations() == [])
    }

    @Test("A dry run counts the same and leaves nothing")
    func dryRun() throws {
        let documents = [Make.invoice("1", 100), Make.payment(50)]
        let dry = try books.load(documents, dryRun: true)
        #expect(dry.invoices.new == 1 && dry.payments.new == 1)
        for table in ["log", "item", "invoice", "payment", "customer", "import_run", "batch", "original"] {
            #expect(try books.count(table) == 0, "\(table)")
        }
        let real = try books.load(documents)
        #expect(real.invoices.new == 1 && !real.alreadyImported)
    }

    @Test("Two identical genuine payments stay two; an overlapping re-export adds none; a late older row comes in")
    func occurrences() throws {
        let coffee = Make.payment(350, booked: "2026-03-05", text: "coffee")
        try books.load([coffee, coffee, Make.payment(900, booked: "2026-03-06")])
        #expect(try books.count("payment") == 2 + 1)
        let overlap = try books.load([
            Make.payment(400, booked: "2026-03-01", text: "late"), coffee, coffee,
            Make.payment(900, booked: "2026-03-06"), Make.payment(100, booked: "2026-03-07"),
        ])
        #expect(overlap.payments.new == 2 && overlap.payments.unchanged == 3)
        let third = try books.load([coffee, coffee, coffee])
        #expect(third.payments.new == 1)
        #expect(try books.count("payment") == 6)
        #expect(try books.violations() == [])
    }

    @Test("Rows in another order are the same rows")
    func order() throws {
        let rows = [
            Make.payment(1, booked: "2026-03-05"), Make.payment(2, booked: "2026-03-05"),
            Make.payment(1, booked: "2026-03-05"), Make.payment(3, booked: "2026-03-06"),
        ]
        try books.load(rows)
        let outcome = try books.load(Array(rows.reversed()))
        #expect(outcome.payments.new == 0 && outcome.payments.unchanged == 4)
    }

    @Test("Two rows with one number and no id stay two invoices, and a person hears of it")
    func repeatedNumber() throws {
        let outcome = try books.load([Make.invoice("7", 100), Make.invoice("7", 100)])
        #expect(outcome.invoices.new == 2)
        #expect(outcome.exceptions.map(\.kind) == ["NUMBER-REPEATED"])
        #expect(try books.items().map(\.balance.open) == [100, 100])
        #expect(
            try books.load([Make.invoice("7", 100), Make.invoice("7", 100)], on: "2026-04-01").invoices.unchanged == 2)
    }

    @Test("Of two rows with one source id the last counts, with a warning at the first")
    func repeatedID() throws {
        let outcome = try books.load([
            Make.invoice("7", 100, id: "A", line: 2), Make.invoice("7", 120, id: "A", line: 3),
        ])
        #expect(outcome.invoices.new == 1)
        #expect(outcome.faults.map(\.code) == ["ID-REPEATED"])
        #expect(outcome.faults.first?.at == .line(2))
        #expect(try books.items().map(\.balance.open) == [120])
    }

    @Test("An id that another book uses for another invoice is kept apart by its source")
    func takenID() throws {
        try books.load([Make.invoice("1", 100, id: "X")], source: "a")
        try books.load([Make.invoice("2", 200, id: "X")], source: "b")
        #expect(try books.items().map(\.id) == ["X", "b:X"])
        let again = try books.load([Make.invoice("2", 210, id: "X")], source: "b", on: "2026-04-01")
        #expect(again.invoices.changed == 1)
        #expect(try books.balances() == ["1/1 1.00 EUR", "2/1 2.10 EUR"])
    }

    @Test("One number in two years, or of two kinds, are different documents")
    func numbers() throws {
        try books.load([
            Make.invoice("1", 100, issued: "2025-12-31"), Make.invoice("1", 200, issued: "2026-01-01"),
            Make.invoice("1", -50, issued: "2026-01-01", kind: .creditNote),
        ])
        #expect(try books.items().map(\.balance.open).sorted() == [-50, 100, 200])
    }

    @Test("Drafts are kept and not entered; issued later they enter")
    func drafts() throws {
        let draft = Make.invoice("1", 100, id: "I1") { $0.status = .draft }
        try books.load([draft])
        #expect(try books.items().isEmpty)
        try books.load([Make.invoice("1", 100, id: "I1")], on: "2026-04-01")
        #expect(try books.items().map(\.balance.open) == [100])
        #expect(try books.violations() == [])
    }

    @Test("A void closes what is open; with cash on it a person must look")
    func void() throws {
        try books.load([
            Make.invoice("1", 100, id: "I1"), Make.invoice("2", 100, id: "I2"), Make.payment(60, id: "P1"),
        ])
        try books.post([books.apply("P1", to: "I2", 60, on: "2026-03-20")])
        let outcome = try books.load(
            ["1", "2"].map { number in Make.invoice(number, 100, id: "I\(number)") { $0.status = .void } },
            on: "2026-04-01")
        #expect(try books.items().map(\.balance.open) == [0, 0])
        #expect(outcome.exceptions.map(\.kind) == ["VOID-WITH-CASH"])
        #expect(outcome.exceptions.first?.subject == "I2")
        #expect(try books.violations() == [])
    }

    @Test("Every instalment is an open item; an open amount was paid on the earliest first")
    func instalments() throws {
        try books.load([
            Make.invoice("1", 300, id: "I1", open: 250) {
                $0.instalments = [
                    .init(n: 1, dueOn: "2026-04-01", amount: Make.eur(100)),
                    .init(n: 2, dueOn: "2026-05-01", amount: Make.eur(200)),
                ]
            }
        ])
        let items = try books.items()
        #expect(items.map(\.id) == ["I1/1", "I1/2"])
        #expect(items.map(\.balance.open) == [50, 200])
        #expect(items.map(\.dueOn) == ["2026-04-01", "2026-05-01"])
        #expect(try books.violations() == [])
    }

    @Test("Instalments that do not sum are one item and a warning")
    func wrongInstalments() throws {
        let outcome = try books.load([
            Make.invoice("1", 300, id: "I1") {
                $0.instalments = [
                    .init(n: 1, dueOn: "2026-04-01", amount: Make.eur(100)),
                    .init(n: 2, dueOn: "2026-05-01", amount: Make.eur(100)),
                ]
            }
        ])
        #expect(outcome.faults.map(\.code) == ["INSTALMENTS-SUM"])
        #expect(try books.items().map(\.balance.open) == [300])
    }

    @Test("At cut-over an item enters once, at the source's open amount; older cash stays outside the ledger")
    func cutOver() throws {
        var books = books
        books.company.cutOver = "2026-01-31"
        try books.load([
            Make.invoice("1", 100, id: "I1", issued: "2026-01-10", open: 40),
            Make.invoice("2", 100, id: "I2", issued: "2026-01-10", open: 0),
            Make.invoice("3", 100, id: "I3", issued: "2026-02-10"),
            Make.payment(60, id: "P1", booked: "2026-01-20"), Make.payment(70, id: "P2", booked: "2026-02-20"),
        ])
        let entries = try books.store.read { try $0.entryList(company: "acme").map(\.entry) }.filter(\.movesMoney)
        #expect(entries.map(\.kind) == [.opening, .invoiced, .received])
        #expect(entries.map(\.amount) == [40, 100, 70])
        #expect(entries.first?.postingDay == "2026-01-31")
        #expect(try books.count("payment") == 2)
        #expect(try books.violations() == [])
    }

    @Test("A pending payment is no cash; booked later it is, and failed again it is not")
    func pending() throws {
        func state(_ status: Payment.Status, on day: Day) throws -> Int64 {
            try books.load([Make.payment(60, id: "P1") { $0.status = status }], on: day)
            return try #require(try books.store.read { try $0.payment(company: "acme", id: "P1") }).balance.unapplied
        }
        #expect(try state(.pending, on: "2026-03-01") == 0)
        #expect(try state(.booked, on: "2026-03-02") == 60)
        #expect(try state(.failed, on: "2026-03-03") == 0)
        #expect(try books.violations() == [])
    }

    @Test("A payment that is spent cannot shrink behind our back")
    func spentPaymentShrinks() throws {
        try books.load([Make.invoice("1", 100, id: "I1"), Make.payment(60, id: "P1")])
        try books.post([books.apply("P1", to: "I1", 60, on: "2026-03-20")])
        let outcome = try books.load([Make.payment(50, id: "P1")], on: "2026-04-01")
        #expect(outcome.exceptions.map(\.kind) == ["PAYMENT-CHANGED"])
        #expect(try books.store.read { try $0.payment(company: "acme", id: "P1") }?.balance.booked == 60)
        #expect(try books.violations() == [])
    }

    @Test("A program that was just started says so of a spent payment too, and reads on")
    func spentPaymentShrinksLater() throws {
        try books.load([
            Make.invoice("1", 100, id: "I1"), Make.payment(60, id: "P1"), Make.payment(70, id: "P2"),
        ])
        try books.post([books.apply("P1", to: "I1", 60, on: "2026-03-20")])
        var later = books
        later.store = try StoreFile(path: books.path, keepOriginals: true)
        let outcome = try later.load([Make.payment(50, id: "P1"), Make.payment(80, id: "P2")], on: "2026-04-01")
        #expect(outcome.exceptions.map(\.kind) == ["PAYMENT-CHANGED", "PAYMENT-CHANGED"])
        #expect(try later.store.read { try $0.payment(company: "acme", id: "P1") }?.balance.booked == 60)
        #expect(try later.store.read { try $0.payment(company: "acme", id: "P2") }?.balance.booked == 80)
        #expect(try later.violations() == [])
    }

    @Test("Money that went out waits to be identified; it is a return only where it takes something back")
    func outgoing() throws {
        let outcome = try books.load([Make.payment(-60, id: "P1")])
        #expect(outcome.totals[.eur] == nil)
        let waiting = try books.store.read { try $0.payments(company: "acme", onlyUnapplied: true) }
        #expect(waiting.map(\.id) == ["P1"])
        #expect(try books.store.read { try $0.entryList(company: "acme") }.map(\.entry.kind) == [.paidOut])
    }

    @Test("A statement of an account that is not ours refuses the file; another seller's invoice is left out")
    func notOurs() throws {
        var books = books
        books.company.accounts = [Company.Account(id: "NL91ABNA0417164300")]
        books.company.taxID = "NL123456789B01"
        let refusal = #expect(throws: ImportRefusal.self) {
            try books.load([Make.payment(1) { $0.account = "DE89370400440532013000" }])
        }
        #expect(refusal?.faults.map(\.code) == ["NOT-OURS"])
        let outcome = try books.load([
            Make.payment(1) { $0.account = "NL91 ABNA 0417 1643 00" },
            Make.invoice("1", 100) { $0.sellerTaxID = "NL123456789B01" },
            Make.invoice("2", 100) { $0.sellerTaxID = "DE999999999" },
        ])
        #expect(outcome.faults.map(\.code) == ["NOT-OURS"])
        #expect(outcome.invoices.new == 1 && outcome.payments.new == 1)
    }

    @Test("What belongs to a closed month posts on the first open day, as prior period")
    func priorPeriod() throws {
        try books.load([Make.invoice("1", 100, id: "I1")])
        _ = try books.store.write {
            try $0.closeMonth(company: "acme", Month(of: "2026-03-01"), at: TestBooks.clock, actor: "mia")
        }
        try books.load(
            [Make.invoice("2", 200, id: "I2", issued: "2026-03-15"), Make.payment(5, id: "P", booked: "2026-03-30")],
            on: "2026-04-02")
        let late = try books.store.read { try $0.entryList(company: "acme").map(\.entry) }.filter(\.isPriorPeriod)
        #expect(late.map(\.amount) == [200, 5])
        #expect(late.map(\.postingDay) == ["2026-04-01", "2026-04-01"])
        #expect(late.map(\.businessDay) == ["2026-03-15", "2026-03-30"])
        #expect(try books.violations() == [])
    }

    @Test(
        "Customers: an update is recorded by field, never by value; the invoice's buyer makes a customer that is missing"
    )
    func customers() throws {
        var customer = Customer(id: "C1", provenance: Provenance(Make.origin(), at: .line(2)))
        customer.name = "Acme Bakery BV"
        customer.phone = "+31600000000"
        #expect(try books.load([.customer(customer)]).customers.new == 1)
        #expect(try books.load([.customer(customer)], on: "2026-04-01").customers.unchanged == 1)
        customer.phone = "+31611111111"
        #expect(try books.load([.customer(customer)], on: "2026-04-02").customers.changed == 1)
        let change = try #require(try books.store.read { try $0.changes(company: "acme", id: "C1") }.first)
        #expect(change.field == "phone" && change.before == nil && change.after == nil)
        try books.load([Make.invoice("1", 100, customer: "C9", name: "Nine Ltd")], on: "2026-04-03")
        let stored = try books.store.read { try $0.customers(company: "acme") }
        #expect(stored.map(\.customer.id) == ["C1", "C9"])
        #expect(stored.map(\.customer.name) == ["Acme Bakery BV", "Nine Ltd"])
        #expect(stored.first?.customer.phone == "+31611111111")
    }

    @Test("A promise in a file is kept once; a changed one is for a person")
    func promises() throws {
        func promise(_ day: Day) -> Document {
            var record = PromiseRecord(
                amount: Make.eur(100), promisedFor: day, promisedOn: "2026-03-01",
                provenance: Provenance(Make.origin(), at: .line(2)))
            record.id = "R1"
            return .promise(record)
        }
        #expect(try books.load([promise("2026-04-10")]).newPromises == ["R1"])
        #expect(try books.load([promise("2026-04-10")], on: "2026-04-01").promises.unchanged == 1)
        let changed = try books.load([promise("2026-04-20")], on: "2026-04-02")
        #expect(changed.exceptions.map(\.kind) == ["PROMISE-CHANGED"])
        #expect(try books.store.read { try $0.promiseRecord(company: "acme", id: "R1") }?.promisedFor == "2026-04-10")
    }

    @Test("Explain leads from an item to the bytes")
    func explain() throws {
        try books.load([Make.invoice("2026-7", 100, line: 5)], bytes: "the file")
        let (kinds, origin) = try books.store.read { session in
            let found = try #require(try session.resolve(company: "acme", "2026-7").first)
            let item = try #require(found.items.first)
            return (
                try session.entryList(company: "acme", filter: EntryFilter(item: item)).map(\.entry.kind),
                try #require(try session.origins(company: "acme", found).first)
            )
        }
        #expect(kinds == [.invoiced])
        #expect(Position(text: origin.position) == .line(5))
        #expect(try books.store.original(sha256: origin.sha256) == [UInt8]("the file".utf8))
    }

    @Test("Coverage knows the frames of statements and the days of plain rows")
    func frames() throws {
        var statement = Documents.Statement(
            account: "NL1", currency: .eur, provenance: Provenance(Make.origin(), at: .file))
        statement.from = "2026-03-02"
        statement.to = "2026-03-02"
        statement.openingBalance = Make.eur(0)
        statement.closingBalance = Make.eur(5)
        try books.load(
            [.statement(statement), Make.payment(5, booked: "2026-03-02") { $0.account = "NL1" }], source: "NL1")
        try books.load([Make.payment(6, booked: "2026-03-03")], source: "other")
        let read = try books.store.read { session in
            try session.statementAccounts(company: "acme").map { try session.frames(company: "acme", account: $0) }
        }
        #expect(read.map(\.count) == [1, 1])
        #expect(read.first?.first?.closing == 5 && read.last?.first?.closing == nil)
    }
}
