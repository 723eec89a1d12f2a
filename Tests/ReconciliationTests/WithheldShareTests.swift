// SPDX-License-Identifier: Apache-2.0

import Reconciliation
import Testing

/// Taxes that are kept of the net amount, as Italy knows them: 20 % of what 22 % VAT stand on are 20/122 of the invoice.
@Suite("A share that is known as a tax's")
struct WithheldShareTests {
    private static let books = """
        customer C1 | Studio Bianchi | account IT001
        invoice 69/2024 | C1 | 1220.00 | 2025-01-10
        invoice 85/2024 | C1 | 610.00 | 2025-02-10
        invoice 93/2024 | C1 | 333.33 | 2025-03-10

        """

    private func outcome(_ payments: String, _ change: (inout Policy) -> Void = { _ in }) -> String {
        var notation = Notation(Self.books + payments)
        change(&notation.policy)
        return notation.outcome
    }

    private static let first =
        "payment P1 | 2025-02-01 | 1020.00 | from Studio Bianchi | account IT001 | text Fattura 69/2024"

    @Test("It waits the first time, and is booked at once where the policy says so")
    func granted() throws {
        #expect(outcome(Self.first) == "P1 auto NUMBER-PART 69/2024 1020.00")
        #expect(outcome(Self.first) { $0.customaryShares = WithheldShare.customary(in: "IT") }.hasPrefix("P1 review"))
        let share = try #require(WithheldShare("20/122"))
        var notation = Notation(Self.books + Self.first)
        notation.policy.withheldShares = [share]
        let decision = notation.decide()[0]
        #expect(decision.verdict == .auto && decision.rule == .numberWithholding)
        #expect(decision.lines.map(\.adjustment) == [0, 20_000] && decision.lines.last?.reason == .withholding)
        #expect(decision.sentence.contains("the company's policy takes as a tax"), "\(decision.sentence)")
        #expect(decision.evidence.contains { $0.code == "WITHHOLDING-POLICY" && $0.text == "16.39 %" })
        notation.policy.withheldMax = 19_999
        #expect(notation.decide()[0].verdict == .review)
    }

    @Test("A customer who kept it before is believed; one more minor unit is a part")
    func seen() {
        let second = "\npayment P2 | 2025-03-01 | 510.00 | from Studio Bianchi | account IT001 | text Fattura 85/2024"
        let both = outcome(Self.first + second) { $0.customaryShares = WithheldShare.customary(in: "IT") }
        #expect(
            both == """
                P1 auto NUMBER-WITHHOLDING 69/2024 1020.00 69/2024 withholding 200.00
                P2 auto NUMBER-WITHHOLDING 85/2024 510.00 85/2024 withholding 100.00
                """)
        let other = outcome(Self.first + second.replacing("510.00", with: "509.98")) {
            $0.customaryShares = WithheldShare.customary(in: "IT")
        }
        #expect(other.hasSuffix("P2 auto NUMBER-PART 85/2024 509.98") && other.hasPrefix("P1 review"), "\(other)")
    }

    @Test("Subscriptions keep the same of the same amount, and name nothing in the end")
    func subscriptions() throws {
        let books = """
            customer C1 | Escola Horizonte LTDA | account BR001
            invoice 000070 | C1 | 499.00 | 2025-01-05
            invoice 000170 | C1 | 499.00 | 2025-02-05
            invoice 000270 | C1 | 499.00 | 2025-03-05
            payment P1 | 2025-01-13 | 468.31 | from Escola Horizonte LTDA | account BR001 | text NF 000070
            payment P2 | 2025-02-13 | 468.31 | from Escola Horizonte LTDA | account BR001 | text NF 000170
            payment P3 | 2025-03-13 | 468.31 | from Escola Horizonte LTDA | account BR001 | text assinatura

            """
        var notation = Notation(books)
        notation.policy.customaryShares = WithheldShare.customary(in: "BR")
        #expect(
            notation.outcome == """
                P1 auto NUMBER-WITHHOLDING 000070 468.31 000070 withholding 30.69
                P2 auto NUMBER-WITHHOLDING 000170 468.31 000170 withholding 30.69
                P3 auto PAYER-WITHHOLDING 000270 468.31 000270 withholding 30.69
                """)
        var first = Notation(
            books.split(separator: "\n").filter { !$0.hasPrefix("payment P1") && !$0.hasPrefix("payment P2") }
                .filter { !$0.contains("000070") && !$0.contains("000170") }.joined(separator: "\n"))
        #expect(first.decide()[0].verdict == .review)
        first.policy.withheldShares = [try #require(WithheldShare("6.15%"))]
        #expect(first.outcome == "P3 auto PAYER-WITHHOLDING 000270 468.31 000270 withholding 30.69")
    }

    @Test("Net amounts are rounded")
    func rounded() throws {
        // 273.22 net and 60.11 VAT; 54.64 of it withheld.
        let paid = "payment P1 | 2025-04-01 | 278.69 | from Studio Bianchi | account IT001 | text Fattura 93/2024"
        let share = try #require(WithheldShare("20/122"))
        #expect(
            outcome(paid) { $0.withheldShares = [share] }
                == "P1 auto NUMBER-WITHHOLDING 93/2024 278.69 93/2024 withholding 54.64")
    }

    @Test(
        "Shares as they are written",
        arguments: [
            ("20/122", WithheldShare(20, of: 122)), ("6.15%", WithheldShare(615, of: 10_000)),
            ("11.5 %", WithheldShare(1150, of: 10_000)),
            ("4%", WithheldShare(4, of: 100)), ("50%", nil), ("0%", nil), ("20", nil), ("20/", nil), ("-4%", nil),
            ("1.125%", nil),
            ("20/22", nil), ("a/b", nil), ("99999999%", nil),
        ])
    func written(_ text: String, _ share: WithheldShare?) { #expect(WithheldShare(text) == share) }
}
