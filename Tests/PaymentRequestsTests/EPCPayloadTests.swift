// SPDX-License-Identifier: Apache-2.0
import Documents
import PaymentRequests
import Testing

struct EPCPayloadTests {
    private static let iban = "NL91 ABNA 0417 1643 00"

    private static func make(
        name: String = "Example B.V.", iban: String = iban, bic: String? = nil, minor: Int64? = 118_000,
        currency: Currency = .eur, purpose: String? = nil, reference: String? = nil, text: String? = nil,
        information: String? = nil
    ) -> Checked<EPCPayload> {
        EPCPayload.make(
            name: name, iban: iban, bic: bic, amount: minor.map { Money(minorUnits: $0, currency: currency) },
            purpose: purpose, reference: reference, text: text, information: information)
    }

    @Test("A payload has its lines in order and nothing after the last filled one")
    func lines() {
        #expect(
            Self.make(reference: "rf73 inv2 0260 042").value?.payload
                == "BCD\n002\n1\nSCT\n\nExample B.V.\nNL91ABNA0417164300\nEUR1180.00\n\nRF73INV20260042")
        #expect(
            Self.make(bic: "abnanl2a", minor: 1, text: " Invoice 7 ").value?.payload
                == "BCD\n002\n1\nSCT\nABNANL2A\nExample B.V.\nNL91ABNA0417164300\nEUR0.01\n\n\nInvoice 7")
        #expect(
            Self.make(minor: nil, purpose: "supp", information: "Danke").value?.payload
                == "BCD\n002\n1\nSCT\n\nExample B.V.\nNL91ABNA0417164300\n\nSUPP\n\n\nDanke")
    }

    @Test(
        "Bad input is refused by code",
        arguments: [
            (make(name: ""), "EPC-NAME"), (make(name: "  "), "EPC-NAME"),
            (make(name: String(repeating: "x", count: 71)), "EPC-NAME"), (make(name: "Example\nB.V."), "EPC-NAME"),
            (make(iban: "NL91ABNA0417164301"), "EPC-IBAN"), (make(iban: ""), "EPC-IBAN"),
            (make(bic: "ABNA"), "EPC-BIC"), (make(bic: "12NANL2A"), "EPC-BIC"),
            (make(iban: "CH5800791123000889012"), "EPC-BIC"), (make(minor: 0), "EPC-AMOUNT"),
            (make(minor: -1), "EPC-AMOUNT"), (make(minor: 100_000_000_000), "EPC-AMOUNT"),
            (make(currency: .brl), "EPC-AMOUNT"), (make(purpose: "TOOLONG"), "EPC-PURPOSE"),
            (make(reference: "RF74INV20260042"), "EPC-REFERENCE"),
            (make(reference: "+++020/3430/57642+++"), "EPC-REFERENCE"),
            (make(text: String(repeating: "x", count: 141)), "EPC-TEXT"), (make(text: "a\r\nb"), "EPC-TEXT"),
            (make(information: String(repeating: "x", count: 71)), "EPC-INFORMATION"),
            (make(reference: "RF73INV20260042", text: "Invoice"), "EPC-BOTH"),
            (
                make(name: String(repeating: "é", count: 70), text: String(repeating: "ü", count: 130)),
                "EPC-SIZE"
            ),
        ])
    func refuses(_ made: Checked<EPCPayload>, _ code: String) {
        #expect(made.faults.map(\.code).contains(code))
        #expect(made.faults.allSatisfy { $0.severity == .refusal && !$0.hint.isEmpty })
    }

    @Test("The bounds themselves are accepted")
    func bounds() {
        #expect(Self.make(name: String(repeating: "x", count: 70)).faults == [])
        #expect(Self.make(minor: 99_999_999_999).value?.payload.contains("EUR999999999.99") == true)
        #expect(Self.make(text: String(repeating: "x", count: 140)).faults == [])
        #expect(Self.make(iban: "CH5800791123000889012", bic: "UBSWCHZH80A").faults == [])
    }

    @Test("Every fault is listed, not only the first")
    func listsAll() {
        let codes = Self.make(name: "", minor: 0, purpose: "!").faults.map(\.code)
        #expect(codes == ["EPC-NAME", "EPC-AMOUNT", "EPC-PURPOSE"])
    }

    @Test("CRLF and trailing empty lines are read")
    func reads() throws {
        let text = "BCD\r\n002\r\n1\r\nSCT\r\n\r\nExample B.V.\r\nNL91ABNA0417164300\r\nEUR5.5\r\n\r\n\r\nHi\r\n\r\n"
        let payload = try #require(EPCPayload.parse(text).value)
        #expect(payload.amount == Money(minorUnits: 550, currency: .eur))
        #expect(payload.text == "Hi")
    }

    @Test(
        "What is no payload is refused at its line",
        arguments: [
            ("", "EPC-HEADER", 1), ("BCD\n002\n1\nXXX\n\nN\nNL91ABNA0417164300", "EPC-HEADER", 4),
            ("BCD\n003\n1\nSCT\n\nN\nNL91ABNA0417164300", "EPC-VERSION", 2),
            ("BCD\n002\n9\nSCT\n\nN\nNL91ABNA0417164300", "EPC-CHARSET", 3),
            ("BCD\n002\n1\nSCT\n\nN\nNL91ABNA0417164301", "EPC-IBAN", 7),
            ("BCD\n002\n1\nSCT\n\nN\nNL91 ABNA 0417 1643 00", "EPC-IBAN", 7),
            ("BCD\n002\n1\nSCT\n\n\nNL91ABNA0417164300", "EPC-NAME", 6),
            ("BCD\n002\n1\nSCT\n\nN\nNL91ABNA0417164300\nEUR1,18", "EPC-AMOUNT", 8),
            ("BCD\n002\n1\nSCT\n\nN\nNL91ABNA0417164300\nEUR-1", "EPC-AMOUNT", 8),
            ("BCD\n002\n1\nSCT\n\nN\nNL91ABNA0417164300\nEUR1.234", "EPC-AMOUNT", 8),
            ("BCD\n002\n1\nSCT\n\nN\nNL91ABNA0417164300\nEUR1.", "EPC-AMOUNT", 8),
            ("BCD\n002\n1\nSCT\n\nN\nNL91ABNA0417164300\n\n\nRF74INV20260042", "EPC-REFERENCE", 10),
            ("BCD\n002\n1\nSCT\n\nN\nNL91ABNA0417164300\n\n\n\n\n\nmore", "EPC-HEADER", 13),
            ("BCD\n001\n1\nSCT\n\nN\nNL91ABNA0417164300", "EPC-BIC", 5),
        ])
    func refusesText(_ text: String, _ code: String, _ line: Int) {
        let faults = EPCPayload.parse(text).faults
        #expect(faults.contains { $0.code == code && $0.at == .line(line) }, "\(faults)")
    }
}
