// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Reconciliation

/// What a run decided from, let go of on another thread while the rest is written: giving back millions of small pieces
/// takes seconds.
///
/// Unchecked: whoever hands it over keeps no reference.
final class FreedAside: @unchecked Sendable {
    private var workspace: Workspace?
    private var course: Course?

    init(_ workspace: consuming Workspace, _ course: consuming Course) {
        self.workspace = workspace
        self.course = course
    }

    func begin() {
        DispatchQueue.global().async { [self] in
            course = nil
            workspace = nil
        }
    }
}
