// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

/// Files that are meant to harm, read by the real program in a process that may not map more than half a gigabyte.
///
/// The limit is RLIMIT_AS, the peak is what `wait4` reports: a small Python program sets the one and reads the other,
/// because a child of the test runner itself would start with the runner's own peak.
@Suite("A hostile file ends in a fault and in bounded memory", .serialized)
struct HostileFileTests {
    /// One file: `head`, then `unit` over and over to about `megabytes`, then `tail`.
    struct Hostile: Sendable, CustomTestStringConvertible {
        let name: String
        let code: String
        var head = ""
        var unit: [UInt8] = []
        var megabytes = 0
        var tail: [UInt8] = []
        /// Kept of one element's text, up to its limit of 64 MB; everything else passes by.
        var peakMegabytes = 64
        /// What reads records of JSON and XML: the format, the path to its records, the number's path.
        var mapping: (format: String, records: String, number: String)?
        /// Made by a script: archives.
        var isMade = false
        var testDescription: String { "\(name): \(code)" }

        func write(to url: URL) throws {
            if let mapping {
                try Data(Self.text(mapping).utf8).write(to: url.deletingLastPathComponent().appending(path: "own.yaml"))
            }
            if isMade {
                let script = Repository.root.appending(path: "Tests/Fixtures/Hostile/archives.py").path
                let made = try Program.run(
                    [script, name], in: url.deletingLastPathComponent(), program: "/usr/bin/python3")
                try #require(made.status == 0, Comment(rawValue: made.words))
                return
            }
            try Data(head.utf8).write(to: url)
            let file = try FileHandle(forWritingTo: url)
            defer { try? file.close() }
            try file.seekToEnd()
            if !unit.isEmpty {
                let piece = Data([[UInt8]](repeating: unit, count: max(1, 1_048_576 / unit.count)).joined())
                for _ in 0..<(megabytes * 1_048_576 / piece.count) { try file.write(contentsOf: piece) }
            }
            try file.write(contentsOf: Data(tail))
        }

        private static func text(_ mapping: (format: String, records: String, number: String)) -> String {
            """
            mapping: 1
            name: own
            source: { file: { format: \(mapping.format) } }
            records: "\(mapping.records)"
            read: { decimal: ".", group: none, date: iso }
            emit:
              invoice:
                key: [number]
                fields: { number: "\(mapping.number)", total: t, issued_on: d, currency: c }

            """
        }
    }

