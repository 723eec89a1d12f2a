// SPDX-License-Identifier: Apache-2.0
import Documents

/// The words that headers use for a target, in the languages of the exports we know; folded letters and digits only.
struct MappingGuess {
    var target: String
    var kinds: [TableInspection.Column.Kind]
    var words: [String]
    /// A name that has one of these says something else.
    var never: [String]
    /// Without it nothing can be made.
    var isNeeded = false
    /// A name that only contains a word is another one.
    var isWhole = false

    init(
        _ target: String, _ kinds: [TableInspection.Column.Kind], _ words: [String], never: [String] = [],
        needed: Bool = false, isWhole: Bool = false
    ) {
        self.target = target
        self.kinds = kinds
        self.words = words
        self.never = never
        self.isWhole = isWhole
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

    static let incoming = [
        "credit", "creditamount", "paidin", "moneyin", "inflow", "haben", "gutschrift", "bij", "abono", "abonos",
        "haber", "ingreso", "ingresos", "entrada", "entradas", "eingang", "credito", "avere", "entrate", "accredito",
        "accrediti", "wplywy", "uznania", "insattning", "indsat", "innpakonto", "deposit", "deposits", "receipts",
        "encaissement", "recette", "in",
    ]
    static let outgoing = [
        "debit", "debet", "debitamount", "paidout", "moneyout", "outflow", "soll", "belastung", "af", "cargo", "cargos",
        "debe", "gasto", "gastos", "saida", "saidas", "ausgang", "debito", "dare", "uscite", "addebito", "addebiti",
        "obciazenia", "wydatki", "uttag", "haevet", "utfrakonto", "withdrawal", "withdrawals", "decaissement",
        "depense", "out", "ut",
    ]
    /// What a column of two words calls money that went out.
    static let debits: Set<String> = [
        "d", "dr", "db", "debit", "debet", "af", "s", "soll", "out", "o", "dbit", "-", "saida", "cargo", "debito",
    ]
    /// And money that came in.
    static let credits: Set<String> = [
        "c", "cr", "credit", "bij", "h", "haben", "in", "i", "crdt", "+", "entrada", "abono", "credito",
    ]

    /// Names that only a bank's export has: a day of value, balances before and after.
    static let ofBank = [
        "valuedate", "valutadate", "valutadatum", "wertstellung", "rentedatum", "fechavalor", "datavalor",
        "datavaluta", "datawaluty", "datevaleur", "valutadag", "initialbalance", "finalbalance", "openingbalance",
        "closingbalance", "runningbalance", "saldonabuchung", "saldonamutatie", "saldopotransakcji",
    ]

    /// A number of documents alone is a bank's as well: these words are an invoice's.
    static let ofInvoices = [
        "invoice", "rechnung", "factu", "fattur", "faktur", "fatur", "beleg", "documentn", "titulo", "notafiscal",
        "lasku",
    ]

    /// What programs call the state of an invoice.
    static let states: [(status: String, words: Set<String>)] = [
        (
            "open",
            [
                "open", "due", "sent", "unpaid", "pending", "overdue", "partial", "partiallypaid", "awaitingpayment",
                "authorised", "approved", "emaberto", "aberto", "aberta", "parcial", "parcialmentepago", "vencido",
                "vencida", "atrasado", "areceber", "pendiente", "impagada", "offen", "teilbezahlt", "uberfallig",
                "openstaand", "verstuurd", "verzonden", "impaye", "impayee", "enattente", "apayer", "daincassare",
                "nieoplacona", "ubetalt", "obetald",
            ]
        ),
        (
            "paid",
            [
                "paid", "closed", "settled", "fullypaid", "pago", "paga", "quitado", "liquidado", "recebido", "cobrada",
                "cobrado", "pagada", "pagado", "bezahlt", "ausgeglichen", "betaald", "voldaan", "paye", "payee",
                "regle", "reglee", "pagato", "pagata", "incassata", "oplacona", "betalt", "betald",
            ]
        ),
        (
            "draft",
            ["draft", "unsent", "borrador", "rascunho", "entwurf", "concept", "brouillon", "bozza", "utkast", "kladde"]
        ),
        (
            "void",
            [
                "void", "voided", "cancelled", "canceled", "deleted", "cancelado", "cancelada", "anulada", "anulado",
                "storniert", "geannuleerd", "annule", "annulee", "annullata", "anulowana",
            ]
        ),
    ]

    /// Letters without their marks, and digits.
    static func plain(_ name: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in name.lowercased().unicodeScalars
        where scalar.properties.isAlphabetic && scalar != "º" && scalar != "ª" || ("0"..."9").contains(scalar) {
            if scalar.isASCII { out.append(scalar) } else { out.append(contentsOf: LetterFolding.fold(scalar)) }
        }
        return String(out)
    }

    /// A code in a header: `Betrag (EUR)`, `Amount CZK`.
    static func currency(in name: String) -> Currency? {
        if name.contains("R$") { return .brl }
        if name.contains("€") { return .eur }
        if name.contains("£") { return Currency("GBP") }
        return name.split { !$0.isLetter }.filter { $0.count == 3 && $0 == $0.uppercased() }
            .compactMap { Currency($0) }.first
    }
}
