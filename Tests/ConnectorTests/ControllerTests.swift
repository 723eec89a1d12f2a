// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

/// What a controller asks of the books: totals that do not agree, months that are closed, rows that repeat.
@Suite("Control totals, closed months and repeated rows are told")
struct ControllerTests {
    private func books() throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        return scene
    }

    private func totals(_ scene: ConversationScene, _ name: String, _ rows: String...) throws {
        try scene.importing(name, "account,customer_id,currency,as_of,amount\n" + rows.joined(separator: "\n") + "\n")
    }

    private func exceptions(_ scene: ConversationScene) throws -> [String] {
        try scene.list(.exceptions).filter {
            $0["kind"]?.scalar == "CONTROL-TOTAL" && $0["state"]?.scalar == "open"
        }.compactMap { $0["message"]?.scalar }
    }

    private func monthEnd(_ scene: ConversationScene, _ month: String = "2026-07") throws -> String {
        var request = Workplace.ReportRequest(name: .monthEnd)
        request.month = month
        return try scene.workplace().report(request, format: .text, out: nil) ?? ""
    }

    // 1000 and 500 of C-1, 250 of C-2, and 1.00 that came in on 1 July.
    @Test("A customer's balance is compared, and one item of the difference is named")
    func customerBalance() throws {
        let scene = try books()
        try totals(scene, "totals.csv", "1300,C-1,EUR,2026-07-31,1500.00", "1300,C-2,EUR,2026-07-31,0.00")
        let report = try monthEnd(scene)
        #expect(report.contains("✗ control total EUR of C-2: The source states 0.00 EUR for C-2"), "\(report)")
        #expect(report.contains("2026-103 of C-2, 250.00 EUR open in the books"))
        #expect(report.contains("1 customer's balance is what the source states"))
        _ = try scene.workplace().close(month: "2026-07", actor: "ada")
        #expect(try exceptions(scene).count == 1)
    }

    @Test("A total that comes after the close is compared; a restated one takes its place")
    func late() throws {
        let scene = try books()
        _ = try scene.workplace().close(month: "2026-07", actor: "ada")
        try totals(scene, "late.csv", "1300,,EUR,2026-07-31,999.00")
        #expect(try exceptions(scene).first?.contains("2026-101 and 2026-103") == false)
        #expect(try exceptions(scene).count == 1)
        #expect(try monthEnd(scene).contains("✗ control total EUR"))
        try totals(scene, "restated.csv", "1300,,EUR,2026-07-31,1249.00")
        #expect(try exceptions(scene).first?.contains("2026-102 of C-1, 500.00 EUR open in the books") == true)
        try totals(scene, "right.csv", "1300,,EUR,2026-07-31,1749.00")
        #expect(try exceptions(scene).isEmpty)
        let report = try monthEnd(scene)
        #expect(report.contains("✓ control total EUR") && !report.contains("✗ control total"))
    }

    @Test("The pack of a closed month goes on saying what it said; opened again it is as of today")
    func closedPack() throws {
        let scene = try books()
        try totals(scene, "totals.csv", "1300,C-1,EUR,2026-07-31,1400.00")
        try scene.bank([("P-9", "2026-07-20", "1200.00", "2026-101")], name: "july.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let before = try monthEnd(scene)
        #expect(before.contains("Exceptions") && before.contains("C-1"))
        _ = try scene.workplace().close(month: "2026-07", actor: "ada")
        let closed = try monthEnd(scene)
        let raised = try #require(try scene.list(.exceptions).first { $0["kind"]?.scalar == "CONTROL-TOTAL" })
        _ = try scene.workplace().resolveException(raised["id"]?.scalar ?? "", actor: "ada", reason: "agreed")
        _ = try scene.workplace().rejectReview("P-9", notReceivable: false, actor: "ada", reason: "asked them")
        #expect(try exceptions(scene).isEmpty)
        #expect(try monthEnd(scene) == closed)
        _ = try scene.workplace().reopen(month: "2026-07", actor: "ada", secondPerson: "bob", reason: "late note")
        let reopened = try monthEnd(scene)
        func waits(_ pack: String) -> Bool {
            pack.firstRange(of: "Payments waiting for a person").map {
                pack[$0.upperBound...].contains("1,200.00")
            } ?? false
        }
        #expect(waits(closed) && !waits(reopened), "\(reopened)")
    }

    @Test("What only today's books tell is not shown as known earlier")
    func knownAt() throws {
        let scene = try books()
        for name in [Workplace.ReportName.promises, .exceptions, .deliveries, .allocations, .adjustments, .clearing] {
            var request = Workplace.ReportRequest(name: name)
            request.knownAt = "2026-07-31T12:00:00Z"
            #expect { try scene.workplace().report(request, format: .text, out: nil) } throws: {
                ($0 as? Failure)?.code == "KNOWN-AT"
            }
        }
        var request = Workplace.ReportRequest(name: .monthEnd)
        (request.month, request.knownAt) = ("2026-07", "2026-07-31T12:00:00Z")
        let report = try scene.workplace().report(request, format: .text, out: nil) ?? ""
        #expect(report.contains("Roll-forward") && !report.contains("Promises"))
    }

    @Test("A pair of items that makes the difference is named")
    func pair() throws {
        let scene = try books()
        try totals(scene, "totals.csv", "1300,,EUR,2026-07-31,999.00")
        #expect(try monthEnd(scene).contains("2026-102 and 2026-103, together 750.00 EUR"))
    }

    @Test("An undo into a closed month is listed as prior period; an ordinary allocation is not")
    func priorPeriod() throws {
        let scene = try books()
        try scene.bank([("P-1", "2026-07-20", "1000.00", "2026-101")], name: "july.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        _ = try scene.workplace().close(month: "2026-07", actor: "ada")
        #expect(try !monthEnd(scene, "2026-08").contains("prior period: cash applied"))
        _ = try scene.workplace().undo("P-1", actor: "ada", reason: "not theirs")
        let report = try monthEnd(scene, "2026-08")
        #expect(report.contains("prior period"), "\(report)")
        #expect(report.contains("-1,000.00"))
    }

    @Test("Closing says what waits for a person")
    func waiting() throws {
        let scene = try books()
        try scene.bank([("P-1", "2026-07-20", "1200.00", "2026-101")], name: "july.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let answer = try scene.workplace().close(month: "2026-07", actor: "ada")
        #expect(
            answer.text.contains("1 payment that came in through 2026-07-31 waits for a person, 1200.00 EUR of it"),
            "\(answer.text)")
        #expect(answer.json.at("waiting.0.payments") == "1")
        #expect(try monthEnd(scene).contains("Payments waiting for a person"))
    }

    @Test("A row that repeats another is told, and is in no sum")
    func repeated() throws {
        let scene = try books()
        let path = scene.folder.appendingPathComponent("twice.csv")
        try Data(
            """
            id,amount,currency,booked_on,account,remittance
            X1,100.00,EUR,2026-07-10,NL91ABNA0417164300,one
            X1,100.00,EUR,2026-07-10,NL91ABNA0417164300,one
            ,50.00,EUR,2026-07-10,NL91ABNA0417164300,two
            ,50.00,EUR,2026-07-10,NL91ABNA0417164300,two

            """.utf8
        ).write(to: path)
        let summary = try scene.workplace().importFiles([path.path], Workplace.ImportOptions())
        #expect(summary.text.contains("payments: 3 new"))
        #expect(summary.text.contains("received 200.00"), "\(summary.text)")
        #expect(summary.text.contains("ROW-REPEATED at line 3: it repeats line 2"), "\(summary.text)")
        #expect(!summary.anyRefused)
    }

    @Test("One customer's credit note pays no invoice of another")
    func otherCredit() throws {
        let scene = try books()
        try scene.importing(
            "credit.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            LC-1,credit_note,C-2,Brug B.V.,EUR,2026-07-10,2026-07-10,-60.00

            """)
        var request = Workplace.ManualAllocation(actor: "ada", reason: "net")
        request.source = "LC-1"
        request.lines = [.init(kind: .cash, text: "2026-101=60.00")]
        #expect { try scene.workplace().allocate(request) } throws: { ($0 as? Failure)?.code == "ALLOCATE-CUSTOMER" }
    }

    @Test("What a discount and a write-off take of net and tax is told, or that it is unknown")
    func taxes() throws {
        let scene = try books()
        try scene.importing(
            "more.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            2026-104,invoice,C-2,Brug B.V.,EUR,2026-07-10,2026-08-10,60.00

            """)
        var request = Workplace.ManualAllocation(actor: "ada", reason: "agreed")
        request.lines = [
            .init(kind: .discount, text: "2026-101=12.10"), .init(kind: .writeOff, text: "2026-103=2.42"),
            .init(kind: .writeOff, text: "2026-104=1.00"), .init(kind: .fee, text: "2026-102=5.00"),
        ]
        let booked = try scene.workplace().allocate(request)
        let rows = try scene.list(.allocations)
        func row(_ number: String) throws -> Node { try #require(rows.first { $0["number"]?.scalar == number }) }
        #expect(try row("2026-101")["net"]?.scalar == "10.00")
        #expect(try row("2026-101")["tax"]?.scalar == "2.10")
        #expect(try row("2026-101").at("taxes.0.tax") == "2.10")
        #expect(try row("2026-104")["taxes"]?.scalar == "tax unknown")
        #expect(try row("2026-102")["taxes"] == nil)
        #expect(rows.allSatisfy { $0["document_net"] == nil && $0["document_taxes"] == nil })
        var report = Workplace.ReportRequest(name: .adjustments)
        report.month = "2026-08"
        let text = try scene.workplace().report(report, format: .csv, out: nil) ?? ""
        #expect(text.contains("discount,EUR,,-12.10,-10.00,-2.10"), "\(text)")
        #expect(text.contains("write_off,EUR,,-2.42,-2.00,-0.42"), "\(text)")
        #expect(text.contains("write_off,EUR,tax unknown,-1.00,,"), "\(text)")
        #expect(try monthEnd(scene, "2026-08").contains("a person says what of the amount is tax"))
        let decision = try #require(booked.json["decision"]?.scalar)
        _ = try scene.workplace().undo(decision, actor: "ada", reason: "not agreed")
        let undone = try scene.workplace().report(report, format: .csv, out: nil) ?? ""
        #expect(undone.contains("discount,EUR,,0.00,0.00,0.00"), "\(undone)")
    }

    @Test("Two bookings alike at the same moment are two, and taken back one by one")
    func alike() throws {
        let scene = try books()
        var request = Workplace.ManualAllocation(actor: "ada", reason: "short by a cent, twice")
        request.lines = [.init(kind: .rounding, text: "2026-101=0.01")]
        let first = try scene.workplace().allocate(request)
        let second = try scene.workplace().allocate(request)
        let decision = try #require(second.json["decision"]?.scalar)
        #expect(decision != first.json["decision"]?.scalar)
        _ = try scene.workplace().undo(decision, actor: "ada", reason: "once was enough")
        #expect(try scene.list(.items).first { $0["number"]?.scalar == "2026-101" }?["open"]?.scalar == "999.99")
        try scene.expectProved()
    }

    @Test("A plan shows what the message asks for, beside what is open")
    func net() throws {
        let scene = try books()
        try scene.importing(
            "credit.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            LC-1,credit_note,C-2,Brug B.V.,EUR,2026-07-10,2026-07-10,-60.00

            """)
        let answer = try scene.workplace().plan(dryRun: true)
        let said = try #require(answer.json["messages"]?.items?.first { $0["customer_id"]?.scalar == "C-2" })
        #expect(said["amount"]?.scalar == "190.00")
        #expect(said.at("open.0.amount") == "250.00")
        #expect(answer.text.contains("190.00 EUR of 250.00 EUR open"))
    }
}
