// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Reconciliation
import Store
import Testing
import Trees

/// What the desk says of a case has to be so, and enough to decide on.
@Suite("The desk says what is so, and what a person needs to choose")
struct DeskSentenceTests {
    private typealias Desk = ReviewDeskTests

    private static func invoices(_ scene: ConversationScene, _ name: String, _ rows: String...) throws {
        try scene.importing(
            name,
            "number,kind,customer_id,customer_name,currency,issued_on,due_on,total,instalment_1_due_on,"
                + "instalment_1_amount,instalment_2_due_on,instalment_2_amount\n"
                + rows.map { "\($0)\n" }.joined())
    }

    private func shown(_ scene: ConversationScene, _ id: String = "P-1") throws -> String {
        try scene.workplace().review(id).text
    }

    private func openExceptions(_ scene: ConversationScene, _ kind: String) throws -> [String] {
        try scene.list(.exceptions).filter { $0.at("kind") == kind && $0.at("state") == "open" }
            .compactMap { $0.at("message") }
    }

    // MARK: Refused and taken back

    @Test("A proposal that a person refused is not in the list again, and can be taken all the same")
    func refusedProposal() throws {
        let scene = try Desk.books()
        try Desk.reject(scene)
        try Desk.reconcile(scene)
        #expect(try Desk.waiting(scene) == [])
        #expect(try shown(scene).contains("ada refused this match (looked): "))
        try Desk.accept(scene, "P-1", 1)
        #expect(try Desk.open(scene) == "0.00")
        try scene.expectProved()
    }

    @Test("A return whose proposal a person refused is not in the list again")
    func refusedReturn() throws {
        let scene = try Desk.books("1000.00")
        try Desk.pay(scene, "R-1", "2026-08-07", "-1003.00", "2026-101", reason: "AC04")
        try Desk.reconcile(scene)
        #expect(try Desk.waiting(scene) == ["R-1"])
        try Desk.reject(scene, "R-1")
        try Desk.reconcile(scene)
        #expect(try Desk.waiting(scene) == [])
    }

    @Test("A return is shown again when another payment may be what went back, and both can be refused")
    func refusedReturns() throws {
        let scene = try Desk.books("25.00", "thanks")
        try Desk.pay(scene, "R-1", "2026-08-07", "-25.00", "", reason: "AC04")
        try Desk.pay(scene, "P-2", "2026-08-04", "25.00", "thanks")
        try Desk.reconcile(scene)
        #expect(try Desk.waiting(scene).contains("R-1"))
        try Desk.reject(scene, "R-1")
        try Desk.reconcile(scene)
        #expect(try Desk.waiting(scene).contains("R-1"))
        #expect(try shown(scene, "R-1").contains("takes back payment P-1"))
        try Desk.reject(scene, "R-1")
        try Desk.reconcile(scene)
        #expect(try !Desk.waiting(scene).contains("R-1"))
        try Desk.pay(scene, "P-3", "2026-08-05", "25.00", "thanks")
        try Desk.reconcile(scene)
        #expect(try Desk.waiting(scene).contains("R-1"))
    }

    @Test("What was booked and taken back is told as that, with who did it and why")
    func takenBack() throws {
        let scene = try Desk.books()
        try Desk.accept(scene)
        try Desk.undo(scene)
        let report = Workplace.ReportRequest(name: .unapplied)
        let text = try scene.workplace().report(report, format: .csv, out: nil) ?? ""
        #expect(text.contains("aken back by ada: wrong"), "\(text)")
        #expect(!text.contains("ada: right"), "\(text)")
        try Desk.reconcile(scene)
        #expect(try Desk.waiting(scene) == ["P-1"])
        let why = try #require(try scene.workplace().reviews().first?["why_it_waits"]?.scalar)
        #expect(why.hasPrefix("ada took this match back (wrong): The payment is more"), "\(why)")
    }

    // MARK: What is left

