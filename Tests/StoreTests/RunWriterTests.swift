// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store
import Testing

/// Decisions that are written beside the deciding, some at a time: the rows must not tell.
@Suite struct RunWriterTests {
    private static let tables = [
        "log", "batch", "item_row", "item_settled", "payment_row", "payment_balance", "decision", "decision_line",
        "account_version", "exception",
    ]

    private static func books() throws -> TestBooks {
        let books = try TestBooks()
        try books.load([
            Make.invoice("1", 10_000, id: "I1"), Make.invoice("2", 5_000, id: "I2", customer: "C2", name: "Other Ltd"),
            Make.invoice("3", 8_000, id: "I3", open: 3_000), Make.invoice("CN4", -1_000, id: "CN4", kind: .creditNote),
            Make.payment(6_000, id: "P1"), Make.payment(4_500, id: "P2"), Make.payment(5_000, id: "P3"),
            Make.payment(3_000, id: "P4"), Make.payment(700, id: "P5"),
            Make.payment(-500, id: "P6"),
        ])
        return books
    }

    private static let info = BatchInfo(
        company: "acme", kind: "reconcile", recordedAt: TestBooks.clock, actor: "reconcile", rule: "RECONCILE")

    private static func ruling(_ decision: Decision, _ cash: Session.UndecidedCash) -> Ruling {
        let amount = cash.amount
        let id = "D-" + decision.paymentID
        return Ruling(
            StoredDecision(
                id: id, decision: decision, state: decision.verdict == .auto ? .committed : .waiting, amount: amount,
                decidedOn: "2026-03-31", recordedAt: info.recordedAt, actor: "reconcile"),
            cash: Booking.Cash(
                id: decision.paymentID, amount: amount, postingDay: cash.postingDay, isBooked: cash.isBooked),
            booking: Booking(
                company: "acme", period: Period(), decision: id, recordedAt: info.recordedAt, actor: "reconcile"),
            isBooked: decision.verdict == .auto,
            customer: decision.customerID,
            exception: decision.rule == .duplicate
                ? ExceptionRecord(
                    "DUPLICATE-PAYMENT", company: "acme", subject: decision.paymentID, message: "twice",
                    dueOn: "2026-04-02") : nil)
    }

    /// Two cash lines on one item, a netting, a discount, an item of which a source states a part, a refund of what waits,
    /// and one for people.
    private static let decisions: [Decision] = {
        func decision(_ payment: String, _ verdict: Decision.Verdict, _ rule: Rule, _ lines: [Line]) -> Decision {
            var decision = Decision(paymentID: payment, verdict: verdict, rule: rule, sentence: "\(payment) fits")
            decision.lines = lines
            decision.customerID = "C1"
            decision.evidence = [Evidence("AMOUNT-EXACT", text: "\"60\"", itemID: lines.first?.itemID, bits: 6)]
            return decision
        }
        var refund = decision("P6", .auto, .numberExact, [])
        refund.kind = .refund
        refund.counterpartID = "P5"
        return [
            decision("P1", .auto, .numberExact, [Line(itemID: "I1", reason: .cash, cash: 6_000)]),
            decision(
                "P2", .auto, .numberExact,
                [
                    Line(itemID: "I2", reason: .discount, cash: 4_500, adjustment: 500)
                ]),
            decision("P3", .auto, .numberExact, [Line(itemID: "I3", reason: .cash, cash: 5_000)]),
            decision(
                "P4", .auto, .numberExact,
                [
                    Line(itemID: "I1", reason: .cash, cash: 4_000), Line(itemID: "CN4", reason: .credit, cash: -1_000),
                ]),
            refund, decision("P5", .review, .duplicate, [Line(itemID: "I2", reason: .cash, cash: 700)]),
        ]
    }()

    private static func candidates(_ session: Session) throws -> [String: Session.UndecidedCash] {
        let waiting = try session.waitingPayments(company: "acme")
        return Dictionary(uniqueKeysWithValues: zip(waiting.payments.map(\.id), waiting.cash))
    }

    private static func dump(_ books: TestBooks) throws -> [String] {
        try books.store.read { session in
            try tables.flatMap { table in
                let columns = try session.rows("SELECT name FROM pragma_table_info(?)", [table]) { $0.text(0) }
                return try session.rows("SELECT \(columns.joined(separator: ", ")) FROM \(table)") { row in
                    table + columns.indices.map { " \(row.value($0))" }.joined()
                }.sorted()
            }
        }
    }

