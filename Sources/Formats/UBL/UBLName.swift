// SPDX-License-Identifier: Apache-2.0
import Documents

/// The elements and attributes of UBL 2 that a receivable is made of (namespaces: any, or none).
enum UBLName: String, InvoiceName {
    // Documents
    case invoice = "Invoice"
    case creditNote = "CreditNote"
    case debitNote = "DebitNote"
    case selfBilledInvoice = "SelfBilledInvoice"
    case selfBilledCreditNote = "SelfBilledCreditNote"
    case invoiceLine = "InvoiceLine"
    case creditNoteLine = "CreditNoteLine"
    case debitNoteLine = "DebitNoteLine"
    // Head
    case id = "ID"
    case uuid = "UUID"
    case customizationID = "CustomizationID"
    case issueDate = "IssueDate"
    case dueDate = "DueDate"
    case invoiceTypeCode = "InvoiceTypeCode"
    case creditNoteTypeCode = "CreditNoteTypeCode"
    case documentCurrencyCode = "DocumentCurrencyCode"
    case taxCurrencyCode = "TaxCurrencyCode"
    case buyerReference = "BuyerReference"
    case orderReference = "OrderReference"
    case billingReference = "BillingReference"
    case invoiceDocumentReference = "InvoiceDocumentReference"
    case creditNoteDocumentReference = "CreditNoteDocumentReference"
    case selfBilledInvoiceDocumentReference = "SelfBilledInvoiceDocumentReference"
    // Parties
    case supplier = "AccountingSupplierParty"
    case customer = "AccountingCustomerParty"
    case supplierAccountID = "SupplierAssignedAccountID"
    case customerAccountID = "CustomerAssignedAccountID"
    case party = "Party"
    case partyIdentification = "PartyIdentification"
    case partyName = "PartyName"
    case name = "Name"
    case endpointID = "EndpointID"
    case partyTaxScheme = "PartyTaxScheme"
    case taxScheme = "TaxScheme"
    case companyID = "CompanyID"
    case partyLegalEntity = "PartyLegalEntity"
    case registrationName = "RegistrationName"
    case person = "Person"
    case firstName = "FirstName"
    case familyName = "FamilyName"
    // Payment
    case paymentMeans = "PaymentMeans"
    case paymentMeansCode = "PaymentMeansCode"
    case paymentDueDate = "PaymentDueDate"
    case paymentID = "PaymentID"
    case paymentMeansID = "PaymentMeansID"
    case instructionID = "InstructionID"
    case paymentTerms = "PaymentTerms"
    case note = "Note"
    case amount = "Amount"
    case installmentDueDate = "InstallmentDueDate"
    case paymentPercent = "PaymentPercent"
    case settlementDiscountPercent = "SettlementDiscountPercent"
    case settlementDiscountAmount = "SettlementDiscountAmount"
    case settlementPeriod = "SettlementPeriod"
    case endDate = "EndDate"
    // Totals
    case allowanceCharge = "AllowanceCharge"
    case chargeIndicator = "ChargeIndicator"
    case baseAmount = "BaseAmount"
    case price = "Price"
    case priceAmount = "PriceAmount"
    case taxTotal = "TaxTotal"
    case taxAmount = "TaxAmount"
    case taxSubtotal = "TaxSubtotal"
    case taxableAmount = "TaxableAmount"
    case taxCategory = "TaxCategory"
    case percent = "Percent"
    case legalMonetaryTotal = "LegalMonetaryTotal"
    case requestedMonetaryTotal = "RequestedMonetaryTotal"
    case lineExtensionAmount = "LineExtensionAmount"
    case taxExclusiveAmount = "TaxExclusiveAmount"
    case taxInclusiveAmount = "TaxInclusiveAmount"
    case allowanceTotalAmount = "AllowanceTotalAmount"
    case chargeTotalAmount = "ChargeTotalAmount"
    case prepaidAmount = "PrepaidAmount"
    case payableRoundingAmount = "PayableRoundingAmount"
    case payableAmount = "PayableAmount"
    // Attachments
    case additionalDocumentReference = "AdditionalDocumentReference"
    case attachment = "Attachment"
    case embeddedDocument = "EmbeddedDocumentBinaryObject"
    // Remittance advice
    case remittanceAdvice = "RemittanceAdvice"
    case remittanceAdviceLine = "RemittanceAdviceLine"
    case debitLineAmount = "DebitLineAmount"
    case creditLineAmount = "CreditLineAmount"
    case totalPaymentAmount = "TotalPaymentAmount"
    case paymentOrderReference = "PaymentOrderReference"
    case invoicingPartyReference = "InvoicingPartyReference"
    // Attributes
    case currencyID
    case schemeID
    case mimeCode
    case filename

    static let vocabulary = XMLVocabulary<UBLName>()
    static let repeated: Set<UBLName> = [
        .invoiceLine, .creditNoteLine, .debitNoteLine, .paymentMeans, .paymentTerms, .taxTotal,
        .taxSubtotal, .allowanceCharge, .billingReference, .additionalDocumentReference,
        .remittanceAdviceLine,
    ]
    static let records: Set<UBLName> = [
        .invoice, .creditNote, .debitNote, .selfBilledInvoice, .selfBilledCreditNote, .invoiceLine,
        .creditNoteLine, .debitNoteLine, .embeddedDocument, .remittanceAdvice,
    ]

    static func day(_ node: XMLNode<UBLName>) -> Day? { node.day }
}
