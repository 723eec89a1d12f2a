// SPDX-License-Identifier: Apache-2.0
import Formats
import Mappings
import Testing

@Suite("Cutting text into rows") struct CSVScannerTests {
    /// Scans in pieces of a size; rows as `line: fields`.
    func scan(_ text: String, delimiter: UInt8 = 0x2C, piece: Int) throws -> [String] {
        var scanner = CSVScanner(delimiter: delimiter)
        var rows: [String] = []
        func drain() throws {
            while try scanner.next() { rows.append("\(scanner.row.line):\(scanner.row.texts.joined(separator: "|"))") }
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            scanner.feed(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
            try drain()
        }
        scanner.finish()
        try drain()
        return rows
    }

    static let cases: [(String, [String])] = [
        ("a,b\n1,2\n", ["1:a|b", "2:1|2"]),
        ("a,b\r\n1,2", ["1:a|b", "2:1|2"]),
        ("a,b\r1,2\r", ["1:a|b", "2:1|2"]),
        ("a,,\n", ["1:a||"]),
        (",a", ["1:|a"]),
        ("a,", ["1:a|"]),
        ("\n\na\n\n", ["3:a"]),
        ("\"\"\n", ["1:"]),
        ("\"a,b\",c", ["1:a,b|c"]),
        ("\"a \"\"q\"\"\",c", ["1:a \"q\"|c"]),
        ("\"\"\"\"", ["1:\""]),
        ("\"x\ny\",z\nn,m", ["1:x\ny|z", "3:n|m"]),
        ("\"x\r\ny\",z\r\nn,m", ["1:x\r\ny|z", "3:n|m"]),
        ("\"x\ry\",z\nn,m", ["1:x\ry|z", "3:n|m"]),
        ("a\"b,c", ["1:a\"b|c"]),
        ("a,\"b\"\"\",\"\"\"c\"\n", ["1:a|b\"|\"c"]),
        ("ü,€\n", ["1:ü|€"]),
        ("", []),
        ("\r\n", []),
        ("a\n\"b\"", ["1:a", "2:b"]),
    ]

    @Test("RFC 4180 and what real files add, whatever the pieces they come in", arguments: cases)
    func rows(_ text: String, _ expected: [String]) throws {
        for piece in [1, 2, 3, 5, 1000] { #expect(try scan(text, piece: piece) == expected, "pieces of \(piece)") }
    }

    @Test("Every way to cut a text in two gives the same rows") func cuts() throws {
        let text = "a;\"b\"\"\r\n;\";c\r\n\r\n\"\";ü;\r;;\"x\"\n"
        let whole = try scan(text, delimiter: 0x3B, piece: 1000)
        for piece in 1...text.utf8.count { #expect(try scan(text, delimiter: 0x3B, piece: piece) == whole) }
    }

    static let failures: [(String, CSVFailure.Problem, Int)] = [
        ("a,b\nc,\"d\n\ne,f\n", .quoteOpen, 2),
        ("a\n\"", .quoteOpen, 2),
        ("a,b\n\"c\" d,e\n", .textAfterQuote, 2),
        ("\"" + String(repeating: "x", count: CSVScanner.fieldBytesMax + 2), .quoteOpen, 1),
        (String(repeating: "x", count: CSVScanner.fieldBytesMax + 2), .fieldTooLong, 1),
        (String(repeating: ",", count: CSVScanner.columnsMax), .tooManyColumns, 1),
    ]

    @Test("Doubts about the structure name the line they begin on", arguments: failures)
    func failure(_ text: String, _ problem: CSVFailure.Problem, _ line: Int) {
        let failure = #expect(throws: CSVFailure.self) { try scan(text, piece: 1 << 18) }
        #expect(failure?.problem == problem)
        #expect(failure?.line == line)
    }

    @Test("The most columns and the longest field still pass") func limits() throws {
        #expect(try scan(String(repeating: ",", count: CSVScanner.columnsMax - 1), piece: 1 << 18).count == 1)
        #expect(try scan(String(repeating: "x", count: CSVScanner.fieldBytesMax), piece: 1 << 18).count == 1)
    }
}
