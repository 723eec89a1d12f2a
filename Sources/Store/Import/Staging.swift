// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import Documents
import FoundationEssentials
import Ledger
import Synchronization

/// Documents of one file, parsed and checked, waiting for their merge: a SQLite file of its own, without the
/// writer's lock.
///
///     append(document)… ──► finish() ──► session.merge(staging, run:)
///
/// Documents are checked by the caller and written on a queue of the value's own, so that reading the file and
/// staging it share two cores; what goes wrong there is thrown by a later `append` or by `finish`. Invoices are handed
/// over as bytes: a document that one thread makes and another takes apart costs both of them as much as writing it.
/// Memory stays bounded whatever the size of the file. The file goes away with the value.
///
/// Unchecked: the statements are used on `queue` only, until `finish`; everything else belongs to the caller.
package final class Staging: @unchecked Sendable {
    let company: Company
    let source: String
    let reader: String
    let importedOn: Day
    let path: String
    /// Left out or doubtful: raised while staging, stored with the import by `merge`. Complete after `finish`.
    package private(set) var faults: [Fault] = []
    /// Sums over the documents that landed here.
    var totals: [Currency: ImportOutcome.Totals] {
        Dictionary(uniqueKeysWithValues: sums.map { ($0.currency, $0.totals) })
    }
    /// A file has a few currencies; the list is faster than hashing one per row.
    private var sums: [(currency: Currency, totals: ImportOutcome.Totals)] = []
    private(set) var hasInvoices = false
    private(set) var hasPayments = false
    private(set) var attachmentCount = 0
    /// Every invoice id came after the one before: nothing repeats, and nothing needs sorting.
    private(set) var isAscending = true
    /// Some invoice says what is still open of it.
    private(set) var statesOpen = false
    private var lastID = ""
    private var entries = StagedEntries(position: 0, sums: [])
    private var statementsSeen: Set<StatementContent> = []

    private var database: SQLiteHandle?
    private let statements: StagingStatements
    /// Positions count through invoices and instalments together: entries of the log take their order from them.
    private(set) var position: Int64 = 0
    /// Set where the books hold no invoices yet: invoices go there, all else comes here.
    let load: FirstLoad?
    /// The company's tax number and name as they are compared.
    private let ownTaxID: String?
    private let ownName: String?
    private var parties = RecentKeys()

    private var invoices = RowBytes()
    private var waiting: [StagedRow] = []
    private let queue = DispatchQueue(label: "tieout.staging")
    private let room = DispatchSemaphore(value: 4)
    private let failure = Mutex<(any Error)?>(nil)
    private static let batchSize = 2000
    /// Large rows are handed over earlier: memory must not grow with them.
    private static let batchBytes = 4 << 20

    private static let prefix = ".staging-"

    /// A process that was killed left its file: after the prefix the name says whose it was, and nobody else's is
    /// touched.
    package static func removeOrphans(in folder: String, prefix: String) {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(prefix) {
            let process = name.dropFirst(prefix.utf8.count).prefix { $0 != "-" }
            guard Int(process) != nil, !manager.fileExists(atPath: "/proc/\(process)") else { continue }
            try? manager.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    /// - Parameters:
    ///   - folder: where the temporary file goes; beside the database is a good place.
    ///   - source: the external book, as in the run.
    ///   - reader: the mapping's name, else the format.
    ///   - session: the transaction that the file is read in, for a first load; nil when it is read without the lock.
    package init(
        folder: String, company: Company, source: String, reader: String, importedOn: Day, into session: Session? = nil
    ) throws {
        self.company = company
        self.source = source
        self.reader = reader
        self.importedOn = importedOn
        ownTaxID = Identity.normalizedTaxID(company.taxID)
        ownName = Identity.normalizedName(company.legalName)
        var generator = SystemRandomNumberGenerator()
        Self.removeOrphans(in: folder, prefix: Self.prefix)
        path =
            "\(folder)/\(Self.prefix)\(ProcessInfo.processInfo.processIdentifier)-\(String(generator.next(), radix: 36)).db"
        let database = try SQLiteHandle(path: path)
        do {
            try database.run(
                """
                PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768;
                \(StagingSchema.sql)
                BEGIN
                """)
            try database.serveRows()
            statements = try StagingStatements(database)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        self.database = database
        load = try session.flatMap { try FirstLoad($0, company: company, source: source) }
    }

    deinit {
        // A file that cannot be removed is in a temporary place; there is nothing to lose in it.
        try? FileManager.default.removeItem(atPath: path)
    }

    package func append(_ document: Document) throws {
        var isLarge = false
        switch document {
        case .invoice(let invoice):
            isLarge = !invoice.attachments.isEmpty
            try prepare(invoice)
        case .payment(let payment): try prepare(payment)
        case .statement(let statement):
            try requireOurs(account: statement.account, at: statement.provenance.at)
            try prepare(statement)
        default: waiting.append(.other(document))
        }
        if isLarge || waiting.count + invoices.count >= Self.batchSize || invoices.size >= Self.batchBytes {
            try handOver()
        }
    }

    /// Seals the file; `merge` reads it then. Safe to call twice.
    package func finish() throws {
        try handOver()
        queue.sync {}
        if let failure = failure.withLock({ $0 }) { throw failure }
        guard let database else { return }
        statements.close()
        try database.run("COMMIT")
        self.database = nil
    }

    private func handOver() throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
        guard !waiting.isEmpty || invoices.count > 0 else { return }
        let batch = StagedBatch(invoices: invoices, rows: waiting)
        invoices = RowBytes(size: max(RowBytes.usualSize, invoices.size + invoices.size / 8))
        waiting = []
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            guard failure.withLock({ $0 == nil }) else { return }
            do {
                if let load { try load.write(batch.invoices) } else { try statements.write(batch.invoices) }
                for row in batch.rows { try write(row) }
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    private func write(_ row: StagedRow) throws {
        switch row {
        case .party(let party): try statements.append(party)
        case .attachment(let attachment, let invoice): try statements.append(attachment, invoice: invoice)
        case .payment(let payment, let position): try statements.append(payment, position: position)
        case .withdrawal(let position): try statements.withdraw(after: position)
        case .other(let document): try statements.append(document)
        }
    }

    private func prepare(_ invoice: Invoice) throws {
        guard isOurs(invoice) else { return }
        let receivable = Receivable.entering(invoice, cutOver: company.cutOver)
        guard receivable != nil || Receivable.amount(of: invoice) != nil || invoice.deleted else {
            faults.append(
                Fault(
                    "AMOUNT-MISSING", .row, at: invoice.provenance.at,
                    "invoice \(invoice.number) states neither a total nor an amount due nor an open amount",
                    hint: "Map the amount's column to total, payable or open."))
            return
        }
        if receivable?.instalmentsDiffer == true {
            faults.append(
                Fault(
                    "INSTALMENTS-SUM", .warning, at: invoice.provenance.at,
                    "the instalments of invoice \(invoice.number) do not sum to its amount; it enters as one item",
                    hint: "Check the due days and amounts at the source."))
        }
        if load != nil, invoice.customerID == nil || !invoice.attachments.isEmpty {
            throw FirstLoad.Unfit(reason: "an invoice names no customer id, or carries its document")
        }
        hasInvoices = true
        let party = stageParty(of: invoice)
        let staged = StagedInvoice(invoice, position: position + 1, party: party, receivable: receivable)
        position = staged.lastPosition
        if isAscending {
            isAscending = lastID < staged.id
            lastID = staged.id
        }
        if !statesOpen { statesOpen = receivable?.items.contains { $0.stated != nil } ?? false }
        if let load {
            load.pack(staged, of: invoice, asOf: importedOn, into: invoices)
        } else {
            StagingStatements.pack(staged, of: invoice, asOf: importedOn, into: invoices)
        }
        for attachment in invoice.attachments {
            attachmentCount += 1
            waiting.append(.attachment(attachment, invoice: staged.position))
        }
        guard let receivable else { return }
        let amount = receivable.amount
        add(in: invoice.currency) { sum in
            if amount < 0 { sum.credited &-= amount } else { sum.invoiced &+= amount }
        }
    }

    private func add(in currency: Currency, _ change: (inout ImportOutcome.Totals) -> Void) {
        if let index = sums.firstIndex(where: { $0.currency == currency }) {
            change(&sums[index].totals)
        } else {
            sums.append((currency, ImportOutcome.Totals()))
            change(&sums[sums.count - 1].totals)
        }
    }

    /// A statement follows its payments; one that stands in the file for a second time is taken back with them.
    private func prepare(_ statement: Statement) throws {
        defer { entries = StagedEntries(position: position, sums: sums) }
        let content = StatementContent(statement)
        guard let content, !statementsSeen.insert(content).inserted, entries.belong(to: statement) else {
            return waiting.append(.other(.statement(statement)))
        }
        waiting.append(.withdrawal(after: entries.position))
        sums = entries.sums
        faults.append(content.repeated(statement))
    }

    private func prepare(_ payment: Payment) throws {
        try requireOurs(account: payment.account, at: payment.provenance.at)
        hasPayments = true
        position += 1
        if entries.first == nil { entries.first = payment.provenance.at }
        waiting.append(.payment(payment, position: position))
        guard payment.status == .booked else { return }
        let currency = payment.amount.currency
        // An outgoing entry that takes nothing back (a salary, a refund) is neither received nor returned.
        if !payment.amount.isNegative {
            add(in: currency) { $0.received &+= payment.amount.minorUnits }
        } else if payment.isStatedReturn {
            add(in: currency) { $0.returned &-= payment.amount.minorUnits }
        }
    }

    /// One row per payer that the invoices name; resolved to customers by the merge.
    private func stageParty(of invoice: Invoice) -> Int64 {
        // By the raw text: normalizing a million names costs more than storing the invoices does.
        let key: Int64 =
            if let id = invoice.customerID {
                Identity.key(kind: "id", number: id)
            } else if let tax = invoice.taxID {
                Identity.key(kind: "tax", number: tax)
            } else {
                Identity.key(kind: "name", number: invoice.customerName ?? "")
            }
        guard parties.isNew(key) else { return key }
        waiting.append(.party(StagedParty(key: key, of: invoice)))
        return key
    }

    /// Refuses what another seller claims (`accounting.md`, "Whose books").
    private func isOurs(_ invoice: Invoice) -> Bool {
        guard let ours = ownTaxID else { return true }
        let isOther: Bool
        let seller: String
        if let theirs = Identity.normalizedTaxID(invoice.sellerTaxID) {
            isOther = !Identity.isSameTaxID(ours, theirs)
            seller = invoice.sellerTaxID ?? ""
        } else if let theirs = Identity.normalizedName(invoice.sellerName),
            let name = ownName
        {
            isOther = theirs != name
            seller = invoice.sellerName ?? ""
        } else {
            return true
        }
        if isOther {
            faults.append(
                Fault(
                    "NOT-OURS", .row, at: invoice.provenance.at,
                    "invoice \(invoice.number) was issued by “\(seller)”, not by this company",
                    hint: "Import it into the books of the company that issued it, or correct the company's tax number."
                ))
        }
        return !isOther
    }

    private func requireOurs(account: String?, at position: Position) throws {
        guard !company.accounts.isEmpty, let account,
            !company.accounts.contains(where: { Identity.isSameAccount($0.id, account) })
        else { return }
        let fault = Fault(
            "NOT-OURS", .refusal, at: position, "account \(account) is not one of this company's accounts",
            hint: "Add it to the company's accounts, or import the file for the company that holds it.")
        throw ImportRefusal([fault])
    }
}
