// SPDX-License-Identifier: Apache-2.0

/// What is known of payments that were decided and wait, one behind the other: one payment in ten, for most of a run.
///
/// Each takes a few hundred bytes. Its texts are read again where it is decided again.
final class HeldShelf {
    private struct Held {
        /// Where memory keeps the payment.
        let place: Int32
        var decision: PackedDecision
        var read: Topics.Read
    }

    /// Nil for what waits no more.
    private var held: [Held?] = []
    /// By the clock of `Topics`; -1 for what is to be decided again, whatever it was decided from.
    private var decidedAt: [Int32] = []
    private var payments = PaymentShelf()
    /// What they claim, side by side: every pass begins and ends with it. It does not change while they wait.
    private var claims: [Int32] = []
    /// Where each one's claims begin.
    private var claimsFrom: [Int32] = [0]
    private var ids: [UInt64] = []
    private var outlooks: [Outlook] = []

    /// - Parameter place: where memory keeps the payment.
    /// - Returns: Its slot.
    func append(
        _ docket: Docket, _ decision: Decision, _ read: Topics.Read, at place: Int32, decidedAt clock: Int32
    ) -> Int32 {
        held.append(Held(place: place, decision: PackedDecision(decision), read: read))
        decidedAt.append(clock)
        payments.append(docket.payment)
        if docket.payment.amount > 0, let reading = docket.reading {
            for mention in reading.mentions where mention.isClaim { claims.append(mention.item) }
        }
        claimsFrom.append(Int32(truncatingIfNeeded: claims.count))
        ids.append(docket.idKey)
        outlooks.append(Outlook(docket))
        return Int32(truncatingIfNeeded: held.count - 1)
    }

    func replace(_ slot: Int, _ decision: PackedDecision, _ read: Topics.Read, decidedAt clock: Int32) {
        held[slot]?.decision = decision
        held[slot]?.read = read
        decidedAt[slot] = clock
    }

    func release(_ slot: Int) { held[slot] = nil }

    func forgetWhenDecided(_ slot: Int) { decidedAt[slot] = -1 }

    /// Whether something has changed that it was decided from.
    func isOutdated(_ slot: Int, _ topics: Topics) -> Bool {
        guard decidedAt[slot] >= 0, let read = held[slot]?.read else { return true }
        return topics.hasChanged(read, since: decidedAt[slot])
    }

    func claims(_ slot: Int) -> ArraySlice<Int32> { claims[Int(claimsFrom[slot])..<Int(claimsFrom[slot + 1])] }

    /// The key of the payment's id.
    func idKey(_ slot: Int) -> UInt64 { ids[slot] }

    /// Of the slots that are looked ahead together.
    func outlooks(_ group: Int) -> ArraySlice<Outlook> {
        outlooks[group * Outlook.reach..<min((group + 1) * Outlook.reach, outlooks.count)]
    }

    func place(_ slot: Int) -> Int32? { held[slot]?.place }

    func decision(_ slot: Int) -> PackedDecision? { held[slot]?.decision }

    /// Read again.
    /// - Parameter name: the payer's.
    func docket(_ slot: Int, _ name: PayerName?, _ reader: Reader) -> Docket {
        let payment = payments[slot]
        return Docket(payment, reader.reading(of: payment), name, reader.catalogue)
    }
}
