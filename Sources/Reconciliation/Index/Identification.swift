// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// Who a payment comes from, as far as the source, the account, the name and what was learned say.
    func identify(_ docket: Docket, _ reading: Reading) -> Payer {
        var payer = Payer()
        payer.name = docket.name
        if let customer = docket.payment.customerID.flatMap({ catalogue.customer($0) }) {
            payer.add(customer, "CUSTOMER-STATED")
        }
        for named in reading.customers where named.isLabelled { payer.add(named.customer, "CUSTOMER-NUMBER") }
        if let key = docket.accountKey, let account = docket.account {
            for customer in catalogue.accounts.owners(of: account, key, limit: 16) {
                payer.add(customer, "PAYER-ACCOUNT")
                payer.isKnownAccount = true
            }
            for customer in catalogue.parentAccounts.owners(of: account, key, limit: 64) {
                payer.add(customer, "PARENT-ACCOUNT")
                payer.isKnownAccount = true
            }
            for customer in memory.owners(key) { payer.add(customer, "LEARNED-ACCOUNT") }
        }
        if let name = docket.name {
            payer.named = name.customers
            payer.likeness = name.likeness
        }
        for customer in payer.certain { topics.reads(customer: customer) }
        for customer in payer.named.prefix(32) { topics.reads(customer: customer) }
        return payer
    }

    func payerName(_ text: String) -> PayerName {
        if let known = payerNames[text] { return known }
        let name = PayerName(text, catalogue, counts: wordCounts)
        payerNames[text] = name
        return name
    }
}
