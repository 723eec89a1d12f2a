// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

extension Mapping {
    /// Checks and compiles a mapping's tree; every error at once, each with line and column.
    /// - Returns: The mapping when there is no fault of severity `.refusal`, and the faults.
    package static func compile(_ root: Node) -> (Mapping?, [Fault]) {
        var compiler = MappingCompiler()
        let mapping = compiler.mapping(root)
        let failed = compiler.faults.contains { $0.severity == .refusal }
        return (failed ? nil : mapping, compiler.faults)
    }
}

/// Turns nodes into rules and gathers what is wrong; one value per mapping.
struct MappingCompiler {
    private(set) var faults: [Fault] = []
    /// Tables take a path's text as the header itself.
    private(set) var isTable = true
    private(set) var paths: [Path] = []
    private(set) var patterns: [String] = []
    private(set) var unsettledAmounts: [Int] = []
    private(set) var unsettledDates: [Int] = []
    var amount: AmountConvention?
    var date: DateConvention?
    private var config: [Mapping.Setting] = []
    /// Prefixes of namespaces that paths may use; nil where `:` is a letter like any other (JSON).
    private var prefixes: Set<String>?

    mutating func mapping(_ root: Node) -> Mapping? {
        guard root.entries != nil else {
            fail("MAPPING-VALUE", root, "a mapping is a map of keys, this is \(root.kind)", "Start with `mapping: 1`.")
            return nil
        }
        check(root, keys: Grammar.mapping, in: "a mapping")
        guard refuseRemote(root) else { return nil }
        if root["mapping"]?.scalar != "1" {
            fail(
                "MAPPING-VERSION", root["mapping"] ?? root, "`mapping:` must be 1",
                "Write `mapping: 1` as the first line.")
        }
        let name = root["name"]?.scalar ?? ""
        if !Self.isName(name) {
            fail(
                "MAPPING-NAME", root["name"] ?? root, "`name:` must be letters, digits and hyphens",
                "Give the mapping a unique name, for example `name: exact-receivables`.")
        }
        readConfig(root["config"])
        let source = source(root)
        let nulls = read(root["read"])
        let sync = sync(root["sync"])
        let records = recordsPath(root["records"])
        let emissions = emissions(root)
        let totals = totals(root["totals"], emissions)
        let skip = root["skip"].flatMap { condition($0, "skip") }
        checkOptional(root, source.optional)
        return Mapping(
            name: name, source: source, sync: sync, examples: examples(root["tests"]), config: config,
            amount: amount, date: date, zone: root["read"]?["zone"]?.scalar, nulls: nulls, records: records,
            paths: paths, unsettledAmounts: unsettledAmounts, unsettledDates: unsettledDates,
            patterns: patterns, skip: skip, totals: totals, emissions: emissions)
    }

    /// One fault instead of dozens for a mapping that describes a service.
    private mutating func refuseRemote(_ root: Node) -> Bool {
        let remote = [("http", root["source"]?["http"]), ("push", root["push"]), ("pdf", root["pdf"])]
        for (key, node) in remote {
            guard let node else { continue }
            fail(
                "MAPPING-NOT-FILE", node, "`\(key):` makes this a REST mapping, not a file mapping",
                "Use it as a source (`sync`); for files write `source: { file: … }`.")
            return false
        }
        return true
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
    }

    // MARK: Blocks

    private mutating func source(_ root: Node) -> Mapping.Source {
        var source = Mapping.Source()
        guard let node = root["source"], let file = node["file"] else {
            fail(
                "MAPPING-MISSING", root["source"] ?? root, "`source: { file: … }` is missing",
                "Say what the file is, for example `source: { file: { format: csv } }`.")
            return source
        }
        check(node, keys: Grammar.source, in: "`source:`")
        check(file, keys: Grammar.file, in: "`source.file:`")
        source.match = file["match"]?.scalar
        if let format = file["format"] {
            if let known = Mapping.FileFormat(rawValue: format.scalar ?? "") {
                source.format = known
            } else {
                fail("MAPPING-VALUE", format, "`format:` is csv, xlsx, xml or json", "Correct the format.")
            }
        }
        isTable = source.format == .csv || source.format == .xlsx
        tablesOnly(file)
        source.encodings = texts(file["encoding"])
        for name in source.encodings where !Grammar.encodings.contains(name.lowercased()) {
            fail(
                "MAPPING-VALUE", file["encoding"] ?? file, "the encoding \"\(name)\" is not known",
                Self.nearest(name.lowercased(), in: Grammar.encodings).map { "Did you mean `\($0)`?" }
                    ?? "Known are utf-8, utf-16, windows-1252, windows-1250, iso-8859-1, iso-8859-15, ibm850 and ibm437."
            )
        }
        source.sheet = file["sheet"]?.scalar
        word(file["done"], "done", Grammar.done)
        source.delimiter = mark(file["delimiter"], "delimiter", allowed: ",;\t|:^~")
        source.quote = mark(file["quote"], "quote", allowed: "\"'")
        if let row = file["header_row"] {
            source.headerRow = whole(row, "header_row", most: 1000)
        }
        if let columns = file["columns"] { source.columns = self.columns(columns) }
        source.optional = optional(file, source.columns)
        for entry in file["namespaces"]?.entries ?? [] {
            source.namespaces[entry.key] = entry.value.scalar
        }
        if source.format == .xml { prefixes = Set(source.namespaces.keys) }
        return source
    }

