// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
import Testing
import TieoutTesting

/// One thing once: the same facts from several sources, in every order.
@Suite struct SourcesTests {
    enum Arrival: CaseIterable, Sendable { case invoices, export, bank }

    /// The same three invoices as UBL states them (no ids of ours), and as the accounting system does.
    static let ubl: [Document] = [
        Make.invoice("2026-1", 12_100, customer: nil, name: "Acme Bakery B.V.") {
            $0.payable = Make.eur(10_000)
            $0.prepaid = Make.eur(2_100)
            $0.structuredReference = "RF18539007547034"
        },
        Make.invoice("2026-2", 5_000, customer: nil, name: "Acme Bakery B.V."),
        Make.invoice("2026-3", 9_000, customer: nil, name: "Nine Ltd"),
    ]
    static let export: [Document] = [
        Make.invoice("2026-1", 12_100, id: "17", customer: "C1", name: "Acme Bakery BV", open: 4_000),
        Make.invoice("2026-2", 5_000, id: "18", customer: "C1", name: "Acme Bakery BV", open: 0),
        Make.invoice("2026-3", 9_000, id: "19", customer: "C9", name: "Nine Ltd", open: 9_000),
    ]
    static let bank: [Document] = [
        Make.payment(6_000, id: "P1", booked: "2026-03-10"), Make.payment(5_000, id: "P2", booked: "2026-03-12"),
        Make.payment(3_000, id: "P3", booked: "2026-04-02"),
    ]

    @Test(
        "UBL, the accounting export and the bank file give the same books in all six orders",
        arguments: Orders.all(Arrival.allCases))
    func everyOrder(_ order: [Arrival]) throws {
        let books = try TestBooks()
        var arrived: Set<Arrival> = []
        for arrival in order {
            switch arrival {
            case .invoices: try books.load(Self.ubl, source: "ubl", format: "ubl")
            case .export: try books.load(Self.export, source: "erp", on: "2026-03-31")
            case .bank: try books.load(Self.bank, source: "bank", format: "camt.053")
            }
            arrived.insert(arrival)
            #expect(try books.violations() == [])
            // As soon as both sides are there, matching applies the cash; it must not matter when.
            let applied = try books.store.read {
                try $0.entryList(company: "acme", filter: EntryFilter(kinds: [.applied]))
            }
            if applied.isEmpty, arrived.contains(.bank), arrived.count > 1 { try match(books) }
        }
        #expect(try books.balances() == ["2026-1/1 40.00 EUR", "2026-3/1 60.00 EUR"])
        #expect(try books.items().map(\.balance.source) == [0, 0, 0])
        #expect(try books.count("invoice") == 3)
        #expect(try books.store.read { try $0.payments(company: "acme", onlyUnapplied: true) }.isEmpty)
        #expect(try books.store.read { try $0.customers(company: "acme") }.count == 2)
        #expect(try books.violations() == [])
    }

    private func match(_ books: TestBooks) throws {
        let items = try books.items()
        func id(_ number: String) -> String { items.first { $0.number == number }?.id ?? "" }
        try books.post([
            books.apply("P1", to: id("2026-1"), 6_000, on: "2026-03-10"),
            books.apply("P2", to: id("2026-2"), 5_000, on: "2026-03-12"),
            books.apply("P3", to: id("2026-3"), 3_000, on: "2026-04-02"),
        ])
    }

    @Test("Sources that disagree are an exception, and their amounts are never added up", arguments: [true, false])
    func conflict(_ swapped: Bool) throws {
        let books = try TestBooks()
        let sources: [(String, Int64, Day)] = [("a", 100, "2026-04-01"), ("b", 110, "2026-04-15")]
        var kinds: [String] = []
        for (name, amount, due) in swapped ? sources.reversed() : sources {
            kinds += try books.load([Make.invoice("1", amount, due: due)], source: name).exceptions.map(\.kind)
        }
        #expect(kinds == ["SOURCE-CONFLICT", "SOURCE-CONFLICT"])
        #expect(try books.items().count == 1)
        #expect(try books.items().first?.balance.open == (swapped ? 110 : 100))
    }

