// SPDX-License-Identifier: Apache-2.0
import Documents
import PaymentRequests
import Testing

struct PixPayloadTests {
    private static let key = "123e4567-e12b-12d1-a456-426655440000"

    private static func make(
        key: String = key, name: String = "EMPRESA LTDA", city: String = "SAO PAULO", minor: Int64? = 118_000,
        currency: Currency = .brl, txid: String? = "INV20260042", information: String? = nil
    ) -> Checked<PixPayload> {
        PixPayload.make(
            key: key, name: name, city: city, amount: minor.map { Money(minorUnits: $0, currency: currency) },
            transactionID: txid, information: information)
    }

    @Test("A static code is framed as the manual shows, its checksum last")
    func frames() {
        #expect(
            Self.make(name: "Fulano de Tal", city: "BRASILIA", minor: nil, txid: nil).value?.payload
                == "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
                + "5913Fulano de Tal6008BRASILIA62070503***63041D3D")
        #expect(
            Self.make(information: "Fatura 42").value?.payload
                == "00020126710014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400000209Fatura 42"
                + "52040000530398654071180.005802BR5912EMPRESA LTDA6009SAO PAULO62150511INV2026004263042086")
    }

    @Test(
        "Keys are told apart and normalised",
        arguments: [
            ("529.982.247-25", PixKey.Kind.cpf, "52998224725"), ("11.222.333/0001-81", .cnpj, "11222333000181"),
            ("12.ABC.345/01DE-35", .cnpj, "12ABC34501DE35"), ("Pix@Example.com", .email, "pix@example.com"),
            ("+55 (11) 94321-4321", .phone, "+5511943214321"),
            ("123E4567-E12B-12D1-A456-426655440000", .random, key),
        ])
    func keys(_ text: String, _ kind: PixKey.Kind, _ normal: String) throws {
        let made = try #require(PixKey(text))
        #expect(made.kind == kind)
        #expect(made.text == normal)
    }

    @Test(
        "What is no key is nil",
        arguments: [
            "", "52998224724", "11111111111", "11222333000182", "00000000000000", "pix@", "@example.com", "a@b",
            "a@b@c.d",
            "11943214321", "+0119432143", "+55119", "123e4567-e12b-12d1-a456-42665544000g", "12ABC34501DE36", "empresa",
        ])
    func refusesKeys(_ text: String) {
        #expect(PixKey(text) == nil)
    }

    @Test(
        "Bad input is refused by code",
        arguments: [
            (make(key: "empresa"), "PIX-KEY"), (make(name: ""), "PIX-NAME"),
            (make(name: String(repeating: "x", count: 26)), "PIX-NAME"), (make(name: "São"), "PIX-NAME"),
            (make(city: "SAO JOSE DOS CAMPOS"), "PIX-CITY"), (make(minor: 0), "PIX-AMOUNT"),
            (make(minor: -5), "PIX-AMOUNT"),
            (make(minor: 1_000_000_000_000), "PIX-AMOUNT"), (make(currency: .eur), "PIX-AMOUNT"),
            (make(txid: "INV-2026-0042"), "PIX-TXID"), (make(txid: String(repeating: "1", count: 26)), "PIX-TXID"),
            (make(information: String(repeating: "x", count: 73)), "PIX-INFORMATION"),
            (make(information: String(repeating: "x", count: 38)), "PIX-INFORMATION"),
        ])
    func refuses(_ made: Checked<PixPayload>, _ code: String) {
        #expect(made.faults.map(\.code).contains(code), "\(made.faults)")
    }

    @Test("The bounds themselves are accepted, and read back")
    func bounds() throws {
        for made in [
            Self.make(name: String(repeating: "x", count: 25), city: String(repeating: "y", count: 15)),
            Self.make(minor: 999_999_999_999, txid: String(repeating: "1", count: 25)),
            Self.make(information: String(repeating: "x", count: 37)),
        ] {
            let payload = try #require(made.value, "\(made.faults)")
            #expect(PixPayload.parse(payload.payload).value == payload)
        }
    }

    @Test("Cutting a code anywhere, or changing any one character, is noticed")
    func damage() throws {
        let payload = try #require(Self.make().value).payload
        for count in 0..<payload.count {
            #expect(PixPayload.parse(String(payload.prefix(count))).value == nil, "cut to \(count)")
        }
        let bytes = Array(payload.utf8)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] = damaged[index] == 0x37 ? 0x38 : 0x37
            #expect(PixPayload.parse(String(decoding: damaged, as: UTF8.self)).value == nil, "changed at \(index)")
        }
    }

    @Test("A field that runs over the end is refused before its checksum is looked at")
    func bounds_before_checksum() {
        let open =
            "00020126360014BR.GOV.BCB.PIX0114+551194321432152040000530398654045.005802BR5907EMPRESA6008BRASILIA62080503***6304"
        let made = PixPayload.parse(open + EMVFields.checksum(open.utf8))
        #expect(made.faults.map(\.code) == ["PIX-FRAME"])
    }

    @Test("A zero amount leaves it to the payer")
    func zeroAmount() throws {
        let open =
            "00020126360014BR.GOV.BCB.PIX0114+551194321432152040000530398654040.005802BR5907EMPRESA6008BRASILIA62070503***6304"
        let payload = try #require(PixPayload.parse(open + EMVFields.checksum(open.utf8)).value)
        #expect(payload.amount == nil)
        #expect(payload.transactionID == nil)
    }

    @Test("Text beyond ASCII is refused, and never traps")
    func hostile() {
        for text in ["", "00", "0002", "000201", "00020199", "São", "0002016304", "00020163041D3D", "\u{0}", "６３"] {
            #expect(PixPayload.parse(text).value == nil)
        }
    }
}
