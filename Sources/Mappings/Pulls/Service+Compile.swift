// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

extension Service {
    /// Whether a mapping's tree describes a system that is pulled from, not a file.
    package static func describes(_ root: Node) -> Bool {
        root["source"]?["http"] != nil || root["streams"] != nil
    }

    /// Checks and compiles a mapping's tree; every error at once, each with line and column.
    /// - Returns: The service when there is no fault of severity `.refusal`, and the faults.
    package static func compile(_ root: Node) -> (Service?, [Fault]) {
        var compiler = ServiceCompiler()
        let service = compiler.service(root)
        let failed = compiler.faults.contains { $0.severity == .refusal }
        return (failed ? nil : service, compiler.faults)
    }
}

/// Turns the blocks of a system's mapping into values and gathers what is wrong.
///
/// What a record becomes (`read`, `records`, `skip`, `emit`, `totals`) is compiled by `Mapping.compile`, the same for
/// files and for answers.
struct ServiceCompiler {
    var faults: [Fault] = []
    private(set) var config: [(name: String, fallback: String?)] = []
    /// What `push:` steps have kept so far, besides the fields of the write.
    var known: Set<String> = []

    static let keys = [
        "mapping", "name", "description", "tested", "documentation", "config", "source", "read", "streams", "records",
        "skip", "sync", "emit", "totals", "push", "pdf", "tests",
    ]
    static let streamKeys = ["http", "read", "records", "skip", "sync", "emit", "totals"]
    /// What a stream may say of its own; the rest of `source.http` holds for all.
    static let requestKeys = [
        "get", "post", "query", "json", "form", "xml", "headers", "page", "stop", "window", "attach", "ok", "errors",
        "format", "namespaces", "inner",
    ]
    static let httpKeys = requestKeys + ["base", "auth", "limits"]

    mutating func service(_ root: Node) -> Service? {
        guard root.entries != nil else {
            fail("MAPPING-VALUE", root, "a mapping is a map of keys, this is \(root.kind)", "Start with `mapping: 1`.")
            return nil
        }
        check(root, keys: Self.keys, in: "a system's mapping")
        let name = root["name"]?.scalar ?? ""
        for entry in root["config"]?.entries ?? [] { config.append((entry.key, entry.value["default"]?.scalar)) }
        guard let http = root["source"]?["http"] else {
            fail(
                "MAPPING-MISSING", root["source"] ?? root, "`source: { http: … }` is missing",
                "Say where the system is, for example `source: { http: { base: https://… } }`.")
            return nil
        }
        check(http, keys: Self.httpKeys, in: "`source.http:`")
        var streams: [Service.Stream] = []
        if let entries = root["streams"]?.entries {
            for entry in entries {
                check(entry.value, keys: Self.streamKeys, in: "`streams.\(entry.key):`")
                if let own = entry.value["http"] {
                    check(own, keys: Self.requestKeys, in: "`streams.\(entry.key).http:`")
                }
                let stream = stream(
                    entry.key, mappingName: "\(name)-\(entry.key)", root, entry.value,
                    http: Self.merged(http, entry.value["http"]))
                if let stream { streams.append(stream) }
            }
            for key in ["records", "skip", "sync", "emit", "totals"] {
                guard let node = root[key] else { continue }
                fail("MAPPING-KEY", node, "`\(key):` belongs to a stream here", "Move it below one of `streams:`.")
            }
        } else if let stream = stream(name, mappingName: name, root, root, http: http) {
            streams.append(stream)
        }
        if streams.isEmpty, faults.isEmpty {
            fail("MAPPING-MISSING", root, "there is no stream", "Add `streams:`, or `get:`, `records:` and `emit:`.")
        }
        return Service(
            name: name, summary: root["description"]?.scalar, tested: tested(root),
            documentation: texts(
                root["documentation"]), config: config, configNotes: notes(root["config"]), streams: streams,
            alternatives: alternatives(http), push: push(root["push"], http),
            pdf: document(root["pdf"], http))
    }

