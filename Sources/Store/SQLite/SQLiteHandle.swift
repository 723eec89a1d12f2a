// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Documents

/// What the process does with memory that it lets go of.
package enum ProcessMemory {
    /// From now on every array of a megabyte or more goes back to the system with its last use. A large run makes dozens of
    /// them beside millions of small values: else what it is done with stays in between.
    package static func giveBackLarge() { tieout_give_back_memory_from(1 << 20) }
}

/// One open SQLite connection, as C hands it out. The only file that calls SQLite's C functions.
///
/// A connection that GRDB opened is borrowed and stays GRDB's to close; one that `init(path:)` opened is closed here.
@safe
final class SQLiteHandle {
    fileprivate let connection: OpaquePointer
    private let isOwned: Bool

    /// Once per process, before the first connection.
    static let isPrepared: Bool = {
        tieout_no_memory_statistics()
        return true
    }()

    init(borrowing connection: OpaquePointer) {
        unsafe self.connection = connection
        isOwned = false
    }

    /// Opens or creates a database file for this process alone, without GRDB: staging files.
    init(path: String) throws {
        precondition(Self.isPrepared)
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let connection = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw StoreFailure("SQLITE-\(code)", "cannot open \(path)")
        }
        unsafe self.connection = connection
        isOwned = true
    }

    deinit {
        if isOwned { unsafe sqlite3_close_v2(connection) }
    }

    /// No checkpoint when the last connection closes (only the writer's lock holder checkpoints), and no statement
    /// that can damage the file.
    func setDefensive() throws {
        for option in [SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, SQLITE_DBCONFIG_DEFENSIVE] {
            guard unsafe tieout_db_config_flag(connection, option, 1) == SQLITE_OK else { throw failure() }
        }
        // GRDB's authorizer collects every column that a statement reads, for observations that nobody makes here;
        // it is a third of the time of many short commands.
        guard unsafe sqlite3_set_authorizer(connection, nil, nil) == SQLITE_OK else { throw failure() }
        try serveRows()
    }

    /// A few hundred kilobytes of its own for the small things that statements ask for and give back with every row: the
    /// 40 places it has by itself are taken by the statements that are kept.
    func keepScratch() throws {
        guard unsafe tieout_db_config_lookaside(connection, 1200, 400) == SQLITE_OK else { throw failure() }
    }

    func run(_ sql: String) throws {
        guard unsafe sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
    }

    /// Writes what the open transaction changed from the cache to the log; it is as little committed as before.
    func flush() throws {
        guard unsafe sqlite3_db_cacheflush(connection) == SQLITE_OK else { throw failure() }
    }

    func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(self, sql) }

    /// Statements of this connection can read rows that are handed over as bytes.
    func serveRows() throws {
        guard unsafe tieout_serve_rows(connection) == SQLITE_OK else { throw failure() }
    }

    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(connection) == 0 }
    var changes: Int { Int(unsafe sqlite3_changes64(connection)) }
    /// Since the connection was opened.
    var totalChanges: Int64 { unsafe sqlite3_total_changes64(connection) }
    var lastInsertRowID: Int64 { unsafe sqlite3_last_insert_rowid(connection) }

    func failure(_ sql: String = "") -> StoreFailure {
        let code = unsafe sqlite3_extended_errcode(connection)
        let text = unsafe String(cString: sqlite3_errmsg(connection))
        return StoreFailure("SQLITE-\(code)", sql.isEmpty ? text : "\(text) in: \(sql.prefix(400))")
    }
}