    @Test("An amount due outranks a total even where cash was applied to the total; then a person looks")
    func payableBelowCash() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("1", 100, id: "I1"), Make.payment(90, id: "P1")])
        try books.post([books.apply("P1", to: "I1", 90, on: "2026-03-20")])
        let outcome = try books.load(
            [Make.invoice("1", 100) { $0.payable = Make.eur(80) }], source: "ubl", format: "ubl")
        #expect(outcome.exceptions.map(\.kind) == ["AMOUNT-BELOW-SETTLED"])
        #expect(try books.items().first?.balance.open == 0)
        #expect(try books.violations() == [])
    }

    @Test("One receipt in the bank's statement and in the source's records is one receipt")
    func receipts() throws {
        let books = try TestBooks()
        try books.load(
            [
                Make.payment(100, id: "B1", booked: "2026-03-10") { $0.endToEndID = "E2E-1" },
                Make.payment(200, id: "B2", booked: "2026-03-10") { $0.structuredReference = "RF18539007547034" },
                Make.payment(300, id: "B3", booked: "2026-03-10") { $0.endToEndID = "NOTPROVIDED" },
            ], source: "NL1", format: "camt.053")
        let outcome = try books.load(
            [
                Make.payment(100, id: "77", booked: "2026-03-11") { $0.endToEndID = "E2E-1" },
                Make.payment(200, id: "78", booked: "2026-03-10") { $0.structuredReference = "RF18539007547034" },
                Make.payment(300, id: "79", booked: "2026-03-10") { $0.endToEndID = "NOTPROVIDED" },
            ], source: "erp")
        #expect(outcome.payments.unchanged == 2 && outcome.payments.new == 1)
        #expect(try books.count("payment") == 4)
        let evidence = try books.store.read { session in
            let found = try #require(try session.resolve(company: "acme", "B1").first)
            return try session.origins(company: "acme", found).map(\.evidence)
        }
        #expect(evidence == ["first", "END-TO-END"])
    }

    @Test("A replacement closes what is open of the original, whichever came first", arguments: [true, false])
    func replacement(_ originalFirst: Bool) throws {
        let books = try TestBooks()
        let original = Make.invoice("1", 100, id: "I1")
        let replacement = Make.invoice("2", 90, id: "I2", issued: "2026-03-09") {
            $0.corrects = "1"
            $0.correction = .replacement
        }
        try books.load([originalFirst ? original : replacement])
        try books.load([originalFirst ? replacement : original], on: "2026-04-01")
        #expect(try books.balances() == ["2/1 0.90 EUR"])
        #expect(try books.violations() == [])
    }

    @Test("A later as-of day moves what may be inside the stated amount")
    func laterStatement() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("1", 100, id: "I1", open: 50)], on: "2026-03-10")
        try books.load([Make.payment(50, id: "P1", booked: "2026-03-20")], source: "bank")
        try books.post([books.apply("P1", to: "I1", 50, on: "2026-03-20")])
        #expect(try books.items().first?.balance.open == 0)
        try books.load([Make.invoice("1", 100, id: "I1", open: 50)], on: "2026-03-31")
        #expect(try books.items().first?.balance.open == 50)
        #expect(try books.violations() == [])
    }

    @Test("An open amount at cut-over is the same whatever source came first", arguments: [true, false])
    func cutOverOrder(_ ublFirst: Bool) throws {
        var books = try TestBooks()
        books.company.cutOver = "2026-01-31"
        func ubl() throws {
            try books.load([Make.invoice("1", 100, issued: "2026-01-10") { $0.payable = Make.eur(100) }], source: "ubl")
        }
        if ublFirst { try ubl() }
        try books.load([Make.invoice("1", 100, id: "9", issued: "2026-01-10", open: 40)], source: "erp", format: "xlsx")
        if !ublFirst { try ubl() }
        let item = try #require(try books.items().first)
        #expect(item.balance.amount == 40 && item.balance.open == 40)
        #expect(try books.violations() == [])
    }
}

@Suite struct SnapshotTests {
    let books: TestBooks

    init() throws {
        books = try TestBooks()
        try books.load((1...40).map { Make.invoice("\($0)", 100, id: "I\($0)", open: 100) }, on: "2026-03-01")
    }

