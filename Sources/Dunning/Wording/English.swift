// SPDX-License-Identifier: Apache-2.0

extension Wording {
    package static let english = Wording(
        code: "en",
        forms: Forms(
            months: [
                "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                "November", "December",
            ],
            dayJoiner: " ", decimalMark: ".", groupMark: ",", signSpace: "",
            signs: [("EUR", "€"), ("GBP", "£"), ("USD", "US$"), ("BRL", "R$")], and: "and"),
        phrases: Phrases(
            invoiceOne: "invoice", invoiceMany: "invoices",
            line: "Invoice $(number): $(amount), due on $(due)",
            lineLeft: "Invoice $(number): $(amount) left of $(whole), due on $(due)",
            linePromised: "Invoice $(number): $(amount) is missing of what was promised",
            lineSettled: "Invoice $(number): paid in full",
            lineRest: "Invoice $(number): $(amount) is still open",
            moreLines: "and $(count) more",
            totalLessCredits: "$(net) ($(asked) less $(credits) in your favour)",
            payAsInvoice: "You can pay as described on the invoice.",
            payLink: "You can pay here: $(link)",
            payTransfer: "You can pay to $(holder), account $(account), with the reference $(reference).",
            payTransferPlain: "You can pay to $(holder), account $(account).",
            payPix: "You can pay with this Pix code: $(code)",
            nobody: "there"),
        templates: [
            ("first_contact", firstContact),
            ("before_due", beforeDue), ("due", due), ("overdue_1", overdue1), ("overdue_2", overdue2),
            ("overdue_3", overdue3), ("promise_follow_up", promiseFollowUp), ("returned", returned),
            ("payment_confirmation", paymentConfirmation), ("invoice_resend", invoiceResend),
        ])

    private static let greeting = "Hello $(customer), the automated assistant of $(company) is writing to you."

    private static let closing = """
        Have you already paid? Answer PAID and we will check it. Is something wrong with an invoice, or do you need \
        more time? Just tell us. Answer PERSON to reach a colleague, or STOP to receive no more of these messages.
        """

    private static let firstContact = """
        Hello, the automated assistant of $(company) is writing to you. We would like to reach $(customer) about \
        the account with us. Is this the right number? Please answer YES. If it is not, answer WRONG NUMBER and we will not write \
        again. Answer PERSON to reach a colleague, or STOP to receive no more of these messages.
        """

    private static let beforeDue = """
        \(greeting) We would like to let you know in good time: according to our books as of $(as_of), $(count) will \
        soon be due.
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let due = """
        \(greeting) According to our books as of $(as_of), the due date has come for $(count).
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue1 = """
        \(greeting) Perhaps it was overlooked: according to our books as of $(as_of), we have not received full \
        payment for $(count).
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue2 = """
        \(greeting) According to our books as of $(as_of), full payment for $(count) is still missing. Can you pay \
        this week, or tell us on which day you will?
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue3 = """
        \(greeting) According to our books as of $(as_of), full payment for $(count) has been missing for some time. \
        This \
        is our last automated message about it; after this a colleague will contact you. We are glad to look for a \
        solution together.
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let promiseFollowUp = """
        \(greeting) You told us that you would pay $(amount) by $(promised_for). According to our books as of \
        $(as_of), not all of it has arrived. This is still open:
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let returned = """
        \(greeting) On $(day) the bank or payment service took back a payment for $(count). That can be a simple \
        mistake, so we want you to know. According to our books as of $(as_of), this is open again:
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let paymentConfirmation = """
        \(greeting) Thank you: on $(day) we received a payment of $(amount). According to our books as of \
        $(as_of):
        $(invoices)
        Is something not right? Just tell us. Answer PERSON to reach a colleague, or STOP to receive no more of these \
        messages.
        """

    private static let invoiceResend = """
        \(greeting) You asked for a copy of $(numbers); you find it with this message. Is something not right? Just \
        tell us. Have you already paid? Answer PAID and we will check it. Answer PERSON to reach a colleague, or STOP \
        to receive no more of these messages.
        """
}
