// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
import Testing

/// The same entry in a bank's intraday report, statement and notification is one payment.
@Suite("camt.052, camt.053 and camt.054 of one entry are one payment")
struct ReportIdentityTests {
    /// One message's file.
    struct Message: Sendable, CustomTestStringConvertible {
        let format: String
        let documents: [Document]
        var testDescription: String { format }
    }

    private static func payment(
        _ amount: Int64, id: String? = nil, entry: String? = nil, of whole: Int64? = nil, text: String? = nil,
        endToEnd: String? = nil, day: Day = "2026-03-10", status: Payment.Status = .booked, line: Int = 1
    ) -> Document {
        Make.payment(amount, id: id, booked: day, payer: nil, text: text, line: line) {
            $0.account = "NL91ABNA0417164300"
            $0.entryReference = entry
            $0.entryAmount = whole.map { Make.eur($0) }
            $0.endToEndID = endToEnd
            $0.status = status
        }
    }

    private static func statement(_ kind: Statement.Kind, closing: Bool = false) -> Document {
        var statement = Statement(
            account: "NL91ABNA0417164300", currency: .eur, provenance: Provenance(Make.origin("camt"), at: .line(9)))
        statement.kind = kind
        statement.from = "2026-03-10"
        statement.to = "2026-03-10"
        if kind == .statement || closing {
            statement.openingBalance = Make.eur(0)
            statement.closingBalance = Make.eur(10_000)
        }
        return .statement(statement)
    }

    private static func orders(_ messages: [Message]) -> [[Message]] {
        guard messages.count > 1 else { return [messages] }
        return messages.indices.flatMap { index -> [[Message]] in
            var rest = messages
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
        }
    }

    private func load(_ messages: [Message]) throws -> TestBooks {
        let books = try TestBooks()
        for (index, message) in messages.enumerated() {
            try books.load(
                message.documents, source: "documents", format: message.format, bytes: "\(index) \(message.format)")
        }
        #expect(try books.violations() == [])
        return books
    }

    private func cash(_ books: TestBooks) throws -> [Int64] {
        try books.store.read { session in
            var all: [Int64] = []
            try session.each("SELECT booked FROM payment WHERE booked <> 0 OR unapplied <> 0 ORDER BY booked") {
                all.append($0.int(0))
            }
            return all
        }
    }

    private func text(_ books: TestBooks) throws -> [String] {
        try books.store.read { session in
            var all: [String] = []
            try session.each(
                """
                SELECT t.remittance FROM payment_text t JOIN payment p ON p.no = t.payment
                WHERE p.booked <> 0 AND t.remittance IS NOT NULL ORDER BY p.booked, t.remittance
                """
            ) { all.append($0.text(0)) }
            return all
        }
    }

    // MARK: One entry

    static let referenced = orders([
        Message(
            format: "camt.052",
            documents: [payment(10_000, id: "R1", entry: "R1", status: .pending), statement(.report)]),
        Message(
            format: "camt.053",
            documents: [payment(10_000, id: "R1", entry: "R1", text: "CREDIT"), statement(.statement)]),
        Message(
            format: "camt.054",
            documents: [
                payment(10_000, id: "D1", entry: "R1", text: "INV-7", status: .information), statement(.notification),
            ]),
    ])

    @Test("By the bank's reference, in every order, and the notification's text is kept", arguments: referenced)
    func references(_ messages: [Message]) throws {
        let books = try load(messages)
        #expect(try cash(books) == [10_000])
        #expect(try text(books) == ["INV-7"])
        #expect(try books.count("payment") == 1)
    }

    static let unnamed = orders([
        Message(format: "camt.052", documents: [payment(5_000, text: "one"), payment(5_000, text: "one", line: 2)]),
        Message(
            format: "camt.053",
            documents: [
                payment(5_000, text: "ONE A"), payment(5_000, text: "TWO B", line: 2),
                payment(5_000, text: "C", line: 3),
            ]),
    ])

    @Test("Without references by amount and day, each once: three of a statement are three", arguments: unnamed)
    func days(_ messages: [Message]) throws {
        #expect(try cash(load(messages)) == [5_000, 5_000, 5_000])
    }

