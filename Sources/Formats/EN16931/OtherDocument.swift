// SPDX-License-Identifier: Apache-2.0
import Documents

/// XML documents of the trade that are no receivables, known by their root so that a refusal can name them.
enum OtherDocument {
    static func refusal(_ root: XMLRoot) -> Fault {
        let name = root.name
        if ["StandardBusinessDocument", "BizMsgEnvlp", "Envelope", "DataPDU", "RequestPayload"].contains(name) {
            return Fault(
                "XML-NOT-RECEIVABLE", .refusal, at: .path("/\(name)"),
                "the document is an envelope (\(name)) with another one inside it",
                hint: "Save the document that is inside as a file of its own, and import that.")
        }
        if let what = description(name) {
            return Fault(
                "XML-NOT-RECEIVABLE", .refusal, at: .path("/\(name)"),
                "the document is \(what) (\(name)), no invoice or credit note",
                hint: "Import the invoice itself.")
        }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(name)"),
            "the root element \(name)\(root.namespace.isEmpty ? "" : " of \(root.namespace)") is no invoice or "
                + "credit note",
            hint: "Ask for the document as UBL 2 or UN/CEFACT CII, or import an export with a mapping.")
    }

    /// Nil when it is not known here.
    private static func description(_ root: String) -> String? {
        switch root {
        case "Order", "OrderChange", "OrderCancellation", "OrderResponse", "OrderResponseSimple",
            "CrossIndustryOrder", "CrossIndustryOrderResponse":
            "an order document"
        case "SCRDMCCBDACIOMessageStructure": "an Order-X order"
        case "Quotation", "RequestForQuotation", "Catalogue", "CrossIndustryQuotation",
            "CrossIndustryRequestForQuotation", "CrossIndustryCatalogue":
            "an offer or a catalogue"
        case "DespatchAdvice", "ReceiptAdvice", "Waybill", "BillOfLading", "Forecast", "FreightInvoice",
            "CrossIndustryDespatchAdvice", "SCRDMCCBDACIDAMessageStructure":
            "a logistics document"
        case "Reminder": "a reminder of invoices that exist already"
        case "Statement": "an account statement that lists invoices"
        case "ApplicationResponse": "an answer to a document"
        case "CrossDomainAcknowledgementAndResponse": "a status message about an invoice"
        case "CrossIndustryRemittanceAdvice": "a remittance advice of UN/CEFACT"
        case "UtilityStatement": "the consumption behind a utility invoice"
        default: nil
        }
    }
}
