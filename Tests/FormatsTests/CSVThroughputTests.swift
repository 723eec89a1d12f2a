// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Glibc
import Mappings
import Testing

/// Run by hand in a release build: `TIEOUT_BENCH=1 swift test -c release --filter CSVThroughput`.
@Suite("Throughput", .enabled(if: ProcessInfo.processInfo.environment["TIEOUT_BENCH"] != nil))
struct CSVThroughputTests {
    /// About 128 bytes a row, ten columns; quoted names, or a decimal comma between semicolons.
    static func write(rows: Int, to path: String, comma: Bool) throws {
        let cut = comma ? ";" : ","
        let header = [
            "id", "number", "kind", "customer_id", "customer_name", "currency", "issued_on", "due_on", "total",
            "structured_reference",
        ]
        var text = header.joined(separator: cut) + "\n"
        text.reserveCapacity(rows * 132)
        for row in 0..<rows {
            let cents = row * 7919 % 100
            let day = row % 27 + 1
            text += "INV-\(10_000_000 + row)\(cut)2026-\(1_000_000 + row)\(cut)invoice\(cut)C-\(row % 50_000)\(cut)"
            text += "\"Handelsonderneming No \(row % 50_000) B.V.\"\(cut)EUR\(cut)2026-0\(row % 9 + 1)-"
            text += "\(day < 10 ? "0" : "")\(day)\(cut)2026-10-15\(cut)\(row % 9000 + 10)\(comma ? "," : ".")"
            text += "\(cents < 10 ? "0" : "")\(cents)\(cut)RF18\(539_007_547_034 + row)\n"
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test("A million rows of ten columns") func million() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = ContinuousClock()
        for (name, declared) in [("declared", true), ("settled", false)] {
            let path = folder.appendingPathComponent("\(name).csv").path
            try Self.write(rows: 1_000_000, to: path, comma: !declared)
            var context = ReadingContext(asOf: Place.today)
            let (mapping, _) = try MappingFolder.load(path: Place.path("mappings/tieout-invoices.yaml"))
            context.mapping = mapping
            if !declared {
                let text = try String(contentsOfFile: Place.path("mappings/tieout-invoices.yaml"), encoding: .utf8)
                context.mapping = try Desk.compiled(
                    text.replacingOccurrences(of: "read: { decimal: \".\", group: none, date: iso }", with: ""))
            }
            var file: SourceFile?
            let start = Glibc.clock()
            let first = try clock.measure { file = try SourceFile(path: path) }
            var count = 0
            var sum: Int64 = 0
            var reading: Reading?
            let source = try #require(file)
            let second = try clock.measure {
                reading = try Catalogue.read(source, context) { document in
                    count += 1
                    if case .invoice(let invoice) = document { sum &+= invoice.total?.minorUnits ?? 0 }
                }
            }
            let cpu = (Glibc.clock() - start) / 1000
            print(
                "\(name): processor \(cpu) ms, \(source.size) bytes, pass 1 \(first), map \(second), \(count) documents, sum \(sum)"
            )
            #expect(reading?.faults == [])
            #expect(count == 1_000_000)
        }
    }
}