    /// What says nothing about a file of this format is a mistake, not a decoration.
    private mutating func tablesOnly(_ file: Node) {
        let format = file["format"]?.scalar ?? "csv"
        let foreign =
            switch format {
            case "csv": ["sheet", "namespaces"]
            case "xlsx": ["namespaces", "encoding", "delimiter", "quote"]
            case "json": ["sheet", "namespaces", "encoding", "delimiter", "quote", "header_row", "columns", "optional"]
            case "xml": ["sheet", "encoding", "delimiter", "quote", "header_row", "columns", "optional"]
            default: [String]()
            }
        for entry in file.entries ?? [] where foreign.contains(entry.key) {
            fail("MAPPING-KEY", entry, "`\(entry.key):` has no meaning for a file of format \(format)", "Take it away.")
        }
    }

    private mutating func columns(_ node: Node) -> Mapping.Columns {
        if node.items != nil { return .these(texts(node)) }
        switch node.scalar {
        case "exact": return .exact
        case "superset": return .superset
        default:
            fail(
                "MAPPING-VALUE", node, "`columns:` is exact, superset, or the list of columns that must be there",
                "Write for example `columns: [number, total]`.")
            return .superset
        }
    }

    private mutating func optional(_ file: Node, _ columns: Mapping.Columns) -> [String] {
        guard let node = file["optional"] else { return [] }
        if case .these = columns {
            fail(
                "MAPPING-VALUE", node, "`optional:` says nothing beside a list of `columns:`, where the others are it",
                "Keep one of the two.")
        }
        return texts(node)
    }

    /// A column that may be absent and that no rule reads is a name misspelt.
    private mutating func checkOptional(_ root: Node, _ names: [String]) {
        let node = root["source"]?["file"]?["optional"]
        let read = paths.compactMap { path -> String? in
            switch path.column {
            case .header(let name), .nth(_, let name): name
            case .index: nil
            }
        }
        for (index, name) in names.enumerated() where !read.contains(name) {
            fail(
                "MAPPING-VALUE", node?[index] ?? node ?? root, "`optional:` names \"\(name)\", and no rule reads it",
                Self.nearest(name, in: read).map { "Did you mean `\($0)`?" } ?? "Take the name away.")
        }
    }

    private mutating func mark(_ node: Node?, _ key: String, allowed: String) -> UInt8? {
        guard let node else { return nil }
        let text = node.scalar == "tab" || node.scalar == "\\t" ? "\t" : node.scalar ?? ""
        guard let first = text.utf8.first, text.utf8.count == 1, allowed.utf8.contains(first) else {
            fail(
                "MAPPING-VALUE", node, "`\(key):` is one character", "Write for example `\(key): \";\"`, or `tab`.")
            return nil
        }
        return first
    }

    private mutating func whole(_ node: Node, _ key: String, most: Int) -> Int? {
        if let number = Int(node.scalar ?? ""), number >= 0, number <= most { return number }
        fail("MAPPING-VALUE", node, "`\(key):` is a whole number from 0 to \(most)", "Correct the number.")
        return nil
    }

    private mutating func readConfig(_ node: Node?) {
        for entry in node?.entries ?? [] {
            check(entry.value, keys: Grammar.config, in: "`config.\(entry.key):`")
            word(entry.value["type"], "type", Grammar.configTypes)
            let setting = Mapping.Setting(
                name: entry.key, type: entry.value["type"]?.scalar ?? "text", fallback: entry.value["default"]?.scalar)
            if let fallback = setting.fallback, let place = entry.value["default"], !setting.accepts(fallback) {
                fail(
                    "MAPPING-VALUE", place, "\"\(fallback)\" is no \(setting.type)", "Correct the default or the type.")
            }
            config.append(setting)
        }
    }

    /// `read:`; what is not declared stays nil and is settled from the columns.
    private mutating func read(_ node: Node?) -> [[UInt8]] {
        guard let node else { return [] }
        check(node, keys: Grammar.read, in: "`read:`")
        amount = convention(node)
        if let text = node["date"] { date = dateConvention(text) }
        return texts(node["nulls"]).map { Array($0.utf8) }
    }

    private mutating func sync(_ node: Node?) -> Mapping.Sync {
        guard let node else { return .full }
        check(node, keys: Grammar.sync, in: "`sync:`")
        for key in ["overlap", "retention"] { node[key].map { duration($0, key) } }
        guard let mode = node["mode"] else { return .full }
        if let known = Mapping.Sync(rawValue: mode.scalar ?? "") { return known }
        fail("MAPPING-VALUE", mode, "`mode:` is full, incremental or open_snapshot", "Correct the mode.")
        return .full
    }

