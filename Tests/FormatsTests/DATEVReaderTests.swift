// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing

/// What a batch of bookings becomes.
@Suite("DATEV EXTF becomes invoices and payments")
struct DATEVReaderTests {
    static let columns = [
        "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basisumsatz", "WKZ Basisumsatz",
        "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto",
        "Buchungstext", "Fälligkeit", "Generalumkehr",
    ].joined(separator: ";")

    private func header(
        _ category: String = "21", chart: String = "", period: String = "20180201;20180228", start: String = "20180101"
    ) -> String {
        "\"EXTF\";700;\(category);\"Buchungsstapel\";9;20180306102500000;;\"XY\";\"\";\"\";1001;456;\(start);4;\(period);"
            + "\"Test\";\"\";1;;0;\"EUR\";\"\";\"\";\"\";\"\";\"\(chart)\";;;\"\";\"\""
    }

    private func read(_ lines: [String], latin: Bool = true) throws -> (documents: [Document], reading: Reading) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = lines.joined(separator: "\r\n") + "\r\n"
        let bytes = latin ? text.unicodeScalars.map { UInt8($0.value) } : [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        var documents: [Document] = []
        var day = ReadingContext(asOf: try #require(Day("2026-03-01")))
        day.defaultCurrency = .eur
        let file = try SourceFile(path: path)
        #expect(DATEVFormat.detect(head: try file.head(1000), name: "x").confidence == 100)
        let reading = try DATEVFormat.read(file, day) { documents.append($0) }
        return (documents, reading)
    }

    private func invoices(_ documents: [Document]) -> [Invoice] {
        documents.compactMap { if case .invoice(let one) = $0 { one } else { nil } }
    }

    private func payments(_ documents: [Document]) -> [Payment] {
        documents.compactMap { if case .payment(let one) = $0 { one } else { nil } }
    }

    @Test("A mapping for tables that is named reads the export instead")
    func namedMapping() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("\(header())\r\n\(Self.columns)\r\n".utf8).write(to: URL(fileURLWithPath: path))
        let file = try SourceFile(path: path)
        let text = """
            mapping: 1
            name: own
            source: { file: { format: csv, delimiter: ";" } }
            read: { decimal: ",", group: ".", date: dd.MM.yyyy }
            emit: { invoice: { key: [number], fields: { number: Belegfeld 1, total: Umsatz, issued_on: Belegdatum } } }
            """
        let (mapping, faults) = MappingFolder.compile(text: text)
        #expect(faults.isEmpty, "\(faults)")
        #expect(try Catalogue.detect(file, for: mapping).format?.name == "csv")
        #expect(try Catalogue.detect(file).format?.name == "datev")
    }

    @Test("A debit of a debtor against sales is an invoice; two rates of tax are one")
    func invoice() throws {
        let (documents, reading) = try read([
            header(), Self.columns, "119,00;\"S\";\"\";;;;10000;8400;;2202;\"RE-1\";\"240318\";;\"Bäckerei\";;",
            "107,00;\"S\";\"\";;;;10000;8300;;2202;\"RE-1\";\"240318\";;\"Bäckerei\";;",
        ])
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let found = try #require(invoices(documents).first)
        #expect(documents.count == 1)
        #expect(found.number == "RE-1" && found.customerID == "10000" && found.reference == "Bäckerei")
        #expect(found.total == Money(minorUnits: 22600, currency: .eur))
        #expect(found.issuedOn.text == "2018-02-22")
        #expect(found.dueOn?.text == "2018-03-24")
    }

    @Test(
        "A BU key that begins with 2 takes a booking back; a digit of tax alone does not",
        arguments: ["20", "23", "3", "2"])
    func reversalKey(_ key: String) throws {
        let (documents, _) = try read([
            header(), Self.columns, "119,00;S;EUR;;;;10001;8400;\(key);0502;RE-1;;;Rechnung;;",
        ])
        #expect(invoices(documents).map(\.kind) == [key.count == 2 ? .creditNote : .invoice])
    }

    @Test("The sides may be turned, a credit is a credit note, and a reversal takes back")
    func sides() throws {
        let (documents, _) = try read([
            header(), Self.columns, "100,00;S;;;;;10000;8400;;2202;R1;;;;;", "40,00;H;;;;;8400;10000;;2202;R2;;;;;",
            "30,00;H;;;;;10000;8400;;2202;R3;;;;;", "20,00;S;;;;;10000;8400;;2202;R4;;;;;G",
        ])
        #expect(invoices(documents).map { $0.total?.minorUnits } == [10000, 4000, -3000, -2000])
        #expect(invoices(documents).map(\.kind) == [.invoice, .invoice, .creditNote, .creditNote])
    }

