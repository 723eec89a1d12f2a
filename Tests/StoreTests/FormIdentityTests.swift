// SPDX-License-Identifier: Apache-2.0
import Documents
import Store
import Testing

/// The same days of one account as camt.053, as MT940 and as a bank's table.
@Suite("One account in several forms is booked once")
struct FormIdentityTests {
    struct Entry: Sendable {
        var amount: Int64
        var day: Day = "2026-03-10"
        var payer: String?
        var text: String?
        var endToEnd: String?
        var reference: String?
        var whole: Int64?
    }

    /// One form's file.
    struct Form: Sendable, CustomTestStringConvertible {
        var reader: String
        var entries: [Entry]
        /// Minor units before the first entry; nil for the rows of a table.
        var opening: Int64?
        var account = "NL91ABNA0417164300"
        var days: (from: Day, to: Day) = ("2026-03-10", "2026-03-11")
        var testDescription: String { "\(reader) \(entries.count)" }

        var documents: [Document] {
            let payments = entries.enumerated().map { line, entry in
                // Each bank's form names an entry in its own way.
                let id = entry.reference.map { reader == "mt940" ? "\($0)/\(entry.day)/\(entry.amount)" : $0 }
                return Make.payment(
                    entry.amount, id: entry.whole == nil ? id : id.map { "\($0)/\(line)" }, booked: entry.day,
                    payer: reader == "camt.053" ? "Bakker Zonneveld N.V." : "BAKKER ZONNEVELD NV",
                    text: entry.text.map { reader == "table" ? "\($0)." : $0 },
                    line: line + 2
                ) {
                    $0.account = account
                    $0.payerAccount = entry.payer
                    $0.endToEndID = entry.endToEnd
                    $0.entryReference = reader == "table" ? nil : entry.reference
                    $0.entryAmount = entry.whole.map { Make.eur($0) }
                }
            }
            guard let opening else { return payments }
            var statement = Statement(
                account: account, currency: .eur, provenance: Provenance(Make.origin(reader), at: .line(99)))
            let sum = entries.reduce(0) { $0 + $1.amount }
            (statement.openingBalance, statement.closingBalance) = (Make.eur(opening), Make.eur(opening + sum))
            (statement.openingOn, statement.closingOn) = (days.from, days.to)
            (statement.from, statement.to) = (days.from, days.to)
            statement.bookedCredits = Make.eur(sum)
            return payments + [.statement(statement)]
        }
    }

    private func load(
        _ books: TestBooks, _ form: Form, _ overlap: ImportRun.Overlap? = nil, bytes: String? = nil
    ) throws -> ImportOutcome {
        try books.load(
            form.documents, source: form.reader == "table" ? "accounting" : "documents",
            format: form.reader == "table" ? "csv" : form.reader, mapping: form.reader == "table" ? "table" : nil,
            bytes: bytes ?? "\(form.reader) \(form.entries)", overlap: overlap)
    }

    private func cash(_ books: TestBooks) throws -> [Int64] {
        #expect(try books.violations() == [])
        return try books.store.read { session in
            try session.rows("SELECT booked FROM payment WHERE booked <> 0 ORDER BY booked") { $0.int(0) }
        }
    }

    /// What was refused, and that nothing of it landed.
    private func refusal(_ books: TestBooks, _ form: Form) throws -> String {
        let before = try cash(books)
        let refusal = try #require(throws: ImportRefusal.self) { try load(books, form) }
        #expect(try cash(books) == before)
        #expect(refusal.faults.map(\.code) == ["STATEMENT-OVERLAP"])
        return refusal.faults.map(\.message).joined()
    }

    // MARK: The same

    static let entries = [
        Entry(amount: 61_244, text: "Factuur FJ-1001", reference: "TB2603100000017"),
        Entry(amount: 5_000, day: "2026-03-11", text: "x", reference: "TB2603110000019"),
        Entry(amount: 5_000, day: "2026-03-11", text: "x", reference: "TB2603110000020"),
    ]

    static let unnamed = entries.map { entry -> Entry in
        var entry = entry
        (entry.reference, entry.text) = (nil, "/ORDP/\(entry.text ?? "")")
        return entry
    }

