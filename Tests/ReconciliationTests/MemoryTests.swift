// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What settled payments teach, what a person makes it forget, and who is never a customer.
struct MemoryTests {
    private static let books = """
        customer C1 | Nordwind Logistik GmbH | no 10001
        invoice RE-0901 | C1 | 700.00 | 2025-01-01 | open 0.00
        invoice RE-1001 | C1 | 431.17 | 2025-01-10
        past P9 | 2025-01-21 | 700.00 | from Treuhand | account DE77 0001 | pays RE-0901 700.00
        payment P1 | 2025-02-01 | 431.17 | from Treuhand | account DE770001
        """

    private func workspace(forgotten: [ForgottenLesson] = [], strangers: [String] = []) -> (Workspace, Notation) {
        var books = Notation(Self.books)
        for index in books.history.indices { books.history[index].rule = .numberExact }
        let workspace = Workspace(
            items: books.items, customers: books.customers, history: books.history, forgotten: forgotten,
            strangers: strangers)
        return (workspace, books)
    }

    @Test("An account that paid a named invoice pays for the same customer again")
    func learns() {
        let (workspace, books) = workspace()
        #expect(
            workspace.lessons() == [
                Lesson(
                    kind: .account, customerID: "C1", payer: "DE770001", count: 1,
                    lastOn: Notation.day("2025-01-21"))
            ])
        #expect(workspace.run(books.payments).map { Notation.text($0) } == ["P1 auto PAYER-AMOUNT RE-1001 431.17"])
    }

    @Test("A lesson that was deleted is not learned again from what taught it")
    func forgets() {
        let lesson = ForgottenLesson(
            kind: .account, customerID: "C1", payer: "DE77 0001", through: Notation.day("2025-01-31"))
        let (workspace, books) = workspace(forgotten: [lesson])
        #expect(workspace.lessons().isEmpty)
        #expect(workspace.run(books.payments).allSatisfy { $0.verdict != .auto })
    }

    @Test("Payments after the deletion teach it anew")
    func learnsAgain() {
        let lesson = ForgottenLesson(
            kind: .account, customerID: "C1", payer: "DE770001", through: Notation.day("2025-01-20"))
        #expect(workspace(forgotten: [lesson]).0.lessons().count == 1)
    }

    @Test("What a person booked teaches as well; what nobody knows the reason of does not", arguments: [true, false])
    func learnsFromPeople(_ isByPerson: Bool) {
        var books = Notation(Self.books)
        books.history[0].isByPerson = isByPerson
        let workspace = books.workspace
        let lesson = Lesson(
            kind: .account, customerID: "C1", payer: "DE770001", count: 1, countByPeople: 1,
            lastOn: Notation.day("2025-01-21"))
        #expect(workspace.lessons() == (isByPerson ? [lesson] : []))
        #expect(
            workspace.run(books.payments).map { Notation.text($0) }
                == [isByPerson ? "P1 auto PAYER-AMOUNT RE-1001 431.17" : "P1 review NO-EVIDENCE RE-1001 431.17"])
    }

    @Test("A payer for whom a person split a payment among two customers pays for both")
    func learnsSeveral() {
        var books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH
            customer C2 | Bergmann Elektro AG
            invoice RE-0901 | C1 | 700.00 | 2025-01-01 | open 0.00
            invoice RE-0902 | C2 | 50.00 | 2025-01-01 | open 0.00
            invoice RE-1001 | C2 | 431.17 | 2025-01-10
            past P9 | 2025-01-21 | 750.00 | from Treuhand | account DE770001 | pays RE-0901 700.00 | pays RE-0902 50.00
            payment P1 | 2025-02-01 | 431.17 | from Treuhand | account DE770001
            """)
        books.history[0].isByPerson = true
        #expect(books.workspace.lessons().map(\.customerID) == ["C1", "C2"])
        #expect(books.outcome == "P1 auto PAYER-AMOUNT RE-1001 431.17")
    }

    private static let aliasBooks = """
        customer C1 | Nordwind Logistik GmbH
        invoice RE-0901 | C1 | 700.00 | 2025-01-01 | open 0.00
        invoice RE-1001 | C1 | 431.17 | 2025-01-10
        past P9 | 2025-01-21 | 700.00 | from Ute Sommer | pays RE-0901 700.00
        payment P1 | 2025-02-01 | 431.17 | from UTE SOMMER
        """

    @Test("Without an account the payer's name is learned, where it is not the customer's own")
    func learnsNames() {
        var books = Notation(Self.aliasBooks)
        #expect(books.outcome.hasPrefix("P1 review"))
        books.history[0].rule = .numberExact
        #expect(
            books.workspace.lessons() == [
                Lesson(
                    kind: .name, customerID: "C1", payer: "UTESOMMER", count: 1, lastOn: Notation.day("2025-01-21"))
            ])
        let decisions = books.workspace.run(books.payments)
        #expect(decisions.map { Notation.text($0) } == ["P1 auto PAYER-AMOUNT RE-1001 431.17"])
        #expect(decisions[0].evidence.map(\.code).contains("LEARNED-NAME"))
    }

    @Test(
        "A learned name books nothing where another one may be meant",
        arguments: [
            "customer C2 | Ute Sommer", "customer C2 | Sommer Handel GmbH\ninvoice RE-1002 | C2 | 431.17 | 2025-01-10",
            "invoice RE-1002 | C1 | 431.17 | 2025-01-11",
        ])
    func doubtsNames(_ other: String) {
        var books = Notation(other + "\n" + Self.aliasBooks)
        books.history[0].rule = .numberExact
        #expect(books.workspace.run(books.payments).allSatisfy { $0.verdict != .auto })
    }

    @Test("A provider's name teaches nothing, nor does one of a few letters", arguments: ["Mollie", "Sam"])
    func keepsNames(_ name: String) {
        var books = Notation(Self.aliasBooks.replacing("Ute Sommer", with: name))
        books.history[0].rule = .numberExact
        #expect(books.workspace.lessons().isEmpty)
    }

    @Test("An account that a person set aside is set aside again, unless its text names an item")
    func strangers() {
        var books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH | no 10001
            invoice RE-1001 | C1 | 431.17 | 2025-01-10
            payment P1 | 2025-02-01 | 88.00 | from Finanzamt | account DE990001 | text Erstattung
            payment P2 | 2025-02-02 | 431.17 | from Finanzamt | account DE990001 | text RE-1001
            """)
        #expect(books.outcome == "P1 review NO-EVIDENCE\nP2 auto NUMBER-EXACT RE-1001 431.17")
        let workspace = Workspace(items: books.items, customers: books.customers, strangers: ["DE99 0001"])
        books.payments.reverse()
        #expect(
            workspace.run(books.payments).map { Notation.text($0) }
                == ["P1 not_receivable UNRELATED", "P2 auto NUMBER-EXACT RE-1001 431.17"])
    }

    @Test("The same payer's same amount is a doubt within three weeks, not months later", arguments: [10, 200])
    func repeats(_ days: Int) {
        let first = Notation.day("2025-02-01")
        let books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH | account DE021203
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            invoice RE-1002 | C1 | 119.00 | 2025-01-10
            payment P1 | \(first) | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            payment P2 | \(first + days) | 119.00 | from Nordwind Logistik GmbH | account DE021203
            """)
        let second = days > 21 ? "P2 auto PAYER-AMOUNT RE-1002 119.00" : "P2 review WEAK RE-1002 119.00"
        #expect(books.outcome == "P1 auto NUMBER-EXACT RE-1001 119.00\n" + second)
    }
}

extension MemoryTests {
    @Test("Whom a payment may be from is said only where it is certain: a guess would be a fact in the next run")
    func guessesAreNotStated() throws {
        let books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH
            invoice RE-1001 | C1 | 1187.13 | 2025-01-10
            payment P1 | 2025-02-01 | 1187.13 | from Somebody Else | text thanks
            """)
        let decision = try #require(books.decide().first)
        #expect(Notation.text(decision) == "P1 review NO-EVIDENCE RE-1001 1187.13")
        #expect(decision.customerID == nil)
    }
}

extension MemoryTests {
    @Test("A return takes back what its payment settled, whether it proved that, lowered what was open, or did both")
    func takenBackWhole() {
        for (stated, said) in [
            ("open 0.00 | provable 100.00", " (proves 100.00)"), ("open 60.00 | provable 40.00", " (proves 40.00)"),
            ("open 100.00 | provable 0.00", ""),
        ] {
            let books = Notation(
                """
                customer C1 | Nordwind Logistik GmbH | account DE021203
                invoice RE-1001 | C1 | 100.00 | 2025-01-10 | \(stated) | stated 2025-02-28
                payment P1 | 2025-02-01 | 100.00 | from N | end-to-end E2E-77 | text RE-1001
                payment P2 | 2025-02-05 | -100.00 | from N | end-to-end E2E-77 | code RRCT
                """)
            #expect(
                books.outcome == "P1 auto NUMBER-EXACT RE-1001 100.00\(said)\nP2 auto RETURN RE-1001 -100.00"
                    + said.replacing("proves ", with: "proves -"))
        }
    }
}
