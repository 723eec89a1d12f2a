// SPDX-License-Identifier: Apache-2.0
import Documents
import Store

/// What the last steps of a large run read of the books as they were before it, as the run does not change it: on the
/// processor that has nothing to do once matching is over, one after the other as the steps ask for it.
struct ReadAhead {
    private let committed: CommittedState
    /// As files state them; promises are made of them by imports, and by judging itself.
    let promiseRecords: Aside<[PromiseRecord]>
    /// A run books payments, and changes nothing that their sources say.
    let paymentDays: Aside<[(account: String?, from: Day, to: Day)]>
    /// The log only grows.
    let moved: Aside<MovedSums>

    init(_ committed: CommittedState, company: String) {
        self.committed = committed
        promiseRecords = committed.read(isInTurn: true) {
            try $0.promiseRecordsWaiting(company: company, isRetry: true)
        }
        paymentDays = committed.read(isInTurn: true) { try $0.paymentDays(company: company) }
        moved = committed.read(isInTurn: true) { try $0.movedSums(company: company) }
    }

    /// For the register: items are made by imports.
    func invoices(company: String) -> Aside<[String: String]> {
        committed.read(isInTurn: true) { try $0.invoiceOfPart(company: company) }
    }
}
