// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The units in packaging/ are what systemd takes")
struct UnitFileTests {
    static let units = ["tieout-serve.service", "tieout-sync.service", "tieout-sync.timer"]

    @Test("Every unit in the folder is in this suite") func all() {
        #expect(Repository.files(under: Repository.url("packaging")) == Self.units)
    }

    @Test("systemd reads every unit without a word of complaint", arguments: units) func verified(_ unit: String) throws
    {
        let program = "/usr/bin/systemd-analyze"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            return print("skipped: \(unit): systemd-analyze is not installed")
        }
        let folder = try ScratchFolder("units")
        // It looks for the program where it is to be installed; any that is there does.
        for name in Self.units {
            let text = try Repository.text("packaging/" + name)
            _ = try folder.write(text.replacingOccurrences(of: "/usr/local/bin/tieout", with: "/usr/bin/env"), to: name)
        }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["verify", folder.path(unit)]
        let said = Pipe()
        process.standardError = said
        try process.run()
        let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // A key that it does not know is ignored with a warning and status 0.
        let ours = words.split(separator: "\n").filter { $0.contains(folder.path("")) || $0.contains("tieout") }
        #expect(process.terminationStatus == 0 && ours.isEmpty, "\(words)")
    }

    @Test("What a unit's head says to enable can be enabled", arguments: units) func installable(_ unit: String) throws
    {
        let text = try Repository.text("packaging/" + unit)
        let isEnabled = try Self.units.contains {
            try Repository.text("packaging/" + $0).contains("systemctl enable --now \(unit)")
        }
        #expect(text.contains("\n[Install]\nWantedBy=") == isEnabled)
    }

    @Test("Secrets come from a folder under the names that the program looks for", arguments: units.prefix(2))
    func secrets(_ unit: String) throws {
        // systemd.exec, LoadCredential=: of a folder each file's name comes after the id and `_`.
        #expect(try Repository.text("packaging/" + unit).contains("\nLoadCredential=tieout:/etc/tieout/credentials\n"))
        let store = try Repository.text("Sources/Connector/Sync/SecretStore.swift")
        #expect(store.contains("\"tieout_\""))
    }
}
