// SPDX-License-Identifier: Apache-2.0
import Documents

/// A bank's reference that two of its entries bear.
///
/// What a bank has booked it does not change: it books a reversal and another entry. So an entry with a known reference
/// that differs in two of day, amount, payer and text, or goes the other way, is another entry, and genuine rows stay two
/// (`design.md`, 4). A statement that comes again with more words is not: a name or a text that one of the two lacks, or
/// that goes on in the other, is no difference.
extension Merge {
    /// SQL over `s` (staged) and `i` (known): one bank's reference, and another entry.
    var isAnotherEntry: String {
        guard run.isOfBank else { return "0" }
        let differences = Self.differences.map { "(\($0.sql))" }.joined(separator: " + ")
        return """
            s.status = 'booked' AND i.status = 'booked' AND i.content <> s.content
            AND ((i.amount > 0) <> (s.amount > 0) OR \(differences) + (i.amount <> s.amount) >= 2)
            """
    }

    /// The id of an entry whose reference two others bear already. Takes the source as its argument.
    static let idOfEntry =
        "COALESCE(s.account, ?) || '/' || s.currency || ':' || s.id || '@' || s.booked_on || '/' || s.amount"

    /// What the source of a known payment states otherwise now, besides its amount and status.
    func differences(no: Int64, id: String) throws -> [String] {
        let columns = Self.differences.map { "COALESCE(\($0.sql), 0)" }.joined(separator: ", ")
        return try session.first(
            "SELECT \(columns) FROM \(staged).payment s CROSS JOIN payment i WHERE s.no = ? AND i.company = ? AND i.id = ?",
            [no, company, id]
        ) { row in Self.differences.enumerated().filter { row.bool($0.offset) }.map(\.element.name) } ?? []
    }

    private static let differences: [(name: String, sql: String)] = [
        ("day", "i.booked_on <> s.booked_on"),
        ("payer", "COALESCE(\(isOther("payer_account")), \(isOther("payer_name")), 0)"),
        ("text", "COALESCE(\(isOther("remittance")), 0)"),
    ]

    /// Null where one of the two has none.
    private static func isOther(_ name: String) -> String {
        """
        (SELECT instr(lower(t.\(name)), lower(s.\(name))) = 0 AND instr(lower(s.\(name)), lower(t.\(name))) = 0
            FROM payment_text t WHERE t.payment = i.no)
        """
    }
}
