// SPDX-License-Identifier: Apache-2.0

/// One transaction's view of the database. Synchronous, bound to the closure that it was handed to.
///
/// Statements are compiled once per connection. Data manipulation keeps to what SQLite and PostgreSQL share; the
/// definitions of tables are in `Schema/`.
package final class Session {
    let database: SQLiteHandle
    /// Rolled back at the end: nothing outside the database may be written either.
    package internal(set) var isDryRun = false
    /// What the transaction commits stays in SQLite's log: somebody copies it, see `StoreFile.readCommitted`.
    package var leavesLog = false
    /// Where originals are kept; nil when they are not.
    let archive: Archive?
    /// In a write transaction: what was committed before it, and what the connection had changed by then.
    var before: (state: CommittedState, changes: Int64)?
    /// See `moveOn`.
    var movingOn: (() throws -> Void)?
    private var statements: [String: PreparedStatement] = [:]
    private var attached: [String] = []

    init(_ database: SQLiteHandle, archive: Archive?) {
        self.database = database
        self.archive = archive
    }

    /// Runs a statement that returns no rows.
    /// - Returns: The number of rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int {
        try with(sql, arguments) { statement in
            while try statement.step() {}
            return database.changes
        }
    }

    /// Streams rows; the row is valid inside the closure only.
    package func each(
        _ sql: String, _ arguments: [(any Bindable)?] = [], _ body: (Row) throws -> Void
    ) throws {
        try with(sql, arguments) { statement in
            let row = Row(statement: statement)
            while try statement.step() { try body(row) }
        }
    }

    /// The rows as values.
    package func rows<T>(
        _ sql: String, _ arguments: [(any Bindable)?] = [], _ map: (Row) throws -> T
    ) throws -> [T] {
        var result: [T] = []
        try each(sql, arguments) { result.append(try map($0)) }
        return result
    }

    /// The first row as a value; nil when there is none.
    package func first<T>(
        _ sql: String, _ arguments: [(any Bindable)?] = [], _ map: (Row) throws -> T
    ) throws -> T? {
        try with(sql, arguments) { statement in
            try statement.step() ? try map(Row(statement: statement)) : nil
        }
    }

    /// Several statements of definition or maintenance, separated by semicolons, without parameters.
    package func script(_ sql: String) throws { try database.run(sql) }

    /// A statement of its own for a loop that binds by hand.
    package func prepare(_ sql: String) throws -> PreparedStatement { try database.prepare(sql) }

    /// A statement that binds by hand, compiled once per connection; whoever binds it resets it.
    func compiled(_ sql: String) throws -> PreparedStatement {
        if let cached = statements[sql], !cached.isRunning { return cached }
        let statement = try database.prepare(sql)
        statements[sql] = statement
        return statement
    }

    var lastInsertRowID: Int64 { database.lastInsertRowID }

    /// Between two statements of a long reading: it may go on in another transaction, on the same state.
    package func moveOn() throws { try movingOn?() }

    /// A part that is undone alone when it throws.
    package func savepoint<T>(_ body: () throws -> T) throws -> T {
        try database.run("SAVEPOINT part")
        do {
            let result = try body()
            try database.run("RELEASE part")
            return result
        } catch {
            // A failure like a full disk has rolled back everything already.
            if database.isInTransaction { try database.run("ROLLBACK TO part; RELEASE part") }
            throw error
        }
    }

    /// Makes another database file readable until the transaction ends.
    /// - Returns: The schema name to read it under.
    func attach(_ path: String) throws -> String {
        let name = "staged\(attached.count + 1)"
        try execute("ATTACH DATABASE ? AS \(name)", [path])
        attached.append(name)
        return name
    }

    /// After COMMIT or ROLLBACK: inside a transaction SQLite does not let go of a file that was read.
    func detachAll() throws {
        for name in attached { try database.run("DETACH DATABASE \(name)") }
        attached.removeAll()
    }

    /// Finalizes the compiled statements; the connection may close then.
    func close() { statements.removeAll() }

    private func with<T>(
        _ sql: String, _ arguments: [(any Bindable)?], _ body: (PreparedStatement) throws -> T
    ) throws -> T {
        let statement: PreparedStatement
        if let cached = statements[sql], !cached.isRunning {
            statement = cached
        } else {
            // A statement that is running (a query inside the loop over itself) must not be reset: a second one.
            statement = try database.prepare(sql)
            statements[sql] = statement
        }
        statement.isRunning = true
        defer {
            statement.reset()
            statement.isRunning = false
        }
        guard statement.parameterCount == arguments.count else {
            preconditionFailure("\(arguments.count) arguments for \(statement.parameterCount): \(sql)")
        }
        for (index, argument) in arguments.enumerated() {
            statement.bind(index, argument?.bound ?? .null)
        }
        return try body(statement)
    }
}
