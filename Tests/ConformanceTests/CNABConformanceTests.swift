// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Reads every CNAB file of the corpus and compares the titles, and of CNAB 240 the sums, with the oracle.
@Suite("CNAB agrees with the corpus")
struct CNABConformanceTests {
    @Test("Every return agrees on its titles, its payments and, in CNAB 240, on the amount paid")
    func agrees() throws {
        guard let corpus = Corpus.open("CNAB") else { return }
        var tally = BankTally("cnab", allowed: try Corpus.allowed("CNAB"))
        for record in try corpus.bankRecords("cnab") {
            let found = try BankReading("cnab", corpus, record.file)
            let isNarrow = record.text("layout") == "CNAB240"
            let count = Int(record.text(isNarrow ? "T" : "detail") ?? "") ?? 0
            guard !found.reading.refused else {
                // The oracle counts the records of whatever it is given; these say themselves that they are no return.
                let isReturn = try isReturn(corpus.bytes(record.file))
                tally.refuse(record.file, found.reading, expected: isReturn ? count : 0)
                continue
            }
            var differences: [Corpus.Difference] = []
            func compare(_ field: String, _ ours: String, _ theirs: String) {
                if ours != theirs { differences.append(.init(field: field, ours: ours, theirs: theirs)) }
            }
            compare("titles", "\(found.reading.records)", "\(count)")
            if isNarrow {
                let paid = BankTally.sum(found.payments.map(\.amount.amountText))
                compare("paid", paid, record.text("paid_sum_078_092").flatMap(Corpus.decimal) ?? "0")
            }
            let codes = record.values[isNarrow ? "movement_codes" : "occurrence_codes"] as? [String: Int] ?? [:]
            for code in Set(found.payments.compactMap(\.bankCode)).sorted() where !codes.isEmpty {
                let ours = found.payments.filter { $0.bankCode == code }.count
                compare("payments \(code)", "\(ours)", "\(codes[code] ?? 0)")
            }
            #expect(found.payments.allSatisfy { $0.amount.isPositive && $0.structuredReference != nil || count > 0 })
            tally.add(record.file, differences, entries: count)
        }
        tally.finish(filesMin: 21)
    }

    /// What the first record says: 2 and RETORNO in CNAB 400, 2 in column 143 in CNAB 240.
    private func isReturn(_ bytes: [UInt8]) -> Bool {
        let head = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard head.count > 240 else { return head.count > 142 && head[142] == 0x32 }
        return head.dropFirst().starts(with: Array("2RETORNO".utf8))
    }

    @Test("A remessa, and a header that is neither, are refused")
    func refuses() throws {
        guard let corpus = Corpus.open("CNAB refusals") else { return }
        let folder = "cnab/eduardokum__laravel-boleto/files/cnab400/"
        #expect(try BankReading("cnab", corpus, folder + "remessa.txt").reading.faults.map(\.code) == ["CNAB-REMESSA"])
        let fake = try BankReading("cnab", corpus, folder + "retorno_banco_fake_2.ret")
        #expect(fake.reading.faults.map(\.code) == ["CNAB-NO-RETURN"])
    }
}
