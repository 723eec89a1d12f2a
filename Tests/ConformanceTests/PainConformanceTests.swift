// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Reads every pain.002 of the corpus and compares it with the oracle.
@Suite("pain.002 agrees with the corpus")
struct PainConformanceTests {
    @Test("Every transaction is counted, and what is rejected is told")
    func agrees() throws {
        guard let corpus = Corpus.open("pain.002") else { return }
        var files = 0
        for record in try corpus.oracle() where record.file.hasPrefix("pain002/") {
            var payments: [Payment] = []
            let origin = Provenance.Origin(sha256: "", name: record.file, format: "pain.002")
            let bytes = try corpus.bytes(record.file)
            #expect(PainFormat.detect(head: bytes, name: "x").confidence == 90, "\(record.file)")
            let reading = try PainFormat.read(pieces: [bytes], origin) {
                if case .payment(let payment) = $0 { payments.append(payment) }
            }
            let transactions = record.records("payments").flatMap { $0.records("txs") }
            #expect(reading.records == transactions.count, "\(record.file)")
            #expect(!reading.refused, "\(record.file): \(reading.faults)")
            // None of these states what an amount was; credit transfers are our own.
            let rejected = transactions.filter { $0.text("status") == "RJCT" }
            #expect(payments.isEmpty, "\(record.file)")
            let codes = Set(reading.faults.map(\.code))
            let isWhole = record.text("group_status") == "RJCT" && transactions.isEmpty
            #expect(
                codes == [
                    isWhole
                        ? "PAIN-GROUP-REJECTED" : rejected.isEmpty ? "PAIN-NOTHING-RETURNED" : "PAIN-CREDIT-TRANSFER"
                ],
                "\(record.file)")
            files += 1
        }
        print("pain.002: \(files) files agree")
        #expect(files == 4)
    }
}
