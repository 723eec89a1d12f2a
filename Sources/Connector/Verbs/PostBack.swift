// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import FoundationEssentials
import Ledger
import Mappings
import Store
import Trees

/// `tieout post`: what was settled here and the system does not know yet is written there, by people's approval.
extension Workplace {
    /// Makes a batch of what could be written into a source; nothing is sent.
    /// - Parameter isDry: nothing is kept either.
    package func proposePosts(_ source: String, actor: String, isDry: Bool = false) throws -> Answer {
        let (_, pull, _) = try postSource(source)
        let takesWhole = try findService(of: pull).push?.takesWhole == true
        let now = environment.now()
        let propose = { (session: Session) in
            let batch = try session.nextPostBatch(company: company.id)
            let first = try session.period(company: company.id).firstOpenDay
            let candidates = try session.postCandidates(company: company.id, source: source)
            let gap = PostGap(candidates, readAt: try invoicesRead(source, pull, session))
            var orders: [PostOrder] = []
            var skipped: [Fault] = []
            for candidate in candidates where [nil, .reversed, .refused].contains(candidate.lastState) {
                let round = candidate.lastRound + 1
                var order = PostOrder(
                    candidate, source: source, round: round, key: postKey(candidate, source, round), batch: batch,
                    proposedBy: actor)
                if takesWhole {
                    order.fault = PostFaults.part(order, open: PostGap.openThere(candidate, among: candidates))
                }
                if let first, order.paidOn < first {
                    skipped.append(PostFaults.closed(order, first))
                } else if let fault = PostFaults.known(
                    order, candidate,
                    gap.knowledge(payment: candidate.paymentID, invoice: candidate.invoiceID))
                {
                    skipped.append(fault)
                } else {
                    if !isDry { try session.addPost(order, company: company.id, at: now) }
                    orders.append(order)
                }
            }
            return (orders, skipped)
        }
        let (orders, skipped) = isDry ? try openStore(readOnly: true).read(propose) : try openStore().write(propose)
        return postAnswer(orders, skipped)
    }

    /// - Parameter batch: All of its proposals; a person may have refused some of them before.
    package func approvePosts(_ batch: Int64, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        let needsSecond = try PolicyFile.load(self).policy.secondPerson.post
        return try changePosts(batch, from: .proposed) { order in
            if needsSecond {
                guard !Signing.isSame(order.proposedBy, actor) else {
                    throw Failure(
                        "SECOND-PERSON", "\(order.proposedBy) proposed batch \(batch): it needs a second person.",
                        hint: "Somebody other than \(actor) approves it with `tieout post approve`.")
                }
            }
            order.state = .approved
            (order.approvedBy, order.reason) = (actor, reason)
        }
    }

    package func dropPosts(_ batch: Int64, actor: String, reason: String) throws -> Answer {
        try changePosts(batch, from: .proposed) { order in
            order.state = .refused
            (order.approvedBy, order.reason) = (actor, reason)
        }
    }

    /// Sends what is approved, and first looks for what nobody knows about.
    package func runPosts(_ source: String, _ surroundings: SyncSurroundings) throws -> Answer {
        let (configured, pull, account) = try postSource(source)
        let store = try openStore()
        return try SourceLock(database: database, source: "\(company.id)-\(source)").hold {
            // Another process may have sent what waited before it let go of the source.
            let waiting = try store.read { try $0.posts(company: company.id, source: source) }
                .filter { [.approved, .sending, .unknown, .half].contains($0.state) }
            guard !waiting.isEmpty else { return postAnswer([], []) }
            var run = try PostRun(sourceSync(configured, pull, surroundings, store), account: account)
            let doubts = try doubts(about: waiting, source, pull, store)
            var orders: [PostOrder] = []
            for order in waiting {
                if order.state == .approved, let part = doubts.parts[order.no] {
                    orders.append(try run.hold(order, for: part))
                } else {
                    orders.append(try run.send(order, unless: doubts.faults[order.no]))
                }
            }
            return postAnswer(try run.look(orders), [])
        }
    }

    /// Takes one back in the system. Here nothing changes: what was applied stays applied.
    package func undoPost(
        _ source: String, payment: String, number: String, actor: String, reason: String,
        _ surroundings: SyncSurroundings
    ) throws -> Answer {
        let (configured, pull, account) = try postSource(source)
        let store = try openStore()
        return try SourceLock(database: database, source: "\(company.id)-\(source)").hold {
            let order = try lastPost(store, source, payment: payment, number: number, in: [.done, .half])
            var run = try PostRun(sourceSync(configured, pull, surroundings, store), account: account)
            return postAnswer([try run.reverse(order, reason: reason, actor: actor)], [])
        }
    }

