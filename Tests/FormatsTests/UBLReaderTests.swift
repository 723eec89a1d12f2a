// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What a UBL document becomes, field by field.
@Suite("UBL becomes an invoice")
struct UBLReaderTests {
    private static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    @Test("A plain invoice is read whole, without a fault")
    func plain() throws {
        var sample = UBLSample()
        sample.body = """
            <cbc:BuyerReference>PO-owner</cbc:BuyerReference>
            <cac:OrderReference><cbc:ID>4500017</cbc:ID></cac:OrderReference>
            <cac:AccountingSupplierParty><cac:Party>
              <cac:PartyName><cbc:Name>Demo</cbc:Name></cac:PartyName>
              <cac:PartyTaxScheme><cbc:CompanyID>NL001</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
              <cac:PartyTaxScheme><cbc:CompanyID>NL123456789B01</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
              <cac:PartyLegalEntity><cbc:RegistrationName>Demo Supplies B.V.</cbc:RegistrationName></cac:PartyLegalEntity>
            </cac:Party></cac:AccountingSupplierParty>
            <cac:PaymentMeans><cbc:PaymentID>RF18539007547034</cbc:PaymentID></cac:PaymentMeans>
            """
        sample.customerParty = """
            <cac:PartyIdentification><cbc:ID>C-0012</cbc:ID></cac:PartyIdentification>
            <cac:PartyName><cbc:Name>Buyer trading</cbc:Name></cac:PartyName>
            """
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
        #expect(invoice.reference == "PO-owner")
        #expect(invoice.purchaseOrder == "4500017")
        #expect(invoice.structuredReference == "RF18539007547034")
        #expect(invoice.customerID == "C-0012")
        #expect(invoice.customerName == "Buyer N.V.")
        #expect(invoice.customerTradingName == "Buyer trading")
        #expect(invoice.sellerName == "Demo Supplies B.V.")
        #expect(invoice.sellerTaxID == "NL123456789B01")
        #expect(invoice.provenance.at == .path("/Invoice"))
        #expect(!invoice.statedNegated)
    }

    @Test("A credit note is what we owe, and says that it was stated the other way round")
    func creditNote() throws {
        var sample = UBLSample(root: "CreditNote")
        sample.head = "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"
        sample.totals = "<cbc:PrepaidAmount currencyID=\"EUR\">21.00</cbc:PrepaidAmount>"
        sample.payable = "100.00"
        sample.body = """
            <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV-1</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>
            <cac:PaymentMeans><cbc:PaymentDueDate>2026-04-11</cbc:PaymentDueDate></cac:PaymentMeans>
            """
        let (read, reading) = try sample.read()
        let invoice = try #require(read)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(invoice.kind == .creditNote)
        #expect(invoice.payable == Self.eur(-10000))
        #expect(invoice.prepaid == Self.eur(-2100))
        #expect(invoice.total == Self.eur(-12100))
        #expect(invoice.tax == Self.eur(-2100))
        #expect(invoice.dueOn?.text == "2026-04-11")
        #expect(invoice.corrects == "INV-1")
        #expect(invoice.correction == .difference)
        #expect(invoice.statedNegated)
    }

    struct Role: Sendable, CustomTestStringConvertible {
        var root = "Invoice"
        var type: String
        var payable: String
        var kind: Invoice.Kind
        /// Cents that end up owed to us.
        var owed: Int64
        var testDescription: String { "\(root) type \(type) of \(payable)" }
    }

    static let roles = [
        Role(type: "380", payable: "121.00", kind: .invoice, owed: 12100),
        Role(type: "380", payable: "-121.00", kind: .creditNote, owed: -12100),
        Role(type: "381", payable: "121.00", kind: .creditNote, owed: -12100),
        Role(type: "381", payable: "-121.00", kind: .creditNote, owed: -12100),
        Role(type: "383", payable: "121.00", kind: .debitNote, owed: 12100),
        Role(type: "384", payable: "121.00", kind: .invoice, owed: 12100),
        Role(type: "386", payable: "121.00", kind: .prepayment, owed: 12100),
        Role(type: "389", payable: "121.00", kind: .invoice, owed: 12100),
        Role(type: "SATIS", payable: "121.00", kind: .invoice, owed: 12100),
        Role(type: "380", payable: "0.00", kind: .invoice, owed: 0),
        Role(root: "CreditNote", type: "380", payable: "121.00", kind: .creditNote, owed: -12100),
        Role(root: "CreditNote", type: "381", payable: "-121.00", kind: .creditNote, owed: 12100),
        Role(root: "SelfBilledCreditNote", type: "261", payable: "121.00", kind: .creditNote, owed: -12100),
        Role(root: "SelfBilledInvoice", type: "389", payable: "121.00", kind: .invoice, owed: 12100),
    ]

