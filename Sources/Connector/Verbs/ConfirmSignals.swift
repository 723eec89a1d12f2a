// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Outbox
import Promises
import Store

// What each kind of signal does; none of them books money.
extension ConfirmRun {
    mutating func hear(_ heard: Signal, payload: String) throws {
        guard try !session.hasSignal(company: company, id: heard.id) else {
            outcome.signals.seen += 1
            return
        }
        let finder = NameFinder(company: company, session: session)
        var signal = heard
        signal.customerID = try finder.customer(heard.customerID)
        let done = try act(on: signal, finder)
        _ = try session.add(signal, outcome: done, payload: payload, at: now)
        try session.bumpAccountVersion(company: company, customer: signal.customerID)
        outcome.signals.new += 1
    }

    /// - Returns: what was made of it, in a few words.
    private mutating func act(on signal: Signal, _ finder: NameFinder) throws -> String {
        switch signal.kind {
        case .promise: return try promise(signal, finder)
        case .claimedPayment: return try claim(signal, finder)
        case .dispute: return try dispute(signal, finder)
        case .invoiceRequest: return try copies(signal, finder)
        case .optOut: return try optOut(signal)
        case .optIn:
            if let at = try said(.optOut, after: signal, orTogether: true) { return "opted out again at \(at.text)" }
            var consent = try known(signal)
            consent.optedIn = true
            consent.optedOut = false
            consent.optedOutOn = nil
            try keep(consent, signal)
            return "opted in"
        case .identityConfirmed:
            if let at = try said(.wrongParty, after: signal, orTogether: true) { return "wrong party at \(at.text)" }
            return "number proven"
        case .hardship: return try hold(signal, .hardship, "HARDSHIP", "The customer says that they cannot pay")
        case .wrongParty:
            // Set whatever came later: a person looks whether the number is right.
            return try hold(signal, .wrongParty, "WRONG-PARTY", "Somebody else answers at this number")
        case .planRequest: return try toPerson(signal, "PLAN-REQUEST", "The customer asks to pay in parts")
        case .callback: return try toPerson(signal, "CALLBACK", "The customer wants to be called")
        case .other: return try toPerson(signal, "SIGNAL-OTHER", "The customer wrote something a person must read")
        }
    }

    // MARK: Promises and claims

    private mutating func promise(_ signal: Signal, _ finder: NameFinder) throws -> String {
        guard let promisedFor = signal.promisedFor else {
            return try toPerson(signal, "PROMISE-UNCLEAR", "No day was named")
        }
        let items: [AccountItem]
        do {
            items = try workplace.promisedItems(signal.invoices, customer: signal.customerID, finder)
        } catch let failure as Failure {
            return try toPerson(signal, "PROMISE-UNCLEAR", failure.message)
        }
        let currencies = Set(items.map(\.item.currency))
        guard let currency = signal.amount?.currency ?? (currencies.count == 1 ? currencies.first : nil),
            currencies.contains(currency)
        else { return try toPerson(signal, "PROMISE-UNCLEAR", "The promise names no currency of what is open") }
        let fitting = items.filter { $0.item.currency == currency }
        let desk = PromiseDesk(workplace, session, policy: policy)
        let takenAt = min(signal.at, now)
        let open = try desk.openWhenSaid(fitting.map(\.item), on: day(of: signal), at: takenAt)
        let amount = signal.amount ?? PromiseSpread.sum(open, in: currency)
        let proposal = PromiseProposal(
            company: company, customerID: signal.customerID, lines: PromiseSpread.lines(amount, over: open),
            promisedFor: promisedFor, promisedOn: day(of: signal), takenAt: takenAt, takenBy: "agent",
            channel: "whatsapp", recordedBy: .agent, evidence: signal.id, confirmed: signal.confirmed)
        let recording = try desk.record(proposal)
        outcome.exceptions += recording.exceptions
        guard let promise = recording.promise else {
            let rules = recording.refusals.map(\.rule).joined(separator: " ")
            if recording.exceptions.isEmpty {
                return try toPerson(
                    signal, "PROMISE-UNCLEAR", recording.refusals.map(\.sentence).joined(separator: " "))
            }
            return "refused: \(rules)"
        }
        return "promise \(promise.id) \(promise.status.rawValue)"
    }

    private mutating func claim(_ signal: Signal, _ finder: NameFinder) throws -> String {
        let items = try signal.invoices.flatMap { try finder.items($0, customer: signal.customerID) }
        let claimedOn = day(of: signal)
        let through =
            switch policy.claimPauseBasis {
            case .calendar: claimedOn + policy.claimPauseDays
            case .banking: BankingCalendar(workplace.company.calendar).adding(policy.claimPauseDays, to: claimedOn)
            }
        try session.save(
            ClaimedPayment(
                id: signal.id, customerID: signal.customerID, items: items.map(\.item.id), amount: signal.amount,
                claimedOn: claimedOn, through: through, recordedAt: now), company: company)
        return "chasing pauses through \(through.text)"
    }

    // MARK: Disputes and copies

