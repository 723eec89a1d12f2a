// SPDX-License-Identifier: Apache-2.0

/// What a person must see: the machine stopped here and says why.
package struct ExceptionRecord: Hashable, Sendable {
    package enum State: String, Sendable { case open, resolved }

    /// The same matter has the same id, so that seeing it twice makes one exception.
    package var id: String
    /// Stable, upper case with hyphens: `CLAIM-LAPSED`.
    package var kind: String
    package var company: String
    package var customerID: String?
    /// The item, payment, promise or message it is about.
    package var subject: String
    /// One sentence: what is the matter and what is asked of the person.
    package var message: String
    /// Names and values that help to decide, in reading order.
    package var context: [Context]
    package var owner: String?
    package var dueOn: Day
    package var state: State = .open
    package var resolution: String?

    package struct Context: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        _ kind: String, company: String, customerID: String? = nil, subject: String, message: String,
        context: [Context] = [], owner: String? = nil, dueOn: Day
    ) {
        var builder = Fingerprint.Builder()
        builder.add("exception")
        builder.add(kind)
        builder.add(company)
        builder.add(customerID)
        builder.add(subject)
        self.id = builder.finish().base32
        self.kind = kind
        self.company = company
        self.customerID = customerID
        self.subject = subject
        self.message = message
        self.context = context
        self.owner = owner
        self.dueOn = dueOn
    }
}
