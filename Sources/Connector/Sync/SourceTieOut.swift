// SPDX-License-Identifier: Apache-2.0
import Documents
import Store

/// After a sync: does each customer owe here what the system itself says?
///
/// A difference is an exception with the candidates for its cause, and goes away when both say the same again. The total
/// of the whole company is compared where it lands, as a control total.
struct SourceTieOut {
    let workplace: Workplace
    let source: String
    /// Records that this run could not read.
    let leftOut: Int

    private struct Account: Hashable {
        var customer: String
        var currency: Currency
    }

    /// - Parameter stated: nothing where the system was asked and lists nobody.
    func compare(_ stated: [Balance], _ session: Session) throws {
        let balances = stated.filter { $0.customerID != nil && $0.account == nil }
        guard !balances.isEmpty || stated.isEmpty else { return }
        let company = workplace.company.id
        var theirs: [Account: Int64] = [:]
        for balance in balances {
            let account = Account(customer: balance.customerID ?? "", currency: balance.amount.currency)
            theirs[account, default: 0] += balance.amount.minorUnits
        }
        let items = try session.sourceItems(company: company, source: source)
        var ours: [Account: [SourceItem]] = [:]
        for item in items {
            ours[Account(customer: item.customerID, currency: item.open.currency), default: []].append(item)
        }
        // What was settled here and is not booked there yet explains a difference, and is none.
        var pending: [Account: Int64] = [:]
        for (candidate, amount) in PostGap.pending(try session.postCandidates(company: company, source: source)) {
            let account = Account(customer: candidate.customerID, currency: candidate.amount.currency)
            pending[account, default: 0] += amount
        }
        // Whom the system does not list owes nothing there, in the currencies that it has a word on: all, where it lists
        // nobody.
        let currencies = Set(theirs.keys.map(\.currency))
        let accounts = Set(theirs.keys).union(
            ours.keys.filter { stated.isEmpty || currencies.contains($0.currency) })
        try resolveRest(of: accounts.map { subject($0) }, session)
        for account in accounts.sorted(by: { ($0.customer, $0.currency.code) < ($1.customer, $1.currency.code) }) {
            let subject = subject(account)
            let held = (ours[account] ?? []).reduce(0) { $0 + $1.open.minorUnits }
            let difference = (theirs[account] ?? 0) - held - (pending[account] ?? 0)
            guard difference != 0 else {
                try session.resolveExceptions(
                    company: company, kind: "TIE-OUT", subject: subject, resolution: "both say the same again",
                    at: workplace.environment.now())
                continue
            }
            let money = { Money(minorUnits: $0, currency: account.currency) }
            let causes = causes(difference, ours[account] ?? [], isEmpty: stated.isEmpty, money)
            let record = ExceptionRecord(
                "TIE-OUT", company: company, customerID: account.customer, subject: subject,
                message: "\(source) says that \(account.customer) owes \(money(theirs[account] ?? 0)), the books hold "
                    + "\(money(held)). " + causes.map { "\($0.name): \($0.value)" }.joined(separator: "; ") + ".",
                context: causes,
                dueOn: BankingCalendar(workplace.company.calendar).adding(2, to: workplace.today))
            try session.raise(record, on: workplace.today, at: workplace.environment.now())
        }
    }

    private func subject(_ account: Account) -> String {
        "\(source)/\(account.customer)/\(account.currency.code)"
    }

    /// Neither side knows of anything open any more.
    private func resolveRest(of compared: [String], _ session: Session) throws {
        let compared = Set(compared)
        let company = workplace.company.id
        for told in try session.openExceptions(company: company, kind: "TIE-OUT") {
            let subject = told.record.subject
            guard subject.hasPrefix("\(source)/"), !compared.contains(subject) else { continue }
            try session.resolveExceptions(
                company: company, kind: "TIE-OUT", subject: subject,
                resolution: "nothing is open on either side", at: workplace.environment.now())
        }
    }

    private func causes(
        _ difference: Int64, _ items: [SourceItem], isEmpty: Bool, _ money: (Int64) -> Money
    ) -> [ExceptionRecord.Context] {
        var causes = [ExceptionRecord.Context("difference", money(difference).description)]
        for item in items where item.open.minorUnits == -difference {
            causes.append(.init("open here by exactly that", item.number))
        }
        for item in items where item.open.isZero && item.amount.minorUnits == difference {
            causes.append(.init("settled here by exactly that", item.number))
        }
        if isEmpty { causes.append(.init("the list came empty", "nobody is said to owe anything")) }
        if leftOut > 0 { causes.append(.init("records left out of this run", String(leftOut))) }
        if causes.count == 1 {
            causes.append(
                .init(
                    "possible",
                    difference < 0
                        ? "money or credit on account there that no invoice shows"
                        : "a charge or an invoice there that the mapping does not bring"))
        }
        return causes
    }
}
