// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Outbox
import Reports
import Store
import Trees

extension Workplace {
    /// Freezes a month whose books tie.
    package func close(month text: String, actor: String) throws -> Answer {
        try Signing.require(actor, "close")
        let month = try parseMonth(text)
        return try openStore().write { session in
            try requireClosable(month, session)
            let books = try position(on: month.lastDay, knownAt: nil, session)
            let report = MonthEndReport.make(books, month: month, extras: MonthEndReport.Extras())
            if let broken = report.checks.first(where: { !$0.holds }) {
                throw Failure("CLOSE-TIE", "\(text) does not tie: \(broken.sentence)", hint: "Run `tieout verify`.")
            }
            // A month is frozen on sums over everything, whatever the runs in it proved.
            try Proof.require(session, company: company.id, .whole)
            let clearing = try clearingBooks(on: month.lastDay, session)
            let digest = try session.closeMonth(
                company: company.id, month, at: environment.now(), actor: actor,
                pack: KeptTables.text(try tablesBesideLog(month, books, clearing, session)))
            let matched = MatchedMonth(books, month: month, clearing: clearing)
            var lines = ["\(text) is closed. Digest \(digest)."] + matched.lines
            lines += (try judgeControls(month, books, session) + statementChecks(month, session)).map {
                "\($0.holds ? "✓" : "✗") \($0.sentence)"
            }
            let waiting = try session.waitingCash(company: company.id, through: month.lastDay)
            lines += waiting.map {
                let isOne = $0.count == 1
                let which = "that \($0.isOutgoing ? "went out" : "came in") through \(month.lastDay)"
                return "\(Counted.of($0.count, "payment")) \(which) \(isOne ? "waits" : "wait") for a person, "
                    + "\($0.left.magnitude) of \(isOne ? "it" : "them") not settled: `tieout review list`."
            }
            let unexplained = try session.waitingCash(company: company.id, through: month.lastDay, state: .noted)
            lines += unexplained.map { Self.unexplained($0.count, $0.left, through: month.lastDay) }
            let closing = books.currencies.map { currency -> Node in
                let total = books.agingTotal(currency).total
                return .object([
                    ("currency", .text(currency.code)),
                    ("closing", .text(Money(minorUnits: total, currency: currency).amountText)),
                ])
            }
            return Answer(
                json: .object(
                    [
                        ("month", .text(text)), ("digest", .text(digest)), ("closing", .list(closing)),
                        ("waiting", Self.rows(waiting)), ("not_explained", Self.rows(unexplained)),
                    ] + matched.fields),
                text: lines.joined(separator: "\n"))
        }
    }

    /// The month behind the last closed one, and over.
    private func requireClosable(_ month: Month, _ session: Session) throws {
        let period = try session.period(company: company.id)
        if let last = period.closedThrough, month <= last {
            throw Failure(
                "CLOSE-AGAIN", "\(month.text) is closed already.", hint: "Open it again with `tieout reopen`.")
        }
        guard period.canClose(month) else {
            throw Failure(
                "CLOSE-ORDER",
                "\(month.text) cannot be closed: the last closed month is \(period.closedThrough?.text ?? "none").",
                hint: period.closedThrough.map {
                    "Close \($0.next.text) first: `tieout close --month \($0.next.text)`."
                }
                    ?? "Months close in order.")
        }
        guard month.lastDay < today else {
            throw Failure("CLOSE-EARLY", "\(month.text) is not over on \(today).", hint: "Close it after its last day.")
        }
    }

    private static func rows(_ cash: [(currency: Currency, isOutgoing: Bool, count: Int, left: Money)]) -> Node {
        .list(
            cash.map {
                .object([
                    ("currency", .text($0.currency.code)), ("direction", .text($0.isOutgoing ? "out" : "in")),
                    ("payments", .integer($0.count)), ("amount", .text($0.left.amountText)),
                ])
            })
    }

    /// Money that nothing explains and nothing is proposed for: it waits for nobody, and is in nobody's list.
    func unexplained(through day: Day, _ session: Session) throws -> [String] {
        try session.waitingCash(company: company.id, through: day, state: .noted).map {
            Self.unexplained($0.count, $0.left, through: day)
        }
    }

    private static func unexplained(_ count: Int, _ left: Money, through day: Day) -> String {
        "\(Counted.of(count, "payment")) that came in through \(day), \(left), \(count == 1 ? "is" : "are") not explained "
            + "by anything, and nothing is proposed for \(count == 1 ? "it" : "them"): `tieout report unapplied`."
    }

    package func reopen(month text: String, actor: String, secondPerson: String, reason: String) throws -> Answer {
        let month = try parseMonth(text)
        try Signing.require(actor, reason)
        try Signing.requireSecond(secondPerson, besides: actor, for: "Reopening")
        return try openStore().write { session in
            let period = try session.period(company: company.id)
            guard period.closedThrough == month else {
                throw Failure(
                    "REOPEN-ORDER", "\(text) is not the last closed month (\(period.closedThrough?.text ?? "none")).",
                    hint: "Only the last one can be opened again.")
            }
            try session.reopenMonth(
                company: company.id, month, at: environment.now(), actor: actor,
                reason: "\(reason) (second person: \(secondPerson))")
            return Answer(
                json: .object([
                    ("month", .text(text)), ("state", .text("open")), ("second_person", .text(secondPerson)),
                ]),
                text: "\(text) is open again.")
        }
    }

    private func parseMonth(_ text: String) throws -> Month {
        guard let month = Month(text) else { throw Failure("MONTH", "“\(text)” is no month.", hint: "Write yyyy-MM.") }
        return month
    }

    /// Every invariant again from the log; the first that fails decides the exit status.
    package func verify() throws -> Answer {
        let store = try openStore()
        let (violations, proofs, lanes) = try store.read { session in
            (
                try session.verify(company: company.id), try Proof.identities(session, company: company.id),
                try laneViolations(session)
            )
        }
        var problems = violations.map { (invariant: $0.invariant, subject: $0.subject, message: $0.message) }
        for proof in proofs where !proof.holds { problems.append(("identity", proof.currency.code, proof.text)) }
        problems += lanes
        var answer = Answer(
            json: .object([
                ("ok", .bool(problems.isEmpty)),
                (
                    "violations",
                    .list(
                        problems.map {
                            .object([
                                ("invariant", .text($0.invariant)), ("subject", .text($0.subject)),
                                ("message", .text($0.message)),
                            ])
                        })
                ),
            ]),
            text: problems.isEmpty
                ? "Everything holds: digests, balances, identities, originals, lanes."
                : problems.map { "✗ \($0.invariant) \($0.subject): \($0.message)" }.joined(separator: "\n"))
        answer.failed = !problems.isEmpty
        return answer
    }
}

extension Workplace {
    /// The head of each lane against the deliveries that hold it.
    private func laneViolations(_ session: Session) throws -> [(invariant: String, subject: String, message: String)] {
        var lanes: [String: [Delivery]] = [:]
        for delivery in try session.deliveries(company: company.id) {
            lanes[delivery.lane, default: []].append(delivery)
        }
        return try session.laneHeads(company: company.id).compactMap { lane, head in
            let expected = Lane.head(of: lanes[lane] ?? [])?.messageID
            guard expected != head else { return nil }
            return ("LANE-HEAD", lane, "the head is \(head ?? "none"), the deliveries say \(expected ?? "none")")
        }
    }
}