    @Test("The root, the type code and the sign say what a document is", arguments: roles)
    func role(_ role: Role) throws {
        var sample = UBLSample(root: role.root)
        sample.head =
            "<cbc:\(role.root.contains("Credit") ? "CreditNote" : "Invoice")TypeCode>\(role.type)</cbc:\(role.root.contains("Credit") ? "CreditNote" : "Invoice")TypeCode>"
        sample.payable = role.payable
        let invoice = try #require(try sample.read().invoice)
        #expect(invoice.kind == role.kind)
        #expect(invoice.payable == Self.eur(role.owed))
        let stated = invoice.statedNegated ? -role.owed : role.owed
        #expect(Money(minorUnits: stated, currency: .eur).amountText == role.payable)
    }

    @Test("A corrected invoice takes the place of the one it names")
    func replacement() throws {
        var sample = UBLSample()
        sample.head = "<cbc:DueDate>2026-04-01</cbc:DueDate><cbc:InvoiceTypeCode>384</cbc:InvoiceTypeCode>"
        sample.body =
            "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV-6</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
        let (invoice, reading) = try sample.read()
        #expect(reading.faults.isEmpty)
        #expect(invoice?.corrects == "INV-6")
        #expect(invoice?.correction == .replacement)
    }

    @Test("Prefixes, or no namespace at all, make no difference")
    func namespaces() throws {
        let text = UBLSample().text
        let expected = try #require(try UBLSample().read().invoice)
        var bare = text.replacing("cbc:", with: "").replacing("cac:", with: "")
        while let start = bare.range(of: " xmlns"), let end = bare[start.upperBound...].range(of: "\"", after: 1) {
            bare.removeSubrange(start.lowerBound..<end)
        }
        let renamed = text.replacing("cbc:", with: "n1:").replacing("cac:", with: "n2:").replacing(
            "xmlns:cbc", with: "xmlns:n1"
        )
        .replacing("xmlns:cac", with: "xmlns:n2")
        for variant in [bare, renamed] {
            var found: Invoice?
            _ = try UBLFormat.read(pieces: [Array(variant.utf8)], expected.provenance.origin) {
                if case .invoice(let invoice) = $0 { found = invoice }
            }
            #expect(found == expected, "\(variant.prefix(300))")
        }
    }

    @Test("The tax is the one in the document's currency, whatever the order")
    func twoTaxTotals() throws {
        var sample = UBLSample()
        let own = sample.tax
        let other = "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">230.00</cbc:TaxAmount></cac:TaxTotal>"
        for tax in [own + other, other + own] {
            sample.tax = tax
            let (invoice, reading) = try sample.read()
            #expect(invoice?.tax == Self.eur(2100))
            #expect(reading.faults.isEmpty)
        }
    }

    @Test("Stated instalments that add up become open items in order of their day")
    func instalments() throws {
        var sample = UBLSample()
        sample.body = """
            <cac:PaymentTerms><cbc:Amount currencyID="EUR">21.00</cbc:Amount><cbc:PaymentDueDate>2026-05-01</cbc:PaymentDueDate></cac:PaymentTerms>
            <cac:PaymentTerms><cbc:Amount currencyID="EUR">100.00</cbc:Amount><cbc:PaymentDueDate>2026-04-01Z</cbc:PaymentDueDate></cac:PaymentTerms>
            """
        let invoice = try #require(try sample.read().invoice)
        #expect(invoice.instalments.map(\.n) == [1, 2])
        #expect(invoice.instalments.map(\.dueOn.text) == ["2026-04-01", "2026-05-01"])
        #expect(invoice.instalments.map(\.amount) == [Self.eur(10000), Self.eur(2100)])
    }

    @Test("Instalments in percent share the amount due to the cent")
    func percentages() throws {
        var sample = UBLSample()
        sample.payable = "100.00"
        sample.totals = "<cbc:PrepaidAmount currencyID=\"EUR\">21.00</cbc:PrepaidAmount>"
        sample.body = ["33.333", "33.333", "33.334"].enumerated().map {
            "<cac:PaymentTerms><cbc:PaymentPercent>\($1)</cbc:PaymentPercent><cbc:InstallmentDueDate>2026-0\($0 + 4)-01</cbc:InstallmentDueDate></cac:PaymentTerms>"
        }.joined()
        let invoice = try #require(try sample.read().invoice)
        #expect(invoice.instalments.map(\.amount.minorUnits).reduce(0, +) == 10000)
        #expect(invoice.instalments.count == 3)
    }

    @Test("XRechnung's discount lines become discounts")
    func skonto() throws {
        var sample = UBLSample()
        sample.body = """
            <cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=7#PROZENT=3.00#
            #SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=50.25#
            #VERZUG#TAGE=30#PROZENT=5.00#
            30 Tage netto
            </cbc:Note></cac:PaymentTerms>
            """
        let (invoice, reading) = try sample.read()
        let discounts = try #require(invoice?.discounts)
        #expect(reading.faults.isEmpty)
        #expect(discounts.map(\.until.text) == ["2026-03-09", "2026-03-16"])
        #expect(discounts.first?.percent?.text == "3.00")
        #expect(discounts.last?.amount == Self.eur(101))
        #expect(discounts.last?.percent == nil)
    }