    /// What a person saw in the system, where the system cannot be asked.
    package func settlePost(
        _ source: String, payment: String, number: String, isThere: Bool, actor: String, reason: String
    ) throws -> Answer {
        let store = try openStore()
        var order = try lastPost(
            store, source, payment: payment, number: number, in: [.unknown, .sending, .half, .done])
        order.state = isThere ? .done : order.state == .done ? .reversed : .approved
        // Nothing of it is there: it begins anew.
        if !isThere { (order.written, order.kept) = (0, nil) }
        (order.approvedBy, order.reason, order.fault) = (actor, reason, nil)
        try store.write { [order] session in
            try session.savePost(order, company: company.id, at: environment.now())
            try PostFaults.tell(order, self, session)
        }
        return postAnswer([order], [])
    }

    package func listPosts(_ source: String?) throws -> Answer {
        postAnswer(try openStore().read { try $0.posts(company: company.id, source: source) }, [])
    }

    /// The approved payments of a source as CSV, for a system that takes files; they count as handed over.
    package func exportPosts(_ source: String, to path: String) throws -> Answer {
        let (_, pull, _) = try postSource(source)
        let store = try openStore()
        let approved = try store.read { try $0.posts(company: company.id, source: source) }
            .filter { $0.state == .approved }
        let doubts = try doubts(about: approved, source, pull, store)
        let orders = approved.filter { doubts.faults[$0.no] == nil }
        var lines = ["key,invoice_id,invoice_number,customer_id,amount,currency,paid_on,payment_id"]
        for order in orders {
            lines.append(
                [
                    order.key, order.target, order.number, order.customerID, order.amount.amountText,
                    order.amount.currency.code, order.paidOn.text, order.paymentID,
                ].map(Self.csvField).joined(separator: ","))
        }
        let file = Data((lines.joined(separator: "\r\n") + "\r\n").utf8)
        do {
            try file.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Failure("FILE-WRITE", "The file \(path) cannot be written.", hint: "Check the folder.")
        }
        // Only what is in the file counts as handed over.
        let handed = try store.write { session in
            try approved.map { order in
                var order = order
                order.fault = doubts.faults[order.no]
                order.state = order.fault == nil ? .exported : .refused
                try session.savePost(order, company: company.id, at: environment.now())
                try PostFaults.tell(order, self, session)
                return order
            }
        }
        return postAnswer(handed, [])
    }

