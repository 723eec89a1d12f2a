// SPDX-License-Identifier: Apache-2.0

/// Who pays what, when and how: the payments of a world, with what each one really is.
struct Payers {
    var world: World
    var chance: Chance
    let noise: Noise
    /// Which invoice has a number; of a number that came again, the first.
    let issued: [String: Int]
    var payments: [Payment] = []
    private(set) var charges: [Charge] = []
    private(set) var promises: [(invoice: Int, made: Int, day: Int)] = []
    /// Payments of a provider that wait for its next payout: (invoice, day).
    private var charged: [String: [(invoice: Int, day: Int)]] = [:]

    private static let providers = ["STRIPE", "MOLLIE"]
    /// Hundredths of the currency for one euro.
    private static let rates = ["EUR": 100, "GBP": 86, "SEK": 1130, "NOK": 1160, "CHF": 95, "USD": 108]

    init(_ world: World, noise: Noise, chance: Chance) {
        self.world = world
        self.noise = noise
        self.chance = chance
        let numbers = world.invoices.indices.map { (world.invoices[$0].number, $0) }
        issued = Dictionary(numbers, uniquingKeysWith: { first, _ in first })
    }

    /// Every invoice meets its payer on a day around its due day, in the order of those days.
    mutating func run() -> World {
        var visits: [(day: Int, invoice: Int)] = []
        for (place, invoice) in world.invoices.enumerated() where !invoice.isCredit {
            let customer = world.customers[invoice.customer]
            let early = customer.discount > 0 && chance.permille(800)
            let day =
                early
                ? invoice.issued + chance.between(2, max(3, invoice.discountUntil - invoice.issued + 1))
                : customer.price != nil
                    ? invoice.issued + chance.between(1, chance.permille(120) ? 50 : 26)
                    : invoice.due + chance.between(-9, 24)
            visits.append((max(invoice.issued, day), place))
        }
        visits.sort { ($0.day, $0.invoice) < ($1.day, $1.invoice) }
        for visit in visits where world.invoices[visit.invoice].open > 0 { pay(visit.invoice, on: visit.day) }
        // order-free: each provider by itself, in the order of its name
        for key in charged.keys.sorted() { payOut(key, on: (charged[key]?.last?.day ?? 0) + 7) }
        strangers(world.invoices.count / 30)
        if noise.has(.refunds) { moneyBack(world.invoices.count / 25) }
        if noise.has(.strangers) { strangersOfOurAmounts(world.invoices.count / 12) }
        return world
    }

    private mutating func pay(_ place: Int, on day: Int) {
        let invoice = world.invoices[place]
        let customer = world.customers[invoice.customer]
        if chance.permille(60) { return }
        if chance.permille(70) { promises.append((place, max(invoice.issued, day - 12), day + chance.between(-3, 4))) }
        if customer.usesProvider, chance.permille(700) { return charge(place, on: day) }
        if chance.permille(6), isTold(place) { return prepay(place) }
        let others = world.owned[invoice.customer].filter {
            let other = world.invoices[$0]
            return $0 != place && other.open > 0 && !other.isCredit && other.issued <= day
        }
        if !others.isEmpty, chance.permille(customer.paysInBatches ? 600 : 90) {
            return payList(place, others, on: day)
        }
        let credits = credits(of: invoice.customer, by: day)
        if let credit = credits.first(where: { world.invoices[$0].corrects == place }), chance.permille(750) {
            return payNet(place, credit, on: day)
        }
        single(place, customer, on: day)
    }

    private func credits(of customer: Int, by day: Int) -> [Int] {
        world.owned[customer].filter { world.invoices[$0].open < 0 && world.invoices[$0].issued <= day }
    }

    /// One payment for one invoice: in full, or with one of the reasons for another amount.
    private mutating func single(_ place: Int, _ customer: Customer, on day: Int) {
        let invoice = world.invoices[place]
        let whole = invoice.open
        let isWhole = whole == invoice.amount
        if isWhole, invoice.discount > 0, day <= invoice.discountUntil + 2 || chance.permille(60) {
            let off = (whole * invoice.discount + 50) / 100
            let kind = day <= invoice.discountUntil + 2 ? "skonto" : "skonto_late"
            return settle([(place, whole - off, off)], kind, on: day)
        }
        if isWhole, customer.withholding > 0 {
            let kept = (whole * customer.withholding + 50) / 100
            return settle([(place, whole - kept, kept)], "withholding", on: day)
        }
        if isWhole, chance.permille(customer.feeHabit ? 600 : 8), whole > (noise.isFair ? 25_000 : 5_000) {
            let fee = chance.pick([500, 750, 1000, 1200, 1500, 2500])
            return settle([(place, whole - fee, fee)], "bankfee", on: day)
        }
        if noise.has(.refunds), customer.price == nil, whole > 6_000, chance.permille(100) {
            return instalments(place, customer, on: day)
        }
        switch chance.below(1000) {
        case 0..<30 where whole > 20_000:
            let part = whole / chance.pick([2, 3, 4])
            if isAnothers(part, [place]) { return settle([(place, whole, 0)], "exact", on: day) }
            settle([(place, part, 0)], "partial", on: day)
            if chance.permille(600) { settle([(place, whole - part, 0)], "partial", on: day + chance.between(14, 40)) }
        case 30..<37: settle([(place, max(1, whole - whole * chance.between(3, 25) / 100), 0)], "short", on: day)
        case 37..<42: over(place, on: day)
        case 42..<60: exchange(place, on: day)
        default:
            settle([(place, whole, 0)], "exact", on: day)
            if chance.permille(7), namesNumber(place) { repeatLast(on: day + chance.between(1, 18)) }
            if chance.permille(8) { takeBack(on: day + chance.between(2, 25)) }
        }
    }

