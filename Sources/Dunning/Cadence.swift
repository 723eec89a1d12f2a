// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Promises

/// Where one item stands in the cadence on a day: what would be said about it, gates aside.
struct Standing: Hashable, Sendable {
    let item: AccountSnapshot.Item
    /// The day the steps count from: the due day, or the day a payment was taken back.
    let anchor: Day
    /// What is due to be said and was not said yet; nil when there is nothing.
    let wish: Wish?
    /// Every step was said and the item is still open: a person's turn.
    let isExhausted: Bool
    /// How many overdue steps it has behind it.
    let level: Int
    /// Nothing was ever said about it.
    let isUnspoken: Bool
    /// The number of the overdue step that is reached, said or not; zero when none is.
    let reachedStep: Int
    /// An overdue step is reached, said or not.
    var isOverdueReached: Bool { reachedStep > 0 }

    var id: String { item.item.id }
}

/// A purpose and step, ordered by what is said first.
struct Wish: Hashable, Sendable, Comparable {
    let purpose: Message.Purpose
    let step: Int

    init(_ purpose: Message.Purpose, step: Int = 0) {
        self.purpose = purpose
        self.step = step
    }

    /// returned, promise follow-up, overdue from the highest step down, due, before due.
    private var rank: Int {
        switch purpose {
        case .returned: 2000
        case .promiseFollowUp: 1000
        case .overdue: 100 + step
        case .due: 2
        case .beforeDue: 1
        case .paymentConfirmation, .invoiceResend: 0
        }
    }

    /// About money that is late: not merely a courtesy.
    var isUrgent: Bool { rank >= 100 }

    static func < (left: Wish, right: Wish) -> Bool { left.rank < right.rank }
}

extension DunningPolicy {
    /// Where an item stands. A wish is the step that is reached and not said yet; what was said about the item in a
    /// message of another item counts too, as far as the item had come by then.
    func standing(of item: AccountSnapshot.Item, in snapshot: AccountSnapshot, on day: Day) -> Standing {
        let returnedOn = item.returnedOn
        let anchor = max(item.item.dueOn, returnedOn ?? item.item.dueOn)
        let said = snapshot.said.filter { said in
            said.items.contains(item.item.id) && returnedOn.map { said.at.day >= $0 } ?? true
        }
        let reached = self.reached(anchor: anchor, isReturned: returnedOn != nil, on: day)
        let progress = overdueProgress(said, anchor: anchor)
        func result(_ wish: Wish?, exhausted: Bool = false) -> Standing {
            Standing(
                item: item, anchor: anchor, wish: wish, isExhausted: exhausted, level: progress.level,
                isUnspoken: said.isEmpty,
                reachedStep: reached.map { $0.purpose == .overdue ? $0.number : 0 } ?? 0)
        }
        if returnedOn != nil, !said.contains(where: { $0.key.purpose == .returned }) {
            return result(Wish(.returned))
        }
        if followUp(for: item, in: snapshot, on: day) != nil { return result(Wish(.promiseFollowUp)) }
        guard let reached else { return result(nil) }
        switch reached.purpose {
        case .beforeDue:
            let isSaid = said.contains { [.beforeDue, .due, .overdue].contains($0.key.purpose) }
            return result(isSaid || day >= item.item.dueOn ? nil : Wish(.beforeDue))
        case .due:
            let isSaid = said.contains { [.due, .overdue].contains($0.key.purpose) && $0.at.day >= anchor }
            return result(isSaid ? nil : Wish(.due))
        case .overdue:
            if progress.level >= lastOverdueStep { return result(nil, exhausted: true) }
            let target = passedSteps == .highest ? reached.number : min(reached.number, progress.level + 1)
            guard target > progress.level else { return result(nil) }
            if let late = progress.caughtUpOn, late + catchUpDays > day { return result(nil) }
            return result(Wish(.overdue, step: target))
        case .promiseFollowUp, .returned, .paymentConfirmation, .invoiceResend:
            return result(nil)
        }
    }

    /// The promise whose breaking has not been spoken about yet: the item's latest, if it was not kept.
    func followUp(
        for item: AccountSnapshot.Item, in snapshot: AccountSnapshot, on day: Day
    ) -> PromiseToPay? {
        let latest = snapshot.promises.filter { $0.names(item.item.id) && $0.closeReason != .replaced }
            .max { ($0.promisedOn, $0.level, $0.promisedFor, $0.id) < ($1.promisedOn, $1.level, $1.promisedFor, $1.id) }
        guard let latest, latest.status == .closed, latest.state == .broken || latest.state == .partiallyKept,
            latest.paidLateOn == nil,
            day > latest.lastDay, day - latest.lastDay <= followUpWithinDays
        else { return nil }
        let isSaid = snapshot.said.contains { said in
            said.key.purpose == .promiseFollowUp && said.at.day > latest.lastDay
                && said.items.contains(where: latest.names)
        }
        return isSaid ? nil : latest
    }

    /// The highest step whose day has come; a returned payment starts again at the overdue steps.
    private func reached(anchor: Day, isReturned: Bool, on day: Day) -> Step? {
        steps.last { step in anchor + step.day <= day && (!isReturned || step.purpose == .overdue) }
    }

    /// How many overdue steps an item has behind it, from the messages that named it.
    ///
    /// A message of a higher step that lists a younger item counts for that item only as far as it had come itself.
    /// `caughtUpOn` is the day of the last such message when more steps had been reached by then than were said.
    private func overdueProgress(
        _ said: [AccountSnapshot.Said], anchor: Day
    ) -> (level: Int, caughtUpOn: Day?) {
        var level = 0
        var caughtUpOn: Day?
        for message in said where message.key.purpose == .overdue {
            guard let step = reached(anchor: anchor, isReturned: true, on: message.at.day) else { continue }
            let next = passedSteps == .highest ? step.number : min(step.number, level + 1)
            guard next > level else { continue }
            level = next
            caughtUpOn = step.number > next ? message.at.day : nil
        }
        return (level, caughtUpOn)
    }
}
