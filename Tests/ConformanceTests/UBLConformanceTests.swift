// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Reads every UBL document of the corpus and compares it with the oracle, field by field.
@Suite("UBL agrees with the corpus")
struct UBLConformanceTests {
    @Test("At least 99 % of the invoices and credit notes agree on every field")
    func agrees() throws {
        guard let corpus = Corpus.open("UBL") else { return }
        var tally = Corpus.Tally(name: "UBL")
        let allowed = try Corpus.allowed("ubl")
        for record in try corpus.oracle() {
            guard record.file.hasPrefix("ubl/"), record.text("kind") == "sample" else { continue }
            let doc = record.text("doc") ?? ""
            guard Self.receivables.contains(doc) else { continue }
            let (invoice, faults) = try read(corpus, record.file)
            guard let invoice else {
                tally.refuse(record.file, faults)
                continue
            }
            tally.add(record.file, differences(invoice, record, doc), allowed: allowed)
        }
        print(tally.summary)
        #expect(tally.perMille >= 990, "\(tally.summary)")
        #expect(tally.unexplained.isEmpty, "\(tally.unexplained.joined(separator: "\n"))")
        #expect(tally.agreed > 100)
    }

    @Test("What is no receivable is refused by name")
    func refuses() throws {
        guard let corpus = Corpus.open("UBL refusals") else { return }
        var refused = 0
        for record in try corpus.oracle() {
            let doc = record.text("doc") ?? ""
            guard record.file.hasPrefix("ubl/") || record.file.hasPrefix("invalid/oasis"), !doc.isEmpty,
                !Self.receivables.contains(doc), doc != "RemittanceAdvice"
            else { continue }
            let (invoice, faults) = try read(corpus, record.file)
            #expect(invoice == nil, "\(record.file)")
            #expect(faults.contains { $0.code == "XML-NOT-RECEIVABLE" && $0.message.contains(doc) }, "\(record.file)")
            refused += 1
        }
        print("UBL: \(refused) documents of other kinds refused")
        #expect(refused >= 11)
        let orderX = try read(corpus, "invalid/akretion__factur-x/tests/fixtures/xml/order-x-basic.xml")
        #expect(orderX.0 == nil)
        #expect(orderX.1.first?.code == "XML-NOT-RECEIVABLE")
    }

    @Test("No XML file of the corpus brings any reader down, and each is read or refused with a reason")
    func survives() throws {
        guard let corpus = Corpus.open("XML") else { return }
        var counts = (read: 0, refused: 0)
        let files = corpus.files(ending: ".xml")
        for file in files {
            let bytes = try corpus.bytes(file)
            let origin = Provenance.Origin(sha256: "", name: file, format: "xml")
            for pieces in [
                [bytes], bytes.split(maxSplits: 3, omittingEmptySubsequences: false) { $0 == 0x3E }.map(Array.init),
            ] {
                for reader in 0..<3 {
                    var documents = 0
                    let count: (Document) -> Void = { _ in documents += 1 }
                    let reading =
                        switch reader {
                        case 0: try UBLFormat.read(pieces: pieces, origin, count)
                        case 1: try CamtFormat.read(pieces: pieces, origin, count)
                        default: try CIIFormat.read(pieces: pieces, origin, count)
                        }
                    #expect(reading.refused || documents > 0, "\(file): nothing read and nothing said")
                    for fault in reading.faults {
                        #expect(!fault.message.isEmpty && !fault.hint.isEmpty, "\(file): \(fault)")
                    }
                    if reading.refused { counts.refused += 1 } else { counts.read += 1 }
                }
            }
        }
        print(
            "XML: \(files.count) files, each to three readers: \(counts.read / 2) readings, \(counts.refused / 2) refusals"
        )
        #expect(files.count > 300)
    }

