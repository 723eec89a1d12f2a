// SPDX-License-Identifier: Apache-2.0
import Documents

/// One business rule of EN 16931 or of a specification built on it, under the id its authors gave it.
struct InvoiceRule: Sendable {
    /// Which documents a rule speaks about.
    enum Scope {
        /// Any invoice in any profile: arithmetic, and what a ledger cannot do without.
        case every
        /// Those that claim to follow EN 16931.
        case norm
        /// Those of Peppol and XRechnung.
        case peppol
        case xrechnung
    }

    /// How a document breaks a rule.
    struct Violation {
        var subject: Subject
        var message: String

        init(_ subject: Subject, _ message: String) {
            self.subject = subject
            self.message = message
        }
    }

    /// What a violation is about; the document's reader knows where that stands.
    enum Subject: Hashable {
        case document, number, issueDate, typeCode, currency, taxCurrency, totals, payable, terms
        case taxTotal(Int)
        case allowanceCharge(Int)
        case preceding(Int)
        case at(Position)
    }

    let id: String
    let scope: Scope
    let severity: Fault.Severity
    /// What to do next.
    let hint: String
    /// The first violation, nil when the document keeps the rule.
    let check: @Sendable (StatedInvoice) -> Violation?

    init(
        _ id: String, _ scope: Scope, _ severity: Fault.Severity = .warning, hint: String = InvoiceRule.corrected,
        _ check: @escaping @Sendable (StatedInvoice) -> Violation?
    ) {
        self.id = id
        self.scope = scope
        self.severity = severity
        self.hint = hint
        self.check = check
    }

    static let corrected = "Ask the sender for a corrected document."
    static let untouched = "The invoice was read without it; ask the sender if you need it."
    static let stands = "The stated amount due was taken; ask the sender if it is disputed."
    static let taxStands = "The VAT in the document's currency was taken; ask the sender if you need the rest."
    static let asWritten = "The amount was taken as written where its currency allows it; tell the sender."

    /// Every rule, in the order in which violations are told.
    static let all: [InvoiceRule] =
        [
            InvoiceRule("BR-01", .norm, hint: untouched, br01),
            InvoiceRule("BR-02", .every, .refusal, br02),
            InvoiceRule("BR-03", .every, .refusal, br03),
            InvoiceRule("BR-04", .norm, hint: "It was taken for what its amount says; check it with the sender.", br04),
            InvoiceRule(
                "BR-05", .norm, hint: "The currency of the amount due was taken; check it with the sender.", br05),
            InvoiceRule("BR-06", .norm, hint: untouched, br06),
            InvoiceRule("BR-07", .norm, hint: untouched, br07),
            InvoiceRule("BR-12", .norm, hint: stands, br12),
            InvoiceRule("BR-13", .norm, hint: stands, br13),
            InvoiceRule("BR-14", .norm, hint: stands, br14),
            InvoiceRule("BR-15", .every, .refusal, br15),
            InvoiceRule("BR-16", .norm, hint: stands, br16),
            InvoiceRule("BR-24", .norm, hint: stands, br24),
            InvoiceRule("BR-31", .norm, hint: stands, br31),
            InvoiceRule("BR-36", .norm, hint: stands, br36),
            InvoiceRule("BR-45", .norm, hint: taxStands, br45),
            InvoiceRule("BR-46", .norm, hint: taxStands, br46),
            InvoiceRule("BR-48", .norm, hint: taxStands, br48),
            InvoiceRule("BR-53", .norm, hint: taxStands, br53),
            InvoiceRule("BR-55", .norm, hint: "Name the corrected invoice by hand where it matters.", br55),
            InvoiceRule("BR-CL-01", .norm, hint: "It was taken as an invoice or a credit by its sign.", brCL01),
            InvoiceRule("BR-CL-03", .norm, hint: taxStands, brCL03),
            InvoiceRule("BR-CL-04", .every, .refusal, brCL04),
            InvoiceRule("BR-CL-05", .norm, hint: taxStands, brCL05),
            InvoiceRule("BR-CO-10", .every, hint: stands, brCO10),
            InvoiceRule("BR-CO-11", .every, hint: stands, brCO11),
            InvoiceRule("BR-CO-12", .every, hint: stands, brCO12),
            InvoiceRule("BR-CO-13", .norm, hint: stands, brCO13),
            InvoiceRule("BR-CO-14", .norm, hint: stands, brCO14),
            InvoiceRule("BR-CO-15", .norm, hint: stands, brCO15),
            InvoiceRule("BR-CO-16", .every, hint: stands, brCO16),
            InvoiceRule("BR-CO-17", .norm, hint: stands, brCO17),
            InvoiceRule("BR-CO-18", .norm, hint: taxStands, brCO18),
            InvoiceRule(
                "BR-CO-25", .every, hint: "Give the customer or the company default payment terms.", brCO25),
        ] + decimals + [
            InvoiceRule("PEPPOL-EN16931-R005", .peppol, hint: taxStands, peppolR005),
            InvoiceRule("PEPPOL-EN16931-R051", .peppol, hint: stands, peppolR051),
            InvoiceRule("PEPPOL-EN16931-R053", .peppol, hint: taxStands, peppolR053),
            InvoiceRule("PEPPOL-EN16931-R054", .peppol, hint: taxStands, peppolR054),
            InvoiceRule("PEPPOL-EN16931-R055", .peppol, hint: taxStands, peppolR055),
            InvoiceRule(
                "BR-DE-18", .xrechnung,
                hint: "Discounts were taken from the lines of the form #SKONTO#TAGE=14#PROZENT=2.00# only.", brDE18),
            InvoiceRule(
                "BR-DE-26", .every, hint: "Tell Tieout which invoice it takes the place of, or both stay open.", brDE26),
        ]

    func applies(to invoice: StatedInvoice) -> Bool {
        switch scope {
        case .every: true
        case .norm: invoice.claims.contains(.norm)
        case .peppol: invoice.claims.contains(.peppol)
        case .xrechnung: invoice.claims.contains(.xrechnung)
        }
    }
}

/// What is checked of EN 16931 and of the specifications built on it.
package enum EN16931 {
    /// The ids of the rules, in the order in which their violations are told.
    package static var ruleIDs: [String] { InvoiceRule.all.map(\.id) }
}
