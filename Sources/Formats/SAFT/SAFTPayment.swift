// SPDX-License-Identifier: Apache-2.0
import Documents

/// Maps one `Payments/Payment`: a movement for each means of payment, and what each pays of which invoice.
struct SAFTPayment {
    private let node: XMLNode<SAFTName>
    private let book: SAFTBook
    private(set) var faults: [Fault] = []

    private var lines: [XMLNode<SAFTName>] { node.all(.line) + node.all(.paymentLine) }

    /// What the receipt says of one invoice.
    private struct Share {
        var number: String
        /// What it settles, tax included, before discount.
        var gross: Int64 = 0
        var net: Int64 = 0
        var discount: Int64 = 0
        var withheld: Int64 = 0
        var cash: Int64 { gross - withheld }
    }

    private struct Means {
        var mechanism: String?
        var amount: Money
        var paidOn: Day
    }

    init(_ node: XMLNode<SAFTName>, _ book: SAFTBook) {
        self.node = node
        self.book = book
    }

    mutating func documents() -> [Document] {
        guard let number = node[.paymentNumber]?.line1 else {
            leftOut("SAFT-PAYMENT-NUMBER", "the payment has no number (PaymentRefNo)")
            return []
        }
        guard let day = node[.transactionDate]?.day else {
            leftOut("SAFT-PAYMENT-DATE", "payment \(number) has no date (TransactionDate)")
            return []
        }
        guard let customer = self.customer else {
            // The OECD core lists what is paid to suppliers among the same payments.
            return []
        }
        guard let gross = gross(number) else { return [] }
        let means = means(number, day, gross)
        let shares = shares(gross, means.reduce(0) { $0 + $1.amount.minorUnits }, number)
        let isVoid = (node[.status]?[.paymentStatus] ?? node[.paymentStatus])?.text == "A"
        var payments: [Payment] = []
        for (index, one) in means.enumerated() {
            var payment = Payment(
                amount: one.amount, bookedOn: one.paidOn, provenance: Provenance(book.origin, at: node.position))
            payment.id = means.count == 1 ? number : "\(number)/\(index + 1)"
            payment.postedOn = day == one.paidOn ? nil : day
            payment.customerID = customer
            payment.method = one.mechanism
            payment.remittance = remittance(shares)
            // CO is the netting of two balances: no money moves.
            payment.status = isVoid ? .failed : one.mechanism == "CO" ? .information : .booked
            payments.append(payment)
        }
        return payments.map { .payment($0) } + (isVoid ? [] : allocations(payments, shares, day))
    }

    /// The stated total, else what the lines add up to.
    private mutating func gross(_ number: String) -> Money? {
        if let total = node[.totals]?[.grossTotal] ?? node[.totals]?[.netTotal] {
            let stated = book.exact(total, what: "the total of payment \(number)", &faults)
            return stated.flatMap { signed($0, number) }
        }
        let amounts = lines.compactMap { amount(of: $0) }
        guard !amounts.isEmpty else {
            leftOut("SAFT-PAYMENT-TOTAL", "payment \(number) has no total (GrossTotal) and no lines")
            return nil
        }
        return Money(minorUnits: amounts.reduce(0, &+), currency: book.currency)
    }

    /// Totals and means have no sign; the lines say which way the money went: more debited than credited was paid back.
    private mutating func signed(_ total: Money, _ number: String) -> Money? {
        let amounts = lines.compactMap { line in amount(of: line).map { ($0, withTax($0, line)) } }
        let (net, taxed) = amounts.reduce((0, 0)) { ($0.0 &+ $1.0, $0.1 &+ $1.1) }
        guard net < 0, total.isPositive else { return total }
        if -net == total.minorUnits || -taxed == total.minorUnits { return -total }
        leftOut(
            "SAFT-PAYMENT-SIGN",
            "payment \(number): its lines debit more than they credit, and not its total \(total)")
        return nil
    }

    private var customer: String? {
        if let own = node[.customerID]?.line1 { return own }
        return lines.lazy.compactMap { $0[.customerID]?.line1 }.first
    }

    private func remittance(_ shares: [Share]) -> String? {
        let text = shares.map(\.number).joined(separator: " ")
        return text.isEmpty ? node[.description]?.line1 : String(text.prefix(4200))
    }

    /// The means of payment with their amounts; one of the whole where none is stated.
    private mutating func means(_ number: String, _ day: Day, _ gross: Money) -> [Means] {
        var all: [Means] = []
        for method in node.all(.paymentMethod) {
            guard let stated = method[.paymentAmount],
                let amount = book.exact(stated, what: "a means of payment \(number)", &faults), !amount.isZero
            else { continue }
            all.append(
                Means(
                    mechanism: method[.paymentMechanism]?.text, amount: gross.isNegative ? -amount.magnitude : amount,
                    paidOn: method[.paymentDate]?.day ?? day))
        }
        guard all.isEmpty else { return all }
        let withheld = node.all(.withholding).compactMap { book.rounded($0[.withholdingAmount])?.minorUnits }
        let cash = withheld.reduce(gross.minorUnits) { gross.isNegative ? $0 &+ $1 : $0 &- $1 }
        return [
            Means(
                mechanism: node[.paymentMethod]?.text, amount: Money(minorUnits: cash, currency: book.currency),
                paidOn: day)
        ]
    }

