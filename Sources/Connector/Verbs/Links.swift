// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import PaymentRequests
import Store
import Trees

extension Workplace {
    /// A payload for what is open on invoices of one customer: EPC for euros, Pix for reais.
    ///
    /// A link over the same items and amounts is the same link; one over the same items with other amounts takes the
    /// place of the earlier ones.
    ///
    /// What speaks against paying all of it (a dispute, money that is on its way or waits for a person) is said beside it.
    package func createLink(_ invoices: [String]) throws -> Answer {
        let policy = try PolicyFile.load(self).policy
        let (link, notes) = try openStore().write { session -> (PaymentLink, [GateDecision]) in
            let finder = NameFinder(company: self.company.id, session: session)
            let items = try self.openItems(invoices, finder)
            let parts = items.map { stored in
                PaymentLink.Part(
                    item: stored.item.id, number: stored.item.number, amount: stored.item.open,
                    assignedTo: stored.assignedTo)
            }
            let notes = try self.notes(on: items, session, policy)
            let earlier = try Self.links(over: items, session, company: self.company.id)
            var request = PaymentLink.Request(parts: parts, createdOn: self.today)
            request.customer = items.first?.item.customerID
            let references = Set(items.compactMap(\.structuredReference))
            request.reference = Set(items.map(\.item.invoiceID)).count == 1 ? references.sorted().first : nil
            let closed = earlier.filter { $0.state != .active && $0.items.sorted() == Self.plain(parts) }
            request.revision = (closed.map(\.revision).max() ?? 0) + 1
            switch PaymentLink.make(for: self.company, request) {
            case .invalid(let faults):
                throw Failure(
                    faults.first?.code ?? "LINK", faults.map(\.message).joined(separator: " "),
                    hint: faults.first?.hint ?? "Name other invoices.")
            case .valid(let made):
                if let same = earlier.first(where: { $0.state == .active && $0.items.sorted() == Self.plain(parts) }) {
                    return (same, notes)
                }
                try session.save(made, at: self.environment.now())
                for var old in earlier where old.state == .active {
                    _ = old.receive(.superseded(by: made.id), on: self.today)
                    try session.save(old, at: self.environment.now())
                }
                return (made, notes)
            }
        }
        return answer(link, notes)
    }

    /// What the plan knows that speaks against asking for all of the items.
    private func notes(
        on items: [AccountItem], _ session: Session, _ policy: DunningPolicy
    ) throws -> [GateDecision] {
        guard let customer = items.first?.item.customerID else { return [] }
        let view = try SnapshotReader(self, session, policy: policy).account(customer)
        return policy.doubts(about: Set(items.map(\.item.id)), in: view.snapshot, on: today)
    }

    package func showLink(_ id: String) throws -> Answer {
        let link = try openStore(readOnly: true).read { session in
            guard let link = try session.link(company: self.company.id, id: id) else { throw Self.noLink(id) }
            return try self.current(link, session)
        }
        return answer(link)
    }

    package func cancelLink(_ id: String, actor: String, reason: String) throws -> Answer {
        let link = try openStore().write { session in
            guard var link = try session.link(company: self.company.id, id: id) else { throw Self.noLink(id) }
            guard link.receive(.cancelled(reason: "\(actor): \(reason)"), on: self.today) != .unchanged else {
                throw Failure("LINK-CLOSED", "Link \(id) is \(link.state.rawValue) already.", hint: "Nothing changed.")
            }
            try session.save(link, at: self.environment.now())
            try CareDesk(self, session).keep("link cancel", id, actor, reason)
            return link
        }
        return answer(link)
    }

