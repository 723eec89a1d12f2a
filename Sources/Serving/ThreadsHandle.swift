// SPDX-License-Identifier: Apache-2.0
import Dispatch

/// Runs tasks apart from the cooperative pool, which others may keep waiting.
final class OwnThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "tieout.serve.tasks", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        // Each job is run once, and the closure keeps the executor until then: what both references ask for.
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
