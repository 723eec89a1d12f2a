// SPDX-License-Identifier: Apache-2.0

/// One thing to say to one customer, as it was decided: facts, words, and the gates that let it through.
///
///     key (company, customer, purpose, step, period) ──► id
///     revision 1, 2 … of the same key when the facts changed before it was handed over
package struct Message: Hashable, Sendable {
    package enum Purpose: String, Sendable, CaseIterable {
        case beforeDue = "before_due"
        case due
        case overdue
        case promiseFollowUp = "promise_follow_up"
        /// A payment was taken back by the bank or the provider.
        case returned
        case paymentConfirmation = "payment_confirmation"
        case invoiceResend = "invoice_resend"

        /// Asks for money: coverage, net position and the caps apply.
        package var isReminder: Bool {
            switch self {
            case .beforeDue, .due, .overdue, .promiseFollowUp, .returned: true
            case .paymentConfirmation, .invoiceResend: false
            }
        }
    }

    /// What the words may give away.
    package enum Disclosure: String, Sendable {
        case full
        /// To a number that is not proven yet: no amount, no invoice, no word about a debt.
        case firstContact = "first_contact"
    }

    /// What makes a message one message: two decisions with the same key are the same message.
    package struct Key: Hashable, Sendable {
        package var company: String
        package var customerID: String
        package var purpose: Purpose
        /// 1, 2, 3 for overdue; 0 for the purposes that have one step.
        package var step: Int
        /// The day the step counts from (earliest due day), a payment's or a request's id.
        package var period: String

        package init(company: String, customerID: String, purpose: Purpose, step: Int, period: String) {
            self.company = company
            self.customerID = customerID
            self.purpose = purpose
            self.step = step
            self.period = period
        }

        /// The message's id on every machine: the fingerprint of the key.
        package var id: String {
            var builder = Fingerprint.Builder()
            builder.add("message")
            builder.add(company)
            builder.add(customerID)
            builder.add(purpose.rawValue)
            builder.add(Int64(step))
            builder.add(period)
            return builder.finish().base32
        }
    }

    /// One open item the message speaks of.
    package struct Line: Hashable, Sendable {
        package var itemID: String
        /// The invoice number the customer knows.
        package var number: String
        package var dueOn: Day
        package var open: Money
        /// What is asked for now: open less what is in transit, promised or credited.
        package var asked: Money
        /// What credits and cash not yet matched cover of it, positive; nil when they cover nothing.
        package var credited: Money?
        package var daysOverdue: Int

        package init(
            itemID: String, number: String, dueOn: Day, open: Money, asked: Money, credited: Money? = nil,
            daysOverdue: Int
        ) {
            self.itemID = itemID
            self.number = number
            self.dueOn = dueOn
            self.open = open
            self.asked = asked
            self.credited = credited
            self.daysOverdue = daysOverdue
        }

        package var askedWithoutCredits: Money {
            Money(minorUnits: asked.minorUnits + (credited?.minorUnits ?? 0), currency: asked.currency)
        }
    }

    /// The lines of one currency added up, and what the customer has to their credit.
    package struct Total: Hashable, Sendable {
        /// What the lines would ask for without credits.
        package var asked: Money
        /// Open credit notes and cash not yet matched, positive, as far as they were counted against the lines.
        package var credits: Money
        /// What is left to pay: the sum of the lines' `asked`.
        package var net: Money

        package init(asked: Money, credits: Money, net: Money) {
            self.asked = asked
            self.credits = credits
            self.net = net
        }
    }

    /// What the message states, for the agent that carries the conversation on.
    package struct Facts: Hashable, Sendable {
        package var lines: [Line] = []
        /// One per currency, in the currencies' order.
        package var totals: [Total] = []
        /// The day through which the books are complete: said as "according to our books as of".
        package var asOf: Day
        /// Purpose by purpose: the promised day and amount, the returned or received payment.
        package var promisedFor: Day?
        package var amount: Money?
        package var occurredOn: Day?

        package init(asOf: Day) { self.asOf = asOf }
    }

    /// A way to pay, made by `PaymentRequests` and carried as it is.
    package struct HowToPay: Hashable, Sendable {
        /// `epc`, `pix`, `link`, `transfer`.
        package var kind: String
        /// The text of the QR code, the Pix code to copy, or the address; empty for a plain transfer.
        package var payload: String
        package var amount: Money?
        package var account: String?
        package var holder: String?
        package var reference: String?

        package init(
            kind: String, payload: String, amount: Money? = nil, account: String? = nil,
            holder: String? = nil, reference: String? = nil
        ) {
            self.kind = kind
            self.payload = payload
            self.amount = amount
            self.account = account
            self.holder = holder
            self.reference = reference
        }
    }

    /// A document that goes with the message: the original bytes, found by their digest.
    package struct Attachment: Hashable, Sendable {
        package var sha256: String
        package var name: String

        package init(sha256: String, name: String) {
            self.sha256 = sha256
            self.name = name
        }
    }

    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var text: String

        package init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// What the customer may do next; the agent offers nothing else.
    package enum NextStep: String, Sendable {
        case pay, promise
        case alreadyPaid = "already_paid"
        case dispute
        case invoiceCopy = "invoice_copy"
        case confirmIdentity = "confirm_identity"
        case wrongParty = "wrong_party"
        case stop, person
    }

    package var key: Key
    /// From 1; higher when the facts changed before the message was handed over.
    package var revision: Int
    package var disclosure: Disclosure
    /// BCP 47, one of the languages the wording has.
    package var language: String
    package var templateName: String
    /// In the template's order.
    package var parameters: [Parameter]
    package var facts: Facts
    package var allowedNextSteps: [NextStep]
    package var howToPay: [HowToPay]
    package var attachments: [Attachment]
    /// The ready text, for a conversation that is open.
    package var text: String
    /// Where the customer lives; an edge turns them into `notBefore` and `notAfter`.
    package var notBeforeLocal: LocalTime?
    package var notAfterLocal: LocalTime?
    /// Not handed over before this instant.
    package var notBefore: Timestamp?
    /// Not handed over after this instant without being decided again.
    package var notAfter: Timestamp?
    /// The last day on which the decision holds without being made again.
    package var freshUntil: Day
    package var decidedBy: [GateDecision]

    package init(
        key: Key, revision: Int = 1, disclosure: Disclosure = .full, language: String,
        templateName: String, parameters: [Parameter], facts: Facts, allowedNextSteps: [NextStep],
        howToPay: [HowToPay] = [], attachments: [Attachment] = [], text: String,
        notBeforeLocal: LocalTime? = nil, notAfterLocal: LocalTime? = nil, notBefore: Timestamp? = nil,
        notAfter: Timestamp? = nil, freshUntil: Day, decidedBy: [GateDecision] = []
    ) {
        self.key = key
        self.revision = revision
        self.disclosure = disclosure
        self.language = language
        self.templateName = templateName
        self.parameters = parameters
        self.facts = facts
        self.allowedNextSteps = allowedNextSteps
        self.howToPay = howToPay
        self.attachments = attachments
        self.text = text
        self.notBeforeLocal = notBeforeLocal
        self.notAfterLocal = notAfterLocal
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.freshUntil = freshUntil
        self.decidedBy = decidedBy
    }

    package var id: String { key.id }
    package var company: String { key.company }
    package var customerID: String { key.customerID }
    package var purpose: Purpose { key.purpose }
    package var step: Int { key.step }
    package var period: String { key.period }

    /// `before_due`, `overdue_2`, `promise_follow_up`: purpose and step as plans and reports print them.
    package var stepName: String { Self.stepName(purpose, step) }

    package static func stepName(_ purpose: Purpose, _ step: Int) -> String {
        purpose == .overdue ? "\(purpose.rawValue)_\(step)" : purpose.rawValue
    }

    /// True when both say the same to the customer: facts, words and ways to pay, whatever the day or the gates.
    package func saysTheSame(as other: Message) -> Bool {
        key == other.key && disclosure == other.disclosure && language == other.language
            && templateName == other.templateName && text == other.text && facts.lines == other.facts.lines
            && facts.totals == other.facts.totals && howToPay == other.howToPay
            && attachments == other.attachments && allowedNextSteps == other.allowedNextSteps
    }
}

/// One gate's yes or no, stored with what it decided about.
package struct GateDecision: Hashable, Sendable {
    package enum Verdict: String, Sendable {
        case allow
        /// Not now; the same question is asked again later.
        case hold
        /// Not by the machine.
        case deny
    }

    /// Stable, upper case with hyphens: `COVERAGE-GAP`.
    package var rule: String
    package var verdict: Verdict
    /// The item, account or currency it is about; nil for the customer or the message as a whole.
    package var subject: String?
    /// One sentence for a person.
    package var sentence: String
    /// For a hold that ends by itself.
    package var until: LocalTime?

    package init(
        _ rule: String, _ verdict: Verdict, subject: String? = nil, _ sentence: String,
        until: LocalTime? = nil
    ) {
        self.rule = rule
        self.verdict = verdict
        self.subject = subject
        self.sentence = sentence
        self.until = until
    }

    package var allows: Bool { verdict == .allow }
}
