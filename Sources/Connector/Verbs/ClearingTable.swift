// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Reconciliation
import Reports
import Store
import Trees

/// The clearing account of each payment provider: what it charged, kept and paid out, ending in named open payouts.
extension Workplace {
    func clearingTable(on day: Day, _ session: Session) throws -> Table {
        var table = Table(
            "clearing", "Payment providers: charges, fees and payouts",
            columns: [
                Table.Column("provider", "Provider"), Table.Column("payout_id", "Payout"),
                Table.Column("currency", "Currency"), Table.Column("charged", "Charged", .money),
                Table.Column("refunded", "Refunded", .money), Table.Column("charged_back", "Charged back", .money),
                Table.Column("fees", "Fees", .money), Table.Column("other", "Reserves and adjustments", .money),
                Table.Column("paid_out", "Paid out", .money), Table.Column("on_the_way", "On the way", .money),
                Table.Column("payment_id", "Bank entry"), Table.Column("booked_on", "Booked", .day),
            ])
        let arrived = try session.arrivedPayouts(company: company.id, on: day)
        var payouts: [Payout] = []
        try session.eachSettlementLine(company: company.id, through: day) { line in
            if payouts.last?.isSame(line) != true { payouts.append(Payout(line)) }
            payouts[payouts.count - 1].add(line)
        }
        var total: Payout?
        func close() { if let total { table.add(total.cells(nil, name: "Total"), isTotal: true) } }
        for payout in payouts {
            if total?.source != payout.source || total?.currency != payout.currency {
                close()
                total = Payout(source: payout.source, currency: payout.currency)
            }
            let entry = arrived[payout.id]
            total?.add(payout, isArrived: entry != nil)
            table.add(payout.cells(entry, name: payout.id))
        }
        close()
        return table
    }
}

extension Session {
    /// Payouts that a bank entry was taken for, by their ids.
    /// - Parameter onlyBooked: not those that wait for a person.
    func arrivedPayouts(
        company: String, on day: Day, onlyBooked: Bool = false
    ) throws -> [String: (payment: String, on: Day)] {
        var arrived: [String: (payment: String, on: Day)] = [:]
        for row in try payoutDecisions(company: company, onlyBooked: onlyBooked) where row.bookedOn <= day {
            let facts = JSONReader.read(Array(row.evidence.utf8)).node?.items ?? []
            for fact in facts where fact["code"]?.scalar == "PAYOUT" {
                if let id = fact["text"]?.scalar { arrived[id] = (row.paymentID, row.bookedOn) }
            }
        }
        return arrived
    }
}

/// The sums of one payout, or of several.
private struct Payout {
    let source: String
    let currency: Currency
    var id = ""
    private var charged: Int64 = 0
    private var refunded: Int64 = 0
    private var chargedBack: Int64 = 0
    private var fees: Int64 = 0
    private var other: Int64 = 0
    private var net: Int64 = 0
    private var onTheWay: Int64 = 0

    init(source: String, currency: Currency) {
        self.source = source
        self.currency = currency
    }

    init(_ line: SettlementRow) {
        self.init(source: line.source, currency: line.charge.currency)
        id = line.charge.payoutID
    }

    func isSame(_ line: SettlementRow) -> Bool {
        source == line.source && currency == line.charge.currency && id == line.charge.payoutID
    }

    mutating func add(_ line: SettlementRow) {
        let charge = line.charge
        fees &+= charge.fee
        net &+= charge.net
        switch charge.kind {
        case .charge: charged &+= charge.gross
        case .refund: refunded &-= charge.gross
        case .chargeback: chargedBack &-= charge.gross
        case .fee: fees &-= charge.net
        case .reserve, .adjustment: other &+= charge.gross
        }
    }

    mutating func add(_ payout: Payout, isArrived: Bool) {
        charged &+= payout.charged
        refunded &+= payout.refunded
        chargedBack &+= payout.chargedBack
        fees &+= payout.fees
        other &+= payout.other
        if isArrived { net &+= payout.net } else { onTheWay &+= payout.net }
    }

    func cells(_ entry: (payment: String, on: Day)?, name: String) -> [Table.Cell] {
        func money(_ amount: Int64) -> Table.Cell { .money(Money(minorUnits: amount, currency: currency)) }
        let isTotal = id.isEmpty
        return [
            .text(source), .text(name), .text(currency.code), money(charged), money(refunded), money(chargedBack),
            money(fees), money(other), money(isTotal || entry != nil ? net : 0),
            money(isTotal ? onTheWay : entry == nil ? net : 0), .text(entry?.payment ?? ""),
            entry.map { .day($0.on) } ?? .empty,
        ]
    }
}
