// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

/// The drafts the language was designed with, over the payloads they were written for.
@Suite("The first mappings of the language") struct DraftsTests {
    static let shared = Place.root.deletingLastPathComponent().appendingPathComponent("shared")

    static var drafts: [String] {
        let folder = shared.appendingPathComponent("mapping-drafts").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if names.isEmpty { print("skipped: the mapping drafts are not beside this checkout") }
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    @Test("Every draft for files compiles; those of services are told apart", arguments: drafts)
    func compile(_ name: String) throws {
        let (mapping, faults) = try MappingFolder.load(path: Self.shared.path + "/mapping-drafts/" + name)
        if faults.contains(where: { $0.code == "MAPPING-NOT-FILE" }) {
            #expect(["exact-receivables.yaml"].contains(name) || name.hasPrefix("http-"))
            return
        }
        #expect(mapping != nil)
        #expect(faults.allSatisfy { $0.severity == .warning }, "\(faults)")
    }

    struct Payload: Sendable, CustomTestStringConvertible {
        var draft: String
        var file: String
        /// Entity, number or id, and amount of the first document; how many there are; codes of faults.
        var first: String
        var count: Int
        var codes: [String] = []
        var testDescription: String { "\(draft) \(file)" }
    }

    static let payloads: [Payload] = [
        Payload(
            draft: "csv-opos-de", file: "csv-synthetic/OPOS_2026-11-21.csv",
            first: "invoice 2026-00017 1234.56", count: 4),
        Payload(
            draft: "xero-json", file: "xero/invoices.get.json",
            first: "invoice INV-0001 40.00", count: 4),
        Payload(
            draft: "xero-xml", file: "xero/invoices.first12.xml",
            first: "invoice ORC1005 550.00", count: 5),
        Payload(
            draft: "quickbooks-xml", file: "quickbooks/invoices.xml",
            first: "invoice 1001 50.00", count: 1),
        Payload(
            draft: "moneybird", file: "moneybird/sales_invoices.list.json",
            first: "invoice 2026-0001 363.00", count: 1),
        Payload(
            draft: "tryton", file: "tryton/account.invoice.search_read.response.json",
            first: "invoice FV26-1 1234.56", count: 3),
        Payload(
            draft: "bc", file: "businesscentral/salesInvoice.get.json",
            first: "invoice PS-INV103001 172.94", count: 1),
        Payload(
            draft: "fortnox", file: "fortnox/invoices.all.json",
            first: "invoice 1 0.00", count: 8),
        Payload(
            draft: "mollie-payments", file: "mollie/payments.list.json",
            first: "payment tr_5B8cwPMGnU6qLbRvo7qEZo 75.00", count: 1),
        Payload(
            draft: "stripe", file: "stripe/invoice.json",
            first: "invoice in_1Pgc6tB7WZ01zgkWu9fdqL6I 10.00", count: 1),
        // It names no day of booking, and a day is never made up.
        Payload(
            draft: "twinfield-browse", file: "twinfield/browseDataGetResponse.xml", first: "", count: 0,
            codes: [String](repeating: "REQUIRED-MISSING", count: 6)),
        Payload(
            draft: "twinfield-sales-transaction", file: "twinfield/salesTransactionGetResponse.xml",
            first: "invoice 20130-6000 121.00", count: 1),
    ]

    @Test("Drafts read the payloads they were written for", arguments: payloads) func read(_ payload: Payload) throws {
        let draft = Self.shared.path + "/mapping-drafts/\(payload.draft).yaml"
        let file = Self.shared.path + "/fixtures/rest/\(payload.file)"
        guard FileManager.default.fileExists(atPath: draft), FileManager.default.fileExists(atPath: file) else {
            print("skipped: \(payload.file) is not beside this checkout")
            return
        }
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = .eur
        context.mapping = try MappingFolder.load(path: draft).mapping
        var documents: [Document] = []
        let reading = try Catalogue.read(SourceFile(path: file), context) { documents.append($0) }
        let first = documents.first.map { document in
            let node = document.node
            return [
                document.entity, node["number"]?.scalar ?? node["id"]?.scalar,
                node["total"]?.scalar ?? node["amount"]?.scalar,
            ]
            .compactMap(\.self).joined(separator: " ")
        }
        #expect(first ?? "" == payload.first)
        #expect(documents.count == payload.count)
        #expect(reading.faults.map { $0.code } == payload.codes, "\(reading.faults)")
    }
}
