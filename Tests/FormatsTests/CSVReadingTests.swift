// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

/// A file in a temporary folder for one reading.
struct Desk {
    static func read(
        _ bytes: [UInt8], name: String = "t.csv", mapping: String? = nil, mappings: [String] = [], kind: String? = nil,
        currency: Currency? = .eur
    ) throws -> (reading: Reading, documents: [Document]) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("input")
        try Data(bytes).write(to: path)
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = currency
        context.kindHint = kind
        if let mapping { context.mapping = try compiled(mapping) }
        context.mappings = try mappings.map(compiled)
        var documents: [Document] = []
        let reading = try Catalogue.read(SourceFile(path: path.path, name: name), context) { documents.append($0) }
        return (reading, reading.refused ? [] : documents)
    }

    static func read(_ text: String, mapping: String) throws -> (reading: Reading, documents: [Document]) {
        try read(Array(text.utf8), mapping: mapping)
    }

    static func compiled(_ text: String) throws -> Mapping {
        let (mapping, faults) = MappingFolder.compile(text: text)
        try #require(faults == [])
        return try #require(mapping)
    }

    /// Payments with columns d, a and n; what `read:` says is the caller's.
    static func payments(_ read: String = "", file: String = "format: csv", name: String = "pay") -> String {
        """
        mapping: 1
        name: \(name)
        source: { file: { \(file) } }
        \(read)
        emit: { payment: { fields: { booked_on: d, amount: a, payer_name: n } } }
        """
    }
}

@Suite("Reading CSV files") struct CSVReadingTests {
    func amounts(_ documents: [Document]) -> [String] { documents.compactMap { $0.node["amount"]?.scalar } }
    func names(_ documents: [Document]) -> [String] { documents.compactMap { $0.node["payer_name"]?.scalar } }
    func days(_ documents: [Document]) -> [String] { documents.compactMap { $0.node["booked_on"]?.scalar } }

    @Test(
        "Apostrophes are quotes where every row says so, and a part of a name else",
        arguments: [
            ("d;a;n\n2026-02-01;1.00;'A; B'\n2026-02-02;2.00;'L''Or'\n", ["A; B", "L'Or"]),
            ("'d','a','n'\n'2026-02-01','1.00','x\ny'\n'2026-02-02','2.00',''\n", ["x\ny"]),
            ("d,a,n\n2026-02-01,1.00,'abc'\n2026-02-02,2.00,def\n", ["abc", "def"]),
            ("d;a;n\n2026-02-01;1.00;'t Hooft\n2026-02-02;2.00;'s-Hertogenbosch\n", ["'t Hooft", "'s-Hertogenbosch"]),
            ("d;a;n\n2026-02-01;1.00;'t Hooft\n2026-02-02;2.00;Jan 'de Boer'\n", ["'t Hooft", "Jan 'de Boer'"]),
            ("d;a;n\n2026-02-01;1.00;\"'a; b\"\n2026-02-02;2.00;c\n", ["'a; b", "c"]),
        ])
    func apostrophes(_ text: String, _ expected: [String]) throws {
        for file in ["format: csv", "format: csv, delimiter: \"\(text.contains(";") ? ";" : ",")\""] {
            let (reading, documents) = try Desk.read(text, mapping: Desk.payments(file: file))
            #expect(reading.faults == [])
            #expect(names(documents) == expected)
        }
    }

    @Test("What the mapping leaves open is settled from the whole column") func settled() throws {
        let (reading, documents) = try Desk.read(
            "d;a;n\n01.02.2026;1.234;A\n13.02.2026;5,5;B\n", mapping: Desk.payments())
        #expect(reading.faults == [])
        #expect(amounts(documents) == ["1234.00", "5.50"])
        #expect(days(documents) == ["2026-02-01", "2026-02-13"])
    }

    @Test("Evidence may stand in the last row of a large file") func lateEvidence() throws {
        let rows = (0..<40_000).map { _ in "02/03/2026,\"1,234\",A" }.joined(separator: "\n")
        let (reading, documents) = try Desk.read(
            "d,a,n\n" + rows + "\n12/31/2026,1.5,Z\n", mapping: Desk.payments())
        #expect(reading.faults == [])
        #expect(documents.count == 40_001)
        #expect(amounts(Array(documents.prefix(1))) == ["1234.00"])
        #expect(days(Array(documents.prefix(1))) == ["2026-02-03"])
    }

