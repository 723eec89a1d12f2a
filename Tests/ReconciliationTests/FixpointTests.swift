// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// A payment that waits is decided again only where something changed that it was decided from: whatever a decision
/// reads, it must tell.
struct FixpointTests {
    @Test("Asked again at the end, everything that waits gives the same decision", arguments: 1...40)
    func proof(_ seed: Int) {
        let world = InvariantTests.world(UInt64(seed) &+ 5000)
        let workspace = Workspace(items: world.items, customers: world.customers)
        var course = workspace.begin(Workspace.ordered(world.payments))
        var settled = 0
        #expect(workspace.settle(&course, proving: true) { _, _ in settled += 1 } == 0)
        #expect(settled > 0)
    }
}
