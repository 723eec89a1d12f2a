// SPDX-License-Identifier: Apache-2.0

/// Words that announce a customer's number, in the languages customers write in.
enum CustomerWord {
    private static let words: Set<[UInt8]> = Set(
        """
        KD KDNR KUNDE KUNDEN KUNDENNR KUNDENNUMMER KNR CUSTOMER CUST CLIENT CLIENTE CLI CLIENTID KLANT KLANTNR
        KLANTNUMMER DEBITOR DEB DEBNR DEBITEUR DEBITEURNR DEBITEURNUMMER KUND KUNDNR KUNDENR ASIAKAS ASIAKASNRO
        ASIAKASNUMERO CONTO ACCOUNT ACCT NUMCLIENT KLIENT KLIENTNR CODCLI MIETER MIETERNR MIETERNUMMER MITGLIED MITGLIEDS
        MITGLIEDSNR MITGLIEDSNUMMER MEMBER MEMBERSHIP LID LIDNR LIDNUMMER ADHERENT SOCIO SOCIA MEDLEM MEDLEMSNR JASEN
        JASENNRO PAT PATIENT PATIENTIN PATIENTENNR PATIENTENNUMMER ALUMNO ALUMNA ALUNO ALUNA MATRICULA SCHUELER SCHUELERIN
        SCHUELERNR ELEVE STUDENT STUDENTNR LEERLING LEERLINGNR
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    private static let fillers: Set<[UInt8]> = Set(
        ["NR", "NO", "NUM", "N", "NUMMER", "NUMBER", "ID"].map { Array($0.utf8) })

    static func precedes(_ index: Int, in text: Remittance) -> Bool {
        var before = index - 1
        var steps = 0
        while before >= 0, steps < 3 {
            let run = text.runs[before]
            let word = Array(text.bytes[Int(run.start)..<Int(run.end)])
            if words.contains(word) { return true }
            if word.count == 1, word[0] == 0x4B, steps == 1 { return true }
            guard fillers.contains(word) else { return false }
            before -= 1
            steps += 1
        }
        return false
    }
}
