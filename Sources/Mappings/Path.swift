// SPDX-License-Identifier: Apache-2.0
package import Trees

/// Where a value stands in a record: a column of a table, or steps through a tree.
package struct Path: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case here, parent, all
        case key(String)
        /// The item at this place of a list, from 1.
        case place(Int)
        /// Keeps the items whose child or attribute has this text.
        case filter(String, String)
    }

    enum Column: Hashable, Sendable {
        case header(String)
        /// `$3` is index 2.
        case index(Int)
        /// `$2:Amount` is the second column of that name.
        case nth(Int, String)
    }

    /// As the mapping writes it.
    package let text: String
    let column: Column
    let steps: [Step]

    /// For a table the text is the header itself, whatever characters it has; `$3` is the third column, `$2:Amount`
    /// the second `Amount`.
    static func table(_ text: String) -> Path {
        let digits = text.dropFirst()
        if text.first == "$", let number = Int(digits), number >= 1, number <= 1000 {
            return Path(text: text, column: .index(number - 1), steps: [])
        }
        if text.first == "$", let colon = digits.firstIndex(of: ":"), let number = Int(digits[..<colon]),
            number >= 1, number <= 1000, digits.index(after: colon) < digits.endIndex
        {
            return Path(text: text, column: .nth(number, String(digits[digits.index(after: colon)...])), steps: [])
        }
        return Path(text: text, column: .header(text), steps: [])
    }

    /// Steps split by `/`; nil for an empty step or an unclosed filter.
    static func tree(_ text: String) -> Path? {
        var steps: [Step] = []
        let rooted = text.hasPrefix("/") ? String(text.dropFirst()) : text
        for part in split(rooted) {
            guard let step = step(part) else { return nil }
            steps.append(contentsOf: step)
        }
        return steps.isEmpty ? nil : Path(text: text, column: .header(text), steps: steps)
    }

    /// The namespace prefixes of its steps and filters.
    var prefixes: [String] {
        steps.compactMap { step in
            let name: String
            switch step {
            case .key(let key): name = key
            case .filter(let key, _): name = key
            case .here, .parent, .all, .place: return nil
            }
            let plain = name.hasPrefix("@") ? name.dropFirst() : name[...]
            return plain.firstIndex(of: ":").map { String(plain[..<$0]) }
        }
    }

    /// Steps up to enclosing records.
    var climbs: Int { steps.count { $0 == .parent } }

    /// At `/`, but not inside `[…]`.
    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var depth = 0
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "[": depth += 1
            case "]": depth -= 1
            case "/" where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        parts.append(text[start...])
        return parts
    }

    private static func step(_ part: Substring) -> [Step]? {
        switch part {
        case "": return nil
        case ".": return [.here]
        case "^": return [.parent]
        case "*": return [.all]
        default: break
        }
        let open = part.firstIndex(of: "[") ?? part.endIndex
        var steps: [Step] = [.key(unescape(part[..<open]))]
        if part[..<open] == "*" { steps = [.all] }
        var rest = part[open...]
        while !rest.isEmpty {
            guard rest.first == "[", let close = rest.firstIndex(of: "]") else { return nil }
            let inside = rest[rest.index(after: rest.startIndex)..<close]
            if let place = Int(inside), place >= 1 {
                steps.append(.place(place))
                rest = rest[rest.index(after: close)...]
                continue
            }
            guard let equal = rest.firstIndex(of: "="),
                equal < close
            else { return nil }
            let name = rest[rest.index(after: rest.startIndex)..<equal]
            steps.append(.filter(unescape(name), unescape(rest[rest.index(after: equal)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        return steps
    }

    private static func unescape(_ text: Substring) -> String {
        guard text.contains("~") else { return String(text) }
        var result = ""
        var rest = text
        while let tilde = rest.firstIndex(of: "~") {
            result += rest[..<tilde]
            let after = rest.index(after: tilde)
            if after < rest.endIndex, rest[after] == "1" {
                result += "/"
                rest = rest[rest.index(after: after)...]
            } else {
                result += "~"
                rest = rest[after...]
            }
        }
        return result + rest
    }

    /// Every node the path reaches from the innermost of `chain` (root first).
    package func hits(in chain: [Node]) -> [Node] {
        guard let last = chain.last else { return [] }
        switch walk(from: last) {
        case .to(let node): return [node]
        case .nowhere: return []
        case .manyWays: break
        }
        var above = chain.dropLast()
        var nodes = [last]
        for step in steps {
            switch step {
            case .here: break
            case .parent:
                guard let parent = above.popLast() else { return [] }
                nodes = [parent]
            case .all: nodes = nodes.flatMap(Self.children)
            case .key(let key):
                nodes = nodes.flatMap { $0.items ?? [$0] }.compactMap { $0[key] }
            case .place(let place):
                nodes = nodes.compactMap { $0.items == nil && place == 1 ? $0 : $0[place - 1] }
            case .filter(let key, let text):
                nodes = nodes.flatMap { $0.items ?? [$0] }.filter { $0[key]?.ownText == text }
            }
            if nodes.isEmpty { return [] }
        }
        return nodes
    }

    /// The path ends in the elements of a list that is there.
    func isList(in chain: [Node]) -> Bool {
        let list = steps.last == .all ? Path(text: text, column: column, steps: steps.dropLast()) : self
        return list.hits(in: chain).contains { $0.items != nil }
    }

    /// Where a path of nothing but keys through objects ends; most paths are such, and need no list for every step.
    enum Walk {
        case to(Node), nowhere, manyWays
    }

    func walk(from node: Node) -> Walk {
        var node = node
        for step in steps {
            guard case .key(let key) = step, node.items == nil else { return .manyWays }
            guard let next = node[key] else { return .nowhere }
            node = next
        }
        return .to(node)
    }

    private static func children(of node: Node) -> [Node] {
        switch node.value {
        case .list(let items): items
        case .map(let entries): entries.map(\.value)
        default: []
        }
    }
}

extension Node {
    /// A scalar's text, or the text of an XML element that also has attributes (`#text`).
    package var ownText: String? { scalar ?? self["#text"]?.scalar }
}
