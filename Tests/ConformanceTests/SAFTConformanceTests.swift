// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Reads every SAF-T of the corpus; the expected figures were counted in the files by hand.
@Suite("SAF-T agrees with the corpus")
struct SAFTConformanceTests {
    private struct Found {
        var customers: [Customer] = []
        var invoices: [Invoice] = []
        var payments: [Payment] = []
        var allocations: [StatedAllocation] = []
        var reading: Reading
    }

    private func read(_ corpus: Corpus, _ file: String, _ cut: Int? = nil) throws -> Found {
        var found = Found(reading: Reading(format: ""))
        let origin = Provenance.Origin(sha256: "", name: file, format: "saf-t")
        let bytes = try corpus.bytes(file)
        found.reading = try SAFTFormat.read(pieces: [cut.map { Array(bytes.prefix($0)) } ?? bytes], origin) {
            switch $0 {
            case .customer(let one): found.customers.append(one)
            case .invoice(let one): found.invoices.append(one)
            case .payment(let one): found.payments.append(one)
            case .allocation(let one): found.allocations.append(one)
            default: break
            }
        }
        return found
    }

    private static let portugal = "saft/joaomfrebelo__Saft-PT_4_PHP/Resources/"

    @Test("A Portuguese file in windows-1252: customers, sales documents, and the receipt with what it pays")
    func portugal() throws {
        guard let corpus = Corpus.open("SAF-T PT") else { return }
        let found = try read(corpus, Self.portugal + "saft_idemo599999999.xml")
        #expect(!found.reading.refused, "\(found.reading.faults)")
        #expect(found.customers.count == 11)
        #expect(found.customers.first { $0.id == "PP" }?.name == "Entidade comercial - Demonstração")
        // 24 sales documents: 6 annulled, 5 credit notes, 1 debit note, 2 invoice-receipts with three payments.
        #expect(found.invoices.count == 24)
        #expect(found.invoices.filter { $0.status == .void }.count == 6)
        #expect(found.invoices.filter { $0.kind == .creditNote }.count == 5)
        #expect(found.invoices.filter { $0.kind == .debitNote }.map(\.corrects) == ["1T 1/6"])
        let dollars = try #require(found.invoices.first { $0.number == "1T 1/2" })
        #expect(dollars.total == Money(minorUnits: 31745, currency: .usd))
        #expect(dollars.totalBase == Money(minorUnits: 23515, currency: .eur))
        #expect(found.invoices.first { $0.number == "1T 1/3" }?.dueOn?.text == "2017-12-16")
        #expect(found.invoices.first { $0.number == "2T A/2" }?.total?.minorUnits == -226_134)
        // Two means of one receipt, one annulled receipt, three payments on invoice-receipts.
        #expect(
            found.payments.filter { $0.status == .booked }.map(\.amount.minorUnits) == [
                10000, 2000, 120_000, 550_000, 150_000,
            ])
        #expect(found.payments.filter { $0.status == .failed }.map(\.id) == ["PGT 1T1/2"])
        let paid = found.allocations.filter { $0.invoiceID == "1T 1/6" }
        #expect(paid.reduce(0) { $0 + $1.amount.minorUnits } == 700_000)
        print("SAF-T PT: \(found.reading.faults.map { "\($0.code) \($0.at.text)" })")
    }

    @Test("A Norwegian file: customers, and claims and payments on their accounts, to the last balance")
    func norway() throws {
        guard let corpus = Corpus.open("SAF-T NO") else { return }
        let file = "saft/Skatteetaten__saf-t/Example Files/ExampleFile SAF-T Financial_888888888_20180228235959.xml"
        let found = try read(corpus, file)
        #expect(!found.reading.refused)
        #expect(found.customers.contains { $0.id == "1000" && $0.name == "Leketøysbutikk Tøyen" })
        #expect(!found.invoices.isEmpty && !found.payments.isEmpty)
        #expect(found.reading.faults.contains { $0.code == "SAFT-OPENING" })
        let claims = found.invoices.reduce(0) { $0 + ($1.total?.minorUnits ?? 0) }
        let money = found.payments.reduce(0) { $0 + $1.amount.minorUnits }
        // The customers' closing balances (135,500.00) less their opening ones (46,800.00), as the file states them.
        #expect(claims - money == 8_870_000)
        print(
            "SAF-T NO: \(found.customers.count) customers, \(found.invoices.count) claims \(claims), "
                + "\(found.payments.count) payments \(money)")
    }

    @Test("Every file of the folder is read or refused with a reason, whole and cut")
    func survives() throws {
        guard let corpus = Corpus.open("SAF-T") else { return }
        var counts = (read: 0, refused: 0)
        let files = corpus.files(ending: ".xml").filter { $0.hasPrefix("saft/") || $0.contains("Saft-PT") }
        for file in files {
            let found = try read(corpus, file)
            let documents = found.customers.count + found.invoices.count + found.payments.count
            #expect(found.reading.refused || documents > 0, "\(file)")
            if found.reading.refused { counts.refused += 1 } else { counts.read += 1 }
            for cut in [100, 3000, 20000] {
                #expect(try read(corpus, file, cut).reading.refused, "\(file) cut at \(cut)")
            }
        }
        print("SAF-T: \(counts.read) read, \(counts.refused) refused of \(files.count)")
        #expect(counts.read == 6)
    }

    @Test("What the suppliers of the files call wrong is told or harmless")
    func verdicts() throws {
        guard let corpus = Corpus.open("SAF-T verdicts") else { return }
        let folder = "invalid/joaomfrebelo__Saft-PT_4_PHP/Resources/"
        for file in ["saft_REPEATED_INVOICE_INTERNAL_CODE.xml", "saft_WRONG_SCHEMA.xml"] {
            let found = try read(corpus, folder + file)
            #expect(!found.reading.faults.isEmpty, "\(file)")
        }
    }
}
