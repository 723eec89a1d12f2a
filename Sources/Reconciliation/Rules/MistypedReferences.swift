// SPDX-License-Identifier: Apache-2.0

import Documents

/// A payment that bears what is no reference of ours, but one slip of the finger away from one that was issued.
///
/// A check digit refuses such a reference at most banks; where none does, it arrives. It is never booked by that: a person
/// is told what it may be, and what only the payer and the amount point at is not booked on something else.
extension Workspace {
    /// An issued reference that is one slip away from what the payment bears.
    private struct Slip {
        var written: WrittenReference
        var key: [UInt8]
        /// Those that bear it; none for the reference of a customer.
        var items: [Int32] = []
        var customer: Int32?
    }

    func tellSlip(_ decision: Decision, _ matter: Matter) -> Decision {
        guard decision.kind == .payment, decision.verdict != .notReceivable, let slip = slip(matter) else {
            return decision
        }
        let open = slip.items.filter { isOpen($0, matter) }
        let said = say(slip, open, matter)
        guard decision.verdict == .auto else { return propose(open, slip, said, decision, matter) }
        let paid = decision.lines.compactMap { catalogue.place(of: $0) }
        let isMeant =
            slip.customer.map { customer in paid.allSatisfy { catalogue.customerOf[Int($0)] == customer } }
            ?? (open.isEmpty || paid.contains(where: slip.items.contains))
        guard isMeant else { return propose(open, slip, said, forPerson(decision, .ambiguous, said), matter) }
        var told = decision
        if slip.customer != nil || !open.isEmpty { told.evidence.append(evidence(slip, matter)) }
        return told
    }

    /// The only reference that is one slip away from what is written; nil where another one is too, or where something is
    /// named.
    private func slip(_ matter: Matter) -> Slip? {
        let reading = matter.reading
        guard reading.references.isEmpty, !reading.mentions.contains(where: \.isClaim) else { return nil }
        // Nothing was ever issued that anything could be near.
        if part.hasAllTexts, !catalogue.referenceLengths.hasAny(from: 1) { return nil }
        var found: [Slip] = []
        for written in reading.text.writtenReferences where !isKnown(written, reading) {
            written.forEachSlip { key in
                let hash = KeyHash.of(key)
                part.asks(textsUnder: hash)
                guard catalogue.referenceLengths.contains(key.count), catalogue.references.contains(hash),
                    !found.contains(where: { $0.key == key }), let slip = issued(key, hash, written)
                else { return }
                found.append(slip)
            }
        }
        guard let slip = found.first, found.count == 1 else { return nil }
        if let customer = slip.customer { topics.reads(customer: customer) }
        for item in slip.items {
            let owner = catalogue.customerOf[Int(item)]
            if owner >= 0 { topics.reads(customer: owner) } else { topics.reads(Topics.item(item)) }
        }
        return slip
    }

    private func issued(_ key: [UInt8], _ hash: UInt64, _ written: WrittenReference) -> Slip? {
        if let customer = catalogue.customer(ofReference: key, hash) {
            return Slip(written: written, key: key, customer: customer)
        }
        let items = catalogue.references.values(hash, limit: Reader.readingsMax) {
            catalogue.referenceTexts.holds(key[...], at: $0)
        }
        return items.isEmpty ? nil : Slip(written: written, key: key, items: items)
    }

    /// It is a number, a reference or an order of somebody's, or something that the text explains.
    private func isKnown(_ written: WrittenReference, _ reading: Reading) -> Bool {
        if reading.used.isEmpty || reading.used[written.runs].contains(true) { return true }
        let start = reading.text.runs[written.runs.lowerBound].start
        if reading.customers.contains(where: { $0.from == start }) { return true }
        let hashes = [KeyHash.of(written.bytes), KeyHash.of(Folding.stripped(written.bytes))]
        return hashes.contains {
            catalogue.references.contains($0) || catalogue.numbers.contains($0) || catalogue.orders.contains($0)
        }
    }

    private func isOpen(_ item: Int32, _ matter: Matter) -> Bool {
        let facts = catalogue.facts[Int(item)]
        return facts.currency == matter.currency && facts.issuedOn <= matter.day + policy.prepaymentDaysMax
            && balances.available(item, catalogue, on: matter.day) > 0
    }

    private func say(_ slip: Slip, _ open: [Int32], _ matter: Matter) -> String {
        let whose =
            slip.customer.map { "the reference of \(name($0))" }
            ?? (open.first ?? slip.items.first).map { "that of \(catalogue.items[Int($0)].number)" } ?? ""
        let isClosed = slip.customer == nil && open.isEmpty
        return
            "The payment bears \(text(of: slip, matter)), which is no reference that was issued, but one slip away from "
            + whose + (isClosed ? ", which cannot take this money" : "")
    }

    private func text(of slip: Slip, _ matter: Matter) -> String {
        let runs = matter.reading.text.runs
        return matter.reading.folded.text(
            runs[slip.written.runs.lowerBound].start, runs[slip.written.runs.upperBound].end)
    }

    private func evidence(_ slip: Slip, _ matter: Matter) -> Evidence {
        let runs = matter.reading.text.runs
        let (from, to) = (runs[slip.written.runs.lowerBound].start, runs[slip.written.runs.upperBound].end)
        return Evidence(
            "REF-MISTYPED", text: matter.reading.folded.text(from, to), span: matter.reading.folded.span(from, to),
            itemID: slip.items.first.map { catalogue.id($0) }, bits: 6)
    }

    /// What waits, with what the slip may stand for.
    private func propose(
        _ open: [Int32], _ slip: Slip, _ said: String, _ decision: Decision, _ matter: Matter
    ) -> Decision {
        let matches = (slip.customer.map { exactly(of: $0, matter) } ?? open.map { possible($0, matter) }).prefix(2)
        var told = decision
        if decision.lines.isEmpty, decision.alternatives.isEmpty, !matches.isEmpty {
            told = review(matter, .weak, Array(matches), said)
            told.customerID = decision.customerID ?? told.customerID
        } else {
            if !told.sentence.hasPrefix(said) { told.sentence += " \(said)." }
            for match in matches {
                let lines = lines(match, on: matter.day).lines
                let isShown = told.alternatives.contains { $0.lines.contains { $0.itemID == lines.first?.itemID } }
                if !isShown { told.alternatives = told.alternatives.prefix(4) + [Alternative(lines: lines)] }
                guard match.shape == .exact, let item = match.shares.first?.item,
                    !told.possibleItems.contains(catalogue.id(item))
                else { continue }
                told.possibleItems.append(catalogue.id(item))
                told.possiblePlaces.items.append(item)
            }
        }
        told.evidence.append(evidence(slip, matter))
        return told
    }

    private func possible(_ item: Int32, _ matter: Matter) -> Match {
        var match = partly(item, matter)
        if balances.available(item, catalogue, on: matter.day) == matter.amount { match.shape = .exact }
        return match
    }
}
