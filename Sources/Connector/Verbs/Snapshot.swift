// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Formats
import Ledger
import Outbox
import Promises
import Reconciliation
import Store
import Trees

/// A customer's account as Dunning decides about it, with where and when the customer lives.
struct AccountView {
    var snapshot: AccountSnapshot
    /// Nil when no time zone is known: nothing is sent then.
    var zone: String?
    var local: LocalTime?
    /// The structured reference of each open item that has one.
    var references: [String: String] = [:]

    /// The instant of a local time where the customer lives.
    func instant(_ time: LocalTime?) -> Timestamp? {
        guard let time, let zone else { return nil }
        return ZonedTime.instant(day: time.day, minute: time.minute, zone: zone)
    }
}

/// Reads accounts inside one transaction; what is the same for every customer is read once.
struct SnapshotReader {
    let workplace: Workplace
    let session: Session
    let policy: DunningPolicy
    let accounts: [AccountSnapshot.Account]
    let sources: [AccountSnapshot.Source]
    private let time: Timestamp
    private let bankDay: Day?
    private let charged: [String: [Currency: Int64]]
    private let waiting: [String: [AccountSnapshot.Waiting]]

    var company: Company { workplace.company }

    init(_ workplace: Workplace, _ session: Session, policy: DunningPolicy) throws {
        self.workplace = workplace
        self.session = session
        self.policy = policy
        accounts = try CoverageReader(workplace, session).accounts()
        sources = try workplace.books.sources.filter { $0.ageDaysMax != nil }.map { source in
            AccountSnapshot.Source(
                id: source.id, asOf: try session.lastImport(company: workplace.company.id, source: source.id),
                daysMax: source.ageDaysMax)
        }
        time = workplace.decisionTime()
        charged = try Self.charged(session, company: workplace.company.id, since: workplace.today - 14)
        bankDay = try session.lastBankDay(company: workplace.company.id, ledgers: Catalogue.ledgers)
        waiting = Self.waiting(try session.waitingCash(company: workplace.company.id))
    }

    /// What waits for a person and settles an item whatever they decide, per customer; no payment's money counts twice.
    private static func waiting(_ parts: [WaitingCash]) -> [String: [AccountSnapshot.Waiting]] {
        var result: [String: [AccountSnapshot.Waiting]] = [:]
        var spent: [String: Int64] = [:]
        for part in parts {
            let cash = min(part.cash.minorUnits, part.unapplied.minorUnits - (spent[part.paymentID] ?? 0))
            let isExchange = part.cash.currency != part.covers.currency
            // A part of an exchange has no rate of its own.
            guard cash > 0, !isExchange || cash == part.cash.minorUnits else { continue }
            spent[part.paymentID, default: 0] += cash
            let covers = isExchange ? part.covers.minorUnits : min(part.covers.minorUnits, cash)
            result[part.customerID, default: []].append(
                AccountSnapshot.Waiting(
                    paymentID: part.paymentID, itemID: part.itemID,
                    covers: Money(minorUnits: covers, currency: part.covers.currency),
                    cash: Money(minorUnits: cash, currency: part.cash.currency),
                    isOwn: part.payer == part.customerID))
        }
        return result
    }

    func account(_ id: String) throws -> AccountView {
        var customer = try session.accountCustomer(company: company.id, id: id) ?? Customer.bare(id)
        let consent = try session.consent(company: company.id, customer: id)
        if let known = consent?.optedIn { customer.optedIn = known }
        if let known = consent?.optedOut { customer.optedOut = known }
        var view = AccountView(snapshot: AccountSnapshot(company: company, customer: customer))
        view.zone = zone(of: customer)
        view.local = view.zone.flatMap { ZonedTime(time, zone: $0) }.map { LocalTime($0.day, minute: $0.minute) }
        view.snapshot.optedOutOn = consent?.optedOut == true ? consent?.optedOutOn ?? workplace.today : nil
        let proof = NumberProof(
            changedAt: try session.phoneChangedAt(company: company.id, customer: id),
            confirmedAt: try session.lastSignal(company: company.id, customer: id, kind: .identityConfirmed),
            deniedAt: try session.lastSignal(company: company.id, customer: id, kind: .wrongParty))
        view.snapshot.numberProven = proof.isConfirmed
        view.snapshot.accounts = accounts
        view.snapshot.sources = sources
        try addItems(to: &view)
        try addWords(to: &view)
        try addMessages(to: &view, proof)
        try addAnswers(to: &view)
        return view
    }

