// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// What the core must not contain: it is pure values and functions.
    static let core: [Rule] = [
        Rule(name: "floating-point") { file in
            inCore(file) { _, token, _ in
                switch token.kind {
                case .word
                where ["Double", "Float", "Float16", "Float32", "Float64", "Float80", "CGFloat"]
                    .contains(token.text):
                    "no floating point in the core: Money, ScaledDecimal, or an integer per mille"
                case .number where token.text.contains("."):
                    "`\(token.text)` is a floating-point literal; none in the core"
                default: nil
                }
            }
        },
        Rule(name: "clock-or-chance") { file in
            inCore(file) { index, token, tokens in
                func follows(_ marks: String...) -> Bool { tokens.texts(after: index, count: marks.count) == marks }
                let previous = index > 0 ? tokens[index - 1] : nil
                return switch token.text {
                case "Date" where follows("(", ")"), "UUID" where follows("(", ")"),
                    "Task" where follows(".", "sleep"):
                    "`\(token.text)`: today, now and chance are arguments in the core"
                case "random" where previous?.text == "." && follows("("):
                    "chance in the core comes as `inout some RandomNumberGenerator`"
                case "now" where previous?.text == "." && isTypeOrImplicit(before: index - 1, tokens):
                    "today and now are arguments in the core"
                default: nil
                }
            }
        },
        Rule(name: "forced") { file in
            inCore(file) { index, token, tokens in
                guard token.text == "!", token.kind == .mark, token.glued, index > 0 else { return nil }
                if index + 1 < tokens.count, tokens[index + 1].text == "=", tokens[index + 1].glued { return nil }
                let previous = tokens[index - 1]
                return switch previous.text {
                case "try": "`try!`: handle the error or let it through"
                case "as": "`as!`: the core has no casts that trap"
                case ")", "]", "}", ">", "?": "force unwrap: use `guard let` or a default"
                default: previous.kind == .mark ? nil : "force unwrap: use `guard let` or a default"
                }
            }
        },
        Rule(name: "unordered-iteration") { file in file.isCore ? Declarations.unorderedLoops(in: file) : [] },
    ]

    private static func inCore(
        _ file: SourceFile, _ message: (Int, Token, [Token]) -> String?
    ) -> [(line: Int, message: String)] {
        file.isCore ? everyToken(file, message) : []
    }

    private static func everyToken(
        _ file: SourceFile, _ message: (Int, Token, [Token]) -> String?
    ) -> [(line: Int, message: String)] {
        file.tokens.enumerated().compactMap { index, token in
            message(index, token, file.tokens).map { (token.line, $0) }
        }
    }

    /// A parameter of that name is the caller's, and the caller is the command line.
    private static func handsOnPrint(_ file: SourceFile) -> Bool {
        file.tokens.indices.contains { index in
            file.tokens[index].text == "print" && file.tokens.texts(after: index, count: 1) == [":"]
        }
    }

    /// `.now` alone or after a type (`Timestamp.now`), but not a field of a value (`context.now`).
    private static func isTypeOrImplicit(before dot: Int, _ tokens: [Token]) -> Bool {
        guard tokens[dot].glued, dot > 0 else { return true }
        let owner = tokens[dot - 1]
        return owner.kind == .mark
            ? owner.text != ")" && owner.text != "]" && owner.text != "?"
            : owner.text.first?.isUppercase == true
    }
}

extension Rule {
    /// What no file may contain.
    static let everywhere: [Rule] = [
        Rule(name: "unfinished") { file in
            file.comments.compactMap { line, text in
                let words = text.split { !$0.isLetter }
                return words.first { ["TODO", "FIXME"].contains($0) }
                    .map { (line, "`\($0)`: finish it, or write an issue") }
            }
        },
        Rule(name: "speechless-trap") { file in
            everyToken(file) { index, token, tokens in
                guard ["fatalError", "preconditionFailure"].contains(token.text),
                    tokens.texts(after: index, count: 1) == ["("], index + 2 < tokens.count
                else { return nil }
                let reason = tokens[index + 2]
                return reason.kind == .string && reason.text.split(separator: " ").count >= 2
                    ? nil : "`\(token.text)` needs a sentence that says which rule was broken"
            }
        },
        Rule(name: "print") { file in
            guard file.isSource, !Budgets.printers.contains(file.target), !handsOnPrint(file) else { return [] }
            return everyToken(file) { index, token, tokens in
                guard ["print", "debugPrint", "dump"].contains(token.text),
                    tokens.texts(after: index, count: 1) == ["("], tokens[index + 1].glued,
                    index == 0 || ![".", "func"].contains(tokens[index - 1].text)
                else { return nil }
                return "only the command line prints; return the value"
            }
        },
        Rule(name: "unsafe") { file in
            guard file.isSource, !Budgets.handleFiles.contains(file.path) else { return [] }
            let found = everyToken(file) { index, token, tokens in
                switch token.text {
                case "unsafe" where token.kind == .word:
                    "`unsafe` belongs in one handle file per library (Tests/TidyTests/Budgets.swift)"
                case "unchecked"
                where index > 0 && tokens[index - 1].text == "@" && !Budgets.uncheckedFiles.contains(file.path):
                    "`@unchecked Sendable` belongs beside a C handle (Tests/TidyTests/Budgets.swift)"
                default: nil
                }
            }
            // One is enough to find the file; a handle in the wrong place has dozens.
            return Array(found.prefix(1))
        },
    ]
}

extension [Token] {
    /// The texts of the next tokens; fewer at the end of the file.
    func texts(after index: Int, count: Int) -> [String] {
        self[Swift.min(index + 1, self.count)..<Swift.min(index + 1 + count, self.count)].map(\.text)
    }
}
