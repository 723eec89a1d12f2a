// SPDX-License-Identifier: Apache-2.0
import Documents

/// The words that headers use for a target, in the languages of the exports we know; letters and digits only.
struct MappingGuess {
    var target: String
    var kinds: [TableInspection.Column.Kind]
    var words: [String]
    /// A name that has one of these says something else.
    var never: [String]
    /// Without it nothing can be made.
    var isNeeded = false

    init(
        _ target: String, _ kinds: [TableInspection.Column.Kind], _ words: [String], never: [String] = [],
        needed: Bool = false
    ) {
        self.target = target
        self.kinds = kinds
        self.words = words
        self.never = never
        isNeeded = needed
    }

    /// In the order in which targets choose their columns.
    static func all(_ entity: String) -> [MappingGuess] {
        switch entity {
        case "invoice": invoice
        case "customer": customer
        default: payment
        }
    }

    private static let texts: [TableInspection.Column.Kind] = [.text, .number, .account]
    private static let sums: [TableInspection.Column.Kind] = [.amount, .number]

    /// Of an amount, that it is not the one that was booked.
    private static let foreign = ["fremd", "foreign", "original", "exchange"]

    private static let invoice: [MappingGuess] = [
        MappingGuess(
            "number", texts,
            [
                "invoicenumber", "invoiceno", "invoicenr", "invoice", "documentnumber", "documentno", "rechnungsnr",
                "rechnungsnummer", "belegnummer", "belegnr", "factuurnummer", "factuurnr", "numerodafatura",
                "numerodocumento", "numerodefactura", "numero", "nfatura", "details", "number", "reference",
            ], needed: true),
        MappingGuess(
            "id", texts, ["invoiceid", "id", "documentid", "uuid", "guid", "transactionid"]),
        MappingGuess(
            "customer_id", texts,
            [
                "customerid", "customerno", "customernumber", "customercode", "accountcode", "debitorno", "kundennr",
                "kundennummer", "debitor", "debitorenkonto", "klantnr", "klantcode", "debiteur", "codigocliente",
                "clienteid", "konto", "accountid", "clientid",
            ]),
        MappingGuess(
            "customer_name", [.text],
            [
                "customername", "customer", "clientname", "client", "kunde", "kundenname", "klantnaam", "klant",
                "debiteurnaam", "cliente", "nomedocliente", "razaosocial", "organization", "company", "accountname",
                "contactname", "name", "naam", "nome", "nombre",
            ]),
        MappingGuess(
            "issued_on", [.day],
            [
                "invoicedate", "dateissued", "issuedate", "issuedon", "documentdate", "belegdatum", "rechnungsdatum",
                "factuurdatum", "dataemissao", "dataemisso", "fechaemision", "transactiondate", "date", "datum", "data",
                "fecha",
            ], needed: true),
        MappingGuess(
            "due_on", [.day],
            [
                "duedate", "dueon", "due", "faelligam", "fälligam", "fälligkeit", "vervaldatum", "vencimento",
                "vencimiento",
            ]),
        MappingGuess(
            "paid_on", [.day], ["settleddate", "datepaid", "paidon", "paymentdate", "bezahltam", "betaaldop"]),
        MappingGuess(
            "currency", [.currency],
            ["currency", "currencycode", "währung", "waehrung", "wkz", "valuta", "munt", "moeda"]),
        MappingGuess(
            "open", sums,
            [
                "balancedue", "balancedueamount", "openamount", "amountdue", "outstanding", "open", "offen",
                "saldooffen", "openstaand", "openstaandbedrag", "emaberto", "saldo", "balance",
            ], never: ["initial", "final", "opening", "closing", "running", "anfang", "anfangs", "endsaldo"]),
        MappingGuess(
            "tax", sums, ["totaltaxamount", "totaltax", "taxamount", "vatamount", "mwst", "ust", "btw", "iva", "tax"],
            never: ["withholding", "rate", "percent", "satz", "before"]),
        MappingGuess(
            "paid", sums, ["amountpaid", "amountpaidamount", "paidamount", "bezahlt", "betaald", "valorpago"]),
        MappingGuess("net", sums, ["netamount", "subtotal", "netto", "net"]),
        MappingGuess(
            "total", sums,
            [
                "invoiceamount", "totalamount", "grandtotal", "total", "amount", "bruttobetrag", "brutto",
                "rechnungsbetrag", "betrag", "factuurbedrag", "bedrag", "valortotal", "valor", "importe", "gross",
            ], needed: true),
        MappingGuess(
            "reference", [.text, .number], ["yourreference", "customerreference", "ponumber", "uwref", "ihrereferenz"]),
        MappingGuess("disputed", [.text], ["disputed", "betwist", "strittig"]),
    ]