    static let megabytes = Effort.repeats(24, long: 300)
    /// One field: two gigabytes in the long run.
    static let fieldMegabytes = Effort.repeats(24, long: 2048)
    private static let limitMegabytes = 512
    private static let invoice = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" \
        xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
        """
    private static let statement = """
        <?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">\
        <BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct><Ntry><NtryDtls>
        """
    private static let header = "number,issued_on,total,currency\n"
    private static let bomb: String = {
        let letters = Array("abcdefghij")
        let entities = zip(letters, letters.dropFirst()).map { inner, outer in
            "<!ENTITY \(outer) \"\(String(repeating: "&\(inner);", count: 10))\">"
        }
        return
            "<?xml version=\"1.0\"?><!DOCTYPE Invoice [<!ENTITY a \"aaaaaaaaaa\">\(entities.joined())]><Invoice>&j;</Invoice>"
    }()

    static func unit(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let files: [Hostile] = [
        Hostile(name: "bomb.xml", code: "XML-DOCTYPE", head: bomb),
        Hostile(
            name: "outside.xml", code: "XML-DOCTYPE",
            head: "<?xml version=\"1.0\"?><!DOCTYPE Invoice SYSTEM \"file:///etc/passwd\"><Invoice>&x;</Invoice>"),
        Hostile(
            name: "text.xml", code: "XML-LIMIT", head: invoice + "<b:Note>", unit: unit("x"),
            megabytes: max(80, fieldMegabytes), tail: unit("</b:Note></Invoice>"), peakMegabytes: 256),
        Hostile(name: "deep.xml", code: "XML-LIMIT", head: invoice, unit: unit("<a>"), megabytes: megabytes / 4),
        Hostile(
            name: "attributes.xml", code: "XML-LIMIT", head: invoice + "<b:Note", unit: unit(" a=\"1\""),
            megabytes: megabytes / 4, tail: unit("/></Invoice>")),
        Hostile(
            name: "name.xml", code: "XML-LIMIT", head: invoice + "<", unit: unit("n"), megabytes: megabytes,
            tail: unit("/></Invoice>")),
        Hostile(
            name: "details.xml", code: "XML-LIMIT", head: statement, unit: unit("<TxDtls><Amt>1</Amt></TxDtls>"),
            megabytes: 12),
        Hostile(name: "cut.xml", code: "XML-TRUNCATED", head: invoice + "<b:ID>1</b:ID><b:No"),
        Hostile(name: "nul.xml", code: "XML-CHARACTER", head: invoice, unit: [0], megabytes: megabytes),
        Hostile(
            name: "columns.csv", code: "COLUMNS-TOO-MANY", head: "number", unit: unit(",x"), megabytes: 20,
            tail: unit("\n1,2\n")),
        Hostile(
            name: "row.csv", code: "COLUMNS-TOO-MANY", head: header, unit: unit("1,"), megabytes: 20, tail: unit("\n")),
        Hostile(
            name: "field.csv", code: "QUOTE-OPEN", head: header + "\"", unit: unit("x"), megabytes: fieldMegabytes,
            tail: unit("\",2026-01-01,1.00,EUR\n")),
        Hostile(
            name: "open.csv", code: "QUOTE-OPEN", head: header + "1,2026-01-01,\"",
            unit: unit("1.00,EUR\n2,2026-01-01,"), megabytes: megabytes),
        Hostile(name: "line.csv", code: "MAPPING-NONE", unit: unit("x"), megabytes: megabytes),
        Hostile(name: "nul.csv", code: "NUL-BYTE", head: header, unit: [0], megabytes: megabytes),
        Hostile(
            name: "half.csv", code: "NUL-BYTE",
            tail: Array((header + "1,2026-01-01,1.00,EUR").utf8.flatMap { [$0, 0] }.dropLast())),
        Hostile(name: "nothing.csv", code: "FILE-EMPTY"),
        Hostile(
            name: "rootless.pdf", code: "PDF-DAMAGED",
            head: """
                %PDF-1.4
                1 0 obj
                << /Type /Pages /Kids [] /Count 0 >>
                endobj
                xref
                0 2
                0000000000 65535 f\u{20}
                0000000009 00000 n\u{20}
                trailer
                << /Size 2 /Root 7 0 R >>
                startxref
                68
                %%EOF

