// SPDX-License-Identifier: Apache-2.0
package import Documents

/// One decision of a plan: something to say, or something that is not said and why.
package struct PlanLine: Hashable, Sendable {
    package enum Verdict: String, Sendable {
        /// `message` goes to the outbox.
        case say
        /// Not now, or not by the machine: `rule` says why.
        case held
        /// The machine has said all it may; `exceptions` tell a person.
        case person
    }

    package var customerID: String
    package var purpose: Message.Purpose
    package var step: Int
    package var verdict: Verdict
    /// The first gate that said no; nil when the message goes out.
    package var rule: String?
    /// The items it speaks of, or would have spoken of.
    package var lines: [Message.Line]
    /// Every gate that was asked, with its answer, in the order in which they were asked.
    package var gates: [GateDecision]
    package var message: Message?
    /// When a hold ends by itself, in the customer's local time.
    package var until: LocalTime?
    package var exceptions: [ExceptionRecord] = []
    /// Messages in the outbox that this one takes the place of.
    package var replaces: [String] = []

    package init(
        customerID: String, purpose: Message.Purpose, step: Int, verdict: Verdict, rule: String? = nil,
        lines: [Message.Line], gates: [GateDecision], message: Message? = nil, until: LocalTime? = nil
    ) {
        self.customerID = customerID
        self.purpose = purpose
        self.step = step
        self.verdict = verdict
        self.rule = rule
        self.lines = lines
        self.gates = gates
        self.message = message
        self.until = until
    }

    /// `overdue_2`
    package var stepName: String { Message.stepName(purpose, step) }

    /// The open amounts of the lines, one per currency, in the currencies' order.
    package var amounts: [Money] { Self.sums(lines.map(\.open)) }

    static func sums(_ amounts: [Money]) -> [Money] {
        Set(amounts.map(\.currency)).sorted().map { currency in
            let sum = amounts.reduce(Int128(0)) { total, money in
                money.currency == currency ? total + Int128(money.minorUnits) : total
            }
            return Money(minorUnits: Int64(clamping: sum), currency: currency)
        }
    }
}

/// What is decided about a message when it is about to be handed over.
package enum Redecision: Hashable, Sendable {
    /// As it stands; the gates' answers are of now.
    case send(Message)
    /// Something changed: the same key, the next revision.
    case revise(Message)
    /// Not now.
    case hold(rule: String, sentence: String, until: LocalTime?)
    /// Not any more.
    case cancel(rule: String, sentence: String)
}