    private func notes(_ config: Node?) -> [String: String] {
        let pairs = (config?.entries ?? []).compactMap { entry in
            entry.value["description"]?.scalar.map { (entry.key, $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private mutating func tested(_ root: Node) -> Service.Tested {
        if let known = root["tested"]?.scalar.flatMap(Service.Tested.init) { return known }
        fail(
            "MAPPING-MISSING", root["tested"] ?? root, "`tested:` is live, specification or documentation",
            "Say how the mapping was proved; when in doubt, `tested: documentation`.")
        return .documentation
    }

    /// The stream's keys over those of the whole source; headers are joined.
    private static func merged(_ common: Node, _ own: Node?) -> Node {
        guard let own, let ownEntries = own.entries, var entries = common.entries else { return common }
        for entry in ownEntries {
            guard let index = entries.firstIndex(where: { $0.key == entry.key }) else {
                entries.append(entry)
                continue
            }
            if entry.key == "headers", let shared = entries[index].value.entries, let more = entry.value.entries {
                let kept = shared.filter { line in !more.contains { $0.key.lowercased() == line.key.lowercased() } }
                entries[index].value.value = .map(kept + more)
            } else {
                entries[index] = entry
            }
        }
        // A stream that says `get:` does not inherit a `post:`, and the other way round.
        let method = ownEntries.first { $0.key == "get" || $0.key == "post" }?.key
        if let method { entries.removeAll { ($0.key == "get" || $0.key == "post") && $0.key != method } }
        var whole = common
        whole.value = .map(entries)
        return whole
    }

    private mutating func stream(
        _ name: String, mappingName: String, _ root: Node, _ node: Node, http: Node
    ) -> Service.Stream? {
        let format: Mapping.FileFormat =
            http["format"]?.scalar.flatMap(Mapping.FileFormat.init) ?? (http["xml"] == nil ? .json : .xml)
        guard format == .json || format == .xml else {
            fail("MAPPING-VALUE", http, "`format:` of an answer is json or xml", "Correct the format.")
            return nil
        }
        guard let mapping = mapping(mappingName, root, node, http, format) else { return nil }
        guard let shape = shape(http, base: http["base"], needsMethod: true) else { return nil }
        let sync = sync(node["sync"], read: node["read"] ?? root["read"], mapping)
        let paging = paging(http["page"], http)
        return Service.Stream(
            name: name, mapping: mapping, format: format, shape: shape, auth: auth(http["auth"], http),
            limits: limits(http["limits"]), paging: paging,
            stopsWhenOlder: http["stop"]?["when_older"]?.scalar == "true", window: window(http["window"]),
            attach: attach(http["attach"], http), inner: http["inner"].flatMap { path($0) },
            ok: http["ok"].flatMap { bodyCondition($0, "ok") }, errors: errors(http["errors"]), sync: sync)
    }

    /// The part that turns records into documents, compiled as for a file of the same format.
    private mutating func mapping(
        _ name: String, _ root: Node, _ node: Node, _ http: Node, _ format: Mapping.FileFormat
    ) -> Mapping? {
        var file: [(String, Node)] = [("format", .text(format.rawValue))]
        if let namespaces = http["namespaces"] { file.append(("namespaces", namespaces)) }
        var entries: [(String, Node)] = [
            ("mapping", root["mapping"] ?? .null), ("name", .text(name)),
            ("source", .object([("file", .object(file))])),
        ]
        if let config = root["config"] { entries.append(("config", config)) }
        for key in ["read", "records", "skip", "emit", "totals"] {
            if let value = node[key] ?? (key == "read" ? root[key] : nil) { entries.append((key, value)) }
        }
        // The rest of it is about asking, not about records.
        if let mode = node["sync"]?["mode"] { entries.append(("sync", .object([("mode", mode)]))) }
        var whole = Node.object(entries)
        (whole.line, whole.column) = (node.line, node.column)
        let (mapping, problems) = Mapping.compile(whole)
        faults += problems.filter { !faults.contains($0) }
        return mapping
    }

    // MARK: What the parts share

    mutating func fail(_ code: String, _ node: Node, _ message: String, _ hint: String) {
        let at: Position = node.line > 0 ? .line(node.line, column: node.column) : .file
        faults.append(Fault(code, .refusal, at: at, message, hint: hint))
    }

    mutating func check(_ node: Node, keys: [String], in place: String) {
        guard let entries = node.entries else {
            fail("MAPPING-VALUE", node, "\(place) is a map, this is \(node.kind)", "Write `key: value` lines.")
            return
        }
        for entry in entries where !keys.contains(entry.key) {
            let near = MappingCompiler.nearest(entry.key, in: keys).map { "Did you mean `\($0):`?" }
            let at: Position = entry.line > 0 ? .line(entry.line, column: entry.column) : .file
            faults.append(
                Fault(
                    "MAPPING-KEY", .refusal, at: at, "`\(entry.key):` has no meaning in \(place)",
                    hint: near ?? "Known keys: \(keys.joined(separator: ", "))."))
        }
    }

    func texts(_ node: Node?) -> [String] {
        guard let node, !node.isNull else { return [] }
        return node.items?.compactMap(\.scalar) ?? node.scalar.map { [$0] } ?? []
    }

    mutating func path(_ node: Node) -> Path? {
        if let text = node.scalar, let path = Path.tree(text) { return path }
        fail(
            "MAPPING-PATH", node, "\"\(node.scalar ?? node.kind)\" is no path",
            "Use steps split by `/`, `[k=v]`, `*` or `@name`.")
        return nil
    }

    mutating func whole(_ node: Node, _ what: String, in range: ClosedRange<Int> = 0...1_000_000) -> Int {
        if let number = Int(node.scalar ?? ""), range.contains(number) { return number }
        fail("MAPPING-VALUE", node, "\(what) is a whole number", "Correct the number.")
        return range.lowerBound
    }

    /// `60s`, `5m`, `2h`, `90d` in milliseconds.
    mutating func duration(_ node: Node) -> Int64 {
        if let text = node.scalar, let milliseconds = Self.milliseconds(text) { return milliseconds }
        fail(
            "MAPPING-VALUE", node, "\"\(node.scalar ?? node.kind)\" is no duration",
            "Write for example 60s, 5m, 2h or 90d.")
        return 0
    }

    static func milliseconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let last = text.last, let unit = units[last], let number = Int64(text.dropLast()), number >= 0,
            number <= 100_000
        else { return nil }
        return number * unit
    }

    /// A text with places for values; every name must be known.
    mutating func text(_ node: Node, _ what: String) -> RequestText? {
        guard let scalar = node.isNull ? "" : node.scalar, let text = RequestText(scalar) else {
            fail("MAPPING-VALUE", node, "\(what) is a text with `$(name)` in it", "Close every `$(`.")
            return nil
        }
        checkNames(text, node)
        return text
    }

    mutating func checkNames(_ text: RequestText, _ node: Node) {
        for piece in text.pieces {
            guard case .value(let name, let format) = piece else { continue }
            let isRaw = format == "raw" && name.hasPrefix("config.")
            if let format, !isRaw, !["base64", "fields", "lower"].contains(format), !RequestText.isPart(format),
                TimeFormat(format) == nil
            {
                fail("MAPPING-DATE", node, "\"\(format)\" is no date format", "Use iso, http, epoch_s or a pattern.")
            }
            if name.hasPrefix("secret.") || name.hasPrefix("session.") || known.contains(name) { continue }
            if Self.names.contains(name) { continue }
            if name.hasPrefix("config.") {
                let own = String(name.dropFirst(7))
                if own == "home_currency" || config.contains(where: { $0.name == own }) { continue }
                fail("MAPPING-CONFIG", node, "`config.\(own)` is not declared", "Add it under `config:`.")
            } else {
                fail(
                    "MAPPING-VALUE", node, "`$(\(name))` has no meaning here", "Use config.*, secret.*, since or page.")
            }
        }
    }

    private static let names = ["since", "until", "now", "page", "offset", "size", "from", "to", "ids"]
}