    /// The machine's own word on a payment without a customer.
    private static func guess(_ customer: String, payment: String, _ session: Session) throws {
        try session.execute(
            """
            UPDATE payment_balance SET customer = ?
            WHERE no = (SELECT no FROM payment WHERE company = 'acme' AND id = ? AND customer IS NULL)
            """, [customer, payment])
    }

    /// All entries at once, and each row by itself.
    private static func plainly() throws -> [String] {
        let books = try books()
        try books.store.write { session in
            let candidates = try candidates(session)
            var entries: [Entry] = []
            for decision in decisions {
                guard let candidate = candidates[decision.paymentID] else { continue }
                let ruling = ruling(decision, candidate)
                var facts: [String: Booking.ItemFacts] = [:]
                for line in decision.lines {
                    facts[line.itemID] = try session.itemFacts(company: "acme", item: line.itemID)
                }
                if ruling.isBooked { entries += ruling.booking.entries(decision, cash: ruling.cash) { facts[$0] } }
                try session.save(ruling.stored, company: "acme")
                try guess("C1", payment: decision.paymentID, session)
                if let exception = ruling.exception {
                    try session.raise(exception, on: "2026-03-31", at: info.recordedAt)
                }
            }
            try session.append(entries, batch: info)
        }
        return try dump(books)
    }

