// SPDX-License-Identifier: Apache-2.0
import Documents

extension RecordMapper {
    /// Decimals that sums of every currency are kept with: the most an ISO 4217 currency has.
    private static let sumScale: UInt8 = 4

    /// Adds a document's amounts to the sums the total rows are checked against.
    mutating func add(_ document: Document) {
        for (index, check) in (mapping.totals?.checks ?? []).enumerated() {
            guard let money = document.amount(check.target) else { continue }
            sums[index] += Int128(money.minorUnits) * ScaledDecimal.power(of: Self.sumScale - money.currency.exponent)
            sumCurrency = money.currency
        }
    }

    /// Compares a total row with what was read.
    ///
    /// A difference that rows left out explain is a warning; any other means the file was not read as it is meant.
    mutating func check(_ totals: Mapping.Totals, _ record: Record) {
        totalRowCount += 1
        for (index, check) in totals.checks.enumerated() {
            do throws(RecordFault) {
                recordCurrency = nil
                guard let stated = try decimal(check.rule, record)?.exactly(scale: Self.sumScale) else { continue }
                let read = ScaledDecimal(coefficient: sums[index], scale: Self.sumScale)
                if stated == read {
                    agreed.append((check.target, sumCurrency, Self.short(stated)))
                    continue
                }
                var fault = RecordFault(
                    "TOTAL-MISMATCH", column: column(check.rule),
                    "the total row says \(check.target.rawValue) \(Self.short(stated).text), the rows sum to "
                        + Self.short(read).text
                        + (faultyCount > 0
                            ? " without the \(faultyCount == 1 ? "row" : "\(faultyCount) rows") left out" : ""),
                    hint: faultyCount > 0
                        ? "Correct the rows that were left out; the total is checked again."
                        : "Rows are missing from the export or read wrongly; export it again or correct the mapping.")
                fault.severity = faultyCount > 0 ? .warning : .refusal
                faults.append(fault.fault(record, header))
            } catch {
                var fault = error
                fault.severity = .warning
                faults.append(fault.fault(record, header))
            }
        }
    }

    /// Without the zeros after two decimals.
    private static func short(_ value: ScaledDecimal) -> ScaledDecimal { value.exactly(scale: 2) ?? value }
}

extension Document {
    /// The amount a total row can be checked against.
    fileprivate func amount(_ target: Target) -> Money? {
        switch self {
        case .invoice(let invoice):
            switch target {
            case .total: invoice.total
            case .net: invoice.net
            case .tax: invoice.tax
            case .payable: invoice.payable
            case .prepaid: invoice.prepaid
            case .open: invoice.open
            case .paid: invoice.paid
            default: nil
            }
        case .payment(let payment): target == .amount ? payment.amount : target == .fee ? payment.fee : nil
        case .balance(let balance): target == .amount ? balance.amount : nil
        case .promise(let promise): target == .amount ? promise.amount : nil
        case .allocation(let allocation): target == .amount ? allocation.amount : nil
        case .settlement(let line):
            target == .gross ? line.gross : target == .fee ? line.fee : target == .net ? line.net : nil
        case .customer, .statement, .rate: nil
        }
    }
}