    private func list(_ numbers: some Sequence<Int>) -> [Document] {
        numbers.map { Make.invoice("\($0)", 100, id: "I\($0)", open: 100) }
    }

    private func control(_ amount: Int64) -> Balance {
        Balance(asOf: "2026-03-31", amount: Make.eur(amount), provenance: Provenance(Make.origin(), at: .line(99)))
    }

    @Test("What a complete list does not show any more is closed by source, cause unknown")
    func closes() throws {
        let outcome = try books.load(list(2...40), snapshot: .init(), controls: [control(3_900)])
        #expect(outcome.exceptions.map(\.kind) == ["CLOSED-BY-SOURCE"])
        let item = try #require(try books.store.read { try $0.item(company: "acme", id: "I1") })
        #expect(item.balance.open == 0 && item.balance.cash == 0 && item.balance.source == 100)
        #expect(try books.violations() == [])
    }

    @Test("Cash that arrives later takes the place of what the source closed")
    func laterCash() throws {
        try books.load(list(2...40), snapshot: .init(), controls: [control(3_900)])
        try books.load([Make.payment(100, id: "P1", booked: "2026-03-15")], source: "bank")
        try books.post([books.apply("P1", to: "I1", 100, on: "2026-03-15")])
        let item = try #require(try books.store.read { try $0.item(company: "acme", id: "I1") })
        #expect(item.balance.open == 0 && item.balance.cash == 100 && item.balance.source == 0)
        #expect(try books.violations() == [])
    }

    @Test(
        "A list without a control total, with a wrong one, or with too large a drop lands nothing",
        arguments: [
            ("SNAPSHOT-NO-CONTROL", 2, nil as Int64?), ("SNAPSHOT-CONTROL", 2, 3_800), ("SNAPSHOT-DROP", 10, 3_100),
        ])
    func refuses(_ code: String, _ first: Int, _ total: Int64?) throws {
        let before = try books.count("log")
        let refusal = #expect(throws: ImportRefusal.self) {
            try books.load(list(first...40), snapshot: .init(), controls: total.map { [control($0)] } ?? [])
        }
        #expect(refusal?.faults.map(\.code) == [code])
        #expect(try books.count("log") == before)
    }

    @Test("--accept-drop takes a large drop as it is")
    func acceptsDrop() throws {
        let outcome = try books.load(list(30...40), snapshot: .init(acceptDrop: true), controls: [control(1_100)])
        #expect(outcome.exceptions.count == 29)
        #expect(try books.items(onlyOpen: true).count == 11)
        #expect(try books.violations() == [])
    }

    @Test(
        "What a list names again is open again, whatever its day and whether its row changed",
        arguments: [("2026-03-31", 100), ("2026-04-02", 100), ("2026-04-02", 90)] as [(Day, Int64)])
    func listedAgain(_ day: Day, _ open: Int64) throws {
        let without = try books.load(list(2...40), on: "2026-03-31", snapshot: .init(), controls: [control(3_900)])
        try books.store.write { session in
            for told in without.exceptions {
                let record = ExceptionRecord(
                    told.kind, company: "acme", subject: told.subject, message: told.message, dueOn: "2026-04-02")
                try session.raise(record, on: "2026-03-31", at: TestBooks.clock)
            }
        }
        let all = list(2...40) + [Make.invoice("1", 100, id: "I1", open: open)]
        try books.load(all, on: day, snapshot: .init(), controls: [control(3_900 + open)])
        let item = try #require(try books.store.read { try $0.item(company: "acme", id: "I1") })
        #expect(item.balance.open == open && item.balance.stated == open && item.balance.statedAsOf == day)
        #expect(try books.violations() == [])
        #expect(try books.count("exception") == 1 && books.count("exception WHERE state = 'open'") == 0)
        let entries = try books.count("log")
        try books.load(all, bytes: "again", on: day, snapshot: .init(), controls: [control(3_900 + open)])
        #expect(try books.count("log") == entries)
    }

    @Test("Another source's items are none of this list's business")
    func scope() throws {
        try books.load([Make.invoice("X", 700, id: "X")], source: "other")
        try books.load(list(1...40), snapshot: .init(), controls: [control(4_000)])
        #expect(try books.items(onlyOpen: true).count == 41)
    }
}
