// SPDX-License-Identifier: Apache-2.0

/// What must hold for one balance after every entry. Asserted before a write and proved again by `verify`.
extension ItemBalance {
    /// Nil, or one sentence: an item is never settled beyond its amount, whatever the source stated.
    package var violation: String? {
        let left = amount - settled
        if amount >= 0 && left < 0 { return "settled \(settled) of a claim of \(amount) minor units" }
        if amount < 0 && left > 0 { return "used \(settled) of a credit of \(amount) minor units" }
        return nil
    }
}

extension CashBalance {
    /// Nil, or one sentence: a payment's money is spent once, and never more than there is.
    package var violation: String? {
        if booked >= 0 && (unapplied < 0 || applied < 0) {
            return "applied \(applied), set aside \(setAside) and used \(consumed) of \(booked) received"
        }
        if booked < 0 && (unapplied > 0 || applied > 0) {
            return "explained \(applied + consumed + setAside) of \(booked) that went out"
        }
        return nil
    }
}
