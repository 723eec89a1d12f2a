// SPDX-License-Identifier: Apache-2.0

/// The elements of the Dutch XML Auditfile Financieel 3.2 that customers and receivables are made of.
enum XAFName: String, XMLName {
    case auditFile = "auditfile"
    case header, company, startDate, endDate
    case currencyCode = "curCode"
    case companyName
    case taxID = "taxRegIdent"
    // Masters
    case customersSuppliers, customerSupplier
    case customerID = "custSupID"
    case customerName = "custSupName"
    case customerType = "custSupTp"
    case contact, telephone
    case email = "eMail"
    case streetAddress, postalAddress, country, bankAccount
    case accountNumber = "bankAccNr"
    case generalLedger, ledgerAccount
    case accountID = "accID"
    case accountName = "accDesc"
    case accountType = "accTp"
    case leadCode
    // Opening balance
    case openingBalance
    case openingDay = "opBalDate"
    case openingSubledgers = "obSubledgers"
    case openingSubledger = "obSubledger"
    case openingSubledgerLine = "obSbLine"
    case openingLine = "obLine"
    // Transactions
    case transactions, journal, transaction
    case journalID = "jrnID"
    case journalType = "jrnTp"
    case offsetAccount = "offsetAccID"
    case number = "nr"
    case description = "desc"
    case day = "trDt"
    case line = "trLine"
    case documentReference = "docRef"
    case effectiveDay = "effDate"
    case amount = "amnt"
    case amountType = "amntTp"
    case invoiceReference = "invRef"
    case offsetAccountNumber = "offsetBankAccNr"
    case currency
    case currencyAmount = "curAmnt"
    // Subledgers
    case subledgers, subledger
    case subledgerType = "sbType"
    case subledgerLine = "sbLine"
    case invoiceDay = "invDt"
    case dueDay = "invDueDt"
    case purchaseOrSale = "invPurSalTp"

    static let vocabulary = XMLVocabulary<XAFName>()
    static let repeated: Set<XAFName> = [
        .customerSupplier, .ledgerAccount, .journal, .transaction, .line, .openingLine, .openingSubledgerLine,
        .subledgerLine,
    ]
    static let records: Set<XAFName> = [
        .header, .customerSupplier, .ledgerAccount, .openingLine, .openingSubledgerLine, .transaction, .subledgerLine,
        .auditFile,
    ]
}
