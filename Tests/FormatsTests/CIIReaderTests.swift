// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What a Cross Industry Invoice becomes, field by field.
@Suite("CII becomes an invoice")
struct CIIReaderTests {
    private static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    @Test("A plain invoice is read whole, without a fault")
    func plain() throws {
        var sample = CIISample()
        sample.agreement = "<ram:BuyerReference>PO-owner</ram:BuyerReference>"
        sample.order =
            "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>4500017</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>"
        sample.reference = "<ram:PaymentReference>RF18539007547034</ram:PaymentReference>"
        sample.number = "000123"
        let (read, reading) = try sample.read()
        let invoice = try #require(read)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(invoice.number == "000123")
        #expect(invoice.kind == .invoice)
        #expect(invoice.currency == .eur)
        #expect(invoice.issuedOn.text == "2026-03-02")
        #expect(invoice.dueOn?.text == "2026-04-01")
        #expect(invoice.payable == Self.eur(12100))
        #expect(invoice.total == Self.eur(12100))
        #expect(invoice.net == Self.eur(10000))
        #expect(invoice.tax == Self.eur(2100))
        #expect(invoice.taxes.map(\.rate.text) == ["21.00"])
        #expect(invoice.reference == "PO-owner")
        #expect(invoice.purchaseOrder == "4500017")
        #expect(invoice.structuredReference == "RF18539007547034")
        #expect(invoice.customerID == "C-0012")
        #expect(invoice.customerName == "Buyer N.V.")
        #expect(invoice.customerTradingName == "Buyer trading")
        #expect(invoice.taxID == "NL987654321B01")
        #expect(invoice.sellerName == "Demo Supplies B.V.")
        #expect(invoice.sellerTaxID == "NL123456789B01")
        #expect(invoice.provenance.at == .path("/CrossIndustryInvoice"))
    }

    struct Role: Sendable, CustomTestStringConvertible {
        var type: String
        var due: String
        var gross = "121.00"
        var kind: Invoice.Kind
        /// Cents that end up owed to us.
        var owed: Int64
        var total: Int64 = 12100
        var testDescription: String { "type \(type), due \(due) of \(gross)" }
    }

    static let roles = [
        Role(type: "380", due: "121.00", kind: .invoice, owed: 12100),
        Role(type: "380", due: "-121.00", gross: "-121.00", kind: .creditNote, owed: -12100, total: -12100),
        Role(type: "381", due: "121.00", kind: .creditNote, owed: -12100, total: -12100),
        Role(type: "381", due: "-121.00", gross: "-121.00", kind: .creditNote, owed: -12100, total: -12100),
        // ZUGFeRD 1 corrections state the total as negative and nothing as due.
        Role(type: "380", due: "0.00", gross: "-121.00", kind: .creditNote, owed: 0, total: -12100),
        Role(type: "381", due: "0.00", gross: "-121.00", kind: .creditNote, owed: 0, total: -12100),
        Role(type: "384", due: "121.00", kind: .invoice, owed: 12100),
        Role(type: "383", due: "121.00", kind: .debitNote, owed: 12100),
        Role(type: "386", due: "121.00", kind: .prepayment, owed: 12100),
        Role(type: "389", due: "121.00", kind: .invoice, owed: 12100),
        Role(type: "261", due: "121.00", kind: .creditNote, owed: -12100, total: -12100),
    ]

    @Test("The type code and the sign say what a document is", arguments: roles)
    func role(_ role: Role) throws {
        var sample = CIISample()
        sample.type = role.type
        sample.due = "<ram:DuePayableAmount>\(role.due)</ram:DuePayableAmount>"
        sample.gross = role.gross
        let invoice = try #require(try sample.read().invoice)
        #expect(invoice.kind == role.kind)
        #expect(invoice.payable == Self.eur(role.owed))
        #expect(invoice.total == Self.eur(role.total))
    }

