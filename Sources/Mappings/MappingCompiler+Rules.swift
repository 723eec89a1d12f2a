// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees
import _StringProcessing

extension MappingCompiler {
    mutating func emissions(_ root: Node) -> [Emission] {
        guard let emit = root["emit"], let entries = emit.entries, !entries.isEmpty else {
            fail(
                "MAPPING-MISSING", root["emit"] ?? root, "`emit:` is missing or empty",
                "Say what a record becomes, for example `emit: { invoice: { fields: … } }`.")
            return []
        }
        return entries.compactMap { emission($0) }
    }

    private mutating func emission(_ entry: Node.Entry) -> Emission? {
        guard let entity = Entity(rawValue: entry.key) else {
            let near = Self.nearest(entry.key, in: Entity.allCases.map(\.rawValue))
            fail(
                "MAPPING-TARGET", entry, "`\(entry.key):` is nothing a mapping can emit",
                near.map { "Did you mean `\($0):`?" }
                    ?? "Known: \(Entity.allCases.map(\.rawValue).joined(separator: ", ")).")
            return nil
        }
        let node = entry.value
        check(node, keys: Grammar.emission, in: "`emit.\(entry.key):`")
        var emission = Emission(entity: entity, key: [], fields: [], elements: [])
        for name in texts(node["key"]) {
            if let target = entity.target(name).target {
                emission.key.append(target)
            } else {
                fail(
                    "MAPPING-TARGET", node["key"] ?? node, "key `\(name)` is no target of \(entity)",
                    "Correct the name.")
            }
        }
        emission.when = node["when"].flatMap { condition($0, "when") }
        if let each = node["each"], let text = each.scalar, text != "." { emission.each = path(text, at: each) }
        for field in node["fields"]?.entries ?? [] { add(field, to: &emission) }
        emission.currency = emission.fields.firstIndex { $0.target == .currency }
        let present = Set(emission.fields.map(\.target))
        var missing = entity.required.filter { !present.contains($0) }.map(\.rawValue)
        if entity == .payment, missing == ["booked_on"], present.contains(.amount) {
            warn(
                "MAPPING-MISSING", entry, "`payment` has no rule for booked_on: each record will be at fault",
                "Add the rule once the source delivers the day; a day is never made up.")
            missing = []
        }
        if !missing.isEmpty {
            fail(
                "MAPPING-MISSING", entry, "`\(entity)` has no rule for \(missing.joined(separator: ", "))",
                "Add the rule; without it no \(entity) can be made.")
        }
        if entity == .invoice, present.isDisjoint(with: [.total, .open, .payable]) {
            fail(
                "MAPPING-MISSING", entry, "`invoice` has no rule for total, payable or open",
                "Add at least one amount.")
        }
        return emission
    }

    private mutating func add(_ field: Node.Entry, to emission: inout Emission) {
        let (found, now) = emission.entity.target(field.key)
        guard let target = found else {
            let names = emission.entity.targets.map(\.rawValue)
            let near = Self.nearest(field.key, in: names)
            fail(
                "MAPPING-TARGET", field, "`\(field.key):` is no target of \(emission.entity)",
                near.map { "Did you mean `\($0):`?" } ?? "Known: \(names.joined(separator: ", ")).")
            return
        }
        if let now {
            warn(
                "MAPPING-RENAMED", field, "`\(field.key):` is now `\(now):`",
                "Write `\(now):`; the old name still works.")
        }
        guard target.kind == .list else {
            if let rule = rule(field.value, kind: target.kind) {
                emission.fields.append(Emission.Field(target: target, rule: rule))
            }
            return
        }
        for node in field.value.items ?? [field.value] {
            if let element = element(target, node) { emission.elements.append(element) }
        }
    }

    private mutating func element(_ target: Target, _ node: Node) -> Emission.Element? {
        guard let entries = node.entries, let each = node["each"], let place = each.scalar else {
            fail(
                "MAPPING-RULE", node, "`\(target.rawValue):` is a list: it needs `each:`",
                "Write for example `{ each: \".\", until: …, percent: … }`.")
            return nil
        }
        var element = Emission.Element(target: target, fields: [])
        if place != "." {
            if isTable {
                fail(
                    "MAPPING-RULE", each, "in a table `each:` can only be \".\", the row itself", "Write `each: \".\"`."
                )
            }
            element.each = path(place, at: each)
        }
        for entry in entries where entry.key != "each" {
            guard let part = Target(rawValue: entry.key), target.elements.contains(part) else {
                fail(
                    "MAPPING-TARGET", entry, "`\(entry.key):` is no part of \(target.rawValue)",
                    "Known: \(target.elements.map(\.rawValue).joined(separator: ", ")).")
                continue
            }
            if let rule = rule(entry.value, kind: part.kind) {
                element.fields.append(Emission.Field(target: part, rule: rule))
            }
        }
        return element
    }

