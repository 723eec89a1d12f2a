// SPDX-License-Identifier: Apache-2.0

/// Anything a source can say. The order of cases is the order in which an import lands them.
///
/// A reference inside, so that passing one on copies no texts: there may be a million of them.
package indirect enum Document: Hashable, Sendable {
    case customer(Customer)
    case invoice(Invoice)
    case payment(Payment)
    case statement(Statement)
    case promise(PromiseRecord)
    case balance(Balance)
    case allocation(StatedAllocation)
    case settlement(SettlementLine)
    case rate(Rate)

    /// The mapping language's entity name.
    package var entity: String {
        switch self {
        case .customer: "customer"
        case .invoice: "invoice"
        case .payment: "payment"
        case .statement: "statement"
        case .promise: "promise"
        case .balance: "balance"
        case .allocation: "allocation"
        case .settlement: "settlement"
        case .rate: "rate"
        }
    }

    package var provenance: Provenance {
        switch self {
        case .customer(let value): value.provenance
        case .invoice(let value): value.provenance
        case .payment(let value): value.provenance
        case .statement(let value): value.provenance
        case .promise(let value): value.provenance
        case .balance(let value): value.provenance
        case .allocation(let value): value.provenance
        case .settlement(let value): value.provenance
        case .rate(let value): value.provenance
        }
    }
}
