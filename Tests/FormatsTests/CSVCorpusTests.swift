// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

@Suite("Real and damaged CSV files") struct CSVCorpusTests {
    static let corpus = Place.root.deletingLastPathComponent().appendingPathComponent("shared/corpus")

    static func files(_ folder: String) -> [URL] {
        let place = corpus.appendingPathComponent(folder)
        let found = FileManager.default.enumerator(at: place, includingPropertiesForKeys: nil)
        return (found?.compactMap { $0 as? URL } ?? []).filter {
            ["csv", "txt"].contains($0.pathExtension.lowercased())
        }
        .sorted { $0.path < $1.path }
    }

    /// The exports that a shipped mapping is for.
    static let shipped = [
        "2018-04-14_10-52-13_bunq-transactieoverzicht.csv": "bunq", "2019-03-02_11-50-46_bunq-statement.csv": "bunq-en",
        "CSV_A_20180414_112204.csv": "rabobank", "export_BE11123456789012_20180304_1422.csv": "kbc",
        "paypal-custom.csv": "paypal-activity",
    ]

    @Test("No file of the corpus is taken for something it is not, and none crashes") func corpus() throws {
        let files = Self.files("csv-bank") + Self.files("csv-invoices")
        guard !files.isEmpty else {
            print("skipped: ../shared/corpus is not there")
            return
        }
        var context = ReadingContext(asOf: Place.today)
        context.mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        for url in files {
            let reading = try Catalogue.read(SourceFile(path: url.path), context) { _ in }
            // Few of these exports are ones that a shipped mapping is for; those are known by name.
            let expected = Self.shipped[url.lastPathComponent]
            #expect(
                reading.refused ? expected == nil : reading.mapping == expected,
                "\(url.lastPathComponent) by \(reading.mapping ?? "nothing")")
            #expect(reading.faults.allSatisfy { !$0.message.isEmpty && !$0.hint.isEmpty })
        }
    }

    struct Export: Sendable, CustomTestStringConvertible {
        var file: String
        var mapping: String
        var documents: Int
        var first: String
        var codes: [String]
        var testDescription: String { file }
    }

    static func payment(_ name: String, _ fields: String, read: String = "", file: String = "format: csv") -> String {
        """
        mapping: 1
        name: \(name)
        source: { file: { \(file) } }
        \(read)
        emit: { payment: { fields: { \(fields) } } }
        """
    }

    /// Mappings a user would write, with as little stated as the file itself settles.
    static let exports: [Export] = [
        Export(
            file: "csv-bank/bank2ynab__bank2ynab/test-data/2019-03-02_11-50-46_bunq-statement.csv",
            mapping: payment(
                "bunq", "booked_on: Date, amount: Amount, account: Account, payer_name: Name, remittance: Description"),
            documents: 7, first: "-8.78 on 2018-12-06", codes: []),
        Export(
            file: "csv-bank/bank2ynab__bank2ynab/test-data/test_BOI_TransactionExport.csv",
            mapping: payment(
                "boi", "booked_on: Date, amount: { calc: $(Credit) - $(Debit) }, remittance: Details",
                read: "read: { date: dd/MM/yyyy }"),
            documents: 27, first: "428.03 on 2017-09-01", codes: []),
        Export(
            file: "csv-bank/bank2ynab__bank2ynab/test-data/test_row_format_CD_flag.csv",
            mapping: payment(
                "sign-column", "booked_on: $1, amount: { from: $4, negate_when: { $5: O } }, remittance: $2",
                file: "format: csv, header_row: 0"),
            documents: 73, first: "-33.87 on 2017-09-18", codes: ["DATE-FORM"]),
        Export(
            file: "csv-bank/bank2ynab__bank2ynab/test-data/MS_JANE_SMITH_01-12-2019_14-12-2019.csv",
            mapping: payment(
                // The amounts have a pound's sign, and the company of these tests is in euros.
                "hand",
                "booked_on: Date Processed, amount: { from: Amount, negate: true }, remittance: Description, "
                    + "currency: { const: GBP }",
                read: "read: { decimal: \".\", group: \",\", date: dd-MMM-yyyy }\nskip: { Date Processed: Pending }"),
            documents: 10, first: "-1183.23 on 2019-12-12", codes: []),
        Export(
            file: "csv-invoices/simonmichael__hledger/examples/csv/other/stripe.csv",
            mapping: payment(
                "stripe",
                "id: balance_transaction_id, booked_on: created_utc, valued_on: available_on_utc, currency: currency, "
                    + "amount: gross, fee: fee, remittance: description"),
            documents: 2, first: "12.00 on 2020-01-23", codes: []),
        Export(
            file: "csv-invoices/simonmichael__hledger/examples/csv/other/paypal-custom.csv",
            mapping: payment(
                "paypal", "id: Transaction ID, booked_on: Date, currency: Currency, amount: Gross, payer_name: Name"),
            documents: 7, first: "-6.99 on 2019-10-01", codes: []),
        Export(
            file: "csv-invoices/wdmartin44-collab__invoice-payment-prediction/data/"
                + "WA_Fn-UseC_-Accounts-Receivable_with_missing.csv",
            mapping: """
                mapping: 1
                name: ibm
                source: { file: { format: csv } }
                emit:
                  invoice:
                    fields:
                      number: invoiceNumber
                      customer_id: customerID
                      issued_on: InvoiceDate
                      due_on: DueDate
                      total: InvoiceAmount
                      paid_on: SettledDate
                      disputed: Disputed
                """,
            documents: 2586, first: "47.07 on 2012-01-06", codes: []),
        Export(
            file: "csv-invoices/invoiceninja__invoiceninja/freshbooks_invoices.csv",
            mapping: """
                mapping: 1
                name: freshbooks
                source: { file: { format: csv } }
                read: { decimal: ".", date: iso }
                emit: { invoice: { fields: { number: "Invoice #", issued_on: Date Issued, total: Line Total, currency: Currency } } }
                """,
            documents: 0, first: "", codes: ["ROWS-PER-LINE"]),
        Export(
            file: "csv-invoices/invoiceninja__invoiceninja/invoicely_invoices.csv",
            mapping: """
                mapping: 1
                name: invoicely
                source: { file: { format: csv } }
                read: { date: MMM d yyyy }
                emit: { invoice: { fields: { number: Details, customer_name: Client, issued_on: Date, due_on: Due, total: Total } } }
                """,
            documents: 1, first: "1020.00 on 2021-01-28", codes: []),
    ]

    @Test("Exports of other programs, with a mapping of a few lines", arguments: exports)
    func foreign(_ export: Export) throws {
        let path = Self.corpus.appendingPathComponent(export.file).path
        guard FileManager.default.fileExists(atPath: path) else {
            print("skipped: ../shared/corpus is not there")
            return
        }
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = .eur
        context.mapping = try Desk.compiled(export.mapping)
        var documents: [Document] = []
        let reading = try Catalogue.read(SourceFile(path: path), context) { documents.append($0) }
        if reading.refused { documents = [] }
        let distinct = Set(reading.faults.map(\.code)).sorted()
        #expect(distinct == export.codes, "\(reading.faults.prefix(3))")
        #expect(documents.count == export.documents)
        let first = documents.first.map(\.node).map { node in
            "\((node["amount"] ?? node["total"])?.scalar ?? "") on \((node["booked_on"] ?? node["issued_on"])?.scalar ?? "")"
        }
        #expect(first ?? "" == export.first)
    }

    /// SplitMix64, so that a failing seed is the bug report.
    struct Chance: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    @Test("Damaged samples never crash, and what lands is whole", arguments: CSVShippedMappingTests.names)
    func damaged(_ name: String) throws {
        let mapping = try MappingFolder.load(path: Place.path("mappings/\(name).yaml")).mapping
        let sample = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Place.path("samples/mappings/\(name).csv"))))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("damaged.csv")
        let letters = Array("\",;\n\r.-0129eE()+\u{0}\u{A0}äÿ\u{FEFF}".utf8) + [0x81, 0xFF, 0xC3]
        for seed in 0..<200 {
            var chance = Chance(state: UInt64(seed))
            var bytes = sample
            for _ in 0...Int.random(in: 0...4, using: &chance) {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                switch Int.random(in: 0...3, using: &chance) {
                case 0: bytes[place] = letters[Int.random(in: 0..<letters.count, using: &chance)]
                case 1: bytes.insert(letters[Int.random(in: 0..<letters.count, using: &chance)], at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0...40, using: &chance)))
                }
            }
            try Data(bytes).write(to: path)
            for forced in [mapping, nil] {
                var context = ReadingContext(asOf: Place.today)
                context.mapping = forced
                context.mappings = mapping.map { [$0] } ?? []
                var documents = 0
                let reading = try Catalogue.read(SourceFile(path: path.path), context) { _ in documents += 1 }
                let left = reading.faults.count { $0.severity == .row }
                #expect(reading.refused || documents + left == reading.records, "seed \(seed)")
            }
        }
    }
}