    private mutating func payNet(_ place: Int, _ credit: Int, on day: Int) {
        let (whole, off) = (world.invoices[place].open, world.invoices[credit].open)
        guard whole + off > 0 else { return }
        let isSilent = noise.strikes(400, &chance)
        settle([(place, whole, 0), (credit, off, 0)], "cn_net", on: day, naming: isSilent ? [place] : nil)
        if isSilent { payments[payments.count - 1].noise.append("cn_silent") }
    }

    /// A list: what is due, what is oldest, or everything, perhaps with the open credit notes.
    private mutating func payList(_ place: Int, _ others: [Int], on day: Int) {
        let due = others.filter { world.invoices[$0].due <= day + 5 }
        let chosen = chance.permille(500) && !due.isEmpty ? due : Array(others.prefix(chance.between(1, 7)))
        var shares = ([place] + chosen.prefix(20)).sorted().map { ($0, world.invoices[$0].open, 0) }
        let credits = credits(of: world.invoices[place].customer, by: day)
        let sum = shares.reduce(0) { $0 + $1.1 }
        if isAnothers(sum, shares.map { $0.0 }) {
            return settle([(place, world.invoices[place].open, 0)], "exact", on: day)
        }
        if let credit = credits.first, sum + world.invoices[credit].open > 0, chance.permille(500) {
            shares.append((credit, world.invoices[credit].open, 0))
            return settle(shares, "batch_cn", on: day)
        }
        if chance.permille(40), let last = shares.last, last.1 > 2_000 {
            shares[shares.count - 1].1 = last.1 - chance.between(100, 1500)
            return settle(shares, "batch_short", on: day)
        }
        settle(shares, "batch", on: day)
    }

    private mutating func over(_ place: Int, on day: Int) {
        settle([(place, world.invoices[place].open, 0)], "over", on: day)
        payments[payments.count - 1].amount += chance.between(50, 5_000)
    }

    /// The customer pays in another currency, or the bank exchanges what was ordered.
    private mutating func exchange(_ place: Int, on day: Int) {
        let invoice = world.invoices[place]
        let customer = world.customers[invoice.customer]
        let other = customer.currency == "EUR" ? "USD" : "EUR"
        guard let from = Self.rates[customer.currency], let to = Self.rates[other] else { return }
        let wobble = chance.between(990, 1010)
        let amount = invoice.open * to / from * wobble / 1000
        let whole = invoice.open
        settle([(place, whole, 0)], "fx", on: day)
        let last = payments.count - 1
        payments[last].truth = [(place, amount, 0)]
        payments[last].ordered = chance.permille(500) ? (whole, customer.currency) : nil
        payments[last].amount = amount
        payments[last].currency = other
    }

    private mutating func prepay(_ place: Int) {
        settle(
            [(place, world.invoices[place].open, 0)], "prepay",
            on: max(0, world.invoices[place].issued - chance.between(1, 12)))
    }

    private mutating func repeatLast(on day: Int) {
        guard var again = payments.last else { return }
        again.day = day
        again.kind = "duplicate"
        again.truth = []
        again.endToEnd = ""
        payments.append(again)
    }

    /// The bank takes the last payment back; its invoice is open again.
    private mutating func takeBack(on day: Int) {
        guard var back = payments.last, back.kind == "exact" else { return }
        for share in back.truth { world.invoices[share.invoice].open += share.cash }
        back.day = day
        back.kind = "reversal"
        back.code = "PMNT/RRCT/RRTN"
        back.amount = 0 - back.amount
        back.truth = back.truth.map { ($0.invoice, 0 - $0.cash, 0) }
        back.text = chance.pick(["RETOURE ", "RETURN ", "Rücklastschrift "]) + back.text
        payments.append(back)
    }

    // MARK: How it reaches the bank

