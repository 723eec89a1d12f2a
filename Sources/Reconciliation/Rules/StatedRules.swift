// SPDX-License-Identifier: Apache-2.0

import Documents

/// Money whose source states what is inside it beside the principal: the principal is matched, the rest has lines of
/// its own.
///
///     boleto of 1000.00, paid late with 1033.00 (interest 13.00, fine 20.00)
///     ──► 1000.00 on the item, which is settled, and 33.00 of late charges; nothing waits
extension Workspace {
    /// Nil where the parts do not fit into the amount, or where their principal is no item's.
    func decideStated(_ matter: Matter) -> Decision? {
        guard let stated = matter.payment.stated else { return nil }
        guard stated.fee > 0 else { return decide(stated, matter) }
        // What a bank kept is given up where the whole is just what a named item asks; else it may be beside the amount.
        if let whole = decide(stated, matter), whole.lines.contains(where: { $0.reason == .fee }) { return whole }
        return stated.withoutFee.flatMap { decide($0, matter) }
    }

    private func decide(_ stated: StatedParts, _ matter: Matter) -> Decision? {
        let payment = matter.payment
        // What is left of a payment may have paid its charges before.
        guard !payment.isPart, let principal = stated.principal(of: payment.amount) else { return nil }
        var view = payment
        view.amount = principal
        view.stated = nil
        let viewed = Matter(Docket(view, matter.reading, matter.docket.name), matter.reading, matter.payer)
        var decision: Decision
        if stated.fee > 0 {
            guard let named = decideNamed(viewed), pays(named, principal, on: payment.bookedOn) else { return nil }
            decision = named
        } else {
            decision = decideNamed(viewed) ?? decideByPayer(viewed)
        }
        guard let lines = Self.adding(stated, to: decision.lines, principal) else { return nil }
        decision.lines = lines
        decision.alternatives = decision.alternatives.compactMap { alternative in
            Self.adding(stated, to: alternative.lines, principal).map { Alternative(lines: $0) }
        }
        if decision.verdict == .auto {
            decision.rule = stated.charges > 0 ? .lateCharges : stated.fee > 0 ? .numberFee : .statedDiscount
            if !policy.isAuto(decision.rule) || stated.fee > policy.feeMax { decision.verdict = .review }
        }
        tell(stated, of: matter, &decision)
        return decision
    }

    /// The whole principal, and nothing but it, is what one item asks.
    private func pays(_ decision: Decision, _ principal: Int64, on day: Day) -> Bool {
        guard decision.lines.count == 1, let line = decision.lines.first, let item = catalogue.place(of: line) else {
            return false
        }
        return line.reason == .cash && line.cash == principal
            && balances.available(item, catalogue, on: day) == principal
    }

    /// The lines that the principal is for, with the discount taken off their cash and the charges beside it.
    private static func adding(_ stated: StatedParts, to lines: [Line], _ principal: Int64) -> [Line]? {
        guard let place = lines.firstIndex(where: { $0.cash > 0 && $0.reason == .cash }) else { return nil }
        let first = lines[place]
        var result = lines
        if stated.discount > 0 {
            // Of several items nobody says which one the discount is for.
            guard lines.count == 1, first.cash == principal, principal > stated.discount else { return nil }
            result[0].cash -= stated.discount
            result[0].proves = min(first.proves, result[0].cash)
            var line = Line(itemID: first.itemID, reason: .discount, cash: 0, adjustment: stated.discount)
            line.place = first.place
            result.append(line)
        }
        if stated.fee > 0 {
            guard lines.count == 1, result[0].cash > stated.fee else { return nil }
            result[0].cash -= stated.fee
            result[0].proves = min(first.proves, result[0].cash)
            var line = Line(itemID: first.itemID, reason: .fee, cash: 0, adjustment: stated.fee)
            line.place = first.place
            result.append(line)
        }
        if stated.charges > 0 {
            var line = Line(
                itemID: first.itemID, reason: .lateCharges, cash: stated.charges, adjustment: 0 - stated.charges)
            line.place = first.place
            result.append(line)
        }
        return result
    }

    private func tell(_ stated: StatedParts, of matter: Matter, _ decision: inout Decision) {
        if stated.charges > 0 {
            let parts = [("interest of ", stated.interest), ("a fine of ", stated.fine)].filter { $0.1 > 0 }
                .map { $0.0 + matter.text($0.1) }.joined(separator: " and ")
            decision.sentence +=
                " \(matter.money) came: its source states \(parts) on top, late charges that are no part of a claim."
            decision.evidence.append(Evidence("LATE-CHARGES", text: parts, bits: 12))
        }
        if stated.discount > 0 {
            let amount = matter.text(stated.discount)
            decision.sentence += " Its source states that \(amount) were taken off, as was agreed."
            decision.evidence.append(Evidence("STATED-DISCOUNT", text: amount, bits: 12))
        }
        if stated.fee > 0 {
            let amount = matter.text(stated.fee)
            decision.sentence += " Its bank states that it kept \(amount) of it; \(matter.money) came."
            decision.evidence.append(Evidence("STATED-FEE", text: amount, bits: 12))
        }
    }
}