    private mutating func dispute(_ signal: Signal, _ finder: NameFinder) throws -> String {
        guard !signal.invoices.isEmpty else {
            return try hold(signal, .complaint, "DISPUTE", "The customer objects and names no invoice")
        }
        var opened: [String] = []
        for name in signal.invoices {
            guard let invoice = try finder.items(name, customer: signal.customerID).first?.item else { continue }
            var dispute = Dispute(
                id: "\(signal.id).\(invoice.invoiceID)", company: company, customerID: signal.customerID,
                invoiceID: invoice.invoiceID, reason: "other", openedOn: day(of: signal))
            dispute.amount = signal.amount
            try session.save(dispute, actor: "agent", note: signal.text, at: now)
            try CareDesk(workplace, session).closePromises(
                on: invoice.invoiceID, customer: signal.customerID, note: "disputed in \(signal.id)")
            try raise(
                record(
                    signal, "DISPUTE", subject: invoice.invoiceID,
                    "Invoice \(invoice.number) is disputed; it is not chased until you resolve the dispute"))
            opened.append(invoice.number)
        }
        return "disputed: \(opened.joined(separator: " "))"
    }

    private mutating func copies(_ signal: Signal, _ finder: NameFinder) throws -> String {
        guard !signal.invoices.isEmpty else {
            return try toPerson(signal, "INVOICE-COPY", "The customer asks for a copy and names no invoice")
        }
        var asked: [String] = []
        for name in signal.invoices {
            guard let item = try finder.items(name, customer: signal.customerID).first?.item else { continue }
            guard let document = try session.invoiceDocument(company: company, invoice: item.invoiceID) else {
                try raise(
                    record(
                        signal, "INVOICE-COPY", subject: item.invoiceID,
                        "The customer asks for invoice \(item.number), of which no document was imported"
                            + (missing[item.invoiceID].map { " (\($0.message))" } ?? "") + "; send it yourself"))
                continue
            }
            let request = StoredCopyRequest(
                id: "\(signal.id).\(item.invoiceID)", customerID: signal.customerID, itemID: item.id,
                document: document, requestedOn: day(of: signal), requestedBy: "agent")
            _ = try session.add(request, company: company, at: now)
            asked.append(item.number)
        }
        guard !asked.isEmpty else { return "no document" }
        var run = try PlanRun(workplace, session, policy: policy)
        try run.plan(signal.customerID, only: .invoiceResend)
        return "copy of \(asked.joined(separator: " ")) in the outbox"
    }

    // MARK: Consent and holds

    /// When the contrary was said after a signal that comes late: what was said last stands, in whatever order the lines
    /// arrive. Of two words of the same moment the careful one stands.
    private func said(_ contrary: Signal.Kind, after signal: Signal, orTogether isCareful: Bool) throws -> Timestamp? {
        let last = try session.lastSignal(company: company, customer: signal.customerID, kind: contrary)
        return last.flatMap { $0 > signal.at || isCareful && $0 == signal.at ? $0 : nil }
    }

    private mutating func optOut(_ signal: Signal) throws -> String {
        if let at = try said(.optIn, after: signal, orTogether: false) { return "opted in again at \(at.text)" }
        var consent = try known(signal)
        consent.optedOut = true
        consent.optedOutOn = max(consent.optedOutOn ?? day(of: signal), day(of: signal))
        try keep(consent, signal)
        var count = 0
        for message in try session.messages(company: company, customer: signal.customerID) {
            guard let row = try session.delivery(company: company, message: message.id), row.state.holdsLane else {
                continue
            }
            try desk.cancel(row, rule: "OPT-OUT", sentence: "The customer asked us to stop.")
            count += 1
        }
        return "opted out, \(count) messages withdrawn"
    }

    private func known(_ signal: Signal) throws -> Consent {
        try session.consent(company: company, customer: signal.customerID) ?? Consent()
    }

    private func keep(_ consent: Consent, _ signal: Signal) throws {
        try session.save(
            consent, company: company, customer: signal.customerID, source: "signal \(signal.id)", at: now)
    }

    private mutating func hold(
        _ signal: Signal, _ kind: Hold.Kind, _ exception: String, _ message: String
    ) throws -> String {
        try session.save(
            Hold(
                id: signal.id, company: company, customerID: signal.customerID, kind: kind,
                reason: signal.text ?? message, setBy: "agent", from: day(of: signal)), at: now)
        try raise(
            record(
                signal, exception, subject: signal.customerID,
                "\(message); nothing is asked for until you lift the hold"))
        return "on hold: \(kind.rawValue)"
    }

    private mutating func toPerson(_ signal: Signal, _ kind: String, _ message: String) throws -> String {
        let sentence = message.hasSuffix(".") ? String(message.dropLast()) : message
        try raise(record(signal, kind, subject: signal.id, "\(sentence); a person answers"))
        return "to a person: \(kind)"
    }

    private func record(_ signal: Signal, _ kind: String, subject: String, _ message: String) -> ExceptionRecord {
        let context: [(String, String?)] = [
            ("words", signal.text),
            ("invoices", signal.invoices.isEmpty ? nil : signal.invoices.joined(separator: " ")),
            ("amount", signal.amount.map { "\($0)" }), ("at", signal.at.text), ("signal", signal.id),
            ("confidence", signal.confidence?.text),
        ]
        return ExceptionRecord(
            kind, company: company, customerID: signal.customerID, subject: subject, message: message + ".",
            context: context.compactMap { name, value in value.map { .init(name, $0) } },
            dueOn: workplace.dueDay(policy))
    }

    /// The company's day on which it was said.
    private func day(of signal: Signal) -> Day {
        workplace.company.timeZone.flatMap { ZonedTime(signal.at, zone: $0)?.day } ?? signal.at.dayUTC
    }
}
