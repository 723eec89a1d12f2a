// SPDX-License-Identifier: Apache-2.0

/// What `NoiseKind` adds to payments.
extension Payers {
    // MARK: Beside the number, or in its place

    /// - Parameter numbers: as the payer wrote them.
    mutating func remark(
        on invoice: Invoice, _ customer: Customer, _ numbers: [String], _ text: inout String, _ spoils: inout [String]
    ) {
        let isOne = numbers.count == 1 && !invoice.isCredit
        if isOne, noise.has(.months), noise.strikes(300, &chance) {
            let month = Wording.month(invoice.issued, customer.country, isDue: chance.permille(800), &chance)
            put(month, "month", &text, &spoils)
        } else if isOne, customer.price != nil, noise.strikes(150, &chance) {
            text = ""
            put(Wording.due(customer.country, &chance), "due_word", &text, &spoils)
        }
        if isOne, noise.has(.files), noise.strikes(250, &chance) {
            let file = Wording.file(taken: taken(besides: invoice.number), day: invoice.issued, &chance)
            put(file, "file", &text, &spoils)
        }
        // Nobody could know whom a relative or an adviser pays for, if neither number nor name said so.
        guard customer.paidBy != nil, chance.permille(700) || !numbers.contains(where: { text.contains($0) }) else {
            return
        }
        let whom = Wording.whom(customer.name, customer.country, &chance)
        spoils.append("for_another")
        text = text.isEmpty ? whom : chance.permille(500) ? text + " " + whom : whom + " " + text
    }

    /// In the place of the number as often as beside it.
    private mutating func put(_ words: String, _ kind: String, _ text: inout String, _ spoils: inout [String]) {
        spoils.append(kind)
        if text.isEmpty || chance.permille(500) {
            text = words
            spoils.append("no_number")
        } else {
            text = chance.permille(700) ? text + " " + words : words + " " + text
        }
    }

    /// The digits of somebody's invoice, now and then: a payer's own files are numbered like anybody's.
    private mutating func taken(besides number: String) -> String? {
        guard chance.permille(200) else { return nil }
        let other = chance.pick(world.invoices).number
        return other == number ? nil : String(other.filter(\.isNumber))
    }

    /// Two neighbours swapped or one digit wrong, near the end, where nobody looks twice.
    mutating func slipped(_ number: String, customer: Int, _ spoils: inout [String]) -> String {
        var bytes = Array(number.utf8)
        let places = Array(bytes.indices.filter { bytes[$0] >= 0x30 && bytes[$0] <= 0x39 }.suffix(4))
        guard places.count > 1 else { return number }
        let place = chance.below(places.count - 1)
        let (left, right) = (places[place], places[place + 1])
        if chance.permille(600), right == left + 1, bytes[left] != bytes[right] {
            bytes.swapAt(left, right)
        } else {
            bytes[right] = 0x30 + (bytes[right] - 0x30 + UInt8(chance.between(1, 9))) % 10
        }
        let written = String(decoding: bytes, as: UTF8.self)
        spoils.append(
            issued[written].map { world.invoices[$0].customer == customer ? "slip_own" : "slip_other" } ?? "slip")
        return written
    }

    // MARK: What nobody could know is not asked

    /// A slip that names another item of the same customer for the same amount pays that one, as far as anybody can see;
    /// and so does a stranger's slip that names anybody's. Such slips are not made.
    func undeniable(_ payment: Payment, _ place: Int) -> String {
        let invoice = world.invoices[place]
        guard !payment.text.contains(invoice.number) else { return payment.text }
        let anybodys = payment.text.split(separator: " ").compactMap { issued[String($0)] }
        let others = payment.noise.contains("third_party") ? anybodys : world.owned[invoice.customer]
        // Longest first: `B362` stands in `B3622`.
        let hit = others.filter {
            $0 != place && world.invoices[$0].amount == invoice.amount
                && payment.text.contains(world.invoices[$0].number)
        }.max { world.invoices[$0].number.count < world.invoices[$1].number.count }
        return hit.map { payment.text.replacing(world.invoices[$0].number, with: invoice.number) } ?? payment.text
    }

