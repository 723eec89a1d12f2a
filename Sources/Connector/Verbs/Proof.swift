// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
import Trees

/// Both identities of `accounting.md`, one currency: the log's terms against the balances of payments and items.
struct Proof: Sendable {
    let company: String
    let currency: Currency
    var cash = CashIdentity()
    var items = ItemsIdentity()

    var holds: Bool { cash.difference == 0 && items.difference == 0 }

    /// One proof per currency, in the currencies' order. The left sides come from the log, `unapplied` and `settled`
    /// from the balances that are kept beside it.
    static func identities(_ session: Session, company: String) throws -> [Proof] {
        var proofs: [Currency: Proof] = [:]
        func proof(_ currency: Currency) -> Proof { proofs[currency] ?? Proof(company: company, currency: currency) }
        for total in try session.movedTotals(company: company) {
            var current = proof(total.currency)
            current.cash.add(total)
            current.items.add(total)
            proofs[total.currency] = current
        }
        for (currency, unapplied) in try session.unappliedTotals(company: company) {
            var current = proof(currency)
            current.cash.unapplied = unapplied
            proofs[currency] = current
        }
        for (currency, settled) in try session.settledTotals(company: company) {
            var current = proof(currency)
            current.items.settled = settled
            proofs[currency] = current
        }
        return proofs.keys.sorted().compactMap { proofs[$0] }
    }

    /// A difference stops the run: the transaction is rolled back.
    static func require(_ proofs: [Proof]) throws {
        for proof in proofs where !proof.holds {
            throw Failure(
                "IDENTITY", "The books would not tie in \(proof.currency): \(proof.text)",
                hint: "Nothing was changed. Run `tieout verify` and report what it prints.")
        }
    }

    private func money(_ amount: Int64) -> String { Money(minorUnits: amount, currency: currency).amountText }

    var cashJSON: Node {
        terms([
            ("received", cash.received), ("returned", cash.returned), ("refunded", cash.refunded),
            ("applied", cash.applied), ("unapplied", cash.unapplied), ("not_receivables", cash.notReceivables),
            ("difference", cash.difference),
        ])
    }

    var itemsJSON: Node {
        terms([
            ("settled", items.settled), ("cash", items.cash), ("credit", items.credit),
            ("discount", items.discount), ("fee", items.fee), ("withholding", items.withholding),
            ("write_off", items.writeOff), ("rounding", items.rounding), ("exchange", items.exchange),
            ("difference", items.difference),
        ])
    }

    private func terms(_ pairs: [(String, Int64)]) -> Node {
        .object(
            [("company", .text(company)), ("currency", .text(currency.code))]
                + pairs.map { ($0, .text(money($1))) })
    }

    var text: String {
        "\(currency): received \(money(cash.received)) − returned \(money(cash.returned)) − refunded "
            + "\(money(cash.refunded)) = applied \(money(cash.applied)) + unapplied \(money(cash.unapplied)) + "
            + "not receivables \(money(cash.notReceivables)) (difference \(money(cash.difference))); items settled "
            + "\(money(items.settled)) (difference \(money(items.difference)))"
    }
}
