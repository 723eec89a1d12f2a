// SPDX-License-Identifier: Apache-2.0

/// Counterparties that pay out other people's money: their payouts belong to settlement lines.
enum Provider {
    private static let names = set(
        """
        STRIPE MOLLIE ADYEN PAYPAL KLARNA SUMUP GOCARDLESS WORLDPAY CHECKOUTCOM PAYONE NEXI SHOPIFY BRAINTREE
        IZETTLE ZETTLE PAGSEGURO PAGBANK MERCADOPAGO ASAAS IUGU VINDI GETNET UNZER NUVEI TRUSTLY
        MULTISAFEPAY BUCKAROO WORLDLINE MANGOPAY PAYPLUG PAYTRAIL BAMBORA EBANX DLOCAL CONCARDIS LEMONWAY HIPAY
        """)
    /// Words that many a company begins with: a provider's only where nothing but its business or a country stands behind.
    private static let common = set("STONE NETS CIELO")
    private static let business = set(
        """
        PAGAMENTO PAGAMENTOS PAYMENT PAYMENTS INSTITUICAO INSTITUCAO DE DO IP MEIOS SOLUCOES CREDITO GROUP BRANCH EUROPE
        DENMARK DANMARK NORWAY NORGE SWEDEN SVERIGE FINLAND ESTONIA EESTI BRASIL BRAZIL
        """)
    /// What holds other people's money for a provider: `Stichting Mollie Payments`.
    private static let holders = set("STICHTING STG STICHT FOUNDATION DERDENGELDEN")
    /// One pays out what another one's report has.
    private static let houses = [
        "PAYPAL IZETTLE ZETTLE BRAINTREE", "PAGSEGURO PAGBANK", "STRIPE SHOPIFY", "NEXI NETS CONCARDIS",
        "WORLDLINE PAYONE BAMBORA",
    ].map { set($0) }
    /// What a book of settlements may be called by, whosever it is.
    private static let plain = set(
        """
        SETTLEMENT SETTLEMENTS REPORT REPORTS PAYMENT PAYMENTS PAYOUT PAYOUTS PROVIDER PROVIDERS BALANCE TRANSACTION
        TRANSACTIONS ACTIVITY ACTIVITIES EXPORT IMPORT RECON BOOKS STATEMENT STATEMENTS CARDS CARD CLEARING ONLINE EUROPE
        CHARGES CHARGE FILES MONEY SHOPS STORE WEBSHOP SALES ORDERS BANKS ACCOUNT ACCOUNTS CHECKOUT GATEWAY TIEOUT DEFAULT
        DAILY MONTHLY WEEKLY DIRECT DEBIT CREDIT SEPA TERMINAL INVOICE INVOICES CUSTOMER CUSTOMERS SYSTEM GROUP
        """)

    private static func set(_ text: String) -> Set<[UInt8]> {
        Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    }

    /// Whether the name is no company's but a provider's.
    static func isUnmistakable(_ name: PartyName) -> Bool {
        isOne(name) && !name.words.contains { common.contains($0.bytes) }
    }

    /// By the counterparty's first word: `STRIPE PAYMENTS EUROPE`, not a text that mentions one.
    static func isOne(_ name: PartyName) -> Bool { own(name) != nil }

    private static func own(_ name: PartyName) -> [UInt8]? {
        let words = name.words.map(\.bytes).drop { holders.contains($0) }
        guard let first = words.first else { return nil }
        // `Mercado Pago`, `Checkout.com`
        if let known = [first, words.prefix(2).reduce([], +)].first(where: { names.contains($0) }) { return known }
        return common.contains(first) && words.dropFirst().allSatisfy { business.contains($0) } ? first : nil
    }

    /// Whether a word of the name is what a book of settlements is called by: `Banking Circle for SumUp`, and `Tikkie B.V.`,
    /// of which nothing is known but that a source is called `tikkie`.
    static func isNamed(_ name: PartyName, by source: String) -> Bool {
        let words = name.words.map(\.bytes)
        return telling(source).contains { told in
            words.contains { isSame($0, told) } || zip(words, words.dropFirst()).contains { $0 + $1 == told }
        }
    }

    /// Whether what is in a book is another one's to pay out. Of a book that no provider's name is on, nobody knows that of a
    /// provider.
    static func isAnother(_ name: PartyName, than source: String) -> Bool {
        guard let own = own(name) else { return !isNamed(name, by: source) }
        guard let book = known(source) else { return false }
        return !isSame(own, book) && !isNamed(name, by: source)
    }

    private static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one == other || houses.contains { $0.contains(one) && $0.contains(other) }
    }

    /// The provider's own name in that of a book: `mollie-settlement`, `mercado-pago-settlement`.
    private static func known(_ source: String) -> [UInt8]? {
        let words = PartyName(source).words.map(\.bytes)
        return words.first { names.contains($0) || common.contains($0) }
            ?? zip(words, words.dropFirst()).map { $0 + $1 }.first { names.contains($0) }
    }

    /// What tells a book from others. `Stone` also tells bakeries.
    private static func telling(_ source: String) -> [[UInt8]] {
        if let known = known(source) { return common.contains(known) ? [] : [known] }
        return PartyName(source).words.map(\.bytes).filter { $0.count >= 5 && !plain.contains($0) }
    }
}