    @Test("What was paid too much is told as how much more than was asked for it is")
    func overpaid() throws {
        let scene = try Desk.books()
        try Desk.accept(scene)
        try Desk.reconcile(scene)
        let text = try shown(scene)
        #expect(
            text.contains("200.00 EUR of the payment's 1200.00 EUR is more than 2026-101 asked for, which it settled."),
            "\(text)")
        #expect(!text.contains("already settled"))
    }

    @Test("The rest of a payment is no second payment of an instalment that asked for as much")
    func restIsNoCopy() throws {
        let scene = try Desk.books("1.00", "thanks")
        try Self.invoices(
            scene, "parts.csv",
            "2026-400,invoice,C-1,Ahrend B.V.,EUR,2026-07-01,2026-08-20,4000.00,2026-07-20,2000.00,2026-08-20,2000.00")
        try Desk.pay(scene, "P-2", "2026-07-20", "2000.00", "2026-400")
        try Desk.reconcile(scene)
        try Desk.pay(scene, "P-3", "2026-08-08", "4000.00", "2026-400")
        try Desk.reconcile(scene)
        try Desk.accept(scene, "P-3")
        try Desk.reconcile(scene)
        #expect(try Desk.payment(scene, "P-3")["unapplied"]?.scalar == "2000.00")
        #expect(try openExceptions(scene, "DUPLICATE-PAYMENT") == [])
        let text = try shown(scene, "P-3")
        #expect(text.contains("2000.00 EUR of the payment's 4000.00 EUR is more than 2026-400 asked for"), "\(text)")
    }

    // MARK: Rules

    @Test("A change of a rule takes the place of what was said of it before")
    func tierChanges() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-09")
        try scene.bank(
            [("P-1", "2026-08-01", "1000.00", "2026-101"), ("P-2", "2026-08-02", "500.00", "2026-102")],
            name: "named.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let day = try #require(Day("2026-08-01"))
        let moment = try #require(Timestamp("2026-08-01T08:00:00Z"))
        try StoreFile(path: scene.folder.appendingPathComponent("books.db").path).write { session in
            try session.raise(
                ExceptionRecord(
                    "TIER-CHANGED", company: "acme", customerID: nil, subject: "NUMBER-EXACT",
                    message: "NUMBER-EXACT now acts by itself.", context: [], dueOn: day), on: day, at: moment)
        }
        for id in ["P-1", "P-2"] { try Desk.undo(scene, id) }
        try Desk.reconcile(scene)
        let open = try openExceptions(scene, "TIER-CHANGED")
        #expect(open.count == 1 && open.first?.contains("now goes to people") == true, "\(open)")
    }

    // MARK: Choosing

    private func equalCustomers() throws -> ConversationScene {
        let scene = try Desk.books("1.00", "thanks")
        try Self.invoices(
            scene, "equal.csv", "2026-201,invoice,C-3,Kappa B.V.,EUR,2026-07-05,2026-08-04,77.00,,,,",
            "2026-202,invoice,C-4,Kappa B.V.,EUR,2026-07-05,2026-08-06,77.00,,,,")
        try scene.importing(
            "kappa.csv",
            "id,amount,currency,booked_on,account,payer_name,payer_account,remittance\n"
                + "P-2,77.00,EUR,2026-08-05,NL91ABNA0417164300,Kappa B.V.,NL18RABO0123459876,thanks\n")
        try Desk.reconcile(scene)
        return scene
    }

    @Test("Of two that are equally likely a person says which, and is not given the first")
    func equallyLikely() throws {
        let scene = try equalCustomers()
        #expect(try Desk.waiting(scene).contains("P-2"))
        let told = Desk.failure { try Desk.accept(scene, "P-2") }
        #expect(told.code == "REVIEW-CHOICE" && told.text.contains("--alternative"), "\(told)")
        try Desk.accept(scene, "P-2", 2)
        #expect(try Desk.payment(scene, "P-2")["unapplied"]?.scalar == "0.00")
        try scene.expectProved()
    }

    @Test("Every alternative says whose item it pays, when it is due, and what is open on it")
    func alternatives() throws {
        let scene = try equalCustomers()
        let text = try shown(scene, "P-2")
        #expect(text.contains("2026-201 of Kappa B.V., due 2026-08-04, has 77.00 EUR open and is settled."), "\(text)")
        let node = try scene.workplace().review("P-2").json
        #expect(node["alternative_sentences"]?.items?.count == node["alternatives"]?.items?.count)
        let over = try Desk.books()
        #expect(
            try shown(over).contains(
                "2026-101 of Ahrend B.V., due 2026-07-31, has 1000.00 EUR open and is settled; "
                    + "200.00 EUR of the payment is left."))
        let part = try Desk.books("988.00", "2026-101")
        #expect(try shown(part).contains("has 1000.00 EUR open, of which 12.00 EUR stays open."))
    }

    @Test("Nobody is told to choose where there is nothing to choose from")
    func nothingToChoose() throws {
        let scene = try Desk.books()
        try Desk.accept(scene)
        try Desk.reconcile(scene)
        let told = Desk.failure { try Desk.accept(scene) }
        #expect(told.code == "REVIEW-EMPTY" && !told.text.contains("--alternative"), "\(told)")
        #expect(told.text.contains("tieout review allocate P-1"), "\(told)")
    }

    @Test("What is left of a payment is what puts it before another, and a rate makes currencies comparable")
    func order() throws {
        let scene = try Desk.books("1200.00")
        try Desk.accept(scene)
        try Desk.pay(scene, "P-2", "2026-08-04", "800.00", "2026-102")
        try Self.invoices(scene, "yen.csv", "2026-900,invoice,C-1,Ahrend B.V.,JPY,2026-07-05,2026-08-04,60000,,,,")
        try scene.importing(
            "yen-paid.csv",
            "id,amount,currency,booked_on,account,payer_name,payer_account,remittance\n"
                + "P-3,61000,JPY,2026-08-04,,Ahrend B.V.,NL20INGB0001234567,2026-900\n")
        try Desk.reconcile(scene)
        let listed = try scene.workplace().reviews().compactMap { $0["payment_id"]?.scalar }
        #expect(listed == ["P-2", "P-1", "P-3"])
    }

    @Test("A rate makes what is left in another currency comparable")
    func orderByRate() throws {
        let scene = try Desk.books("1200.00")
        try ExchangeGiftTests.rates(scene, "2026-08-01,EUR,JPY,160.00")
        try Self.invoices(
            scene, "yen.csv", "2026-900,invoice,C-1,Ahrend B.V.,JPY,2026-07-05,2026-08-04,320000,,,,",
            "2026-901,invoice,C-1,Ahrend B.V.,JPY,2026-07-05,2026-08-04,16000,,,,")
        try scene.importing(
            "yen-paid.csv",
            "id,amount,currency,booked_on,account,payer_name,payer_account,remittance\n"
                + "P-3,321000,JPY,2026-08-04,,Ahrend B.V.,NL20INGB0001234567,2026-900\n"
                + "P-4,17000,JPY,2026-08-04,,Ahrend B.V.,NL20INGB0001234567,2026-901\n")
        try Desk.reconcile(scene)
        let listed = try scene.workplace().reviews().compactMap { $0["payment_id"]?.scalar }
        // 2006.25 EUR, 1200.00 EUR, 106.25 EUR.
        #expect(listed == ["P-3", "P-1", "P-4"])
    }

    @Test("What is remembered is told in a sentence")
    func remembered() throws {
        let scene = try Desk.books()
        try Desk.reject(scene)
        let memory = try scene.workplace().memoryList()
        #expect(
            memory.text.contains("declined/P-1/") && memory.text.contains("P-1 is not for 2026-101: ada refused this"),
            "\(memory.text)")
        #expect(memory.json.items?.allSatisfy { $0["sentence"]?.scalar?.hasSuffix(".") == true } == true)
    }

    // MARK: Told to scripts

    @Test("A payment's decision is told to scripts as to people, and a promise in words")
    func explained() throws {
        let scene = try Desk.books("1000.00")
        let node = try scene.workplace().explain("P-1").json
        #expect(node.at("decision.rule") == "NUMBER-EXACT")
        #expect(node.at("decision.decided_by")?.hasPrefix("decided by the rule NUMBER-EXACT") == true)
        #expect(node.at("decision.speaks_for.0") == "the text names the number (2026-101), weight 20")
        #expect(node["decision"]?["speaks_against"]?.items?.isEmpty == true)
        var request = Workplace.PromiseRequest(customer: "C-1", promisedFor: "2026-08-12", takenBy: "mara")
        request.invoices = ["2026-102"]
        let promise = try #require(try scene.workplace().recordPromise(request).json["id"]?.scalar)
        let text = try scene.workplace().explain(promise).text
        #expect(text.contains("C-1 (Ahrend B.V.) promised 500.00 EUR for 2026-08-12"), "\(text)")
        #expect(text.contains("500.00 EUR for 2026-102") && !text.contains("{"), "\(text)")
    }

    // MARK: What a person gave as the reason

    @Test("Late charges carry the person's reason")
    func reasons() throws {
        let scene = try Desk.books("1012.50")
        try Desk.allocate(
            scene, "P-1", reason: "agreed by phone", .init(kind: .cash, text: "2026-101=1000.00"),
            .init(kind: .lateCharges, text: "2026-101=12.50"))
        let text = try scene.workplace().explain("P-1").text
        #expect(text.components(separatedBy: "– agreed by phone").count == 3, "\(text)")
    }

    // MARK: Errors

    @Test("What cannot be set off is told as what it is")
    func settingOff() throws {
        let scene = try Desk.books("1.00", "thanks")
        try scene.importing(
            "more.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total
            2026-500,invoice,C-1,Ahrend B.V.,USD,2026-07-05,2026-08-04,77.00
            G-2026-1,credit_note,C-1,Ahrend B.V.,EUR,2026-07-05,2026-08-04,-50.00

            """)
        let invoice = Desk.failure {
            try Desk.allocate(scene, "2026-102", .init(kind: .cash, text: "2026-103=10.00"))
        }
        #expect(invoice.code == "ALLOCATE-SOURCE" && !invoice.text.contains("Credit note 2026-102"), "\(invoice)")
        let foreign = Desk.failure {
            try Desk.allocate(scene, "G-2026-1", .init(kind: .cash, text: "2026-500=10.00"))
        }
        #expect(foreign.code == "ALLOCATE-CURRENCY" && foreign.text.contains("is in EUR"), "\(foreign)")
    }

    @Test("An unknown id, and a refund that was used, are told as that")
    func unknown() throws {
        let scene = try Desk.books("35.00", "")
        #expect(Desk.failure { try Desk.undo(scene, "NOPE") }.code == "UNDO-UNKNOWN")
        #expect(Desk.failure { try Desk.undo(scene, "P-1") }.code == "UNDO-NOTHING")
        try Desk.pay(scene, "R-1", "2026-08-05", "-35.00", "")
        try Desk.allocate(scene, "R-1", .init(kind: .refund, text: "P-1=35.00"))
        let told = Desk.failure { try Desk.allocate(scene, "R-1", .init(kind: .refund, text: "P-1=35.00")) }
        #expect(told.code == "ALLOCATE-REFUND" && told.text.contains("Nothing is left of R-1"), "\(told)")
    }

    @Test("Of a database that is not there nothing is proved, closed or reconciled")
    func mistyped() throws {
        let scene = try ConversationScene()
        let path = scene.folder.appendingPathComponent("books.db").path
        let acts: [(Workplace) throws -> Void] = [
            { _ = try $0.verify() }, { _ = try $0.close(month: "2026-06", actor: "ada") },
            { _ = try $0.reconcile(dryRun: false, allocations: nil) },
            { _ = try $0.acceptReview("P-1", alternative: nil, actor: "ada", reason: "yes") },
        ]
        for act in acts {
            #expect {
                try act(try scene.workplace())
            } throws: {
                ($0 as? StoreFailure)?.code == "STORE-MISSING"
            }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }
}
