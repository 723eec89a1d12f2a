// SPDX-License-Identifier: Apache-2.0

/// Words that say what the digits behind them are, and that they are no invoice's: a street, a flat, a week, a contract.
enum OtherWord {
    private static let words: Set<[UInt8]> = Set(
        """
        STR STRASSE WEG PLATZ ALLEE GASSE RING WHG WHGN WOHNUNG WOHN TOP HAUS HAUSNR HNR HAUSNUMMER OBJEKT OBJ APP APT
        APARTMENT FLAT HOUSE UNIT ROOM ZIMMER STELLPLATZ GARAGE EINHEIT WE ETAGE STREET ROAD RD AVENUE AVE AV BD
        BLVD BOULEVARD RUE APPT APPARTEMENT LOT CHAMBRE CALLE PISO PUERTA AVDA PLAZA VIA VIALE PIAZZA INTERNO RUA ANDAR
        STRAAT LAAN KATU TIE ASUNTO GATAN VAGEN KW KALENDERWOCHE WOCHE WEEK SEMAINE SEMANA SETTIMANA VIIKKO VECKA QUARTAL
        VERTRAG VERTRAGSNR VERTRAGSNUMMER MANDAT MANDATSREF BESTELLUNG BESTELLNR BESTELLNUMMER AUFTRAG AUFTRAGSNR ORDER
        PO PROJEKT PROJECT POLICE POLICENNR SCHADEN SCHADENNR AZ AKTENZEICHEN KONTO KTO KONTONR BLZ TEL TELEFON FAX PLZ
        CONTRACT CONTRAT CONTRATO CONTRATTO PROJET MITGLIED MITGLIEDSNR MEMBER MITGLIEDSNUMMER MITGLIEDS VERTRAGS BESTELL
        AUFTRAGS COMMANDE CDE PEDIDO ORDINE BESTELLING BESTELNR BESTELNUMMER ORDERNR ORDERNUMMER ORDRE ORDRENR TILAUS
        TILAUSNRO ZAMOWIENIE ENCOMENDA ANGEBOT ANGEBOTSNR OFFERTE DEVIS PROFORMA LIEFERSCHEIN LIEFERSCHEINNR MIETER
        MIETERNR VERSICHERUNGSNR
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    private static let endings: [[UInt8]] = ["STR", "STRASSE", "STRASZE", "WEG", "PLATZ", "ALLEE", "GASSE", "STRAAT"]
        .map {
            Array($0.utf8)
        }
    private static let fillers: Set<[UInt8]> = Set(["NR", "NO", "NUM", "N", "NUMMER"].map { Array($0.utf8) })

    /// `HAUPTSTR`, `LINDENALLEE`
    static func isStreet(_ word: [UInt8]) -> Bool {
        word.count > 5 && endings.contains { word.suffix($0.count) == $0[...] }
    }

    /// Words of a claim or a file: money for it is often the sender's own business with somebody else.
    private static let claims: Set<[UInt8]> = Set(
        ["POLICE", "POLICENNR", "SCHADEN", "SCHADENNR", "AZ", "AKTENZEICHEN"].map { Array($0.utf8) })

    /// Whether the text says that it is about an insurance or an authority's file.
    static func saysClaim(_ text: Remittance) -> Bool {
        text.runs.contains { claims.contains(Array(text.bytes[Int($0.start)..<Int($0.end)])) }
    }

    /// Whether one stands before the written number of which this run is a part: `Auftrag 175/25`.
    static func precedes(_ index: Int, in text: Remittance) -> Bool {
        var before = index - 1
        while before >= 0, text.runs[before + 1].gap == .connector, text.runs[before].hasDigit { before -= 1 }
        let last = before
        while before >= 0, before >= last - 1 {
            let run = text.runs[before]
            let word = Array(text.bytes[Int(run.start)..<Int(run.end)])
            if words.contains(word) { return true }
            if isStreet(word) { return true }
            guard fillers.contains(word) else { return false }
            before -= 1
        }
        return false
    }
}

/// Words of money that is no payment of an invoice: it comes back, or is somebody's wages.
enum RefundWord {
    private static let words: Set<[UInt8]> = Set(
        """
        ERSTATTUNG ERSTATTUNGEN RUECKERSTATTUNG RUECKZAHLUNG RUECKUEBERWEISUNG UEBERZAHLUNG STEUERERSTATTUNG ZUVIELZAHLUNG GEHALT LOHN
        OVERPAID TEVEEL TROPPERCU
        REFUND REFUNDS REIMBURSEMENT REPAYMENT OVERPAYMENT SALARY WAGES DIVIDENDE DIVIDEND REMBOURSEMENT SALAIRE
        DEVOLUCION REEMBOLSO NOMINA RIMBORSO STIPENDIO TERUGBETALING TERUGSTORTING RESTITUTIE SALARIS DEVOLUCAO ESTORNO
        SALARIO PALAUTUS HYVITYS PALKKA AATERBETALNING ATERBETALNING LOEN LOON WYNAGRODZENIE WYPLATA ZWROT VRATKA MZDA
        RENDIMENTO RESGATE
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    /// `Beitragserstattung`, `veronpalautus`, `belastingteruggave`
    private static let endings: [[UInt8]] = ["ERSTATTUNG", "PALAUTUS", "TERUGGAVE", "REFUSION"].map { Array($0.utf8) }
    /// A credit note, unless it is set off, or the bank's own word for money that came in.
    private static let credits: Set<[UInt8]> = Set(
        ["GUTSCHRIFT", "GUTSCHRIFTEN", "GUTHABEN", "AVOIR", "ABONO", "CREDITNOTA", "KREDITNOTA"].map { Array($0.utf8) })
    private static let before: Set<[UInt8]> = Set(
        """
        SEPA DAUERAUFTRAG DAUERAUFTRAGS ECHTZEIT GIRO ZAHLUNGS UEBERWEISUNGS ABZGL ABZUEGLICH ABZUGLICH MINUS LESS MOINS
        MENOS MENO ABZUG
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })

    /// `Trop perçu`.
    private static let (trop, percu) = (Array("TROP".utf8), Array("PERCU".utf8))

    /// The first such word of a text.
    static func first(in text: Remittance) -> Remittance.Run? {
        for index in text.runs.indices where !text.runs[index].hasDigit && text.runs[index].count >= 3 {
            let word = word(index, text)
            if words.contains(word) || endings.contains(where: { word.suffix($0.count) == $0[...] }) {
                return text.runs[index]
            }
            if word == percu, index > 0, self.word(index - 1, text) == trop { return text.runs[index] }
            guard credits.contains(word) else { continue }
            if !(max(0, index - 2)..<index).contains(where: { before.contains(self.word($0, text)) }) {
                return text.runs[index]
            }
        }
        return nil
    }

    private static func word(_ index: Int, _ text: Remittance) -> [UInt8] {
        Array(text.bytes[Int(text.runs[index].start)..<Int(text.runs[index].end)])
    }
}
