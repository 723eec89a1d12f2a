// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Reads every Cross Industry Invoice of the corpus and compares it with the oracle, field by field.
@Suite("CII agrees with the corpus")
struct CIIConformanceTests {
    @Test("At least 99 % of the invoices agree on every field")
    func agrees() throws {
        guard let corpus = Corpus.open("CII") else { return }
        var tally = Corpus.Tally(name: "CII")
        let allowed = try Corpus.allowed("cii")
        for record in try corpus.oracle() {
            guard record.file.hasPrefix("cii/"), record.text("kind") == "sample" else { continue }
            let (invoice, faults) = try read(corpus, record.file)
            guard let invoice else {
                tally.refuse(record.file, faults)
                continue
            }
            tally.add(record.file, Self.differences(invoice, record), allowed: allowed)
        }
        print(tally.summary)
        #expect(tally.perMille >= 990, "\(tally.summary)")
        #expect(tally.unexplained.isEmpty, "\(tally.unexplained.joined(separator: "\n"))")
        #expect(tally.agreed > 50)
    }

    @Test("Status messages and orders are refused by name, and detected as what they are")
    func refuses() throws {
        guard let corpus = Corpus.open("CII refusals") else { return }
        let others =
            corpus.files(ending: ".xml").filter { $0.hasPrefix("cii-cdar/") }
            + ["invalid/akretion__factur-x/tests/fixtures/xml/order-x-basic.xml"]
        #expect(others.count >= 9)
        for file in others {
            let (invoice, faults) = try read(corpus, file)
            #expect(invoice == nil, "\(file)")
            #expect(faults.map(\.code) == ["XML-NOT-RECEIVABLE"], "\(file)")
            #expect(CIIFormat.detect(head: try corpus.bytes(file), name: "").confidence >= 90, "\(file)")
        }
        print("CII: \(others.count) documents of other kinds refused")
    }

    @Test("Detection tells CII and UBL apart, whatever the names and prefixes")
    func detects() throws {
        guard let corpus = Corpus.open("CII detection") else { return }
        for file in corpus.files(ending: ".xml") where file.hasPrefix("cii/") || file.hasPrefix("ubl/") {
            let head = Array(try corpus.bytes(file).prefix(Catalogue.headSize))
            let cii = CIIFormat.detect(head: head, name: "x").confidence
            let ubl = UBLFormat.detect(head: head, name: "x").confidence
            #expect(file.hasPrefix("cii/") ? cii > ubl : ubl > cii, "\(file): CII \(cii), UBL \(ubl)")
        }
    }

    @Test("Nothing in the corpus brings the reader down, however it is cut")
    func survives() throws {
        guard let corpus = Corpus.open("CII survival") else { return }
        for file in corpus.files(ending: ".xml") {
            let bytes = try corpus.bytes(file)
            let origin = Provenance.Origin(sha256: "", name: file, format: "cii")
            var whole: [Document] = []
            let first = try CIIFormat.read(pieces: [bytes], origin) { whole.append($0) }
            #expect(first.refused || !whole.isEmpty, "\(file): nothing read and nothing said")
            #expect(first.faults.allSatisfy { !$0.message.isEmpty && !$0.hint.isEmpty }, "\(file)")
            guard file.hasPrefix("cii/"), bytes.count < 40_000 else { continue }
            for size in [1, 1000] {
                let pieces = stride(from: 0, to: bytes.count, by: size).map {
                    Array(bytes[$0..<min(bytes.count, $0 + size)])
                }
                var cut: [Document] = []
                let second = try CIIFormat.read(pieces: pieces, origin) { cut.append($0) }
                #expect(whole == cut && first.faults == second.faults, "\(file) in pieces of \(size)")
            }
        }
    }

    private func read(_ corpus: Corpus, _ file: String) throws -> (Invoice?, [Fault]) {
        var found: Invoice?
        let origin = Provenance.Origin(sha256: "", name: file, format: "cii")
        let reading = try CIIFormat.read(pieces: [corpus.bytes(file)], origin) {
            if case .invoice(let invoice) = $0 { found = invoice }
        }
        return (found, reading.faults)
    }

    /// Also for the documents inside PDF files.
    static func differences(_ invoice: Invoice, _ record: Corpus.Record) -> [Corpus.Difference] {
        var all: [Corpus.Difference] = []
        func compare(_ field: String, _ ours: String?, _ theirs: String?) {
            if ours != theirs { all.append(.init(field: field, ours: ours, theirs: theirs)) }
        }
        func stated(_ money: Money?) -> String? {
            money.map { Corpus.decimal((invoice.statedNegated ? -$0 : $0).amountText) ?? "?" }
        }
        let isCredit =
            record.text("type_code") == "381" || record.text("payable")?.hasPrefix("-") == true
        compare("type", invoice.kind == .creditNote ? "credit" : "invoice", isCredit ? "credit" : "invoice")
        compare("number", invoice.number, record.text("id"))
        compare("issued_on", invoice.issuedOn.text, record.text("issue_date"))
        compare("due_on", invoice.dueOn?.text, record.text("due_date"))
        compare("currency", invoice.currency.code, record.text("currency"))
        compare("payable", stated(invoice.payable), record.text("payable").flatMap(Corpus.decimal))
        compare("prepaid", stated(invoice.prepaid), record.text("prepaid").flatMap(Corpus.decimal))
        compare("total", stated(invoice.total), record.text("tax_inclusive").flatMap(Corpus.decimal))
        compare("net", stated(invoice.net), record.text("tax_exclusive").flatMap(Corpus.decimal))
        compare("tax", stated(invoice.tax), record.text("tax_total").flatMap(Corpus.decimal))
        compare("rounding", stated(invoice.rounding), record.text("rounding").flatMap(Corpus.decimal))
        compare("buyer", invoice.customerName, record.text("buyer").map(Corpus.oneLine))
        compare("seller", invoice.sellerName, record.text("seller").map(Corpus.oneLine))
        compare("seller_tax", invoice.sellerTaxID, record.text("seller_vat") ?? invoice.sellerTaxID)
        compare("reference", invoice.reference, record.text("buyer_reference"))
        compare("purchase_order", invoice.purchaseOrder, record.text("order_ref"))
        compare("structured_reference", invoice.structuredReference, record.texts("payment_refs").first)
        compare("corrects", invoice.corrects, record.texts("billing_refs").first)
        if isCredit, let receivable = invoice.receivable, !receivable.isZero {
            compare("sign", receivable.isNegative ? "credit" : "debit", "credit")
        }
        return all
    }
}