    @Test("Each doubt refuses the file, with both readings and the lines") func ambiguous() throws {
        let (reading, documents) = try Desk.read(
            "d;a;n\n04.09.2024;1,234;A\n05.09.2024;7;B\n", mapping: Desk.payments())
        #expect(documents.isEmpty)
        #expect(reading.refused)
        #expect(reading.faults.map(\.code) == ["AMOUNT-AMBIGUOUS", "DATE-AMBIGUOUS"])
        #expect(reading.faults.map(\.at) == [.line(2), .line(2)])
        #expect(reading.faults[0].message.contains("1.234 or 1234"))
        #expect(reading.faults[1].message.contains("2024-09-04 or 2024-04-09"))
        #expect(reading.faults[1].message.contains("lines 2, 3"))
    }

    @Test("A convention the mapping declares is not second-guessed") func declared() throws {
        let (reading, documents) = try Desk.read(
            "d;a;n\n04.09.2024;1,234;A\n",
            mapping: Desk.payments("read: { decimal: \".\", group: \",\", date: MM.dd.yyyy }"))
        #expect(reading.faults == [])
        #expect(amounts(documents) == ["1234.00"])
        #expect(days(documents) == ["2024-04-09"])
    }

    static let plain = Desk.payments("read: { decimal: \".\", date: iso }")

    @Test(
        "Delimiters are told from the text",
        arguments: [
            "d,a,n\n2026-01-02,1.50,x;y;z\n", "d;a;n\n2026-01-02;1.50;x,y,z\n", "d\ta\tn\n2026-01-02\t1.50\tx\n",
            "d|a|n\n2026-01-02|1.50|x;y\n", "d^a^n\n2026-01-02^1.50^x, y\n", "d~a~n\n2026-01-02~1.50~x\n",
            "d,a,n\n2026-01-02,1.50,x^y\n", "\"d\",\"a\",\"n\"\n\"2026-01-02\",\"1.50\",\"x,\ny\"\n",
        ])
    func delimiters(_ text: String) throws {
        let (reading, documents) = try Desk.read(text, mapping: Self.plain)
        #expect(reading.faults == [])
        #expect(amounts(documents) == ["1.50"])
        #expect(names(documents).first?.hasPrefix("x") == true)
    }

    @Test("Lines above the header, blank lines and a ^Z at the end are no rows") func preamble() throws {
        let (reading, documents) = try Desk.read(
            "Konto 4711\n;;\n\nStand;01.01.2026;\nd;a;n\n\n2026-01-02;1;x\n   \n2026-01-03;2;y\n;;\n  ;\t; \n\u{1A}\n",
            mapping: Self.plain)
        #expect(reading.faults == [])
        #expect(documents.map(\.provenance.at) == [.line(7), .line(9)])
        #expect(reading.records == 2)
    }

    @Test("Rows that are cut short or too long are left out with their line, the others arrive") func ragged() throws {
        let (reading, documents) = try Desk.read(
            "d,a,n\n2026-01-02,1,x\n2026-01-03,2\n2026-01-04,3,y,z\n2026-01-05,4,w,\n", mapping: Self.plain)
        #expect(reading.faults.map(\.code) == ["ROW-RAGGED", "ROW-RAGGED"])
        #expect(reading.faults.map(\.at) == [.line(3), .line(4)])
        #expect(amounts(documents) == ["1.00", "4.00"])
    }

    @Test("Provenance names the file's digest, the mapping and its digest") func provenance() throws {
        let (reading, documents) = try Desk.read("d,a,n\n2026-01-02,1,x\n", mapping: Self.plain)
        let origin = try #require(documents.first).provenance.origin
        #expect(origin.sha256 == SourceFile.digest(Array("d,a,n\n2026-01-02,1,x\n".utf8)))
        #expect(origin.name == "t.csv")
        #expect(origin.format == "csv")
        #expect(origin.mapping == "pay")
        #expect(origin.mappingDigest == SourceFile.digest(Array(Self.plain.utf8)))
        #expect(reading.mappingDigest == origin.mappingDigest)
    }