    static func forms(_ entries: [Entry]) -> [Form] {
        [
            Form(reader: "camt.053", entries: Self.entries, opening: 100_000),
            Form(reader: "mt940", entries: entries, opening: 100_000), Form(reader: "table", entries: unnamed),
        ]
    }

    static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    @Test("Three forms are booked once in every order, and are told; again they change nothing", arguments: orders)
    func once(_ order: [Int]) throws {
        for entries in [Self.entries, Self.unnamed] {
            let books = try TestBooks()
            let forms = order.map { Self.forms(entries)[$0] }
            for (number, form) in forms.enumerated() {
                let outcome = try load(books, form)
                #expect(outcome.payments.new == (number == 0 ? 3 : 0))
                #expect(outcome.faults.map(\.code) == (number == 0 ? [] : ["STATEMENT-KNOWN"]))
            }
            #expect(try cash(books) == [5_000, 5_000, 61_244])
            for form in forms.reversed() {
                let again = try load(books, form, bytes: "again \(form.reader)")
                #expect(again.payments.new == 0 && again.payments.changed == 0 && again.payments.unchanged == 3)
            }
            #expect(try cash(books) == [5_000, 5_000, 61_244])
        }
    }

    @Test("The fault names file, days and number")
    func told() throws {
        let books = try TestBooks()
        _ = try load(books, Self.forms(Self.entries)[0])
        let fault = try #require(try load(books, Self.forms(Self.entries)[1]).faults.first)
        #expect(
            fault.message
                == "of the account NL91ABNA0417164300 (EUR), 3 entries from 2026-03-10 to 2026-03-11 are in the "
                + "books already from file.camt.053 (camt.053), and counted once")
    }

    @Test("An account that one form shows in part is the same; another one is another")
    func accounts() throws {
        let books = try TestBooks()
        var form = Self.forms(Self.unnamed)[1]
        _ = try load(books, Self.forms(Self.entries)[0])
        form.account = "0417164300"
        #expect(try load(books, form).payments.new == 0)
        form.account = "DE89370400440532013000"
        #expect(try load(books, form, bytes: "other").payments.new == 3)
    }

    @Test("Days that no form stated are new")
    func laterDays() throws {
        let books = try TestBooks()
        _ = try load(books, Self.forms(Self.entries)[0])
        var later = Self.forms(Self.unnamed)[1]
        later.entries.append(Entry(amount: 5_000, day: "2026-03-12", text: "x"))
        later.days.to = "2026-03-12"
        #expect(try load(books, later).payments.new == 1)
        #expect(try cash(books) == [5_000, 5_000, 5_000, 61_244])
    }

    @Test("The parts of a batch in one form are its total in the other", arguments: [[0, 1], [1, 0]])
    func batch(_ order: [Int]) throws {
        let parts = [
            Entry(amount: 6_000, text: "INV-1", reference: "B7", whole: 10_000),
            Entry(amount: 4_000, text: "INV-2", reference: "B7", whole: 10_000),
        ]
        let forms = [
            Form(reader: "camt.053", entries: parts, opening: 0),
            Form(reader: "mt940", entries: [Entry(amount: 10_000, reference: "0001")], opening: 0),
        ]
        let books = try TestBooks()
        for place in order { _ = try load(books, forms[place]) }
        #expect(try cash(books) == [4_000, 6_000])
    }

    @Test("A statement that names no days is known by its entries")
    func undated() throws {
        let books = try TestBooks()
        var form = Self.forms(Self.unnamed)[1]
        form.days = ("2026-03-09", "2026-03-09")
        _ = try load(books, form)
        #expect(try load(books, Self.forms(Self.entries)[0]).payments.new == 0)
    }

    // MARK: A part of it

    @Test("A proven statement completes the rows of a table, and a table of some rows adds nothing to it")
    func part() throws {
        let whole = Form(
            reader: "camt.053", entries: [Entry(amount: 5_000, payer: "DE01"), Entry(amount: 7_000, payer: "DE02")],
            opening: 0)
        let some = Form(reader: "table", entries: [Entry(amount: 5_000)])
        for forms in [[some, whole], [whole, some]] {
            let books = try TestBooks()
            for form in forms { _ = try load(books, form) }
            #expect(try cash(books) == [5_000, 7_000])
        }
    }

    @Test("Of two equal amounts the one that is known must be told by more than its amount")
    func equals() throws {
        let whole = Form(
            reader: "camt.053",
            entries: [
                Entry(amount: 5_000, payer: "NL02RABO0123456789"), Entry(amount: 5_000, payer: "NL44INGB0001234567"),
            ],
            opening: 0)
        for payer in ["NL44INGB0001234567", nil] {
            let books = try TestBooks()
            _ = try load(books, Form(reader: "table", entries: [Entry(amount: 5_000, payer: payer)]))
            if payer != nil {
                _ = try load(books, whole)
                let accounts = try books.store.read { session in
                    try session.rows(
                        "SELECT payer_account FROM payment_text t JOIN payment p ON p.no = t.payment ORDER BY 1"
                    ) { $0.text(0) }
                }
                #expect(accounts == ["NL02RABO0123456789", "NL44INGB0001234567"])
            } else {
                // All names are one here, so names do not tell them apart either.
                var unknown = whole
                unknown.entries = [Entry(amount: 5_000), Entry(amount: 5_000)]
                unknown.reader = "mt940"
                let nameless = try TestBooks()
                try nameless.load(
                    [Make.payment(5_000, booked: "2026-03-10", payer: nil) { $0.account = whole.account }],
                    source: "accounting", mapping: "table")
                _ = try refusal(nameless, unknown)
            }
        }
    }

    // MARK: Contradictions

    static let known = Form(
        reader: "camt.053", entries: [Entry(amount: 5_000, payer: "NL02RABO0123456789"), Entry(amount: 7_000)],
        opening: 10_000)

    static let contradictions: [Form] = [
        // One more than there, one less, and one on another day.
        Form(reader: "mt940", entries: [5_000, 7_000, 7_000].map { Entry(amount: $0) }, opening: 10_000),
        Form(reader: "mt940", entries: [Entry(amount: 5_000)], opening: 10_000),
        Form(
            reader: "mt940", entries: [Entry(amount: 5_000), Entry(amount: 7_000, day: "2026-03-11")],
            opening: 10_000),
        // Somebody else's money of the same amount.
        Form(
            reader: "mt940", entries: [Entry(amount: 5_000, payer: "NL44INGB0001234567"), Entry(amount: 7_000)],
            opening: 10_000),
        // The same entries from where the other statement ended.
        Form(reader: "mt940", entries: [Entry(amount: 5_000), Entry(amount: 7_000)], opening: 22_000),
        // Rows that the statement does not have.
        Form(reader: "table", entries: [Entry(amount: 5_000), Entry(amount: 9_900)]),
    ]

    @Test("Where two forms do not state one account, the file is refused as a whole", arguments: contradictions)
    func contradiction(_ form: Form) throws {
        let books = try TestBooks()
        _ = try load(books, Self.known)
        let message = try refusal(books, form)
        #expect(message.contains("from file.camt.053 (camt.053)") && message.contains(" here"), "\(message)")
    }

    @Test("A person says that they are the same account, or other payments, also later")
    func answers() throws {
        let more = Self.contradictions[0]
        for (answer, expected) in [
            (ImportRun.Overlap.same, [5_000, 7_000, 7_000]), (.other, [5_000, 5_000, 7_000, 7_000, 7_000]),
        ] as [(ImportRun.Overlap, [Int64])] {
            let books = try TestBooks()
            _ = try load(books, Self.known)
            _ = try load(books, more, answer)
            #expect(try cash(books) == expected)
            _ = try load(books, more, answer)
            #expect(try cash(books) == expected)
        }
        let books = try TestBooks()
        _ = try load(books, Self.known)
        let same = Form(reader: "mt940", entries: [Entry(amount: 5_000), Entry(amount: 7_000)], opening: 10_000)
        #expect(try load(books, same).payments.new == 0)
        #expect(try load(books, same, .other).payments.new == 2)
        #expect(try cash(books) == [5_000, 5_000, 7_000, 7_000])
    }

    @Test("A collection's report and a pull are no form of a statement")
    func others() throws {
        let books = try TestBooks()
        _ = try load(books, Self.known)
        var titles = Self.contradictions[0]
        (titles.reader, titles.opening) = ("cnab", nil)
        #expect(try load(books, titles).payments.new == 3)
    }
}