    // MARK: Value rules

    mutating func rule(_ node: Node, kind: Target.Kind) -> Rule? {
        if node.isNull {
            fail(
                "MAPPING-RULE", node, "this target has no rule",
                "Name a column; `#3` is a comment, the third column is `$3`.")
            return nil
        }
        if let items = node.items {
            let rules = items.compactMap { rule($0, kind: kind) }
            return rules.count == items.count ? Rule(source: .coalesce(rules)) : nil
        }
        guard node.entries != nil else { return plain(node, kind) }
        check(node, keys: Grammar.rule, in: "a rule")
        let flags = flags(node, kind)
        let sources = Grammar.ruleSources.filter { node[$0] != nil }
        guard sources.count == 1, let key = sources.first, let value = node[key] else {
            fail(
                "MAPPING-RULE", node, "a rule has exactly one of \(Grammar.ruleSources.joined(separator: ", "))",
                "Keep one of them.")
            return nil
        }
        guard let source = source(key, value, kind, settled: flags) else { return nil }
        return Rule(source: source, flags: flags)
    }

    private mutating func plain(_ node: Node, _ kind: Target.Kind, settled: Rule.Flags? = nil) -> Rule? {
        guard let text = node.scalar, let index = path(text, at: node) else { return nil }
        switch kind {
        case .money, .decimal: if amount == nil, settled?.amount == nil { note(index, asAmount: true) }
        case .date, .timestamp: if date == nil, settled?.date == nil { note(index, asAmount: false) }
        default: break
        }
        return Rule(source: .path(index))
    }

    private mutating func source(
        _ key: String, _ value: Node, _ kind: Target.Kind, settled flags: Rule.Flags
    ) -> Rule.Source? {
        switch key {
        case "from":
            if let items = value.items {
                let rules = items.compactMap { $0.entries == nil ? plain($0, kind, settled: flags) : nil }
                guard rules.count == items.count else {
                    fail("MAPPING-RULE", value, "`from:` is a path or a list of paths", "Name columns only.")
                    return nil
                }
                return .coalesce(rules)
            }
            guard value.entries == nil, !value.isNull else {
                fail("MAPPING-RULE", value, "`from:` is a path or a list of paths", "Name columns only.")
                return nil
            }
            return plain(value, kind, settled: flags)?.source
        case "const": return value.scalar.map { .constant(template($0, value, pathsAllowed: false)) }
        case "join":
            guard [.text, .identifier, .currency].contains(kind) else {
                fail("MAPPING-RULE", value, "`join:` makes text, and this target is no text", "Use `from:` or `calc:`.")
                return nil
            }
            return value.scalar.map { .join(template($0, value, pathsAllowed: true)) }
        case "calc":
            guard kind == .money || kind == .decimal else {
                fail(
                    "MAPPING-RULE", value, "`calc:` makes a decimal, and this target is none", "Use `from:` or `join:`."
                )
                return nil
            }
            return calc(value, settled: flags)
        case "preamble", "file_name": return aside(key, value)
        default: return first(value, kind)
        }
    }

    private mutating func aside(_ key: String, _ value: Node) -> Rule.Source? {
        guard let aside = Rule.Aside(rawValue: key), let pattern = regex(value, key) else { return nil }
        if aside == .preamble, !isTable {
            fail("MAPPING-RULE", value, "`preamble:` is for tables; a tree has no lines above it", "Use a path.")
            return nil
        }
        return .aside(aside, pattern)
    }

    /// `$(Soll) - $(Haben)`: exact decimals, only + and −.
    private mutating func calc(_ node: Node, settled flags: Rule.Flags) -> Rule.Source? {
        let template = template(node.scalar ?? "", node, pathsAllowed: true)
        var terms: [Rule.Term] = []
        var negative = false
        var expectsTerm = true
        var isSound = true
        for piece in template.pieces {
            switch piece {
            case .path(let path) where expectsTerm:
                if amount == nil, flags.amount == nil { note(path, asAmount: true) }
                terms.append(Rule.Term(negative: negative, path: path))
                expectsTerm = false
            case .literal(let text):
                let sign = text.filter { $0 != " " }
                if sign != "+" && sign != "-" || expectsTerm && !terms.isEmpty { isSound = false }
                negative = sign == "-"
                expectsTerm = true
            default: isSound = false
            }
        }
        if isSound, !terms.isEmpty, !expectsTerm { return .calc(terms) }
        fail(
            "MAPPING-RULE", node, "`calc:` is columns with + or - between them",
            "Write for example `{ calc: $(Soll) - $(Haben) }`.")
        return nil
    }

