// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What any XML format gets from the parser: encodings, cuts, places.
@Suite("XML is read as it is written")
struct XMLReadingTests {
    private func read(_ pieces: [[UInt8]]) throws -> (Invoice?, Reading) {
        let origin = Provenance.Origin(sha256: "", name: "x.xml", format: "ubl")
        var found: Invoice?
        let reading = try UBLFormat.read(pieces: pieces, origin) {
            if case .invoice(let invoice) = $0 { found = invoice }
        }
        return (found, reading)
    }

    private static let invoice = UBLSample(customer: "Käufer & Söhne").text
    private static let bytes = Array(invoice.utf8)

    @Test("UTF-8 with and without a byte order mark, UTF-16 of both orders and Latin-1 say the same")
    func encodings() throws {
        let body = Self.invoice.replacing("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", with: "")
        let big = body.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        let little = body.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let latin =
            Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".utf8) + body.unicodeScalars.map { UInt8($0.value) }
        for bytes in [Self.bytes, [0xEF, 0xBB, 0xBF] + Self.bytes, [0xFE, 0xFF] + big, [0xFF, 0xFE] + little, latin] {
            for size in [3, 64, 1 << 20] {
                let pieces = stride(from: 0, to: bytes.count, by: size).map {
                    Array(bytes[$0..<min(bytes.count, $0 + size)])
                }
                let (invoice, reading) = try read(pieces)
                #expect(invoice?.customerName == "Käufer & Söhne", "\(bytes.prefix(4)) in \(size): \(reading.faults)")
            }
        }
    }

    @Test(
        "Bytes that leave their encoding on the way are refused, whatever the parser says of it",
        arguments: [true, false])
    func undecodable(_ isBig: Bool) throws {
        let body = Self.invoice.replacing("encoding=\"UTF-8\"", with: "encoding=\"UTF-32\"")
        let wide = body.unicodeScalars.flatMap { scalar -> [UInt8] in
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> (8 * (3 - $0))) }
            return isBig ? bytes : bytes.reversed()
        }
        for size in [64, 1 << 20] {
            let pieces = stride(from: 0, to: wide.count, by: size).map { Array(wide[$0..<min(wide.count, $0 + size)]) }
            let (invoice, reading) = try read(pieces)
            #expect(invoice == nil)
            #expect(reading.faults.map(\.code) == ["XML-ENCODING"], "\(reading.faults)")
        }
        // Half of a character of UTF-16 at the end.
        let narrow = body.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        let half: [UInt8] = [0xFE, 0xFF] + narrow.dropLast(3)
        #expect(try read([half]).1.refused)
    }

    @Test("CDATA, comments, instructions and character references are text or nothing")
    func sections() throws {
        let text = Self.invoice.replacing(
            "<cbc:ID>INV-7</cbc:ID>",
            with: "<cbc:ID>  <!-- c -->IN<![CDATA[V-]]><?pi x?>&#x37;\r\n </cbc:ID>")
        #expect(try read([Array(text.utf8)]).0?.number == "INV-7")
    }

    @Test("A file cut anywhere is never taken for whole")
    func truncated() throws {
        // The last bytes are the line end after the root.
        for count in stride(from: 1, to: Self.bytes.count - 1, by: 5) {
            let (invoice, reading) = try read([Array(Self.bytes.prefix(count))])
            #expect(invoice == nil)
            #expect(reading.refused, "cut after \(count) bytes")
            #expect(reading.faults.allSatisfy { !$0.hint.isEmpty })
        }
        let (_, reading) = try read([Array(Self.bytes.prefix(Self.bytes.count * 2 / 3))])
        #expect(reading.faults.map(\.code) == ["XML-TRUNCATED"])
    }

    @Test("Damaged bytes are refused or read, and nothing else", arguments: 0..<20)
    func damaged(_ seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        for _ in 0..<50 {
            var bytes = Self.bytes
            for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
            let (invoice, reading) = try read([bytes])
            #expect(reading.refused == (invoice == nil))
        }
    }

    @Test("The place of malformed XML is its line and column")
    func place() throws {
        let (_, reading) = try read([Array("<Invoice>\n  <ID>7</Id>\n</Invoice>".utf8)])
        let fault = try #require(reading.faults.first)
        #expect(fault.code == "XML-MALFORMED")
        #expect(fault.at.text.hasPrefix("line 2, column "))
        #expect(fault.message.contains("ID"))
    }

    @Test("Two root elements, and text after the root, are refused", arguments: ["<Invoice/>", "more"])
    func after(_ rest: String) throws {
        #expect(try read([Self.bytes + Array(rest.utf8)]).1.faults.contains { $0.code == "XML-MALFORMED" })
    }

    @Test("An undeclared prefix is refused")
    func prefix() throws {
        #expect(try read([Array("<Invoice><q:ID>7</q:ID></Invoice>".utf8)]).1.faults.first?.code == "XML-MALFORMED")
    }

    @Test("The formats tell themselves apart by the root element")
    func detection() {
        func best(_ text: String) -> [Int] {
            let head = Array(text.utf8)
            return [
                UBLFormat.detect(head: head, name: "x").confidence, CamtFormat.detect(head: head, name: "x").confidence,
            ]
        }
        #expect(best(Self.invoice) == [100, 0])
        #expect(best("\n <Invoice><ID>") == [80, 0])
        #expect(best("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'><B") == [10, 100])
        #expect(best("<!DOCTYPE ns:Invoice SYSTEM 'x'><ns:Invoice") == [80, 0])
        #expect(best("<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'>") == [100, 0])
        #expect(best("<<<") == [10, 0])
        #expect(best("a;b;c\n1;<2;3") == [0, 0])
        #expect(best("") == [0, 0])
    }
}