    @Test("The same end-to-end id finds the entry although its day moved; another reference on that day does not")
    func endToEnd() throws {
        let moved = try load([
            Message(
                format: "camt.052", documents: [Self.payment(700, endToEnd: "E1", day: "2026-03-09", status: .pending)]),
            Message(format: "camt.053", documents: [Self.payment(700, endToEnd: "E1")]),
        ])
        #expect(try cash(moved) == [700])
        let two = try load([
            Message(format: "camt.054", documents: [Self.payment(700, id: "A", entry: "A")]),
            Message(format: "camt.053", documents: [Self.payment(700, id: "B", entry: "B")]),
        ])
        #expect(try cash(two) == [700, 700])
    }

    @Test("A statement corrects a report's amount; a report does not correct a statement")
    func rank() throws {
        let report = Message(format: "camt.052", documents: [Self.payment(700, id: "A", entry: "A")])
        let statement = Message(format: "camt.053", documents: [Self.payment(701, id: "A", entry: "A")])
        #expect(try cash(load([report, statement])) == [701])
        #expect(try cash(load([statement, report])) == [701])
    }

    // MARK: A batch

    static let batches = orders([
        Message(
            format: "camt.053",
            documents: [payment(10_000, id: "B7", entry: "B7", text: "batch"), statement(.statement)]),
        Message(
            format: "camt.054",
            documents: [
                payment(6_000, id: "T1", entry: "B7", of: 10_000, text: "INV-1", status: .information),
                payment(4_000, id: "T2", entry: "B7", of: 10_000, text: "INV-2", status: .information, line: 2),
                statement(.notification),
            ]),
        Message(
            format: "camt.052",
            documents: [payment(10_000, id: "B7", entry: "B7", status: .pending), statement(.report)]),
    ])

    @Test("The parts of a batch take the place of its total, in every order", arguments: batches)
    func parts(_ messages: [Message]) throws {
        let books = try load(messages)
        #expect(try cash(books) == [4_000, 6_000])
        #expect(try text(books) == ["INV-2", "INV-1"])
    }

    @Test("Importing the messages again in other files changes nothing", arguments: batches)
    func again(_ messages: [Message]) throws {
        let books = try load(messages)
        for message in messages.reversed() {
            let outcome = try books.load(
                message.documents, source: "documents", format: message.format, bytes: "again \(message.format)")
            #expect(outcome.payments.new == 0)
        }
        #expect(try cash(books) == [4_000, 6_000])
        #expect(try books.violations() == [])
    }

    @Test("Parts that do not make the total leave it alone")
    func incomplete() throws {
        let books = try load([
            Self.batches[0][0],
            Message(
                format: "camt.054",
                documents: [Self.payment(6_000, id: "T1", entry: "B7", of: 10_000, status: .information)]),
        ])
        #expect(try cash(books) == [10_000])
    }

    @Test("Once some of the total is applied, a person is told and nothing moves")
    func applied() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("INV-1", 6_000, issued: "2026-03-01")])
        try books.load(Self.batches[0][0].documents, source: "documents", format: "camt.053")
        let item = try #require(try books.items().first)
        try books.post([books.apply("B7", to: item.id, 6_000, on: "2026-03-10")])
        let outcome = try books.load(Self.batches[0][1].documents, source: "documents", format: "camt.054")
        #expect(outcome.exceptions.map(\.kind) == ["BATCH-DETAILS"])
        #expect(try cash(books) == [10_000])
        #expect(try books.violations() == [])
    }

    // MARK: Coverage

    @Test(
        "Only a statement, or a report between two balances, covers the account",
        arguments: [("camt.052", false, 0), ("camt.054", false, 0), ("camt.052", true, 1), ("camt.053", true, 1)])
    func coverage(_ format: String, _ closing: Bool, _ frames: Int) throws {
        let kind: Statement.Kind = format == "camt.053" ? .statement : format == "camt.052" ? .report : .notification
        let books = try load([
            Message(
                format: format,
                documents: [Self.payment(10_000, id: "R1", entry: "R1"), Self.statement(kind, closing: closing)])
        ])
        #expect(try books.store.read { try $0.frames(company: "acme", account: "NL91ABNA0417164300") }.count == frames)
    }
}
