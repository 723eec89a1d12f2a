// SPDX-License-Identifier: Apache-2.0

extension Wording {
    package static let dutch = Wording(
        code: "nl",
        forms: Forms(
            months: [
                "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
                "november", "december",
            ],
            dayJoiner: " ", decimalMark: ",", groupMark: ".", signSpace: " ",
            signs: [("EUR", "€"), ("GBP", "£"), ("USD", "US$"), ("BRL", "R$")], and: "en"),
        phrases: Phrases(
            invoiceOne: "factuur", invoiceMany: "facturen",
            line: "Factuur $(number): $(amount), te betalen op $(due)",
            lineLeft: "Factuur $(number): nog $(amount) van $(whole), te betalen op $(due)",
            linePromised: "Factuur $(number): $(amount) ontbreekt van wat is toegezegd",
            lineSettled: "Factuur $(number): helemaal betaald",
            lineRest: "Factuur $(number): er staat nog $(amount) open",
            moreLines: "en nog $(count)",
            totalLessCredits: "$(net) ($(asked) min $(credits) tegoed)",
            payAsInvoice: "U kunt betalen zoals op de factuur staat.",
            payLink: "U kunt hier betalen: $(link)",
            payTransfer: "U kunt betalen aan $(holder), rekening $(account), met kenmerk $(reference).",
            payTransferPlain: "U kunt betalen aan $(holder), rekening $(account).",
            payPix: "U kunt betalen met deze Pix-code: $(code)",
            nobody: "daar"),
        templates: [
            ("first_contact", firstContact),
            ("before_due", beforeDue), ("due", due), ("overdue_1", overdue1), ("overdue_2", overdue2),
            ("overdue_3", overdue3), ("promise_follow_up", promiseFollowUp), ("returned", returned),
            ("payment_confirmation", paymentConfirmation), ("invoice_resend", invoiceResend),
        ])

    private static let greeting = "Hallo $(customer), de automatische assistent van $(company) schrijft u."

    private static let closing = """
        Hebt u al betaald? Antwoord BETAALD, dan zoeken wij het na. Klopt een factuur niet, of hebt u meer tijd nodig? \
        Laat het ons weten. Antwoord MEDEWERKER voor contact met een collega, of STOP om deze berichten niet meer te \
        krijgen.
        """

    private static let firstContact = """
        Hallo, de automatische assistent van $(company) schrijft u. Wij willen graag contact met $(customer) over de \
        klantrekening bij ons. Is dit het juiste nummer? Antwoord dan JA. Is dit niet het juiste nummer? Antwoord \
        VERKEERD NUMMER, dan schrijven wij niet meer. Antwoord MEDEWERKER voor contact met een collega, of STOP om \
        deze berichten niet meer te krijgen.
        """

    private static let beforeDue = """
        \(greeting) Wij laten u op tijd iets weten: volgens onze administratie van $(as_of) moet u binnenkort \
        $(count) betalen.
        $(invoices)
        Totaal: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let due = """
        \(greeting) Volgens onze administratie van $(as_of) is de betaaldag bereikt van $(count).
        $(invoices)
        Totaal: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue1 = """
        \(greeting) Misschien is het u ontgaan: volgens onze administratie van $(as_of) is nog niet alles betaald van \
        $(count).
        $(invoices)
        Totaal: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue2 = """
        \(greeting) Volgens onze administratie van $(as_of) ontbreekt nog de volledige betaling van $(count). Kunt u \
        deze week betalen, of ons laten weten op welke dag u betaalt?
        $(invoices)
        Totaal: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue3 = """
        \(greeting) Volgens onze administratie van $(as_of) ontbreekt al langere tijd de volledige betaling van \
        $(count). Dit is \
        ons laatste automatische bericht hierover; daarna neemt een collega contact met u op. Wij denken graag mee \
        over een oplossing.
        $(invoices)
        Totaal: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let promiseFollowUp = """
        \(greeting) U hebt ons laten weten dat u $(amount) zou betalen, uiterlijk op $(promised_for). Volgens onze \
        administratie van $(as_of) is dat nog niet helemaal binnen. Dit staat nog open:
        $(invoices)
        Totaal: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let returned = """
        \(greeting) Op $(day) heeft de bank of betaaldienst een betaling teruggehaald voor $(count). Dat kan een \
        vergissing zijn, daarom laten wij het u weten. Volgens onze administratie van $(as_of) staat dit weer open:
        $(invoices)
        Totaal: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let paymentConfirmation = """
        \(greeting) Dank u wel: op $(day) hebben wij een betaling van $(amount) ontvangen. Volgens onze administratie \
        van $(as_of):
        $(invoices)
        Klopt er iets niet? Laat het ons weten. Antwoord MEDEWERKER voor contact met een collega, of STOP om deze \
        berichten niet meer te krijgen.
        """

    private static let invoiceResend = """
        \(greeting) U hebt gevraagd om een kopie van $(numbers); u vindt die bij dit bericht. Klopt er iets niet? Laat \
        het ons weten. Hebt u al betaald? Antwoord BETAALD, dan zoeken wij het na. Antwoord MEDEWERKER voor contact \
        met een collega, of STOP om deze berichten niet meer te krijgen.
        """
}
