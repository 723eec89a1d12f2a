// SPDX-License-Identifier: Apache-2.0
import Documents

/// One booking between a debtor's account and the ledger.
struct DATEVBooking {
    let line: Int
    let debtor: String
    let other: String
    /// Positive is owed to us.
    let claim: Money
    let day: Day
    /// Belegfeld 1: the invoice's number.
    let number: String?
    /// Belegfeld 2: often the due day as `ddMMyy`.
    let second: String?
    let text: String?
    /// Skonto, in a payment: what is settled beside the money.
    let discount: Money?
    let dueOn: Day?

    static func given(_ text: String) -> String? { text.isEmpty || text == "0" ? nil : text }
}

/// The bookings of one export, and what they are by the account on their other side.
struct DATEVBatch {
    let header: DATEVHeader
    let bookings: [DATEVBooking]
    let origin: Provenance.Origin

    private enum Kind {
        case sale, money, cash, discount, opening
    }

    func documents(_ faults: inout FileFaults) -> [Document] {
        let chart = header.chart ?? guessed()
        var documents: [Document] = []
        var places: [String: Int] = [:]
        var ids: [String: Int] = [:]
        var unclear = 0
        for booking in bookings where !booking.claim.isZero {
            guard let kind = kind(of: booking, chart) else {
                unclear += 1
                faults.add(
                    "DATEV-BOOKING-UNCLEAR", .row, at: .line(booking.line),
                    "\(booking.claim) on debtor \(booking.debtor) against account \(booking.other) "
                        + "is neither a sale nor money received",
                    hint: "It was left out; enter it by hand if it changes what the customer owes.")
                continue
            }
            switch kind {
            case .sale, .opening, .discount:
                // An invoice with two rates of tax is two bookings.
                let key =
                    "\(booking.debtor)\t\(booking.number ?? "line \(booking.line)")\t\(booking.day)\t"
                    + "\(booking.claim.currency.code)\t\(booking.claim.isNegative)\t\(kind == .discount)"
                if let place = places[key], case .invoice(var invoice) = documents[place],
                    let sum = invoice.total?.adding(booking.claim)
                {
                    invoice.total = sum
                    documents[place] = .invoice(invoice)
                } else {
                    places[key] = documents.count
                    documents.append(.invoice(invoice(booking, isDiscount: kind == .discount)))
                }
            case .money, .cash: documents += payment(booking, isCash: kind == .cash, &ids)
            }
        }
        if unclear > 0, chart == nil {
            faults.add(
                "DATEV-CHART", .warning, at: .line(1),
                "the header names no chart of accounts (SKR 03 or 04), and the accounts do not show which it is",
                hint: "Export the batch with its Sachkontenrahmen, so that sales and payments can be told apart.")
        }
        return documents
    }

    /// The chart by where the debtors' sales are: class 8 in SKR 03, class 4 in SKR 04.
    private func guessed() -> DATEVHeader.Chart? {
        let roots = bookings.compactMap { header.root($0.other) }
        if roots.contains(where: { (8000..<9000).contains($0) }) { return .skr03 }
        return roots.contains(where: { (4000..<5000).contains($0) }) ? .skr04 : nil
    }

    private func kind(of booking: DATEVBooking, _ chart: DATEVHeader.Chart?) -> Kind? {
        guard let root = header.root(booking.other) else { return nil }
        // Carried forward: 9000 to 9099 in both charts.
        if (9000..<9100).contains(root) { return .opening }
        switch (chart, root) {
        case (.skr03, 8730..<8740), (.skr04, 4730..<4740): return .discount
        case (.skr03, 8000..<9000), (.skr04, 4000..<5000): return .sale
        // Cash; then post, banks, money in transit.
        case (.skr03, 1000..<1100), (.skr04, 1600..<1700): return .cash
        case (.skr03, 1000..<1300), (.skr03, 1360..<1370): return .money
        case (.skr04, 1600..<1900), (.skr04, 1460..<1470): return .money
        default: return nil
        }
    }

    private func invoice(_ booking: DATEVBooking, isDiscount: Bool) -> Invoice {
        let isCredit = booking.claim.isNegative
        let own = booking.number ?? "\(booking.debtor)-\(booking.day)-\(booking.line)"
        var invoice = Invoice(
            number: isDiscount ? "\(own)-Skonto" : own, kind: isCredit ? .creditNote : .invoice,
            currency: booking.claim.currency, issuedOn: booking.day,
            provenance: Provenance(origin, at: .line(booking.line)))
        invoice.total = booking.claim
        invoice.statedNegated = isCredit
        invoice.customerID = booking.debtor
        invoice.reference = booking.text
        if isDiscount, let number = booking.number {
            invoice.corrects = number
            invoice.correction = .difference
        }
        if !isCredit {
            let due = booking.dueOn ?? booking.second.flatMap { $0.utf8.count == 6 ? DATEVDay.short($0) : nil }
            invoice.dueOn = due.flatMap { $0 >= booking.day ? $0 : nil }
        }
        return invoice
    }

    private func payment(_ booking: DATEVBooking, isCash: Bool, _ ids: inout [String: Int]) -> [Document] {
        let provenance = Provenance(origin, at: .line(booking.line))
        var payment = Payment(amount: -booking.claim, bookedOn: booking.day, provenance: provenance)
        // A batch numbers no booking; what it says is the same in the next export.
        let content = [
            booking.debtor, booking.day.text, payment.amount.amountText, booking.number ?? "", booking.text ?? "",
        ]
        let id = content.joined(separator: "|")
        let count = (ids[id] ?? 0) + 1
        ids[id] = count
        payment.id = count == 1 ? id : "\(id)~\(count)"
        payment.customerID = booking.debtor
        payment.method = isCash ? Payment.cashMethod : nil
        let text = [booking.number, booking.text].compactMap { $0 }
        payment.remittance = text.isEmpty ? nil : text.joined(separator: " ")
        guard let number = booking.number else { return [.payment(payment)] }
        var documents: [Document] = [.payment(payment)]
        for (amount, reason) in [
            (payment.amount, nil), (booking.discount ?? .zero(payment.amount.currency), "discount"),
        ]
        where !amount.isZero {
            var allocation = StatedAllocation(
                paymentID: payment.id ?? id, invoiceID: number, amount: amount, provenance: provenance)
            allocation.reason = reason
            allocation.postedOn = booking.day
            documents.append(.allocation(allocation))
        }
        return documents
    }
}
