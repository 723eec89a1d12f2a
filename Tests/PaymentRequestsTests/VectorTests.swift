// SPDX-License-Identifier: Apache-2.0
import Documents
import PaymentRequests
import Testing

/// The shared vectors, each against the code that must agree with it.
struct VectorTests {
    @Test("The checksum agrees with every vector")
    func checksums() throws {
        guard let vectors = try QRFixtures.vectors() else { return }
        #expect(EMVFields.checksum("123456789".utf8) == vectors.crc16.check123456789)
        for vector in vectors.crc16.cases {
            #expect(EMVFields.checksum(vector.payloadWithoutCrc.utf8) == vector.crc)
            #expect(PixPayload.parse(vector.payloadWithoutCrc + vector.crc).faults == [])
        }
    }

    @Test("Account numbers and references agree with every vector")
    func references() throws {
        guard let vectors = try QRFixtures.vectors() else { return }
        for text in vectors.ibanValid { #expect(IBAN(text) != nil, "\(text)") }
        for text in vectors.ibanInvalid { #expect(IBAN(text) == nil, "\(text)") }
        for text in vectors.rfValid { #expect(CreditorReference(text) != nil, "\(text)") }
        for text in vectors.rfInvalid { #expect(CreditorReference(text) == nil, "\(text)") }
        for (body, text) in vectors.rfCreate { #expect(CreditorReference.make(body)?.text == text) }
        for text in vectors.swissQrrValid { #expect(SwissReference(text) != nil, "\(text)") }
        for text in vectors.swissQrrInvalid { #expect(SwissReference(text) == nil, "\(text)") }
    }

    @Test("Every invalid Pix and EPC vector is refused")
    func invalid() throws {
        guard let vectors = try QRFixtures.vectors() else { return }
        var tried = 0
        for vector in vectors.invalid {
            switch vector.kind {
            case "pix": #expect(PixPayload.parse(vector.payload).value == nil, "\(vector.why)")
            case "epc": #expect(EPCPayload.parse(vector.payload).value == nil, "\(vector.why)")
            default: continue
            }
            tried += 1
        }
        #expect(tried == 8)
    }

    @Test(
        "Valid EPC files read, and write back what they say",
        arguments: ["epc-segno-doc.txt", "epc-structured-rf.txt", "epc-unstructured-bic.txt"])
    func epc(_ name: String) throws {
        guard let text = QRFixtures.text(name) else { return }
        let read = EPCPayload.parse(text)
        let payload = try #require(read.value, "\(read.faults)")
        let again = EPCPayload.parse(payload.payload)
        #expect(again.value == payload)
        if name == "epc-structured-rf.txt" { #expect(payload.payload == text) }
        #expect(payload.amount?.minorUnits == (name == "epc-segno-doc.txt" ? 2_000 : 118_000))
    }

    @Test(
        "Valid Pix files read, and write back byte for byte",
        arguments: ["pix-static.txt", "pix-static-manual.txt", "pix-dynamic-cobv.txt"])
    func pix(_ name: String) throws {
        guard let text = QRFixtures.text(name) else { return }
        let read = PixPayload.parse(text)
        #expect(read.value?.payload == text, "\(read.faults)")
    }
}