    @Test("Money on a bank account is a payment, with what it pays and the discount taken")
    func payment() throws {
        let (documents, reading) = try read([
            header(chart: "03"), Self.columns, "1.166,20;S;;;;;1200;10000;;2802;RE-1;;23,80;Zahlung;;",
            "5,00;S;;;;;10000;1200;;2802;;;;Rückzahlung;;",
        ])
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payments(documents).map(\.amount.minorUnits) == [116_620, -500])
        #expect(payments(documents).map(\.customerID) == ["10000", "10000"])
        let lines = documents.compactMap { if case .allocation(let one) = $0 { one } else { nil } }
        #expect(lines.map(\.amount.minorUnits) == [116_620, 2380])
        #expect(lines.map(\.reason) == [nil, "discount"])
        #expect(lines.allSatisfy { $0.invoiceID == "RE-1" && $0.paymentID == payments(documents).first?.id })
    }

    @Test("The chart decides what an account is, and is guessed from where the sales are", arguments: ["03", "04", ""])
    func chart(_ chart: String) throws {
        // 1200 is a bank in SKR 03 and receivables in SKR 04; 4400 is an expense in SKR 03 and sales in SKR 04.
        let (documents, reading) = try read([
            header(chart: chart), Self.columns, "10,00;S;;;;;10000;4400;;2202;R1;;;;;",
            "10,00;S;;;;;1800;10000;;2202;R1;;;;;",
        ])
        #expect(invoices(documents).count == (chart == "03" ? 0 : 1))
        #expect(payments(documents).count == (chart == "03" ? 0 : 1))
        #expect(reading.faults.filter { $0.code == "DATEV-BOOKING-UNCLEAR" }.count == (chart == "03" ? 2 : 0))
    }

    @Test("A day without a year falls into the batch's period, else into the fiscal year as far as the period goes")
    func days() throws {
        let (documents, reading) = try read([
            header(period: "20171201;20180131", start: "20171201"), Self.columns, "1,00;S;;;;;10000;8400;;3112;A;;;;;",
            "1,00;S;;;;;10000;8400;;101;B;;;;;", "1,00;S;;;;;10000;8400;;1503;C;;;;;",
            "1,00;S;;;;;10000;8400;;3002;D;;;;;",
        ])
        #expect(invoices(documents).map(\.issuedOn.text) == ["2017-12-31", "2018-01-01"])
        #expect(reading.faults.map(\.code) == ["DATEV-DAY", "DATEV-DAY"])
    }

    @Test("A day of the fiscal year before the batch's period is that day; one after it is nobody's claim yet")
    func daysOutside() throws {
        let (documents, reading) = try read([
            header(period: "20180201;20180228", start: "20180101"), Self.columns, "1,00;S;;;;;10000;8400;;1501;A;;;;;",
            "1,00;S;;;;;10000;8400;;3112;B;;;;;",
        ])
        #expect(invoices(documents).map(\.issuedOn.text) == ["2018-01-15"])
        #expect(reading.faults.map(\.code) == ["DATEV-DAY"])
    }

    @Test("What is unclear is left out of the row's own fault; creditors and the ledger are passed by")
    func unclear() throws {
        let (documents, reading) = try read([
            header(chart: "03"), Self.columns, "1,00;S;;;;;10000;70000;;2202;A;;;;;",
            "1,00;S;;;;;4940;70000;;2202;B;;;;;",
            "x;S;;;;;10000;8400;;2202;C;;;;;", "1,00;Q;;;;;10000;8400;;2202;D;;;;;",
            "1,00;S;EUX;;;;10000;8400;;2202;E;;;;;",
            "1,00;S;;;;;100000;8400;;2202;F;;;;;", "1,00;S;;;;;10000;2400;;2202;G;;;;;",
            "1,00;S;USD;;;;10000;8400;;2202;H;;;;;",
        ])
        #expect(
            reading.faults.map(\.code) == [
                "DATEV-TRANSFER", "DATEV-AMOUNT", "DATEV-SIGN", "DATEV-CURRENCY", "DATEV-ACCOUNT",
                "DATEV-BOOKING-UNCLEAR",
            ])
        #expect(reading.faults.allSatisfy { $0.severity == .row })
        #expect(invoices(documents).map(\.number) == ["H"])
        #expect(invoices(documents).first?.currency == .usd)
    }

    @Test("Debtors' masters are customers; other categories are refused by name")
    func parties() throws {
        let names =
            "Konto;Name (Adressattyp Unternehmen);Unternehmensgegenstand;Name (Adressattyp natürl. Person);"
            + "Vorname (Adressattyp natürl. Person);EU-Land;EU-UStID;Land;Telefon;E-Mail"
        let (documents, reading) = try read([
            header("16"), names, "10000;Müller GmbH;;;;DE;123456789;DE;+49 30 1;info@mueller.example",
            "10001;;;Meier;Anna;;;;;", "70000;Lieferant;;;;;;;;",
        ])
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let customers = documents.compactMap { if case .customer(let one) = $0 { one } else { nil } }
        #expect(customers.map(\.name) == ["Müller GmbH", "Anna Meier"])
        #expect(customers.first?.taxID == "DE123456789" && customers.first?.email == "info@mueller.example")
        #expect(try read([header("65"), Self.columns]).reading.faults.map(\.code) == ["DATEV-CATEGORY"])
        #expect(try read([header()]).reading.faults.map(\.code) == ["DATEV-NO-DEBTORS"])
        #expect(try read([header(), "1,00;S"]).reading.faults.map(\.code) == ["DATEV-COLUMNS"])
    }

    @Test("UTF-8 with a mark is read as that")
    func utf8() throws {
        let (documents, _) = try read(
            [header(), Self.columns, "1,00;S;;;;;10000;8400;;2202;A;;;\"Müller „Süd“\";;"], latin: false)
        #expect(invoices(documents).first?.reference == "Müller „Süd“")
    }

    @Test("The same payment twice is two")
    func repeated() throws {
        let one = "1,00;S;;;;;1200;10000;;2202;A;;;;;"
        let (documents, _) = try read([header(chart: "03"), Self.columns, one, one])
        #expect(Set(payments(documents).compactMap(\.id)).count == 2)
    }
}
