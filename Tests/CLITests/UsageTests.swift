// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Wrong usage ends with 64")
struct UsageTests {
    @Test(
        "A company that is not configured, or not named where there are several, is wrong usage",
        arguments: [["--company", "nobody"], []])
    func company(_ arguments: [String]) throws {
        let desk = try Desk("usage")
        try Data(
            "companies:\n  - { id: one, home_currency: EUR }\n  - { id: two, home_currency: EUR }\n".utf8
        ).write(to: desk.folder.appending(path: "tieout.yaml"))
        let ended = try Program.run(["list", "items"] + arguments, in: desk.folder)
        #expect(ended.status == 64, "\(ended.words)")
        #expect(ended.words.contains(arguments.isEmpty ? "COMPANY-NEEDED" : "COMPANY-UNKNOWN"))
    }

    @Test(
        "The copy of standard input goes with the process",
        arguments: [["confirm", "-"], ["read", "-"], ["import", "-"]])
    func standardInput(_ arguments: [String]) throws {
        let desk = try Desk("spool")
        let temporary = desk.folder.appending(path: "tmp")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        _ = try Program.run(arguments, in: desk.folder, environment: ["TMPDIR": temporary.path])
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
    }
}