    static let badSkonto = [
        "#SKONTO#TAGE=14#PROZENT=2#", "#SKONTO#TAGE=14#PROZENT=2,00#", "#SKONTO#TAGE=14#PROZENT=2.00",
        "#SKONTO#TAGE=x#PROZENT=2.00#", "#SKONTO#PROZENT=2.00#TAGE=14#", "#SKONTO#TAGE=14#PROZENT=2.00#Text",
        "#SKONTO#TAGE=14#PROZENT=200.00#", "#SKONTO#TAGE=99999999999999999999#PROZENT=2.00#",
        "#SKONTO#TAGE=7#PROZENT=2.00##SKONTO#TAGE=14#PROZENT=1.00#",
    ]

    @Test("A discount line that is written differently is no discount but a warning", arguments: badSkonto)
    func badDiscount(_ line: String) throws {
        var sample = UBLSample()
        sample.body = "<cac:PaymentTerms><cbc:Note>\(line)</cbc:Note></cac:PaymentTerms>"
        let (invoice, reading) = try sample.read()
        #expect(invoice?.discounts == [])
        #expect(reading.faults.map(\.code) == ["BR-DE-18"])
    }

    @Test("A 20 MB embedded PDF comes through byte for byte")
    func attachment() throws {
        // 15 MB of bytes are 20 MB of base64, in lines as many systems write it.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let line = Array("JVBERi0x".utf8) + alphabet + [0x0A]
        let lines = (20 << 20) / line.count
        var sample = UBLSample()
        sample.body =
            "<cac:AdditionalDocumentReference><cbc:ID>D</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode=\"application/pdf\" filename=\"a/b\\in voice.pdf\">@@</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        let parts = sample.text.split(separator: "@@")
        let block = Array(repeating: line, count: 1000).flatMap { $0 }
        var pieces: [[UInt8]] = [Array(parts[0].utf8)]
        pieces += Array(repeating: block, count: lines / 1000)
        pieces.append(Array(parts[1].utf8))
        let origin = Provenance.Origin(sha256: "", name: "x", format: "ubl")
        var found: Invoice?
        _ = try UBLFormat.read(pieces: pieces, origin) { if case .invoice(let invoice) = $0 { found = invoice } }
        let attachment = try #require(found?.attachments.first)
        #expect(attachment.name == "in voice.pdf")
        #expect(attachment.mediaType == "application/pdf")
        #expect(attachment.bytes.count == lines / 1000 * 1000 * 54)
        #expect(attachment.bytes.starts(with: Array("%PDF-1".utf8)))
    }

    @Test(
        "An embedded file is decoded with padding, and a wrong one is a warning",
        arguments: [
            ("JVBERg==", "%PDF"), ("JVBER i0=", "%PDF-"), ("JVBERi0x", "%PDF-1"), ("JVBERg", "%PDF"), ("", ""),
            ("JVBER", nil), ("JVB*", nil), ("JVBERg==JVBE", nil), ("J===", nil),
        ])
    func base64(_ text: String, _ expected: String?) throws {
        var sample = UBLSample()
        sample.body =
            "<cac:AdditionalDocumentReference><cbc:ID>D</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject>\(text)</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        let (invoice, reading) = try sample.read()
        #expect(invoice?.attachments.first.map { String(decoding: $0.bytes, as: UTF8.self) } == expected)
        #expect(reading.faults.map(\.code) == (expected == nil ? ["ATTACHMENT-ENCODING"] : []))
    }

    @Test("A third decimal that says nothing is told and does not stop the invoice")
    func thirdDecimal() throws {
        var sample = UBLSample()
        sample.payable = "121.000"
        let (invoice, reading) = try sample.read()
        #expect(reading.faults.map(\.code) == ["BR-DEC-18"])
        #expect(invoice?.payable == Self.eur(12100))
    }

    @Test("Rounding and prepayment are kept, and the identity with them raises no warning")
    func rounding() throws {
        var sample = UBLSample()
        sample.totals = """
            <cbc:PrepaidAmount currencyID="EUR">20.99</cbc:PrepaidAmount>
            <cbc:PayableRoundingAmount currencyID="EUR">-0.01</cbc:PayableRoundingAmount>
            """
        sample.payable = "100.00"
        let (invoice, reading) = try sample.read()
        #expect(reading.faults.isEmpty)
        #expect(invoice?.rounding == Self.eur(-1))
        #expect(invoice?.prepaid == Self.eur(2099))
        #expect(invoice?.payable == Self.eur(10000))
    }
}

extension StringProtocol where SubSequence == Substring {
    /// The first range of a text; Foundation's is not imported here.
    fileprivate func range(of text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}

extension Substring {
    /// The end of the `after`+1-th occurrence of a text.
    fileprivate func range(of text: String, after: Int) -> Index? {
        var rest = self
        var end: Index?
        for _ in 0...after {
            guard let found = rest.range(of: text) else { return nil }
            end = found.upperBound
            rest = rest[found.upperBound...]
        }
        return end
    }
}