    private mutating func first(_ node: Node, _ kind: Target.Kind) -> Rule.Source? {
        guard let items = node.items, !items.isEmpty else {
            fail("MAPPING-RULE", node, "`first:` is a list of branches", "Write `- { when: { … }, from: … }` lines.")
            return nil
        }
        var branches: [Rule.Branch] = []
        for item in items {
            guard let entries = item.entries else {
                fail("MAPPING-RULE", item, "a branch is a map with `when:` and a rule", "Correct the branch.")
                continue
            }
            let when = item["when"].flatMap { condition($0, "when") }
            var bare = item
            bare.value = .map(entries.filter { $0.key != "when" })
            if let rule = rule(bare, kind: kind) { branches.append(Rule.Branch(when: when, rule: rule)) }
        }
        return branches.isEmpty ? nil : .first(branches)
    }

    // MARK: Flags

    private mutating func flags(_ node: Node, _ kind: Target.Kind) -> Rule.Flags {
        var flags = Rule.Flags()
        flags.required = flag(node["required"])
        flags.trim = flag(node["trim"])
        flags.upper = flag(node["upper"])
        flags.abs = flag(node["abs"])
        flags.negate = flag(node["negate"])
        flags.minor = flag(node["minor"])
        flags.nullIf = texts(node["null_if"]).map { Array($0.utf8) }
        flags.negateWhen = node["negate_when"].flatMap { condition($0, "negate_when") }
        flags.amount = convention(node)
        if let date = node["date"] { flags.date = dateConvention(date) }
        if let text = node["default"]?.scalar, let place = node["default"] {
            flags.fallback = template(text, place, pathsAllowed: false)
        }
        if let map = node["map"] { add(map, to: &flags) }
        if let match = node["match"] { flags.match = regex(match, "match") }
        let signs = flags.abs || flags.negate || flags.minor || flags.negateWhen != nil || flags.amount != nil
        if signs, kind != .money, kind != .decimal, kind != .integer {
            fail(
                "MAPPING-RULE", node, "abs, negate, negate_when, minor and decimal are for amounts",
                "Take the flag away; this target is no amount.")
        }
        if flags.date != nil, kind != .date, kind != .timestamp {
            fail("MAPPING-RULE", node, "`date:` is for days and times", "Take the flag away.")
        }
        return flags
    }

    private mutating func add(_ node: Node, to flags: inout Rule.Flags) {
        guard let entries = node.entries else {
            fail("MAPPING-RULE", node, "`map:` is a map of values", "Write `map: { RE: invoice, GU: credit_note }`.")
            return
        }
        var map: [(from: [UInt8], to: String)] = []
        for entry in entries {
            let text = entry.value.isNull ? "" : entry.value.scalar ?? ""
            if entry.key == "*" { flags.mapOther = text } else { map.append((Array(entry.key.utf8), text)) }
        }
        flags.map = map
    }

    private mutating func flag(_ node: Node?) -> Bool {
        guard let node else { return false }
        switch node.scalar {
        case "true": return true
        case "false": return false
        default:
            fail("MAPPING-VALUE", node, "a flag is true or false", "Write `true`.")
            return false
        }
    }

    /// Swift's own `Regex`, from the standard library; tried here so that a bad one is a compile error.
    private mutating func regex(_ node: Node, _ key: String) -> Int? {
        let text = node.scalar ?? ""
        guard let regex = try? Regex(text) else {
            fail("MAPPING-REGEX", node, "\"\(text)\" is no regular expression", "Correct it; quote it in YAML.")
            return nil
        }
        let groups = Self.groups(text)
        guard groups == 1 else {
            fail(
                "MAPPING-REGEX", node, "`\(key):` has \(groups) groups, it needs one",
                "Put ( ) around the part to keep.")
            return nil
        }
        _ = regex
        return pattern(text)
    }

    private static func groups(_ text: String) -> Int {
        var count = 0
        var escaped = false
        var inClass = false
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if escaped {
                escaped = false
            } else if byte == 0x5C {
                escaped = true
            } else if byte == 0x5B {
                inClass = true
            } else if byte == 0x5D {
                inClass = false
            } else if byte == 0x28, !inClass {
                if index + 1 >= bytes.count || bytes[index + 1] != 0x3F { count += 1 }
            }
        }
        return count
    }
}