    private static let payment: [MappingGuess] = [
        MappingGuess(
            "id", texts, ["transactionid", "transactionreference", "transactiereferentie", "paymentid", "id", "volgnr"]),
        MappingGuess(
            "booked_on", [.day],
            [
                "bookingdate", "bookedon", "transactiondate", "postingdate", "dateprocessed", "buchungstag",
                "buchungsdatum", "buchung",
                "boekdatum", "boekingsdatum", "datumverrekening", "datalancamento", "fechaoperacion", "created", "date",
                "datum", "data", "fecha",
            ], never: ["initial", "final", "start", "expiry"], needed: true),
        MappingGuess(
            "valued_on", [.day],
            [
                "valuedate", "valutadate", "valutadatum", "valuta", "wertstellung", "rentedatum", "fechavalor",
                "executiondate",
            ]),
        MappingGuess(
            "amount", sums,
            [
                "amount", "betrag", "betrageur", "bedrag", "bedrageur", "inflow", "importe", "valor", "gross", "sum",
                "netamount",
            ],
            never: foreign, needed: true),
        MappingGuess("fee", sums, ["fee", "gebühr", "gebuehr", "kosten", "taxa", "comision"]),
        MappingGuess(
            "currency", [.currency], ["currency", "währung", "waehrung", "munt", "moeda", "divisa"], never: foreign),
        MappingGuess(
            "original_amount", sums, ["originalamount", "betragfremdwährung", "foreignamount", "amountforeign"]),
        MappingGuess(
            "original_currency", [.currency], ["originalcurrency", "fremdwährung", "foreigncurrency"]),
        MappingGuess(
            "payer_account", texts,
            [
                "counterparty", "counterpartyaccount", "counteraccount", "tegenrekening", "tegenrekeningibanbban",
                "rekeningnummertegenpartij", "ibantegenpartij", "kontonummer", "payeriban", "payeraccount",
            ]),
        MappingGuess(
            "account", texts,
            [
                "account", "ibanbban", "iban", "rekening", "rekeningnummer", "auftragskonto", "ibanauftraggeberkonto",
                "konto", "conta", "cuenta", "accountnumber",
            ]),
        MappingGuess(
            "payer_name", [.text],
            [
                "counterpartyname", "counteraccountname", "naamtegenpartij", "beguenstigterzahlungspflichtiger",
                "empfänger", "merchantname", "payee", "payer", "name", "naam", "nome", "nombre",
            ]),
        MappingGuess(
            "structured_reference", texts, ["gestructureerdemededeling", "betalingskenmerk", "structuredreference"]),
        MappingGuess(
            "remittance", [.text, .number],
            [
                "verwendungszweck", "vrijemededeling", "remittanceinformation", "description", "omschrijving",
                "omschrijving1", "details", "buchungstext", "memo", "notes", "descricao", "historico", "concepto",
            ]),
        MappingGuess(
            "method", [.text], ["umsatzart", "transactiontype", "transaktionstyp", "type", "code", "mutatiesoort"]),
    ]

    private static let customer: [MappingGuess] = [
        MappingGuess(
            "id", texts,
            ["customerid", "customerno", "customernumber", "clientid", "accountnumber", "id", "email", "kundennummer"],
            needed: true),
        MappingGuess(
            "name", [.text], ["customername", "clientname", "organization", "company", "firma", "name", "naam", "nome"]),
        MappingGuess("email", [.text], ["email", "emailaddress", "mail"]),
        MappingGuess("phone", texts, ["mobile", "phone", "telephone", "telefon", "telefoon", "telefone"]),
        MappingGuess("country", [.text], ["country", "countrycode", "land", "pais"]),
        MappingGuess("language", [.text], ["language", "sprache", "taal", "idioma"]),
        MappingGuess("tax_id", texts, ["vatnumber", "taxid", "ustid", "btwnummer", "cnpj", "nif"]),
    ]

    static let incoming = [
        "credit", "creditamount", "paidin", "moneyin", "inflow", "haben", "gutschrift", "bij", "abono", "entrada",
        "eingang",
    ]
    static let outgoing = [
        "debit", "debet", "debitamount", "paidout", "moneyout", "outflow", "soll", "belastung", "af", "cargo", "saida",
        "ausgang",
    ]
    /// What a column of two words calls money that went out.
    static let debits: Set<String> = [
        "d", "dr", "db", "debit", "debet", "af", "s", "soll", "out", "o", "dbit", "-", "saida", "cargo",
    ]

    /// Names that only a bank's export has: a day of value, balances before and after.
    static let ofBank = [
        "valuedate", "valutadate", "valutadatum", "wertstellung", "rentedatum", "fechavalor", "initialbalance",
        "finalbalance", "openingbalance", "closingbalance", "runningbalance", "saldonabuchung", "saldonamutatie",
    ]

    static func plain(_ name: String) -> String {
        String(
            name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }.map(
                Character.init))
    }

    /// A code in a header: `Betrag (EUR)`, `Amount CZK`.
    static func currency(in name: String) -> Currency? {
        name.split { !$0.isLetter }.filter { $0.count == 3 && $0 == $0.uppercased() }.compactMap { Currency($0) }.first
    }
}
