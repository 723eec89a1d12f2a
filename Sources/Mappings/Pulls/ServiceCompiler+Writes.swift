// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension ServiceCompiler {
    static let writeFields = [
        "id", "amount", "amount_minor", "currency", "paid_on", "payment_id", "invoice_id", "invoice_number",
        "customer_id",
        "reference", "account", "idempotency_key", "request_id", "open",
    ]

    private static let stepKeys = [
        "get", "post", "put", "patch", "delete", "query", "headers", "json", "form", "xml", "ok", "keep", "safe",
        "unless", "needs", "open", "records", "when", "base",
    ]

    mutating func push(_ node: Node?, _ http: Node) -> Service.Push? {
        guard let node else { return nil }
        check(node, keys: ["payment", "find", "reverse", "idempotent", "takes"], in: "`push:`")
        guard let items = node["payment"]?.items, !items.isEmpty else {
            fail("MAPPING-VALUE", node, "`push.payment:` is a list of requests", "Write `- post: …` lines.")
            return nil
        }
        known = Set(Self.writeFields)
        defer { known = [] }
        var searches: [Int: Service.PushSearch] = [:]
        let steps = items.enumerated().compactMap { index, item in
            let step = step(item, http, in: "`push.payment:`", keys: Self.stepKeys + ["find", "stands", "later"])
            // What a step has kept is known to its own search, and what the search keeps to later steps.
            searches[index] = item["find"].flatMap { search($0, http) }
            return step
        }
        checkSearches(items, steps, searches, node)
        // What is looked for and taken back knows what the write has kept.
        let find = node["find"].flatMap { search($0, http) }
        let reverse = (node["reverse"]?.items ?? []).compactMap { step($0, http, in: "`push.reverse:`") }
        if let takes = node["takes"], takes.scalar != "whole" {
            fail("MAPPING-VALUE", takes, "`takes:` is `whole`", "Leave it out where a part of an invoice can be paid.")
        }
        return Service.Push(
            steps: steps, find: find, searches: searches, reverse: reverse,
            isIdempotent: node["idempotent"]?.scalar == "true", takesWhole: node["takes"] != nil,
            inner: http["inner"].flatMap { path($0) }, namespaces: namespaces(http["namespaces"]),
            denials: errors(http["errors"]).filter { $0.action == .refresh })
    }

    /// Either the whole write is looked for, or each of its steps that writes.
    private mutating func checkSearches(
        _ items: [Node], _ steps: [Service.PushStep], _ searches: [Int: Service.PushSearch], _ node: Node
    ) {
        guard items.contains(where: { $0["find"] != nil }), steps.count == items.count else { return }
        if let find = node["find"] {
            fail("MAPPING-KEY", find, "`find:` stands here and in a step", "Keep those of the steps.")
        }
        for (index, item) in items.enumerated() where (searches[index] == nil) != steps[index].isSafe {
            fail(
                "MAPPING-MISSING", item, "a step has a `find:` if it writes, once one of them has",
                "Say how this one is looked for, or take the others' away.")
        }
        for item in items where item["later"] != nil && item["find"] == nil {
            fail(
                "MAPPING-MISSING", item, "a step that is done `later:` has no `find:`",
                "Say how it is seen that it is done.")
        }
        for item in items where item["find"] != nil {
            for key in ["unless", "needs"] {
                guard let node = item[key] else { continue }
                fail(
                    "MAPPING-KEY", node, "a step with a `find:` cannot be left out by `\(key):`",
                    "What is done is counted by such steps; put the condition into a step that only reads.")
            }
        }
    }

    private func namespaces(_ node: Node?) -> [String: String] {
        var uris: [String: String] = [:]
        for entry in node?.entries ?? [] { uris[entry.key] = entry.value.scalar }
        return uris
    }

    /// One request, or a list of them of which the last one says what was found.
    private mutating func search(_ node: Node, _ http: Node) -> Service.PushSearch? {
        let items = node.items ?? [node]
        let place = items.last ?? node
        let before = items.dropLast().compactMap { item in
            let step = step(item, http, in: "`find:`")
            if step?.isSafe == false {
                fail(
                    "MAPPING-VALUE", item, "a request of `find:` is one that only reads", "Write `safe: true` if it is."
                )
            }
            return step
        }
        guard let found = place["found"].flatMap({ path($0) }),
            let step = step(place, http, in: "`find:`", keys: Self.stepKeys + ["found"])
        else {
            fail("MAPPING-MISSING", place, "`find:` needs `found:`", "Say where the answer names what it found.")
            return nil
        }
        return Service.PushSearch(before: before, step: step, found: found)
    }

    /// `records:` and `when:`.
    private mutating func choice(_ place: Node) -> Service.RecordChoice {
        let lines = (place["when"]?.entries ?? []).compactMap { entry -> Service.RecordChoice.Line? in
            guard let path = Path.tree(entry.key) else {
                fail("MAPPING-PATH", entry.value, "\"\(entry.key)\" is no path", "Correct the path.")
                return nil
            }
            let texts = (entry.value.items ?? [entry.value]).map { $0.isNull ? nil : text($0, "`when.\(entry.key):`") }
            return Service.RecordChoice.Line(path: path, texts: texts)
        }
        return Service.RecordChoice(records: place["records"].flatMap { path($0) }, lines: lines)
    }

    /// `later: 30s`, or `later: { after: 30s, reason: where people see why it was not done }`.
    private mutating func later(_ node: Node?) -> Service.Later? {
        guard let node else { return nil }
        guard node.entries != nil else { return Service.Later(after: duration(node), reason: nil) }
        check(node, keys: ["after", "reason"], in: "`later:`")
        guard let after = node["after"] else {
            fail("MAPPING-MISSING", node, "`later:` needs `after:`", "Say when it is looked for: `after: 30s`.")
            return nil
        }
        return Service.Later(after: duration(after), reason: node["reason"].flatMap { text($0, "`reason:`") })
    }

    /// `open: amountDue`, or `open: { from: amount_remaining, minor: true }`.
    private mutating func open(_ node: Node?) -> Service.OpenReading? {
        guard let node else { return nil }
        guard node.entries != nil else {
            return path(node).map { Service.OpenReading(path: $0, isMinor: false, isNegated: false) }
        }
        check(node, keys: ["from", "minor", "negate"], in: "`open:`")
        guard let from = node["from"] else {
            fail("MAPPING-MISSING", node, "`open:` needs `from:`", "Say where the answer has what is open.")
            return nil
        }
        return path(from).map {
            Service.OpenReading(
                path: $0, isMinor: node["minor"]?.scalar == "true", isNegated: node["negate"]?.scalar == "true")
        }
    }

    private mutating func step(
        _ item: Node, _ http: Node, in place: String, keys: [String] = stepKeys
    ) -> Service.PushStep? {
        check(item, keys: keys, in: place)
        // What the source says for all its requests holds here too: headers, and the form of the answer.
        var item = item
        if case .map(var entries) = item.value, let shared = http["headers"]?.entries {
            let own = item["headers"]?.entries ?? []
            let kept = shared.filter { line in
                // A moment to read from is no part of a write.
                !own.contains { $0.key.lowercased() == line.key.lowercased() }
                    && line.value.scalar?.contains("$(since") != true
            }
            entries.removeAll { $0.key == "headers" }
            entries.append(Node.Entry(key: "headers", value: .init(.map(kept + own)), line: item.line))
            item.value = .map(entries)
        }
        guard let shape = shape(item, base: item["base"] ?? http["base"], needsMethod: true) else { return nil }
        let keep = (item["keep"]?.entries ?? []).compactMap { entry in path(entry.value).map { (entry.key, $0) } }
        let statuses = texts(item["ok"]?["status"]).compactMap { StatusRange($0) }
        let body = item["ok"].flatMap { bodyCondition($0, "ok") }
        let choice = choice(item)
        let needs = needs(item["needs"])
        known.formUnion(keep.map(\.0))
        return Service.PushStep(
            shape: shape, format: item["xml"] == nil ? nil : .xml,
            isSafe: item["safe"]?.scalar == "true" || item["get"] != nil,
            unless: item["unless"].flatMap { bodyCondition($0, "unless") }, needs: needs,
            ok: body?.lines.isEmpty == true ? nil : body, okStatuses: statuses, choice: choice,
            open: open(item["open"]), keep: keep, stands: item["stands"].flatMap { text($0, "`stands:`") },
            later: later(item["later"]))
    }

    /// A name that an earlier step keeps.
    private mutating func needs(_ node: Node?) -> String? {
        guard let node else { return nil }
        guard let name = node.scalar, known.contains(name), !Self.writeFields.contains(name) else {
            fail(
                "MAPPING-VALUE", node, "`needs:` is a name that an earlier step keeps",
                "Write it into the `keep:` of the step before.")
            return nil
        }
        return name
    }

    /// `pdf:` is one request or a list of them; the last one says where the document is.
    mutating func document(_ node: Node?, _ http: Node) -> Service.Document? {
        guard let node else { return nil }
        known = ["id", "invoice_id", "invoice_number"]
        defer { known = [] }
        let items = node.items ?? [node]
        guard let last = items.last else {
            fail("MAPPING-VALUE", node, "`pdf:` asks for nothing", "Write `pdf: { get: /invoices/$(id)/pdf }`.")
            return nil
        }
        var content = Service.Document.Content.body
        if let place = last["base64"] {
            path(place).map { content = .base64($0) }
        } else if let place = last["link"] {
            path(place).map { content = .link($0) }
        }
        if last["base64"] != nil, last["link"] != nil {
            fail("MAPPING-VALUE", last, "`base64:` and `link:` do not go together", "Keep one of them.")
        }
        let steps = items.enumerated().compactMap { index, item in
            let isLast = index == items.count - 1
            return step(
                content == .body && isLast ? Self.askingForPDF(item) : item, http, in: "`pdf:`",
                keys: Self.readKeys + (isLast ? ["base64", "link"] : []))
        }
        return steps.count == items.count ? Service.Document(steps: steps, content: content) : nil
    }

    private static let readKeys = ["get", "post", "query", "headers", "json", "form", "xml", "ok", "keep"]

    /// What is wanted is said, unless the mapping or the source says it otherwise.
    private static func askingForPDF(_ item: Node) -> Node {
        guard case .map(var entries) = item.value else { return item }
        let own = item["headers"]?.entries ?? []
        guard !own.contains(where: { $0.key.lowercased() == "accept" }) else { return item }
        let accept = Node.Entry(key: "Accept", value: .text("application/pdf, */*;q=0.5"), line: item.line)
        entries.removeAll { $0.key == "headers" }
        entries.append(Node.Entry(key: "headers", value: .init(.map(own + [accept])), line: item.line))
        var item = item
        item.value = .map(entries)
        return item
    }
}