    @Test("Thousands of bad rows are listed up to a limit and counted beyond") func manyFaults() throws {
        let rows = (0..<3000).map { _ in "2026-01-02,x1,A" }.joined(separator: "\n")
        let (reading, _) = try Desk.read("d,a,n\n" + rows, mapping: Self.plain)
        #expect(reading.faults.count == Reading.faultsMax + 1)
        #expect(reading.faults.last?.code == "FAULTS-MORE")
        #expect(reading.faults.last?.message.hasPrefix("2000 ") == true)
    }

    @Test("A file without a header is read by column numbers") func headerless() throws {
        let mapping = """
            mapping: 1
            name: bare
            source: { file: { format: csv, header_row: 0, delimiter: ";" } }
            read: { decimal: ",", date: dd.MM.yyyy }
            emit: { payment: { fields: { booked_on: $1, remittance: $2, amount: $5 } } }
            """
        let (reading, documents) = try Desk.read(
            "18.09.2017;HOFER DANKT;18.09.2017;;33,87\n18.09.2017;LIDL;18.09.2017;;24,11\n", mapping: mapping)
        #expect(reading.faults == [])
        #expect(amounts(documents) == ["33.87", "24.11"])
        #expect(documents.first?.provenance.at == .line(1))
    }

    // MARK: Choosing a mapping

    @Test("Two mappings that fit equally are a refusal; the name's glob or --mapping settles it") func choice() throws {
        let text = Array("d,a,n\n2026-01-02,1,x\n".utf8)
        let one = Desk.payments("read: { decimal: \".\", date: iso }", name: "one")
        let two = Desk.payments("read: { decimal: \".\", date: iso }", name: "two")
        var reading = try Desk.read(text, mappings: [one, two]).reading
        #expect(reading.faults.map(\.code) == ["MAPPING-AMBIGUOUS"])
        #expect(reading.faults.first?.message.contains("one and two") == true)
        let named = Desk.payments(
            "read: { decimal: \".\", date: iso }", file: "format: csv, match: \"pay*.csv\"", name: "two")
        reading = try Desk.read(text, name: "Pay-7.CSV", mappings: [one, named]).reading
        #expect(reading.mapping == "two")
        reading = try Desk.read(text, mapping: one, mappings: [one, two]).reading
        #expect(reading.mapping == "one")
    }

