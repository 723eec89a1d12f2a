// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises

/// A customer of whom everything is known and nothing is in the way, on Wednesday 16 September 2026.
enum Scene {
    static let today = day("2026-09-16")
    static let tenOClock = LocalTime(today, minute: 600)

    static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }
    static func euro(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    static let provenance = Provenance(
        Provenance.Origin(sha256: "00", name: "customers.csv", format: "csv"), at: .line(2))

    static func item(
        _ id: String, due: String, minor: Int64 = 118_000, currency: Currency = .eur, issued: String = "2026-07-01"
    ) -> AccountSnapshot.Item {
        var balance = ItemBalance()
        balance.amount = minor
        return AccountSnapshot.Item(
            OpenItem(
                company: "lantern", id: id, invoiceID: id.split(separator: "/").first.map(String.init) ?? id,
                number: "2026-" + id, kind: minor < 0 ? .creditNote : .invoice, instalment: 1, customerID: "C-1",
                currency: currency, issuedOn: day(issued), dueOn: day(due), postingDay: day(issued), balance: balance))
    }

    static func snapshot(_ items: [AccountSnapshot.Item], language: String = "en") -> AccountSnapshot {
        var company = Company(id: "lantern")
        company.legalName = "Lantern Instruments B.V."
        company.firstParty = true
        var customer = Customer(id: "C-1", provenance: provenance)
        customer.name = "Ahrend Molen B.V."
        customer.country = "NL"
        customer.language = language
        customer.optedIn = true
        var snapshot = AccountSnapshot(company: company, customer: customer)
        snapshot.items = items
        snapshot.numberProven = true
        snapshot.accounts = [.init(id: "NL91ABNA0417164300", through: today - 1)]
        snapshot.sources = [.init(id: "books", asOf: today)]
        return snapshot
    }

    /// One item, a week over its due day: overdue 1.
    static var overdue: AccountSnapshot { snapshot([item("A", due: "2026-09-09")]) }

    static func said(
        _ purpose: Message.Purpose, _ step: Int = 0, items: [String] = ["A"], on day: String,
        outcome: AccountSnapshot.Said.Outcome = .delivered, period: String = "earlier", minute: Int = 600
    ) -> AccountSnapshot.Said {
        AccountSnapshot.Said(
            key: .init(company: "lantern", customerID: "C-1", purpose: purpose, step: step, period: period),
            items: items, at: LocalTime(self.day(day), minute: minute), outcome: outcome)
    }

    static func promise(
        _ items: [(String, Int64)], on promisedOn: String, for promisedFor: String,
        status: PromiseToPay.Status = .active, fully: Bool = true
    ) -> PromiseToPay {
        PromiseToPay(
            company: "lantern", customerID: "C-1",
            lines: items.map { .init(itemID: $0.0, amount: euro($0.1)) }, currency: .eur,
            promisedFor: day(promisedFor), promisedOn: day(promisedOn), recordedBy: .person, holdsFully: fully,
            status: status)
    }

    static func broken(_ items: [(String, Int64)], for promisedFor: String) -> PromiseToPay {
        let promise = promise(items, on: "2026-09-01", for: promisedFor)
        return promise.evaluated(
            with: PromiseFacts(cash: [], coveredThrough: today), on: today, at: Timestamp(milliseconds: 0)
        ).promise
    }

    static func plan(
        _ snapshot: AccountSnapshot, policy: DunningPolicy = DunningPolicy(), on day: Day = today,
        local: LocalTime? = nil
    ) -> [PlanLine] {
        policy.plan(for: snapshot, on: day, local: local ?? LocalTime(day, minute: 600))
    }

    /// `say overdue_1 A`, `held overdue_2 PROMISE-ACTIVE B`: a plan at a glance.
    static func glance(_ lines: [PlanLine]) -> [String] {
        lines.map { line in
            let items = line.lines.map(\.itemID).joined(separator: "+")
            return "\(line.verdict) \(line.stepName) \(line.rule.map { $0 + " " } ?? "")\(items)"
        }
    }
}
