// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What a customer says that its payment pays.
@Suite("A UBL remittance advice becomes stated allocations")
struct UBLRemittanceTests {
    private static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    private static let advice = """
        <?xml version="1.0" encoding="UTF-8"?>
        <RemittanceAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:RemittanceAdvice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
          <cbc:ID>ADV-3</cbc:ID>
          <cbc:IssueDate>2026-04-01</cbc:IssueDate>
          <cbc:TotalPaymentAmount currencyID="EUR">100.00</cbc:TotalPaymentAmount>
          <cac:AccountingCustomerParty><cac:Party><cac:PartyName><cbc:Name>Buyer N.V.</cbc:Name></cac:PartyName></cac:Party></cac:AccountingCustomerParty>
          <cac:RemittanceAdviceLine><cbc:ID>1</cbc:ID><cbc:DebitLineAmount currencyID="EUR">121.00</cbc:DebitLineAmount><cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV-7</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference></cac:RemittanceAdviceLine>
          <cac:RemittanceAdviceLine><cbc:ID>2</cbc:ID><cbc:CreditLineAmount currencyID="EUR">21.00</cbc:CreditLineAmount><cac:BillingReference><cac:CreditNoteDocumentReference><cbc:ID>CN-2</cbc:ID></cac:CreditNoteDocumentReference></cac:BillingReference></cac:RemittanceAdviceLine>
        </RemittanceAdvice>
        """

    private func read(_ text: String) throws -> (allocations: [StatedAllocation], reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "advice.xml", format: "ubl")
        var found: [StatedAllocation] = []
        let reading = try UBLFormat.read(pieces: [Array(text.utf8)], origin) {
            if case .allocation(let allocation) = $0 { found.append(allocation) } else { Issue.record("\($0)") }
        }
        return (found, reading)
    }

    @Test("Each line says what it pays; a credit note takes from it")
    func lines() throws {
        let (found, reading) = try read(Self.advice)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(found.map(\.invoiceID) == ["INV-7", "CN-2"])
        #expect(found.map(\.amount) == [Self.eur(12100), Self.eur(-2100)])
        #expect(found.map(\.paymentID) == ["ADV-3", "ADV-3"])
        #expect(found.first?.reason == "remittance advice ADV-3 of Buyer N.V.")
        #expect(found.last?.provenance.at == .path("/RemittanceAdvice/RemittanceAdviceLine[2]"))
    }

    @Test("The payment is the one that the bank will show, where the advice names it")
    func payment() throws {
        let means =
            "<cac:PaymentMeans><cbc:PaymentDueDate>2026-04-03</cbc:PaymentDueDate><cbc:PaymentID>E2E-9</cbc:PaymentID></cac:PaymentMeans>"
        let (found, _) = try read(
            Self.advice.replacing("<cac:AccountingCustomerParty>", with: means + "<cac:AccountingCustomerParty>"))
        #expect(found.map(\.paymentID) == ["E2E-9", "E2E-9"])
        #expect(found.first?.postedOn?.text == "2026-04-03")
    }

    @Test("A line that cannot be taken is left out by itself, and a total that differs is told")
    func faults() throws {
        let (found, reading) = try read(Self.advice.replacing(">121.00<", with: ">121,00<"))
        #expect(found.map(\.invoiceID) == ["CN-2"])
        #expect(reading.faults.map(\.code) == ["AMOUNT-FORMAT", "ADVICE-AMOUNT"])
        #expect(!reading.refused)
        #expect(
            try read(Self.advice.replacing(">100.00<", with: ">99.00<")).reading.faults.map(\.code) == ["ADVICE-TOTAL"])
        #expect(try read(Self.advice.replacing("<cbc:ID>ADV-3</cbc:ID>", with: "")).reading.refused)
    }
}
