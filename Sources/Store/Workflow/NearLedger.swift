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

    /// No rule looks at the items of more customers who bear a name; they are taken in the order of their ids.
    private static let namesakesMax = 32
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
            CREATE TEMP TABLE IF NOT EXISTS near_new(no INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS near_customer(company TEXT, id TEXT, PRIMARY KEY(company, id));
            CREATE TEMP TABLE IF NOT EXISTS near_payment(no INTEGER PRIMARY KEY, company TEXT, id TEXT);
            DELETE FROM near_item; DELETE FROM near_new; DELETE FROM near_customer; DELETE FROM near_payment;
            """)
        byKey = try session.prepare("SELECT no FROM match_key WHERE key = ?")
        countOfKey = try session.prepare("SELECT COUNT(*) FROM match_ask WHERE key = ?")
    }

    /// - Parameter payments: those to decide, and the charges behind payouts among them.
    package func neighbourhood(of payments: [MatchPayment]) throws -> Neighbourhood {
        try find(payments)
        let compared = try findByName(payments)
        try findByPayer(payments)
        try takeWhole()
        try takeOrdered(payments)
        // What follows is compared with, and nothing else of its customers is.
        for id in compared.sorted() { try takeCustomer(id) }
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

    /// Customers whose names the payers' are likest. Where the payer's account says who paid, and of those behind the
    /// first ones, only the names are compared.
    /// - Returns: the ids of those of whom only the names count.
    private func findByName(_ payments: [MatchPayment]) throws -> Set<String> {
        var owners: [UInt64: [Int64]] = [:]
        var isNeeded: [String: Bool] = [:]
        for payment in payments {
            guard let name = payment.payerName, isNeeded[name] != true else { continue }
            isNeeded[name] = try !isOwned(payment.payerAccount)
        }
        var compared: Set<String> = []
        for (name, isNeeded) in isNeeded.sorted(by: { $0.key < $1.key }) {
            let search = NameSearch(name)
            for key in search.keys where words[key] == nil {
                let found = try numbers(byKey, scope.word(key))
                owners[key] = found
                words[key] = found.count
            }
            guard let key = search.leading(words), let found = owners[key] else { continue }
            guard found.count < Self.wordMax else { throw NotNear() }
            let candidates = try found.map { try self.name(of: 0 - $0) }
            let likest = search.likest(candidates.map(\.name)).map { candidates[$0].id }
            for (rank, id) in likest.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }).enumerated() {
                if isNeeded, rank < Self.namesakesMax { try takeCustomer(id) } else { compared.insert(id) }
            }
        }
        return compared
    }

    /// Whether an account is a customer's or a parent's in the master data: the name decides nothing then
    /// (`Payer.certain`).
    private func isOwned(_ account: String?) throws -> Bool {
        guard MatchKeys.isAccount(account), let key = MatchKeys.payer(name: nil, account: account) else { return false }
        for no in try numbers(byKey, scope.text(key)) where no < 0 {
            let accounts = try session.first(
                """
                SELECT t.account, t.parent_account FROM customer c JOIN customer_contact t ON t.customer = c.no
                WHERE c.no = ? AND c.company = ?
                """, [0 - no, company]
            ) { [$0.optionalText(0), $0.optionalText(1)] }
            // The same key may be a customer's number.
            let owns = (accounts ?? []).contains {
                MatchKeys.isAccount($0) && MatchKeys.payer(name: nil, account: $0) == key
            }
            if owns { return true }
        }
        return false
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

    /// All items of every customer that was found, and what took their place, until there is nothing new; and the
    /// payments that settled those items. Each item and each customer is looked at once.
    private func takeWhole() throws {
        var payments: Set<String> = []
        var decisions: Set<String> = []
        var seen = 0
        try session.script("DELETE FROM near_new; INSERT INTO near_new(no) SELECT no FROM near_item")
        while true {
            // What was found by its own keys may be of a customer who was not.
            try session.execute(
                """
                INSERT OR IGNORE INTO near_customer(company, id)
                SELECT i.company, i.customer FROM near_new n CROSS JOIN item i ON i.no = n.no
                """)
            try session.execute(
                """
                INSERT OR IGNORE INTO near_new(no)
                SELECT i.no FROM near_customer c CROSS JOIN item i ON i.customer = c.id AND i.company = c.company
                WHERE c.rowid > ? AND NOT EXISTS (SELECT 1 FROM near_item n WHERE n.no = i.no)
                """, [seen])
            seen = try session.first("SELECT COALESCE(MAX(rowid), 0) FROM near_customer") { Int($0.int(0)) } ?? 0
            let replacements = try takeSettlements(&payments, &decisions)
            try session.script("INSERT OR IGNORE INTO near_item(no) SELECT no FROM near_new; DELETE FROM near_new")
            for id in replacements.sorted() {
                try session.execute(
                    """
                    INSERT OR IGNORE INTO near_new(no) SELECT no FROM item
                    WHERE id = ? AND company = ? AND no NOT IN (SELECT no FROM near_item)
                    """, [id, company])
            }
            if try session.first("SELECT 1 FROM near_new LIMIT 1", [], { _ in true }) == nil { break }
        }
        for id in payments.sorted() { try takePayment("company = ? AND id = ?", [company, id]) }
        for id in decisions.sorted() {
            try takePayment(
                "company = ? AND id = (SELECT payment_id FROM decision WHERE id = ? AND company = ?)",
                [company, id, company])
        }
    }

    /// What the log says of the new items.
    /// - Returns: what took the place of any of them.
    private func takeSettlements(_ payments: inout Set<String>, _ decisions: inout Set<String>) throws -> Set<String> {
        var replacements: Set<String> = []
        try session.each(
            """
            SELECT l.kind, l.payment, l.counter, l.decision FROM near_new n CROSS JOIN item i ON i.no = n.no
                CROSS JOIN log l \(Extent.entries)
            WHERE l.kind IN (4, 20, 21, 30, 31, 32, 34)
            """
        ) { row in
            switch row.int(0) {
            case 4: if let successor = row.optionalText(2) { replacements.insert(successor) }
            case 21: if !row.isNull(2), let decision = row.optionalText(3) { decisions.insert(decision) }
            default: if let payment = row.optionalText(1) { payments.insert(payment) }
            }
        }
        return replacements
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
