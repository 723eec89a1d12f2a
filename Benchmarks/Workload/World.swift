// SPDX-License-Identifier: Apache-2.0

/// What a workload is made of. Amounts are hundredths, days are counted from 1 January 2025.
struct Customer {
    var id: String
    var number: String
    var name: String
    var country: String
    var currency: String
    var account: String
    var isKnown: Bool
    var parentName: String?
    var parentAccount: String?
    var series: Int
    var hasReferences: Bool
    var discount: Int
    var paysInBatches: Bool
    /// Percent of withheld tax; 0 for none.
    var withholding: Int
    var feeHabit: Bool
    var usesProvider: Bool
    var isPerson = false
    /// What each of its invoices asks for.
    var price: Int?
    /// The reference that all of its invoices bear.
    var reference = ""
    /// Who pays for it: a relative who is a customer too, or an adviser.
    var paidBy: (name: String, account: String)?
}

struct Invoice {
    var id: String
    var number: String
    var customer: Int
    var issued: Int
    var due: Int
    var amount: Int
    var open: Int
    var reference: String
    var discount: Int
    var discountUntil: Int
    var order: String
    /// The invoice that a credit note lowers.
    var corrects: Int?
    var isCredit: Bool { amount < 0 }
}

struct Payment {
    var day: Int
    var amount: Int
    var currency: String
    var payerName: String
    var account: String
    var text: String
    var reference = ""
    var endToEnd = ""
    var code = "PMNT/RCDT/ESCT"
    var ordered: (amount: Int, currency: String)?
    var kind: String
    var noise: [String] = []
    var truth: [(invoice: Int, cash: Int, adjustment: Int)] = []
}

struct Charge {
    var payout: String
    var provider: String
    var id: String
    var day: Int
    var gross: Int
    var fee: Int
    var currency: String
    var reference: String
    var name: String
}

/// Who owes what: customers with their ways, and invoices in series of numbers.
struct World {
    private(set) var customers: [Customer] = []
    var invoices: [Invoice] = []
    /// Invoices of each customer in the order of issue.
    private(set) var owned: [[Int]] = []
    private var next: [Int]
    private let numbering: Numbering
    private let noise: Noise
    /// Counted from January 2025.
    private let firstMonth: Int
    /// Its first day, which is that of the first invoice.
    let start: Int
    private var year = 0
    private static let fewPrices = [1900, 2900, 4900, 7900, 9900]

    private static let first = [
        "Nord", "Sued", "Kern", "Wald", "Berg", "Talb", "Elb", "Rhein", "Donau", "Alpen", "Stern", "Gold", "Blau",
        "Hoch", "Neu", "Alt", "Fels", "Marsch", "Heide", "Insel", "Orbi", "Silva", "Terra", "Mega", "Proto",
    ]
    private static let second = [
        "wind", "stahl", "bau", "tech", "werk", "haus", "mode", "optik", "glas", "holz", "form", "consult", "media",
        "pharm", "agro", "port", "linie", "kraft", "feld", "brunn",
    ]
    private static let trades = [
        "Logistik", "Handel", "Maschinenbau", "Software", "Events", "Sanitär", "Druck", "Labor", "Engineering",
        "Elektro", "Solutions", "Trading", "Catering", "Möbel", "Gärtnerei",
    ]
    private static let homes: [(country: String, currency: String, forms: [String])] = [
        ("DE", "EUR", ["GmbH", "AG", "e.K.", "UG", "GmbH & Co. KG"]), ("NL", "EUR", ["B.V.", "N.V.", "VOF"]),
        ("BE", "EUR", ["SRL", "NV"]), ("FR", "EUR", ["SARL", "SAS"]), ("IT", "EUR", ["S.r.l.", "S.p.A."]),
        ("GB", "GBP", ["Ltd", "PLC"]), ("SE", "SEK", ["AB"]), ("NO", "NOK", ["AS"]), ("CH", "CHF", ["AG", "SA"]),
        ("US", "USD", ["Inc", "LLC"]),
    ]

    init(count: Int, noise: Noise, chance: inout Chance) {
        self.noise = noise
        numbering = noise.numbering
        firstMonth = numbering.beginsAnew ? 6 : 0
        start = CalendarText.start(ofMonth: firstMonth)
        next = Array(repeating: 1, count: numbering.count + 1)
        let customerCount = max(20, count / (noise.has(.subscriptions) ? 12 : 20))
        for place in 0..<customerCount { customers.append(customer(place, noise.difficulty, &chance)) }
        if noise.has(.families) { relate(&chance) }
        owned = Array(repeating: [], count: customerCount)
        let isMonthly = noise.has(.subscriptions)
        if isMonthly { addSubscriptions(count, &chance) }
        for place in 0..<(isMonthly ? 0 : count) {
            let day = start + place * 360 / max(1, count)
            addInvoice(day, of: chance.skewed(customers.count), &chance)
        }
    }

    /// A year in which those who have a price are billed for it every month, and the others as ever.
    private mutating func addSubscriptions(_ count: Int, _ chance: inout Chance) {
        let (subscribers, others) = (
            customers.indices.filter { customers[$0].price != nil },
            customers.indices.filter { customers[$0].price == nil }
        )
        var visits: [(day: Int, owner: Int)] = []
        for month in 0..<12 {
            // All on the first of the month, as clubs and landlords do.
            let first = CalendarText.start(ofMonth: firstMonth + month)
            visits += subscribers.map { (first, $0) }
        }
        let rest = max(0, count - visits.count)
        for place in 0..<rest where !others.isEmpty {
            visits.append((start + place * 360 / rest, others[chance.skewed(others.count)]))
        }
        // order-free: by day, and of one day in the customers' order
        for visit in visits.sorted(by: { ($0.day, $0.owner) < ($1.day, $1.owner) }) {
            addInvoice(visit.day, of: visit.owner, &chance)
        }
    }

