// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Trees

/// What a payment says beside its text: a person who decides has to see all that a rule may have read.
enum StatedPayment {
    /// Banks write this where the payer named nothing.
    private static let nothing = "NOTPROVIDED"

    private static func endToEnd(_ payment: MatchPayment) -> String? {
        payment.endToEndID.flatMap { $0.uppercased() == nothing ? nil : $0 }
    }

    static func fields(_ payment: MatchPayment) -> [(String, Node)] {
        [
            ("structured_reference", .text(payment.structuredReference)),
            ("end_to_end_id", .text(endToEnd(payment))),
            ("original_amount", .text(payment.originalAmount?.amountText)),
            ("original_currency", .text(payment.originalAmount?.currency.code)),
        ]
    }

    /// `reference: RF18…; end-to-end id: E2E-1; ordered as 500.00 USD`; nil where the payment says nothing of it.
    static func words(_ payment: MatchPayment) -> String? {
        let parts = [
            payment.structuredReference.map { "reference: \($0)" },
            endToEnd(payment).map { "end-to-end id: \($0)" },
            payment.originalAmount.map { "ordered as \($0)" },
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}
