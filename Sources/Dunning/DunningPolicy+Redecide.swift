// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger

extension DunningPolicy {
    /// Decides a message again, right before it is handed over, by the same functions that planned it.
    ///
    /// Nothing left of what it asks for: cancelled. Something else left: the next revision under the same key. A gate
    /// that passes by itself holds it; any other no cancels it, and the next plan says what is right then.
    package func redecide(
        _ message: Message, for snapshot: AccountSnapshot, on day: Day, local: LocalTime?,
        howToPay: PaymentOffer = { _ in [] }
    ) -> Redecision {
        var now = snapshot
        now.pending = [message]
        now.history.removeAll { $0.key == message.key && $0.outcome == .cancelled }
        let lines = plan(for: now, on: day, local: local, howToPay: howToPay)
        if let said = lines.compactMap(\.message).first(where: { $0.key == message.key }) {
            if let opens = said.notBeforeLocal {
                return .hold(
                    rule: "QUIET-HOURS", sentence: "It may go out from \(opens.text), the customer's time.",
                    until: opens)
            }
            return said.revision == message.revision ? .send(said) : .revise(said)
        }
        let items = Set(message.facts.lines.map(\.itemID))
        let about = lines.filter {
            $0.verdict != .say && $0.rule != "ONE-REMINDER" && $0.lines.contains { items.contains($0.itemID) }
        }
        let isSame = about.first { $0.purpose == message.purpose && $0.step == message.step }
        if let line = isSame ?? about.first, let rule = line.rule {
            let sentence = line.gates.first { !$0.allows && $0.rule == rule }?.sentence ?? rule
            return Gates.passing.contains(rule) && isSame != nil
                ? .hold(rule: rule, sentence: sentence, until: line.until)
                : .cancel(rule: rule, sentence: sentence)
        }
        let isOwed = snapshot.chaseable.contains { items.contains($0.item.id) }
        if message.purpose.isReminder, !isOwed {
            return .cancel(rule: "NOTHING-OWED", sentence: "Nothing of what it asks for is open any more.")
        }
        if snapshot.said.contains(where: { $0.key == message.key }) {
            return .cancel(rule: "ALREADY-SAID", sentence: "This step was said already.")
        }
        return .cancel(rule: "SUPERSEDED", sentence: "Something else is to be said now.")
    }
}