    @Test("A remittance advice says what each line pays")
    func remittance() throws {
        guard let corpus = Corpus.open("UBL remittance advice") else { return }
        var seen = 0
        for record in try corpus.oracle() where record.text("doc") == "RemittanceAdvice" {
            seen += 1
            var ours: [StatedAllocation] = []
            let origin = Provenance.Origin(sha256: "", name: record.file, format: "ubl")
            let reading = try UBLFormat.read(pieces: [corpus.bytes(record.file)], origin) {
                if case .allocation(let allocation) = $0 { ours.append(allocation) }
            }
            #expect(reading.faults.isEmpty, "\(reading.faults)")
            let theirs = record.records("line_items")
            #expect(ours.map(\.invoiceID) == theirs.flatMap { $0.texts("invoice_refs") })
            #expect(ours.map(\.amount.amountText) == theirs.compactMap { $0.text("debit") })
            #expect(ours.allSatisfy { $0.reason?.contains(record.text("payer") ?? "?") == true })
            #expect(ours.allSatisfy { $0.paymentID == record.text("id") })
        }
        #expect(seen >= 1)
    }

    @Test("The result does not depend on how the bytes are cut")
    func chunking() throws {
        guard let corpus = Corpus.open("UBL pieces") else { return }
        let origin = Provenance.Origin(sha256: "", name: "x", format: "ubl")
        for file in corpus.files(ending: ".xml").filter({ $0.hasPrefix("ubl/") }).prefix(40) {
            let bytes = try corpus.bytes(file)
            var whole: [Document] = []
            let first = try UBLFormat.read(pieces: [bytes], origin) { whole.append($0) }
            for size in [1, 7, 1000] where bytes.count < 60_000 {
                var cut: [Document] = []
                let pieces = stride(from: 0, to: bytes.count, by: size).map {
                    Array(bytes[$0..<min(bytes.count, $0 + size)])
                }
                let second = try UBLFormat.read(pieces: pieces, origin) { cut.append($0) }
                #expect(whole == cut, "\(file) in pieces of \(size)")
                #expect(first.faults == second.faults, "\(file) in pieces of \(size)")
            }
        }
    }

    private static let receivables = [
        "Invoice", "CreditNote", "SelfBilledInvoice", "SelfBilledCreditNote", "DebitNote",
    ]

    private func read(_ corpus: Corpus, _ file: String) throws -> (Invoice?, [Fault]) {
        var found: Invoice?
        let origin = Provenance.Origin(sha256: "", name: file, format: "ubl")
        let reading = try UBLFormat.read(pieces: [corpus.bytes(file)], origin) {
            if case .invoice(let invoice) = $0 { found = invoice }
        }
        return (found, reading.faults)
    }

    private func differences(_ invoice: Invoice, _ record: Corpus.Record, _ doc: String) -> [Corpus.Difference] {
        var all: [Corpus.Difference] = []
        func compare(_ field: String, _ ours: String?, _ theirs: String?) {
            if ours != theirs { all.append(.init(field: field, ours: ours, theirs: theirs)) }
        }
        func stated(_ money: Money?) -> String? {
            money.map { Corpus.decimal((invoice.statedNegated ? -$0 : $0).amountText) ?? "?" }
        }
        let isCredit =
            doc.hasSuffix("CreditNote") || ["381"].contains(record.text("type_code"))
            || record.text("payable")?.hasPrefix("-") == true
        compare("type", invoice.kind == .creditNote ? "credit" : "invoice", isCredit ? "credit" : "invoice")
        compare("number", invoice.number, record.text("id"))
        compare("issued_on", invoice.issuedOn.text, record.text("issue_date"))
        compare("due_on", invoice.dueOn?.text, record.text("due_date"))
        compare("currency", invoice.currency.code, record.text("currency"))
        compare("payable", stated(invoice.payable), record.text("payable").flatMap(Corpus.decimal))
        compare("prepaid", stated(invoice.prepaid), record.text("prepaid").flatMap(Corpus.decimal))
        compare("total", stated(invoice.total), record.text("tax_inclusive").flatMap(Corpus.decimal))
        compare("net", stated(invoice.net), record.text("tax_exclusive").flatMap(Corpus.decimal))
        compare("rounding", stated(invoice.rounding), record.text("rounding").flatMap(Corpus.decimal))
        compare("buyer", invoice.customerName, record.text("buyer").map(Corpus.oneLine))
        compare("seller", invoice.sellerName, record.text("seller").map(Corpus.oneLine))
        compare("reference", invoice.reference, record.text("buyer_reference"))
        compare("structured_reference", invoice.structuredReference, record.texts("payment_refs").first)
        if doc != "CreditNote", !isCredit { return all }
        if let receivable = invoice.receivable, !receivable.isZero {
            compare("sign", receivable.isNegative ? "credit" : "debit", "credit")
        }
        return all
    }
}

