// SPDX-License-Identifier: Apache-2.0

import Documents

extension Payer {
    /// Who a payment comes from, as far as the source, the account and the name say: what payments teach comes later.
    init(_ docket: Docket, _ reading: Reading, _ catalogue: Catalogue) {
        name = docket.name
        if let customer = docket.payment.customerID.flatMap({ catalogue.customer($0) }) { add(customer, .stated) }
        for named in reading.customers where named.isLabelled { add(named.customer, .number) }
        if let key = docket.accountKey, let account = docket.account {
            for customer in catalogue.accounts.owners(of: account, key, limit: 16) {
                add(customer, .account)
                isKnownAccount = true
            }
            for customer in catalogue.parentAccounts.owners(of: account, key, limit: 64) {
                add(customer, .parentAccount)
                isKnownAccount = true
            }
        }
        if let name = docket.name {
            named = name.customers
            likeness = name.likeness
        }
    }
}

extension Workspace {
    /// Who a payment comes from, what was learned from payments before it included.
    func identify(_ docket: Docket, _ reading: Reading) -> Payer {
        var payer = docket.payer ?? Payer(docket, reading, catalogue)
        if let key = docket.accountKey {
            for customer in memory.owners(key) { payer.add(customer, .learned) }
        }
        for customer in payer.certain { topics.reads(customer: customer) }
        for customer in payer.named.prefix(32) { topics.reads(customer: customer) }
        return payer
    }

    func payerName(_ text: String) -> PayerName {
        let place = payerNames.place(text, catalogue, counts: wordCounts)
        return payerNames.all[Int(place)]
    }
}
