// SPDX-License-Identifier: Apache-2.0

import Documents

/// Money that the company moves between its own accounts: both statements have it, and neither is a customer's.
extension Workspace {
    /// - Returns: No customer's money; nil for what comes from somebody else, or goes there.
    func decideOwnTransfer(_ matter: Matter) -> Decision? {
        guard !policy.ownAccounts.isEmpty, matter.payment.isBetweenAccounts, let key = matter.docket.account,
            policy.ownAccounts.contains(key)
        else { return nil }
        let payment = matter.payment
        let account = payment.payerAccount ?? ""
        let way = payment.amount < 0 ? "went to" : "came from"
        var decision = Decision(
            paymentID: payment.id, verdict: .notReceivable, kind: .other, rule: .ownTransfer,
            sentence: "\(matter.money) \(way) the company's own account \(account): it is no customer's money.")
        decision.evidence = [Evidence("OWN-ACCOUNT", text: account, bits: 16)]
        return decision
    }
}