/// A compiled statement. Parameters and columns count from 0.
@safe
package final class PreparedStatement {
    private let database: SQLiteHandle
    private let handle: OpaquePointer
    private let sql: String
    /// The currency of the row before, and its letters.
    var currency: (letters: UInt32, value: Currency)?
    /// Column positions by name, filled at the first look-up.
    private var positions: [String: Int] = [:]
    package let columnCount: Int
    package let parameterCount: Int
    /// Between its first step and its reset, in a closure that reads its rows.
    var isRunning = false
    /// Texts that are bound until the next reset, so that SQLite need not allocate a copy of each.
    private let texts: UnsafeMutablePointer<CChar>
    private static let textsSize = 2048
    private var textsUsed = 0

    fileprivate init(_ database: SQLiteHandle, _ sql: String) throws {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            database.connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let handle = unsafe prepared else { throw database.failure(sql) }
        self.database = database
        unsafe self.handle = handle
        unsafe texts = .allocate(capacity: Self.textsSize)
        self.sql = sql
        columnCount = Int(unsafe sqlite3_column_count(handle))
        parameterCount = Int(unsafe sqlite3_bind_parameter_count(handle))
    }

    deinit {
        unsafe sqlite3_finalize(handle)
        unsafe texts.deallocate()
    }

    package func bind(_ index: Int, _ value: Int64) {
        _ = unsafe sqlite3_bind_int64(handle, Int32(index + 1), value)
    }

    package func bind(_ index: Int, _ text: String) {
        var text = text
        let position = Int32(index + 1)
        text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else {
                    _ = unsafe tieout_bind_text(handle, position, "", 0)
                    return
                }
                let count = characters.count
                guard textsUsed + count <= Self.textsSize else {
                    _ = unsafe tieout_bind_text(handle, position, start, Int32(clamping: count))
                    return
                }
                let kept = unsafe texts + textsUsed
                unsafe kept.update(from: start, count: count)
                textsUsed += count
                _ = unsafe sqlite3_bind_text(handle, position, kept, Int32(count), nil)
            }
        }
    }

    package func bind(_ index: Int, _ bytes: [UInt8]) {
        let position = Int32(index + 1)
        guard !bytes.isEmpty else {
            _ = unsafe sqlite3_bind_zeroblob(handle, position, 0)
            return
        }
        _ = unsafe tieout_bind_blob(handle, position, bytes, Int32(clamping: bytes.count))
    }

    func bind(_ index: Int, _ value: Int64?) {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    package func bindNull(_ index: Int) { _ = unsafe sqlite3_bind_null(handle, Int32(index + 1)) }

    package func bind(_ index: Int, _ value: Value) {
        switch value {
        case .null: bindNull(index)
        case .integer(let number): bind(index, number)
        case .text(let text): bind(index, text)
        case .blob(let bytes): bind(index, bytes)
        }
    }

    /// One row further; false at the end.
    package func step() throws -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let failure = database.failure(sql)
            unsafe sqlite3_reset(handle)
            throw failure
        }
    }

    package func reset() {
        unsafe sqlite3_reset(handle)
        textsUsed = 0
    }

    package func isNull(_ column: Int) -> Bool {
        unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    package func integer(_ column: Int) -> Int64 { unsafe sqlite3_column_int64(handle, Int32(column)) }

    package func text(_ column: Int) -> String {
        guard let start = unsafe sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// A text of three bytes as one number; nil for any other value.
    func letters(_ column: Int) -> UInt32? {
        guard let start = unsafe sqlite3_column_text(handle, Int32(column)),
            unsafe sqlite3_column_bytes(handle, Int32(column)) == 3
        else { return nil }
        return unsafe UInt32(start[0]) << 16 | UInt32(start[1]) << 8 | UInt32(start[2])
    }

    /// A text's bytes behind the others.
    /// - Returns: where they lie.
    func add(_ column: Int, to texts: inout [UInt8]) -> Range<Int> {
        let begun = texts.count
        if let start = unsafe sqlite3_column_text(handle, Int32(column)) {
            let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
            unsafe texts.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
        }
        return begun..<texts.count
    }

    package func blob(_ column: Int) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    package func value(_ column: Int) -> Value {
        switch unsafe sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }

    package func position(of name: String) -> Int {
        if positions.isEmpty {
            for column in 0..<columnCount {
                if let text = unsafe sqlite3_column_name(handle, Int32(column)) {
                    positions[unsafe String(cString: text)] = column
                }
            }
        }
        guard let position = positions[name] else {
            preconditionFailure("the statement has no column \(name): \(sql)")
        }
        return position
    }

    /// To its end; for a statement that returns no rows.
    func run() throws {
        defer { reset() }
        while try step() {}
    }

    /// Runs a statement over what `tieout_rows(?)`, its first parameter, selects; the others keep what was bound.
    /// - Parameters:
    ///   - target: for which of the writer's statements the rows are.
    ///   - body: called for each row of the result.
    func run(_ rows: RowBytes, target: Int, _ body: () throws -> Void = {}) throws {
        var source = unsafe tieout_rows(bytes: rows.start, used: rows.size, statement: Int32(target))
        try unsafe withUnsafeMutablePointer(to: &source) { source in
            _ = unsafe tieout_bind_rows(handle, source)
            defer {
                unsafe sqlite3_reset(handle)
                bindNull(0)
            }
            while try step() { try body() }
        }
    }

    /// The current row behind the others.
    func add(to rows: RowsDigest) {
        unsafe rows.write { start, room, end in
            unsafe tieout_put_row(handle, Int32(columnCount), start, room, &end)
        }
    }
}
