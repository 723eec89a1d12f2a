// SPDX-License-Identifier: Apache-2.0
import Documents

extension MappingGuess {
    private static let texts: [TableInspection.Column.Kind] = [.text, .number, .account]
    private static let sums: [TableInspection.Column.Kind] = [.amount, .number]

    /// Of an amount, that it is not the one that was booked.
    private static let foreign = ["fremd", "foreign", "original", "exchange"]
    /// Of an amount, that it is a percentage or one that is only foreseen.
    private static let shares = ["rate", "percent", "prozent", "procent", "satz", "taxa", "previst", "expected"]
    /// Of a number, that it is another party's or another document's.
    private static let others = [
        "client", "kund", "klant", "debit", "custom", "account", "konto", "cuenta", "telef", "phone", "cnpj", "vat",
        "order", "pedido", "bestel", "razem", "email",
    ]
    /// Of a day, that money is due or came then.
    private static let later = [
        "due", "venc", "fallig", "faellig", "verval", "echeance", "scad", "forfal", "paid", "pago", "betaal", "bezahl",
        "platnosci", "payment", "settled", "modified", "updated", "zahlung",
    ]
    /// Of an amount, that it is not the whole of an invoice.
    private static let parts = [
        "paid", "pago", "betaald", "bezahlt", "open", "due", "saldo", "solde", "balance", "outstanding", "tax", "iva",
        "vat", "btw", "mwst", "net", "base", "pendiente", "rest", "aberto", "discount", "descont", "rate", "ship",
    ]