    /// RFC 4180; what a spreadsheet would take for a formula is text.
    private static func csvField(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t".contains($0) } ?? false
        let plain = isFormula ? "'" + text : text
        guard plain.contains(where: { ",\"\r\n".contains($0) }) else { return plain }
        return "\"" + plain.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    // MARK: Parts

    private func postSource(
        _ id: String
    ) throws -> (source: Configuration.Source, pull: Configuration.PullSource, account: String) {
        guard let source = books.sources.first(where: { $0.id == id }), let pull = source.pull else {
            throw Failure(
                "SOURCE-UNKNOWN", "There is no source “\(id)” that is pulled.", hint: "See `tieout source list`.")
        }
        guard let account = pull.postAccount else {
            throw Failure(
                "POST-OFF", "Nothing is written into \(id): writing is off.",
                hint: "Give the source a line `post: { account: … }`: the account, journal or payment method there.")
        }
        return (source, pull, account)
    }

    private struct PostDoubts {
        /// Why orders are not to be handed over any more, by their number.
        var faults: [Int64: Fault] = [:]
        /// Of the others, what the system cannot take: it goes into a file.
        var parts: [Int64: Fault] = [:]
    }

    /// Since the approval the system may have been read again and have shown the payment, or the payment may have been
    /// taken off the invoice here.
    private func doubts(
        about orders: [PostOrder], _ source: String, _ pull: Configuration.PullSource, _ store: StoreFile
    ) throws -> PostDoubts {
        var doubts = PostDoubts()
        guard !orders.isEmpty else { return doubts }
        let takesWhole = try findService(of: pull).push?.takesWhole == true
        let (candidates, readAt) = try store.read { session in
            (
                try session.postCandidates(company: company.id, source: source),
                try invoicesRead(source, pull, session)
            )
        }
        let gap = PostGap(candidates, readAt: readAt)
        for order in orders {
            let candidate = candidates.first {
                $0.paymentID == order.paymentID && $0.invoiceID == order.invoiceID && $0.amount == order.amount
            }
            if let candidate {
                let knowledge = gap.knowledge(payment: order.paymentID, invoice: order.invoiceID)
                doubts.faults[order.no] = PostFaults.known(order, candidate, knowledge)
                if takesWhole, doubts.faults[order.no] == nil {
                    let open = PostGap.openThere(candidate, among: candidates)
                    doubts.parts[order.no] = PostFaults.part(order, open: open)
                }
            } else {
                doubts.faults[order.no] = PostFaults.changed(order)
            }
        }
        return doubts
    }

    /// When every stream that brings invoices of a source was last read to its end; nil for never.
    private func invoicesRead(
        _ source: String, _ pull: Configuration.PullSource, _ session: Session
    ) throws -> Timestamp? {
        let names = pull.wanted(of: try findService(of: pull)).filter { $0.mapping.entities.contains(.invoice) }.map(
            \.name)
        return try session.syncStreams(company: company.id, source: source).filter { names.contains($0.stream) }
            .map(\.succeededAt).min()
    }

    private func sourceSync(
        _ source: Configuration.Source, _ pull: Configuration.PullSource, _ surroundings: SyncSurroundings,
        _ store: StoreFile
    ) throws -> SourceSync {
        SourceSync(
            workplace: self, source: source, pull: pull, service: try findService(of: pull),
            options: SyncOptions(), surroundings: surroundings, store: store)
    }

    private func lastPost(
        _ store: StoreFile, _ source: String, payment: String, number: String, in states: [PostOrder.State]
    ) throws -> PostOrder {
        let all = try store.read { try $0.posts(company: company.id, source: source) }
        let fits = all.filter { $0.paymentID == payment && $0.number == number && states.contains($0.state) }
        guard let last = fits.last else {
            throw Failure(
                "POST-NONE", "\(source) has no payment \(payment) for \(number) that this could be done with.",
                hint: "See `tieout post list`.")
        }
        return last
    }

    private func changePosts(
        _ batch: Int64, from state: PostOrder.State, _ change: (inout PostOrder) throws -> Void
    ) throws -> Answer {
        let orders = try openStore().write { session in
            try session.posts(company: company.id, batch: batch).filter { $0.state == state }.map { order in
                var order = order
                try change(&order)
                try session.savePost(order, company: company.id, at: environment.now())
                return order
            }
        }
        guard !orders.isEmpty else {
            throw Failure(
                "POST-NONE", "Nothing in batch \(batch) is \(state.rawValue).", hint: "See `tieout post list`.")
        }
        return postAnswer(orders, [])
    }

    /// Known before the first request, and the same however often it is sent.
    private func postKey(_ candidate: PostCandidate, _ source: String, _ round: Int) -> String {
        var builder = Fingerprint.Builder()
        for part in ["post", company.id, source, candidate.paymentID, candidate.invoiceID] { builder.add(part) }
        builder.add(Int64(round))
        return "tieout-" + builder.finish().base32.prefix(20).lowercased()
    }

    private func postAnswer(_ orders: [PostOrder], _ skipped: [Fault]) -> Answer {
        let nodes = orders.map { order -> Node in
            .compact([
                ("source", .text(order.source)), ("batch", .integer(order.batch)),
                ("payment", .text(order.paymentID)), ("invoice", .text(order.number)),
                ("customer", .text(order.customerID)), ("amount", .text(order.amount.description)),
                ("paid_on", .text(order.paidOn.text)), ("key", .text(order.key)),
                ("state", .text(order.state.rawValue)), ("by", .text(order.approvedBy ?? order.proposedBy)),
                ("reason", .text(order.reason)), ("fault", order.fault.map(DocumentJSON.fault) ?? .null),
            ])
        }
        var lines = orders.map { order in
            "batch \(order.batch): \(order.amount) of \(order.paidOn) for \(order.number) (\(order.customerID)): "
                + order.state.rawValue
                + (order.fault.map { "\n  \($0.code): \($0.message.sentence) \($0.hint)" } ?? "")
        }
        lines += skipped.map { "left out \($0.at.text): \($0.code): \($0.message.sentence) \($0.hint)" }
        if lines.isEmpty { lines = ["nothing"] }
        var answer = Answer(
            json: .object([("orders", .list(nodes)), ("left_out", .list(skipped.map(DocumentJSON.fault)))]),
            text: lines.joined(separator: "\n"))
        answer.needsReview = orders.contains {
            [.unknown, .half].contains($0.state) || [.approved, .refused, .done].contains($0.state) && $0.fault != nil
        }
        return answer
    }
}
