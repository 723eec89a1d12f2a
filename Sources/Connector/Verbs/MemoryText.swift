// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// What is remembered, a sentence for each entry.
struct MemoryText {
    let session: Session
    let company: String
    let currency: Currency

    func sentence(_ lesson: Lesson) throws -> String {
        let customer = try customer(lesson.customerID)
        let taught =
            "taught by \(Counted.of(lesson.count, "payment")), the last of \(lesson.lastOn)"
            + (lesson.countByPeople > 0 ? "; a person said so of \(lesson.countByPeople)" : "")
        switch lesson.kind {
        case .account: return "What comes from the account \(lesson.payer ?? "") is for \(customer): \(taught)."
        case .name: return "What comes under the name \(lesson.payer ?? "") is for \(customer): \(taught)."
        case .withholding: return "\(customer) keeps back a tax\(share(lesson)): \(taught)."
        case .fee: return "The bank of \(customer) keeps a fee\(share(lesson)): \(taught)."
        }
    }

    func sentence(_ refusal: ReconcileRun.Refusal) throws -> String {
        let number = try refusal.item.map { try session.number(company: company, named: $0) ?? $0 }
        guard let credit = refusal.credit else {
            return
                "\(refusal.payment)\(number.map { " is not for \($0)" } ?? " is not booked by itself"): \(refusal.word)."
        }
        let note = try session.number(company: company, named: credit) ?? credit
        return "\(note) is not set off\(number.map { " against \($0)" } ?? ""): \(refusal.word)."
    }

    static func sentence(stranger account: String, _ name: String?, _ actor: String) -> String {
        "What comes from the account \(account)\(name.map { " (\($0))" } ?? "") is no customer's money: \(actor) set it aside."
    }

    private func customer(_ id: String) throws -> String {
        let customer = try session.customer(company: company, id: id)?.customer
        return (customer?.name ?? customer?.legalName).map { "\($0) (\(id))" } ?? id
    }

    private func share(_ lesson: Lesson) -> String {
        guard let missing = lesson.missing, let total = lesson.total else { return "" }
        return ", \(Money(minorUnits: missing, currency: currency)) of \(Money(minorUnits: total, currency: currency))"
    }
}