/// A small invoice to change one thing of.
struct UBLSample {
    var root = "Invoice"
    var number = "INV-7"
    var issued = "2026-03-02"
    var head = "<cbc:DueDate>2026-04-01</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    var customer = "Buyer N.V."
    var customerParty = ""
    var body = ""
    /// After `body`, so that one there comes first.
    var supplier = """
        <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Demo Supplies B.V.</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
        """
    var tax = """
        <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount><cac:TaxSubtotal>
          <cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount>
          <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
        </cac:TaxSubtotal></cac:TaxTotal>
        """
    var lines = "100.00"
    var gross = "121.00"
    var totals = ""
    var payable = "121.00"

    var text: String {
        let common = "urn:oasis:names:specification:ubl:schema:xsd:"
        let escaped = customer.replacing("&", with: "&amp;")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <\(root) xmlns="\(common)\(root)-2" xmlns:cac="\(common)CommonAggregateComponents-2"
                xmlns:cbc="\(common)CommonBasicComponents-2">
              <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
              <cbc:ID>\(number)</cbc:ID>
              <cbc:IssueDate>\(issued)</cbc:IssueDate>
              \(head)
              <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
              <cac:AccountingCustomerParty><cac:Party>\(customerParty)
                <cac:PartyLegalEntity><cbc:RegistrationName>\(escaped)</cbc:RegistrationName></cac:PartyLegalEntity>
              </cac:Party></cac:AccountingCustomerParty>
              \(body)
              \(supplier)
              \(tax)
              <cac:LegalMonetaryTotal>
                <cbc:LineExtensionAmount currencyID="EUR">\(lines)</cbc:LineExtensionAmount>
                <cbc:TaxExclusiveAmount currencyID="EUR">\(lines)</cbc:TaxExclusiveAmount>
                <cbc:TaxInclusiveAmount currencyID="EUR">\(gross)</cbc:TaxInclusiveAmount>
                \(totals)
                <cbc:PayableAmount currencyID="EUR">\(payable)</cbc:PayableAmount>
              </cac:LegalMonetaryTotal>
              <cac:\(root)Line><cbc:LineExtensionAmount currencyID="EUR">\(lines)</cbc:LineExtensionAmount></cac:\(root)Line>
            </\(root)>

            """
    }

    func read() throws -> (invoice: Invoice?, reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "sample.xml", format: "ubl")
        var found: Invoice?
        let reading = try UBLFormat.read(pieces: [Array(text.utf8)], origin) {
            if case .invoice(let invoice) = $0 { found = invoice }
        }
        return (found, reading)
    }
}