    /// Who pays for whom: one relative for another, and an adviser for his clients.
    private mutating func relate(_ chance: inout Chance) {
        var relatives: [String: [Int]] = [:]
        func surname(_ customer: Customer) -> String { String(customer.name.split(separator: " ").last ?? "") }
        for place in customers.indices where customers[place].isPerson {
            relatives[surname(customers[place]), default: []].append(place)
        }
        let advisers = (0..<max(1, customers.count / 60)).map { (Names.adviser($0), "DE" + chance.digits(20)) }
        for place in customers.indices {
            if customers[place].isPerson, chance.permille(200) {
                let others = relatives[surname(customers[place]), default: []].filter {
                    customers[$0].name != customers[place].name
                }
                guard !others.isEmpty else { continue }
                let payer = customers[chance.pick(others)]
                customers[place].paidBy = (payer.name, payer.account)
            } else if chance.permille(100) {
                customers[place].paidBy = chance.pick(advisers)
            }
        }
    }

    private func customer(_ place: Int, _ difficulty: Int, _ chance: inout Chance) -> Customer {
        let home = chance.pick(Self.homes)
        let name =
            chance.pick(Self.first) + chance.pick(Self.second) + " " + chance.pick(Self.trades) + " "
            + chance.pick(home.forms)
        let hasParent = chance.permille(60)
        var customer = Customer(
            id: "C" + padded(place, 6), number: String(10_000 + place), name: name, country: home.country,
            currency: home.currency, account: home.country + chance.digits(20),
            isKnown: chance.permille(700 - difficulty / 5),
            parentName: hasParent ? chance.pick(Self.first) + chance.pick(Self.second) + " Holding AG" : nil,
            parentAccount: hasParent ? "DE" + chance.digits(20) : nil,
            series: chance.below(numbering.count),
            hasReferences: chance.permille(300), discount: chance.permille(220) ? chance.pick([2, 2, 3]) : 0,
            paysInBatches: chance.permille(250), withholding: chance.permille(25) ? chance.pick([5, 10, 15]) : 0,
            feeHabit: chance.permille(50), usesProvider: chance.permille(60))
        if noise.has(.families), chance.permille(700) {
            let person = Names.person(&chance)
            customer.name = person.given + " " + person.family
            (customer.isPerson, customer.discount, customer.withholding, customer.parentName) = (true, 0, 0, nil)
        }
        if noise.has(.subscriptions), chance.permille(700) {
            customer.price = chance.pick(Self.fewPrices)
            (customer.discount, customer.withholding, customer.paysInBatches) = (0, 0, chance.permille(50))
        }
        // With every noise at once, some.
        if noise.has(.references), chance.permille(noise.kinds.count > 3 ? 300 : 900) {
            customer.reference = CreditorReferenceText.make(padded(place + 71_003, 10))
        }
        return customer
    }

    private func price(of customer: Customer, _ chance: inout Chance) -> Int {
        if let price = customer.price { return price }
        if noise.has(.slips) || noise.has(.files) || noise.has(.families), chance.permille(700) {
            return chance.pick(Self.fewPrices)
        }
        let isRound = chance.permille(300)
        return isRound
            ? chance.pick([1900, 2900, 4900, 9900, 9990, 25_000, 50_000, 59_500, 100_000, 119_000])
            : 1_000 + chance.skewed(900_000)
    }

    private func reference(_ place: Int, of customer: Customer) -> String {
        if noise.has(.references) { return customer.reference }
        return customer.hasReferences ? CreditorReferenceText.make(padded(place + 539_007, 10)) : ""
    }

    private mutating func addInvoice(_ day: Int, of owner: Int, _ chance: inout Chance) {
        let customer = customers[owner]
        if numbering.beginsAnew, year != CalendarText.civil(day).0 {
            year = CalendarText.civil(day).0
            for series in 0..<numbering.count { next[series] = 1 }
        }
        let number = numbering.number(
            customer.series, next[customer.series], day: day, customer: customer.number,
            ofCustomer: owned[owner].count + 1)
        next[customer.series] += 1
        let amount = price(of: customer, &chance)
        let place = invoices.count
        let reference = reference(place, of: customer)
        invoices.append(
            Invoice(
                id: "I" + padded(place + 1, 8), number: number, customer: owner, issued: day,
                due: day + chance.pick([14, 30, 30, 45]), amount: amount, open: amount, reference: reference,
                discount: customer.discount, discountUntil: day + chance.pick([8, 10, 14]),
                order: chance.permille(250) ? "45" + chance.digits(8) : "", corrects: nil))
        owned[owner].append(place)
        guard chance.permille(35) else { return }
        let credit = 0 - amount * chance.between(5, 40) / 100
        guard credit < 0 else { return }
        let note = "CN-2025-" + padded(next[numbering.count], 5)
        next[numbering.count] += 1
        let day = day + chance.below(8)
        invoices.append(
            Invoice(
                id: "N" + padded(invoices.count + 1, 8), number: note, customer: owner, issued: day, due: day,
                amount: credit, open: credit, reference: "", discount: 0, discountUntil: day, order: "",
                corrects: place))
        owned[owner].append(invoices.count - 1)
    }
}

func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// ISO 11649: `RF`, two check digits by modulo 97, and the body.
enum CreditorReferenceText {
    static func make(_ body: String) -> String {
        var remainder = 0
        for byte in (body + "RF00").utf8 {
            let value = byte >= 0x41 ? Int(byte) - 55 : Int(byte) - 48
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
        }
        return "RF" + padded(98 - remainder, 2) + body
    }
}
