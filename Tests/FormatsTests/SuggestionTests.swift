// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

/// Exports of programs nobody wrote a mapping for, in the layouts of real ones.
@Suite("The suggested mapping reads an unknown export as it is meant")
struct SuggestionTests {
    struct Export: CustomTestStringConvertible, Sendable {
        var name: String
        var encoding = String.Encoding.utf8
        var text: String
        /// Number or remittance, and amount, of each document.
        var kind: String
        var rows: [String]
        var testDescription: String { name }
    }

    static let exports = lists + banks

    @Test("Without an edit, every record lands and nothing else", arguments: exports)
    func clean(_ export: Export) throws {
        let bytes = Array(try #require(export.text.data(using: export.encoding)))
        let table = try #require(try InspectTests().inspect(bytes, name: "export.csv").table)
        let mapping = table.suggestedMapping(name: "suggested")
        let (reading, documents) = try Desk.read(bytes, name: "export.csv", mapping: mapping)
        #expect(reading.faults.filter { $0.severity != .warning } == [], "\(mapping)")
        let seen = documents.map { document in
            let node = document.node
            let words = node["number"]?.scalar ?? node["remittance"]?.scalar ?? ""
            return "\(words) \((node["total"] ?? node["amount"])?.scalar ?? "")"
        }
        #expect(documents.allSatisfy { $0.node["type"]?.scalar ?? export.kind == export.kind })
        #expect(seen == export.rows, "\(mapping)")
    }

    @Test("A list of what is owed is never taken for money that came", arguments: lists)
    func neverCash(_ export: Export) throws {
        let bytes = Array(try #require(export.text.data(using: export.encoding)))
        let table = try #require(try InspectTests().inspect(bytes, name: "export.csv").table)
        let (mapping, _) = MappingFolder.compile(text: table.suggestedMapping(name: "suggested"))
        #expect(mapping?.entities == [.invoice])
    }

    @Test("What is inside a payment is told from the payment") func parts() throws {
        let export = try #require(Self.banks.first { $0.name == "Brazilian collections" })
        let mapping = try InspectTests().table(export.text).suggestedMapping(name: "suggested")
        for line in ["interest: Juros", "fine: Multa", "discount: Desconto", "amount: Valor Pago"] {
            #expect(mapping.contains("      \(line) "), "\(mapping)")
        }
        let german = try InspectTests().table(
            "Buchungstag;Betrag;Zinsen;Mahngebühr;Skonto;Skonto %;Verwendungszweck\n"
                + "13.02.2026;1.033,00;13,00;20,00;0,00;2,00;RE 7\n14.02.2026;980,00;0,00;0,00;20,00;2,00;RE 8\n")
        for line in ["interest: Zinsen", "fine: Mahngebühr", "discount: Skonto", "amount: Betrag"] {
            #expect(german.suggestedMapping(name: "suggested").contains("      \(line) "))
        }
    }

    @Test("A party's bare name over numbers is its number, and accounts that differ in each row are the payers'")
    func parties() throws {
        let items = try InspectTests().table(
            "Belegnr;Kunde;Kundenname;Belegdatum;Fällig;Währung;Offener Betrag\n"
                + "2026-1001;20001;Bäckerei Sonne GmbH;02.11.2026;16.11.2026;EUR;1.234,50\n"
                + "2026-1002;20002;Autohaus Kern KG;05.11.2026;19.11.2026;EUR;560,00\n"
        ).suggestedMapping(name: "x")
        for line in ["customer_id: Kunde", "customer_name: Kundenname", "due_on: Fällig", "open: Offener Betrag"] {
            #expect(items.contains("      \(line) "), "\(items)")
        }
        #expect(items.contains("# total: …   # no column looks like it: what is open is taken for the whole"))
        let bank = try InspectTests().table(
            "Buchungstag;Auftraggeber;IBAN;Verwendungszweck;Betrag\n"
                + "20.11.2026;Bäckerei Sonne;DE89370400440532013000;RE 2026-1003;89,90\n"
                + "21.11.2026;Kern KG;DE02120300000000202051;RE 2026-1002;-500,00\n"
        ).suggestedMapping(name: "x")
        for line in ["payer_account: IBAN", "payer_name: Auftraggeber"] {
            #expect(bank.contains("      \(line) "), "\(bank)")
        }
        #expect(!bank.contains("      account:"))
    }

    @Test("A row of sums is compared with the rows, and a wrong one refuses the file") func sums() throws {
        let export = try #require(Self.lists.first { $0.name == "Dutch accounting" })
        let table = try InspectTests().table(export.text)
        #expect(table.asides.map(\.text) == ["Totaal"])
        #expect(table.rows == 3)
        let mapping = table.suggestedMapping(name: "suggested")
        let check = "open: Openstaand, paid: Betaald, total: Factuurbedrag"
        #expect(mapping.contains("totals: { where: { Debiteur: Totaal }, check: { \(check) } }"))
        let wrong = export.text.replacing("1.235,25", with: "1.234,25")
        let reading = try Desk.read(wrong, mapping: mapping).reading
        #expect(reading.faults.map(\.code) == ["TOTAL-MISMATCH"])
    }

    @Test("A customer called Total is a customer") func customerTotal() throws {
        let text =
            "Invoice,Customer,Date,Due,Amount\n7,Total Energies,2026-02-01,2026-03-01,10.00\n8,Total,2026-02-02,2026-03-02,5.50\n"
        let table = try InspectTests().table(text)
        #expect(table.asides.isEmpty)
        #expect(table.rows == 2)
    }

    @Test("Two columns without names of which one is filled become one amount, and which way is asked") func unnamed()
        throws
    {
        let text = "18.09.2026;Shop A 17;;33,87\n19.09.2026;Shop B 18;14,00;\n20.09.2026;Shop C 19;;8,97\n"
        let mapping = try InspectTests().table(text).suggestedMapping(name: "bank")
        #expect(mapping.contains("amount: { calc: \"$($3) - $($4)\" }"))
        #expect(mapping.contains("# decide: which of $3 and $4 is money that came in"))
        let documents = try Desk.read(text, mapping: mapping).documents
        #expect(documents.compactMap { $0.node["amount"]?.scalar } == ["-33.87", "14.00", "-8.97"])
    }

    @Test("Where only some rows are marked as credits, the others went out") func marked() throws {
        let text =
            "Date,Details,Amount,\n2026-09-01,Cafe 1,10.50,\n2026-09-02,Refund 2,4.00,CR\n2026-09-03,Shop 3,7.25,\n"
        let mapping = try InspectTests().table(text).suggestedMapping(name: "card")
        let documents = try Desk.read(text, mapping: mapping).documents
        #expect(documents.compactMap { $0.node["amount"]?.scalar } == ["-10.50", "4.00", "-7.25"], "\(mapping)")
    }

    @Test("States that programs have words for are mapped; one unknown word leaves the column alone") func states()
        throws
    {
        let head = "Invoice,Customer,Date,Due,Amount,Status\n7,A Ltd,2026-02-01,2026-03-01,10.00,Paid\n"
        let known = try InspectTests().table(head + "8,B Ltd,2026-02-02,2026-03-02,5.50,Overdue\n")
        #expect(
            known.suggestedMapping(name: "x").contains("status: { from: Status, map: { Overdue: open, Paid: paid } }"))
        let unknown = try InspectTests().table(head + "8,B Ltd,2026-02-02,2026-03-02,5.50,Foo\n")
        #expect(!unknown.suggestedMapping(name: "x").contains("status:"))
    }

    @Test("Two orders of a day that nothing settles are asked for where the answer is written") func days() throws {
        let mapping = try InspectTests().table("Date,Details,Amount\n01/02/2026,Shop 1,1.50\n03/04/2026,Shop 2,2.50\n")
            .suggestedMapping(name: "x")
        #expect(mapping.contains("DECIDE: add `date: dd/MM/yyyy` or `date: MM/dd/yyyy`"))
    }
}

extension SuggestionTests {
    static let lists: [Export] = [
        Export(
            name: "Dutch accounting",
            text: """
                Openstaande posten debiteuren;;;;;;;
                Peildatum: 30-09-2026;;;;;;;
                Debiteur;Naam;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Betaald;Openstaand
                10042;Müller & Zn.;2026-117;03-08-2026;02-09-2026;1.180,00;180,00;1.000,00
                10077;Havencafé;2026-121;25-08-2026;24-09-2026;310,50;0,00;310,50
                10042;Müller & Zn.;2026-122;28-08-2026;28-08-2026;-75,25;0,00;-75,25
                Totaal;;;;;1.415,25;180,00;1.235,25

                """, kind: "invoice", rows: ["2026-117 1180.00", "2026-121 310.50", "2026-122 -75.25"]),
        Export(
            name: "Brazilian receivables",
            text: """
                Título;Cliente;CNPJ;Emissão;Vencimento;Valor;Valor Pago;Saldo em aberto;Situação
                NF-1001/1;Café do Porto Ltda;12.345.678/0001-95;05/08/2026;04/09/2026;R$ 1.250,00;R$ 250,00;R$ 1.000,00;Parcial
                NF-1003/1;Oficina Conceição;11.222.333/0001-81;25/08/2026;24/09/2026;R$ 75,25;R$ 75,25;R$ 0,00;Pago
                Total;;;;;R$ 1.325,25;R$ 325,25;R$ 1.000,00;

                """, kind: "invoice", rows: ["NF-1001/1 1250.00", "NF-1003/1 75.25"]),
        Export(
            name: "German list with debit and credit", encoding: .windowsCP1252,
            text: """
                Offene Posten Debitoren;;;;;;;;
                Kto.-Nr.;Kundenname;Beleg-Nr.;Bel.-Datum;Fälligkeit;Betrag Soll;Betrag Haben;Saldo;Mahnst.
                10042;Müller GmbH;RE-2026-117;03.08.2026;02.09.2026;1.180,00;;1.180,00;1
                10042;Müller GmbH;GS-2026-007;20.08.2026;20.08.2026;;75,25;-75,25;0
                10077;Hafencafé;RE-2026-121;25.08.2026;24.09.2026;310,50;;310,50;0
                Summe;;;;;1.490,50;75,25;1.415,25;

                """, kind: "invoice", rows: ["RE-2026-117 1180.00", "GS-2026-007 -75.25", "RE-2026-121 310.50"]),
        Export(
            name: "French aged list", encoding: .windowsCP1252,
            text: """
                Balance âgée clients au 30/09/2026
                Code client;Nom;N° pièce;Date pièce;Échéance;Libellé;Débit;Crédit;Solde
                411DUPONT;Dupont & Fils;FA00117;03/08/2026;02/09/2026;Facture FA00117;1 180,00;;1 180,00
                411DUPONT;Dupont & Fils;AV00012;10/08/2026;10/08/2026;Avoir AV00012;;75,25;-75,25
                411CAFE;Café du Port;FA00121;25/08/2026;24/09/2026;Facture FA00121;310,50;;310,50

                """, kind: "invoice", rows: ["FA00117 1180.00", "AV00012 -75.25", "FA00121 310.50"]),
        Export(
            name: "English aged debtors",
            text: """
                "Aged Debtors Report (Detailed)"
                "A/C","Name","Invoice Date","Ref","Details","Due Date","Gross Amount","Paid To Date","Outstanding"
                "HARB01","Harbour Café","03/08/2026","INV-117","Coffee machine","02/09/2026","1,180.00","180.00","1,000.00"
                "NORD01","Nordlicht GmbH","14/08/2026","INV-121","Beans","13/09/2026","310.50","0.00","310.50"
                "","","","","","Totals:","1,490.50","180.00","1,310.50"

                """, kind: "invoice", rows: ["INV-117 1180.00", "INV-121 310.50"]),
        Export(
            name: "Danish invoices", encoding: .windowsCP1252,
            text: """
                Fakturanr.;Kundenr.;Kundenavn;Fakturadato;Forfaldsdato;Valuta;Beløb inkl. moms;Restbeløb
                117;1042;Havnecafeen ApS;03-08-2026;02-09-2026;DKK;1.180,00;1.000,00
                121;1077;Nordlys A/S;25-08-2026;24-09-2026;DKK;310,50;310,50

                """, kind: "invoice", rows: ["117 1180.00", "121 310.50"]),
    ]

