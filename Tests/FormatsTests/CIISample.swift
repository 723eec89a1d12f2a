// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats

/// A small Cross Industry Invoice whose parts a test replaces.
struct CIISample {
    enum Age: CaseIterable {
        case today, zugferd1, draft
    }

    static func terms(_ due: String, _ more: String = "") -> String {
        """
        <ram:SpecifiedTradePaymentTerms>\(more)<ram:DueDateDateTime><udt:DateTimeString format="102">\(due)</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
        """
    }

    var age = Age.today
    var guideline = "urn:cen.eu:en16931:2017"
    var mark = ""
    var number = "INV-7"
    var type = "380"
    var issued = "<udt:DateTimeString format=\"102\">20260302</udt:DateTimeString>"
    var line = """
        <ram:IncludedSupplyChainTradeLineItem>
          <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
          <ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>
            <ram:LineTotalAmount>100.00</ram:LineTotalAmount>
          </ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
        </ram:IncludedSupplyChainTradeLineItem>
        """
    var agreement = ""
    var order = ""
    var reference = ""
    var settlement = ""
    var breakdown = """
        <ram:ApplicableTradeTax><ram:CalculatedAmount>21.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount>100.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>21.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        """
    var terms = CIISample.terms("20260401")
    var tax = "<ram:TaxTotalAmount currencyID=\"EUR\">21.00</ram:TaxTotalAmount>"
    var gross = "121.00"
    var totals = ""
    var due = "<ram:DuePayableAmount>121.00</ram:DuePayableAmount>"
    var preceding = ""

    var text: String {
        let body = """
            <rsm:ExchangedDocumentContext>\(mark)<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>\(guideline)</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
            <rsm:ExchangedDocument><ram:ID>\(number)</ram:ID><ram:TypeCode>\(type)</ram:TypeCode><ram:IssueDateTime>\(issued)</ram:IssueDateTime></rsm:ExchangedDocument>
            <rsm:SupplyChainTradeTransaction>
            \(line)
            <ram:ApplicableHeaderTradeAgreement>\(agreement)
              <ram:SellerTradeParty><ram:Name>Demo Supplies B.V.</ram:Name>
                <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">001</ram:ID></ram:SpecifiedTaxRegistration>
                <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">NL123456789B01</ram:ID></ram:SpecifiedTaxRegistration>
              </ram:SellerTradeParty>
              <ram:BuyerTradeParty><ram:ID>C-0012</ram:ID><ram:Name>Buyer N.V.</ram:Name>
                <ram:SpecifiedLegalOrganization><ram:ID>87654321</ram:ID><ram:TradingBusinessName>Buyer trading</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>
                <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">NL987654321B01</ram:ID></ram:SpecifiedTaxRegistration>
              </ram:BuyerTradeParty>\(order)
            </ram:ApplicableHeaderTradeAgreement>
            <ram:ApplicableHeaderTradeSettlement>\(reference)\(settlement)
              <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
              \(breakdown)\(terms)
              <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
                <ram:LineTotalAmount>100.00</ram:LineTotalAmount>
                <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>\(tax)
                <ram:GrandTotalAmount>\(gross)</ram:GrandTotalAmount>\(totals)\(due)
              </ram:SpecifiedTradeSettlementHeaderMonetarySummation>\(preceding)
            </ram:ApplicableHeaderTradeSettlement>
            </rsm:SupplyChainTradeTransaction>
            """
        switch age {
        case .today:
            return document(
                "CrossIndustryInvoice", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", body)
        case .zugferd1:
            return document("CrossIndustryDocument", "urn:ferd:CrossIndustryDocument:invoice:1p0", older(body))
        case .draft:
            // The draft writes a date without an element of its own, and nothing but the root has a prefix.
            let bare = older(body).replacing("<udt:DateTimeString format=\"102\">", with: "")
                .replacing("</udt:DateTimeString>", with: "").replacing("<ram:", with: "<").replacing(
                    "</ram:", with: "</")
            return document("Invoice", "urn:un:unece:uncefact:data:standard:CBFBUY:5", bare)
        }
    }

    /// The names of ZUGFeRD 1.
    private func older(_ body: String) -> String {
        var text = body.replacing(guideline, with: "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort")
        for (new, old) in [
            ("rsm:ExchangedDocumentContext", "rsm:SpecifiedExchangedDocumentContext"),
            ("rsm:ExchangedDocument>", "rsm:HeaderExchangedDocument>"),
            ("rsm:SupplyChainTradeTransaction", "rsm:SpecifiedSupplyChainTradeTransaction"),
            ("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement"),
            ("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"),
            ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
            ("SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
            ("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement"),
            ("RateApplicablePercent", "ApplicablePercent"), ("IssuerAssignedID", "ID"),
        ] {
            text = text.replacing(new, with: old)
        }
        return text
    }

    private func document(_ root: String, _ namespace: String, _ body: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <rsm:\(root) xmlns:rsm="\(namespace)" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
            xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">
        \(body)
        </rsm:\(root)>
        """
    }

    func read() throws -> (invoice: Invoice?, reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "sample.xml", format: "cii")
        var found: Invoice?
        let reading = try CIIFormat.read(pieces: [Array(text.utf8)], origin) {
            if case .invoice(let invoice) = $0 { found = invoice }
        }
        return (found, reading)
    }
}
