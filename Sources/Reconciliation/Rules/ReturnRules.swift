// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// A return takes back one payment: it reopens exactly what that settled, and uses up what of it waits.
    func decideReturn(_ matter: Matter) -> Decision {
        let payment = matter.payment
        // What is left of a return that was booked in part is a person's.
        guard !payment.isPart else { return reviewReturn([], matter) }
        let byID = originals(named: [payment.reverses, payment.endToEndID], matter)
        if byID.count == 1 { return takeBack(byID[0], matter, "RETURNED-ID") }
        if byID.isEmpty, let decision = withStatedCharge(matter) { return decision }
        let (named, sameAccount, sameName) = same(matter)
        if let place = only(named, matter) {
            let others = contradicting(place, sameAccount, sameName, matter)
            guard let others else { return takeBack(place, matter, "RETURNED-ITEM") }
            let why = "the item that it names was paid by another, \(memory.id(place))"
            return reviewReturn([place] + others, matter, why)
        }
        // The bank left the account out of what the same payer sent: that may be meant, too.
        let unstated = sameName.filter { memory.seen($0).accountKey == nil }
        if named.isEmpty, unstated.isEmpty, let place = only(sameAccount, matter) {
            return takeBack(place, matter, "RETURNED-ACCOUNT")
        }
        let mentionsOther = matter.reading.mentions.contains { isCredible($0, matter) }
        if sameAccount.isEmpty, named.isEmpty, sameName.count == 1, !mentionsOther, let place = only(sameName, matter) {
            return takeBack(place, matter, "RETURNED-NAME")
        }
        let payers = sameAccount.isEmpty ? sameName : memory.inOrder(sameAccount + unstated)
        let possible = [byID, named, payers].first { !$0.isEmpty } ?? []
        let own = possible.filter { payers.contains($0) }
        return reviewReturn(possible.filter { !own.contains($0) } + own, matter)
    }

    /// The one that fits: a returned direct debit was a direct debit, and what came from the account goes back to it.
    private func only(_ places: [Int32], _ matter: Matter) -> Int32? {
        if places.count < 2 {
            // What is left is no answer where it cannot be meant: the debits of a day may stand in the books as one sum.
            let route = Route(certainlyReturned: matter.payment)
            return places.first.flatMap { memory.seen($0).route.contradicts(route) ? nil : $0 }
        }
        let route = Route(returned: matter.payment)
        let possible = places.filter { !memory.seen($0).route.contradicts(route) }
        if possible.count == 1 { return possible[0] }
        let key = matter.docket.accountKey
        let sameAccount = possible.filter { key != nil && memory.seen($0).accountKey == key }
        return sameAccount.count == 1 ? sameAccount[0] : nil
    }

    /// What speaks against the payment that settled what is named: money goes back to the account that it came from.
    /// - Returns: What else may be meant; nil where nothing speaks against it.
    private func contradicting(
        _ place: Int32, _ sameAccount: [Int32], _ sameName: [Int32], _ matter: Matter
    ) -> [Int32]? {
        let isOtherName =
            matter.docket.name.map { name in
                memory.label(place).name.map { !name.isSame(as: $0) && !$0.isAlike(name) } ?? false
            } ?? false
        guard let key = matter.docket.accountKey, let own = memory.seen(place).accountKey else {
            return isOtherName && !sameName.isEmpty ? sameName : nil
        }
        guard key != own else { return nil }
        if !sameAccount.isEmpty { return sameAccount }
        // Somebody else may have paid for the customer whom the bank names now.
        let isOwner = memory.lines(place).compactMap { catalogue.place(of: $0) }.contains {
            matter.payer.standing(catalogue.customerOf[Int($0)], catalogue) >= .named
        }
        return isOtherName && !isOwner ? [] : nil
    }

    /// What came in of this amount and can still go back: for an item that is named, from this account, from this name.
    private func same(_ matter: Matter) -> (named: [Int32], account: [Int32], name: [Int32]) {
        let payment = matter.payment
        let items = matter.reading.mentions.map(\.item)
        let certain = matter.reading.mentions.filter { !$0.isDoubtful }.map(\.item)
        let (key, name) = (matter.docket.accountKey, matter.docket.name)
        var (named, sameAccount, sameName): ([Int32], [Int32], [Int32]) = ([], [], [])
        _ = memory.sameAmount(0 - payment.amount, payment.currency, limit: 4096) { place, seen in
            guard isOpenToReturn(seen, payment) else { return false }
            let isNamed =
                seen.isSettled
                ? memory.paid(items, place) : memory.named(place).contains { certain.contains($0) }
            if isNamed { named.append(place) }
            if key != nil, seen.accountKey == key { sameAccount.append(place) }
            if let name, name.isSame(as: memory.name(place)) { sameName.append(place) }
            return false
        }
        return (memory.inOrder(named), memory.inOrder(sameAccount), memory.inOrder(sameName))
    }

    /// - Parameter amount: what came in; nil for as much as went back.
    func originals(named ids: [String?], of amount: Int64? = nil, _ matter: Matter) -> [Int32] {
        var found: [Int32] = []
        for id in ids.compactMap({ $0 }) where Docket.isTelling(id) {
            for place in memory.named(id) {
                let seen = memory.seen(place)
                guard isOpenToReturn(seen, matter.payment), !found.contains(place) else { continue }
                let label = memory.label(place)
                if label.endToEndID == id || label.id == id, seen.amount == amount ?? 0 - matter.amount {
                    found.append(place)
                }
            }
        }
        return found
    }

    /// A bank takes back a whole payment, never what is left of one.
    func isOpenToReturn(_ seen: Memory.Seen, _ payment: MatchPayment) -> Bool {
        !seen.isReturned && !seen.isPart && seen.amount > 0 && seen.currency == payment.currency
            && seen.bookedOn <= payment.bookedOn && payment.bookedOn - seen.bookedOn <= policy.returnDaysMax
    }

    /// What a payment settled, and how much of it waits; no rest where something else took a part of it.
    func standing(of original: Int32) -> (lines: [Line], rest: Int64?) {
        let (id, original, own) = (memory.id(original), memory.seen(original), memory.lines(original))
        guard original.isSettled else { return ([], original.amount) }
        var lines = Array(own)
        var rest = original.rest
        for place in memory.named(id) {
            let part = memory.seen(place)
            guard memory.id(place) == id, part.isPart, part.isSettled else { continue }
            lines += memory.lines(place)
            rest -= part.amount - part.rest
        }
        let settled = lines.reduce(Int64(0)) { $0 &+ $1.cash }
        return (lines, rest >= 0 && settled &+ rest == original.amount ? rest : nil)
    }

    private func takeBack(_ place: Int32, _ matter: Matter, _ code: String) -> Decision {
        let (id, original) = (memory.id(place), memory.seen(place))
        let (settled, rest) = standing(of: place)
        var decision = Decision(
            paymentID: matter.payment.id, verdict: .auto, kind: .return, rule: .returned, sentence: "")
        decision.counterpartID = id
        decision.evidence = [
            Evidence(code, text: id, bits: code == "RETURNED-NAME" ? 10 : 16),
            Evidence("RETURNED-AMOUNT", text: matter.money, bits: 10),
        ]
        decision.lines = settled.map { Self.reversed($0) }
        var items: [Int32] = []
        for line in decision.lines {
            if let item = catalogue.place(of: line), !items.contains(item) { items.append(item) }
        }
        decision.customerID = customer(of: place, items, matter)
        let came = "The bank took back \(matter.money), which payment \(id) brought on \(original.bookedOn); "
        guard let rest else {
            // A person says where it is missing.
            decision.verdict = .review
            decision.sentence = came + "a part of that payment was used otherwise."
            return decision
        }
        if decision.lines.isEmpty {
            let named = memory.named(place).first { item in matter.reading.mentions.contains { $0.item == item } }
            if let mention = matter.reading.mentions.first(where: { $0.item == named }) {
                decision.evidence.append(evidence(mention, matter))
            }
            decision.sentence = came + "it had settled nothing."
            // Nothing but a name, or a direct debit's return of what was none: too little to take waiting money.
            let isContradicted = original.route.contradicts(Route(returned: matter.payment))
            if code == "RETURNED-NAME" || code == "RETURNED-ACCOUNT" && isContradicted { decision.verdict = .review }
            return unlessRefund(decision, code, matter)
        }
        decision.sentence = came + "\(list(items)) \(items.count == 1 ? "is" : "are") open again as before."
        if rest > 0 { decision.sentence += " The \(matter.text(rest)) that waited went back with it." }
        return unlessRefund(decision, code, matter)
    }

    /// Goods and orders go back, too, and we pay for them: where only such a word says that a payment went back, a person
    /// says what it was.
    private func unlessRefund(_ decision: Decision, _ code: String, _ matter: Matter) -> Decision {
        guard code != "RETURNED-ID", !Return.isStated(matter.payment),
            Return.saying(matter.payment, matter.reading.text) != .bank
        else { return decision }
        var doubtful = decision
        doubtful.verdict = .review
        doubtful.sentence = "The bank does not say that this is a return: it may be a refund. " + decision.sentence
        return doubtful
    }

    /// What we sent and what came back to us pays no invoice, whatever it fits.
    func doubtReturned(_ decision: inout Decision, _ payment: MatchPayment) {
        guard decision.verdict == .auto, decision.kind == .payment, payment.amount > 0, Return.cameBack(payment)
        else { return }
        decision.verdict = .review
        decision.sentence = "The bank says that money which was sent came back. " + decision.sentence
    }

    /// Whose money goes back: the owner's of what it had settled, else the payer's.
    func customer(of place: Int32, _ items: [Int32], _ matter: Matter) -> String? {
        if let item = items.first { return catalogue.items[Int(item)].customerID }
        let payers = matter.payer.certain.isEmpty ? matter.payer.named : matter.payer.certain
        if payers.count == 1 { return catalogue.customers[Int(payers[0])].id }
        return memory.named(place).first.flatMap { catalogue.items[Int($0)].customerID }
    }

    /// The opposite of a line; an adjustment keeps its reason, so that it is undone where it was booked, and so does a
    /// netted credit note, which is no cash.
    static func reversed(_ line: Line) -> Line {
        let isCash = line.adjustment == 0 && line.reason != .credit
        var back = Line(
            itemID: line.itemID, reason: isCash ? .reversal : line.reason, cash: 0 - line.cash,
            adjustment: 0 - line.adjustment, proves: 0 - line.proves)
        back.place = line.place
        return back
    }

    /// A person says which payment it was: each is an alternative, the last one first, and its evidence names it.
    private func reviewReturn(_ originals: [Int32], _ matter: Matter, _ why: String? = nil) -> Decision {
        if originals.isEmpty, let decision = withCharge(matter) { return decision }
        let may = originals.count == 1 ? "an earlier payment" : "\(originals.count) earlier payments"
        var decision = Decision(
            paymentID: matter.payment.id, verdict: .review, kind: .return, rule: .returned,
            sentence: originals.isEmpty
                ? "The bank took back \(matter.money); no payment of this amount and payer is known."
                : "The bank took back \(matter.money); \(why ?? "\(may) may be meant").")
        for place in originals.suffix(5).reversed() {
            let id = memory.id(place)
            let lines = standing(of: place).lines.map { Self.reversed($0) }
            decision.alternatives.append(Alternative(lines: lines))
            decision.evidence.append(Evidence(Return.possible, text: id, bits: 0))
            guard decision.counterpartID == nil else { continue }
            decision.counterpartID = id
            decision.customerID = customer(of: place, lines.compactMap { catalogue.place(of: $0) }, matter)
        }
        if originals.isEmpty, let mention = matter.reading.mentions.first {
            decision.alternatives.append(
                Alternative(
                    lines: [
                        Line(
                            itemID: catalogue.items[Int(mention.item)].id, reason: .reversal,
                            cash: matter.amount)
                    ]))
        }
        decision.lines = decision.alternatives.first?.lines ?? []
        return decision
    }

    /// Which word of a person speaks against what is decided: they refused it before or took it back, an item, the payment
    /// that went back, or a decision that names neither.
    static func refusal(of decision: Decision, _ refused: RefusedThings) -> String? {
        for line in decision.lines {
            if let word = refused[line.itemID] { return word }
        }
        if decision.kind == .return || decision.kind == .refund, let other = decision.counterpartID {
            return refused[other]
        }
        let isActing = decision.verdict == .auto || decision.verdict == .notReceivable
        return isActing && decision.lines.isEmpty ? refused[decision.paymentID] : nil
    }

    /// A person refused or took back what is proposed again: it stays to choose, and is proposed no more.
    static func declined(_ decision: Decision, _ word: String) -> Decision {
        var declined = decision
        declined.verdict = .review
        declined.sentence = "\(word): \(decision.sentence)"
        // A refund without lines is its payment: it can be taken as it stands.
        guard decision.kind != .refund || !decision.lines.isEmpty else { return declined }
        declined.lines = []
        if decision.kind == .return, let original = decision.counterpartID {
            declined.counterpartID = nil
            if declined.alternatives.isEmpty {
                declined.alternatives = [Alternative(lines: decision.lines)]
                declined.evidence.append(Evidence(Return.possible, text: original, bits: 0))
            }
        } else if !decision.lines.isEmpty, !decision.alternatives.contains(where: { $0.lines == decision.lines }) {
            declined.alternatives = [Alternative(lines: decision.lines)] + decision.alternatives.prefix(4)
        }
        return declined
    }
}

