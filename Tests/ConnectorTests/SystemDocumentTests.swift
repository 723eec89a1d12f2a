// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Ledger
import Remote
import Store
import Synchronization
import Testing
import TieoutTesting
import Trees

/// The documents of invoices, from the systems that hand them out.
@Suite("A document that was not imported is fetched where its invoice came from")
struct SystemDocumentTests {
    static let giving = [
        "business-central", "exact-online", "mollie", "salesforce", "sap-s4", "stripe", "tryton", "xero",
    ]
    /// The request for the document is answered with the document itself.
    static let direct = ["business-central", "xero"]

    private func scene(_ system: String, papers: String? = nil, test: String = #function) throws -> SystemScene? {
        guard let scene = try SystemScene(system, company: "\n    first_party: true", skipping: test) else {
            return nil
        }
        try scene.open(4)
        #expect(try !scene.sync().failed)
        try scene.order { $0.papers = papers }
        return scene
    }

    private func resend(_ scene: SystemScene, _ numbers: String...) throws -> String {
        do {
            return try scene.workplace().resend(numbers, scene.surroundings).text
        } catch let failure as Failure {
            return "\(failure.code): \(failure.message) \(failure.hint)"
        }
    }

    /// The bytes that are kept of the bill's document.
    private func kept(_ scene: SystemScene, _ number: String) throws -> [String] {
        let store = try StoreFile(path: scene.folder.path("books.db"))
        return try store.read { session in
            let invoices = try session.accountItems(company: "acme", named: number).map(\.item.invoiceID)
            return try invoices.flatMap { invoice in
                try session.attachments(company: "acme", invoice: invoice).map { attachment in
                    #expect(attachment.name == "\(number).pdf" && attachment.mediaType == "application/pdf")
                    let bytes = try session.attachmentBytes(
                        company: "acme", invoice: invoice, sha256: attachment.sha256)
                    #expect(bytes.map { ContentDigest.sha256($0) } == attachment.sha256)
                    return String(decoding: bytes ?? [], as: UTF8.self)
                }
            }
        }
    }

    private func document(_ bill: Int) -> String { "%PDF-1.4\n% the document of bill \(bill)\n%%EOF\n" }

    @Test(arguments: giving) func `It is fetched once, kept, and goes into the outbox`(_ system: String) throws {
        guard let scene = try scene(system) else { return }
        let text = try resend(scene, "2600002", "2600003")
        #expect(!text.contains("DOCUMENT"), "\(text)")
        #expect(try kept(scene, "2600002") == [document(2)])
        #expect(try kept(scene, "2600003") == [document(3)])
        #expect(try kept(scene, "2600001") == [])
        #expect(try scene.server.seen().wrong == [])
        // It is here now: the system is not asked again.
        try scene.order { $0.papers = "missing" }
        #expect(try !resend(scene, "2600002").contains("DOCUMENT"))
        #expect(try kept(scene, "2600002") == [document(2)])
    }

    @Test(arguments: ReplayServer.systems.filter { !giving.contains($0) })
    func `Where a system hands out none, a person sends it`(_ system: String) throws {
        guard let scene = try scene(system) else { return }
        #expect(try resend(scene, "2600002").hasPrefix("DOCUMENT-NONE"))
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: direct, ["expire", "busy", "down"]) func `A token that died and a busy system are got over`(
        _ system: String, _ papers: String
    ) throws {
        guard let scene = try scene(system, papers: papers) else { return }
        let text = try resend(scene, "2600002")
        #expect(try kept(scene, "2600002") == [document(2)], "\(text)")
        #expect(try scene.server.seen().wrong == [])
        // A new token is kept: the next run goes on with it.
        #expect(try !scene.sync().failed)
        #expect(try scene.server.seen().wrong == [])
    }

    @Test func `A link that is good for half a minute is followed without credentials`() throws {
        guard let scene = try scene("xero", papers: "moved") else { return }
        let text = try resend(scene, "2600002")
        #expect(try kept(scene, "2600002") == [document(2)], "\(text)")
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: [
        ("xero", "missing", "DOCUMENT-MISSING"), ("xero", "refuse", "DOCUMENT-REFUSED"),
        ("xero", "web", "DOCUMENT-FORM"), ("xero", "round", "DOCUMENT-ADDRESS"), ("xero", "endless", "NET-SIZE"),
        ("xero", "bomb", "NET-SIZE"), ("stripe", "web", "DOCUMENT-REFUSED"), ("stripe", "inside", "NET-ADDRESS"),
        ("tryton", "refuse", "DOCUMENT-REFUSED"), ("stripe", "expire", "DOCUMENT-REFUSED"),
    ])
    func `What is no document is not kept, and the reason is said`(
        _ system: String, _ papers: String, _ code: String
    ) throws {
        guard let scene = try scene(system, papers: papers) else { return }
        let text = try resend(scene, "2600002")
        #expect(text.hasPrefix(code), "\(text)")
        #expect(!text.contains("secret"), "\(text)")
        #expect(try kept(scene, "2600002") == [])
        #expect(try scene.server.seen().wrong == [])
    }

    @Test func `A customer who asks for a copy gets it, and a person is told where there is none`() throws {
        guard let scene = try scene("xero") else { return }
        func ask(_ id: String) throws -> Answer {
            let line = """
                {"type":"signal","id":"\(id)","kind":"invoice_request","customer":"C2","invoices":["2600002"],\
                "at":"2026-08-10T09:00:00Z"}

                """
            let file = try scene.folder.write(line, to: "\(id).jsonl")
            return try scene.workplace().confirm(file, scene.surroundings)
        }
        try scene.order { $0.papers = "missing" }
        let first = try ask("s1")
        #expect(first.needsReview && first.text.contains("the system has no document of it"), "\(first.text)")
        #expect(try kept(scene, "2600002") == [])
        try scene.order()
        let second = try ask("s2")
        #expect(!second.needsReview && !second.failed, "\(second.text)")
        #expect(try kept(scene, "2600002") == [document(2)])
    }

    @Test func `A redirect may not lead from the network into this machine`() throws {
        let scene = try SyncScene()
        let shape = SyncScene.mapping + "\npdf: { get: /invoices/$(id)/download_pdf }\n"
        _ = try scene.folder.write(shape, to: "shop.yaml")
        scene.add(2)
        #expect(try !scene.sync().failed)
        for (link, code) in [
            ("http://127.0.0.1:631/printers", "DOCUMENT-ADDRESS"), ("https://localhost/x", "DOCUMENT-ADDRESS"),
            ("http://files.example/x", "DOCUMENT-ADDRESS"), ("file:///etc/passwd", "DOCUMENT-"),
        ] {
            let number = scene.state.withLock { $0.requests.count }
            scene.state.withLock {
                $0.trouble[number] = { .init(status: 302, headers: [(name: "Location", value: link)]) }
            }
            do {
                _ = try scene.workplace().resend(["2026-1"], scene.surroundings())
                Issue.record("\(link) was followed")
            } catch let failure as Failure {
                #expect(failure.code.hasPrefix(code), "\(link): \(failure)")
            }
        }
        #expect(scene.state.withLock { $0.requests.allSatisfy { $0.hasPrefix("https://shop.example/") } })
    }
}