    /// Whoever pays ahead and names nothing pays what is open of that amount; ahead he can pay only where nothing is.
    func isTold(_ place: Int) -> Bool {
        guard noise.isFair else { return true }
        let invoice = world.invoices[place]
        return !world.owned[invoice.customer].contains {
            let other = world.invoices[$0]
            return $0 != place && other.amount == invoice.amount && other.issued <= invoice.issued
                && (other.open > 0 || other.issued > invoice.issued - 90)
        }
    }

    /// Whether an amount is that of another item of the customer's too, which a reference of the customer does not tell
    /// from what is paid.
    func isAnothers(_ amount: Int, _ places: [Int]) -> Bool {
        guard noise.has(.references), let first = places.first else { return false }
        return world.owned[world.invoices[first].customer].contains {
            world.invoices[$0].amount == amount && !places.contains($0)
        }
    }

    /// The same money twice is that only where it says so, or nothing else of this amount is open or soon will be.
    func namesNumber(_ place: Int) -> Bool {
        guard noise.isFair, let payment = payments.last else { return true }
        let invoice = world.invoices[place]
        if payment.text.contains(invoice.number) { return true }
        return !world.owned[invoice.customer].contains {
            $0 != place && world.invoices[$0].amount == invoice.amount && world.invoices[$0].issued < payment.day + 20
                && (world.invoices[$0].open > 0 || world.invoices[$0].issued > invoice.issued)
        }
    }

    // MARK: Instalments and money that pays nothing

    /// Two to four parts, which say that they are.
    mutating func instalments(_ place: Int, _ customer: Customer, on day: Int) {
        let whole = world.invoices[place].open
        let count = chance.between(2, 4)
        for part in 1...count {
            let cash = part == count ? world.invoices[place].open : whole / count
            settle([(place, cash, 0)], "partial", on: day + (part - 1) * 30 + chance.below(4))
            let last = payments.count - 1
            guard payments[last].reference.isEmpty, chance.permille(850) else { continue }
            let word = Wording.instalment(part, of: count, customer.country, &chance)
            payments[last].text += payments[last].text.isEmpty ? word : " " + word
            payments[last].noise.append("instalment_word")
            if part < count, chance.permille(120) { return }
        }
    }

    /// Customers send back what we paid too much, what was deposited, what they credit us.
    mutating func moneyBack(_ count: Int) {
        for _ in 0..<count {
            let invoice = chance.pick(world.invoices)
            let customer = world.customers[invoice.customer]
            var spoils: [String] = ["refund_word"]
            let (name, account) = noise.payer(customer, &spoils, &chance)
            payments.append(
                Payment(
                    day: invoice.issued + chance.between(0, 40), amount: abs(invoice.amount),
                    currency: customer.currency,
                    payerName: name, account: account, text: Wording.refund(customer.country, &chance),
                    kind: "unrelated", noise: spoils))
        }
    }

    /// Money of nobody who owes us, of an amount that somebody owes, for a file of their own.
    mutating func strangersOfOurAmounts(_ count: Int) {
        for _ in 0..<count {
            let invoice = chance.pick(world.invoices)
            let day = invoice.issued + chance.between(0, 40)
            let number = chance.pick(world.invoices).number
            let taken = number != invoice.number && chance.permille(150) ? String(number.filter(\.isNumber)) : nil
            payments.append(
                Payment(
                    day: day, amount: abs(invoice.amount), currency: world.customers[invoice.customer].currency,
                    payerName: Names.stranger(&chance), account: "DE" + chance.digits(20),
                    text: Names.strangersText(taken: taken, day: day, &chance), kind: "unrelated",
                    noise: ["stranger_amount"]))
        }
    }
}
