// SPDX-License-Identifier: Apache-2.0
import Documents

// Codes, currencies and the sign of the tax. Each function is the rule of its name.
extension InvoiceRule {
    /// The type code (BT-3) shall be one that UNTDID 1001 has for invoices and credit notes.
    @Sendable static func brCL01(_ invoice: StatedInvoice) -> Violation? {
        guard let code = invoice.typeCode else { return nil }
        let isCredit = creditNoteCodes.contains(code)
        let known =
            switch invoice.isCreditRoot {
            case true?: isCredit
            case false?: invoiceCodes.contains(code)
            case nil: isCredit || invoiceCodes.contains(code)
            }
        guard !known else { return nil }
        return Violation(.typeCode, "the type code \"\(code.prefix(20))\" (BT-3) is none of those for this document")
    }

    /// UNTDID 1001 as EN 16931's code list of credit notes has it.
    static let creditNoteCodes: Set<String> = [
        "81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532",
    ]
    private static let invoiceCodes: Set<String> = [
        "71", "80", "81", "82", "84", "102", "130", "202", "203", "204", "211", "218", "219", "295", "325", "326",
        "331", "380", "382", "383", "384", "385", "386", "387", "388", "389", "390", "393", "394", "395", "456",
        "457", "471", "472", "473", "500", "501", "527", "553", "575", "623", "633", "751", "780", "817", "870",
        "875", "876", "877", "935",
    ]

    /// The currency of a total VAT amount shall be one of ISO 4217.
    @Sendable static func brCL03(_ invoice: StatedInvoice) -> Violation? {
        for (index, total) in invoice.taxTotals.enumerated() {
            guard let code = total.amount?.currency, Currency(code) == nil else { continue }
            return Violation(.taxTotal(index), "\(code.prefix(20)) is no currency of ISO 4217")
        }
        return nil
    }

    /// The document's currency (BT-5) shall be one of ISO 4217.
    @Sendable static func brCL04(_ invoice: StatedInvoice) -> Violation? {
        guard let code = invoice.currency, code != "", Currency(code) == nil else { return nil }
        return Violation(.currency, "\(code.prefix(20)) is no currency of ISO 4217")
    }

    /// The VAT accounting currency (BT-6) shall be one of ISO 4217.
    @Sendable static func brCL05(_ invoice: StatedInvoice) -> Violation? {
        guard let code = invoice.taxCurrency, code != "", Currency(code) == nil else { return nil }
        return Violation(.taxCurrency, "\(code.prefix(20)) is no currency of ISO 4217")
    }

    /// The VAT accounting currency shall not repeat the document's.
    @Sendable static func peppolR005(_ invoice: StatedInvoice) -> Violation? {
        guard let code = invoice.taxCurrency, code == invoice.currency else { return nil }
        return Violation(
            .taxCurrency, "the VAT accounting currency (BT-6) repeats the document's currency \(code.prefix(10))")
    }

    /// Every amount but the VAT in accounting currency shall be in the document's currency.
    @Sendable static func peppolR051(_ invoice: StatedInvoice) -> Violation? {
        guard let own = invoice.currency, own != "" else { return nil }
        func isForeign(_ amount: StatedInvoice.Amount?) -> Bool { amount?.currency.map { $0 != own } ?? false }
        func violation(_ subject: Subject, _ code: String?) -> Violation {
            Violation(subject, "an amount is in \(code?.prefix(10) ?? ""), the document in \(own.prefix(10))")
        }
        if let totals = invoice.totals, let amount = totals.all.first(where: isForeign) {
            return violation(.totals, amount?.currency)
        }
        for (index, item) in invoice.allowanceCharges.enumerated() {
            if let amount = [item.amount, item.base].first(where: isForeign) {
                return violation(.allowanceCharge(index), amount?.currency)
            }
        }
        for (index, total) in invoice.taxTotals.enumerated() {
            let amounts = total.breakdown.flatMap { [$0.net, $0.tax] } + [total.amount]
            if let amount = amounts.first(where: { isForeign($0) && $0?.currency != invoice.taxCurrency }) {
                return violation(.taxTotal(index), amount?.currency)
            }
        }
        return invoice.lines.currencies.first { $0.code != own }.map { violation(.at($0.at), $0.code) }
    }

    /// Exactly one total VAT amount shall have a breakdown.
    @Sendable static func peppolR053(_ invoice: StatedInvoice) -> Violation? {
        let count = invoice.taxTotals.count { $0.isMain }
        guard count != 1 else { return nil }
        return Violation(.document, "\(count) total VAT amounts have a breakdown, not one")
    }

    /// With a VAT accounting currency there shall be one more total VAT amount, without it none.
    @Sendable static func peppolR054(_ invoice: StatedInvoice) -> Violation? {
        let count = invoice.taxTotals.count { !$0.isMain }
        let expected = invoice.taxCurrency == nil ? 0 : 1
        guard count != expected else { return nil }
        return Violation(
            .document,
            "\(count) total VAT amounts are without a breakdown, but the accounting currency asks for \(expected)")
    }

    /// The VAT in both currencies shall have the same sign.
    @Sendable static func peppolR055(_ invoice: StatedInvoice) -> Violation? {
        guard let code = invoice.taxCurrency, code != "", let own = invoice.currency, code != own else { return nil }
        let theirs = invoice.taxTotals.first { $0.amount?.currency == code }?.amount?.value?.coefficient ?? 0
        let ours = invoice.taxTotals.first { $0.amount?.currency == own }?.amount?.value?.coefficient ?? 0
        guard ours > 0 && theirs < 0 || ours < 0 && theirs > 0 else { return nil }
        return Violation(
            .taxCurrency, "the VAT in \(code.prefix(10)) has another sign than the VAT in \(own.prefix(10))")
    }

    /// Lines of the payment terms that begin with # shall be discounts as XRechnung writes them, with a line end
    /// after the last.
    @Sendable static func brDE18(_ invoice: StatedInvoice) -> Violation? {
        for (index, text) in invoice.terms.enumerated() {
            let lines = Skonto.lines(text).map(Skonto.normalized)
            let marked = lines.indices.filter { lines[$0].hasPrefix("#") }
            guard let last = marked.last else { continue }
            if let bad = marked.first(where: { Skonto(lines[$0]) == nil }) {
                return Violation(
                    .terms, "the discount term \"\(lines[bad].prefix(80))\" is not written as XRechnung asks")
            }
            // A line that ends the text has no line end after it; one before the last has.
            if last == lines.count - 1 {
                return Violation(.terms, "the discount term \(index + 1) is not ended by a line end")
            }
        }
        return nil
    }
}
