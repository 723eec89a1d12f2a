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
            for customer in catalogue.accounts.values(key, limit: 16)
            where catalogue.customers[Int(customer)].accounts.contains(where: { Folding.canonical($0) == account }) {
                payer.add(customer, "PAYER-ACCOUNT")
                payer.isKnownAccount = true
            }
            for customer in catalogue.parentAccounts.values(key, limit: 64)
            where catalogue.customers[Int(customer)].parentAccount.map(Folding.canonical) == account {
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
        let name = PayerName(text)
        payerNames[text] = name
        // The word that fewest customers share finds them all: every word of the payer must be explained.
        var candidates: [Int32] = []
        var fewest = Int.max
        for word in name.party.words {
            guard let key = Catalogue.wordKey(word.bytes) else { continue }
            if let count = wordCounts[key], count >= fewest { continue }
            // A word that more customers share than the best one so far is not read to its end.
            let found = catalogue.nameWords.values(key, limit: wordCounts[key] == nil ? min(4000, fewest) : 4000)
            let count = wordCounts[key] ?? found.count
            if count > 0, count < fewest {
                fewest = count
                candidates = found
            }
        }
        for customer in candidates {
            var likeness = PartyName.Likeness.none
            if let other = catalogue.names[Int(customer)] { likeness = name.party.likeness(to: other) }
            if likeness < .full, let other = catalogue.parentNames[Int(customer)] {
                likeness = max(likeness, name.party.likeness(to: other))
            }
            if likeness > name.likeness {
                name.customers = []
                name.likeness = likeness
            }
            if likeness == name.likeness, likeness > .none { name.customers.append(customer) }
        }
        return name
    }
}
