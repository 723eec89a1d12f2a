// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The benchmark compares like with like")
struct BenchTests {
    @Test("The baseline has the indexes of Tieout's item table, its text key as the primary key")
    func sameIndexes() throws {
        let schema = try Repository.files(under: Repository.url("Sources/Store/Schema"), ending: ".swift")
            .map { try Repository.text("Sources/Store/Schema/" + $0) }
            .joined(separator: "\n")
        let ours = Self.indexes(in: schema)
        #expect(ours.contains("item_id"), "the schema was not found")
        let baseline = try Repository.text("scripts/bench/baseline.sql")
        #expect(baseline.contains("id TEXT PRIMARY KEY"))
        #expect(Self.indexes(in: baseline) == ours.subtracting(["item_id"]))
    }

    @Test("The generator writes the same bytes again, with canonical headers")
    func generatorIsDeterministic() throws {
        let script = Repository.url("scripts/bench/generate.py").path
        let first = try Command.run("python3", [script, "500"], in: Repository.root)
        let second = try Command.run("python3", [script, "500"], in: Repository.root)
        #expect(first == second)
        let lines = String(decoding: first, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 501)
        #expect(
            lines.first
                == "id,number,kind,customer_id,customer_name,currency,issued_on,due_on,total,reference")
    }

    /// Names in `CREATE [UNIQUE] INDEX name ON item(…)`.
    private static func indexes(in sql: String) -> Set<String> {
        let words = sql.split { " \n(".contains($0) }.map(String.init)
        return Set(
            words.indices.dropLast(3).compactMap { index in
                words[index] == "INDEX" && words[index + 2] == "ON" && words[index + 3] == "item"
                    ? words[index + 1] : nil
            })
    }
}