    static let invoice: [MappingGuess] = [
        MappingGuess(
            "number", texts,
            [
                "invoicenumber", "invoiceno", "invoicenr", "invoicenum", "invoice", "documentnumber", "documentno",
                "rechnungsnr", "rechnungsnummer", "belegnummer", "belegnr", "factuurnummer", "factuurnr", "fakturanr",
                "fakturanummer", "nrfaktury", "numerfaktury", "numerodafatura", "numerodocumento", "numerodefactura",
                "numerofactura", "nfactura", "nofactura", "numerofattura", "nfattura", "numdoc", "numerodoc", "nrdoc",
                "ndoc", "nodoc", "docno", "docnum", "docnumber", "numerofacture", "nfacture", "nofacture", "npiece",
                "numpiece", "numerodepiece", "laskunnumero", "notafiscal", "numerodanota",
                "titulo", "factura", "facture", "fattura", "fatura", "factuur", "rechnung", "faktura", "piece", "lasku",
                "numero", "nfe", "nf", "details", "number", "num", "docto", "documento", "document", "reference",
                "refno", "ref", "no", "nr",
            ], never: others, needed: true),
        MappingGuess("id", texts, ["invoiceid", "id", "documentid", "uuid", "guid", "transactionid"]),
        MappingGuess(
            "customer_id", texts,
            [
                "customerid", "customerno", "customernumber", "customercode", "accountcode", "accountref", "debitorno",
                "kundennr", "kundennummer", "kundenr", "kundnr", "kundnummer", "kdnr", "debitor", "debitorenkonto",
                "debitorennummer", "klantnr", "klantcode", "klantnummer", "debiteurnr", "debiteurnummer", "debiteur",
                "relatiecode", "codeclient", "numeroclient", "codcliente", "codigocliente", "codigodecliente",
                "codigodocliente", "codicecliente", "clienteid", "kontonr", "kontonummer", "ktonr", "konto",
                "accountid", "accountnumber", "accountno", "clientid", "clientno", "custno", "ac", "comptetiers",
                "compteauxiliaire", "compauxnum", "compte",
            ]),
        MappingGuess(
            "customer_name", [.text],
            [
                // Before what may be the party's number as well.
                "customername", "customerfullname", "clientname", "nomclient", "kundenname", "kundenavn", "kundnamn",
                "klantnaam", "debiteurnaam", "nomedocliente", "razaosocial", "razonsocial", "raisonsociale",
                "ragionesociale", "customer", "client", "kunde", "klant", "debiteur", "relatie", "cliente",
                "compauxlib", "intitule", "sacado", "pagador", "kontrahent", "nabywca", "nazwa", "organization",
                "company", "accountname", "contactname", "name", "naam", "nome", "nombre", "nom", "navn", "namn",
                "debtor", "firma",
            ], never: ["filename", "username"]),
        // What is called by the party alone is its number where it is one, or where the name has a column of its own.
        MappingGuess(
            "customer_id", [.number, .text],
            ["customer", "client", "kunde", "klant", "cliente", "debtor", "debiteur", "relatie", "kontrahent"],
            isWhole: true),
        MappingGuess(
            "issued_on", [.day],
            [
                "invoicedate", "dateissued", "issuedate", "issuedon", "documentdate", "docdate", "belegdatum",
                "beldatum", "rechnungsdatum", "factuurdatum", "fakturadato", "fakturadatum", "fakturadat",
                "dataemissao", "dataemisso", "emissao", "fechaemision", "fechafactura", "fechadefactura", "emision",
                "datafattura", "datadocumento", "datefacture", "datepiece", "datawystawienia", "transactiondate",
                "date", "datum", "data", "fecha", "dato",
            ], never: later, needed: true),
        MappingGuess(
            "due_on", [.day],
            [
                "duedate", "dueon", "due", "falligkeit", "falligkeitsdatum", "falligam", "faelligam", "faelligkeit",
                "zahlbarbis", "vervaldatum", "vervaldag", "vencimento", "vencimiento", "fechavencimiento", "venc",
                "vto", "echeance", "dateecheance", "scadenza", "datascadenza", "forfaldsdato", "forfallsdato",
                "forfallodatum", "forfallodag", "terminplatnosci", "terminzaplaty", "erapaiva", "fallig", "faellig",
                "zahlungsziel", "betaalvoor", "prazo", "forfald", "forfall",
            ]),
        MappingGuess(
            "paid_on", [.day],
            [
                "settleddate", "datepaid", "paidon", "paymentdate", "bezahltam", "betaaldop", "datapagamento",
                "datadopagamento", "fechapago", "fechacobro", "datereglement", "datapagamento", "betaaldatum",
            ]),
        MappingGuess(
            "currency", [.currency],
            [
                "currency", "currencycode", "wahrung", "waehrung", "wkz", "valuta", "munt", "moeda", "moneda", "divisa",
                "devise", "waluta", "valutakod",
            ]),
        MappingGuess(
            "open", sums,
            [
                "balancedue", "balancedueamount", "openamount", "openbalance", "amountdue", "outstandingamount",
                "outstanding", "remainingamount", "remaining", "open", "offenerbetrag", "offen", "saldooffen",
                "openstaand", "openstaandbedrag", "saldoemaberto", "emaberto", "aberto", "pendiente", "restant",
                "resteapayer", "restbelob", "restbelopp", "residuo", "dozaplaty", "pozostalo", "saldo", "solde",
                "balance",
            ], never: ["initial", "final", "opening", "closing", "running", "anfang", "anfangs", "endsaldo"]),
        MappingGuess(
            "tax", sums,
            [
                "totaltaxamount", "totaltax", "taxamount", "vatamount", "montanttva", "mwst", "ust", "btw", "iva",
                "tva", "vat", "moms", "tax",
            ], never: ["withholding", "rate", "percent", "satz", "before", "incl", "inkl", "excl", "ekskl", "type"]),
        MappingGuess(
            "paid", sums,
            [
                "amountpaid", "amountpaidamount", "paidamount", "paidtodate", "bezahlt", "betaald", "valorpago",
                "pagado", "cobrado", "pagato", "incassato", "regle", "zaplacono", "betalt", "inbetalt", "paid",
            ], never: ["unpaid"]),
        MappingGuess(
            "net", sums,
            [
                "netamount", "subtotal", "netto", "net", "baseimponible", "imponibile", "montantht", "totalht",
                "exclbtw",
            ]),
        MappingGuess(
            "total", sums,
            [
                "invoiceamount", "totalamount", "grandtotal", "totalfactura", "importetotal", "totalttc", "montantttc",
                "ttc", "valortotal", "valordotitulo", "valornominal", "totalfattura", "total", "totale", "totaalbedrag",
                "totaal", "amount", "bruttobetrag", "brutto", "rechnungsbetrag", "betrag", "factuurbedrag", "bedrag",
                "valor", "importe", "importo", "montant", "belopinkl", "belobinkl", "belopp", "belob", "kwotabrutto",
                "wartoscbrutto", "kwota", "gross", "summa", "sum",
            ], never: parts, needed: true),
        MappingGuess(
            "status", [.text],
            ["invoicestatus", "paymentstatus", "status", "situacao", "estado", "situacion", "statut", "stato"]),
        MappingGuess(
            "tax_id", texts,
            [
                "vatnumber", "taxid", "ustid", "ustidnr", "btwnummer", "cnpj", "cpfcnpj", "cnpjcpf", "nif", "cif",
                "siret", "partitaiva", "piva", "nip",
            ]),
        MappingGuess(
            "reference", [.text, .number], ["yourreference", "customerreference", "ponumber", "uwref", "ihrereferenz"]),
        MappingGuess("disputed", [.text], ["disputed", "betwist", "strittig"]),
    ]

