// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What a PDF's embedded files become.
@Suite("A hybrid PDF is read by the XML inside it")
struct PDFReaderTests {
    static let cii = Array(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
          xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
          xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
        <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
          <ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID>
        </ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
        <rsm:ExchangedDocument><ram:ID>F-7</ram:ID><ram:TypeCode>380</ram:TypeCode>
          <ram:IssueDateTime><udt:DateTimeString format="102">20260302</udt:DateTimeString></ram:IssueDateTime>
        </rsm:ExchangedDocument>
        <rsm:SupplyChainTradeTransaction>
          <ram:ApplicableHeaderTradeAgreement>
            <ram:SellerTradeParty><ram:Name>Seller</ram:Name></ram:SellerTradeParty>
            <ram:BuyerTradeParty><ram:Name>Buyer</ram:Name></ram:BuyerTradeParty>
          </ram:ApplicableHeaderTradeAgreement>
          <ram:ApplicableHeaderTradeDelivery/>
          <ram:ApplicableHeaderTradeSettlement>
            <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
            <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
              <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
              <ram:TaxTotalAmount currencyID="EUR">21.00</ram:TaxTotalAmount>
              <ram:GrandTotalAmount>121.00</ram:GrandTotalAmount>
              <ram:DuePayableAmount>121.00</ram:DuePayableAmount>
            </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
          </ram:ApplicableHeaderTradeSettlement>
        </rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>
        """.utf8)

    static let ubl = Array(
        """
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
          xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
          xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
        <cbc:ID>U-1</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:DueDate>2026-04-01</cbc:DueDate>
        <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
        <cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">50.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
        </Invoice>
        """.utf8)

    private func read(_ bytes: [UInt8]) throws -> (invoices: [Invoice], reading: Reading) {
        var invoices: [Invoice] = []
        let origin = Provenance.Origin(sha256: "", name: "invoice.pdf", format: "pdf")
        let reading = try PDFFormat.read(pieces: [bytes], origin) {
            if case .invoice(let invoice) = $0 { invoices.append(invoice) }
        }
        return (invoices, reading)
    }

    @Test(
        "Each prescribed name is found, wherever it is listed, and the PDF is the document to send again",
        arguments: ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml"],
        [PDFSample.Place.associated, .names, .both])
    func names(_ name: String, _ place: PDFSample.Place) throws {
        let pdf = PDFSample([.init(name: name, bytes: Self.cii)], place: place).bytes
        let (invoices, reading) = try read(pdf)
        let invoice = try #require(invoices.first, "\(reading.faults)")
        #expect(reading.format == "pdf")
        #expect(invoice.number == "F-7")
        #expect(invoice.payable == Money(minorUnits: 12100, currency: .eur))
        #expect(invoice.attachments.map(\.name) == ["invoice.pdf"])
        #expect(invoice.attachments.first?.mediaType == "application/pdf")
        #expect(invoice.attachments.first?.bytes == pdf)
    }

    @Test("UBL inside is read, by its root where the name says nothing; other files stay beside it")
    func otherName() throws {
        let sheet = Array("hours".utf8)
        let pdf = PDFSample([
            .init(name: "hours.txt", bytes: sheet, type: "/Type /EmbeddedFile /Subtype /text#2Fplain"),
            .init(name: "invoice.xml", bytes: Self.ubl),
        ]).bytes
        let (invoices, reading) = try read(pdf)
        #expect(invoices.map(\.number) == ["U-1"], "\(reading.faults)")
        #expect(invoices.first?.attachments.map(\.name) == ["invoice.pdf", "hours.txt"])
        #expect(invoices.first?.attachments.map(\.mediaType) == ["application/pdf", "text/plain"])
        #expect(invoices.first?.attachments.last?.bytes == sheet)
    }

    @Test("An invoice without a currency is in the company's", arguments: ["factur-x.xml", "invoice.xml"])
    func defaultCurrency(_ name: String) throws {
        let whole = String(decoding: name == "invoice.xml" ? Self.ubl : Self.cii, as: UTF8.self)
        let bare =
            whole.replacing(" currencyID=\"EUR\"", with: "")
            .replacing("<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", with: "")
            .replacing("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", with: "")
        let pdf = PDFSample([.init(name: name, bytes: Array(bare.utf8))]).bytes
        let origin = Provenance.Origin(sha256: "", name: "invoice.pdf", format: "pdf")
        var currencies: [Currency] = []
        let reading = try PDFFormat.read(pieces: [pdf], origin, defaultCurrency: Currency("SEK")) {
            if case .invoice(let invoice) = $0 { currencies.append(invoice.currency) }
        }
        #expect(currencies == [Currency("SEK")], "\(reading.faults)")
    }

    @Test("A compressed file is read, by our own inflater and by its bytes")
    func compressed() throws {
        let stored = PDFSample([
            .init(name: "factur-x.xml", bytes: PDFSample.stored(Self.cii), entries: "/Filter /FlateDecode")
        ]).bytes
        #expect(try read(stored).invoices.map(\.number) == ["F-7"])
        let listed = PDFSample([
            .init(name: "factur-x.xml", bytes: PDFSample.stored(Self.cii), entries: "/Filter [ /FlateDecode ]"),
            .init(name: "runs.bin", bytes: PDFSample.runs(2), entries: "/Filter /FlateDecode", type: ""),
        ]).bytes
        let attachments = try read(listed).invoices.first?.attachments
        #expect(attachments?.last?.bytes == [UInt8](repeating: 0x41, count: 1 + 2 * 258))
    }

    @Test("A file that would be enormous is left out, and the invoice is refused when it is that file")
    func bomb() throws {
        let bomb = PDFSample.runs((40 << 20) / 258)
        let beside = PDFSample([
            .init(name: "factur-x.xml", bytes: Self.cii),
            .init(name: "big.bin", bytes: bomb, entries: "/Filter /FlateDecode"),
        ]).bytes
        let (invoices, reading) = try read(beside)
        #expect(invoices.first?.attachments.map(\.name) == ["invoice.pdf"])
        #expect(reading.faults.contains { $0.code == "PDF-ATTACHMENT" && $0.severity == .warning })
        let alone = PDFSample([.init(name: "factur-x.xml", bytes: bomb, entries: "/Filter /FlateDecode")]).bytes
        #expect(try read(alone).reading.faults.map(\.code) == ["PDF-LIMIT"])
    }

    @Test("A PDF whose own structure would be enormous is refused before it is opened")
    func structure() throws {
        let bomb = PDFSample.runs((40 << 20) / 258)
        let pdf = PDFSample([
            .init(name: "factur-x.xml", bytes: Self.cii),
            .init(name: "x", bytes: bomb, entries: "/N 1 /First 5 /Filter /FlateDecode", type: "/Type /ObjStm"),
        ]).bytes
        #expect(try read(pdf).reading.faults.map(\.code) == ["PDF-LIMIT"])
    }

    @Test("A PDF of pages alone is refused, and says what it carries")
    func noInvoice() throws {
        #expect(try read(PDFSample().bytes).reading.faults.map(\.code) == ["PDF-NO-INVOICE"])
        let other = PDFSample([.init(name: "terms.xml", bytes: Array("<terms/>".utf8))]).bytes
        let fault = try #require(try read(other).reading.faults.first)
        #expect(fault.code == "PDF-NO-INVOICE" && fault.severity == .refusal)
        #expect(fault.message.contains("terms.xml"))
    }

    @Test("Two different invoices in one PDF are refused; the same twice is one")
    func several() throws {
        let two = PDFSample([.init(name: "a.xml", bytes: Self.cii), .init(name: "b.xml", bytes: Self.ubl)]).bytes
        #expect(try read(two).reading.faults.map(\.code) == ["PDF-INVOICE-SEVERAL"])
        let same = PDFSample([
            .init(name: "factur-x.xml", bytes: Self.cii), .init(name: "zugferd-invoice.xml", bytes: Self.cii),
        ]).bytes
        #expect(try read(same).invoices.map(\.number) == ["F-7"])
    }

    @Test("One invoice by an old standard and a new one is one, read by the new one; with other amounts it is refused")
    func twoStandards() throws {
        let old = Array(
            String(decoding: Self.cii, as: UTF8.self).replacing("urn:factur-x.eu:1p0:minimum", with: "old").utf8)
        let files: [PDFSample.Embedded] = [
            .init(name: "ZUGFeRD-invoice.xml", bytes: old), .init(name: "factur-x.xml", bytes: Self.cii),
        ]
        let both = try read(PDFSample(files).bytes)
        #expect(both.invoices.map(\.number) == ["F-7"], "\(both.reading.faults)")
        #expect(both.invoices.first?.attachments.last?.name == "ZUGFeRD-invoice.xml")
        let other = Array(String(decoding: old, as: UTF8.self).replacing(">F-7<", with: ">F-8<").utf8)
        let pdf = PDFSample([.init(name: "ZUGFeRD-invoice.xml", bytes: other), files[1]]).bytes
        #expect(try read(pdf).reading.faults.map(\.code) == ["PDF-INVOICE-SEVERAL"])
    }

    @Test("An encrypted PDF is refused as that")
    func encrypted() throws {
        var sample = PDFSample([.init(name: "factur-x.xml", bytes: Self.cii)])
        let key = String(repeating: "61", count: 32)
        sample.trailer =
            "/Encrypt << /Filter /Standard /V 1 /R 2 /O <\(key)> /U <\(key)> /P -4 >> /ID [ <\(key)> <\(key)> ]"
        #expect(try read(sample.bytes).reading.faults.map(\.code) == ["PDF-ENCRYPTED"])
    }

    @Test("The fault of the XML inside refuses the PDF")
    func badXML() throws {
        let pdf = PDFSample([.init(name: "factur-x.xml", bytes: Array("<rsm:CrossIndustryInvoice".utf8))]).bytes
        let (invoices, reading) = try read(pdf)
        #expect(invoices.isEmpty && reading.refused)
    }

    @Test("However a PDF is cut or altered, it is read or refused, and nothing breaks")
    func hostile() throws {
        let whole = PDFSample([
            .init(name: "factur-x.xml", bytes: PDFSample.stored(Self.cii), entries: "/Filter /FlateDecode")
        ]).bytes
        for count in stride(from: 0, to: whole.count, by: 97) {
            let (invoices, reading) = try read(Array(whole.prefix(count)))
            #expect(reading.refused || !invoices.isEmpty, "cut at \(count)")
        }
        var state: UInt64 = 7
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            let (invoices, reading) = try read(bytes)
            #expect(reading.refused || !invoices.isEmpty)
        }
    }

    @Test("A name tree that points at itself ends")
    func loop() throws {
        var bytes = String(decoding: PDFSample([.init(name: "x", bytes: [])], place: .names).bytes, as: UTF8.self)
        bytes = bytes.replacing("/Kids [ 6 0 R ]", with: "/Kids [ 1 0 R ]")
        #expect(try read(Array(bytes.utf8)).reading.refused)
    }
}
