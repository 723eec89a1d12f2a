// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Testing

struct WordingTests {
    private func text(_ language: String, proven: Bool = true) throws -> String {
        var snapshot = Scene.snapshot(
            [Scene.item("0042", due: "2026-09-04"), Scene.item("0043", due: "2026-09-09", minor: 950)],
            language: language)
        snapshot.numberProven = proven
        snapshot.unapplied = [Scene.euro(10_000)]
        return try #require(Scene.plan(snapshot).first?.message?.text)
    }

    @Test("Overdue 1 in English")
    func english() throws {
        #expect(
            try text("en") == """
                Hello Ahrend Molen B.V., the automated assistant of Lantern Instruments B.V. is writing to you. Perhaps it \
                was overlooked: according to our books as of 15 September 2026, we have not received full payment for 2 \
                invoices.
                - Invoice 2026-0042: €1,080.00 left of €1,180.00, due on 4 September 2026
                - Invoice 2026-0043: €9.50, due on 9 September 2026
                Total: €1,089.50 (€1,189.50 less €100.00 in your favour).
                You can pay as described on the invoice.
                Have you already paid? Answer PAID and we will check it. Is something wrong with an invoice, or do \
                you need more time? Just tell us. Answer PERSON to reach a colleague, or STOP to receive no more of \
                these messages.
                """)
    }

    @Test("Overdue 1 in Dutch")
    func dutch() throws {
        #expect(
            try text("nl") == """
                Hallo Ahrend Molen B.V., de automatische assistent van Lantern Instruments B.V. schrijft u. Misschien is \
                het u ontgaan: volgens onze administratie van 15 september 2026 is nog niet alles betaald van 2 \
                facturen.
                - Factuur 2026-0042: nog € 1.080,00 van € 1.180,00, te betalen op 4 september 2026
                - Factuur 2026-0043: € 9,50, te betalen op 9 september 2026
                Totaal: € 1.089,50 (€ 1.189,50 min € 100,00 tegoed).
                U kunt betalen zoals op de factuur staat.
                Hebt u al betaald? Antwoord BETAALD, dan zoeken wij het na. Klopt een factuur niet, of hebt u meer \
                tijd nodig? Laat het ons weten. Antwoord MEDEWERKER voor contact met een collega, of STOP om deze \
                berichten niet meer te krijgen.
                """)
    }

    @Test("Overdue 1 in Brazilian Portuguese")
    func portuguese() throws {
        #expect(
            try text("pt-BR") == """
                Olá, Ahrend Molen B.V.! O assistente automático de Lantern Instruments B.V. escreve para você. Talvez tenha \
                passado despercebido: segundo os nossos registros de 15 de setembro de 2026, ainda não recebemos o \
                pagamento completo de 2 faturas.
                - Fatura 2026-0042: restam € 1.080,00 de € 1.180,00, com vencimento em 4 de setembro de 2026
                - Fatura 2026-0043: € 9,50, com vencimento em 9 de setembro de 2026
                Total: € 1.089,50 (€ 1.189,50 menos € 100,00 a seu favor).
                Você pode pagar como está indicado na fatura.
                Já pagou? Responda PAGUEI e vamos verificar. Há algo errado com uma fatura, ou você precisa de mais \
                tempo? É só nos dizer. Responda PESSOA para falar com um colega, ou PARAR para não receber mais \
                estas mensagens.
                """)
    }

    @Test("A first message to an unproven number gives nothing away", arguments: ["en", "nl", "pt-BR"])
    func firstContact(_ language: String) throws {
        var snapshot = Scene.snapshot([Scene.item("0042", due: "2026-09-04")], language: language)
        snapshot.numberProven = false
        let offer: PaymentOffer = { _ in [.init(kind: "link", payload: "https://pay.example/1")] }
        func message() throws -> Message {
            try #require(
                DunningPolicy().plan(for: snapshot, on: Scene.today, local: Scene.tenOClock, howToPay: offer).first?
                    .message)
        }
        let first = try message()
        let words = first.text + first.parameters.map(\.text).joined(separator: " ")
        #expect(first.disclosure == .firstContact)
        #expect(first.templateName == "first_contact")
        #expect(!words.contains { $0.isNumber })
        for giveaway in ["€", "0042", "invoice", "factuur", "fatura", "debt", "schuld", "dívida", "pay.example"] {
            #expect(!words.lowercased().contains(giveaway))
        }
        #expect(first.howToPay.isEmpty)
        #expect(first.allowedNextSteps == [.confirmIdentity, .wrongParty, .stop, .person])

        snapshot.history = [Scene.said(.due, items: ["B"], on: "2026-09-10", outcome: .handedOver)]
        #expect(try message().disclosure == .firstContact)
        snapshot.history = [Scene.said(.due, items: ["B"], on: "2026-09-10", outcome: .delivered)]
        #expect(try message().disclosure == .full)
    }

    /// Words that every text must have: where the figure is from, who writes, already paid, stop, a person.
    static let musts: [String: [String]] = [
        "en": ["automated assistant", "STOP", "PERSON", "according to our books as of", "PAID"],
        "nl": ["automatische assistent", "STOP", "MEDEWERKER", "volgens onze administratie van", "BETAALD"],
        "pt-BR": ["assistente automático", "PARAR", "PESSOA", "segundo os nossos registros de", "PAGUEI"],
    ]

    static let bodies: [(String, String, String)] = Wording.all.flatMap { wording in
        wording.templates.map { (wording.code, $0.name, $0.body) }
    }

    @Test("Every template says what it must and is one that WhatsApp accepts", arguments: bodies)
    func templates(_ language: String, _ name: String, _ body: String) throws {
        let musts = try #require(Self.musts[language])
        for must in musts.prefix(3) { #expect(body.contains(must)) }
        if name != "first_contact", name != "invoice_resend" { #expect(body.lowercased().contains(musts[3])) }
        if !["first_contact", "payment_confirmation"].contains(name) { #expect(body.contains(musts[4])) }
        #expect(!body.hasPrefix("$(") && !body.hasSuffix(")"))
        #expect(body.utf8.count <= 1024)
    }

    @Test("Nothing states interest, costs or legal action", arguments: bodies)
    func respectful(_ language: String, _ name: String, _ body: String) {
        let banned = [
            "interest", "fee", "cost", "court", "legal", "lawyer", "debt", "collection", "rente", "incasso", "kosten",
            "rechter", "deurwaarder", "schuld", "juros", "multa", "custas", "processo", "judicial", "advogado",
            "dívida", "cobrança", "serasa", "immediately", "onmiddellijk", "imediatamente",
        ]
        let words = body.lowercased().split { !$0.isLetter }.map(String.init)
        #expect(words.filter(banned.contains).isEmpty)
    }

    @Test("Every language has every template with the same variables")
    func sameVariables() throws {
        let english = Wording.english.templates
        for wording in Wording.all {
            #expect(wording.templates.map(\.name) == english.map(\.name))
            for (name, body) in wording.templates {
                #expect(Self.names(body) == Self.names(try #require(Wording.english.body(name))))
            }
        }
    }

    @Test("Names that end with a dot do not end a sentence twice", arguments: bodies)
    func dots(_ language: String, _ name: String, _ body: String) {
        for variable in ["company", "customer", "holder"] { #expect(!body.contains("$(\(variable)).")) }
    }

    private static func names(_ body: String) -> Set<String> {
        Set(body.split(separator: "$(").dropFirst().compactMap { $0.split(separator: ")").first.map(String.init) })
    }

    @Test("Parameters are single lines and none is empty, whatever the names in the source hold")
    func parameters() throws {
        var snapshot = Scene.snapshot((1...30).map { Scene.item("\($0)\n\t x", due: "2026-09-09") })
        snapshot.customer.name = "A\nB \t $(company) C"
        let message = try #require(Scene.plan(snapshot).first?.message)
        for parameter in message.parameters {
            #expect(!parameter.text.isEmpty)
            #expect(!parameter.text.contains { $0.isNewline || $0 == "\t" })
        }
        #expect(message.text.hasPrefix("Hello A B $(company) C,"))
        #expect(message.text.contains("- and 11 invoices more"))
        let inline = try #require(message.parameters.first { $0.name == "invoices" })
        #expect(inline.text.contains("; and 26 invoices more"))
    }

    @Test(
        "Amounts are written the way the language writes them",
        arguments: [
            ("nl", "EUR", 118_000, "€ 1.180,00"), ("en", "EUR", 118_000, "€1,180.00"),
            ("pt-BR", "BRL", 118_000, "R$ 1.180,00"), ("en", "USD", 99, "US$0.99"),
            ("nl", "JPY", 1_234_567, "JPY 1.234.567"),
            ("en", "KWD", -1_234_567, "-KWD 1,234.567"), ("en", "GBP", 100_000_000, "£1,000,000.00"),
        ] as [(String, String, Int64, String)])
    func amounts(_ language: String, _ code: String, _ minor: Int64, _ text: String) throws {
        let wording = try #require(Wording.of(language))
        let currency = try #require(Currency(code))
        #expect(wording.money(Money(minorUnits: minor, currency: currency)) == text)
    }

    @Test(
        "Days are written with the month in letters",
        arguments: [("en", "4 September 2026"), ("nl", "4 september 2026"), ("pt-BR", "4 de setembro de 2026")])
    func days(_ language: String, _ text: String) throws {
        #expect(try #require(Wording.of(language)).day(Scene.day("2026-09-04")) == text)
    }

    @Test(
        "A customer is written to in their language, a near one, or the policy's first",
        arguments: [("nl-BE", "nl"), ("pt", "pt-BR"), ("PT-br", "pt-BR"), ("de", "en"), ("", "en")])
    func language(_ wanted: String, _ given: String) throws {
        let snapshot = Scene.snapshot([Scene.item("A", due: "2026-09-09")], language: wanted)
        #expect(try #require(Scene.plan(snapshot).first?.message).language == given)
    }

    @Test("Purposes with facts of their own say them")
    func purposes() throws {
        var item = Scene.item("A", due: "2026-09-01")
        item.returnedOn = Scene.day("2026-09-14")
        item.returned = Scene.euro(118_000)
        let returned = try #require(Scene.plan(Scene.snapshot([item])).first?.message?.text)
        #expect(
            returned.contains("On 14 September 2026 the bank or payment service took back a payment for 1 invoice."))

        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-09-01")])
        snapshot.promises = [Scene.broken([("A", 118_000)], for: "2026-09-10")]
        let broken = try #require(Scene.plan(snapshot).first?.message?.text)
        #expect(broken.contains("You told us that you would pay €1,180.00 by 10 September 2026."))
    }
}