    static let payment: [MappingGuess] = [
        MappingGuess(
            "id", texts,
            [
                "transactionid", "transactionreference", "transactiereferentie", "paymentid", "id", "volgnr",
                "transactionnumber", "referencenumber", "bankreference",
            ]),
        // What is inside a payment comes before the payment: "Valor dos juros" is no "valor".
        MappingGuess(
            "interest", sums,
            [
                "juros", "jurosdemora", "jurosmora", "mora", "interest", "lateinterest", "zinsen", "verzugszinsen",
                "rente",
                "vertragingsrente", "interets", "interetsderetard", "intereses", "interessi", "odsetki", "ranta",
                "renter",
                "viivastyskorko", "korko",
            ], never: shares + ["principal", "corrente", "data", "date", "fecha"]),
        MappingGuess(
            "fine", sums,
            [
                "multa", "latefee", "latecharge", "penalty", "fine", "mahngebuhr", "mahngebuehr", "mahnkosten",
                "mahnspesen", "saumniszuschlag", "aanmaningskosten", "incassokosten", "boete", "penalite", "majoration",
                "penalizacion", "recargo", "penale", "rykkergebyr", "purregebyr", "paminnelseavgift",
            ], never: shares + ["fineprint", "final"]),
        MappingGuess(
            "discount", sums,
            [
                "desconto", "discount", "skonto", "rabatt", "korting", "betalingskorting", "escompte", "remise",
                "rabais",
                "descuento", "sconto", "abbuono", "rabat", "kassarabatt", "abatimento", "nachlass",
            ], never: shares + ["data", "date", "fecha", "bis", "until"]),
        MappingGuess(
            "booked_on", [.day],
            [
                "bookingdate", "bookedon", "transactiondate", "postingdate", "dateprocessed", "buchungstag",
                "buchungsdatum", "buchung", "boekdatum", "boekingsdatum", "datumverrekening", "datalancamento",
                "fechaoperacion", "fechacontable", "fechamovimiento", "datacontabile", "dataoperazione", "datamov",
                "dataoperacji", "dataksiegowania", "dateoperation", "datecomptable", "bokforingsdag",
                "bokforingsdatum", "bogforingsdato", "bokfort", "created", "date", "datum", "data", "fecha", "dato",
            ], never: ["initial", "final", "start", "expiry", "valor", "valuta", "valeur", "waluty"], needed: true),
        MappingGuess(
            "valued_on", [.day],
            [
                "valuedate", "valutadate", "valutadatum", "valuta", "wertstellung", "rentedatum", "fechavalor",
                "datavalor", "datavaluta", "datawaluty", "datevaleur", "valeur", "valutadag", "valutadato",
                "rentedato", "executiondate", "effectivedate",
            ]),
        MappingGuess(
            "amount", sums,
            [
                "amountpaid", "paidamount", "amountreceived", "receivedamount", "totalpaid", "totalreceived", "gezahlt",
                "zahlbetrag", "zahlungsbetrag", "betaaldbedrag", "ontvangenbedrag", "montantpaye", "montantregle",
                "montantrecu", "importepagado", "importecobrado", "importopagato", "importoincassato", "valorpago",
                "valorrecebido", "valorliquidado", "amount", "betrag", "betrageur", "bedrag", "bedrageur", "inflow",
                "importe", "importo", "valor",
                "montant", "kwota", "belopp", "belob", "belop", "quantia", "gross", "sum", "netamount",
            ],
            never: foreign + ["saldo", "balance", "solde", "tax"], needed: true),
        MappingGuess(
            "fee", sums, ["fee", "gebuhr", "gebuehr", "kosten", "taxa", "comision"],
            never: ["salestax", "taxamount", "tarifa", "mahn", "aanmaning", "incasso", "latefee", "late"]),
        MappingGuess(
            "currency", [.currency],
            [
                "currency", "wahrung", "waehrung", "munt", "moeda", "moneda", "divisa", "devise", "waluta", "valuta",
            ], never: foreign),
        MappingGuess(
            "original_amount", sums, ["originalamount", "betragfremdwahrung", "foreignamount", "amountforeign"]),
        MappingGuess(
            "original_currency", [.currency], ["originalcurrency", "fremdwahrung", "foreigncurrency"]),
        MappingGuess(
            "payer_account", texts,
            [
                "counterpartyaccount", "counterparty", "counteraccount", "tegenrekening", "tegenrekeningibanbban",
                "rekeningnummertegenpartij", "ibantegenpartij", "kontonummer", "rachuneknadawcy",
                "rachunekkontrahenta", "comptecontrepartie", "payeriban", "payeraccount",
            ], never: ["name", "naam", "auftrag"]),
        MappingGuess(
            "account", texts,
            [
                "account", "ibanbban", "iban", "rekening", "rekeningnummer", "auftragskonto", "ibanauftraggeberkonto",
                "konto", "conta", "cuenta", "accountnumber",
            ], never: ["name", "other", "group"]),
        MappingGuess(
            "payer_name", [.text],
            [
                "counterpartyname", "counteraccountname", "naamtegenpartij", "beguenstigterzahlungspflichtiger",
                "empfanger", "merchantname", "nazwanadawcy", "nazwakontrahenta", "kontrahent", "ordenante",
                "nomcontrepartie", "payee", "payer", "sacado", "pagador", "name", "naam", "nome", "nombre", "navn",
                "namn", "auftraggeber", "zahlungspflichtiger", "absender", "einzahler", "gegenpartei", "tegenpartij",
                "debiteur", "debtor", "remitente", "remetente", "emisor", "mittente", "nadawca", "avsender", "betaler",
                "sender",
            ], never: ["tax", "konto", "account", "rekening"]),
        MappingGuess(
            "structured_reference", texts, ["gestructureerdemededeling", "betalingskenmerk", "structuredreference"]),
        MappingGuess(
            "remittance", [.text, .number],
            [
                "verwendungszweck", "vrijemededeling", "remittanceinformation", "description", "omschrijving",
                "omschrijving1", "mededelingen", "mededeling", "details", "buchungstext", "memo", "notes",
                "descricao", "descripcion", "descrizione", "historico", "concepto", "libelle", "tytul", "opis",
                "communication", "tekst", "text", "seunumero",
            ]),
        MappingGuess(
            "method", [.text],
            [
                "umsatzart", "transactiontype", "transaktionstyp", "type", "code", "mutatiesoort", "typtransakcji",
                "causale",
            ], isWhole: true),
    ]

    static let customer: [MappingGuess] = [
        MappingGuess(
            "id", texts,
            [
                "customerid", "customerno", "customernumber", "clientid", "accountnumber", "id", "kundennummer",
                "kundennr", "klantnummer", "codigocliente", "codeclient", "codicecliente", "codigo", "code", "email",
            ],
            needed: true),
        MappingGuess(
            "name", [.text],
            [
                "customername", "clientname", "organization", "company", "firma", "razaosocial", "razonsocial",
                "raisonsociale", "ragionesociale", "bedrijfsnaam", "name", "naam", "nome", "nombre", "nom",
            ]),
        MappingGuess("email", [.text], ["email", "emailaddress", "mail", "correo", "courriel"]),
        MappingGuess(
            "phone", texts, ["mobile", "phone", "telephone", "telefon", "telefoon", "telefone", "telefono", "celular"]),
        MappingGuess("country", [.text], ["country", "countrycode", "land", "pais", "pays", "paese"]),
        MappingGuess("language", [.text], ["language", "sprache", "taal", "idioma", "langue", "lingua"]),
        MappingGuess("tax_id", texts, ["vatnumber", "taxid", "ustid", "btwnummer", "cnpj", "nif", "cif", "siret"]),
    ]
}
