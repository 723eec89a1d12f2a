// SPDX-License-Identifier: Apache-2.0
import Documents
package import Reconciliation

/// Which part of a company's ledger matching reads: all of it, or what a `NearLedger` chose.
package enum Extent: Sendable {
    case whole, near

    var items: String { self == .whole ? "item i" : "near_item n CROSS JOIN item i ON i.no = n.no" }
    var payments: String { self == .whole ? "payment p" : "near_payment n CROSS JOIN payment p ON p.no = n.no" }
    var customers: String {
        self == .whole ? "customer c" : "near_customer n CROSS JOIN customer c ON c.company = n.company AND c.id = n.id"
    }
    /// Entries of payments.
    var settlements: String {
        self == .whole
            ? "log l" : "near_payment n CROSS JOIN log l ON l.payment = n.id"
    }
    /// Credit notes that were netted in payments' decisions.
    var nettings: String {
        self == .whole
            ? "log l JOIN decision d ON d.company = l.company AND d.id = l.decision"
            : """
            near_payment n CROSS JOIN decision d ON d.company = n.company AND d.payment_id = n.id
                CROSS JOIN log l ON l.company = d.company AND l.decision = d.id AND l.decision IS NOT NULL
            """
    }
    /// Decisions that took a payment back.
    var takings: String {
        self == .whole
            ? "decision d" : "near_payment n CROSS JOIN decision d ON d.counterpart_id = n.id"
    }

    /// The entries of an item behind the one that made it, in the words of their index.
    static let entries = "ON l.company = i.company AND l.item = i.id AND l.item IS NOT NULL AND l.kind > 2"
}

/// Only the whole ledger can say.
package struct NotNear: Error {
    package init() {}
}