    /// Puts the original documents of invoices into the outbox; one that was not imported is fetched from the system
    /// that the invoice came from.
    package func resend(_ invoices: [String], _ surroundings: SyncSurroundings? = nil) throws -> Answer {
        let file = try PolicyFile.load(self)
        let store = try openStore()
        let missing = try store.read { session in
            let finder = NameFinder(company: self.company.id, session: session)
            return try invoices.compactMap { try finder.items($0).first?.item.invoiceID }
        }
        let faults = try DocumentFetch(self, surroundings, store).perform(missing)
        let lines = try store.write { session in
            let finder = NameFinder(company: self.company.id, session: session)
            var customers: Set<String> = []
            for name in invoices {
                guard let item = try finder.items(name).first?.item else { continue }
                guard let document = try session.invoiceDocument(company: self.company.id, invoice: item.invoiceID)
                else {
                    if let fault = faults[item.invoiceID] {
                        throw Failure(
                            fault.code, "No document of invoice \(item.number) was imported: \(fault.message).",
                            hint: fault.hint)
                    }
                    throw Failure(
                        "DOCUMENT-NONE", "No document of invoice \(item.number) was imported.",
                        hint: "Import its UBL file with the embedded PDF, or send it yourself.")
                }
                let bytes = try session.attachmentBytes(
                    company: self.company.id, invoice: item.invoiceID, sha256: document.sha256)
                guard bytes != nil else {
                    throw Failure(
                        "DOCUMENT-LOST",
                        "The document \(document.name) of invoice \(item.number) is not kept any more.",
                        hint: "Import the invoice again.")
                }
                let request = StoredCopyRequest(
                    id: "\(item.invoiceID).\(self.today.text)", customerID: item.customerID, itemID: item.id,
                    document: document, requestedOn: self.today, requestedBy: "person")
                _ = try session.add(request, company: self.company.id, at: self.environment.now())
                customers.insert(item.customerID)
            }
            var run = try PlanRun(self, session, policy: file.policy)
            for customer in customers.sorted() { try run.plan(customer, only: .invoiceResend) }
            return run.lines
        }
        return PlanAnswer(day: today, lines: lines, dryRun: false, policy: file.name).answer
    }

    private func openItems(_ invoices: [String], _ finder: NameFinder) throws -> [AccountItem] {
        var seen: Set<String> = []
        let items = try invoices.flatMap { try finder.items($0) }
            .filter { $0.item.balance.open > 0 && seen.insert($0.item.id).inserted }
        guard !items.isEmpty else {
            throw Failure(
                "LINK-NOTHING-OPEN", "Nothing is open on \(invoices.joined(separator: ", ")).",
                hint: "There is nothing to pay.")
        }
        let customers = Set(items.map(\.item.customerID)).sorted()
        guard customers.count == 1 else {
            throw Failure(
                "LINK-CUSTOMERS",
                "These are invoices of \(customers.count) customers: \(customers.joined(separator: ", ")).",
                hint: "Make one link per customer.")
        }
        return items
    }

    private static func links(
        over items: [AccountItem], _ session: Session, company: String
    ) throws -> [PaymentLink] {
        var found: [String: PaymentLink] = [:]
        for stored in items {
            for link in try session.links(company: company, item: stored.item.id) { found[link.id] = link }
        }
        return found.keys.sorted().compactMap { found[$0] }
    }

    /// Parts as they are kept.
    private static func plain(_ parts: [PaymentLink.Part]) -> [PaymentLink.Part] {
        parts.map { PaymentLink.Part(item: $0.item, number: $0.number, amount: $0.amount) }.sorted()
    }

    private static func noLink(_ id: String) -> Failure {
        Failure("LINK-UNKNOWN", "There is no link \(id).", hint: "Make one with tieout link create.")
    }

    private func answer(_ link: PaymentLink, _ notes: [GateDecision] = []) -> Answer {
        var json = linkJSON(link)
        if !notes.isEmpty, let entries = json.entries {
            json = .object(
                entries.map { ($0.key, $0.value) } + [
                    (
                        "notes",
                        .list(
                            notes.map { .object([("rule", .text($0.rule)), ("sentence", .text($0.sentence))]) })
                    )
                ])
        }
        var lines = ["\(link.id)  \(link.kind.rawValue)  \(link.amount)  \(link.state.rawValue)", link.payload]
        if link.state != .active, let reason = link.closedReason { lines[0] += " (\(reason))" }
        lines += notes.map { "note: \($0.sentence) [\($0.rule)]" }
        return Answer(json: json, text: lines.joined(separator: "\n"))
    }
}
