// SPDX-License-Identifier: Apache-2.0

// Calls one thing in every core target, so that the linker keeps them all. A test reads the binary's
// dependencies: no Foundation, ICU, libxml2, SQLite or libcurl may be among them.

import Documents
import Dunning
import Ledger
import Mappings
import Outbox
import PaymentRequests
import Promises
import Reconciliation
import Reports
import Trees

let issued = Day(number: 20_000)
let amount = Money(minorUnits: 118_000, currency: .eur)
let third = amount.split(by: [1, 1, 1]).first ?? amount
print("Documents", third, issued)
print("Trees", Node.list([.text("a"), .integer(1)]).value)
print("Mappings", AmountText.readings(of: "1,234")?.decimal ?? "settled")
print("Ledger", Books([]).currencies.count)
print("Promises", PromiseRules())
print("Reconciliation", Reconciliation.Policy())
print("PaymentRequests", EPCPayload.byteCountMax)
print("Dunning", DunningPolicy())
print("Outbox", Lane(key: Lane.key(company: "default", customer: "C1")))
print("Reports", Table("aging", "Aging", columns: []).name)
