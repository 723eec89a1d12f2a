// SPDX-License-Identifier: Apache-2.0

/// Finds what a file declares by its tokens: imports, types, functions, and loops over unordered collections.
enum Declarations {
    struct Named: Equatable {
        var name: String
        var line: Int
        var lineCount = 0
    }

    /// Module names after `import`, with or without an access level, an attribute or a kind (`import struct A.B`).
    static func imports(in file: SourceFile) -> [Named] {
        let kinds = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
        return file.tokens.indices.compactMap { index in
            let token = file.tokens[index]
            guard token.text == "import", token.kind == .word else { return nil }
            var next = index + 1
            if next < file.tokens.count, kinds.contains(file.tokens[next].text) { next += 1 }
            guard next < file.tokens.count else { return nil }
            return Named(name: file.tokens[next].text, line: token.line)
        }
    }

    static func types(in file: SourceFile) -> [Named] {
        let keywords = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        return file.tokens.indices.dropLast().compactMap { index in
            let token = file.tokens[index]
            let next = file.tokens[index + 1]
            guard token.kind == .word, keywords.contains(token.text), next.kind == .word,
                !["func", "var", "let"].contains(next.text),
                index == 0 || file.tokens[index - 1].text != "import"
            else { return nil }
            return Named(name: next.text, line: token.line)
        }
    }

    /// Functions, initialisers, subscripts and computed properties with the lines from keyword to closing brace.
    static func functions(in file: SourceFile) -> [Named] {
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            let token = tokens[index]
            guard token.kind == .word, index == 0 || tokens[index - 1].text != ".",
                let opening = bodyOpening(of: token.text, at: index, tokens),
                let closing = closingBrace(of: opening, tokens)
            else { return nil }
            let named = ["func", "var"].contains(token.text) ? tokens[index + 1].text : token.text
            return Named(name: named, line: token.line, lineCount: tokens[closing].line - token.line + 1)
        }
    }

    private static func bodyOpening(of keyword: String, at index: Int, _ tokens: [Token]) -> Int? {
        switch keyword {
        case "func", "init", "subscript":
            guard let parameters = tokens[index...].firstIndex(where: { $0.text == "(" && $0.kind == .mark }),
                parameters - index < 40, let end = closing("(", ")", from: parameters, tokens)
            else { return nil }
            return brace(after: end, tokens)
        case "deinit": return brace(after: index, tokens)
        case "var": return computedBody(after: index, tokens)
        default: return nil
        }
    }

    /// The brace that opens a body, or nil where a protocol only asks for the function.
    private static func brace(after index: Int, _ tokens: [Token]) -> Int? {
        let declarations: Set<String> = [
            "func", "var", "let", "init", "subscript", "case", "struct", "enum", "class", "extension", "package",
            "private", "static", "mutating", "associatedtype", "typealias",
        ]
        var cursor = index + 1
        while cursor < tokens.count {
            let token = tokens[cursor]
            if token.kind == .mark, token.text == "{" { return cursor }
            if token.kind == .mark, token.text == "}" || token.text == "=" { return nil }
            if token.kind == .word, declarations.contains(token.text) { return nil }
            cursor += 1
        }
        return nil
    }

    private static func computedBody(after index: Int, _ tokens: [Token]) -> Int? {
        let line = tokens[index].line
        var cursor = index + 1
        while cursor < tokens.count, tokens[cursor].line == line {
            if tokens[cursor].text == "=" { return nil }
            if tokens[cursor].text == "{", tokens[cursor].kind == .mark { return cursor }
            cursor += 1
        }
        return nil
    }

    private static func closingBrace(of opening: Int, _ tokens: [Token]) -> Int? {
        closing("{", "}", from: opening, tokens)
    }

    private static func closing(_ open: String, _ close: String, from index: Int, _ tokens: [Token]) -> Int? {
        var depth = 0
        for cursor in index..<tokens.count where tokens[cursor].kind == .mark {
            if tokens[cursor].text == open { depth += 1 }
            if tokens[cursor].text == close {
                depth -= 1
                if depth == 0 { return cursor }
            }
        }
        return nil
    }
}

extension Declarations {
    /// `for … in` over `.keys`, `.values`, or a name that this file declares as a dictionary or a set.
    ///
    /// A heuristic: a loop whose result does not depend on the order says so in a comment on its line or the
    /// line before, `order-free: a sum`.
    static func unorderedLoops(in file: SourceFile) -> [(line: Int, message: String)] {
        let tokens = file.tokens
        let unordered = unorderedNames(in: file)
        let excused = Set(file.comments.filter { $0.text.contains("order-free:") }.map(\.line))
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "for", tokens[index].kind == .word,
                let start = tokens[index...].firstIndex(where: { $0.text == "in" && $0.kind == .word }),
                start - index < 30
            else { return nil }
            let line = tokens[index].line
            guard !excused.contains(line), !excused.contains(line - 1) else { return nil }
            let sequence = tokens[(start + 1)...].prefix { $0.text != "{" && $0.text != "where" }
            let texts = sequence.map(\.text)
            guard let last = texts.last, !texts.contains("sorted"), !texts.contains("(") else { return nil }
            let isView = ["keys", "values"].contains(last) && texts.dropLast().last == "."
            guard isView || unordered.contains(last) else { return nil }
            return (line, "`\(texts.joined())` has no order: sort it, or say why with `order-free: …`")
        }
    }

    /// Names declared as `[Key: Value]`, `Dictionary<…>` or `Set<…>`, except where the file also has them as arrays.
    private static func unorderedNames(in file: SourceFile) -> Set<String> {
        let tokens = file.tokens
        var unordered: Set<String> = []
        var ordered: Set<String> = []
        for index in tokens.indices.dropLast(3) where tokens[index].kind == .word {
            let name = tokens[index].text
            var next = index + 1
            guard tokens[next].text == ":" || tokens[next].text == "=" else { continue }
            next += 1
            if ["inout", "borrowing", "consuming"].contains(tokens[next].text) { next += 1 }
            guard next < tokens.count else { continue }
            if ["Set", "Dictionary"].contains(tokens[next].text) {
                unordered.insert(name)
            } else if tokens[next].text == "[", tokens[next].kind == .mark {
                if isDictionary(from: next, tokens) { unordered.insert(name) } else { ordered.insert(name) }
            }
        }
        return unordered.subtracting(ordered)
    }

    /// A colon directly inside the bracket.
    private static func isDictionary(from bracket: Int, _ tokens: [Token]) -> Bool {
        var depth = 0
        for cursor in bracket..<tokens.count where tokens[cursor].kind == .mark {
            switch tokens[cursor].text {
            case "[", "(", "{": depth += 1
            case "]", ")", "}":
                depth -= 1
                if depth == 0 { return false }
            case ":" where depth == 1: return true
            default: break
            }
        }
        return false
    }
}