    mutating func settle(
        _ shares: [(invoice: Int, cash: Int, adjustment: Int)], _ kind: String, on day: Int, naming: [Int]? = nil
    ) {
        guard let first = shares.first else { return }
        let invoice = world.invoices[first.invoice]
        let customer = world.customers[invoice.customer]
        var spoils: [String] = []
        let (name, account) = customer.paidBy ?? noise.payer(customer, &spoils, &chance)
        var numbers = (naming ?? shares.map(\.invoice)).map { world.invoices[$0].number }
        var payment = Payment(
            day: day, amount: shares.reduce(0) { $0 + $1.cash }, currency: customer.currency, payerName: name,
            account: account, text: "", kind: kind)
        if numbers.count == 1 || noise.has(.references), !invoice.reference.isEmpty, chance.permille(850) {
            if noise.strikes(120, &chance) {
                spoils.append("ref_in_text")
                payment.text = "Ref " + spaced(invoice.reference)
            } else {
                payment.reference =
                    noise.strikes(8, &chance)
                    ? noise.mistyped(invoice.reference, &spoils, &chance) : invoice.reference
            }
        } else {
            let isSlip = noise.has(.slips) && numbers.count == 1 && noise.strikes(60, &chance)
            if isSlip {
                numbers[0] = slipped(numbers[0], customer: invoice.customer, &spoils)
            }
            let written = noise.text(
                numbers, customer, day: invoice.issued, order: invoice.order, isSpoiled: isSlip, &chance)
            (payment.text, spoils) = (written.text, spoils + written.noise)
            if !noise.kinds.isEmpty { remark(on: invoice, customer, numbers, &payment.text, &spoils) }
            if noise.isFair, numbers.count == 1 {
                payment.noise = spoils
                payment.text = undeniable(payment, first.invoice)
            }
        }
        payment.noise = spoils
        payment.endToEnd = chance.permille(600) ? "2025-" + chance.digits(7) : "NOTPROVIDED"
        payment.truth = shares
        for share in shares { world.invoices[share.invoice].open -= share.cash + share.adjustment }
        payments.append(payment)
    }

    private func spaced(_ reference: String) -> String {
        let bytes = Array(reference.utf8)
        return stride(from: 0, to: bytes.count, by: 4).map {
            String(decoding: bytes[$0..<min(bytes.count, $0 + 4)], as: UTF8.self)
        }.joined(separator: " ")
    }

    private mutating func charge(_ place: Int, on day: Int) {
        let customer = world.customers[world.invoices[place].customer]
        let key = Self.providers[world.invoices[place].customer % 2] + "/" + customer.currency
        if let first = charged[key]?.first, day - first.day >= 7 { payOut(key, on: day) }
        charged[key, default: []].append((place, day))
    }

    /// A payout is the week's charges less the fees.
    private mutating func payOut(_ key: String, on day: Int) {
        let parts = key.split(separator: "/").map { String($0) }
        let waiting = (charged[key] ?? []).filter { world.invoices[$0.invoice].open > 0 }
        charged[key] = []
        guard parts.count == 2, !waiting.isEmpty else { return }
        let payout = "po_" + chance.digits(8)
        var payment = Payment(
            day: day, amount: 0, currency: parts[1], payerName: parts[0] + " PAYMENTS EUROPE",
            account: "NL91ABNA0417164300", text: parts[0] + " PAYOUT " + payout, kind: "psp_payout")
        for (place, day) in waiting {
            let invoice = world.invoices[place]
            let fee = invoice.open * 15 / 1000 + 25
            guard fee < invoice.open else { continue }
            let names = noise.strikes(60, &chance) ? "ord_" + chance.digits(7) : invoice.number
            charges.append(
                Charge(
                    payout: payout, provider: parts[0], id: "ch_" + chance.digits(9), day: day, gross: invoice.open,
                    fee: fee, currency: parts[1], reference: names, name: world.customers[invoice.customer].name))
            payment.truth.append((place, invoice.open - fee, fee))
            payment.amount += invoice.open - fee
            world.invoices[place].open = 0
        }
        if payment.amount > 0 { payments.append(payment) }
    }

    /// Money that is nobody's who owes us, and round sums on account.
    private mutating func strangers(_ count: Int) {
        for _ in 0..<count {
            let isOnAccount = chance.permille(200)
            let customer = chance.pick(world.customers)
            payments.append(
                Payment(
                    day: world.start + chance.between(10, 380),
                    amount: isOnAccount ? chance.between(1, 8) * 25_000 : chance.between(500, 400_000),
                    currency: isOnAccount ? customer.currency : "EUR",
                    payerName: isOnAccount ? customer.name : "Amt " + chance.digits(3),
                    account: isOnAccount ? customer.account : "DE" + chance.digits(20),
                    text: isOnAccount
                        ? chance.pick(["", "Akonto"])
                        : chance.pick(["Steuererstattung", "Versicherung Schaden ", "Order ", "Abrechnung "])
                            + chance.digits(6),
                    kind: isOnAccount ? "on_account" : "unrelated"))
        }
    }
}
