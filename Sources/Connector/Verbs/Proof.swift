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

    /// Over everything: one proof per currency, in the currencies' order. The left sides come from the log, `unapplied`
    /// and `settled` from the balances that are kept beside it.
    static func identities(_ session: Session, company: String) throws -> [Proof] {
        proofs(try session.wholeTotals(company: company), company)
    }

    /// Proves both identities through the log's last entry, and keeps the sums for the next run: what few entries
    /// changed is proved on top of the sums that were proved before. A difference stops the run: the transaction is
    /// rolled back.
    /// - Parameter ahead: what was summed of the log on the way.
    @discardableResult
    static func require(
        _ session: Session, company: String, _ reach: Reach, _ ahead: ReadAhead? = nil
    ) throws -> [Proof] {
        let totals =
            try session.advancedTotals(company: company, entriesPerNew: reach.entriesPerNew)
            ?? session.wholeTotals(company: company, since: ahead?.moved.take() ?? MovedSums())
        let proofs = proofs(totals, company)
        for proof in proofs where !proof.holds {
            throw Failure(
                "IDENTITY", "The books would not tie in \(proof.currency): \(proof.text)",
                hint: "Nothing was changed. Run `tieout verify` and report what it prints.")
        }
        try session.keep(totals, company: company)
        return proofs
    }

    private static func proofs(_ totals: IdentityTotals, _ company: String) -> [Proof] {
        totals.currencies.map { currency in
            var proof = Proof(company: company, currency: currency)
            for entry in totals.entries(of: currency, company: company) {
                proof.cash.add(entry)
                proof.items.add(entry)
            }
            proof.cash.unapplied = totals.unapplied[currency] ?? 0
            proof.items.settled = totals.settled[currency] ?? 0
            return proof
        }
    }

    private func money(_ amount: Int64) -> String { Money(minorUnits: amount, currency: currency).amountText }

    var cashJSON: Node {
        terms([
            ("received", cash.received), ("returned", cash.returned), ("refunded", cash.refunded),
            ("applied", cash.applied), ("late_charges", cash.lateCharges), ("unapplied", cash.unapplied),
            ("not_receivables", cash.notReceivables),
            ("difference", cash.difference),
        ])
    }

    var itemsJSON: Node {
        terms([
            ("settled", items.settled), ("cash", items.cash), ("credit", items.credit),
            ("discount", items.discount), ("fee", items.fee), ("withholding", items.withholding),
            ("write_off", items.writeOff), ("rounding", items.rounding), ("exchange", items.exchange),
            ("provider_clearing", items.provider),
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
            + "\(money(cash.refunded)) = applied \(money(cash.applied)) + "
            + (cash.lateCharges == 0 ? "" : "late charges \(money(cash.lateCharges)) + ")
            + "unapplied \(money(cash.unapplied)) + "
            + "not receivables \(money(cash.notReceivables)) (difference \(money(cash.difference))); items settled "
            + "\(money(items.settled)) (difference \(money(items.difference)))"
    }
}
