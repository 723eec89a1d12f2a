// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Files that are damaged, endless or meant to hurt, for every text format of banks.
@Suite("Hostile bank files are refused or told, and never crash")
struct MT940HostileTests {
    typealias Read = @Sendable ([[UInt8]], (Document) throws -> Void) throws -> Reading

    struct Reader: Sendable, CustomTestStringConvertible {
        let name: String
        let sample: String
        let read: Read
        var testDescription: String { name }
    }

    static let origin = Provenance.Origin(sha256: "", name: "x", format: "x")
    static let readers = [
        Reader(
            name: "mt940",
            sample: MT940Sample(
                entries: ":61:2603020302CR1,00NTRFA//123456789\n:86:166?20EREF+1?21SVWZ+Rechnung 17?32Ä\n"
                    + ":61:260303D2,00NTRFB\n:86:/EREF/1/REMI/USTD//x/NAME/y\n"
            ).text, read: { try MT940Format.read(pieces: $0, origin, $1) }),
        Reader(
            name: "ofx",
            sample: {
                var sample = OFXSample()
                sample.transactions = [
                    ["DTPOSTED": "20260302", "TRNAMT": "1.00", "MEMO": "a &amp; b <![CDATA[c]]> <!-- d -->"]
                ]
                return sample.text
            }(), read: { try OFXFormat.read(pieces: $0, origin, $1) }),
        Reader(
            name: "coda",
            sample: {
                var sample = CODASample()
                sample.movements = [
                    CODASample.movement(amount: "000000000121000", globalisation: "1", next: "1"),
                    CODASample.third(account: "1", name: "É", communication: "x"),
                    CODASample.movement(amount: "000000000121000", detail: "0001", globalisation: "1"),
                ]
                return sample.text
            }(), read: { try CODAFormat.read(pieces: $0, origin, $1) }),
        Reader(
            name: "cnab 240", sample: CNABSample240(titles: [.init(occurrence: "06", paid: 1, net: 1)]).text,
            read: { try CNABFormat.read(pieces: $0, origin, $1) }),
        Reader(
            name: "cnab 400", sample: CNABSample400(titles: [.init(occurrence: "06", paid: 1)]).text,
            read: { try CNABFormat.read(pieces: $0, origin, $1) }),
    ]

    @Test(
        "Cut at every byte, a file is read without a crash, and what is cut inside an entry is no payment",
        arguments: readers)
    func truncated(_ reader: Reader) throws {
        let bytes = Array(reader.sample.utf8)
        var whole: [Payment] = []
        _ = try reader.read([bytes]) { if case .payment(let payment) = $0 { whole.append(payment) } }
        let known = Set(whole.map(\.amount))
        for count in 0..<bytes.count {
            var landed: [Payment] = []
            let reading = try reader.read([Array(bytes.prefix(count))]) {
                if case .payment(let payment) = $0 { landed.append(payment) }
            }
            if reading.refused { continue }
            #expect(landed.allSatisfy { known.contains($0.amount) }, "cut at \(count)")
        }
    }

    @Test("Changed at random, a file is read without a crash, within Int64", arguments: readers)
    func mutated(_ reader: Reader) throws {
        let bytes = Array(reader.sample.utf8)
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            // A 64-bit linear congruential generator (Knuth, MMIX).
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let letters = Array("0123456789:?/<>-+,.& \n\r{}CDRÄ".utf8)
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0..<(1 + random(8)) {
                let at = random(changed.count)
                switch random(4) {
                case 0: changed[at] = UInt8(random(256))
                case 1: changed[at] = letters[random(letters.count)]
                case 2: changed.remove(at: at)
                default: changed.insert(letters[random(letters.count)], at: at)
                }
            }
            var sum: Int64 = 0
            _ = try reader.read([changed]) { if case .payment(let payment) = $0 { sum += payment.amount.minorUnits } }
            #expect(abs(sum) < .max)
        }
    }

    @Test("A line or a text without end is refused in bounded memory", arguments: readers)
    func endless(_ reader: Reader) throws {
        let piece = [UInt8](repeating: 0x41, count: 1 << 20)
        let start = Array((reader.name == "ofx" ? "<OFX><STMTRS><CURDEF>" : ":20:").utf8)
        let reading = try reader.read([start] + Array(repeating: piece, count: 4)) { _ in }
        #expect(reading.faults.map(\.code) == [reader.name == "ofx" ? "OFX-LIMIT" : "LINE-LENGTH"])
    }

    @Test("A NUL byte is refused", arguments: readers)
    func nul(_ reader: Reader) throws {
        for mark in [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
            let reading = try reader.read([mark + Array(reader.sample.utf8) + [0, 0x0A]]) { _ in }
            #expect(reading.faults.map(\.code) == ["NUL-BYTE"])
        }
    }

    @Test("NULs that fill the last block of a file are no text; the file is read as without them", arguments: readers)
    func padding(_ reader: Reader) throws {
        var plain: [Document] = []
        let expected = try reader.read([Array(reader.sample.utf8)]) { plain.append($0) }
        var padded: [Document] = []
        let filler = [UInt8](repeating: 0, count: 500)
        let reading = try reader.read([Array(reader.sample.utf8) + [0], filler]) { padded.append($0) }
        #expect(padded == plain)
        #expect(reading.faults == expected.faults)
        #expect(try reader.read([filler]) { _ in }.refused)
        let reserved = try reader.read([Array(reader.sample.utf8), filler, filler]) { _ in }
        #expect(reserved.faults.map(\.code) == ["NUL-BYTE"])
    }

    @Test("Nothing but noise is refused", arguments: readers)
    func noise(_ reader: Reader) throws {
        for text in ["", "\n\n", "http://example.com", "{\"a\":1}", "<html></html>", "a;b\n1;2\n"] {
            #expect(try reader.read([Array(text.utf8)]) { _ in }.refused, "\(text)")
        }
    }

    @Test("A tag without end, and elements without bottom, are refused")
    func nesting() throws {
        let deep = String(repeating: "<STATUS>", count: 100)
        let origin = Self.origin
        let nested = try OFXFormat.read(pieces: [Array("<OFX>\(deep)".utf8)], origin) { _ in }
        #expect(nested.faults.map(\.code) == ["OFX-LIMIT"])
        let tag = "<OFX><" + String(repeating: "A", count: 1000)
        #expect(try OFXFormat.read(pieces: [Array(tag.utf8)], origin) { _ in }.faults.map(\.code) == ["OFX-LIMIT"])
    }

    @Test("Faults are bounded, however many entries are bad")
    func manyFaults() throws {
        let bad = String(repeating: ":61:2699991231C1,00NTRFX\n", count: 3000)
        let reading = try MT940Sample(entries: bad).read().reading
        #expect(reading.faults.count == Reading.faultsMax + 1)
        #expect(reading.faults.last?.code == "FAULTS-MORE")
    }
}