/// How money came in, as far as the bank's code says.
enum Route: UInt8 {
    case unknown, debit, transfer

    private static let debits = CodeParts("IDDT", "NDDT", "DIRECTDEBIT", "+171", "+174", "+192", "+196")
    private static let transfers = CodeParts("RCDT", "RRCT", "+152", "+153", "+166", "+168", "+169", "+194")
    private static let transfersReturned = CodeParts("RCDT")
    private static let debitReturns = CodeParts("IDDT", "RDDT", "UPDD", "+108", "+109")
    private static let certainDebitReturns = CodeParts("UPDD", "+108", "+109")

    /// What the code of an incoming payment says: ISO 20022 families, SWIFT types, German transaction codes.
    init(received code: String?) {
        self = .unknown
        guard let code else { return }
        if Self.debits.occur(in: code) {
            self = .debit
        } else if Self.transfers.occur(in: code) {
            self = .transfer
        }
    }

    /// What a return takes back; a missing mandate or cover can only be a direct debit's.
    init(returned payment: MatchPayment) {
        let code = payment.bankCode ?? ""
        let reason = payment.returnReason ?? ""
        let isDebit =
            Self.debitReturns.occur(in: code) || reason.hasPrefix("MD") || reason.hasPrefix("AM04")
        self = isDebit ? .debit : Self.transfersReturned.occur(in: code) ? .transfer : .unknown
    }

