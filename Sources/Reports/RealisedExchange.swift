// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What an invoice in another currency brought beside what it was worth in home currency when it was issued.
///
/// No part of a roll-forward: the general ledger books it. Here it is shown with its inputs.
package struct RealisedExchange: Hashable, Sendable {
    package var number: String
    package var customerID: String
    /// What of the item was settled, in its own currency.
    package var settled: Money
    /// The invoice's own rate, as the source stated it.
    package var rate: ScaledDecimal?
    /// What was settled at the invoice's rate, in home currency; nil where the source states neither rate nor base.
    package var atInvoice: Money?
    package var bookedOn: Day
    /// What the bank booked for it, in home currency.
    package var received: Money

    package init(
        number: String, customerID: String, settled: Money, rate: ScaledDecimal?, atInvoice: Money?, bookedOn: Day,
        received: Money
    ) {
        self.number = number
        self.customerID = customerID
        self.settled = settled
        self.rate = rate
        self.atInvoice = atInvoice
        self.bookedOn = bookedOn
        self.received = received
    }

    /// Positive for a gain; nil where the invoice's worth in home currency is not known.
    package var realised: Money? {
        guard let atInvoice, atInvoice.currency == received.currency else { return nil }
        let (difference, overflow) = received.minorUnits.subtractingReportingOverflow(atInvoice.minorUnits)
        return overflow ? nil : Money(minorUnits: difference, currency: received.currency)
    }

    /// A share of an invoice's total in home currency, rounded half up; nil where the total is no base for it.
    package static func share(of base: Money, settled: Money, total: Money) -> Money? {
        guard total.isPositive, settled.currency == total.currency, !settled.isNegative, !base.isNegative else {
            return nil
        }
        let scaled = Int128(base.minorUnits) * Int128(settled.minorUnits) * 2 / Int128(total.minorUnits)
        return Money(minorUnits: Int64(clamping: (scaled + 1) / 2), currency: base.currency)
    }

    package static func table(_ rows: [RealisedExchange]) -> Table {
        var table = Table(
            "realised_exchange", "Realised exchange differences",
            columns: [
                Table.Column("number", "Invoice"), Table.Column("customer_id", "Customer"),
                Table.Column("currency", "Currency"), Table.Column("amount", "Settled", .money),
                Table.Column("rate", "Rate at invoice"), Table.Column("home_currency", "Home"),
                Table.Column("home_at_invoice", "At invoice", .money), Table.Column("booked_on", "Booked", .day),
                Table.Column("home_received", "Received", .money), Table.Column("realised", "Realised", .money),
            ],
            note:
                "Realised = received − at invoice, in home currency; a gain is positive. The general ledger books it. "
                + "Not known: the source states no amount in home currency.")
        for row in rows {
            table.add([
                .text(row.number), .text(row.customerID), .text(row.settled.currency.code), .money(row.settled),
                .text(row.rate?.text ?? ""), .text(row.received.currency.code),
                row.atInvoice.map { .money($0) } ?? .empty, .day(row.bookedOn), .money(row.received),
                row.realised.map { .money($0) } ?? .text("not known"),
            ])
        }
        return table
    }
}
