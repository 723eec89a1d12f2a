// SPDX-License-Identifier: Apache-2.0
import Documents

/// When a message may go out: the caps on reminders and the contact hours, in the customer's local time.
struct Timing: Sendable {
    var decisions: [GateDecision] = []
    /// Not before, when that is later than now.
    var opens: LocalTime?
    /// The end of today's contact hours.
    var closes: LocalTime?
}

extension DunningPolicy {
    func timing(_ purpose: Message.Purpose, _ context: GateContext) -> Timing {
        var timing = Timing()
        guard let local = context.local else {
            timing.decisions = [
                GateDecision(
                    "QUIET-HOURS", .hold, "The customer's time zone is not known, so nobody knows whether it is night.")
            ]
            return timing
        }
        // A copy that was asked for is an answer: neither caps nor contact hours apply.
        if purpose == .invoiceResend {
            timing.decisions = [GateDecision("QUIET-HOURS", .allow, "The customer asked for it.")]
            return timing
        }
        var earliest = local
        if purpose.isReminder {
            let reminders = context.snapshot.said.filter { $0.key.purpose.isReminder }.map(\.at)
            timing.decisions = [capDay(reminders, local), capWeek(reminders, local)]
            let spacing = spacing(reminders, local)
            timing.decisions.append(spacing.decision)
            earliest = spacing.earliest
        }
        let country = context.snapshot.customer.country
        guard let opening = opening(from: earliest, country: country) else {
            timing.decisions.append(
                GateDecision("QUIET-HOURS", .hold, "No day of the next two weeks has contact hours."))
            return timing
        }
        guard opening.day == local.day, let window = hours(country: country)?.window(on: local.day) else {
            timing.decisions.append(
                GateDecision(
                    "QUIET-HOURS", .hold,
                    "It is \(local.text) where the customer is; contact hours open \(opening.text).", until: opening))
            return timing
        }
        timing.opens = opening > local ? opening : nil
        timing.closes = LocalTime(local.day, minute: window.closes)
        timing.decisions.append(
            GateDecision(
                "QUIET-HOURS", .allow,
                "Contact hours are \(LocalTime.clock(window.opens)) to \(LocalTime.clock(window.closes)) "
                    + "where the customer is."))
        return timing
    }

    private func capDay(_ reminders: [LocalTime], _ local: LocalTime) -> GateDecision {
        let count = reminders.count { $0.day == local.day }
        return count < caps.perDay
            ? GateDecision("CAP-DAY", .allow, "\(count) of \(caps.perDay) reminders went out today.")
            : GateDecision(
                "CAP-DAY", .hold, "\(count) of \(caps.perDay) reminders went out today.",
                until: LocalTime(local.day + 1, minute: 0))
    }

    private func capWeek(_ reminders: [LocalTime], _ local: LocalTime) -> GateDecision {
        let week = reminders.filter { $0.day > local.day - 7 && $0.day <= local.day }
        let sentence = "\(week.count) of \(caps.perWeek) reminders went out in seven days."
        guard week.count >= caps.perWeek else { return GateDecision("CAP-WEEK", .allow, sentence) }
        // The oldest one that has to leave the seven days before there is room again.
        let leaves = week.dropFirst(week.count - max(1, caps.perWeek)).first ?? local
        return GateDecision("CAP-WEEK", .hold, sentence, until: LocalTime(leaves.day + 7, minute: 0))
    }

    private func spacing(_ reminders: [LocalTime], _ local: LocalTime) -> (decision: GateDecision, earliest: LocalTime)
    {
        guard let last = reminders.max() else {
            return (GateDecision("SPACING-48H", .allow, "No reminder went out before."), local)
        }
        let earliest = last.adding(hours: caps.hoursBetween)
        let sentence = "The last reminder went out \(last.text); \(caps.hoursBetween) hours lie between two."
        guard earliest.day > local.day else {
            return (GateDecision("SPACING-48H", .allow, sentence), max(local, earliest))
        }
        return (GateDecision("SPACING-48H", .hold, sentence, until: earliest), local)
    }
}
