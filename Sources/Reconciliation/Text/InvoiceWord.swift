// SPDX-License-Identifier: Apache-2.0

/// Words that announce an invoice's number, in the languages customers write in.
enum InvoiceWord {
    private static let words: Set<[UInt8]> = Set(
        """
        RECHNUNG RECHNUNGEN RECHNUNGSNR RECHNUNGSNUMMER RECHN RECH RECHNR RG RGNR RGNUMMER RE RENR RNR RGN FAKTURA FAKTURAS
        FAKTURANR FAKTURANUMMER FAKT FAKTNR INVOICE INVOICES INVOICENO INVOICENR INVOICENUMBER INV INVNO INVNR BILL BILLNO
        FACTURE FACTURES FACTUUR FACTUREN FACTUURNR FACTUURNUMMER FACTURA FACTURAS FRA FRAS FACT FACTNR FAC FATTURA FATTURE
        FATT FT FATURA FATURAS NF NFE NFSE LASKU LASKUT LASKUNRO LASKUNUMERO ARVE ARVENR RACUN RACUNI FV REGNING REGNINGER
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    private static let fillers: Set<[UInt8]> = Set(
        ["NR", "NO", "NUM", "N", "NUMMER", "NUMBER", "NUMERO", "NUMERI", "NRO", "DU", "DE", "VOM"].map {
            Array($0.utf8)
        })

    static func isOne(_ word: ArraySlice<UInt8>) -> Bool { words.contains(Array(word)) }

    /// Whether one stands before this run of a text, or is written onto the digits there: `Rg. Nr. 1018`, `RG1018`.
    static func precedes(_ index: Int, in text: Remittance) -> Bool {
        let letters = word(text.runs[index], text).prefix { !Folding.isDigit($0) }
        if !letters.isEmpty { return words.contains(Array(letters)) }
        var before = index - 1
        while before >= 0, before >= index - 3 {
            let word = word(text.runs[before], text)
            if words.contains(word) { return true }
            guard fillers.contains(word) else { return false }
            before -= 1
        }
        return false
    }

    /// Whether one stands before a day, which is then the invoice's: `Rechnung vom 05.03.2025`.
    static func precedesDay(_ index: Int, in text: Remittance) -> Bool {
        var before = index - 1
        while before >= 0, before >= index - 2 {
            let word = word(text.runs[before], text)
            if words.contains(word), word.count > 2 { return true }
            guard ofWords.contains(word) else { return false }
            before -= 1
        }
        return false
    }

    private static let ofWords: Set<[UInt8]> = Set(
        ["VOM", "VON", "DU", "DE", "DEL", "VAN", "OF", "FROM"].map { Array($0.utf8) })

    private static func word(_ run: Remittance.Run, _ text: Remittance) -> [UInt8] {
        Array(text.bytes[Int(run.start)..<Int(run.end)])
    }
}
