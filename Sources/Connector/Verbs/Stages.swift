// SPDX-License-Identifier: Apache-2.0
import Trees

/// How long the parts of a run took.
struct Stages: Sendable {
    var load = Duration.zero
    /// Indexes included, writing what was decided not.
    var match = Duration.zero
    /// Decided on a part of the ledger.
    var isNear = false

    /// Everything that is neither reading nor matching is writing.
    func node(since started: ContinuousClock.Instant) -> Node {
        let whole = ContinuousClock.now - started
        return .object(
            [("load", load), ("match", match), ("write", whole - load - match)].map { name, duration in
                let milliseconds = duration / .milliseconds(1)
                let tail = String(Int(milliseconds) % 1000)
                return (
                    name,
                    .text("\(Int(milliseconds) / 1000)." + String(repeating: "0", count: 3 - tail.utf8.count) + tail)
                )
            } + [("ledger", .text(isNear ? "part" : "whole"))])
    }
}
