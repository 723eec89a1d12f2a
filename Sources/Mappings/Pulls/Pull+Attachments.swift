// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension Pull {
    /// One request for what belongs to the records of a page.
    struct Attachment: Sendable {
        var rules: AttachRules
        var ids: [String]
    }

    /// The requests that a page's records ask for, each id once, in the order of the records.
    func attachments(of records: [Record]) -> [Attachment] {
        stream.attach.flatMap { rules in
            var known: Set<String> = []
            var ids: [String] = []
            for record in records {
                for id in Self.ids(rules, record) where known.insert(id).inserted { ids.append(id) }
            }
            return stride(from: 0, to: ids.count, by: rules.size).map { start in
                Attachment(rules: rules, ids: Array(ids[start..<min(start + rules.size, ids.count)]))
            }
        }
    }

    private static func ids(_ rules: AttachRules, _ record: Record) -> [String] {
        rules.ids.hits(in: record.tree).compactMap(\.ownText).filter { !$0.isEmpty }
    }

    /// Puts what was fetched into the records it belongs to.
    mutating func absorb(_ answer: PullAnswer, isEmpty: Bool) {
        guard !lacking.isEmpty else { return }
        let attachment = lacking.removeFirst()
        (attempts, hasRefreshed) = (0, false)
        ruleUses = [:]
        guard var page = ready, let tree = answer.tree, !isEmpty else { return }
        let rules = attachment.rules
        var found: [String: Node] = [:]
        for node in rules.records.hits(in: [tree]).flatMap({ $0.items ?? [$0] }) {
            if let id = rules.match.hits(in: [node]).first?.ownText { found[id] = node }
        }
        for index in page.records.indices {
            let parts = Self.ids(rules, page.records[index]).compactMap { found[$0] }
            guard !parts.isEmpty, let last = page.records[index].tree.indices.last,
                case .map(var entries) = page.records[index].tree[last].value
            else { continue }
            if let place = entries.firstIndex(where: { $0.key == rules.name }), let before = entries[place].value.items
            {
                entries[place].value = .list(before + parts)
            } else {
                entries.removeAll { $0.key == rules.name }
                entries.append(Node.Entry(key: rules.name, value: .list(parts)))
            }
            page.records[index].tree[last].value = .map(entries)
        }
        ready = page
    }
}
