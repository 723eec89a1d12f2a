// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// One account pays for several who owe the same, as families, schools and clubs know it: the text says for whom.
@Suite("Where all pay the same, what the text says of whom and when comes first")
struct FamilyTests {
    /// Pupils who all owe 215.00; the account is Irene's, and pays for Paula as well.
    private static func school(_ pupils: Int, _ text: String) -> String {
        var books = """
            customer C1 | Irene Delgado Prieto | account ES001
            customer C2 | Paula Delgado Prieto
            invoice F-1 | C1 | 215.00 | 2025-01-01
            invoice F-2 | C2 | 215.00 | 2025-01-01

            """
        for pupil in 0..<pupils {
            books += "customer K\(pupil) | Schueler\(pupil) Nachname\(pupil)\n"
            books += "invoice F-1\(100 + pupil) | K\(pupil) | 215.00 | 2025-01-01\n"
        }
        return books + "payment P1 | 2025-01-20 | 215.00 | from Marta Prieto | account ES001 | text \(text)"
    }

    @Test(
        "Another one's first name keeps the payer's own item for a person, however many owe the same",
        arguments: [5, 80])
    func firstName(_ pupils: Int) {
        #expect(Notation(Self.school(pupils, "Cuota Paula")).decide().allSatisfy { $0.verdict == .review })
        // Nor is it known for whom, where a sister owes as much.
        #expect(Notation(Self.school(pupils, "Cuota")).decide().allSatisfy { $0.verdict == .review })
        let alone = Self.school(pupils, "Cuota").replacing("Paula Delgado Prieto", with: "Paula Vidal Ruiz")
        #expect(Notation(alone).outcome == "P1 auto PAYER-AMOUNT F-1 215.00")
    }

    private static let family = """
        customer C1 | Diego Delgado Prieto | no 1253 | account ES001
        customer C2 | Daniel Delgado Prieto | no 1254
        invoice F-1 | C1 | 264.10 | 2025-01-01
        invoice F-2 | C1 | 263.90 | 2025-02-01
        invoice F-3 | C2 | 263.90 | 2025-02-01

        """

    @Test(
        "A sum is no set of one customer's items where the text names others, or a month that one of them is not of",
        arguments: [
            "Cuota febrero Diego Delgado Prieto y Daniel Delgado Prieto", "Kundennummer 1253 1254", "Cuota febrero",
            "1254",
        ])
    func sets(_ text: String) {
        let paid = "payment P1 | 2025-02-20 | 528.00 | from Marta Prieto | account ES001 | text "
        #expect(Notation(Self.family + paid + text).decide().allSatisfy { $0.verdict == .review }, "\(text)")
        let booked = "P1 auto PAYER-SET F-1 264.10 F-2 263.90"
        #expect(Notation(Self.family + paid + "Cuotas").outcome == booked)
        // Who pays what they owe themselves names the first month of it.
        let own = paid.replacing("Marta Prieto", with: "Diego Delgado Prieto")
        #expect(Notation(Self.family + own + "Cuota enero").outcome == booked)
    }

    @Test(
        "Digits that are another item's running part as they stand are no slip for the payer's",
        arguments: [
            // Open, of this very amount.
            "invoice R-10629 | C2 | 148.55 | 2025-02-01", "invoice R-10629 | C1 | 99.00 | 2025-02-01 | open 0.00",
        ])
    func slips(_ other: String) {
        let books = """
            customer C1 | Hans Meier
            customer C2 | Elia Brunner
            invoice R-10659 | C1 | 148.55 | 2025-02-10

            """
        let paid = "payment P1 | 2025-02-20 | 148.55 | from Hans Meier | text Rg 10629"
        #expect(Notation(books + paid).outcome == "P1 auto TYPO-EXACT R-10659 148.55")
        #expect(Notation(books + other + "\n" + paid).decide().allSatisfy { $0.verdict == .review })
    }

