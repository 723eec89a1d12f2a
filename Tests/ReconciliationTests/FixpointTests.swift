// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// A payment that waits is decided again only where something changed that it was decided from: whatever a decision
/// reads, it must tell.
struct FixpointTests {
    @Test("Asked again at the end, everything that waits gives the same decision", arguments: 1...40, [false, true])
    func proof(_ seed: Int, _ sharesReferences: Bool) {
        let number = UInt64(seed) &+ 5000
        let world = sharesReferences ? ReferenceRulesTests.world(number) : InvariantTests.world(number)
        let workspace = Workspace(items: world.items, customers: world.customers)
        var course = workspace.begin(Workspace.ordered(world.payments))
        var settled = 0
        #expect(workspace.settle(&course, proving: true) { _, _ in settled += 1 } == 0)
        #expect(settled > 0)
    }

    @Test("What waits is told at the end as it was decided: its lines, what else it may be, and where its text says so")
    func waits() throws {
        let text = "Grüße – für RE-1001 und RE-1002"
        let decision = try #require(
            Notation(
                """
                customer C1 | Müller & Söhne GmbH | no 10001
                invoice RE-1001 | C1 | 100.00 | 2025-01-10
                invoice RE-1002 | C1 | 50.00 | 2025-01-10
                payment P1 | 2025-02-01 | 140.00 | from Müller & Söhne GmbH | text \(text)
                """
            ).decide().first)
        #expect(decision.verdict == .review && decision.kind == .payment && decision.paymentID == "P1")
        #expect(decision.customerID == nil || decision.customerID == "C1")
        #expect(decision.sentence.contains("140.00"), "\(decision.sentence)")
        let known: Set<String> = ["RE-1001", "RE-1002"]
        let lines = decision.lines + decision.proposed + decision.alternatives.flatMap(\.lines)
        #expect(!lines.isEmpty && Set(lines.map(\.itemID)).isSubset(of: known))
        #expect(lines.allSatisfy { abs($0.cash) <= 14_000 && abs($0.adjustment) <= 14_000 })
        let seen = decision.evidence.compactMap { evidence in
            evidence.span.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
        }
        #expect(!seen.isEmpty && Set(seen).isSubset(of: known), "\(seen)")
    }
}
