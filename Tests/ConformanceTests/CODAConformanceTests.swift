// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Reads every CODA of the corpus and compares sums and balances with the oracle.
@Suite("CODA agrees with the corpus")
struct CODAConformanceTests {
    @Test("Every statement agrees on its balances and on the sum of its movements, globalisations counted once")
    func agrees() throws {
        guard let corpus = Corpus.open("CODA") else { return }
        var tally = BankTally("coda", allowed: try Corpus.allowed("CODA"))
        for record in try corpus.bankRecords("coda") {
            let found = try BankReading("coda", corpus, record.file)
            let count = Int(record.text("movements21") ?? "") ?? 0
            guard !found.reading.refused else {
                tally.refuse(record.file, found.reading, expected: count)
                continue
            }
            var differences: [Corpus.Difference] = []
            func compare(_ field: String, _ ours: String, _ theirs: String) {
                if ours != theirs { differences.append(.init(field: field, ours: ours, theirs: theirs)) }
            }
            func list(_ amounts: [Money?]) -> String {
                amounts.compactMap { $0.flatMap { Corpus.decimal($0.amountText) } }.joined(separator: " ")
            }
            func stated(_ key: String) -> String {
                record.texts(key).compactMap(Corpus.decimal).joined(separator: " ")
            }
            let net = BankTally.sum(found.payments.map(\.amount.amountText))
            compare("statements", "\(found.statements.count)", record.text("statements") ?? "1")
            compare("net", net, record.text("net_level0").flatMap(Corpus.decimal) ?? "0")
            compare("opening", list(found.statements.map(\.openingBalance)), stated("old_balance"))
            compare("closing", list(found.statements.map(\.closingBalance)), stated("new_balance"))
            let structured = found.payments.filter { $0.structuredReference != nil }.count
            compare("structured", "\(structured)", record.text("structured") ?? "0")
            tally.add(record.file, differences, entries: count)
        }
        tally.finish(filesMin: 6)
    }
}
