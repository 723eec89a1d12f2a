// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What the payments' words name is read before any is decided, in as many parts as there are threads for it.
struct FirstReadingTests {
    @Test("However the payments are cut for reading, they are decided the same", arguments: 1...12)
    func cuts(_ seed: Int) {
        let world = InvariantTests.world(UInt64(seed) &+ 9000)
        let payments = Workspace.ordered(world.payments)
        func decisions(in parts: Int) -> [Decision] {
            let workspace = Workspace(items: world.items, customers: world.customers)
            let cuts = (0...parts).map { payments.count * $0 / parts }
            let notes = (0..<parts).map { part in
                workspace.firstReading.read(cuts[part]..<cuts[part + 1]) { payments[$0] }
            }
            var decided: [Decision?] = Array(repeating: nil, count: payments.count)
            var course = workspace.begin(notes) { payments[$0] }
            workspace.settle(&course) { decided[$0] = $1 }
            workspace.finish(course) { decided[$0] = $1 }
            return decided.compactMap { $0 }
        }
        let whole = decisions(in: 1)
        #expect(whole.count == payments.count)
        #expect(decisions(in: 2) == whole)
        #expect(decisions(in: 5) == whole)
    }

    @Test("What a later part names is kept from weaker evidence in an earlier one")
    func claims() {
        let books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            payment P2 | 2025-02-03 | 50.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            """)
        let workspace = Workspace(items: books.items, customers: books.customers)
        let notes = [0..<1, 1..<2].map { workspace.firstReading.read($0) { books.payments[$0] } }
        var course = workspace.begin(notes) { books.payments[$0] }
        var settled: [String] = []
        workspace.settle(&course) { settled.append("\($0) \(Notation.text($1))") }
        #expect(settled == ["1 P2 auto NUMBER-PART RE-1001 50.00"])
    }

    @Test("Of one day, what went out is decided last", arguments: 1...3)
    func order(parts: Int) {
        let books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | -119.00 | from Nordwind Logistik GmbH | account DE021203 | reverses P2
            payment P2 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            payment P3 | 2025-02-02 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            """)
        let workspace = Workspace(items: books.items, customers: books.customers)
        let cuts = (0...parts).map { 3 * $0 / parts }
        let notes = (0..<parts).map { part in
            workspace.firstReading.read(cuts[part]..<cuts[part + 1]) { books.payments[$0] }
        }
        var course = workspace.begin(notes) { books.payments[$0] }
        var settled: [String] = []
        workspace.settle(&course) { settled.append($1.paymentID + " " + $1.verdict.rawValue) }
        #expect(settled.prefix(3) == ["P2 auto", "P1 auto", "P3 auto"])
    }
}
