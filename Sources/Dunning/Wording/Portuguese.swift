// SPDX-License-Identifier: Apache-2.0

extension Wording {
    package static let portuguese = Wording(
        code: "pt-BR",
        forms: Forms(
            months: [
                "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
                "novembro", "dezembro",
            ],
            dayJoiner: " de ", decimalMark: ",", groupMark: ".", signSpace: " ",
            signs: [("EUR", "€"), ("GBP", "£"), ("USD", "US$"), ("BRL", "R$")], and: "e"),
        phrases: Phrases(
            invoiceOne: "fatura", invoiceMany: "faturas",
            line: "Fatura $(number): $(amount), com vencimento em $(due)",
            lineLeft: "Fatura $(number): restam $(amount) de $(whole), com vencimento em $(due)",
            linePromised: "Fatura $(number): faltam $(amount) do que foi prometido",
            lineSettled: "Fatura $(number): totalmente paga",
            lineRest: "Fatura $(number): ainda falta pagar $(amount)",
            moreLines: "e mais $(count)",
            totalLessCredits: "$(net) ($(asked) menos $(credits) a seu favor)",
            payAsInvoice: "Você pode pagar como está indicado na fatura.",
            payLink: "Você pode pagar aqui: $(link)",
            payTransfer: "Você pode pagar a $(holder), conta $(account), com a referência $(reference).",
            payTransferPlain: "Você pode pagar a $(holder), conta $(account).",
            payPix: "Você pode pagar com este código Pix: $(code)",
            nobody: "cliente"),
        templates: [
            ("first_contact", firstContact),
            ("before_due", beforeDue), ("due", due), ("overdue_1", overdue1), ("overdue_2", overdue2),
            ("overdue_3", overdue3), ("promise_follow_up", promiseFollowUp), ("returned", returned),
            ("payment_confirmation", paymentConfirmation), ("invoice_resend", invoiceResend),
        ])

    private static let greeting = "Olá, $(customer)! O assistente automático de $(company) escreve para você."

    private static let closing = """
        Já pagou? Responda PAGUEI e vamos verificar. Há algo errado com uma fatura, ou você precisa de mais tempo? É \
        só nos dizer. Responda PESSOA para falar com um colega, ou PARAR para não receber mais estas mensagens.
        """

    private static let firstContact = """
        Olá! O assistente automático de $(company) escreve para você. Gostaríamos de falar com $(customer) \
        sobre o cadastro conosco. Este é o número certo? Por favor, responda SIM. Se não for, responda NÚMERO ERRADO e não \
        escreveremos mais. Responda PESSOA para falar com um colega, ou PARAR para não receber mais estas mensagens.
        """

    private static let beforeDue = """
        \(greeting) Avisamos com antecedência: segundo os nossos registros de $(as_of), vence em breve o pagamento de \
        $(count).
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let due = """
        \(greeting) Segundo os nossos registros de $(as_of), chegou a data de vencimento de $(count).
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue1 = """
        \(greeting) Talvez tenha passado despercebido: segundo os nossos registros de $(as_of), ainda não recebemos o \
        pagamento completo de $(count).
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue2 = """
        \(greeting) Segundo os nossos registros de $(as_of), ainda falta o pagamento completo de $(count). Você pode \
        pagar esta semana, ou nos dizer em que dia vai pagar?
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let overdue3 = """
        \(greeting) Segundo os nossos registros de $(as_of), há algum tempo falta o pagamento completo de $(count). \
        Esta é a \
        nossa última mensagem automática sobre isso; depois, um colega vai entrar em contato. Teremos prazer em \
        procurar uma solução juntos.
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let promiseFollowUp = """
        \(greeting) Você nos disse que pagaria $(amount) até $(promised_for). Segundo os nossos registros de $(as_of), \
        o valor ainda não chegou por completo. Isto continua em aberto:
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let returned = """
        \(greeting) Em $(day), o banco ou o serviço de pagamento devolveu um pagamento de $(count). Pode ser um \
        simples engano, por isso avisamos. Segundo os nossos registros de $(as_of), isto está de novo em aberto:
        $(invoices)
        Total: $(total).
        $(how_to_pay)
        \(closing)
        """

    private static let paymentConfirmation = """
        \(greeting) Obrigado: em $(day) recebemos um pagamento de $(amount). Segundo os nossos registros de $(as_of):
        $(invoices)
        Algo não está certo? É só nos dizer. Responda PESSOA para falar com um colega, ou PARAR para não receber mais \
        estas mensagens.
        """

    private static let invoiceResend = """
        \(greeting) Você pediu uma cópia de $(numbers); ela está nesta mensagem. Algo não está certo? É só nos dizer. \
        Já pagou? Responda PAGUEI e vamos verificar. Responda PESSOA para falar com um colega, ou PARAR para não receber \
        mais estas mensagens.
        """
}
