// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// Money that went out: a return of what came in, a refund, or nobody's business here.
    func decideOutgoing(_ matter: Matter) -> Decision {
        topics.reads(Topics.money(matter.payment.amount))
        guard Return.isOne(matter.payment, matter.reading.text) else { return decideRefund(matter) }
        // A word alone is no proof: "devolução" is how a creditor calls a refund, too. Cash of this payer and amount
        // that waits and names the same document is what goes back.
        if !Return.isStated(matter.payment), let place = unappliedNamed(matter) { return payBack(place, matter) }
        return decideReturn(matter)
    }

    /// A return takes back one payment and reopens exactly what that settled.
    private func decideReturn(_ matter: Matter) -> Decision {
        let payment = matter.payment
        let byID = originals(named: [payment.reverses, payment.endToEndID], matter)
        if byID.count == 1 { return takeBack(byID[0], matter, "RETURNED-ID") }
        let (named, sameAccount, sameName) = same(matter)
        if named.count == 1 { return takeBack(named[0], matter, "RETURNED-ITEM") }
        if sameAccount.count == 1, named.isEmpty { return takeBack(sameAccount[0], matter, "RETURNED-ACCOUNT") }
        let mentionsOther = matter.reading.mentions.contains { isCredible($0, matter) }
        if sameAccount.isEmpty, named.isEmpty, sameName.count == 1, !mentionsOther {
            return takeBack(sameName[0], matter, "RETURNED-NAME")
        }
        let possible = [byID, named, sameAccount, sameName].first { !$0.isEmpty } ?? []
        return reviewReturn(possible, matter)
    }

    /// What came in of this amount and can still go back: for an item that is named, from this account, from this name.
    private func same(_ matter: Matter) -> (named: [Int32], account: [Int32], name: [Int32]) {
        let payment = matter.payment
        let items = matter.reading.mentions.map(\.item)
        let (key, name) = (matter.docket.accountKey, matter.docket.name)
        var (named, sameAccount, sameName): ([Int32], [Int32], [Int32]) = ([], [], [])
        _ = memory.sameAmount(0 - payment.amount, payment.currency, limit: 4096) { place, seen in
            guard isOpenToReturn(seen, payment) else { return false }
            if !items.isEmpty,
                seen.lines.contains(where: { $0.cash > 0 && catalogue.place(of: $0).map(items.contains) == true })
            {
                named.append(place)
            }
            if key != nil, seen.accountKey == key { sameAccount.append(place) }
            if let name, name.isSame(as: seen.name) { sameName.append(place) }
            return false
        }
        return (memory.inOrder(named), memory.inOrder(sameAccount), memory.inOrder(sameName))
    }

    private func originals(named ids: [String?], _ matter: Matter) -> [Int32] {
        var found: [Int32] = []
        for id in ids.compactMap({ $0 }) where Docket.isTelling(id) {
            for place in memory.named(id) {
                let seen = memory.seen(place)
                guard isOpenToReturn(seen, matter.payment), !found.contains(place) else { continue }
                if seen.endToEndID == id || seen.id == id, seen.amount == 0 - matter.payment.amount {
                    found.append(place)
                }
            }
        }
        return found
    }

    private func isOpenToReturn(_ seen: Memory.Seen, _ payment: MatchPayment) -> Bool {
        !seen.isReturned && seen.amount > 0 && seen.currency == payment.currency && seen.bookedOn <= payment.bookedOn
            && payment.bookedOn - seen.bookedOn <= policy.returnDaysMax
    }

    private func takeBack(_ place: Int32, _ matter: Matter, _ code: String) -> Decision {
        let original = memory.seen(place)
        var decision = Decision(
            paymentID: matter.payment.id, verdict: .auto, kind: .return, rule: .returned, sentence: "")
        decision.counterpartID = original.id
        decision.evidence = [
            Evidence(code, text: original.id, bits: code == "RETURNED-NAME" ? 10 : 16),
            Evidence("AMOUNT-EXACT", text: matter.money, bits: 10),
        ]
        decision.lines = original.lines.map { Self.reversed($0) }
        guard !decision.lines.isEmpty else {
            decision.verdict = .review
            decision.sentence =
                "The bank took back \(matter.money), which came as payment \(original.id) on "
                + "\(original.bookedOn); that payment had settled nothing."
            return decision
        }
        let items = decision.lines.compactMap { catalogue.place(of: $0) }
        decision.customerID = items.first.flatMap { catalogue.items[Int($0)].customerID }
        let numbers = list(items)
        decision.sentence =
            "The bank took back \(matter.money), which payment \(original.id) brought on "
            + "\(original.bookedOn); \(numbers) is open again as it was before."
        return decision
    }

    /// The opposite of a line; an adjustment keeps its reason, so that it is undone where it was booked.
    private static func reversed(_ line: Line) -> Line {
        var back = Line(
            itemID: line.itemID, reason: line.adjustment == 0 ? .reversal : line.reason, cash: 0 - line.cash,
            adjustment: 0 - line.adjustment, proves: 0 - line.proves)
        back.place = line.place
        return back
    }

    private func reviewReturn(_ originals: [Int32], _ matter: Matter) -> Decision {
        var decision = Decision(
            paymentID: matter.payment.id, verdict: .review, kind: .return, rule: .returned,
            sentence: originals.isEmpty
                ? "The bank took back \(matter.money); no payment of this amount and payer is known."
                : "The bank took back \(matter.money); \(originals.count) earlier payments may be meant.")
        for place in originals.suffix(5).reversed() {
            let seen = memory.seen(place)
            decision.alternatives.append(
                Alternative(
                    lines: seen.lines.map { Self.reversed($0) },
                    sentence: "It takes back payment \(seen.id) of \(seen.bookedOn)."))
        }
        if originals.isEmpty, let mention = matter.reading.mentions.first {
            decision.alternatives.append(
                Alternative(
                    lines: [
                        Line(
                            itemID: catalogue.items[Int(mention.item)].id, reason: .reversal,
                            cash: matter.payment.amount)
                    ], sentence: "It reopens \(catalogue.items[Int(mention.item)].number)."))
        }
        decision.lines = decision.alternatives.first?.lines ?? []
        return decision
    }

    /// A refund pays out an open credit, or cash that waited unapplied; automatic only where it says which.
    private func decideRefund(_ matter: Matter) -> Decision {
        let payment = matter.payment
        let owed = matter.reading.mentions.filter { mention in
            catalogue.facts[Int(mention.item)].currency == payment.currency
                && balances.available(mention.item, catalogue, on: payment.bookedOn) < 0
        }
        let exact = owed.filter {
            balances.available($0.item, catalogue, on: payment.bookedOn) == payment.amount && !$0.isDoubtful
                && matter.payer.standing(catalogue.customerOf[Int($0.item)], catalogue) >= .named
        }
        let isOnlyNamed = Set(matter.reading.mentions.map(\.item)).count == 1
        if let mention = exact.first, isOnlyNamed { return payOut(mention, matter) }
        if let place = unappliedNamed(matter) { return payBack(place, matter) }
        let customers = matter.payer.certain.isEmpty ? matter.payer.named : matter.payer.certain
        guard let customer = customers.first else {
            return Decision(
                paymentID: payment.id, verdict: .notReceivable, kind: .other, rule: .unrelated,
                sentence: "\(matter.money) went out to somebody who is no customer.")
        }
        var decision = Decision(
            paymentID: payment.id, verdict: .review, kind: .refund, rule: .refund,
            sentence: "\(matter.money) went out to \(name(customer)) and does not say what it refunds.")
        decision.customerID = catalogue.customers[Int(customer)].id
        for customer in customers.prefix(8) {
            for credit in catalogue.credits[Int(customer)]
            where balances.available(credit, catalogue, on: payment.bookedOn) <= payment.amount
                && catalogue.facts[Int(credit)].currency == payment.currency && decision.alternatives.count < 5
            {
                decision.alternatives.append(
                    Alternative(
                        lines: [
                            Line(
                                itemID: catalogue.items[Int(credit)].id, reason: .refund, cash: payment.amount)
                        ], sentence: "It pays out credit note \(catalogue.items[Int(credit)].number)."))
            }
        }
        let unspent = memory.sameAmount(0 - payment.amount, payment.currency, limit: 64) { _, seen in
            seen.lines.isEmpty && !seen.isReturned && seen.payerKey == matter.docket.payerKey
        }
        for place in unspent.reversed() where decision.alternatives.count < 5 {
            let seen = memory.seen(place)
            decision.counterpartID = decision.counterpartID ?? seen.id
            decision.alternatives.append(
                Alternative(
                    lines: [], sentence: "It pays back payment \(seen.id) of \(seen.bookedOn), which waits unapplied."))
        }
        decision.lines = decision.alternatives.first?.lines ?? []
        return decision
    }

    /// The one payment of this amount and payer that waits unapplied and named the same item, or is itself named.
    private func unappliedNamed(_ matter: Matter) -> Int32? {
        let payment = matter.payment
        let named = matter.reading.mentions.filter { !$0.isDoubtful }.map(\.item)
        let found = memory.sameAmount(0 - payment.amount, payment.currency, limit: 64) { place, seen in
            guard seen.lines.isEmpty, !seen.isReturned, seen.bookedOn <= payment.bookedOn else { return false }
            let isPayer =
                seen.payerKey == matter.docket.payerKey || matter.docket.name.map { $0.isSame(as: seen.name) } == true
            let isNamed =
                memory.named(place).contains { named.contains($0) } || payment.endToEndID == seen.id
                || (seen.endToEndID.map(Docket.isTelling) == true && seen.endToEndID == payment.endToEndID)
            return isPayer && isNamed
        }
        return found.count == 1 ? found[0] : nil
    }

    private func payBack(_ place: Int32, _ matter: Matter) -> Decision {
        let seen = memory.seen(place)
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(.refund) ? .auto : .review, kind: .refund,
            rule: .refund,
            sentence: "\(matter.money) went back to \(matter.payment.payerName ?? "the payer"): it returns payment "
                + "\(seen.id) of \(seen.bookedOn), which settled nothing.")
        decision.counterpartID = seen.id
        decision.customerID = memory.named(place).first.flatMap { catalogue.items[Int($0)].customerID }
        decision.evidence = matter.reading.mentions.prefix(1).map { evidence($0, matter) }
        decision.evidence.append(Evidence("AMOUNT-EXACT", text: matter.money, bits: 10))
        return decision
    }

    private func payOut(_ mention: Mention, _ matter: Matter) -> Decision {
        let item = catalogue.items[Int(mention.item)]
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(.refund) ? .auto : .review, kind: .refund,
            rule: .refund,
            sentence: "\(matter.money) went out to \(name(catalogue.customerOf[Int(mention.item)])) and pays out "
                + "credit note \(item.number) in full.")
        decision.customerID = item.customerID
        decision.lines = [Line(itemID: item.id, reason: .refund, cash: matter.payment.amount)]
        decision.evidence = [
            evidence(mention, matter), Evidence("AMOUNT-EXACT", text: matter.money, itemID: item.id, bits: 10),
        ]
        return decision
    }
}

/// What tells a returned payment from any other money that goes out.
enum Return {
    private static let words: Set<[UInt8]> = Set(
        """
        RETURN RETURNED RETOUR RETOURNE RJCT REJECT REJECTED REVERSAL REVERSED CHARGEBACK RUECKLASTSCHRIFT RUECKGABE
        RUECKBUCHUNG STORNO STORNIERUNG IMPAYE REJET ESTORNO DEVOLUCION DEVOLUCAO DEVOLUTION INSOLUTO TERUGBOEKING
        STORNERING
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })

    /// The bank says so in a field of its own.
    static func isStated(_ payment: MatchPayment) -> Bool {
        payment.returnReason != nil || payment.reverses != nil
            || payment.bankCode.map(Payment.isReturn(bankCode:)) ?? false
    }

    static func isOne(_ payment: MatchPayment, _ text: Remittance) -> Bool {
        if isStated(payment) { return true }
        return text.runs.contains { run in
            !run.hasDigit && words.contains(Array(text.bytes[Int(run.start)..<Int(run.end)]))
        }
    }
}