/// Step two of an incremental run: chooses and reads the part of a company's ledger that some payments can have to do
/// with. `KeyRegister` is its reference.
package final class NearLedger {
    private let session: Session
    private let company: String
    private let scope: KeyScope
    private let shapes: NumberShapes
    private let byKey: PreparedStatement
    private let countOfKey: PreparedStatement
    private var words: [UInt64: Int] = [:]
    private var amounts: [Int64: Int] = [:]
    private var unlisted: Set<Int64> = []
    private var names: [Int64: (id: String, name: CustomerName)] = [:]

    /// More customers with one word than the whole run would read.
    private static let wordMax = 4000
    /// More payments of one account than are worth reading for a few new ones.
    private static let payerMax = 5000
    /// As many payments of one amount as a return is compared with.
    private static let originalsMax = 4096
    /// An amount that more items ask for points at nobody, even where many of them are paid meanwhile.
    private static let askedMax = 512

    /// Brings the index up to date.
    package init(_ session: Session, company: String) throws {
        self.session = session
        self.company = company
        var index = KeyIndex(session, company: company)
        try index.update()
        (scope, shapes) = (index.scope, index.shapes)
        try session.script(
            """
            CREATE TEMP TABLE IF NOT EXISTS near_item(no INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS near_customer(
                company TEXT, id TEXT, PRIMARY KEY(company, id)) WITHOUT ROWID;
            CREATE TEMP TABLE IF NOT EXISTS near_payment(no INTEGER PRIMARY KEY, company TEXT, id TEXT);
            DELETE FROM near_item; DELETE FROM near_customer; DELETE FROM near_payment;
            """)
        byKey = try session.prepare("SELECT no FROM match_key WHERE key = ?")
        countOfKey = try session.prepare("SELECT COUNT(*) FROM match_ask WHERE key = ?")
    }

    /// - Parameter payments: those to decide, and the charges behind payouts among them.
    package func neighbourhood(of payments: [MatchPayment]) throws -> Neighbourhood {
        try find(payments)
        try findByName(payments)
        try findByPayer(payments)
        try takeWhole()
        try takeHistory()
        try takeOrdered(payments)
        // What follows is compared with, and nothing else of its customers is.
        try takeOriginals(payments)
        try takeAsked(payments)
        try session.execute(
            "INSERT OR IGNORE INTO near_customer(company, id) SELECT i.company, i.customer FROM \(Extent.near.items)")
        let items = try session.matchItems(company: company, .near)
        try count(items)
        var near = Neighbourhood(
            items: items, customers: try session.matchCustomers(company: company, .near),
            frequencies: Frequencies(shapes: shapes, words: words, amounts: amounts))
        near.frequencies.unlisted = unlisted
        near.history = try session.pastPayments(company: company, .near)
        return near
    }

    private func numbers(_ statement: PreparedStatement, _ key: Int64) throws -> [Int64] {
        var found: [Int64] = []
        statement.reset()
        statement.bind(0, key)
        while try statement.step() { found.append(statement.integer(0)) }
        statement.reset()
        return found
    }

    private func takeItem(_ no: Int64) throws {
        try session.execute("INSERT OR IGNORE INTO near_item(no) VALUES (?)", [no])
    }

    private func takeCustomer(_ id: String) throws {
        try session.execute("INSERT OR IGNORE INTO near_customer(company, id) VALUES (?, ?)", [company, id])
    }

    /// What the payments name: items, and customers by their numbers and accounts.
    private func find(_ payments: [MatchPayment]) throws {
        var keys: Set<Int64> = []
        for payment in payments {
            for key in MatchKeys(payment).texts { keys.insert(scope.text(key)) }
            if let customer = payment.customerID { try takeCustomer(customer) }
        }
        var customers: Set<Int64> = []
        for key in keys.sorted() {
            for no in try numbers(byKey, key) {
                if no > 0 { try takeItem(no) } else { customers.insert(0 - no) }
            }
        }
        for no in customers.sorted() { try takeCustomer(name(of: no).id) }
    }

    private func name(of customer: Int64) throws -> (id: String, name: CustomerName) {
        if let known = names[customer] { return known }
        let found = try session.first(
            """
            SELECT c.id, COALESCE(t.name, t.legal_name), t.parent_name
            FROM customer c LEFT JOIN customer_contact t ON t.customer = c.no WHERE c.no = ?
            """, [customer]
        ) { ($0.text(0), CustomerName(name: $0.optionalText(1), parent: $0.optionalText(2))) }
        guard let found else { throw StoreFailure("STORE-DAMAGED", "customer row \(customer) is missing; run verify") }
        names[customer] = found
        return found
    }

    /// Customers whose names the payers' are likest.
    private func findByName(_ payments: [MatchPayment]) throws {
        var owners: [UInt64: [Int64]] = [:]
        for name in Set(payments.compactMap(\.payerName)).sorted() {
            let search = NameSearch(name)
            for key in search.keys where words[key] == nil {
                let found = try numbers(byKey, scope.word(key))
                owners[key] = found
                words[key] = found.count
            }
            guard let key = search.leading(words), let found = owners[key] else { continue }
            guard found.count < Self.wordMax else { throw NotNear() }
            let candidates = try found.map { try self.name(of: 0 - $0) }
            for place in search.likest(candidates.map(\.name)) { try takeCustomer(candidates[place].id) }
        }
    }

    /// What the same payers paid before; and, where it was their account that paid, for whom.
    private func findByPayer(_ payments: [MatchPayment]) throws {
        var accounts: Set<UInt64> = []
        var named: [UInt64: Set<Int64>] = [:]
        for payment in payments {
            guard let key = MatchKeys.payer(name: payment.payerName, account: payment.payerAccount) else { continue }
            if MatchKeys.isAccount(payment.payerAccount) {
                accounts.insert(key)
            } else {
                named[key, default: []].insert(payment.amount)
            }
        }
        for key in named.keys.sorted() {
            // A name alone says that the same was paid twice, and nothing more.
            for no in try numbers(byKey, scope.payer(key)) {
                for amount in (named[key] ?? []).sorted() { try takePayment("no = ? AND amount = ?", [no, amount]) }
            }
        }
        let teaching = Workspace.teachingRules.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        for key in accounts.sorted() {
            let found = try numbers(byKey, scope.payer(key))
            guard found.count <= Self.payerMax else { throw NotNear() }
            for no in found {
                try takePayment("no = ?", [no])
                try session.execute(
                    """
                    INSERT OR IGNORE INTO near_customer(company, id)
                    SELECT i.company, i.customer FROM near_payment n CROSS JOIN log l ON l.payment = n.id
                        CROSS JOIN batch b ON b.no = l.batch
                        CROSS JOIN item i ON i.id = l.item AND i.company = l.company
                    WHERE n.no = ? AND l.company = ? AND l.payment IS NOT NULL AND l.kind NOT IN (10, 11)
                        AND COALESCE(l.rule, b.rule) IN (\(teaching))
                    """, [no, company])
            }
        }
    }

    /// - Parameter condition: an index finds by it; the company is compared then.
    private func takePayment(_ condition: String, _ values: [(any Bindable)?]) throws {
        try session.execute(
            """
            INSERT OR IGNORE INTO near_payment(no, company, id)
            SELECT no, company, id FROM payment WHERE \(condition) AND +company = ? AND applied <> 0
            """, values + [company])
    }

    /// All items of every customer that was found, and what took their place, until there is nothing new.
    private func takeWhole() throws {
        var count = -1
        while true {
            try session.execute(
                """
                INSERT OR IGNORE INTO near_item(no) SELECT s.no FROM \(Extent.near.items)
                CROSS JOIN log l \(Extent.entries) AND l.kind = 4
                CROSS JOIN item s ON s.id = l.counter AND s.company = l.company
                """)
            try session.execute(
                """
                INSERT OR IGNORE INTO near_customer(company, id) SELECT i.company, i.customer FROM \(Extent.near.items)
                """)
            try session.execute(
                """
                INSERT OR IGNORE INTO near_item(no)
                SELECT i.no FROM near_customer c CROSS JOIN item i ON i.customer = c.id AND i.company = c.company
                """)
            let now = try session.first("SELECT COUNT(*) FROM near_item") { Int($0.int(0)) } ?? 0
            if now == count { return }
            count = now
        }
    }

    /// The payments that settled those items.
    private func takeHistory() throws {
        try session.execute(
            """
            INSERT OR IGNORE INTO near_payment(no, company, id)
            SELECT p.no, p.company, p.id FROM \(Extent.near.items) CROSS JOIN log l \(Extent.entries)
                CROSS JOIN payment p ON p.company = l.company AND p.id = l.payment
            WHERE l.kind IN (20, 30, 31, 32, 34) AND p.applied <> 0
            """)
        try session.execute(
            """
            INSERT OR IGNORE INTO near_payment(no, company, id)
            SELECT p.no, p.company, p.id FROM \(Extent.near.items) CROSS JOIN log l \(Extent.entries)
                CROSS JOIN decision d ON d.company = l.company AND d.id = l.decision
                CROSS JOIN payment p ON p.company = d.company AND p.id = d.payment_id
            WHERE l.kind = 21 AND +l.counter IS NOT NULL AND p.applied <> 0
            """)
    }

    /// What the bank exchanged shortly before, whoever paid: its rates.
    private func takeOrdered(_ payments: [MatchPayment]) throws {
        let days = payments.map(\.bookedOn)
        guard let first = days.min(), let last = days.max() else { return }
        try takePayment(
            "company = ? AND original_amount IS NOT NULL AND booked_on >= ? AND booked_on <= ?",
            [company, first - Self.exchangeDays, last])
    }

    private static let exchangeDays = 15

    /// What returns and refunds may take back, with the items that it had settled.
    private func takeOriginals(_ payments: [MatchPayment]) throws {
        var taken: Set<Int64> = []
        let numbers = payments.filter { $0.amount < 0 }
        for payment in numbers {
            if taken.insert(payment.amount).inserted {
                try takePayment(
                    """
                    no IN (SELECT no FROM payment WHERE company = ? AND amount = ? AND applied <> 0
                        ORDER BY booked_on DESC, id DESC LIMIT \(Self.originalsMax))
                    """, [company, 0 - payment.amount])
            }
            for id in [payment.reverses, payment.endToEndID].compactMap({ $0 }) {
                try takePayment("company = ? AND id = ?", [company, id])
                try takePayment("company = ? AND end_to_end_id = ?", [company, id])
            }
        }
        guard !numbers.isEmpty else { return }
        for amount in taken.sorted() {
            try session.execute(
                """
                INSERT OR IGNORE INTO near_item(no)
                SELECT i.no FROM \(Extent.near.payments) CROSS JOIN log l ON l.company = p.company AND l.payment = p.id
                    CROSS JOIN item i ON i.id = l.item AND i.company = l.company
                WHERE p.amount = ? AND l.payment IS NOT NULL AND l.kind NOT IN (10, 11)
                """, [0 - amount])
        }
    }

    /// Items of anybody that ask for exactly one of the amounts.
    private func takeAsked(_ payments: [MatchPayment]) throws {
        var asked: Set<Int64> = []
        for payment in payments where payment.amount > 0 {
            for amount in MatchKeys(payment).amounts where amount > 0 { asked.insert(amount) }
        }
        for amount in asked.sorted() {
            if try count(amount) > Self.askedMax {
                unlisted.insert(amount)
            } else {
                try session.execute(
                    "INSERT OR IGNORE INTO near_item(no) SELECT no FROM match_ask WHERE key = ?",
                    [scope.amount(amount)])
            }
        }
    }

    @discardableResult
    private func count(_ amount: Int64) throws -> Int {
        if let known = amounts[amount] { return known }
        let count = try Int(numbers(countOfKey, scope.amount(amount)).first ?? 0)
        amounts[amount] = count
        return count
    }

    /// How many items of the whole ledger ask for what these ask for, or will when something is taken back.
    private func count(_ items: [MatchItem]) throws {
        for item in items {
            for amount in [item.open &+ item.provable, item.open, item.total] where amount > 0 { try count(amount) }
        }
    }
}

extension Session {
    /// What payments settled before, as far as it stands.
    package func pastPayments(company: String, _ extent: Extent = .whole) throws -> [PastPayment] {
        let lines = try appliedLines(company: company, extent)
        let rules = try appliedRules(company: company, extent)
        let takenBack = try takenBack(company: company, extent)
        return try appliedPayments(company: company, extent).map {
            PastPayment(
                payment: $0.payment, lines: lines[$0.payment.id] ?? [], isReturned: takenBack.contains($0.payment.id),
                rule: rules[$0.payment.id], rest: $0.unapplied)
        }
    }
}
