// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing

/// The package's own folders, found from this file.
enum Place {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()
    static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }
    static let today = Day(number: 20_787)
}

@Suite("The mappings that ship") struct CSVShippedMappingTests {
    static let names = [
        "abn-amro", "adyen-settlement", "banco-inter", "bank-nl", "bank-nl-en", "bank-of-america-us", "barclays-uk",
        "bbva-es", "bc-customer-ledger-entries", "bc-customers", "belfius", "bnp-paribas-fortis", "bradesco", "bunq",
        "bunq-en", "caixabank", "chase-us", "comdirect", "commerzbank", "conta-azul-customers", "conta-azul-payments",
        "conta-azul-receivables", "datev-opos", "deutsche-bank", "dkb", "exact-customers", "exact-open-items-en",
        "exact-receivables", "finom", "ing-de", "kbc", "knab", "lexware-customers", "lloyds-uk",
        "mercado-pago-settlement", "mollie-settlement", "moneybird-customers", "moneybird-open-invoices", "n26",
        "natwest-uk", "nubank", "odoo-customers", "odoo-invoices", "odoo-payments", "omie-customers", "omie-payments",
        "omie-receivables", "opos-de", "paypal-activity", "quickbooks-customers", "quickbooks-open-items",
        "quickbooks-payments", "rabobank", "sage-50-customers", "sage-50-us-customers",
        "sage-50-us-payments", "sage-accounting-customers", "santander-es", "sap-customers", "sap-fbl5n",
        "sap-fbl5n-de", "sap-s4-line-items", "sparkasse-camt", "starling-uk", "stripe-payouts", "tieout-balances",
        "tieout-customers", "tieout-invoices", "tieout-payments", "tieout-promises", "twinfield-open-items",
        "volksbank", "xero-customers", "xero-invoices", "xero-payments",
    ]

    @Test("All compile without a fault") func compile() throws {
        let (mappings, complaints) = try MappingFolder.load(folder: Place.path("mappings"))
        #expect(complaints == [])
        // None ships without being tried here.
        #expect(mappings.filter { $0.source.format == .csv }.map(\.name) == Self.names)
    }

    @Test("Each gives what its own tests expect", arguments: names) func examples(_ name: String) throws {
        let mapping = try #require(try MappingFolder.load(path: Place.path("mappings/\(name).yaml")).mapping)
        #expect(!mapping.examples.isEmpty)
        for result in try MappingExamples.run(mapping, folder: Place.root.path, asOf: Place.today) {
            if ProcessInfo.processInfo.environment["RECORD"] == "1" {
                try result.actual.write(
                    toFile: Place.path("samples/mappings/\(name).expected.jsonl"), atomically: true, encoding: .utf8)
            } else {
                #expect(result.actual == result.expected)
            }
        }
    }

    @Test("Detection by header picks the right one for each sample", arguments: names)
    func detection(_ name: String) throws {
        var context = ReadingContext(asOf: Place.today)
        context.mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        // The name says nothing here: content alone decides.
        let file = try SourceFile(path: Place.path("samples/mappings/\(name).csv"), name: "upload-7.dat")
        var count = 0
        let reading = try Catalogue.read(file, context) { _ in count += 1 }
        #expect(reading.mapping == name)
        #expect(reading.faults == [])
        #expect(count > 0)
        #expect(reading.format == "csv")
    }
}
