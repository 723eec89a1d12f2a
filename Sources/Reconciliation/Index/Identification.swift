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
            let owners = catalogue.accounts.values(key, limit: 16) {
                catalogue.customers[Int($0)].accounts.contains { Folding.isCanonical(account[...], of: $0) }
            }
            for customer in owners {
                payer.add(customer, "PAYER-ACCOUNT")
                payer.isKnownAccount = true
            }
            let parents = catalogue.parentAccounts.values(key, limit: 64) {
                catalogue.customers[Int($0)].parentAccount.map { Folding.isCanonical(account[...], of: $0) }
                    == true
            }
            for customer in parents {
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