    private func addItems(to view: inout AccountView) throws {
        var inTransit: [String: Int64] = [:]
        var credits: [Currency: Int128] = [:]
        for stored in try session.accountItems(company: company.id, customer: view.snapshot.customer.id) {
            let item = stored.item
            guard item.balance.open > 0, !item.isCredit else {
                credits[item.currency, default: 0] -= Int128(item.balance.open)
                continue
            }
            var entry = AccountSnapshot.Item(item)
            entry.disputed = stored.disputed
            entry.dunningBlocked = stored.dunningBlocked
            entry.directDebit = Self.isDirectDebit(stored.collectionMethod)
            entry.atAgency = Self.isAtAgency(stored.collectionMethod)
            entry.factored = stored.assignedTo?.isEmpty == false
            entry.sourceDunningLevel = stored.dunningLevel
            entry.sourceDunnedOn = stored.lastDunnedOn
            let left = inTransit[item.invoiceID] ?? stored.inTransit ?? onTheWay(item)
            if left > 0 {
                let share = min(left, item.balance.open)
                entry.inTransit = Money(minorUnits: share, currency: item.currency)
                inTransit[item.invoiceID] = left - share
            }
            if let taken = try session.lastReturn(company: company.id, item: item.id) {
                entry.returnedOn = taken.day
                entry.returned = taken.amount
            }
            view.references[item.id] = stored.structuredReference
            view.snapshot.items.append(entry)
        }
        view.snapshot.openCredits = credits.keys.sorted().map {
            Money(minorUnits: Int64(clamping: max(0, credits[$0] ?? 0)), currency: $0)
        }
        view.snapshot.unapplied = try session.unappliedCash(
            company: company.id, customer: view.snapshot.customer.id)
        view.snapshot.waiting = waiting[view.snapshot.customer.id] ?? []
        // What the accounting system received on account counts until the bank's own file can say it.
        view.snapshot.unapplied += try session.statedOnAccount(
            company: company.id, customer: view.snapshot.customer.id, ledgers: Catalogue.ledgers, after: bankDay)
    }

    /// What a payment provider has charged for the item; its payout brings the money within two weeks.
    private func onTheWay(_ item: OpenItem) -> Int64 { charged[item.number]?[item.currency] ?? 0 }

    /// Charges of the last two weeks by each word of their reference: one of them may be an invoice's number.
    private static func charged(
        _ session: Session, company: String, since day: Day
    ) throws -> [String: [Currency: Int64]] {
        var charged: [String: [Currency: Int64]] = [:]
        for charge in try session.recentCharges(company: company, since: day) {
            for word in Set(charge.reference.split(separator: " ").map { String($0) } + [charge.reference]) {
                charged[word, default: [:]][charge.amount.currency, default: 0] &+= charge.amount.minorUnits
            }
        }
        return charged
    }

    /// What the customer and people said.
    private func addWords(to view: inout AccountView) throws {
        let id = view.snapshot.customer.id
        view.snapshot.promises = try session.promises(company: company.id, customer: id).map(\.promise)
        view.snapshot.disputes = try session.disputes(company: company.id, customer: id)
        view.snapshot.holds = try session.holds(company: company.id, customer: id)
        view.snapshot.claims = try session.claimedPayments(company: company.id, customer: id).map {
            AccountSnapshot.Claim(
                id: $0.id, items: $0.items, claimedOn: $0.claimedOn,
                resolvedOn: $0.state == .open ? nil : $0.resolvedOn ?? $0.claimedOn)
        }
    }

    /// What was said to the customer, and what waits in the outbox.
    private func addMessages(to view: inout AccountView, _ proof: NumberProof) throws {
        for stored in try session.messages(company: company.id, customer: view.snapshot.customer.id) {
            guard let delivery = try session.delivery(company: company.id, message: stored.id) else { continue }
            let key = Message.Key(
                company: company.id, customerID: stored.customerID, purpose: stored.purpose, step: stored.step,
                period: stored.period)
            if delivery.state == .queued || delivery.state == .leased {
                if let message = try stored.decoded() { view.snapshot.pending.append(message) }
                continue
            }
            let begun = try session.begunAt(company: company.id, message: stored.id)
            let at = begun ?? delivery.doneAt ?? stored.createdAt
            let local = view.zone.flatMap { ZonedTime(at, zone: $0) }.map { LocalTime($0.day, minute: $0.minute) }
            view.snapshot.history.append(
                AccountSnapshot.Said(
                    key: key, revision: stored.revision,
                    items: try session.messageItems(company: company.id, message: stored.id),
                    at: local ?? LocalTime(at.dayUTC, minute: 0), outcome: Self.outcome(delivery.state),
                    isToNumber: proof.counts(at)))
        }
    }

    func line(_ item: OpenItem) -> Message.Line {
        Message.Line(
            itemID: item.id, number: item.number, dueOn: item.dueOn, open: item.open, asked: item.open,
            daysOverdue: item.balance.open > 0 ? item.daysOverdue(on: workplace.today) : 0)
    }

    private static func outcome(_ state: Delivery.State) -> AccountSnapshot.Said.Outcome {
        switch state {
        case .queued, .leased, .cancelled, .superseded, .expired: .cancelled
        case .begun, .unknown, .accepted, .sent: .handedOver
        case .delivered, .read: .delivered
        case .failed, .dead: .failed
        }
    }

