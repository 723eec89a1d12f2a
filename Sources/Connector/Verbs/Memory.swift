// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store
import Trees

/// What reconcile learned, each line with an id under which it can be deleted.
extension Workplace {
    /// Accounts, habits, refused pairs, counterparties that are no customers, and how far each rule is trusted.
    package func memoryList() throws -> Answer {
        try openStore(readOnly: true).read { session in
            var nodes: [Node] = []
            let workspace = try ReconcileRun.workspace(self, session, policy: self.books.matching)
            let currency = self.company.homeCurrency ?? .eur
            let said = MemoryText(session: session, company: self.company.id, currency: currency)
            for lesson in workspace.lessons() {
                nodes.append(
                    .compact([
                        ("id", .text(lesson.id)), ("kind", .text(lesson.kind.rawValue)),
                        ("customer_id", .text(lesson.customerID)),
                        ("account", .text(lesson.kind == .account ? lesson.payer : nil)),
                        ("name", .text(lesson.kind == .name ? lesson.payer : nil)),
                        ("payments", .integer(lesson.count)),
                        ("by_people", lesson.countByPeople > 0 ? .integer(lesson.countByPeople) : .null),
                        ("last_on", .text(lesson.lastOn.text)),
                        ("kept_back", .text(lesson.missing.map { Self.text($0, currency) })),
                        ("of", .text(lesson.total.map { Self.text($0, currency) })),
                        ("sentence", .text(try said.sentence(lesson))),
                    ]))
            }
            var listed: Set<String> = []
            for refusal in try ReconcileRun.standingRefusals(session, company: self.company.id)
            where listed.insert(refusal.id).inserted {
                nodes.append(
                    .compact([
                        ("id", .text(refusal.id)), ("kind", .text("declined")),
                        ("payment_id", .text(refusal.credit == nil ? refusal.payment : nil)),
                        ("credit_id", .text(refusal.credit)), ("item_id", .text(refusal.item)),
                        ("sentence", .text(try said.sentence(refusal))),
                    ]))
            }
            let forgotten = Set(try session.forgottenLessons(company: self.company.id).map(\.lesson))
            for stranger in try session.strangers(company: self.company.id) {
                let id = "stranger/" + stranger.account
                guard !forgotten.contains(id) else { continue }
                nodes.append(
                    .compact([
                        ("id", .text(id)), ("kind", .text("stranger")), ("account", .text(stranger.account)),
                        ("name", .text(stranger.name)), ("actor", .text(stranger.actor)),
                        (
                            "sentence",
                            .text(MemoryText.sentence(stranger: stranger.account, stranger.name, stranger.actor))
                        ),
                    ]))
            }
            let standing = try Tiers(company: self.company.id, session: session).standing(self.books.matching)
            for change in try session.tierChanges(company: self.company.id) {
                nodes.append(
                    .compact([
                        ("id", .text(standing[change.rule] == change ? change.id : nil)), ("kind", .text("tier")),
                        ("rule", .text(change.rule.rawValue)),
                        ("state", .text(change.isAutomatic ? "auto" : "review")), ("agreed", .integer(change.agreed)),
                        ("counted", .integer(change.counted)), ("at", .text(change.recordedAt.text)),
                        ("why", .text(change.sentence)), ("actor", .text(change.actor)),
                        ("sentence", .text(change.sentence)),
                    ]))
            }
            return Answer.lines(nodes) { node in
                let sentence = node["sentence"]?.scalar ?? ""
                return node["id"]?.scalar.map { "\($0)  \(sentence)" } ?? sentence
            }
        }
    }

    /// Deletes one line of the list. What payments teach after today may be learned again.
    package func memoryForget(_ id: String, actor: String, reason: String) throws -> Answer {
        let known = Set(try memoryList().json.items?.compactMap { $0["id"]?.scalar } ?? [])
        guard known.contains(id) else {
            throw Failure(
                "MEMORY-UNKNOWN", "Nothing is remembered as “\(id)”.", hint: "See the ids in `tieout memory list`.")
        }
        return try openStore().write { session in
            let tiers = Tiers(company: self.company.id, session: session)
            // order-free: each rule has one id
            if let change = try tiers.standing(self.books.matching).values.first(where: { $0.id == id }) {
                try tiers.putBack(change, actor: actor, reason: reason, at: self.environment.now())
                let word = change.isAutomatic ? "goes to people" : "acts by itself"
                return Answer(
                    json: .object([("forgotten", .text(id)), ("through", .text(self.today.text))]),
                    text: "Forgotten: \(id). The rule \(word) again, and is counted anew.")
            }
            try session.forget(
                ForgottenRow(
                    lesson: id, through: self.today, recordedAt: self.environment.now(), actor: actor, reason: reason),
                company: self.company.id)
            return Answer(
                json: .object([("forgotten", .text(id)), ("through", .text(self.today.text))]),
                text: "Forgotten: \(id). Payments after \(self.today) may teach it again.")
        }
    }

    private static func text(_ amount: Int64, _ currency: Currency) -> String {
        Money(minorUnits: amount, currency: currency).amountText
    }
}

extension Lesson {
    /// `account/CUSTOMER/ACCOUNT`, `name/CUSTOMER/NAME`, `withholding/CUSTOMER`.
    var id: String { ([kind.rawValue, customerID] + (payer.map { [$0] } ?? [])).joined(separator: "/") }
}

extension ForgottenRow {
    /// The lesson of the core that this row keeps from being learned; nil for pairs and counterparties.
    var forgottenLesson: ForgottenLesson? {
        guard let slash = lesson.firstIndex(of: "/"), let kind = Lesson.Kind(rawValue: String(lesson[..<slash])) else {
            return nil
        }
        let rest = lesson[lesson.index(after: slash)...]
        guard kind == .account || kind == .name else {
            return ForgottenLesson(kind: kind, customerID: String(rest), payer: nil, through: through)
        }
        guard let last = rest.lastIndex(of: "/") else { return nil }
        return ForgottenLesson(
            kind: kind, customerID: String(rest[..<last]), payer: String(rest[rest.index(after: last)...]),
            through: through)
    }
}
