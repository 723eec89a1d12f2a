// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Store

/// What can be wrong with a write, besides what the system says.
enum PostFaults {
    static func closed(_ order: PostOrder, _ first: Day) -> Fault {
        Fault(
            "POST-CLOSED", .refusal, at: .path(order.number),
            "the payment of \(order.paidOn) lies in a closed month; the first open day is \(first)",
            hint: "Book it in the system by hand on an open day, or reopen the month with `tieout reopen`.")
    }

    static func lost(_ order: PostOrder) -> Fault {
        Fault(
            "POST-LOST", .refusal, at: .path(order.number), "it was sent, and no answer came back",
            hint: "Look for \(order.key) in the system, then say what you saw: `tieout post settle`.")
    }

    static func unable(_ name: String, _ work: Post.Work) -> Fault {
        Fault(
            "POST-UNABLE", .refusal, at: .file,
            work == .reverse
                ? "the mapping \(name) cannot take a payment back" : "the mapping \(name) cannot write payments",
            hint: work == .reverse
                ? "Take it back in the system itself, then say so: `tieout post settle`."
                : "Hand it over as a file: `tieout post run --out FILE`.")
    }

    /// - Parameters:
    ///   - standing: what was written and stands there.
    ///   - reason: why it could not be taken back; nil where the mapping does not say how.
    static func half(_ order: PostOrder, _ fault: Fault, _ standing: String, because reason: Fault?) -> Fault {
        let why = reason.map { ": \($0.message)" } ?? "; the mapping does not say how"
        return Fault(
            "POST-HALF", .refusal, at: .path(order.number),
            "\(fault.message); \(named(standing)) stands there and could not be taken back\(why)",
            hint: "Do in \(order.source) by hand what is missing, or take away what stands there, then say so with "
                + "`tieout post settle`; `tieout post run` tries what is missing again.")
    }

    private static func named(_ standing: String) -> String {
        standing.isEmpty ? "what was written before" : standing
    }

    /// The system took a step and does it later; not seen yet.
    static func accepted(_ order: PostOrder, _ standing: String) -> Fault {
        Fault(
            "POST-LATER", .warning, at: .path(order.number),
            "\(order.source) has accepted it, and does not show it as done yet\(also(standing))",
            hint: "`tieout post run` looks for it again.")
    }

    static func isAccepted(_ order: PostOrder) -> Bool {
        order.state == .sending && order.fault?.code == "POST-LATER"
    }

    private static func also(_ standing: String) -> String { standing.isEmpty ? "" : "; \(standing) stands there" }

    /// The system took a step, and it was never seen as done.
    /// - Parameter reason: where people see there why; nil where the mapping does not say.
    static func unseen(_ order: PostOrder, _ standing: String, see reason: String?) -> Fault {
        let why = reason.map { "Why is said in \($0). " } ?? ""
        return Fault(
            "POST-HALF", .refusal, at: .path(order.number),
            "\(order.source) has accepted it, and still does not show it as done\(also(standing))",
            hint:
                "\(why)Do in \(order.source) by hand what is missing, or take away what stands there, then say so with "
                + "`tieout post settle`; `tieout post run` tries what is missing again.")
    }

    static func otherSteps(_ order: PostOrder, _ name: String, _ noted: String) -> Fault {
        Fault(
            "POST-STEPS", .refusal, at: .path(order.number),
            "it was begun with other steps than the mapping \(name) has now, \(order.written) of them are done: \(noted)",
            hint:
                "Look for \(order.key) in \(order.source), do by hand what is missing or take away what stands there, then "
                + "say so with `tieout post settle`; or bring the mapping back and run `tieout post run`.")
    }

    /// Why it was not written, with the word that nothing of it is left.
    static func takenBack(_ fault: Fault, _ standing: String) -> Fault {
        Fault(
            fault.code, fault.severity, at: fault.at, "\(fault.message); \(named(standing)) was taken back again",
            hint: fault.hint)
    }

    /// The exceptions about a payment, by the state that each is about.
    private static let kinds: [PostOrder.State: String] = [
        .unknown: "POST-UNKNOWN", .half: "POST-HALF", .refused: "POST-REFUSED",
    ]

    /// An exception for what a person must decide, gone by itself once it is decided.
    static func tell(_ order: PostOrder, _ workplace: Workplace, _ session: Session) throws {
        let subject = "\(order.source)/\(order.paymentID)/\(order.number)"
        let now = workplace.environment.now()
        if [.proposed, .approved, .sending].contains(order.state) { return }
        let kind = kinds[order.state]
        for other in kinds.values.sorted() where other != kind {
            try session.resolveExceptions(
                company: workplace.company.id, kind: other, subject: subject,
                resolution: "it is \(order.state.rawValue)", at: now)
        }
        guard let kind else { return }
        try session.raise(
            ExceptionRecord(
                kind, company: workplace.company.id, customerID: order.customerID, subject: subject,
                message: "\(order.amount) for \(order.number) in \(order.source): "
                    + "\(order.fault?.message.sentence ?? "") \(order.fault?.hint ?? "")",
                dueOn: BankingCalendar(workplace.company.calendar).adding(1, to: workplace.today)),
            on: workplace.today, at: now)
    }
}
