// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Mappings
import Testing
import Trees

/// Which column the suggestion takes where a name alone would mislead.
@Suite("A suggestion takes the right one of two columns") struct SuggestedColumnsTests {
    private func mapping(_ text: String) throws -> String {
        try InspectTests().table(text).suggestedMapping(name: "x")
    }

    /// The rules, each on its line; what follows on the line is a remark.
    private func expect(_ rules: [String], in mapping: String, _ place: SourceLocation = #_sourceLocation) {
        for rule in rules { #expect(mapping.contains("      \(rule) "), "\(mapping)", sourceLocation: place) }
    }

    @Test("A header whose last columns have no names is a header; they go by their places") func unnamed() throws {
        let text =
            "Data operacji,Data waluty,Typ transakcji,Kwota,Waluta,Saldo po transakcji,Opis transakcji,,,\n"
            + "2026-09-28,2026-09-28,Przelew na konto,+1230.00,PLN,+15430.22,Rachunek nadawcy: 12 10,Nazwa: Z O.O.,FV 117,\n"
            + "2026-09-25,2026-09-25,Opłata za kartę,-9.00,PLN,+14200.22,Tytuł: OPŁATA,,,\n"
        let mapping = try mapping(text)
        #expect(!mapping.contains("header_row"))
        expect(
            ["booked_on: Data operacji", "amount: Kwota", "remittance: Opis transakcji", "currency: Waluta"],
            in: mapping)
        let documents = try Desk.read(text, mapping: mapping).documents
        #expect(documents.compactMap { $0.node["amount"]?.scalar } == ["1230.00", "-9.00"])
    }

    @Test("Where the party's name has a column of its own, what is called by the party is its number") func party()
        throws
    {
        let mapping = try mapping(
            "Cliente,Ragione Sociale,Num. Doc.,Data Doc.,Scadenza,Residuo\n"
                + "C0041,Officine Bianchi S.r.l.,118/2026,31-07-2026,30-09-2026,\"4880,00\"\n"
                + "C0012,Trattoria da Elvira,121/2026,15-08-2026,05-09-2026,\"610,00\"\n")
        expect(["customer_id: Cliente", "customer_name: Ragione Sociale", "number: Num. Doc."], in: mapping)
    }

    @Test("Beside debit and credit a balance is the account's, and nothing that is open") func running() throws {
        let mapping = try mapping(
            "Compte\tIntitulé\tDate\tN° pièce\tDébit\tCrédit\tSolde\tÉchéance\n"
                + "411DUPONT\tDUPONT SARL\t15/08/2026\tFA260817\t1440,00\t\t1440,00\t04/09/2026\n"
                + "411DUPONT\tDUPONT SARL\t16/08/2026\tAV260802\t\t240,00\t1200,00\t16/09/2026\n")
        #expect(!mapping.contains("open:"), "\(mapping)")
        #expect(mapping.contains("# not read: Solde"))
        expect(
            ["customer_id: Compte", "customer_name: Intitulé", "total: { calc: \"$(Débit) - $(Crédit)\" }"], in: mapping
        )
    }

    @Test("A dollar is asked for, and an effective day is the day of value") func dollars() throws {
        let text =
            "Posted Date,Effective Date,Amount,Reference Number,Description\n"
            + "09/14/2026,09/14/2026,\"$2,450.00\",826409911,BLUE RIDGE INV 10442\n"
            + "09/15/2026,09/14/2026,($15.00),826410220,WIRE FEE\n"
        let mapping = try mapping(text)
        #expect(mapping.contains("# currency: { const: USD }   # the amounts have a $: write whose dollar it is"))
        expect(["valued_on: Effective Date", "id: Reference Number"], in: mapping)
        let fault = try #require(try Desk.read(text, mapping: mapping).reading.faults.first)
        #expect(fault.code == "AMOUNT-CURRENCY")
        #expect(fault.hint.contains("currency: { const: USD }"))
    }

    @Test("The day of a provider's payment with its time is recognised") func clock() throws {
        let mapping = try mapping(
            "Created,Amount,Currency,Description\n12 Mar 2026 14:05,10.00,EUR,INV 7\n3 Apr 2026 09:30,25.50,EUR,INV 8\n"
        )
        #expect(mapping.contains("date: d MMM yyyy HH:mm"), "\(mapping)")
    }

    @Test("A text without a line end is told as that") func oneLine() throws {
        let bytes = Array(String(repeating: "text ", count: 20_000).utf8)
        let (reading, _) = try Desk.read(bytes, name: "export.csv", mappings: [])
        #expect(reading.faults.map(\.code) == ["MAPPING-NONE"])
        #expect(reading.faults.first?.message.contains("first line does not end") == true)
    }
}