    private mutating func recordsPath(_ node: Node?) -> Path? {
        guard let node else {
            return nil
        }
        guard !isTable else {
            fail("MAPPING-VALUE", node, "`records:` is for trees; a table's records are its rows", "Leave it out.")
            return nil
        }
        guard let text = node.scalar, let index = path(text, at: node) else {
            if node.scalar == nil {
                fail("MAPPING-PATH", node, "`records:` is a path such as value/*", "Correct the path.")
            }
            return nil
        }
        return paths[index]
    }

    private mutating func totals(_ node: Node?, _ emissions: [Emission]) -> Mapping.Totals? {
        guard let node else { return nil }
        check(node, keys: Grammar.totals, in: "`totals:`")
        guard let place = node["where"], let when = condition(place, "totals.where") else {
            fail("MAPPING-MISSING", node, "`totals:` needs `where:`", "Say which row is the total row.")
            return nil
        }
        var checks: [(target: Target, rule: Rule)] = []
        for entry in node["check"]?.entries ?? [] {
            let known = emissions.first?.entity.targets ?? []
            guard let target = Target(rawValue: entry.key), target.kind == .money, known.contains(target) else {
                fail(
                    "MAPPING-TARGET", entry, "`check: { \(entry.key): … }` is no amount the mapping emits",
                    "Name an amount target, for example `open`.")
                continue
            }
            if let rule = rule(entry.value, kind: .money) { checks.append((target, rule)) }
        }
        return Mapping.Totals(when: when, checks: checks)
    }

    private mutating func examples(_ node: Node?) -> [Mapping.Example] {
        var examples: [Mapping.Example] = []
        for item in node?.items ?? [] {
            check(item, keys: Grammar.tests, in: "`tests:`")
            guard let input = item["in"]?.scalar, let output = item["out"]?.scalar else {
                fail("MAPPING-MISSING", item, "a test needs `in:` and `out:`", "Name the two files.")
                continue
            }
            examples.append(Mapping.Example(input: input, output: output))
        }
        return examples
    }

    // MARK: What the parts share

    mutating func fail(_ code: String, _ node: Node, _ message: String, _ hint: String) {
        faults.append(Fault(code, .refusal, at: Self.position(node.line, node.column), message, hint: hint))
    }

    /// What compiles, and should be looked at.
    mutating func warn(_ code: String, _ entry: Node.Entry, _ message: String, _ hint: String) {
        faults.append(Fault(code, .warning, at: Self.position(entry.line, entry.column), message, hint: hint))
    }

    mutating func fail(_ code: String, _ entry: Node.Entry, _ message: String, _ hint: String) {
        faults.append(Fault(code, .refusal, at: Self.position(entry.line, entry.column), message, hint: hint))
    }

    private static func position(_ line: Int, _ column: Int) -> Position {
        line > 0 ? .line(line, column: column) : .file
    }

    /// Refuses keys that are not in the list, with the nearest one that is.
    mutating func check(_ node: Node, keys: [String], in place: String) {
        guard let entries = node.entries else {
            fail("MAPPING-VALUE", node, "\(place) is a map, this is \(node.kind)", "Write `key: value` lines.")
            return
        }
        for entry in entries where !keys.contains(entry.key) {
            let near = Self.nearest(entry.key, in: keys).map { "Did you mean `\($0):`?" }
            fail(
                "MAPPING-KEY", entry, "`\(entry.key):` has no meaning in \(place)",
                near ?? "Known keys: \(keys.joined(separator: ", ")).")
        }
    }

    /// A scalar or a list of scalars.
    mutating func texts(_ node: Node?) -> [String] {
        guard let node else { return [] }
        if let items = node.items { return items.compactMap { $0.isNull ? "" : $0.scalar } }
        if node.isNull { return [] }
        return node.scalar.map { [$0] } ?? []
    }

    /// The index of a path, kept once per mapping.
    mutating func path(_ text: String, at node: Node) -> Int? {
        guard let path = isTable ? Path.table(text) : Path.tree(text) else {
            fail(
                "MAPPING-PATH", node, "\"\(text)\" is no path", "Use steps split by `/`, `[k=v]`, `*`, `^` or `@name`.")
            return nil
        }
        if let prefixes, let unknown = path.prefixes.first(where: { !prefixes.contains($0) }) {
            fail(
                "MAPPING-PATH", node, "the prefix `\(unknown):` is not declared",
                "Add it to `namespaces:` of `source.file`, or leave it out: names without a prefix fit any namespace.")
            return nil
        }
        if let known = paths.firstIndex(of: path) { return known }
        paths.append(path)
        return paths.count - 1
    }

    mutating func note(_ path: Int, asAmount: Bool) {
        if asAmount {
            if !unsettledAmounts.contains(path) { unsettledAmounts.append(path) }
        } else if !unsettledDates.contains(path) {
            unsettledDates.append(path)
        }
    }

    mutating func pattern(_ text: String) -> Int {
        patterns.append(text)
        return patterns.count - 1
    }

    func isDeclared(config name: String) -> Bool {
        name == "home_currency" || config.contains { $0.name == name }
    }
}
