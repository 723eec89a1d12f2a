// SPDX-License-Identifier: Apache-2.0

import Testing
import TieoutTesting

@Suite("The sources keep the rules of the house")
struct TidyTests {
    @Test("No file breaks a rule", arguments: Rule.all.map(\.name))
    func keeps(_ rule: String) throws {
        let files = try SourceFile.all()
        #expect(files.count > 10, "the sources were not found")
        let found = Rule.all.filter { $0.name == rule }.flatMap { rule in
            files.flatMap { rule.violations(in: $0) }
        }
        #expect(found.isEmpty, "\n\(found.map(\.description).joined(separator: "\n"))")
    }

    @Test("Every file that may be unsafe exists")
    func exceptionsExist() throws {
        let paths = Set(try SourceFile.all().map(\.path))
        #expect(Budgets.handleFiles.union(Budgets.uncheckedFiles).subtracting(paths) == [])
    }

    @Test("Scripts and the manifest carry the licence line")
    func scriptsAreLicensed() throws {
        let scripts = Repository.files(under: Repository.url("scripts")).filter { path in
            [".sh", ".py", ".sql"].contains { path.hasSuffix($0) }
        }
        for path in scripts.map({ "scripts/" + $0 }) + [".ci/run", "Makefile", "Package.swift"] {
            let head = try Repository.text(path).split(separator: "\n").prefix(2)
            #expect(head.contains { $0.contains("SPDX-License-Identifier: Apache-2.0") }, "\(path)")
        }
    }
}

@Suite("Each rule catches its fixture, and only its own")
struct FixtureTests {
    @Test("The fixture of a rule is caught by that rule and by no other", arguments: Rule.all.map(\.name))
    func catches(_ rule: String) throws {
        let file = try fixture("Tests/Fixtures/Tidy/\(rule).swift.txt")
        let broken = Set(Rule.all.flatMap { $0.violations(in: file) }.map(\.rule))
        #expect(broken == [rule])
    }

    @Test("A file that looks suspicious but keeps every rule passes")
    func clean() throws {
        let file = try fixture("Tests/Fixtures/Tidy/clean.swift.txt")
        let found = Rule.all.flatMap { $0.violations(in: file) }
        #expect(found.isEmpty, "\(found)")
    }

    @Test("Every fixture belongs to a rule")
    func noOrphans() {
        let names = Repository.files(under: Repository.fixture("Tidy"), ending: ".swift.txt")
            .map { String($0.dropLast(".swift.txt".count)) }
        #expect(Set(names) == Set(Rule.all.map(\.name) + ["clean"]))
    }

    /// A fixture says on its second line where it pretends to be.
    private func fixture(_ path: String) throws -> SourceFile {
        let text = try Repository.text(path)
        let line = try #require(
            text.split(separator: "\n").prefix(2).first { $0.hasPrefix("// pretends: ") },
            "\(path) must say `// pretends: Sources/…` on one of its first two lines")
        return SourceFile(path: String(line.dropFirst("// pretends: ".count)), text: text)
    }
}

@Suite("The lexer tells code from text")
struct LexerTests {
    @Test(
        "Comments and strings hold no words of code",
        arguments: [
            (#"a // b "c""#, ["a"]),
            ("a /* b /* c */ d */ e", ["a", "e"]),
            (#"let x = "a \" b" + c"#, ["let", "x", "c"]),
            (##"let x = #"a " b \ c"# + d"##, ["let", "x", "d"]),
            (#"f("a \(b + g("c \(d)")) e")"#, ["f", "b", "g", "d"]),
            ("let x = \"\"\"\n  a \" b\n  \\(c)\n  \"\"\"\nd", ["let", "x", "c", "d"]),
            ("x ? \"a\" : b // \"", ["x", "b"]),
        ])
    func words(_ source: String, _ expected: [String]) {
        #expect(Lexer(source).tokens.filter { $0.kind == .word }.map(\.text) == expected)
    }

    @Test("Lines are counted through comments and block strings")
    func lines() {
        let tokens = Lexer("/* 1\n2 */ a\n\"\"\"\n4\n\"\"\" + b").tokens
        #expect(tokens.map(\.line) == [2, 3, 5, 5])
    }

    @Test("A function's length runs from its keyword to its closing brace")
    func functionLength() {
        let source = """
            protocol P {
                func asked(_ a: Int) -> Int
                init(a: Int)
            }
            struct S {
                func given(
                    _ a: () -> Int = { 1 }
                ) -> Int {
                    if a() > 0 { return 1 }
                    return "}".count
                }
                var computed: Int { 1 }
                var stored = 1
            }
            """
        let found = Declarations.functions(in: SourceFile(path: "Sources/Documents/P.swift", text: source))
        #expect(found.map(\.name) == ["given", "computed"])
        #expect(found.map(\.lineCount) == [6, 1])
    }
}