    @Test("Five digits that are called an invoice's are the number of a series with letters, however many owe as much")
    func called() {
        var books = ""
        for patient in 10600..<10680 {
            books += "customer K\(patient) | Vorname\(patient) Nachname\(patient) | parent Helsana AG\n"
            books += "invoice R-\(patient) | K\(patient) | 148.55 | 2025-02-01\n"
        }
        let paid = "payment P1 | 2025-03-03 | 148.55 | from Helsana AG | text "
        #expect(Notation(books + paid + "Rg 10629 vom 01.02.2025").outcome == "P1 auto NUMBER-EXACT R-10629 148.55")
        let stranger = paid.replacing("Helsana AG", with: "M. Unbekannt")
        #expect(Notation(books + stranger + "Rg 10629").outcome == "P1 review WEAK R-10629 148.55")
        #expect(!Notation(books + stranger + "10629").outcome.contains("10629"))
    }

    @Test("An insurer's account is known for two; a third one's number is that one's, and no slip for the second's")
    func insurer() {
        var books = ""
        for patient in [10600, 10629, 10650, 10659] {
            books += "customer K\(patient) | Vorname\(patient) Nachname\(patient)\n"
            books +=
                "invoice R-\(patient) | K\(patient) | \(patient % 10 == 9 ? "148.55" : "99.0\(patient / 50 % 10)") | 2025-02-01\n"
        }
        books += "invoice R-10699 | K10659 | 77.10 | 2025-02-01\n"
        for (number, place, amount) in [("R-10600", 1, "99.02"), ("R-10699", 2, "77.10")] {
            books +=
                "payment P\(place) | 2025-03-0\(place) | \(amount) | from Helsana AG | account CH001 | text \(number)\n"
        }
        let third = "payment P3 | 2025-03-05 | 148.55 | from Helsana AG | account CH001 | text Rg 10629 vom 01.02.2025"
        // R-10659 is the payer's own as well, asks for as much, and is one slip away.
        let decision = Notation(books + third).decide().last
        #expect(decision?.verdict == .review)
        #expect(decision?.alternatives.map { $0.lines.map(\.itemID) } == [["R-10659"], ["R-10629"]])
    }

    @Test("A number that names its item is no slip for another one that makes the sum")
    func completed() {
        let books = """
            customer C1 | Agence du Nord | account FR001
            invoice F-2025-06-0159 | C1 | 120.10 | 2025-06-01
            invoice F-2025-03-0159 | C1 | 80.20 | 2025-03-01
            invoice F-2025-04-0177 | C1 | 80.20 | 2025-04-01
            payment P1 | 2025-07-01 | 200.30 | from Agence du Nord | account FR001 | text F-2025-06-0159 06-0181
            """
        #expect(Notation(books).decide().allSatisfy { $0.verdict == .review })
    }

    @Test("A tax that the text says was withheld is a person's to grant", arguments: ["AL NETTO R.A.", "less WHT", ""])
    func withheld(_ text: String) {
        let books = """
            customer C1 | Studio Bianchi | account IT001
            invoice 69/2024 | C1 | 1220.00 | 2025-01-10
            payment P1 | 2025-02-01 | 1020.00 | from Studio Bianchi | account IT001 | text SALDO FATTURA N. 69/2024 \(text)
            """
        #expect(Notation(books).decide().map(\.verdict) == [text.isEmpty ? .auto : .review])
    }

    @Test(
        "Members, pupils, patients and tenants have numbers as customers have",
        arguments: ["Mitglied 1254", "MATRICULA 1254", "Pat. Nr. 1254", "Schülernr: 1254", "Mieter 1254"])
    func numbered(_ text: String) {
        let paid = "payment P1 | 2025-02-20 | 263.90 | from M. Unbekannt | text "
        #expect(Notation(Self.family + paid + text).outcome == "P1 auto PAYER-AMOUNT F-3 263.90", "\(text)")
        #expect(Notation(Self.family + paid + "Laufnr 1254").decide().allSatisfy { $0.verdict != .auto })
    }