/// The shared corpus, which is not part of the repository.
struct Corpus {
    struct Difference: Hashable {
        var field: String
        var ours: String?
        var theirs: String?
    }

    struct Record {
        var file: String
        var values: [String: Any]

        func text(_ key: String) -> String? {
            (values[key] as? String).flatMap { $0.isEmpty ? nil : $0 } ?? (values[key] as? Int).map(String.init)
        }
        func texts(_ key: String) -> [String] { values[key] as? [String] ?? [] }
        func records(_ key: String) -> [Record] {
            (values[key] as? [[String: Any]] ?? []).map { Record(file: file, values: $0) }
        }
    }

    /// Agreed, differed and refused, with what was not explained.
    struct Tally {
        var name: String
        var agreed = 0
        var differed: [String] = []
        var refused: [String] = []
        var unexplained: [String] = []

        init(name: String) { self.name = name }

        mutating func refuse(_ file: String, _ faults: [Fault]) {
            let why = faults.first { $0.severity == .refusal }
            refused.append("\(file): \(why?.code ?? "?") \(why?.message ?? "")")
            unexplained.append("refused \(file): \(why?.code ?? "?") \(why?.message ?? "")")
        }

        mutating func add(_ file: String, _ found: [Difference], allowed: [String: String]) {
            guard !found.isEmpty else {
                agreed += 1
                return
            }
            for one in found {
                let reason = allowed["\(file)\t\(one.field)"]
                let line = "\(file): \(one.field) is \(one.ours ?? "nil"), the oracle says \(one.theirs ?? "nil")"
                differed.append(line + (reason.map { " (\($0))" } ?? ""))
                if reason == nil { unexplained.append(line) }
            }
            differedFiles += 1
        }
        var differedFiles = 0
        var perMille: Int { agreed * 1000 / max(1, agreed + differedFiles + refused.count) }
        var summary: String {
            (["\(name): agreed \(agreed) / differed \(differedFiles) / refused \(refused.count)"]
                + differed.map { "  differs: \($0)" } + refused.map { "  refused: \($0)" }).joined(separator: "\n")
        }
    }

    let root: URL

    /// Nil, with a printed reason, where the corpus is not beside the package.
    static func open(_ what: String) -> Corpus? {
        let shared = ProcessInfo.processInfo.environment["TIEOUT_SHARED"].map { URL(fileURLWithPath: $0) }
        let root = (shared ?? package.appendingPathComponent("../shared")).appendingPathComponent("corpus")
            .standardizedFileURL
        guard FileManager.default.fileExists(atPath: root.appendingPathComponent("oracle.jsonl").path) else {
            print("skipped: \(what) conformance needs ../shared/corpus beside the package")
            return nil
        }
        return Corpus(root: root)
    }

    static var package: URL {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
    }

    /// Differences that were looked at: `file TAB field TAB reason` in `Tests/Fixtures/<format>/differences.tsv`.
    static func allowed(_ format: String) throws -> [String: String] {
        let url = package.appendingPathComponent("Tests/Fixtures/\(format)/differences.tsv")
        var allowed: [String: String] = [:]
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t", maxSplits: 2).map(String.init)
            if fields.count == 3 { allowed["\(fields[0])\t\(fields[1])"] = fields[2] }
        }
        return allowed
    }

    func oracle() throws -> [Record] {
        try String(contentsOf: root.appendingPathComponent("oracle.jsonl"), encoding: .utf8)
            .split(separator: "\n").compactMap { line in
                guard let values = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                    let file = values["file"] as? String
                else { return nil }
                return Record(file: file, values: values)
            }
    }

    func bytes(_ file: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: root.appendingPathComponent(file)))
    }

    func files(ending suffix: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.lowercased().hasSuffix(suffix) }.sorted()
    }

    /// A name goes into messages, so a line end in it is read as a blank.
    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }

    /// One spelling per value: `227.00` and `227.0` are the same amount.
    static func decimal(_ text: String) -> String? {
        guard var value = ScaledDecimal(text) else { return nil }
        while value.scale > 0, let shorter = value.exactly(scale: value.scale - 1) { value = shorter }
        return value.coefficient == 0 ? "0" : value.text
    }
}
