// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Synchronization
import Testing
import TieoutTesting
import Trees

/// What a source said too long ago is nothing to remind anybody of.
struct SourceAgeTests {
    /// Bills that are long due, customers that may be reminded, and a bank that is known through today.
    private func scene(_ source: String) throws -> SyncScene {
        let scene = try SyncScene()
        _ = try scene.folder.write(
            """
            companies:
              - id: acme
                legal_name: Acme B.V.
                country: NL
                home_currency: EUR
                authority: source
                time_zone: Europe/Amsterdam
                first_party: true
                accounts: [{ id: NL91ABNA0417164300 }]
                sources:
                  - { id: shop, mapping: shop.yaml\(source) }
            """, to: "tieout.yaml")
        scene.add(3)
        try scene.sync()
        let lines = ["C0", "C1", "C2"].map { "\($0),Customer \($0),business,+3160000000\($0.dropFirst()),NL,en,true" }
        try load(
            scene, "customers.csv",
            "id,name,party_type,phone,country,language,opted_in\n" + lines.joined(separator: "\n") + "\n")
        return scene
    }

    private func load(_ scene: SyncScene, _ name: String, _ text: String) throws {
        let path = try scene.folder.write(text, to: name)
        let summary = try scene.workplace().importFiles([path], Workplace.ImportOptions())
        #expect(!summary.anyRefused, "\(summary.text)")
    }

    /// Who is held by which rule, with the bank's money known through the day before.
    private func held(_ scene: SyncScene) throws -> [String: String] {
        let today = try scene.workplace().today
        try load(
            scene, "bank-\(today).csv",
            """
            id,amount,currency,booked_on,account,remittance
            K-1,1.00,EUR,2026-07-01,NL91ABNA0417164300,cash
            K-\(today),1.00,EUR,\(today),NL91ABNA0417164300,cash

            """)
        let plan = try scene.workplace().plan(dryRun: true).json
        let sent = (plan["messages"]?.items ?? []).map { ($0["customer_id"]?.scalar ?? "", "") }
        let held = (plan["held"]?.items ?? []).map { ($0["customer_id"]?.scalar ?? "", $0["rule"]?.scalar ?? "?") }
        return Dictionary(sent + held) { $0 + " " + $1 }
    }

    @Test(arguments: [(", max_age_days: 2", 2), ("", 4)])
    func `Reminders are held once a source was not read for longer than it may be, until it is`(
        _ line: String, _ days: Int64
    ) throws {
        let scene = try scene(line)
        let before = try held(scene)
        #expect(before.count == 3 && !before.values.contains("SOURCE-STALE"), "\(before)")
        scene.now = scene.now + days * 86_400_000
        #expect(try !held(scene).values.contains("SOURCE-STALE"))
        scene.now = scene.now + 86_400_000
        #expect(try held(scene) == ["C0": "SOURCE-STALE", "C1": "SOURCE-STALE", "C2": "SOURCE-STALE"])
        let list = try scene.workplace().listSources()
        #expect(list.text.contains("stale"), "\(list.text)")
        // Nothing was new: that it was read is what counts.
        #expect(try !scene.sync().failed)
        #expect(try held(scene) == before)
    }

    @Test func `A run that fails is no reading`() throws {
        let scene = try scene(", max_age_days: 2")
        scene.now = scene.now + 3 * 86_400_000
        scene.state.withLock { state in
            state.accessToken = 50
            state.refreshToken = 50
        }
        #expect(try scene.sync().failed)
        #expect(try Set(held(scene).values) == ["SOURCE-STALE"])
    }
}
