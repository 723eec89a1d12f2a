// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("docs/faults.md says what the sources say")
struct FaultPageTests {
    @Test("Every fault code stands there with its words; scripts/docs/faults.py writes it anew")
    func current() throws {
        _ = try Command.run("python3", ["scripts/docs/faults.py", "--check"], in: Repository.root)
    }

    @Test("A code that the gallery of bad input shows is on the page")
    func gallery() throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/faults.md"), encoding: .utf8)
        let folder = Repository.root.appending(path: "Tests/Fixtures/Errors")
        var codes: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let expected = folder.appending(path: "\(name)/expected.txt")
            guard let text = try? String(contentsOf: expected, encoding: .utf8) else { continue }
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count > 2, ["refusal", "row", "warning"].contains(words[0]), words[2] == "at" else {
                    continue
                }
                codes.insert(String(words[1]))
            }
        }
        #expect(codes.count > 60)
        #expect(codes.sorted().filter { !page.contains("`\($0)`") } == [])
    }
}
