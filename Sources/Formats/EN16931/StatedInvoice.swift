// SPDX-License-Identifier: Apache-2.0
import Documents

/// What an invoice states, in the terms of EN 16931 and whatever its syntax: all that the rules look at.
///
/// An absent element is nil. Amounts keep the decimals and the sign that are written.
struct StatedInvoice {
    struct Amount {
        /// Nil when what is written is no decimal number.
        var value: ScaledDecimal?
        /// The `currencyID` attribute.
        var currency: String?
    }

    /// On document level (BG-20, BG-21).
    struct AllowanceCharge {
        var isCharge: Bool
        var amount: Amount?
        var base: Amount?
    }

    /// One line of the VAT breakdown (BG-23).
    struct TaxLine {
        var isVAT: Bool
        var category: String?
        var rate: ScaledDecimal?
        var net: Amount?
        var tax: Amount?
    }

    /// A total VAT amount (BT-110 or BT-111) and what adds up to it.
    struct TaxTotal {
        var amount: Amount?
        /// BT-110, which the breakdown belongs to, by the way its syntax says so.
        var isMain: Bool
        var breakdown: [TaxLine] = []
    }

    /// The document totals (BG-22).
    struct Totals {
        var lines: Amount?
        var allowances: Amount?
        var charges: Amount?
        var net: Amount?
        var gross: Amount?
        var prepaid: Amount?
        var rounding: Amount?
        var payable: Amount?

        var all: [Amount?] { [lines, allowances, charges, net, gross, prepaid, rounding, payable] }
    }

    /// The specifications that a document says it follows, and whose rules are then its own.
    struct Claims: OptionSet {
        let rawValue: Int
        /// EN 16931 as it stands. A specification that extends it (`#conformant#`) changes its rules.
        static let norm = Claims(rawValue: 1)
        /// Peppol BIS or XRechnung, which share the rules named PEPPOL-EN16931.
        static let peppol = Claims(rawValue: 2)
        static let xrechnung = Claims(rawValue: 4)
        static let all: Claims = [.norm, .peppol, .xrechnung]
    }

    /// What BT-24 claims, or more where a reader is asked to check every rule.
    let claims: Claims
    /// BT-24: the specification the document says it follows.
    let specification: String?
    /// Factur-X and ZUGFeRD MINIMUM have no place for what was prepaid, nor for a due date.
    let isMinimum: Bool
    /// What is due depends on amounts that EN 16931 has no term for: prepaid ones in MINIMUM, payments for third
    /// parties in XRechnung's extension.
    let hasOtherTerms: Bool
    var number: String?
    var issueDate: String?
    var typeCode: String?
    /// A document whose very kind is a credit note, and which takes only credit note codes.
    var isCreditRoot: Bool?
    var currency: String?
    /// Empty when the element is there without a code.
    var taxCurrency: String?
    var sellerName: String?
    var buyerName: String?
    var totals: Totals?
    /// The total stands for an amount due that is not stated.
    var isPayableOptional = false
    var taxTotals: [TaxTotal] = []
    var allowanceCharges: [AllowanceCharge] = []
    var lines = InvoiceLines()
    /// BR-CO-17 as CII's check has it; UBL's wants the VAT to be off by less than one unit.
    var isWholeUnitAllowed = false
    var hasDueDate = false
    /// The texts of the payment terms (BT-20), untrimmed: XRechnung gives their line ends a meaning.
    var terms: [String] = []
    /// The numbers of preceding invoices (BT-25); nil where a reference has none.
    var preceding: [String?] = []

    /// - Parameter everyRule: The document is to be checked as if it claimed all there is.
    init(specification: String?, everyRule: Bool) {
        self.specification = specification
        let profile = specification?.lowercased() ?? ""
        isMinimum = profile.hasSuffix(":minimum")
        let bytes = Array(profile.utf8)
        // Byte by byte: the general search costs more than the rest of a small invoice's checks.
        func says(_ word: String) -> Bool {
            guard let first = word.utf8.first else { return true }
            return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: word.utf8) }
        }
        hasOtherTerms = isMinimum || says(":extension:xrechnung")
        var claims: Claims = everyRule ? .all : []
        let isPeppol = says("peppol.eu")
        let isXRechnung = says("xrechnung")
        if isPeppol || says("en16931"), !says("#conformant#") { claims.insert(.norm) }
        if isPeppol || isXRechnung { claims.insert(.peppol) }
        if isXRechnung { claims.insert(.xrechnung) }
        self.claims = claims
    }

    /// The tax totals in the document's currency; one without a currency of its own is in it.
    var taxTotalsInCurrency: [TaxTotal] {
        taxTotals.filter { ($0.amount?.currency ?? currency) == currency }
    }
}

/// The lines of a document, summed as they pass: nothing else of them is needed.
struct InvoiceLines {
    /// The amounts of a line whose decimals EN 16931 limits.
    enum Amount: Int, CaseIterable {
        case net, allowance, allowanceBase, charge, chargeBase
    }

    private(set) var count = 0
    /// Nil when a line's amount is missing or unreadable, or the sum leaves the range of a decimal.
    private(set) var sum: ScaledDecimal? = ScaledDecimal(coefficient: 0, scale: 0)
    /// Where the first line without a net amount is.
    private(set) var missing: Position?
    /// Where the first amount with more than two decimals is, by kind.
    private(set) var overprecise: [Position?] = Array(repeating: nil, count: Amount.allCases.count)
    /// The most decimals of each kind of amount.
    private(set) var finest: [UInt8] = Array(repeating: 0, count: Amount.allCases.count)
    /// The currencies of lines' amounts and prices, each with its first place.
    private(set) var currencies: [(code: String, at: Position)] = []

    private static let currenciesMax = 8

    /// - Parameter counts: False for a line that only groups or explains others: it is no part of the sum.
    mutating func add<Name: InvoiceName>(_ line: XMLNode<Name>, net: XMLNode<Name>?, counts: Bool = true) {
        guard counts else { return }
        count += 1
        note(net, as: .net)
        guard let net else {
            if missing == nil { missing = line.position }
            sum = nil
            return
        }
        sum = net.decimal.flatMap { sum?.adding($0) }
    }

    /// Notes an amount's decimals and currency.
    mutating func note<Name: InvoiceName>(_ amount: XMLNode<Name>?, as kind: Amount?) {
        guard let amount else { return }
        if let kind, let value = amount.decimal, value.scale > 2 {
            if overprecise[kind.rawValue] == nil { overprecise[kind.rawValue] = amount.position }
            finest[kind.rawValue] = max(finest[kind.rawValue], value.scale)
        }
        guard let code = amount[Name.currencyID]?.text, currencies.count < Self.currenciesMax,
            !currencies.contains(where: { $0.code == code })
        else { return }
        currencies.append((code, amount.position))
    }
}
