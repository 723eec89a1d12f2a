// SPDX-License-Identifier: Apache-2.0
import Connector
import Foundation
import Synchronization
import Testing
import TieoutTesting

/// A system, or whoever stands between, that means harm: a clear fault, in bounded time, without a leaked secret.
@Suite("A hostile system ends in a clear fault")
struct SystemHostilityTests {
    private func refuse(
        _ system: String, _ kind: String, lasting: Bool = false, codes: Set<String>, options: String = ""
    ) throws {
        guard let scene = try SystemScene(system, options: options) else { return }
        try scene.open(25)
        try scene.order { order in
            if lasting { order.lasting = kind } else { order.trouble = [3: kind, 4: kind, 5: kind] }
        }
        let answer = try scene.sync()
        #expect(answer.failed && codes.contains(answer.fault ?? ""), "\(answer.text)")
        #expect(!answer.text.contains("secret"), "\(answer.text)")
        #expect(try scene.listed() == [:])
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: ReplayServer.systems) func `A web page instead of an answer`(_ system: String) throws {
        try refuse(system, "web", codes: ["PULL-FORM"])
    }

    @Test(arguments: ReplayServer.systems) func `An answer nested a million deep`(_ system: String) throws {
        try refuse(system, "deep", codes: ["PULL-FORM"])
    }

    @Test func `An answer of twenty million empty values`() throws {
        try refuse("stripe", "wide", codes: ["PULL-FORM"])
    }

    @Test(arguments: ["huge", "endless", "bomb"]) func `An answer of two gigabytes`(_ kind: String) throws {
        try refuse("stripe", kind, codes: ["NET-SIZE"])
    }

    @Test(arguments: ReplayServer.systems) func `A redirect is not followed`(_ system: String) throws {
        try refuse(system, "redirect", codes: ["PULL-REDIRECT"])
    }

    @Test(arguments: ["business-central", "exact-online", "mollie", "salesforce", "sap-b1", "sap-s4"])
    func `A link to a link-local address gets no credentials`(_ system: String) throws {
        try refuse(system, "elsewhere", lasting: true, codes: ["PULL-LINK-ELSEWHERE"])
    }

    @Test(arguments: ReplayServer.systems.filter { $0 != "twinfield" })
    func `A list that never ends`(_ system: String) throws {
        try refuse(system, "endless-pages", lasting: true, codes: ["PULL-ENDLESS"], options: ", pages_max: 40")
    }

    @Test(arguments: ["169.254.169.254", "[fe80::1]", "0.0.0.0", "100.100.100.200"])
    func `An address that no business system has`(_ host: String) throws {
        guard let scene = try SystemScene("stripe") else { return }
        _ = try scene.folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                sources:
                  - { id: book, mapping: stripe, plain_http: true, config: { base: 'http://\(host)' } }
            """, to: "tieout.yaml")
        let answer = try scene.sync()
        #expect(answer.failed && ["NET-ADDRESS", "PULL-SETTING"].contains(answer.fault ?? ""), "\(answer.text)")
        #expect(!answer.text.contains("secret"))
    }

    @Test func `Plain http is for this machine only`() throws {
        guard let scene = try SystemScene("stripe") else { return }
        _ = try scene.folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                sources:
                  - { id: book, mapping: stripe, config: { base: 'http://192.0.2.1' } }
            """, to: "tieout.yaml")
        let answer = try scene.sync()
        #expect(answer.failed && answer.fault == "PULL-PLAIN-HTTP", "\(answer.text)")
        #expect(scene.state.withLock { $0.sent } == 0)
    }
}