    @Test(
        "A number with a dash is read where the customer's has one, and with the full name it needs no word before it")
    func dashed() {
        let books = """
            customer C1 | Sabine Hoffmann | no 102-13
            customer C2 | Emil Kircheder | no 10-213
            invoice 2024/0096-M | C1 | 740.00 | 2024-12-01
            invoice 2024/0097-M | C2 | 740.00 | 2024-12-01

            """
        let paid = "payment P1 | 2024-12-09 | 740.00 | from Jürgen Hoffmann | text "
        let booked = "P1 auto PAYER-AMOUNT 2024/0096-M 740.00"
        #expect(Notation(books + paid + "Miete 102-13, Sabine Hoffmann").outcome == booked)
        #expect(Notation(books + paid + "Mieternr. 102-13").outcome == booked)
        for text in ["Miete 102-13", "Mieternr. 1-0213", "Mieternr. 102-13-5", "Miete 10-213, Sabine Hoffmann"] {
            #expect(Notation(books + paid + text).decide().allSatisfy { $0.verdict != .auto }, "\(text)")
        }
    }

    @Test(
        "What comes back, or is wages, is no customer's money by its amount alone",
        arguments: [
            "Zwrot podatku", "LOON feb", "Veronpalautus 2024", "Beitragserstattung", "Belastingteruggave", "Mzda 02",
        ])
    func wages(_ text: String) {
        let paid = "payment P1 | 2025-02-20 | 263.90 | from Diego Delgado Prieto | account ES001 | text "
        #expect(Notation(Self.family + paid + text).decide().allSatisfy { $0.verdict != .auto }, "\(text)")
    }

    @Test("A first name that many have points at the payer's relative, and at nobody else")
    func relatives() {
        var books = """
            customer C1 | Adrián Medina Herrera | account ES001
            customer C2 | Carla Medina Herrera
            invoice F-1 | C1 | 215.00 | 2025-01-01
            invoice F-2 | C2 | 215.00 | 2025-01-01
            invoice F-3 | C1 | 98.00 | 2025-01-01

            """
        for pupil in 0..<60 {
            books += "customer K\(pupil) | Carla Nachname\(pupil)\n"
            books += "invoice F-1\(100 + pupil) | K\(pupil) | 215.00 | 2025-01-01\n"
        }
        let relative = "payment P1 | 2025-03-11 | 215.00 | from Laura Herrera | account ES001 | text colegio Carla"
        #expect(Notation(books + relative).decide().allSatisfy { $0.verdict == .review })
        let set = "payment P1 | 2025-03-11 | 313.00 | from Laura Herrera | account ES001 | text cuota y comedor Carla"
        #expect(Notation(books + set).decide().allSatisfy { $0.verdict == .review })
        let alone = books.replacing("customer C2 | Carla Medina Herrera", with: "customer C2 | Ines Fernandez")
        #expect(Notation(alone + relative).outcome == "P1 auto PAYER-AMOUNT F-1 215.00")
        #expect(Notation(alone + set).outcome == "P1 auto PAYER-SET F-1 215.00 F-3 98.00")
    }

    @Test("A month is a month, though somebody is called so")
    func march() {
        let books = """
            customer C1 | Rainer Hofinger
            customer C2 | Renate März
            invoice M-0488 | C1 | 740.00 | 2025-03-01
            invoice M-0528 | C2 | 740.00 | 2025-03-01
            payment P1 | 2025-03-03 | 740.00 | from Rainer Hofinger | text Miete März Whg 1
            """
        #expect(Notation(books).outcome == "P1 auto PAYER-AMOUNT M-0488 740.00")
    }

    @Test("An account that pays for one of two says nothing, where the other owes as much")
    func siblings() {
        let books = """
            customer C1 | Álvaro Cano Guerrero | account ES001
            customer C2 | Iker Cano Guerrero
            invoice F-20251 | C1 | 215.00 | 2025-01-01
            invoice F-20252 | C2 | 215.00 | 2025-01-01

            """
        let paid = "payment P1 | 2025-01-08 | 215.00 | from Javier Cano Márquez | account ES001 | text colegio"
        #expect(Notation(books + paid).outcome.hasPrefix("P1 review"))
        let other = books.replacing("Iker Cano Guerrero", with: "Iker Cano Rubio")
        #expect(Notation(other + paid).outcome == "P1 auto PAYER-AMOUNT F-20251 215.00")
        let own = paid.replacing("Javier Cano Márquez", with: "Álvaro Cano Guerrero")
        #expect(Notation(books + own).outcome == "P1 auto PAYER-AMOUNT F-20251 215.00")
        #expect(Notation(books + paid + " R. F-20251").outcome == "P1 auto NUMBER-EXACT F-20251 215.00")
    }
}