    @Test("ZUGFeRD 1 and the draft before it are read like the rest", arguments: CIISample.Age.allCases)
    func ages(_ age: CIISample.Age) throws {
        var sample = CIISample()
        sample.age = age
        let (invoice, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let found = try #require(invoice)
        #expect(found.number == "INV-7")
        #expect(found.issuedOn.text == "2026-03-02")
        #expect(found.dueOn?.text == "2026-04-01")
        #expect(found.payable == Self.eur(12100))
        #expect(found.customerName == "Buyer N.V.")
        #expect(CIIFormat.detect(head: Array(sample.text.utf8), name: "").confidence == 100)
    }

    @Test("Without an amount due, ZUGFeRD 1 owes its total less what is prepaid; a later one is refused")
    func noPayable() throws {
        var sample = CIISample()
        sample.due = ""
        #expect(try sample.read().reading.faults.map(\.code) == ["BR-15"])
        sample.age = .zugferd1
        #expect(try sample.read().invoice?.payable == nil)
        #expect(try sample.read().invoice?.receivable == Self.eur(12100))
        sample.totals = "<ram:TotalPrepaidAmount>21.00</ram:TotalPrepaidAmount>"
        #expect(try sample.read().invoice?.payable == Self.eur(10000))
    }

    @Test("A document without lines, as the profiles MINIMUM and BASIC WL have it, is an invoice without a fault")
    func minimum() throws {
        var sample = CIISample()
        sample.guideline = "urn:factur-x.eu:1p0:minimum"
        sample.line = ""
        sample.breakdown = ""
        sample.terms = ""
        // What was prepaid has no place in MINIMUM: the stated amount due stands without a word.
        sample.due = "<ram:DuePayableAmount>100.00</ram:DuePayableAmount>"
        let (invoice, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(invoice?.payable == Self.eur(10000))
        sample.guideline = "urn:factur-x.eu:1p0:basicwl"
        #expect(try sample.read().reading.faults.map(\.code) == ["BR-CO-16", "BR-CO-25"])
    }

    @Test("A document without any currency is in the company's, or refused")
    func noCurrency() throws {
        let text = CIISample().text.replacing("<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", with: "")
        let origin = Provenance.Origin(sha256: "", name: "x", format: "cii")
        var found: [Invoice] = []
        let reading = try CIIFormat.read(pieces: [Array(text.utf8)], origin, defaultCurrency: .eur) {
            if case .invoice(let invoice) = $0 { found.append(invoice) }
        }
        #expect(found.map(\.currency) == [.eur])
        #expect(reading.faults.map(\.code).first == "BR-05")
        #expect(try CIIFormat.read(pieces: [Array(text.utf8)], origin) { _ in }.refused)
    }

    @Test("ZUGFeRD 1 may state allowances with the other sign, or their sum alone")
    func oldAllowances() throws {
        var sample = CIISample()
        sample.age = .zugferd1
        sample.totals = "<ram:AllowanceTotalAmount>1.00</ram:AllowanceTotalAmount>"
        #expect(try sample.read().reading.faults.isEmpty)
        for (amount, codes) in [("-1.00", []), ("1.00", []), ("2.00", ["BR-CO-11"])] {
            sample.terms =
                "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>\(amount)</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>"
                + CIISample.terms("20260401")
            #expect(try sample.read().reading.faults.map(\.code) == codes)
        }
    }

    @Test("An invoice that the seller collects by direct debit says so, unless it can be paid otherwise, too")
    func directDebit() throws {
        func means(_ code: String) -> String {
            "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>\(code)</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans>"
        }
        var sample = CIISample()
        for (written, method) in [
            (means("59"), "direct_debit"), (means("49") + means("59"), "direct_debit"), (means("58"), nil),
            (means("59") + means("30"), nil), ("", nil),
        ] {
            sample.settlement = written
            #expect(try sample.read().invoice?.collectionMethod == method)
        }
    }

    @Test("Group and information lines are no part of the sum")
    func subLines() throws {
        var sample = CIISample()
        let group = sample.line.replacing(
            "<ram:LineID>", with: "<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode><ram:LineID>")
        sample.line =
            group + sample.line.replacing("100.00", with: "60.00") + sample.line.replacing("100.00", with: "40.00")
        #expect(try sample.read().reading.faults.isEmpty)
        sample.line += sample.line
        #expect(try sample.read().reading.faults.map(\.code) == ["BR-CO-10"])
    }

    @Test("Repeated terms with parts of the amount are instalments")
    func instalments() throws {
        var sample = CIISample()
        sample.terms =
            CIISample.terms("20260501", "<ram:PartialPaymentAmount>21.00</ram:PartialPaymentAmount>")
            + CIISample.terms("20260401", "<ram:PartialPaymentAmount>100.00</ram:PartialPaymentAmount>")
        let invoice = try #require(try sample.read().invoice)
        #expect(invoice.instalments.map(\.dueOn.text) == ["2026-04-01", "2026-05-01"])
        #expect(invoice.instalments.map(\.amount) == [Self.eur(10000), Self.eur(2100)])
        sample.terms = CIISample.terms("20260501") + CIISample.terms("20260401")
        let (several, reading) = try sample.read()
        #expect(several?.instalments == [])
        #expect(several?.dueOn?.text == "2026-05-01")
        #expect(reading.faults.map(\.code) == ["INVOICE-DUE-DATES"])
    }

    @Test("Discounts come from their own terms, or from XRechnung's lines")
    func discounts() throws {
        var sample = CIISample()
        sample.terms = CIISample.terms(
            "20260401",
            """
            <ram:ApplicableTradePaymentDiscountTerms>
              <ram:BasisPeriodMeasure unitCode="DAY">10</ram:BasisPeriodMeasure><ram:CalculationPercent>2.00</ram:CalculationPercent>
            </ram:ApplicableTradePaymentDiscountTerms>
            <ram:ApplicableTradePaymentDiscountTerms>
              <ram:BasisDateTime><udt:DateTimeString format="102">20260310</udt:DateTimeString></ram:BasisDateTime>
              <ram:BasisPeriodMeasure unitCode="WEE">1</ram:BasisPeriodMeasure>
              <ram:BasisAmount>50.00</ram:BasisAmount><ram:CalculationPercent>3</ram:CalculationPercent>
            </ram:ApplicableTradePaymentDiscountTerms>
            <ram:ApplicableTradePaymentDiscountTerms>
              <ram:BasisPeriodMeasure unitCode="MON">1</ram:BasisPeriodMeasure><ram:CalculationPercent>1</ram:CalculationPercent>
            </ram:ApplicableTradePaymentDiscountTerms>
            """)
        var found = try #require(try sample.read().invoice?.discounts)
        #expect(found.map(\.until.text) == ["2026-03-12", "2026-03-17"])
        #expect(found.map(\.percent?.text) == ["2.00", nil])
        #expect(found.map(\.amount) == [nil, Self.eur(150)])
        sample.terms = CIISample.terms(
            "20260401", "<ram:Description>#SKONTO#TAGE=7#PROZENT=3.00#\n30 Tage netto</ram:Description>")
        let (invoice, reading) = try sample.read()
        found = try #require(invoice?.discounts)
        #expect(reading.faults.isEmpty)
        #expect(found.map(\.until.text) == ["2026-03-09"])
    }

    @Test("The tax is the one in the document's currency, whatever the order")
    func twoTaxTotals() throws {
        var sample = CIISample()
        sample.settlement = "<ram:TaxCurrencyCode>SEK</ram:TaxCurrencyCode>"
        let own = sample.tax
        let other = "<ram:TaxTotalAmount currencyID=\"SEK\">230.00</ram:TaxTotalAmount>"
        for tax in [own + other, other + own] {
            sample.tax = tax
            let (invoice, reading) = try sample.read()
            #expect(invoice?.tax == Self.eur(2100))
            #expect(reading.faults.isEmpty, "\(reading.faults)")
        }
        sample.tax = own
        #expect(try sample.read().reading.faults.map(\.code) == ["BR-53"])
    }

    @Test("A corrected invoice takes the place of the one it names, a credit note is a difference")
    func corrects() throws {
        var sample = CIISample()
        sample.preceding =
            "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>INV-6</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>"
        sample.type = "384"
        #expect(try sample.read().invoice?.corrects == "INV-6")
        #expect(try sample.read().invoice?.correction == .replacement)
        sample.type = "381"
        #expect(try sample.read().invoice?.correction == .difference)
        sample.preceding = ""
        sample.type = "384"
        #expect(try sample.read().reading.faults.map(\.code) == ["BR-DE-26"])
    }

    @Test("An embedded file comes through byte for byte")
    func attachment() throws {
        var sample = CIISample()
        sample.order =
            "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>D</ram:IssuerAssignedID><ram:AttachmentBinaryObject mimeCode=\"application/pdf\" filename=\"../invoice.pdf\">JVBERi0x</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>"
        let found = try #require(try sample.read().invoice?.attachments.first)
        #expect(found.name == "invoice.pdf")
        #expect(found.mediaType == "application/pdf")
        #expect(String(decoding: found.bytes, as: UTF8.self) == "%PDF-1")
    }

    @Test(
        "A date is read in each form that is met, and a wrong one refuses the document",
        arguments: [
            ("<udt:DateTimeString format=\"102\">20260302</udt:DateTimeString>", true),
            ("<udt:DateTimeString format=\"203\">202603021530</udt:DateTimeString>", true),
            ("<udt:DateTimeString>2026-03-02</udt:DateTimeString>", true),
            ("<udt:DateTime>2026-03-02T10:00:00</udt:DateTime>", true), ("20260302", true),
            ("<udt:DateTimeString format=\"102\">20260230</udt:DateTimeString>", false),
            ("<udt:DateTimeString format=\"610\">202603</udt:DateTimeString>", false), ("", false),
        ])
    func dates(_ written: String, _ isGood: Bool) throws {
        var sample = CIISample()
        sample.issued = written
        let (invoice, reading) = try sample.read()
        #expect(invoice?.issuedOn.text == (isGood ? "2026-03-02" : nil))
        #expect(reading.faults.map(\.code) == (isGood ? [] : [written.isEmpty ? "BR-03" : "DATE-FORMAT"]))
    }

    @Test(
        "What is no invoice is refused by name",
        arguments: [
            ("CrossDomainAcknowledgementAndResponse", "status message"), ("SCRDMCCBDACIOMessageStructure", "Order-X"),
            ("CrossIndustryDespatchAdvice", "logistics"), ("CrossIndustryQuotation", "offer"),
        ])
    func others(_ root: String, _ what: String) throws {
        let text = "<r:\(root) xmlns:r=\"urn:un:unece:uncefact:data:standard:\(root):100\"/>"
        let origin = Provenance.Origin(sha256: "", name: "x", format: "cii")
        let reading = try CIIFormat.read(pieces: [Array(text.utf8)], origin) { _ in Issue.record("nothing is read") }
        #expect(reading.faults.map(\.code) == ["XML-NOT-RECEIVABLE"])
        #expect(reading.faults.first?.message.contains(what) == true)
        #expect(CIIFormat.detect(head: Array(text.utf8), name: "").confidence == 90)
    }
}
