// SPDX-License-Identifier: Apache-2.0
import Documents

// A status is never guessed: "booked" would be cash, and "open" a claim.

extension RecordMapper {
    /// A payment's status. The mapping says what it is, or says nothing of it: then every row is booked.
    func paymentStatus(_ rule: Rule, _ record: Record) throws(RecordFault) -> Payment.Status {
        if let status: Payment.Status = try status(rule, record) { return status }
        throw RecordFault(
            "STATUS-UNCLEAR", column: column(rule), "the payment's status is empty",
            hint: "If an empty one means that it was booked, add `default: booked` to the rule.")
    }

    /// - Returns: Nil where the source leaves it empty.
    func status<Status: RawRepresentable & CaseIterable>(
        _ rule: Rule, _ record: Record
    ) throws(RecordFault) -> Status? where Status.RawValue == String {
        if let status: Status = try choice(rule, record) { return status }
        guard case .first(let branches) = rule.source, branch(branches, record) == nil else { return nil }
        let lines = branches.compactMap(\.when).flatMap(\.lines)
        var seen: Set<Int> = []
        let stated = lines.filter { seen.insert($0.path).inserted }.map { line in
            "\(mapping.paths[line.path].text) is \"\(texts(at: line.path, record).joined(separator: ", "))\""
        }
        throw RecordFault(
            "STATUS-UNCLEAR", column: lines.first.map { columns[$0.path] },
            "no branch of the status fits: \(stated.joined(separator: ", "))",
            hint:
                "Add a branch to `first` once you know what it means. Where all others mean one thing, add a last branch "
                + "without `when`, such as `{ const: information }`.")
    }

    /// What a path leads to, as conditions see it, at most 60 characters each.
    private func texts(at path: Int, _ record: Record) -> [String] {
        guard record.tree.isEmpty else {
            return mapping.paths[path].hits(in: record.tree).compactMap(\.ownText).map { String($0.prefix(60)) }
        }
        let column = columns[path]
        guard column >= 0, column < record.count else { return [] }
        let (start, end) = Self.trimmed(record.bytes, record.starts[column], record.ends[column])
        return [String(String(decoding: record.bytes[start..<end], as: UTF8.self).prefix(60))]
    }
}
