// SPDX-License-Identifier: Apache-2.0

/// What must hold for one balance after every entry. Asserted before a write and proved again by `verify`.
extension ItemBalance {
    /// Nil, or one sentence: an item is settled between nothing and its whole amount, whatever the source stated.
    ///
    /// Open more than the amount would be a debt that no document claims: an undo, a returned payment and a recovery
    /// bring back what was settled before, and never more.
    package var violation: String? {
        let left = amount - settled
        if amount >= 0 && left < 0 { return "settled \(settled) of a claim of \(amount) minor units" }
        if amount < 0 && left > 0 { return "used \(settled) of a credit of \(amount) minor units" }
        if amount >= 0 ? settled < 0 : settled > 0 {
            return "open \(left) of an amount of \(amount) minor units: more than was ever claimed"
        }
        // Cash that came out of a credit note for more than it is worth would hide that it was netted twice.
        if amount < 0, credit < amount { return "netted \(0 - credit) of a credit of \(amount) minor units" }
        if amount >= 0 ? writeOff < 0 : writeOff > 0 { return "recovered \(0 - writeOff) minor units too much" }
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
