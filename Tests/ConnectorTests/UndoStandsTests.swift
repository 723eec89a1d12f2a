// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

/// What a person took back is not booked again by itself, by whatever way.
@Suite("What a person takes back stays taken back")
struct UndoStandsTests {
    private static let head =
        "number,kind,customer_id,customer_name,currency,issued_on,due_on,total,corrects,correction\n"

    private static func scene(_ invoices: String...) throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,country,language,time_zone,account,opted_in,opted_out
            C-1,10001,Ahrend B.V.,business,+31600000001,NL,nl,Europe/Amsterdam,NL20INGB0001234567,true,false

            """)
        try add(scene, "invoices.csv", invoices.joined())
        return scene
    }

    private static func add(_ scene: ConversationScene, _ name: String, _ rows: String) throws {
        try scene.importing(name, head + rows)
    }

    private static func invoice(
        _ number: String, _ total: String, kind: String = "invoice", corrects: String = "", _ correction: String = ""
    ) -> String {
        "\(number),\(kind),C-1,Ahrend B.V.,EUR,2026-07-05,2026-07-19,\(total),\(corrects),\(correction)\n"
    }

    private static func item(_ scene: ConversationScene, _ number: String) throws -> Node {
        try #require(try scene.list(.items).first { $0["number"]?.scalar == number })
    }

    private static func open(_ scene: ConversationScene, _ number: String) throws -> String? {
        try item(scene, number)["open"]?.scalar
    }

    private static func waiting(_ scene: ConversationScene) throws -> [String] {
        try scene.workplace().reviews().compactMap { $0["payment_id"]?.scalar }.sorted()
    }

    private static func remembered(_ scene: ConversationScene) throws -> [String] {
        try scene.workplace().memoryList().json.items?.compactMap { $0["id"]?.scalar } ?? []
    }

    @Test("Taken back after a replacement, the money is not put on the replacement again")
    func moved() throws {
        let scene = try Self.scene(Self.invoice("LI-71", "480.00"))
        try ReviewDeskTests.pay(scene, "P-1", "2026-07-08", "480.00", "LI-71")
        try ReviewDeskTests.reconcile(scene)
        try Self.add(scene, "two.csv", Self.invoice("LI-72", "530.00", corrects: "LI-71", "replacement"))
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "LI-72") == "50.00")
        try ReviewDeskTests.undo(scene)
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "LI-72") == "530.00")
        #expect(try Self.waiting(scene) == ["P-1"])
        // A person may say it all the same.
        try ReviewDeskTests.accept(scene, "P-1", 1)
        #expect(try Self.open(scene, "LI-72") == "50.00")
        try scene.expectProved()
    }

    @Test("Taken back before a replacement, the money is not put on the replacement")
    func replacedLater() throws {
        let scene = try Self.scene(Self.invoice("LI-71", "480.00"))
        try ReviewDeskTests.pay(scene, "P-1", "2026-07-08", "480.00", "LI-71")
        try ReviewDeskTests.reconcile(scene)
        try ReviewDeskTests.undo(scene)
        try Self.add(scene, "two.csv", Self.invoice("LI-72", "530.00", corrects: "LI-71", "replacement"))
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "LI-72") == "530.00")
        let lesson = try #require(try Self.remembered(scene).first { $0.hasPrefix("declined/") })
        _ = try scene.workplace().memoryForget(lesson, actor: "ada", reason: "it is theirs")
        #expect(try !Self.remembered(scene).contains { $0.hasPrefix("declined/") })
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "LI-72") == "50.00")
    }

    @Test(
        "A credit note that was taken off its invoice stays open until that is forgotten",
        arguments: ["CN-7", "credit"])
    func credit(_ name: String) throws {
        let scene = try Self.scene(
            Self.invoice("LI-71", "480.00"), Self.invoice("CN-7", "-80.00", kind: "credit_note", corrects: "LI-71"))
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "LI-71") == "400.00")
        let id = try #require(try Self.item(scene, "CN-7")["id"]?.scalar)
        try ReviewDeskTests.undo(scene, name == "CN-7" ? name : "credit:" + id)
        for _ in 0..<2 {
            try ReviewDeskTests.reconcile(scene)
            #expect(try Self.open(scene, "LI-71") == "480.00")
            #expect(try Self.open(scene, "CN-7") == "-80.00")
        }
        let declined = try #require(try Self.remembered(scene).first { $0.hasPrefix("declined/credit:") })
        scene.advance(seconds: 1)
        _ = try scene.workplace().memoryForget(declined, actor: "ada", reason: "it was right")
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "CN-7") == "0.00")
        // What was said once more counts once more.
        try ReviewDeskTests.undo(scene, "CN-7")
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "CN-7") == "-80.00")
        try scene.expectProved()
    }

    @Test("A credit note that was set off with a payment names that payment's decision")
    func creditOfPayment() throws {
        let scene = try Self.scene(Self.invoice("LI-71", "480.00"), Self.invoice("CN-7", "-80.00", kind: "credit_note"))
        try ReviewDeskTests.pay(scene, "P-1", "2026-07-08", "400.00", "LI-71 CN-7")
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "CN-7") == "0.00")
        let refusal = #expect(throws: Failure.self) { try ReviewDeskTests.undo(scene, "CN-7") }
        #expect(refusal?.code == "UNDO-NOTHING" && refusal?.message.contains("P-1") == true)
    }

    @Test("A return that was taken back, and its payment too, waits, and nobody is told of it any more")
    func returned() throws {
        let scene = try Self.scene(Self.invoice("LI-71", "480.00"))
        try ReviewDeskTests.pay(scene, "P-1", "2026-07-08", "480.00", "LI-71")
        try ReviewDeskTests.reconcile(scene)
        try ReviewDeskTests.pay(scene, "R-1", "2026-07-10", "-480.00", "LI-71", reason: "AC06")
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.open(scene, "LI-71") == "480.00")
        func returns() throws -> [String?] {
            try scene.list(.exceptions).filter { $0["kind"]?.scalar == "PAYMENT-RETURNED" }.map { $0["state"]?.scalar }
        }
        #expect(try returns() == ["open"])
        try ReviewDeskTests.undo(scene, "R-1")
        #expect(try returns() == ["resolved"])
        try ReviewDeskTests.undo(scene)
        try ReviewDeskTests.reconcile(scene)
        #expect(try Self.waiting(scene) == ["P-1", "R-1"])
        let unapplied = try scene.list(.payments).first { $0["id"]?.scalar == "P-1" }?["unapplied"]?.scalar
        #expect(unapplied == "480.00")
        #expect(try returns() == ["resolved"])
        try scene.expectProved()
    }

    // 480.00 less a credit note of 80.00: 400.00 come, go back, and come again.
    @Test("A return gives a netted credit note back, and the next payment nets it once", arguments: [true, false])
    func netted(_ inOneRun: Bool) throws {
        let scene = try Self.scene(Self.invoice("LI-71", "480.00"), Self.invoice("CN-7", "-80.00", kind: "credit_note"))
        func settled(_ number: String) throws -> [String?] {
            let item = try Self.item(scene, number)
            return ["open", "cash", "credit"].map { item[$0]?.scalar }
        }
        try ReviewDeskTests.pay(scene, "P-1", "2026-07-08", "400.00", "LI-71 CN-7")
        if !inOneRun { try ReviewDeskTests.reconcile(scene) }
        try ReviewDeskTests.pay(scene, "R-1", "2026-07-10", "-400.00", "", reason: "AC06")
        try ReviewDeskTests.reconcile(scene)
        #expect(try settled("LI-71") == ["480.00", "0.00", "0.00"])
        #expect(try settled("CN-7") == ["-80.00", "0.00", "0.00"])
        try scene.expectProved()
        try ReviewDeskTests.undo(scene, "R-1")
        #expect(try settled("LI-71") == ["0.00", "400.00", "80.00"])
        try ReviewDeskTests.reconcile(scene)
        try ReviewDeskTests.accept(scene, "R-1", 1)
        #expect(try settled("CN-7") == ["-80.00", "0.00", "0.00"])
        try ReviewDeskTests.pay(scene, "P-2", "2026-07-15", "400.00", "LI-71 CN-7")
        try ReviewDeskTests.reconcile(scene)
        #expect(try settled("LI-71") == ["0.00", "400.00", "80.00"])
        #expect(try settled("CN-7") == ["0.00", "0.00", "-80.00"])
        try scene.expectProved()
    }

    @Test("What a person gives away says who approved it, and why")
    func approved() throws {
        let scene = try ConversationScene()
        try scene.importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,country,language,time_zone,account,opted_in,opted_out
            C-1,10001,Ahrend B.V.,business,+31600000001,NL,nl,Europe/Amsterdam,NL20INGB0001234567,true,false

            """)
        try scene.importing(
            "invoices.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total,discount_percent,discount_base,discount_until
            LI-71,invoice,C-1,Ahrend B.V.,EUR,2026-07-01,2026-07-31,5000.00,2,gross,2026-07-10

            """)
        try ReviewDeskTests.pay(scene, "P-1", "2026-08-03", "4900.00", "LI-71")
        try ReviewDeskTests.reconcile(scene)
        let shown = try scene.workplace().review("P-1").text
        let line = try #require(
            shown.split(separator: "\n").first { $0.contains("discount") && $0.contains("alternative") })
        let number = try #require(line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }.first)
        try ReviewDeskTests.accept(scene, "P-1", number, second: "bob")
        var request = Workplace.ReportRequest(name: .adjustments)
        request.month = "2026-08"
        let report = try scene.workplace().report(request, format: .text, out: nil) ?? ""
        #expect(report.contains("right (second person: bob)"), "\(report)")
    }
}
