// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Each rule of EN 16931 on a document that breaks it, beside one that breaks none.
@Suite("Each rule finds what breaks it")
struct EN16931RuleTests {
    /// Changes to `sound`, each a text and what takes its place, and the rule that they break.
    struct Break: Sendable, CustomTestStringConvertible {
        var rule: String
        var changes: [String]
        var testDescription: String { rule }

        init(_ rule: String, _ changes: String...) {
            self.rule = rule
            self.changes = changes
        }
    }

    static let breaks = [
        Break("BR-01", "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>", ""),
        Break("BR-02", "<cbc:ID>INV-7</cbc:ID>", "<cbc:ID> </cbc:ID>"),
        Break("BR-03", "<cbc:IssueDate>2026-03-02</cbc:IssueDate>", ""),
        Break("BR-04", "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", ""),
        Break("BR-05", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", ""),
        Break("BR-06", "<cbc:RegistrationName>Seller B.V.</cbc:RegistrationName>", ""),
        Break("BR-07", "<cbc:RegistrationName>Buyer N.V.</cbc:RegistrationName>", ""),
        Break(
            "BR-12",
            "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID=\"EUR\">98.00</cbc:LineExtensionAmount>",
            "<cac:LegalMonetaryTotal>"),
        Break("BR-13", "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.00</cbc:TaxExclusiveAmount>", ""),
        Break("BR-14", "<cbc:TaxInclusiveAmount currencyID=\"EUR\">121.00</cbc:TaxInclusiveAmount>", ""),
        Break("BR-15", "<cbc:PayableAmount currencyID=\"EUR\">121.00</cbc:PayableAmount>", ""),
        Break("BR-16", "InvoiceLine>", "Line>"),
        Break(
            "BR-24", "<cac:InvoiceLine><cbc:LineExtensionAmount currencyID=\"EUR\">98.00</cbc:LineExtensionAmount>",
            "<cac:InvoiceLine>"),
        Break("BR-31", "<cbc:Amount currencyID=\"EUR\">1.00</cbc:Amount>", ""),
        Break("BR-36", "<cbc:Amount currencyID=\"EUR\">3.00</cbc:Amount>", ""),
        Break("BR-45", "<cbc:TaxableAmount currencyID=\"EUR\">100.00</cbc:TaxableAmount>", ""),
        Break(
            "BR-46", "</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"EUR\">21.00</cbc:TaxAmount>",
            "</cbc:TaxableAmount>"),
        Break("BR-48", "<cbc:Percent>21</cbc:Percent>", ""),
        Break("BR-53", "currencyID=\"SEK\"", "currencyID=\"NOK\""),
        Break("BR-55", "<cbc:ID>INV-6</cbc:ID>", ""),
        Break("BR-CL-01", ">380<", ">381<"),
        Break("BR-CL-03", "currencyID=\"SEK\"", "currencyID=\"XYZ\""),
        Break("BR-CL-04", "<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>XYZ"),
        Break("BR-CL-05", "<cbc:TaxCurrencyCode>SEK", "<cbc:TaxCurrencyCode>XYZ"),
        Break(
            "BR-CO-10", "<cac:InvoiceLine><cbc:LineExtensionAmount currencyID=\"EUR\">98.00",
            "<cac:InvoiceLine><cbc:LineExtensionAmount currencyID=\"EUR\">98.01"),
        Break("BR-CO-11", ">1.00</cbc:Amount>", ">1.01</cbc:Amount>"),
        Break("BR-CO-12", ">3.00</cbc:Amount>", ">3.01</cbc:Amount>"),
        Break(
            "BR-CO-13", "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.00",
            "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.01"),
        Break(
            "BR-CO-14", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">21.00",
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">21.01"),
        Break(
            "BR-CO-15", "<cbc:TaxInclusiveAmount currencyID=\"EUR\">121.00",
            "<cbc:TaxInclusiveAmount currencyID=\"EUR\">121.01"),
        Break("BR-CO-16", "<cbc:PrepaidAmount currencyID=\"EUR\">0.50", "<cbc:PrepaidAmount currencyID=\"EUR\">0.51"),
        Break("BR-CO-17", "<cbc:Percent>21</cbc:Percent>", "<cbc:Percent>20</cbc:Percent>"),
        Break("BR-CO-18", "TaxSubtotal>", "Subtotal>"),
        Break("BR-CO-25", "<cbc:DueDate>2026-04-01</cbc:DueDate>", "", "<cbc:Note>Thanks</cbc:Note>", ""),
        Break("BR-DEC-01", ">1.00</cbc:Amount>", ">1.000</cbc:Amount>"),
        Break("BR-DEC-02", ">10.00</cbc:BaseAmount>", ">10.000</cbc:BaseAmount>"),
        Break("BR-DEC-05", ">3.00</cbc:Amount>", ">3.000</cbc:Amount>"),
        Break("BR-DEC-06", ">30.00</cbc:BaseAmount>", ">30.000</cbc:BaseAmount>"),
        Break(
            "BR-DEC-09", "<cbc:LineExtensionAmount currencyID=\"EUR\">98.00</cbc:LineExtensionAmount><cbc:TaxE",
            "<cbc:LineExtensionAmount currencyID=\"EUR\">98.000</cbc:LineExtensionAmount><cbc:TaxE"),
        Break(
            "BR-DEC-10", "<cbc:AllowanceTotalAmount currencyID=\"EUR\">1.00",
            "<cbc:AllowanceTotalAmount currencyID=\"EUR\">1.000"),
        Break(
            "BR-DEC-11", "<cbc:ChargeTotalAmount currencyID=\"EUR\">3.00",
            "<cbc:ChargeTotalAmount currencyID=\"EUR\">3.000"),
        Break(
            "BR-DEC-12", "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.00",
            "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.000"),
        Break(
            "BR-DEC-13", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">21.00",
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">21.000"),
        Break(
            "BR-DEC-14", "<cbc:TaxInclusiveAmount currencyID=\"EUR\">121.00",
            "<cbc:TaxInclusiveAmount currencyID=\"EUR\">121.000"),
        Break("BR-DEC-15", ">230.00<", ">230.000<"),
        Break("BR-DEC-16", "<cbc:PrepaidAmount currencyID=\"EUR\">0.50", "<cbc:PrepaidAmount currencyID=\"EUR\">0.500"),
        Break(
            "BR-DEC-17", "<cbc:PayableRoundingAmount currencyID=\"EUR\">0.50",
            "<cbc:PayableRoundingAmount currencyID=\"EUR\">0.500"),
        Break(
            "BR-DEC-18", "<cbc:PayableAmount currencyID=\"EUR\">121.00", "<cbc:PayableAmount currencyID=\"EUR\">121.000"
        ),
        Break(
            "BR-DEC-19", "<cbc:TaxableAmount currencyID=\"EUR\">100.00", "<cbc:TaxableAmount currencyID=\"EUR\">100.000"
        ),
        Break(
            "BR-DEC-20", "</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"EUR\">21.00",
            "</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"EUR\">21.000"),
        Break(
            "BR-DEC-23", "<cac:InvoiceLine><cbc:LineExtensionAmount currencyID=\"EUR\">98.00",
            "<cac:InvoiceLine><cbc:LineExtensionAmount currencyID=\"EUR\">98.000"),
        Break("BR-DEC-24", ">4.00<", ">4.000<"), Break("BR-DEC-25", ">40.00<", ">40.000<"),
        Break("BR-DEC-27", ">5.00<", ">5.000<"), Break("BR-DEC-28", ">50.00<", ">50.000<"),
        Break("PEPPOL-EN16931-R005", "<cbc:TaxCurrencyCode>SEK", "<cbc:TaxCurrencyCode>EUR"),
        Break("PEPPOL-EN16931-R051", "currencyID=\"EUR\">4.00<", "currencyID=\"NOK\">4.00<"),
        Break("PEPPOL-EN16931-R053", "TaxSubtotal>", "Subtotal>"),
        Break(
            "PEPPOL-EN16931-R054",
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">230.00</cbc:TaxAmount></cac:TaxTotal>", ""),
        Break("PEPPOL-EN16931-R055", ">230.00<", ">-230.00<"),
        Break("BR-DE-18", "Thanks", "#SKONTO#TAGE=14#PROZENT=2#"),
        Break("BR-DE-26", ">380<", ">384<", "BillingReference>", "Reference>"),
    ]

    private static let sound = """
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="a" xmlns:cbc="b">
        <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>INV-7</cbc:ID>
        <cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:DueDate>2026-04-01</cbc:DueDate>
        <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
        <cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>
        <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV-6</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>
        <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Seller B.V.</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
        <cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Buyer N.V.</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
        <cac:PaymentTerms><cbc:Note>Thanks</cbc:Note></cac:PaymentTerms>
        <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">1.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">10.00</cbc:BaseAmount></cac:AllowanceCharge>
        <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">3.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">30.00</cbc:BaseAmount></cac:AllowanceCharge>
        <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
        <cac:TaxTotal><cbc:TaxAmount currencyID="SEK">230.00</cbc:TaxAmount></cac:TaxTotal>
        <cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">98.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">121.00</cbc:TaxInclusiveAmount><cbc:AllowanceTotalAmount currencyID="EUR">1.00</cbc:AllowanceTotalAmount><cbc:ChargeTotalAmount currencyID="EUR">3.00</cbc:ChargeTotalAmount><cbc:PrepaidAmount currencyID="EUR">0.50</cbc:PrepaidAmount><cbc:PayableRoundingAmount currencyID="EUR">0.50</cbc:PayableRoundingAmount><cbc:PayableAmount currencyID="EUR">121.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
        <cac:InvoiceLine><cbc:LineExtensionAmount currencyID="EUR">98.00</cbc:LineExtensionAmount><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">4.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">40.00</cbc:BaseAmount></cac:AllowanceCharge><cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">5.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">50.00</cbc:BaseAmount></cac:AllowanceCharge></cac:InvoiceLine>
        </Invoice>
        """

    private func broken(_ text: String) throws -> [String] {
        let origin = Provenance.Origin(sha256: "", name: "x", format: "ubl")
        return try UBLFormat.check(pieces: [Array(text.utf8)], origin) { _ in }.faults.map(\.code)
    }

    @Test("A sound document breaks none")
    func none() throws {
        #expect(try broken(Self.sound) == [])
    }

    @Test("A broken rule is told", arguments: breaks)
    func told(_ one: Break) throws {
        var text = Self.sound
        for index in stride(from: 0, to: one.changes.count, by: 2) {
            let changed = text.replacing(one.changes[index], with: one.changes[index + 1])
            #expect(changed != text, "there is no \(one.changes[index])")
            text = changed
        }
        #expect(try broken(text).contains(one.rule))
    }

    /// ISO 4217 gives the Kuwaiti dinar three decimals and the yen none.
    @Test("A currency's own third decimal is no mistake; a fourth one is, and so is a third in any other currency")
    func thirdDecimal() throws {
        let dinars = Self.sound.replacing("EUR", with: "KWD").replacing(">121.00<", with: ">121.000<")
        #expect(try broken(dinars).filter { $0.hasPrefix("BR-DEC") } == [])
        #expect(try broken(dinars.replacing(">121.000<", with: ">121.0000<")).contains("BR-DEC-18"))
        let lines = dinars.replacing(">4.00</cbc:Amount>", with: ">4.000</cbc:Amount>")
        #expect(try broken(lines).filter { $0.hasPrefix("BR-DEC") } == [])
        for code in ["EUR", "JPY"] {
            let text = Self.sound.replacing("EUR", with: code).replacing(">121.00<", with: ">121.000<")
            #expect(try broken(text).contains("BR-DEC-18"), "\(code)")
        }
    }

    @Test("Every rule has a document here that breaks it")
    func complete() {
        #expect(Set(Self.breaks.map(\.rule)) == Set(EN16931.ruleIDs))
    }
}