    // MARK: What it pays

    /// Per invoice what is settled, so that all of it is the receipt's total.
    private mutating func shares(_ gross: Money, _ cash: Int64, _ number: String) -> [Share] {
        var shares: [Share] = []
        var taxed: [Int64] = []
        for line in lines {
            guard let invoice = (line[.sourceDocumentID]?[.originatingNumber] ?? line[.sourceDocumentID])?.line1,
                let net = amount(of: line)
            else { continue }
            let place = shares.firstIndex { $0.number == invoice } ?? shares.count
            if place == shares.count {
                shares.append(Share(number: invoice))
                taxed.append(0)
            }
            shares[place].net &+= net
            shares[place].discount &+= book.rounded(line[.settlementAmount])?.minorUnits ?? 0
            taxed[place] &+= withTax(net, line)
        }
        guard !shares.isEmpty else { return [] }
        let total = gross.minorUnits
        let nets = shares.map(\.net)
        // Lines are without tax where the receipt carries the tax of cash accounting, else whole amounts.
        let parts: [Int64]
        if nets.reduce(0, &+) == total {
            parts = nets
        } else if taxed.reduce(0, &+) == total {
            parts = taxed
        } else {
            parts = gross.split(by: nets.map(\.magnitude).map { Int64(clamping: $0) }).map(\.minorUnits)
            if shares.count > 1 { uneven(number, gross) }
        }
        for index in shares.indices { shares[index].gross = parts[index] }
        // What is not paid in money of the total was withheld.
        let withheld = Money(minorUnits: total &- cash, currency: book.currency)
        let stated = node.all(.withholding).compactMap { book.rounded($0[.withholdingAmount])?.minorUnits }
        if !stated.isEmpty, stated.reduce(0, &+) == withheld.minorUnits {
            let parts = withheld.split(by: shares.map { max(0, $0.gross) })
            for index in shares.indices { shares[index].withheld = parts[index].minorUnits }
        }
        return shares
    }

    private mutating func uneven(_ number: String, _ gross: Money) {
        faults.append(
            Fault(
                "SAFT-PAYMENT-SUM", .warning, at: node.position,
                "the lines of payment \(number) do not add up to its total \(gross)",
                hint: "The total was shared among its invoices in proportion; check them."))
    }

    /// Minor units; a debit takes back (a credit note that the receipt uses up).
    private func amount(of line: XMLNode<SAFTName>) -> Int64? {
        if let credit = book.rounded(line[.creditAmount]) { return credit.minorUnits }
        if let debit = book.rounded(line[.debitAmount]) { return 0 &- debit.minorUnits }
        guard let money = book.rounded(line[.lineAmount]) else { return nil }
        return line[.direction]?.text == "D" ? 0 &- money.minorUnits : money.minorUnits
    }

    private func withTax(_ net: Int64, _ line: XMLNode<SAFTName>) -> Int64 {
        guard let rate = line[.tax]?[.taxPercentage]?.decimal?.exactly(scale: 6), rate.coefficient >= 0,
            rate.coefficient <= 100_000_000
        else { return net }
        let product = ScaledDecimal(
            coefficient: Int128(net) * (100_000_000 + rate.coefficient), scale: 8)
        return product.rounded(scale: 0, .halfUp).map { Int64(clamping: $0.coefficient) } ?? net
    }

    /// Means are used up in order; discount and tax withheld are allocations with their reason.
    private func allocations(_ payments: [Payment], _ shares: [Share], _ day: Day) -> [Document] {
        guard var means = payments.indices.first else { return [] }
        var left = payments.map(\.amount.minorUnits)
        var documents: [Document] = []
        func add(_ place: Int, _ share: Share, _ units: Int64, _ reason: String? = nil) {
            guard units != 0 else { return }
            var allocation = StatedAllocation(
                paymentID: payments[place].id ?? "", invoiceID: share.number,
                amount: Money(minorUnits: units, currency: book.currency), provenance: payments[place].provenance)
            allocation.reason = reason
            allocation.postedOn = day
            documents.append(.allocation(allocation))
        }
        for share in shares {
            var open = share.cash
            while open != 0 {
                let isLast = means == left.count - 1
                // What is paid back uses the means up as well; a debit beside credits is taken off one of them.
                let least = left[means] < 0 ? max(open, left[means]) : open
                let part = isLast ? open : open < 0 ? least : min(open, max(0, left[means]))
                add(means, share, part)
                left[means] &-= part
                open &-= part
                if open != 0 { means += 1 }
            }
            add(means, share, share.discount, "discount")
            add(means, share, share.withheld, "withholding")
        }
        return documents
    }

    private mutating func leftOut(_ code: String, _ message: String) {
        faults.append(
            Fault(
                code, .row, at: node.position, message,
                hint: "It was left out; correct it in the program and export SAF-T again."))
    }
}
