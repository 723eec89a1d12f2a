// SPDX-License-Identifier: Apache-2.0

/// The conditions of a listing. What nobody asked for is not in the query at all: `? IS NULL OR customer = ?` keeps
/// SQLite from an index, and a question asked once per customer then reads the whole table each time.
struct Conditions {
    private(set) var sql = "WHERE"
    private(set) var values: [(any Bindable)?]

    /// - Parameter column: how the query calls the company's column.
    init(company: String, _ column: String = "company") {
        sql += " \(column) = ?"
        values = [company]
    }

    /// Adds `condition`, which has one `?`, where there is a value for it.
    func and(_ condition: String, _ value: (any Bindable)?) -> Conditions {
        guard let value else { return self }
        var more = self
        more.sql += " AND " + condition
        more.values.append(value)
        return more
    }

    /// Adds a condition without a value.
    func and(_ condition: String, when isAsked: Bool) -> Conditions {
        guard isAsked else { return self }
        var more = self
        more.sql += " AND " + condition
        return more
    }
}
