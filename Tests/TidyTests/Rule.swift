// SPDX-License-Identifier: Apache-2.0

/// One rule about one file; each has a fixture under `Tests/Fixtures/Tidy` that it must catch.
struct Rule: Sendable {
    var name: String
    /// What is wrong with each place, by line.
    var check: @Sendable (SourceFile) -> [(line: Int, message: String)]

    func violations(in file: SourceFile) -> [Violation] {
        check(file).map { Violation(rule: name, path: file.path, line: $0.line, message: $0.message) }
    }

    /// In the order in which they are listed in `CONTRIBUTING.md`.
    static let all: [Rule] = layout + imports + core + everywhere
}

extension Rule {
    static let layout: [Rule] = [
        Rule(name: "licence-line") { file in
            file.lines.first.map(String.init) == Budgets.licenceLine
                ? [] : [(1, "the first line must be `\(Budgets.licenceLine)`")]
        },
        Rule(name: "folder-depth") { file in
            file.components.count <= Budgets.pathComponentsMax
                ? [] : [(1, "at most Sources/Target/Folder/File.swift; \(file.components.count) levels here")]
        },
        Rule(name: "file-length") { file in
            let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
            return count <= Budgets.fileLinesMax
                ? [] : [(count, "\(count) lines; \(Budgets.fileLinesMax) at most: split it by its nouns")]
        },
        Rule(name: "function-length") { file in
            Declarations.functions(in: file).filter { $0.lineCount > Budgets.functionLinesMax }.map {
                ($0.line, "`\($0.name)` has \($0.lineCount) lines; \(Budgets.functionLinesMax) at most")
            }
        },
        Rule(name: "empty-name") { file in
            let types = Declarations.types(in: file).filter { says($0.name) }.map {
                ($0.line, "`\($0.name)`: say what it does; `Manager`, `Helper`, `Utils`, `Common` do not")
            }
            return types + (says(file.name) ? [(1, "the file's name does not say what is in it")] : [])
        },
        Rule(name: "module-name") { file in
            Declarations.types(in: file).filter { file.isSource && $0.name == file.target }.map {
                ($0.line, "a type that bears its module's name hides the module; rename it")
            }
        },
    ]

    private static func says(_ name: String) -> Bool {
        Budgets.emptyNames.contains { name.hasSuffix($0) || name.hasPrefix($0) && isWholeWord($0, startOf: name) }
    }

    /// `Common` starts `CommonFields` but not `Commonality`.
    private static func isWholeWord(_ word: String, startOf name: String) -> Bool {
        guard let next = name.dropFirst(word.count).first else { return true }
        return next.isUppercase || next == "+"
    }
}

extension Rule {
    static let imports: [Rule] = [
        Rule(name: "import-table") { file in
            guard let room = ImportTable.room(file.target) else {
                return [(1, "the target \(file.target) is not in Tests/TidyTests/ImportTable.swift")]
            }
            return Declarations.imports(in: file).filter { !room.modules.contains($0.name) }.map {
                ($0.line, "\(room.name) may not import \($0.name): see the table in ARCHITECTURE.md")
            }
        },
        Rule(name: "fenced-module") { file in
            Declarations.imports(in: file).compactMap { found in
                guard let fence = Budgets.fencedModules.first(where: { $0.module == found.name }),
                    !fence.folders.contains(where: file.path.hasPrefix)
                else { return nil }
                return (found.line, "\(found.name) is imported only in \(fence.folders.joined(separator: ", "))")
            }
        },
    ]
}
