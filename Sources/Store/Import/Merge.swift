// SPDX-License-Identifier: Apache-2.0
package import Documents

/// One file's documents on their way from staging into the books; lives for one call of `Session.merge`.
///
///     customers ─► parties ─► invoices (new as a set, known row by row) ─► corrections ─► snapshot
///               ─► payments ─► statements, balances, allocations, settlements, rates, promises
final class Merge {
    let session: Session
    let run: ImportRun
    let staging: Staging
    /// The schema name of the attached staging file.
    let staged: String
    let importNo: Int64
    let batch: OpenBatch
    var outcome = ImportOutcome()
    /// `merge_known` and `merge_id` of the invoices, once they are filled.
    var known = WorkTable(0)
    var renamed = WorkTable(0)
    /// Every payer is the customer whose id the file states.
    var customersAreOwn = false

    var company: String { run.company.id }

    init(_ session: Session, staging: Staging, run: ImportRun) throws {
        self.session = session
        self.run = run
        self.staging = staging
        staged = try session.attach(staging.path)
        importNo = try session.insertImport(run, status: "done")
        batch = try session.openBatch(
            BatchInfo(
                company: run.company.id, kind: "import", recordedAt: run.recordedAt, actor: run.actor,
                rule: "IMPORT", importNo: importNo), firstSeq: staging.load?.firstSeq)
        if let load = staging.load, load.importNo != importNo || load.batchNo != batch.no {
            throw StoreFailure("STORE-ORDER", "another import began between this one's first row and its last")
        }
    }

    func perform() throws -> ImportOutcome {
        try session.script(MergeTables.sql)
        outcome.importNo = importNo
        outcome.totals = staging.totals
        outcome.faults = staging.faults
        try mergeCustomers()
        if staging.hasInvoices {
            try resolveParties()
            try mergeInvoices()
            try applyReplacements()
            try storeAttachments()
            if staging.load == nil { try resolveListedAgain() }
        }
        if run.snapshot != nil { try closeAbsent() }
        if staging.hasPayments { try mergePayments() }
        if let listing = run.listing { try takeBackAbsent(listing) }
        try mergeStatements()
        try mergeBalances()
        try mergeAllocations()
        try mergeSettlements()
        try mergeRates()
        try mergePromises()
        try session.closeBatch(batch, written: staging.load?.written)
        try checkControlTotals()
        try session.recordOutcome(outcome, run: run, importNo: importNo)
        return outcome
    }

    /// The first lines of the SELECTs over staged rows that are new.
    func count(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int {
        Int(try session.first(sql, arguments) { $0.int(0) } ?? 0)
    }

    func fault(_ code: String, _ severity: Fault.Severity, at position: String, _ message: String, hint: String) {
        outcome.faults.append(Fault(code, severity, at: Position(text: position), message, hint: hint))
    }
}

/// Work tables of one merge, in the connection's temporary database.
enum MergeTables {
    static let sql = """
        CREATE TEMP TABLE IF NOT EXISTS merge_party(key INTEGER PRIMARY KEY, customer TEXT NOT NULL);
        CREATE TEMP TABLE IF NOT EXISTS merge_match(key INTEGER PRIMARY KEY, customer TEXT NOT NULL);
        -- Staged rows whose id is not the staged one: a later occurrence, or an id that is taken.
        CREATE TEMP TABLE IF NOT EXISTS merge_id(no INTEGER PRIMARY KEY, id TEXT, occurrence INTEGER, skip INTEGER);
        -- Staged rows that are in the books already: how 1 the same statement again, 2 a linked one again,
        -- 3 a first statement by another source, 4 by another of the bank's messages that outranks the known one.
        -- same: nothing in it changed.
        CREATE TEMP TABLE IF NOT EXISTS merge_known(
            no INTEGER PRIMARY KEY, id TEXT NOT NULL, how INTEGER NOT NULL, same INTEGER NOT NULL);
        -- Staged rows whose id the books do not hold.
        CREATE TEMP TABLE IF NOT EXISTS merge_rest(no INTEGER PRIMARY KEY);
        DELETE FROM merge_party;
        DELETE FROM merge_match;
        DELETE FROM merge_id;
        DELETE FROM merge_known;
        DELETE FROM merge_rest;
        """
}

extension Session {
    /// Brings a staged file into the books, or throws and leaves nothing.
    ///
    /// The same bytes read by the same mapping change nothing and say so. Throws `ImportRefusal` for what lands
    /// nothing by rule: a snapshot without a control total, or one that drops too much.
    package func merge(_ staging: Staging, run: ImportRun) throws -> ImportOutcome {
        if run.overlap != .other,
            let known = try importRun(
                company: run.company.id, sha256: run.sha256, mapping: run.mapping, mappingDigest: run.mappingDigest)
        {
            var outcome = ImportOutcome()
            outcome.importNo = known
            outcome.alreadyImported = true
            return outcome
        }
        try staging.finish()
        return try Merge(self, staging: staging, run: run).perform()
    }

    /// The import of the same bytes by the same mapping into the same company; nil when there was none.
    package func importRun(
        company: String, sha256: String, mapping: String?, mappingDigest: String?
    ) throws -> Int64? {
        try first(
            """
            SELECT no FROM import_run WHERE company = ? AND sha256 = ? AND mapping IS NOT DISTINCT FROM ?
                AND mapping_digest IS NOT DISTINCT FROM ? AND status = 'done' ORDER BY no LIMIT 1
            """, [company, sha256, mapping, mappingDigest]
        ) { $0.int(0) }
    }

    /// Keeps a record of a file that landed nothing, with its reasons.
    @discardableResult
    package func recordRefusal(_ run: ImportRun, faults: [Fault]) throws -> Int64 {
        let no = try insertImport(run, status: "refused")
        try insertFaults(faults, importNo: no)
        return no
    }

    func insertImport(_ run: ImportRun, status: String) throws -> Int64 {
        try execute(
            """
            INSERT INTO original(sha256, size, is_kept, recorded_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
            """, [run.sha256, run.size, archive != nil, run.recordedAt])
        try execute(
            """
            INSERT INTO import_run(company, source, reader, name, sha256, size, format, mapping, mapping_digest,
                imported_on, recorded_at, actor, is_snapshot, status)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                run.company.id, run.source, run.reader, run.name, run.sha256, run.size, run.format, run.mapping,
                run.mappingDigest, run.importedOn, run.recordedAt, run.actor, run.snapshot != nil, status,
            ])
        return lastInsertRowID
    }

    func recordOutcome(_ outcome: ImportOutcome, run: ImportRun, importNo: Int64) throws {
        for (entity, count) in outcome.counts where count != ImportOutcome.Count() {
            try execute(
                "INSERT INTO import_count(import_no, entity, new, changed, unchanged) VALUES (?, ?, ?, ?, ?)",
                [importNo, entity, count.new, count.changed, count.unchanged])
        }
        for (currency, totals) in outcome.totals.sorted(by: { $0.key < $1.key }) {
            try execute(
                """
                INSERT INTO import_total(import_no, currency, invoiced, credited, received, returned)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [importNo, currency, totals.invoiced, totals.credited, totals.received, totals.returned])
        }
        try insertFaults(run.faults + outcome.faults, importNo: importNo)
    }

    private func insertFaults(_ faults: [Fault], importNo: Int64) throws {
        for (index, fault) in faults.enumerated() {
            try execute(
                """
                INSERT INTO fault(import_no, n, code, severity, position, message, hint)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    importNo, index + 1, fault.code, fault.severity.rawValue, fault.at.text, fault.message,
                    fault.hint,
                ])
        }
    }
}
