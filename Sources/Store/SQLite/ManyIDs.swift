// SPDX-License-Identifier: Apache-2.0

extension Session {
    /// Runs a statement once for all of some ids: in half the time that a statement for each of them takes.
    ///
    /// In the statement `tieout_rows(?1)` has a row for each id, in their order: `c0` is the id and `c1` its place among
    /// them. What it joins stands behind a `CROSS JOIN`, so that it is looked up by them.
    /// - Parameters:
    ///   - ids: sorted, where many pages are read: those that lie beside each other are read once.
    ///   - arguments: from `?2` on.
    func each(
        of ids: [String], _ sql: String, _ arguments: [(any Bindable)?], _ body: (Row) throws -> Void
    ) throws {
        guard !ids.isEmpty else { return }
        let asked = RowBytes(size: min(RowBytes.usualSize, ids.count * 64))
        for (place, id) in ids.enumerated() {
            asked.add(0) { row in
                row.place(id)
                row.place(Int64(place))
            }
        }
        let statement = try compiled(sql)
        statement.isRunning = true
        defer {
            statement.reset()
            statement.isRunning = false
        }
        precondition(statement.parameterCount == arguments.count + 1, "arguments for: \(sql)")
        for (index, argument) in arguments.enumerated() { statement.bind(index + 1, argument?.bound ?? .null) }
        let row = Row(statement: statement)
        try statement.run(asked, target: 0) { try body(row) }
    }
}
