// SPDX-License-Identifier: Apache-2.0
import Documents
import FoundationEssentials
import Ledger
import Store
import TieoutTesting

/// A database in a folder of its own, with short ways to import and to post.
struct TestBooks {
    let folder: ScratchFolder
    var store: StoreFile
    var company: Company

    static let clock = Timestamp(milliseconds: 1_780_000_000_000)

    init(keepOriginals: Bool = true) throws {
        folder = try ScratchFolder("store")
        store = try StoreFile(path: folder.path("books.db"), keepOriginals: keepOriginals)
        company = Company(id: "acme")
    }

    var path: String { folder.path("books.db") }

    @discardableResult
    func load(
        _ documents: [Document], source: String = "erp", format: String = "csv", mapping: String? = nil,
        bytes: String? = nil, on day: Day = "2026-03-31", snapshot: ImportRun.Snapshot? = nil,
        controls: [Balance] = [], dryRun: Bool = false, overlap: ImportRun.Overlap? = nil
    ) throws -> ImportOutcome {
        let staging = try Staging(
            folder: folder.url.path, company: company, source: source, reader: mapping ?? format, importedOn: day)
        for document in documents { try staging.append(document) }
        let content = bytes ?? "\(source) \(format) \(day) \(documents)"
        let digest = ContentDigest.sha256([UInt8](content.utf8))
        if !dryRun { try store.keepOriginal([UInt8](content.utf8), sha256: digest) }
        var run = ImportRun(
            company: company, source: source, name: "file.\(format)", sha256: digest,
            size: Int64(content.utf8.count), format: format, mapping: mapping, importedOn: day,
            recordedAt: Self.clock, actor: "test")
        run.snapshot = snapshot
        run.overlap = overlap
        run.controlTotals = controls
        return try store.write(dryRun: dryRun) { try $0.merge(staging, run: run) }
    }

    @discardableResult
    func post(_ entries: [Entry], kind: String = "reconcile") throws -> [Int64] {
        try store.write { session in
            try session.append(
                entries,
                batch: BatchInfo(
                    company: company.id, kind: kind, recordedAt: Self.clock, actor: "test", rule: "TEST"))
        }
    }

    func apply(_ payment: String, to item: String, _ amount: Int64, on day: Day, currency: Currency = .eur) -> Entry {
        Entry(
            .applied, company: company.id, amount: Money(minorUnits: amount, currency: currency), item: item,
            payment: payment, postingDay: day, recordedAt: Self.clock, actor: "test", rule: "TEST")
    }

    func items(onlyOpen: Bool = false) throws -> [OpenItem] {
        try store.read { try $0.openItems(company: company.id, onlyOpen: onlyOpen) }
    }

    /// `number open`, in order: what two ways to the same books must agree on.
    func balances() throws -> [String] {
        try items().filter { !$0.open.isZero }.map { "\($0.number)/\($0.instalment) \($0.open)" }.sorted()
    }

    func violations() throws -> [Violation] { try store.verify(company: company.id) }

    func count(_ table: String) throws -> Int64 {
        try store.read { try $0.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? 0 }
    }
}

extension Day: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let day = Day(text) else { preconditionFailure("\(text) is no day") }
        self = day
    }
}

/// Documents as a test writes them.
enum Make {
    static func origin(_ format: String = "csv") -> Provenance.Origin {
        Provenance.Origin(sha256: String(repeating: "0", count: 64), name: "file", format: format)
    }

    static let sharedOrigin = origin()

    static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    static func invoice(
        _ number: String, _ total: Int64?, id: String? = nil, issued: Day = "2026-03-02", due: Day? = "2026-04-01",
        customer: String? = "C1", name: String? = "Acme Bakery BV", open: Int64? = nil,
        kind: Invoice.Kind = .invoice, line: Int = 2, _ change: (inout Invoice) -> Void = { _ in }
    ) -> Document {
        var invoice = Invoice(
            number: number, kind: kind, currency: .eur, issuedOn: issued,
            provenance: Provenance(origin(), at: .line(line)))
        invoice.id = id
        invoice.total = total.map { eur($0) }
        invoice.open = open.map { eur($0) }
        invoice.dueOn = due
        invoice.customerID = customer
        invoice.customerName = name
        change(&invoice)
        return .invoice(invoice)
    }

    static func payment(
        _ amount: Int64, id: String? = nil, booked: Day = "2026-03-20", payer: String? = "Acme Bakery",
        text: String? = nil, line: Int = 2, _ change: (inout Payment) -> Void = { _ in }
    ) -> Document {
        var payment = Payment(
            amount: eur(amount), bookedOn: booked, provenance: Provenance(origin(), at: .line(line)))
        payment.id = id
        payment.payerName = payer
        payment.remittance = text
        change(&payment)
        return .payment(payment)
    }
}
