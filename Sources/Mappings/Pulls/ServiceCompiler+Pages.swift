// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension ServiceCompiler {
    // MARK: Paging

    mutating func paging(_ node: Node?, _ http: Node) -> Paging {
        guard let node else {
            fail(
                "MAPPING-MISSING", http, "`page:` is missing",
                "Say how the next page is asked for; `page: none` where an answer is always whole.")
            return .none
        }
        if node.scalar == "none" { return .none }
        check(
            node,
            keys: [
                "next", "link", "number", "offset", "cursor", "values", "size", "until", "more", "short", "empty",
                "shifts",
            ], in: "`page:`")
        if let values = node["values"] {
            let texts = texts(values)
            if texts.isEmpty {
                fail("MAPPING-VALUE", values, "`values:` is a list of texts", "Write `values: [open, proposed]`.")
            }
            return .values(texts, total: node["until"].flatMap { path($0) })
        }
        if let next = node["next"], let path = path(next) {
            return .next(path, shifts: node["shifts"]?.scalar == "true")
        }
        if let relation = node["link"]?.scalar { return .link(relation) }
        if let cursor = node["cursor"] { return cursorPaging(cursor, node) }
        if let number = node["number"] {
            check(number, keys: ["first", "param"], in: "`page.number:`")
            let size = node["size"]
            return .number(
                first: number["first"].map { whole($0, "`first:`") } ?? 1, param: number["param"]?.scalar,
                size: size?["n"].map { whole($0, "`n:`", in: 1...100_000) } ?? 0, sizeParam: size?["param"]?.scalar,
                stop: stop(node, size: size?["n"]))
        }
        if let offset = node["offset"] {
            check(offset, keys: ["first", "param", "n"], in: "`page.offset:`")
            let size = node["size"]
            return .offset(
                first: offset["first"].map { whole($0, "`first:`") } ?? 0, param: offset["param"]?.scalar,
                size: offset["n"].map { whole($0, "`n:`", in: 1...100_000) } ?? 100,
                sizeParam: size?["param"]?.scalar, stop: stop(node, size: offset["n"] ?? size))
        }
        fail(
            "MAPPING-VALUE", node, "`page:` says nothing that is known",
            "Use next, link, number, offset, cursor, values or none.")
        return .none
    }

    private mutating func cursorPaging(_ cursor: Node, _ node: Node) -> Paging {
        check(cursor, keys: ["from", "param"], in: "`page.cursor:`")
        guard let from = cursor["from"]?.scalar, let param = cursor["param"]?.scalar else {
            fail(
                "MAPPING-VALUE", cursor, "`cursor:` needs `from:` and `param:`",
                "Write `{ from: last/id, param: after }`.")
            return .none
        }
        let isLast = from.hasPrefix("last/")
        guard let path = Path.tree(isLast ? String(from.dropFirst(5)) : from) else {
            fail("MAPPING-PATH", cursor, "\"\(from)\" is no path", "Correct the path.")
            return .none
        }
        return .cursor(from: path, ofLastRecord: isLast, param: param, more: node["more"].flatMap { self.path($0) })
    }

    private mutating func stop(_ node: Node, size: Node?) -> Paging.Stop {
        if let until = node["until"], let path = path(until) { return .total(path) }
        if let more = node["more"], let path = path(more) { return .more(path) }
        if node["short"]?.scalar == "true" {
            if size == nil {
                fail("MAPPING-VALUE", node, "`short:` needs the size of a page", "Add `size: { param: …, n: 100 }`.")
            }
            return .short
        }
        if node["empty"]?.scalar == "true" { return .empty }
        fail(
            "MAPPING-MISSING", node, "nothing says which page is the last",
            "Add `until:`, `more:`, `short: true` or `empty: true`.")
        return .empty
    }

    mutating func attach(_ node: Node?, _ http: Node) -> [AttachRules] {
        (node?.entries ?? []).compactMap { entry in
            let node = entry.value
            check(
                node,
                keys: ["ids", "match", "records", "get", "post", "query", "headers", "json", "form", "xml", "size"],
                in: "`attach.\(entry.key):`")
            guard let idsNode = node["ids"], let recordsNode = node["records"] else {
                fail(
                    "MAPPING-MISSING", node, "`attach.\(entry.key):` needs `ids:` and `records:`",
                    "Say where a record has the ids, and where the answer has what they lead to.")
                return nil
            }
            guard let ids = path(idsNode), let records = path(recordsNode),
                let match = path(node["match"] ?? .text("id")),
                let shape = shape(node, base: http["base"], needsMethod: true)
            else { return nil }
            return AttachRules(
                name: entry.key, ids: ids, match: match, records: records, shape: shape,
                size: node["size"].map { whole($0, "`size:`", in: 1...10_000) } ?? 500)
        }
    }

    mutating func window(_ node: Node?) -> WindowRules? {
        guard let node else { return nil }
        check(node, keys: ["from", "to", "step", "ahead", "as"], in: "`window:`")
        guard let step = node["step"] else {
            fail("MAPPING-MISSING", node, "`window:` needs `step:`", "Write `step: 90d`.")
            return nil
        }
        let format = node["as"]?.scalar.flatMap { TimeFormat($0) } ?? TimeFormat("yyyy-MM-dd") ?? .iso
        return WindowRules(
            fromParam: node["from"]?.scalar, toParam: node["to"]?.scalar, format: format,
            step: max(86_400_000, duration(step)), ahead: node["ahead"].map { duration($0) } ?? 0)
    }

    // MARK: Increments

    mutating func sync(_ node: Node?, read: Node?, _ mapping: Mapping) -> SyncRules {
        var rules = SyncRules()
        rules.mode = mapping.sync
        guard let node else { return rules }
        check(node, keys: ["mode", "cursor", "as", "start", "overlap", "retention", "absent"], in: "`sync:`")
        let form = node["as"]?.scalar
        let isNumber = form == "sequence"
        if let form, !isNumber {
            if let format = TimeFormat(form) {
                rules.format = format
            } else if let place = node["as"] {
                fail(
                    "MAPPING-DATE", place, "\"\(form)\" is no date format",
                    "Use iso, http, epoch_s, sequence or a pattern.")
            }
        }
        var conventions: [DateConvention] = []
        for text in [read?["date"]?.scalar, "iso", form, "epoch_s"] {
            if let text, let convention = DateConvention(text), !conventions.contains(convention) {
                // Epoch only where it is the declared one: any number would be a moment.
                if text == "epoch_s", read?["date"]?.scalar != "epoch_s", form != "epoch_s" { continue }
                conventions.append(convention)
            }
        }
        if let cursor = node["cursor"] {
            let items = cursor.items ?? [cursor]
            let paths = items.compactMap { path($0) }
            rules.cursor = CursorReading(paths: paths, isNumber: isNumber, conventions: conventions)
        }
        if let start = node["start"], let text = start.scalar {
            if isNumber, let number = Int64(text) {
                rules.start = .number(number)
            } else if let reading = DateConvention.iso.read(text) {
                rules.start = .time(reading.milliseconds)
            } else {
                fail("MAPPING-VALUE", start, "`start:` is a day, a moment or a number", "Write 2024-01-01T00:00:00Z.")
            }
        }
        if let overlap = node["overlap"] {
            rules.overlap = isNumber ? Int64(whole(overlap, "`overlap:`")) : duration(overlap)
        }
        rules.retention = node["retention"].map { duration($0) }
        if let absent = node["absent"] {
            rules.absentIsGone = true
            if absent.scalar != "gone" || !mapping.entities.contains(.payment) || rules.mode == .openSnapshot {
                fail(
                    "MAPPING-VALUE", absent, "`absent: gone` is for payments that are listed again every time",
                    "Leave it out; items that a list leaves out are `mode: open_snapshot`.")
            }
        }
        checkIncrement(rules, node, isNumber: isNumber)
        return rules
    }

    private mutating func checkIncrement(_ rules: SyncRules, _ node: Node, isNumber: Bool) {
        guard rules.mode == .incremental else { return }
        if rules.cursor == nil {
            fail("MAPPING-MISSING", node, "an increment needs `cursor:`", "Name what records are ordered by in time.")
        }
        if !isNumber, rules.overlap <= 0 {
            fail(
                "MAPPING-MISSING", node, "an increment needs `overlap:`",
                "Write `overlap: 5m`; what is read twice does no harm, what is missed is lost.")
        }
    }
}