    /// A debit without cover or mandate, in a code or reason of its own; `RDDT` alone is also what banks write of any other
    /// return.
    init(certainlyReturned payment: MatchPayment) {
        let code = payment.bankCode ?? ""
        let reason = payment.returnReason ?? ""
        let isDebit =
            Self.certainDebitReturns.occur(in: code) || reason.hasPrefix("MD") || reason.hasPrefix("AM04")
        self = isDebit ? .debit : .unknown
    }

    func contradicts(_ other: Route) -> Bool { self != .unknown && other != .unknown && self != other }
}

/// What tells a returned payment from any other money that goes out.
package enum Return {
    /// Evidence that names a payment which the return may take back, one for each alternative.
    package static let possible = "MAY-RETURN"

    /// Whose word it is that a payment went back.
    enum Saying { case bank, anybody }

    /// Nobody calls a refund so.
    private static let bankWords = set(
        """
        RJCT REJECT REJECTED REVERSAL REVERSED CHARGEBACK RUECKLASTSCHRIFT RUECKLASTSCHRIFTEN RUECKGABE RUECKBUCHUNG
        IMPAYE IMPAYES UNPAID REJET INSOLUTO INSOLUTI IMPAGADO TERUGBOEKING STORNERING
        """)
    /// Goods and orders go back under these, too.
    private static let words = set(
        "RETURN RETURNED RETOUR RETOURE RETOURNE STORNO STORNIERUNG ESTORNO DEVOLUCION DEVOLUCAO DEVOLUTION")
    /// Beside them, a direct debit or the scheme's reason makes one of these words the bank's.
    private static let beside = set(
        """
        LASTSCHRIFT LASTSCHRIFTEN BASISLASTSCHRIFT EINZUG INCASSO DOMICILIERING DOMICILIATION PRELEVEMENT ADDEBITO ADEUDO
        RECIBO DEBIT DEBITO DD SDD AC01 AC04 AC06 AC13 AG01 AG02 AM04 AM05 BE05 FF01 MD01 MD06 MD07 MS02 MS03 RC01 RR01
        RR02 RR03 RR04 SL01
        """)
    /// Codes of transfers that we sent: ISO 20022 families, German transaction codes.
    private static let sent = CodeParts("ICDT", "IRCT", "+116", "+117", "+118", "+119", "+177", "+191")
    /// What banks write of money that came back to us. `RRCT` is none of them: that is any instant payment that came in.
    private static let back = CodeParts("RRTN", "RTRN", "RVSL", "ARET", "UPDD")

    private static func set(_ text: String) -> Set<[UInt8]> {
        Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    }

    /// The bank says so in a field of its own.
    static func isStated(_ payment: MatchPayment) -> Bool {
        payment.returnReason != nil || payment.reverses != nil
            || payment.bankCode.map(Payment.isReturn(bankCode:)) ?? false
    }

    /// Money that came in, of which the bank states that it was sent before.
    static func cameBack(_ payment: MatchPayment) -> Bool {
        payment.returnReason != nil || payment.reverses != nil
            || payment.bankCode.map(back.occur(in:)) ?? false
    }

    /// Who says by a word that a payment went back; nil where nobody does, and of what we sent ourselves.
    static func saying(_ payment: MatchPayment, _ text: Remittance) -> Saying? {
        if let code = payment.bankCode, sent.occur(in: code) { return nil }
        var (isSaid, isBeside) = (false, false)
        for run in text.runs {
            let word = Array(text.bytes[Int(run.start)..<Int(run.end)])
            if bankWords.contains(word) { return .bank }
            if words.contains(word) { isSaid = true }
            if beside.contains(word) { isBeside = true }
        }
        return isSaid ? (isBeside ? .bank : .anybody) : nil
    }
}