    @Test("The mapping that reads more columns wins, and --as narrows the choice") func specific() throws {
        let text = Array("d,a,n\n2026-01-02,1,x\n".utf8)
        let less = """
            mapping: 1
            name: less
            source: { file: { format: csv } }
            read: { decimal: ".", date: iso }
            emit: { balance: { fields: { as_of: d, amount: a } } }
            """
        #expect(try Desk.read(text, mappings: [less, Self.plain]).reading.mapping == "pay")
        #expect(try Desk.read(text, mappings: [less, Self.plain], kind: "balances").reading.mapping == "less")
        #expect(
            try Desk.read(text, mappings: [Self.plain], kind: "customers").reading.faults.first?.code == "MAPPING-NONE")
    }

    @Test("When nothing fits, the columns and the nearest mapping are named") func none() throws {
        let (reading, _) = try Desk.read(Array("d,a,name\n2026-01-02,1,x\n".utf8), mappings: [Self.plain])
        let fault = try #require(reading.faults.first)
        #expect(fault.code == "MAPPING-NONE")
        #expect(fault.message.contains("\"d\", \"a\", \"name\""))
        #expect(fault.message.contains("nearest is pay, which misses \"n\""))
    }

    @Test("A mapping that must be used and does not fit says what is missing") func forced() throws {
        let (reading, _) = try Desk.read("D,a,n\n2026-01-02,1,x\n", mapping: Self.plain)
        #expect(reading.faults.map(\.code) == ["COLUMN-MISSING"])
        #expect(reading.faults.first?.message.contains("it reads \"d\", and the file has \"D\" instead") == true)
    }

    @Test("Columns may be exact, a superset, or a list of those that must be there") func columns() throws {
        let read = "read: { decimal: \".\", date: iso }"
        let extra = "d,a,n,z\n2026-01-02,1,x,y\n"
        #expect(try Desk.read(extra, mapping: Desk.payments(read)).reading.faults == [])
        let exact = Desk.payments(read, file: "format: csv, columns: exact")
        #expect(try Desk.read(extra, mapping: exact).reading.faults.map(\.code) == ["COLUMN-EXTRA"])
        let listed = Desk.payments(read, file: "format: csv, columns: [d, a]")
        let warned = try Desk.read("d,a,z\n2026-01-02,1,y\n", mapping: listed)
        #expect(warned.reading.faults.map(\.code) == ["COLUMN-UNREAD"])
        #expect(warned.documents.count == 1)
        #expect(names(warned.documents) == [])
    }

    @Test("A snapshot says so, and its total row is checked and kept") func snapshot() throws {
        let mapping = Desk.payments(
            """
            read: { decimal: ".", date: iso }
            sync: { mode: open_snapshot }
            totals: { where: { d: Sum }, check: { amount: a } }
            """)
        var (reading, documents) = try Desk.read(
            "d,a,n\n2026-01-02,1.25,x\n2026-01-02,2,y\nSum,3.25,\n", mapping: mapping)
        #expect(reading.faults == [])
        #expect(reading.snapshot)
        #expect(documents.count == 2)
        #expect(reading.totals.map(\.target) == ["amount"])
        #expect(reading.totals.first?.amount.text == "3.25")
        (reading, documents) = try Desk.read("d,a,n\n2026-01-02,1.25,x\nSum,3.25,\n", mapping: mapping)
        #expect(reading.faults.map(\.code) == ["TOTAL-MISMATCH"])
        #expect(documents.isEmpty)
        reading = try Desk.read("d,a,n\n2026-01-02,1.25,x\n", mapping: mapping).reading
        #expect(reading.faults.map(\.code) == ["TOTAL-ABSENT"])
        reading = try Desk.read("d,a,n\nSum,0.00,\n", mapping: mapping).reading
        #expect(reading.faults.map(\.code) == ["FILE-NO-ROWS"])
        #expect(reading.refused)
    }

    @Test("A foreign invoices file needs a mapping of some fifteen lines", arguments: ["invoices", "payments"])
    func foreign(_ kind: String) throws {
        let path = Place.root.deletingLastPathComponent().appendingPathComponent("shared/recon/d20k/\(kind).csv").path
        guard FileManager.default.fileExists(atPath: path) else {
            print("skipped: ../shared/recon is not there")
            return
        }
        var context = ReadingContext(asOf: Place.today)
        context.mapping = try Desk.compiled(kind == "invoices" ? Self.foreignInvoices : Self.foreignPayments)
        let file = try SourceFile(path: path)
        var documents: [Document] = []
        let reading = try Catalogue.read(file, context) { documents.append($0) }
        #expect(reading.faults == [])
        #expect(documents.count == reading.records)
        #expect(documents.count > 10_000)
        if kind == "invoices" {
            #expect(
                documents[2].node.json
                    == #"{"type":"invoice","id":"I00000002","number":"F/2025/01/00001","kind":"invoice","customer_id":"C001315","currency":"CHF","structured_reference":"210000000013153000000000013","po_number":"4564108083","total":"79.00","issued_on":"2025-01-02","due_on":"2025-02-01","discounts":[{"percent":"2","base":"gross","until":"2025-01-12"}]}"#
            )
        }
    }

    static let foreignInvoices = """
        mapping: 1
        name: foreign-invoices
        source: { file: { format: csv } }
        read: { decimal: ".", date: iso }
        emit:
          invoice:
            key: [id]
            fields:
              id: invoice_id
              kind: { from: doc_type, map: { invoice: invoice, credit_note: credit_note } }
              number: invoice_no
              customer_id: customer_id
              issued_on: issue_date
              due_on: due_date
              currency: currency
              total: amount
              structured_reference: structured_ref
              po_number: po_number
              discounts: { each: ".", percent: discount_pct, until: discount_until }
        """
    static let foreignPayments = """
        mapping: 1
        name: foreign-payments
        source: { file: { format: csv } }
        read: { decimal: ".", date: iso }
        emit:
          payment:
            key: [id]
            fields:
              id: payment_id
              booked_on: booking_date
              valued_on: value_date
              amount: amount
              currency: currency
              payer_name: payer_name
              payer_account: payer_iban
              remittance: remittance
              structured_reference: structured_ref
              end_to_end_id: end_to_end_id
              bank_code: tx_code
              original_amount: orig_amount
              original_currency: orig_currency
        """
}
