// SPDX-License-Identifier: Apache-2.0
import Documents

// What a payment's source states inside its amount: interest and fine on top of what was owed, a discount taken off it.
//
//     owed 1000.00, interest 13.00, fine 20.00, discount 0.00 ──► amount 1033.00

extension RecordMapper {
    /// A stated part; zero says that there is none.
    func part(_ rule: Rule, _ record: Record, _ currency: Currency) throws(RecordFault) -> Money? {
        try money(rule, record, currency).flatMap { $0.isZero ? nil : $0 }
    }

    /// An amount in a currency that is not the record's.
    mutating func foreign(_ rule: Rule, _ record: Record) throws(RecordFault) -> ScaledDecimal? {
        let own = recordCurrency
        recordCurrency = nil
        defer { recordCurrency = own }
        return try decimal(rule, record)
    }

    /// A part has no sign of its own, and no more can be inside a payment than it is.
    func checkParts(_ payment: Payment, _ emission: Emission) throws(RecordFault) {
        guard payment.amount.isPositive else { return }
        let parts: [(target: Target, money: Money?)] = [
            (.interest, payment.interest), (.fine, payment.fine), (.discount, payment.discount),
        ]
        for (target, money) in parts {
            guard let money, money.isNegative else { continue }
            throw RecordFault(
                "PART-SIGN", column: column(target, emission),
                "\(target.rawValue) of \(money), but the payment is positive",
                hint: "If the file writes what is taken off or added with a minus, add `abs: true` to the rule.")
        }
        let charges = (payment.interest?.minorUnits ?? 0) + (payment.fine?.minorUnits ?? 0)
        guard charges > payment.amount.minorUnits else { return }
        throw RecordFault(
            "PART-AMOUNT", column: column(payment.interest == nil ? .fine : .interest, emission),
            "interest and fine of \(Money(minorUnits: charges, currency: payment.amount.currency)) cannot be inside a "
                + "payment of \(payment.amount)",
            hint: "Let `amount` be what was paid in all; where the file has no such column, add them up with `calc`.")
    }

    private func column(_ target: Target, _ emission: Emission) -> Int? {
        emission.fields.first { $0.target == target }.flatMap { column($0.rule) }
    }
}
