// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Reads every OFX and QFX of the corpus and compares counts, sums, accounts and balances with the oracle.
@Suite("OFX agrees with the corpus")
struct OFXConformanceTests {
    @Test("At least 99 % of the transactions agree on count and sums, and every statement on account and balance")
    func agrees() throws {
        guard let corpus = Corpus.open("OFX") else { return }
        var tally = BankTally("ofx", allowed: try Corpus.allowed("OFX"))
        for record in try corpus.bankRecords("ofx") {
            let found = try BankReading("ofx", corpus, record.file)
            let count = Int(record.text("stmttrn") ?? "") ?? 0
            guard !found.reading.refused else {
                tally.refuse(record.file, found.reading, expected: count)
                continue
            }
            var differences: [Corpus.Difference] = []
            func compare(_ field: String, _ ours: String, _ theirs: String) {
                if ours != theirs { differences.append(.init(field: field, ours: ours, theirs: theirs)) }
            }
            compare("transactions", "\(found.payments.count)", "\(count)")
            compareSum("in", found.credits, record.text("credits") ?? "0", count, &differences)
            compareSum(
                "out", found.debits, record.text("debits").map { $0.replacing("-", with: "") } ?? "0", count,
                &differences)
            compare(
                "accounts", found.statements.map(\.account).sorted().joined(separator: ","),
                record.texts("accounts").sorted().joined(separator: ","))
            let ledger = record.texts("ledger").compactMap { text in
                ScaledDecimal(text.replacing(",", with: "."))?.rounded(scale: 2, .halfUp).flatMap {
                    Corpus.decimal($0.text)
                }
            }
            let ours = found.statements.compactMap { $0.closingBalance.flatMap { Corpus.decimal($0.amountText) } }
            compare("ledger", ours.joined(separator: ","), ledger.joined(separator: ","))
            tally.add(record.file, differences, entries: count)
        }
        tally.finish(filesMin: 31)
    }

    /// Amounts with more decimals than the currency has are rounded one by one, half a cent at most each.
    private func compareSum(
        _ field: String, _ ours: String, _ theirs: String, _ count: Int, _ differences: inout [Corpus.Difference]
    ) {
        guard let left = ScaledDecimal(ours), let right = ScaledDecimal(theirs), let gap = left.adding(-right),
            let cents = gap.rounded(scale: 2, .up)
        else { return differences.append(.init(field: field, ours: ours, theirs: theirs)) }
        let isExact = right.exactly(scale: 2) != nil
        if isExact ? gap.coefficient == 0 : cents.coefficient.magnitude * 2 <= UInt128(count + 2) { return }
        differences.append(.init(field: field, ours: ours, theirs: theirs))
    }
}