    private static func isDirectDebit(_ method: String?) -> Bool {
        let word = (method ?? "").lowercased().filter { $0.isLetter }
        return ["directdebit", "sepadirectdebit", "sepadebit", "debit", "dd", "sdd", "incasso", "lastschrift"].contains(
            word)
    }

    private static func isAtAgency(_ method: String?) -> Bool {
        ["agency", "collection_agency", "lawyer", "legal"].contains((method ?? "").lowercased())
    }

    private func zone(of customer: Customer) -> String? {
        if let zone = customer.timeZone, ZonedTime(time, zone: zone) != nil { return zone }
        return customer.country.flatMap { Self.zones[$0.uppercased()] } ?? company.timeZone
    }

    /// The zone most people of a country live in; a customer of another one has it in the master data.
    private static let zones: [String: String] = [
        "AT": "Europe/Vienna", "BE": "Europe/Brussels", "BR": "America/Sao_Paulo", "CH": "Europe/Zurich",
        "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "ES": "Europe/Madrid",
        "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "IE": "Europe/Dublin",
        "IT": "Europe/Rome", "LU": "Europe/Luxembourg", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo",
        "PL": "Europe/Warsaw", "PT": "Europe/Lisbon", "SE": "Europe/Stockholm", "US": "America/New_York",
    ]
}

/// How far the cash of each receiving account is known.
struct CoverageReader {
    private let workplace: Workplace
    private let session: Session
    private let ahead: ReadAhead?

    init(_ workplace: Workplace, _ session: Session, _ ahead: ReadAhead? = nil) {
        self.workplace = workplace
        self.session = session
        self.ahead = ahead
    }

    /// The configured accounts, else those that statements and payments name, in order of their ids.
    ///
    /// Rows of an export without statements cover the days from the first to the last row, unproven.
    func accounts() throws -> [AccountSnapshot.Account] {
        let company = workplace.company
        var frames: [String: [Coverage.Frame]] = [:]
        for (account, frame) in try session.statementFrames(company: company.id) {
            frames[Self.plain(account), default: []].append(frame)
        }
        let configured = company.accounts.map { Self.plain($0.id) }
        for days in try ahead?.paymentDays.take() ?? session.paymentDays(company: company.id) {
            let unnamed = configured.count == 1 ? configured[0] : "payments"
            let account = days.account.map(Self.plain) ?? unnamed
            guard frames[account] == nil else { continue }
            frames[account] = [Coverage.Frame(from: days.from, to: days.to)]
        }
        if frames.isEmpty {
            // No bank file was ever read: the accounting book's own payments say how far money is known.
            for days in try session.paymentDays(company: company.id, isInformation: true) {
                let read = try session.lastPaymentsRead(company: company.id) ?? days.to
                frames["payments"] = [Coverage.Frame(from: days.from, to: max(days.to, read))]
            }
        }
        let ids = configured.isEmpty ? frames.keys.sorted() : configured.sorted()
        let calendar = BankingCalendar(company.calendar)
        return ids.map { id in
            let own = Self.quiet(frames[id] ?? [], calendar: calendar)
            return AccountSnapshot.Account(
                Coverage.chain(account: id, frames: own, calendar: calendar), lastDay: own.map(\.to).max())
        }
    }

    /// The last day through which every receiving account is known without a hole.
    func coveredThrough() throws -> Day? {
        let accounts = try accounts()
        if accounts.isEmpty {
            return workplace.company.authority == .source
                ? try session.lastImport(company: workplace.company.id) : nil
        }
        let days = accounts.compactMap(\.through)
        return days.count == accounts.count ? days.min() : nil
    }

    /// Bank days without any row that an export may have between two files and still be whole.
    private static let quietDaysMax = 5

    /// Exports of rows prove nothing about a day without rows: a short one between two files is taken as quiet, a
    /// longer one as a missing file. Statements with balances or numbers are left to speak for themselves.
    private static func quiet(_ frames: [Coverage.Frame], calendar: BankingCalendar) -> [Coverage.Frame] {
        guard frames.allSatisfy({ $0.opening == nil && $0.closing == nil && $0.sequence == nil }) else { return frames }
        var result: [Coverage.Frame] = []
        for frame in frames.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            guard let last = result.last, frame.from <= calendar.adding(quietDaysMax + 1, to: last.to) else {
                result.append(frame)
                continue
            }
            result[result.count - 1].to = max(last.to, frame.to)
        }
        return result
    }

    private static func plain(_ account: String) -> String { String(account.filter { $0 != " " }) }
}

extension StoredMessage {
    /// The message as it was decided.
    func decoded() throws -> Message? {
        let (node, _) = JSONText.read(payload)
        return node.flatMap(MessageJSON.message)
    }
}
