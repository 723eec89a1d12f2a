// SPDX-License-Identifier: Apache-2.0
import Documents

/// The elements and attributes of UN/CEFACT's Cross Industry Invoice that a receivable is made of, in the
/// spellings of D16B (ZUGFeRD 2, Factur-X, XRechnung), of ZUGFeRD 1 and of its drafts (namespaces: any).
enum CIIName: String, InvoiceName {
    // Documents
    case crossIndustryInvoice = "CrossIndustryInvoice"
    case crossIndustryDocument = "CrossIndustryDocument"
    case invoice = "Invoice"
    // Context and head
    case context = "ExchangedDocumentContext"
    case context1 = "SpecifiedExchangedDocumentContext"
    case testIndicator = "TestIndicator"
    case guideline = "GuidelineSpecifiedDocumentContextParameter"
    case document = "ExchangedDocument"
    case document1 = "HeaderExchangedDocument"
    case id = "ID"
    case globalID = "GlobalID"
    case typeCode = "TypeCode"
    case issueDateTime = "IssueDateTime"
    case dateTimeString = "DateTimeString"
    case dateTime = "DateTime"
    case date = "Date"
    // Transaction
    case transaction = "SupplyChainTradeTransaction"
    case transaction1 = "SpecifiedSupplyChainTradeTransaction"
    case agreement = "ApplicableHeaderTradeAgreement"
    case agreement1 = "ApplicableSupplyChainTradeAgreement"
    case settlement = "ApplicableHeaderTradeSettlement"
    case settlement1 = "ApplicableSupplyChainTradeSettlement"
    case buyerReference = "BuyerReference"
    case buyerOrder = "BuyerOrderReferencedDocument"
    case issuerAssignedID = "IssuerAssignedID"
    case additionalDocument = "AdditionalReferencedDocument"
    case attachment = "AttachmentBinaryObject"
    // Parties
    case seller = "SellerTradeParty"
    case buyer = "BuyerTradeParty"
    case name = "Name"
    case legalOrganization = "SpecifiedLegalOrganization"
    case tradingName = "TradingBusinessName"
    case contact = "DefinedTradeContact"
    case personName = "PersonName"
    case taxRegistration = "SpecifiedTaxRegistration"
    case uriCommunication = "URIUniversalCommunication"
    case uriID = "URIID"
    // Settlement
    case paymentReference = "PaymentReference"
    case invoiceCurrency = "InvoiceCurrencyCode"
    case taxCurrency = "TaxCurrencyCode"
    case tradeTax = "ApplicableTradeTax"
    case calculatedAmount = "CalculatedAmount"
    case basisAmount = "BasisAmount"
    case categoryCode = "CategoryCode"
    case rate = "RateApplicablePercent"
    case rate1 = "ApplicablePercent"
    case allowanceCharge = "SpecifiedTradeAllowanceCharge"
    case chargeIndicator = "ChargeIndicator"
    case indicator = "Indicator"
    case actualAmount = "ActualAmount"
    case logisticsCharge = "SpecifiedLogisticsServiceCharge"
    case appliedAmount = "AppliedAmount"
    case invoiceReferenced = "InvoiceReferencedDocument"
    case paymentMeans = "SpecifiedTradeSettlementPaymentMeans"
    // Payment terms
    case paymentTerms = "SpecifiedTradePaymentTerms"
    case description = "Description"
    case dueDate = "DueDateDateTime"
    case partialPayment = "PartialPaymentAmount"
    case discountTerms = "ApplicableTradePaymentDiscountTerms"
    case basisDate = "BasisDateTime"
    case basisPeriod = "BasisPeriodMeasure"
    case calculationPercent = "CalculationPercent"
    case discountAmount = "ActualDiscountAmount"
    // Totals
    case summation = "SpecifiedTradeSettlementHeaderMonetarySummation"
    case summation1 = "SpecifiedTradeSettlementMonetarySummation"
    case lineTotal = "LineTotalAmount"
    case chargeTotal = "ChargeTotalAmount"
    case allowanceTotal = "AllowanceTotalAmount"
    case taxBasisTotal = "TaxBasisTotalAmount"
    case taxTotal = "TaxTotalAmount"
    case roundingAmount = "RoundingAmount"
    case grandTotal = "GrandTotalAmount"
    case prepaidTotal = "TotalPrepaidAmount"
    case duePayable = "DuePayableAmount"
    // Lines
    case line = "IncludedSupplyChainTradeLineItem"
    case lineDocument = "AssociatedDocumentLineDocument"
    case lineStatus = "LineStatusReasonCode"
    case lineSettlement = "SpecifiedLineTradeSettlement"
    case lineSettlement1 = "SpecifiedSupplyChainTradeSettlement"
    case lineSummation = "SpecifiedTradeSettlementLineMonetarySummation"
    // Attributes
    case currencyID
    case schemeID
    case format
    case unitCode
    case mimeCode
    case filename

    static let vocabulary = XMLVocabulary<CIIName>()
    static let repeated: Set<CIIName> = [
        .line, .tradeTax, .allowanceCharge, .paymentTerms, .invoiceReferenced, .additionalDocument, .taxTotal,
        .discountTerms, .paymentMeans,
    ]
    static let records: Set<CIIName> = [
        .crossIndustryInvoice, .crossIndustryDocument, .invoice, .line, .attachment,
    ]

    /// The date inside an element, or of the element itself: `format="102"` is 20260331, and some write an ISO
    /// date all the same.
    static func day(_ node: XMLNode<CIIName>) -> Day? {
        let inner = node[.dateTimeString] ?? node[.dateTime] ?? node[.date] ?? node
        return inner.day ?? inner.compactDay
    }
}