    static let banks: [Export] = [
        Export(
            name: "Brazilian collections",
            text: """
                Data do Crédito;Sacado;Seu Número;Valor do Título;Juros;Multa;Desconto;Valor Pago
                21/08/2026;Café do Porto Ltda;NF 1001;R$ 1.000,00;R$ 13,00;R$ 20,00;R$ 0,00;R$ 1.033,00
                24/08/2026;Oficina Conceição;NF 1002;R$ 500,00;R$ 0,00;R$ 0,00;R$ 25,00;R$ 475,00

                """, kind: "payment", rows: ["NF 1001 1033.00", "NF 1002 475.00"]),
        Export(
            name: "Spanish bank", encoding: .isoLatin1,
            text: """
                Movimientos de la cuenta ES9121000418450200051332
                Titular: Suministros Peña, S.L.

                Fecha operación;Fecha valor;Concepto;Cargo;Abono;Saldo;Divisa
                01/09/2026;02/09/2026;TRANSFERENCIA 117;;1.020,00;5.120,00;EUR
                14/09/2026;14/09/2026;COMISIÓN DE MANTENIMIENTO 9;12,50;;5.107,50;EUR

                """, kind: "payment", rows: ["TRANSFERENCIA 117 1020.00", "COMISIÓN DE MANTENIMIENTO 9 -12.50"]),
        Export(
            name: "Italian bank",
            text: """
                Data contabile;Data valuta;Dare;Avere;Descrizione operazione;Causale
                03/09/2026;03/09/2026;;1.020,00;BONIFICO FATTURA 117;048
                14/09/2026;15/09/2026;-12,50;;COMMISSIONI CONTO 9;016

                """, kind: "payment", rows: ["BONIFICO FATTURA 117 1020.00", "COMMISSIONI CONTO 9 -12.50"]),
        Export(
            name: "Polish bank", encoding: .windowsCP1250,
            text: """
                Data operacji;Data waluty;Typ transakcji;Kwota;Waluta;Saldo po transakcji;Nazwa nadawcy;Tytuł
                2026-09-03;2026-09-03;Przelew;+1 020,00;PLN;5 120,00;Kawiarnia;Faktura 117
                2026-09-14;2026-09-14;Prowizja;-12,50;PLN;5 107,50;;Opłata za wrzesień

                """, kind: "payment", rows: ["Faktura 117 1020.00", "Opłata za wrzesień -12.50"]),
        Export(
            name: "Brazilian bank", encoding: .isoLatin1,
            text: """
                Extrato Conta Corrente
                Data;Histórico;Docto.;Crédito (R$);Débito (R$);Saldo (R$)
                31/08/2026;SALDO ANTERIOR;;;;4.100,00
                01/09/2026;PIX RECEBIDO 17;123456;1.020,00;;5.120,00
                14/09/2026;TARIFA 18;234567;;12,50;5.107,50

                """, kind: "payment", rows: ["PIX RECEBIDO 17 1020.00", "TARIFA 18 -12.50"]),
        Export(
            name: "Portuguese bank", encoding: .isoLatin1,
            text: """
                Conta;0035012300045678901234;;;;
                Moeda;EUR;;;;
                Data mov.;Data valor;Descrição;Débito;Crédito;Saldo contabilístico
                03-09-2026;03-09-2026;TRF CR FT 117;;1.020,00;5.120,00
                14-09-2026;14-09-2026;COMISSAO 9;12,50;;5.107,50
                Saldo final;;;;;5.107,50

                """, kind: "payment", rows: ["TRF CR FT 117 1020.00", "COMISSAO 9 -12.50"]),
        Export(
            name: "Swedish bank",
            text: """
                Bokföringsdag;Valutadag;Verifikationsnummer;Text;Belopp;Saldo
                2026-09-03;2026-09-03;5484123456;BG 5050-1055 KAFEET;1020,00;5120,00
                2026-09-14;2026-09-14;5484123457;PRIS BETALNINGAR;-12,50;5107,50

                """, kind: "payment", rows: ["BG 5050-1055 KAFEET 1020.00", "PRIS BETALNINGAR -12.50"]),
    ]
}
