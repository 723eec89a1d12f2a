// SPDX-License-Identifier: Apache-2.0

/// The elements and attributes of ISO 20022 `pain.002` that the fate of a direct debit is told by.
///
/// One set for all versions; where a version moved an element, both places are read.
enum PainName: String, XMLName {
    case document = "Document"
    case statusReport = "CstmrPmtStsRpt"
    /// Before version 001.03.
    case statusReportV1 = "PmtStsRpt"
    case statusReportV2 = "pain.002.001.02"
    case header = "GrpHdr"
    case messageID = "MsgId"
    case createdAt = "CreDtTm"
    case group = "OrgnlGrpInfAndSts"
    case originalMessageID = "OrgnlMsgId"
    case originalMessageName = "OrgnlMsgNmId"
    case groupStatus = "GrpSts"
    case payment = "OrgnlPmtInfAndSts"
    case originalPaymentID = "OrgnlPmtInfId"
    case paymentStatus = "PmtInfSts"
    case transaction = "TxInfAndSts"
    case statusID = "StsId"
    case originalInstructionID = "OrgnlInstrId"
    case originalEndToEndID = "OrgnlEndToEndId"
    case originalTransactionID = "OrgnlTxId"
    case status = "TxSts"
    case statusReason = "StsRsnInf"
    case reason = "Rsn"
    case code = "Cd"
    case proprietary = "Prtry"
    case additional = "AddtlInf"
    case original = "OrgnlTxRef"
    case amount = "Amt"
    case instructedAmount = "InstdAmt"
    case settledAmount = "IntrBkSttlmAmt"
    case settledOn = "IntrBkSttlmDt"
    case collectionOn = "ReqdColltnDt"
    case day = "Dt"
    case mandate = "MndtRltdInf"
    case mandateID = "MndtId"
    case debtor = "Dbtr"
    case debtorAccount = "DbtrAcct"
    case creditorAccount = "CdtrAcct"
    case party = "Pty"
    case name = "Nm"
    case id = "Id"
    case iban = "IBAN"
    case other = "Othr"
    case remittance = "RmtInf"
    case unstructured = "Ustrd"
    case structured = "Strd"
    case creditorReferenceInformation = "CdtrRefInf"
    case reference = "Ref"
    case currency = "Ccy"

    static let vocabulary = XMLVocabulary<PainName>()
    static let repeated: Set<PainName> = [.payment, .transaction]
    static let records: Set<PainName> = [.transaction, .payment, .document]
}
