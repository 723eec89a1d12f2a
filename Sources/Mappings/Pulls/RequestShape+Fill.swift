// SPDX-License-Identifier: Apache-2.0
import Trees

extension RequestShape {
    /// The request with its values.
    /// - Parameter extra: query parameters of the paging.
    func request(
        _ values: RequestValues, purpose: PullRequest.Purpose, format: Mapping.FileFormat,
        extra: [(name: String, value: String)]
    ) -> Result<PullRequest, RequestProblem> {
        guard let start = base.filled(values) else { return .failure(missing(base, values)) }
        guard let rest = path.filled(values, escaping: .path) else { return .failure(missing(path, values)) }
        var address = start
        while address.hasSuffix("/"), rest.hasPrefix("/") { address.removeLast() }
        address += rest
        var parameters: [String] = []
        for (name, text) in query {
            guard let value = text.filled(values) else { continue }
            parameters.append(Self.key(name) + "=" + RequestText.percentEncoded(value))
        }
        for (name, value) in extra {
            parameters.append(Self.key(name) + "=" + RequestText.percentEncoded(value))
        }
        if !parameters.isEmpty { address += (address.contains("?") ? "&" : "?") + parameters.joined(separator: "&") }
        guard let url = WebAddress(address) else {
            return .failure(RequestProblem("“\(address.prefix(80))” is no https address"))
        }
        var lines: [(name: String, value: String)] = []
        for (name, text) in headers {
            // A header that needs what is not known, such as the moment of an increment, is left out.
            if let value = text.filled(values) { lines.append((name, value)) }
        }
        func add(_ name: String, _ value: String) {
            if !lines.contains(where: { $0.name.lowercased() == name.lowercased() }) { lines.append((name, value)) }
        }
        add("Accept", format == .xml ? "application/xml, text/xml" : "application/json")
        var bytes: [UInt8]?
        switch body {
        case .none: break
        case .json(let node):
            bytes = Array(node.filled(values).json.utf8)
            add("Content-Type", "application/json")
        case .form(let fields):
            let parts = fields.compactMap { field in
                field.text.filled(values).map { Self.key(field.name) + "=" + RequestText.percentEncoded($0) }
            }
            bytes = Array(parts.joined(separator: "&").utf8)
            add("Content-Type", "application/x-www-form-urlencoded")
        case .xml(let text):
            guard let filled = text.filled(values, escaping: .xml) else { return .failure(missing(text, values)) }
            bytes = Array(filled.utf8)
            add("Content-Type", "text/xml; charset=utf-8")
        }
        guard lines.allSatisfy({ $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
            return .failure(RequestProblem("a header's value has a control character in it"))
        }
        return .success(
            PullRequest(purpose: purpose, method: method, url: url, headers: lines, body: bytes, format: format))
    }

    private static func key(_ name: String) -> String { RequestText.percentEncoded(name, keeping: "$[]@:") }

    private func missing(_ text: RequestText, _ values: RequestValues) -> RequestProblem {
        let name = text.pieces.lazy.compactMap { piece -> String? in
            guard case .value(let name, let format) = piece, values.text(name, format: format) == nil else {
                return nil
            }
            return name
        }.first
        return RequestProblem("`\(name ?? "a value")` is not set")
    }
}

extension Node {
    /// A body's tree with its values: a plain scalar that is a JSON literal becomes one, a quoted one stays text.
    ///
    /// An entry of a map whose value is not known now is left out.
    func filled(_ values: RequestValues) -> Node {
        switch value {
        case .list(let items): return .list(items.compactMap { $0.known(values) })
        case .map(let entries):
            let known = entries.flatMap { entry -> [(String, Node)] in
                guard let value = entry.value.known(values) else { return [] }
                // `...` stands for all entries of the map it names; those written beside it come before them.
                guard entry.key == "..." else { return [(entry.key, value)] }
                return (value.entries ?? []).filter { more in !entries.contains { $0.key == more.key } }
                    .map { ($0.key, $0.value) }
            }
            return .object(known)
        case .text: return known(values) ?? .null
        case .null, .bool, .number: return self
        }
    }

    private func known(_ values: RequestValues) -> Node? {
        guard case .text(let source) = value else { return filled(values) }
        if style == .plain, source.hasPrefix("$("), source.hasSuffix(")") {
            let inside = source.dropFirst(2).dropLast()
            if let whole = values.nodes[String(inside)] { return whole }
            // Without what a system shows beside its fields, such as the names of what they lead to.
            if inside.hasSuffix(":fields"), let map = values.nodes[String(inside.dropLast(7))] {
                return .object((map.entries ?? []).filter { !$0.key.hasSuffix(".") }.map { ($0.key, $0.value) })
            }
        }
        if style == .plain, source.hasPrefix("$("), let list = values.lists[String(source.dropFirst(2).dropLast())] {
            return .list(list.map { Self.isJSONNumber($0) ? Node(.number($0)) : .text($0) })
        }
        guard let text = RequestText(source)?.filled(values) else { return nil }
        guard style == .plain else { return .text(text) }
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "", "~", "null": return .null
        default: return Self.isJSONNumber(text) ? Node(.number(text)) : .text(text)
        }
    }

    /// RFC 8259, 6, without exponents: `+31…` and `007` stay text.
    private static func isJSONNumber(_ text: String) -> Bool {
        var digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let whole = digits.prefix { $0.isASCII && $0.isNumber }
        guard !whole.isEmpty, whole == "0" || whole.first != "0" else { return false }
        digits = digits.dropFirst(whole.count)
        guard !digits.isEmpty else { return true }
        return digits.first == "." && digits.count > 1 && digits.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }
}