    @Test(
        "Groups of any size leave the rows of one batch, its digest included, whether items are known or read",
        arguments: [1, 2, 3, 1000], [false, true])
    func groups(_ size: Int, _ areKnown: Bool) throws {
        let books = try Self.books()
        try books.store.write { session in
            let candidates = try Self.candidates(session)
            let ledger = MatchLedger(
                items: try StoredItems(session, company: "acme").shelf,
                customers: try session.matchCustomers(company: "acme"))
            let untouched = Workspace(ledger, ledger.texts(), ledger.amounts()).untouched
            let ids = try session.rows("SELECT id FROM item ORDER BY id") { $0.text(0) }
            let writer = try RunWriter(
                session, batch: Self.info, on: "2026-03-31", untouched: areKnown ? untouched : nil, groupSize: size
            ) { Self.ruling($0, $1) }
            for var decision in Self.decisions {
                for index in decision.lines.indices {
                    let place = try #require(ids.firstIndex(of: decision.lines[index].itemID))
                    decision.lines[index].place = Int32(place)
                    // Of one a source states a part, and one a credit note has met.
                    let isUntouched = untouched[decision.lines[index]] != nil
                    #expect(isUntouched == ["I1", "I2", "CN4"].contains(decision.lines[index].itemID))
                }
                try writer.add(decision, try #require(candidates[decision.paymentID]))
            }
            try writer.finish()
        }
        #expect(try Self.dump(books) == Self.plainly())
        #expect(try books.violations() == [])
        #expect(try books.count("batch") == 2)
    }

    @Test("Indexes that are made anew behind many decisions are those that were there before", arguments: [0, 20_000])
    func indexes(_ count: Int) throws {
        let books = try Self.books()
        func indexes() throws -> [String] {
            try books.store.read {
                try $0.rows("SELECT name || ' ' || sql FROM sqlite_master WHERE type = 'index' ORDER BY name") {
                    $0.text(0)
                }
            }
        }
        let before = try indexes()
        #expect(before.contains { $0.hasPrefix("log_item ") } && before.contains { $0.hasPrefix("decision_id ") })
        try books.store.write { session in
            let candidates = try Self.candidates(session)
            let writer = try RunWriter(
                session, batch: Self.info, on: "2026-03-31", expecting: count, groupSize: 2
            ) { Self.ruling($0, $1) }
            for decision in Self.decisions.prefix(3) {
                try writer.add(decision, try #require(candidates[decision.paymentID]))
            }
            try writer.finish()
            for decision in Self.decisions.dropFirst(3) {
                try writer.add(decision, try #require(candidates[decision.paymentID]))
            }
            try writer.close()
        }
        #expect(try indexes() == before)
        #expect(try books.violations() == [])
        #expect(try books.count("decision") == Self.decisions.count)
        let netted = try books.store.read { try $0.decision(company: "acme", idOrPayment: "D-P4") }
        #expect(netted?.decision.lines.map(\.itemID) == ["I1", "CN4"])
    }

    @Test(
        "A large run leaves the same rows, whether its indexes are made at the end or before some are added",
        arguments: [1, 2, 1000], ["", "P1", "P3"])
    func large(_ size: Int, _ last: String) throws {
        let books = try Self.books()
        try books.store.write { session in
            let candidates = try Self.candidates(session)
            let writer = try RunWriter(
                session, batch: Self.info, on: "2026-03-31", expecting: 20_000, groupSize: size
            ) { Self.ruling($0, $1) }
            for decision in Self.decisions {
                try writer.add(decision, try #require(candidates[decision.paymentID]))
                // Whoever waits finds what was decided so far.
                if decision.paymentID == "P2" {
                    try writer.wait()
                    #expect(try session.item(company: "acme", id: "I2")?.balance.open == 0)
                }
                if decision.paymentID == last { writer.makeIndexesAside() }
            }
            try writer.close()
        }
        #expect(try Self.dump(books) == Self.plainly())
        #expect(try books.violations() == [])
    }

    @Test(
        "What would break an invariant in a later group undoes the groups before it", arguments: [1, 1000], [0, 20_000])
    func refusal(_ size: Int, _ count: Int) throws {
        let books = try Self.books()
        let before = try Self.dump(books)
        var again = Self.decisions[0]
        again.lines[0].cash = 6_001
        again.paymentID = "P3"
        let decisions = [Self.decisions[0], again]
        let failure = #expect(throws: StoreFailure.self) {
            try books.store.write { session in
                let candidates = try Self.candidates(session)
                let writer = try RunWriter(
                    session, batch: Self.info, on: "2026-03-31", expecting: count, groupSize: size
                ) { Self.ruling($0, $1) }
                defer { writer.abandon() }
                for decision in decisions { try writer.add(decision, try #require(candidates[decision.paymentID])) }
                try writer.finish()
            }
        }
        #expect(failure?.code == "INVARIANT-OVERAPPLIED")
        #expect(try Self.dump(books) == before)
        try books.post([books.apply("P1", to: "I1", 100, on: "2026-03-20")])
        #expect(try books.violations() == [])
    }

    @Test("The register has decisions in the order of payments and times, wherever their lines lie")
    func register() throws {
        let books = try Self.books()
        func save(_ payment: String, _ id: String, _ state: StoredDecision.State, _ items: [String], at time: Int64)
            throws
        {
            var decision = Decision(paymentID: payment, verdict: .review, rule: .duplicate, sentence: id)
            decision.lines = items.map { Line(itemID: $0, reason: .cash, cash: 100) }
            let stored = StoredDecision(
                id: id, decision: decision, state: state, amount: Make.eur(700), decidedOn: "2026-03-31",
                recordedAt: Timestamp(milliseconds: time), actor: "mia")
            try books.store.write { try $0.save(stored, company: "acme") }
        }
        func lines() throws -> [String] {
            var lines: [String] = []
            try books.store.read { session in
                try session.register(company: "acme") { piece in
                    for (index, decided) in piece.decided.enumerated() {
                        let entry = piece.entry(at: index)
                        lines.append(
                            ([entry.paymentID, piece.string(decided.sentence)] + entry.lines.map(\.itemID))
                                .joined(separator: " "))
                    }
                }
            }
            return lines
        }
        try save("P2", "b", .undone, ["I1", "I2"], at: 30)
        try save("P5", "e", .undone, [], at: 10)
        try save("P2", "c", .undone, ["I2"], at: 20)
        try save("P1", "a", .undone, ["I3"], at: 40)
        let expected = ["P1 a I3", "P2 c I2", "P2 b I1 I2", "P5 e"]
        #expect(try lines() == expected)
    }

    @Test("A decision is found by its id, and by its payment the latest")
    func latest() throws {
        let books = try Self.books()
        try books.store.write { session in
            for (id, time) in [("x", Int64(10)), ("z", 30), ("y", 30)] {
                let decision = Decision(paymentID: "P1", verdict: .review, rule: .duplicate, sentence: id)
                try session.save(
                    StoredDecision(
                        id: id, decision: decision, state: .undone, amount: Make.eur(6_000), decidedOn: "2026-03-31",
                        recordedAt: Timestamp(milliseconds: time), actor: "mia"), company: "acme")
            }
        }
        let found = try books.store.read { session in
            try ["x", "P1", "none"].map { try session.decision(company: "acme", idOrPayment: $0)?.id }
        }
        #expect(found == ["x", "z", nil])
    }
}