                """),
    ]

    /// Sets the limit in a child, becomes the program there, and says on the last line how it ended.
    private static let runner = """
        import os, resource, sys
        child = os.fork()
        if child == 0:
            limit = int(sys.argv[1]) << 20
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            os.execv(sys.argv[2], sys.argv[2:])
        _, status, used = os.wait4(child, 0)
        print("ended", os.waitstatus_to_exitcode(status), used.ru_maxrss // 1024)
        """

    private func run(_ arguments: [String], in folder: URL) throws -> (status: Int, peak: Int, ended: Ended) {
        let program = try #require(Program.path)
        let ended = try Program.run(
            ["-c", Self.runner, "\(Self.limitMegabytes)", program] + arguments, in: folder, program: "/usr/bin/python3")
        let words = (ended.lines.last ?? "").split(separator: " ").compactMap { Int($0) }
        try #require(words.count == 2, Comment(rawValue: ended.words))
        return (words[0], words[1], ended)
    }

    @Test(
        "read and import refuse it with its code, status 2, and keep nothing of it in memory",
        arguments: files + formats)
    func refused(_ file: Hostile) throws {
        let folder = try ScratchFolder("hostile")
        try file.write(to: folder.url.appending(path: file.name))
        let how = file.mapping == nil ? [] : ["--mapping", "./own.yaml"]
        for verb in [["read"], ["import", "--db", "books.db", "--json"]] {
            let arguments = verb + how + [file.name]
            let (status, peak, ended) = try run(arguments, in: folder.url)
            print("hostile \(file.name) \(arguments[0]): status \(status), peak \(peak) MB")
            #expect(status == 2, Comment(rawValue: ended.words))
            #expect(ended.out.contains("\"code\":\"\(file.code)\""), Comment(rawValue: ended.words))
            #expect(peak <= file.peakMegabytes, "\(arguments[0]) held \(peak) MB")
            let printed = ["error :", "did not handle"].filter { ended.err.contains($0) }
            #expect(printed.isEmpty, "a library printed: \(ended.err)")
        }
        let listed = try Program.run(["list", "invoices", "--db", "books.db"], in: folder.url)
        #expect(listed.status == 0 && listed.out.isEmpty, Comment(rawValue: listed.words))
    }

    @Test("An entry that books a hundred thousand payments together is held in no more than any other file")
    func batch() throws {
        let folder = try ScratchFolder("hostile")
        let count = 100_000
        let details = (0..<count).map { index in
            """
            <TxDtls><Refs><AcctSvcrRef>2026030\(index)</AcctSvcrRef>\
            <EndToEndId>E2E-\(index * 7919 % 1_000_003)</EndToEndId></Refs><Amt Ccy="EUR">1.00</Amt>\
            <RltdPties><Dbtr><Nm>Customer \(index * 31 % 5003) B.V.</Nm></Dbtr></RltdPties>\
            <RmtInf><Ustrd>Invoice 2026-\(index), customer number \(index * 17 % 9001)</Ustrd></RmtInf></TxDtls>
            """
        }
        let text =
            Self.statement.replacing("<NtryDtls>", with: "")
            + "<Amt Ccy=\"EUR\">\(count).00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            + "<BookgDt><Dt>2026-03-02</Dt></BookgDt><NtryDtls>"
            + details.joined() + "</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
        try Data(text.utf8).write(to: folder.url.appending(path: "batch.xml"))
        let (status, peak, ended) = try run(["read", "batch.xml"], in: folder.url)
        print("batch of \(count): peak \(peak) MB")
        #expect(status == 0 && ended.lines.count { $0.contains("\"payment\"") } == count, "\(ended.lines.count) lines")
        #expect(peak <= 64, "read held \(peak) MB")
    }

    @Test("What comes through standard input has the same limits")
    func standardInput() throws {
        let folder = try ScratchFolder("hostile")
        let program = try #require(Program.path)
        let script = """
            ulimit -v \(Self.limitMegabytes * 1024)
            { printf 'number,issued_on,total,currency\\n'; yes 1, | tr -d '\\n' | head -c \(Self.megabytes * 1_048_576); } \
            | "$0" read -
            """
        let ended = try Program.run(["-c", script, program], in: folder.url, program: "/bin/sh")
        #expect(ended.status == 2, Comment(rawValue: ended.words))
        #expect(ended.out.contains("COLUMNS-TOO-MANY"), Comment(rawValue: ended.words))
    }

    @Test("A hostile file among good ones leaves the good ones in the books")
    func amongGood() throws {
        let folder = try ScratchFolder("hostile")
        let good = Self.header + "1,2026-01-05,100.00,EUR\n"
        try Data(good.utf8).write(to: folder.url.appending(path: "a.csv"))
        try Data((Self.header + "2,2026-01-06,50.00,EUR\n").utf8).write(to: folder.url.appending(path: "c.csv"))
        try #require(Self.files.first).write(to: folder.url.appending(path: "b.xml"))
        let (status, _, ended) = try run(["import", "--db", "books.db", "a.csv", "b.xml", "c.csv"], in: folder.url)
        #expect(status == 2, Comment(rawValue: ended.words))
        let listed = try Program.run(["list", "invoices", "--db", "books.db"], in: folder.url)
        #expect(listed.lines.count == 2, Comment(rawValue: listed.words))
    }

    @Test("An import that cannot go on says what landed before it stopped")
    func stopped() throws {
        let folder = try ScratchFolder("hostile")
        let inbox = folder.url.appending(path: "inbox")
        try FileManager.default.createDirectory(at: inbox, withIntermediateDirectories: true)
        try Data((Self.header + "INV-1,2026-01-05,100.00,EUR\n").utf8).write(to: inbox.appending(path: "a.csv"))
        try FileManager.default.createSymbolicLink(
            at: inbox.appending(path: "b.csv"), withDestinationURL: folder.url.appending(path: "gone.csv"))
        try Data((Self.header + "INV-2,2026-01-05,100.00,EUR\n").utf8).write(to: inbox.appending(path: "c.csv"))
        let ended = try Program.run(["import", "--db", "books.db", "inbox"], in: folder.url)
        #expect(ended.status == 1, Comment(rawValue: ended.words))
        #expect(ended.out.contains("a.csv") && ended.out.contains("invoices: 1 new"), Comment(rawValue: ended.words))
        #expect(ended.out.contains("b.csv: failed") && ended.err.contains("b.csv"), Comment(rawValue: ended.words))
        let listed = try Program.run(["list", "invoices", "--db", "books.db"], in: folder.url)
        #expect(listed.lines.count == 1, Comment(rawValue: listed.words))
    }
}
