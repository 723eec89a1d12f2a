// SPDX-License-Identifier: Apache-2.0

import Documents
import FoundationEssentials
import TieoutTesting

/// One Swift file, read once and lexed once for all rules.
struct SourceFile {
    /// From the package's root: `Sources/Ledger/Entry.swift`.
    let path: String
    let lines: [Substring]
    let tokens: [Token]
    let comments: [(line: Int, text: String)]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let lexer = Lexer(text)
        tokens = lexer.tokens
        comments = lexer.comments
    }

    var components: [Substring] { path.split(separator: "/") }
    var isSource: Bool { path.hasPrefix("Sources/") }
    /// The target it belongs to.
    var target: String { components.count > 1 ? String(components[1]) : "" }
    /// The name without folders and extension.
    var name: String { String((components.last ?? "").prefix { $0 != "." }) }
    var isCore: Bool { isSource && ImportTable.room(target)?.isCore == true }

    /// Every Swift file under `Sources` and `Tests`, sorted.
    static func all() throws -> [SourceFile] {
        try ["Sources", "Tests"].flatMap { folder in
            try Repository.files(under: Repository.url(folder), ending: ".swift").map { path in
                try SourceFile(path: "\(folder)/\(path)", text: Repository.text("\(folder)/\(path)"))
            }
        }
    }
}

/// What a rule found: where, and what to do instead.
struct Violation: Hashable, CustomStringConvertible {
    var rule: String
    var path: String
    var line: Int
    var message: String

    var description: String { "\(path):\(line): [\(rule)] \(message)" }
}
