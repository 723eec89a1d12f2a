// SPDX-License-Identifier: Apache-2.0
import Documents

/// The names of an XML syntax for invoices.
protocol InvoiceName: XMLName {
    /// The attribute of an amount.
    static var currencyID: Self { get }
    /// The civil date an element states, in the form of its syntax; nil when it states none.
    static func day(_ node: XMLNode<Self>) -> Day?
}

/// Where the terms of EN 16931 stand in one parsed document; each syntax fills it by its own paths.
struct InvoiceNodes<Name: InvoiceName> {
    typealias Node = XMLNode<Name>

    struct Party {
        /// The registered name (BT-27, BT-44).
        var name: Node?
        /// The trading name (BT-28, BT-45).
        var tradingName: Node?
        var personName: String?
        /// The VAT number (BT-31, BT-48), else another tax registration.
        var taxID: Node?
        var legalID: Node?
        /// The number under which the one party knows the other, by preference.
        var ids: [Node?] = []
    }

    struct AllowanceCharge {
        var node: Node
        var isCharge: Bool
        var amount: Node?
        var base: Node?
    }

    struct TaxLine {
        var isVAT: Bool
        var category: Node?
        var rate: Node?
        var net: Node?
        var tax: Node?
    }

    struct TaxTotal {
        var node: Node
        var amount: Node?
        var isMain: Bool
        var breakdown: [TaxLine] = []
    }

    struct Totals {
        var node: Node
        var lines: Node?
        var allowances: Node?
        var charges: Node?
        var net: Node?
        var gross: Node?
        var prepaid: Node?
        var rounding: Node?
        var payable: Node?
    }

    /// One statement of payment terms: a due date, an instalment, discounts, a text, or several of them.
    struct Terms {
        var node: Node
        var text: Node?
        var dueDate: Node?
        var amount: Node?
        var percent: Node?
        var discounts: [Discount] = []
    }

    struct Discount {
        var node: Node
        var percent: Node?
        var amount: Node?
        /// The amount the percentage is of, where it is not the whole.
        var base: Node?
        var until: Node?
        /// Where only a period is stated: counted from here, else from the issue date.
        var from: Node?
        var days: Int?
    }

    let root: Node
    /// The root element says that it is a credit note, or that it is none; nil where only the type code tells.
    var isCreditRoot: Bool?
    var isDebitRoot = false
    /// ZUGFeRD 1 may leave the amount due out: it is then the total, less what is prepaid.
    var isPayableOptional = false
    /// The syntax's own check of BR-CO-17 lets the VAT be off by exactly one unit.
    var isWholeUnitAllowed = false
    var specification: Node?
    /// Where the document says that it is a test.
    var testMark: Node?
    var number: Node?
    var issueDate: Node?
    var typeCode: Node?
    var currency: Node?
    var taxCurrency: Node?
    var buyerReference: Node?
    var purchaseOrder: Node?
    var seller = Party()
    var buyer = Party()
    /// The element that references a preceding invoice, and the number in it.
    var preceding: [(node: Node, number: Node?)] = []
    /// What the customer is asked to quote (BT-83).
    var paymentReference: String?
    /// How it is to be paid (BT-81, UNTDID 4461).
    var paymentMeans: [Node?] = []
    /// Due dates of the whole document, by preference; those of terms are in `terms`.
    var dueDates: [Node] = []
    var terms: [Terms] = []
    var allowanceCharges: [AllowanceCharge] = []
    var totals: Totals?
    var taxTotals: [TaxTotal] = []
    var lines = InvoiceLines()

    init(root: Node) {
        self.root = root
    }

    /// The same without its place: what the rules look at.
    func stated(everyRule: Bool) -> StatedInvoice {
        var stated = StatedInvoice(specification: specification?.text, everyRule: everyRule)
        stated.number = number?.text
        stated.issueDate = issueDate?.text
        stated.typeCode = typeCode?.text
        stated.isCreditRoot = isCreditRoot
        stated.currency = currency?.text
        stated.taxCurrency = taxCurrency.map { $0.text ?? "" }
        stated.sellerName = seller.name?.text
        stated.buyerName = buyer.name?.text
        stated.totals = totals.map { totals in
            StatedInvoice.Totals(
                lines: amount(totals.lines), allowances: amount(totals.allowances), charges: amount(totals.charges),
                net: amount(totals.net), gross: amount(totals.gross), prepaid: amount(totals.prepaid),
                rounding: amount(totals.rounding), payable: amount(totals.payable))
        }
        stated.taxTotals = taxTotals.map { total in
            StatedInvoice.TaxTotal(
                amount: amount(total.amount), isMain: total.isMain,
                breakdown: total.breakdown.map {
                    StatedInvoice.TaxLine(
                        isVAT: $0.isVAT, category: $0.category?.text, rate: $0.isVAT ? $0.rate?.decimal : nil,
                        net: amount($0.net), tax: amount($0.tax))
                })
        }
        stated.allowanceCharges = allowanceCharges.map {
            StatedInvoice.AllowanceCharge(isCharge: $0.isCharge, amount: amount($0.amount), base: amount($0.base))
        }
        stated.isPayableOptional = isPayableOptional
        stated.isWholeUnitAllowed = isWholeUnitAllowed
        stated.lines = lines
        stated.hasDueDate = !dueDates.isEmpty || terms.contains { $0.dueDate != nil }
        stated.terms = terms.compactMap { terms in
            terms.text.flatMap { $0.text == nil ? nil : String(decoding: $0.bytes, as: UTF8.self) }
        }
        stated.preceding = preceding.map { $0.number?.text }
        return stated
    }

    private func amount(_ node: Node?) -> StatedInvoice.Amount? {
        node.map { StatedInvoice.Amount(value: $0.decimal, currency: $0[Name.currencyID]?.text) }
    }

    /// Where the subject of a violation stands.
    func position(of subject: InvoiceRule.Subject) -> Position {
        switch subject {
        case .document: root.position
        case .number: (number ?? root).position
        case .issueDate: (issueDate ?? root).position
        case .typeCode: (typeCode ?? root).position
        case .currency: (currency ?? root).position
        case .taxCurrency: (taxCurrency ?? root).position
        case .totals: (totals?.node ?? root).position
        case .payable: (totals?.payable ?? root).position
        case .terms: (terms.first?.text ?? root).position
        case .taxTotal(let index): taxTotals[index].node.position
        case .allowanceCharge(let index): allowanceCharges[index].node.position
        case .preceding(let index): preceding[index].node.position
        case .at(let position): position
        }
    }
}
