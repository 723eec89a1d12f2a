// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
package import Reconciliation

/// Step two of an incremental run: chooses and reads the part of a company's ledger that some payments can have to do
/// with. `KeyRegister` is its reference.
package final class NearLedger {
    let session: Session
    let company: String
    let scope: KeyScope
    private let shapes: NumberShapes
    private let patterns: NumberPatterns
    let byKey: PreparedStatement
    private let countOfKey: PreparedStatement
    let entriesOfItem: PreparedStatement
    var words: [UInt64: Int] = [:]
    /// Words of which every customer is taken who has it, or that too many have.
    var readWords: Set<UInt64> = []
    private var amounts: [Int64: Int] = [:]
    private var unlisted: Set<Int64> = []
    private var listed: Set<Int64> = []
    var listedOf: Set<CustomerAmount> = []
    /// Items that an amount settles otherwise than by being all that they ask for, ascending.
    private var settling: [Int64: [Int64]] = [:]
    private var customersOfWord: [UInt64: [Int64]] = [:]
    /// Customers of whom every item is taken.
    var whole: Set<String> = []
    /// Customers of whom every credit note is.
    var credited: Set<String> = []
    /// Keys under which items were taken beside what the payments name.
    var searched: Set<UInt64> = []
    private(set) var items: [MatchItem] = []
    /// By their rows.
    private(set) var places: [Int64: Int] = [:]
    /// How many items' customers are taken.
    private var reached = 0
    private var customers: [MatchCustomer] = []
    /// By their ids.
    private var taken: Set<String> = []
    private var areCustomersNew = false
    private var names: [Int64: (id: String, name: CustomerName)] = [:]

    /// No rule looks at more customers who bear a name, in the order of their ids, than one less; and this many are many.
    private static let namesakesMax = 33
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
        (scope, shapes, patterns) = (index.scope, index.shapes, NumberPatterns(index.shapes.patterns))
        try session.script(
            """
            CREATE TEMP TABLE IF NOT EXISTS near_item(no INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS near_new(no INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS near_followed(no INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS near_read(no INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS near_owned(no INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS near_customer(company TEXT, id TEXT);
            CREATE TEMP TABLE IF NOT EXISTS near_payment(no INTEGER PRIMARY KEY, company TEXT, id TEXT);
            DELETE FROM near_item; DELETE FROM near_new; DELETE FROM near_followed; DELETE FROM near_read;
            DELETE FROM near_owned; DELETE FROM near_customer; DELETE FROM near_payment;
            """)
        byKey = try session.prepare("SELECT no FROM match_key WHERE key = ?")
        countOfKey = try session.prepare("SELECT COUNT(*) FROM match_ask WHERE key = ?")
        entriesOfItem = try session.prepare(
            """
            SELECT l.kind, l.payment, l.counter, l.decision FROM log l
            WHERE l.item = ? AND l.company = ? AND \(Extent.laterEntries) AND l.kind IN (4, 20, 21, 30, 31, 32, 34, 35)
            """)
    }

    /// What the payments name, and what they may be compared with. Of most customers that is some items only: where a
    /// decision asks for more, the part is widened.
    /// - Parameter payments: those to decide, and the charges behind payouts among them.
    package func neighbourhood(of payments: [MatchPayment]) throws -> Neighbourhood {
        try find(payments)
        try findByName(payments)
        try findByPayer(payments)
        try takeCorrections()
        try session.script("INSERT INTO near_new(no) SELECT no FROM near_item")
        try follow()
        try takeOrdered(payments)
        // What follows is compared with, and nothing else of its customers is.
        try takeOriginals(payments)
        try takeAsked(payments)
        return try read()
    }

    /// Reads what was taken since it last did.
    func read() throws -> Neighbourhood {
        try readItems()
        for id in Set(items[reached...].compactMap(\.customerID)).sorted() { try takeCustomer(id) }
        reached = items.count
        if areCustomersNew { customers = try session.matchCustomers(company: company, .near) }
        areCustomersNew = false
        var near = Neighbourhood(
            items: items, customers: customers,
            frequencies: Frequencies(shapes: shapes, words: words, amounts: amounts))
        near.frequencies.unlisted = unlisted
        near.frequencies.listed = listed
        near.frequencies.listedOf = listedOf
        near.frequencies.credited = credited
        near.frequencies.searched = searched
        near.frequencies.whole = whole
        near.frequencies.readWords = readWords
        near.history = try session.pastPayments(company: company, .near)
        return near
    }

    /// Reads the items that were taken since it last did, as they lie in the table.
    func readItems() throws {
        try session.script("DELETE FROM near_item WHERE no IN (SELECT no FROM near_read)")
        try session.eachMatchItem(company, .near) { item, kept in
            places[kept.row] = items.count
            items.append(item)
        }
        try session.script("INSERT INTO near_read(no) SELECT no FROM near_item; DELETE FROM near_item")
    }

    func customers(ofWord key: UInt64) throws -> [Int64] { try numbers(byKey, scope.word(key)) }

    func numbers(_ statement: PreparedStatement, _ key: Int64) throws -> [Int64] {
        var found: [Int64] = []
        statement.reset()
        statement.bind(0, key)
        while try statement.step() { found.append(statement.integer(0)) }
        statement.reset()
        return found
    }

    func takeItem(_ no: Int64) throws {
        try session.execute("INSERT OR IGNORE INTO near_item(no) VALUES (?)", [no])
    }

    func takeCustomer(_ id: String) throws {
        guard taken.insert(id).inserted else { return }
        areCustomersNew = true
        try session.execute("INSERT INTO near_customer(company, id) VALUES (?, ?)", [company, id])
    }

    /// What the payments name: items, and customers by their numbers and accounts.
    private func find(_ payments: [MatchPayment]) throws {
        var keys: Set<Int64> = []
        for payment in payments {
            for key in MatchKeys(payment, patterns).texts { keys.insert(scope.text(key)) }
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

    func name(of customer: Int64) throws -> (id: String, name: CustomerName) {
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
        for search in Set(payments.compactMap(\.payerName)).sorted().flatMap(NameSearch.searches) {
            for key in search.keys where words[key] == nil {
                let found = try numbers(byKey, scope.word(key))
                customersOfWord[key] = found
                words[key] = found.count
            }
            guard let key = search.leading(words), let found = customersOfWord[key] else { continue }
            guard found.count < Self.wordMax else { throw NotNear() }
            let others = search.needed.compactMap { $0 == key ? nil : customersOfWord[$0] }
            let shared = others.sorted { $0.count < $1.count }.reduce(found) { Self.shared($0, $1) }
            let candidates = try shared.map { try self.name(of: 0 - $0) }
            let names = candidates.map(\.name)
            for places in [search.likest(names), search.exact(names)] {
                let ids = places.map { candidates[$0].id }
                for id in ids.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }).prefix(Self.namesakesMax) {
                    try takeCustomer(id)
                }
            }
        }
    }

    /// What is in both; both ascend.
    private static func shared(_ left: [Int64], _ right: [Int64]) -> [Int64] {
        var shared: [Int64] = []
        var place = right.startIndex
        for value in left {
            while place < right.endIndex, right[place] < value { place += 1 }
            if place < right.endIndex, right[place] == value { shared.append(value) }
        }
        return shared
    }

    /// What the same payers paid before, and what for.
    private func findByPayer(_ payments: [MatchPayment]) throws {
        var payers: Set<UInt64> = []
        var providers: [UInt64: Set<Int64>] = [:]
        for payment in payments {
            guard let key = MatchKeys.payer(name: payment.payerName, account: payment.payerAccount) else { continue }
            if !MatchKeys.isAccount(payment.payerAccount),
                payment.payerName.map({ NameSearch($0).isProvider }) == true
            {
                providers[key, default: []].insert(payment.amount)
            } else {
                payers.insert(key)
            }
        }
        for key in providers.keys.sorted() {
            // A provider's name says that the same was paid twice, and nothing more.
            for no in try numbers(byKey, scope.payer(key)) {
                for amount in (providers[key] ?? []).sorted() {
                    try takePayment("no = ? AND amount = ?", [no, amount])
                }
            }
        }
        let teaching = Workspace.teachingRules.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        for key in payers.sorted() {
            let found = try numbers(byKey, scope.payer(key))
            guard found.count <= Self.payerMax else { throw NotNear() }
            for no in found {
                try takePayment("no = ?", [no])
                try session.execute(
                    """
                    INSERT OR IGNORE INTO near_item(no)
                    SELECT i.no FROM near_payment n CROSS JOIN log l ON l.payment = n.id
                        CROSS JOIN batch b ON b.no = l.batch
                        CROSS JOIN item i ON i.id = l.item AND i.company = l.company
                    WHERE n.no = ? AND l.company = ? AND l.payment IS NOT NULL AND l.kind NOT IN (10, 11)
                        AND (COALESCE(l.rule, b.rule) IN (\(teaching)) OR b.kind = 'person')
                    """, [no, company])
            }
        }
    }

    /// - Parameter condition: an index finds by it; the company is compared then.
    func takePayment(_ condition: String, _ values: [(any Bindable)?]) throws {
        try session.execute(
            """
            INSERT OR IGNORE INTO near_payment(no, company, id)
            SELECT no, company, id FROM payment WHERE \(condition) AND +company = ? AND applied <> 0
            """, values + [company])
    }

    /// Credit notes that will be netted while the run goes on, with what they correct.
    private func takeCorrections() throws {
        for (credit, number) in try session.openCorrections(company: company) {
            let items =
                try session.items(company: company, number: number) + session.items(company: company, invoice: credit)
            for item in items {
                try session.execute(
                    "INSERT OR IGNORE INTO near_item(no) SELECT no FROM item WHERE id = ? AND company = ?",
                    [item.id, company])
            }
        }
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

    /// Items of anybody that ask for exactly one of the amounts, or are settled by it.
    private func takeAsked(_ payments: [MatchPayment]) throws {
        var asked: Set<Int64> = []
        for payment in payments where payment.amount > 0 {
            for amount in MatchKeys.amounts(of: payment) where amount > 0 { asked.insert(amount) }
        }
        for amount in asked.sorted() {
            let isAskedByMany = try count(amount) > Self.askedMax
            if isAskedByMany {
                unlisted.insert(amount)
            } else {
                try session.execute(
                    "INSERT OR IGNORE INTO near_item(no) SELECT no FROM match_ask WHERE key = ?",
                    [scope.amount(amount)])
            }
            let found = try settled(by: amount)
            guard !isAskedByMany, found.count <= Self.askedMax else { continue }
            for no in found { try takeItem(no) }
            listed.insert(amount)
        }
    }

    /// Items that the amount settles otherwise than by being all that they ask for; one minor unit either way too.
    func settled(by amount: Int64) throws -> [Int64] {
        try [amount - 1, amount, amount + 1].flatMap { near in
            if let known = settling[near] { return known }
            let found = try numbers(byKey, scope.settling(near))
            settling[near] = found
            return found
        }
    }

    /// How many items of the whole ledger ask for the amount.
    @discardableResult
    func count(_ amount: Int64) throws -> Int {
        if let known = amounts[amount] { return known }
        let count = try Int(numbers(countOfKey, scope.amount(amount)).first ?? 0)
        amounts[amount] = count
        return count
    }
}
