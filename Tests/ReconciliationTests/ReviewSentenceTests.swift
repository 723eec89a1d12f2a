// SPDX-License-Identifier: Apache-2.0

import Reconciliation
import Testing

struct ReviewSentenceTests {
    @Test(
        "Named items of two customers are told as that, whether or not they add up",
        arguments: [
            ("150.00", "C2", "The named items are those of different customers."),
            ("140.00", "C2", "The named items are those of different customers and do not add up to the payment."),
            ("140.00", "C1", "The named items do not add up to the payment."),
        ])
    func differentCustomers(_ amount: String, _ other: String, _ why: String) throws {
        let decision = try #require(
            Notation(
                """
                customer C1 | Nordwind Logistik GmbH | no 10001
                customer C2 | Hafen Spedition AG | no 10002
                invoice RE-1001 | C1 | 100.00 | 2025-01-10
                invoice RE-1002 | \(other) | 50.00 | 2025-01-10
                payment P1 | 2025-02-01 | \(amount) | from Nordwind Logistik GmbH | text RE-1001 RE-1002
                """
            ).decide().first)
        #expect(decision.verdict == .review && decision.rule == .numbersDiffer)
        #expect(decision.sentence.contains(why), "\(decision.sentence)")
    }
}
