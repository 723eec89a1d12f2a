// SPDX-License-Identifier: Apache-2.0

extension Workspace {
    /// Who a payment comes from, what was learned from payments before it included.
    func identify(_ docket: Docket, _ reading: Reading) -> Payer {
        let known = docket.payer ?? Payer(docket, reading, catalogue)
        let payer =
            docket.accountKey == nil
            ? known.adding(aliasOf: memory.owners(docket.payerKey))
            : known.adding(learned: memory.owners(docket.payerKey))
        for customer in payer.certain { topics.reads(customer: customer) }
        for customer in payer.named.prefix(32) { topics.reads(customer: customer) }
        return payer
    }

    func payerName(_ text: String) -> PayerName {
        let place = payerNames.place(text, catalogue, counts: wordCounts)
        return payerNames.all[Int(place)]
    }
}
