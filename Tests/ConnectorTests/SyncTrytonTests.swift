// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import TieoutTesting
import Trees

/// Against a Tryton that runs: `Tests/Integration/tryton.py start FOLDER PORT`, then its address in `TIEOUT_TRYTON`.
struct SyncTrytonTests {
    @Test func `What is open here is what Tryton itself says is open, before and after changes`() throws {
        guard let address = ProcessInfo.processInfo.environment["TIEOUT_TRYTON"] else {
            print("skipped: TIEOUT_TRYTON is not set; see Tests/Integration/tryton.py")
            return
        }
        let company = try Company(address)
        for round in 0..<3 {
            if round > 0 { _ = try script(["change", address, String(round)]) }
            let workplace = try company.workplace()
            let answer = try workplace.sync(Workplace.SyncOptions(), company.surroundings)
            #expect(!answer.failed && !answer.needsReview, "\(answer.text)")
            var ours: [String] = []
            try workplace.list(.invoices, openOnly: true, customer: nil) { node in
                ours.append("\(node["number"]?.scalar ?? "?") \(node["open"]?.scalar ?? "?")")
            }
            let theirs = try script(["truth", address]).split(separator: "\n").map(String.init)
            #expect(ours.sorted() == theirs.sorted())
        }
    }

    @Test func `A payment that was settled here is written there, a part of it or the whole, and once only`() throws {
        guard let address = ProcessInfo.processInfo.environment["TIEOUT_TRYTON"] else {
            print("skipped: TIEOUT_TRYTON is not set; see Tests/Integration/tryton.py")
            return
        }
        let company = try Company(address)
        let workplace = try company.workplace()
        #expect(try !workplace.sync(Workplace.SyncOptions(), company.surroundings).failed)
        var open: [(number: String, amount: String)] = []
        try workplace.list(.invoices, openOnly: true, customer: nil) { node in
            open.append((node["number"]?.scalar ?? "", node["open"]?.scalar ?? ""))
        }
        let bills = open.filter { !$0.amount.hasPrefix("-") && $0.amount.count > 5 }.suffix(2)
        try #require(bills.count == 2)
        let (whole, part) = (bills[bills.startIndex], bills[bills.startIndex + 1])
        let day = workplace.today.text
        let bank = try company.folder.write(
            """
            id,amount,currency,booked_on,account,remittance
            K-1,\(whole.amount),EUR,\(day),NL91ABNA0417164300,invoice \(whole.number)
            K-2,1.00,EUR,\(day),NL91ABNA0417164300,invoice \(part.number)

            """, to: "bank.csv")
        _ = try workplace.importFiles([bank], Workplace.ImportOptions())
        _ = try workplace.reconcile(dryRun: false, allocations: nil)
        let proposed = try workplace.proposePosts("tryton", actor: "anna")
        let count = proposed.json["orders"]?.items?.count ?? 0
        try #require(count > 0, "\(proposed.text)")
        _ = try workplace.approvePosts(1, actor: "bert", reason: "live test")
        let before = try truth(address)
        let run = try workplace.runPosts("tryton", company.surroundings)
        let states = (run.json["orders"]?.items ?? []).compactMap { $0["state"]?.scalar }
        #expect(states == Array(repeating: "done", count: count), "\(run.text)")
        let after = try truth(address)
        for order in run.json["orders"]?.items ?? [] {
            let number = order["invoice"]?.scalar ?? ""
            let paid = cents(order["amount"]?.scalar?.prefix { $0 != " " }.description)
            #expect(cents(before[number]) - cents(after[number]) == paid, "\(number)")
        }
        // Nothing is left to write, and after the next sync both say the same.
        #expect(try workplace.runPosts("tryton", company.surroundings).json["orders"]?.items?.isEmpty == true)
        #expect(try !company.workplace().sync(Workplace.SyncOptions(), company.surroundings).failed)
        var ours: [String: String] = [:]
        try company.workplace().list(.invoices, openOnly: true, customer: nil) { node in
            ours[node["number"]?.scalar ?? "?"] = node["open"]?.scalar
        }
        #expect(try ours == truth(address))
    }

    private func cents(_ text: String?) -> Int { Int((text ?? "0.00").filter { $0 != "." }) ?? 0 }

    private func truth(_ address: String) throws -> [String: String] {
        var open: [String: String] = [:]
        for line in try script(["truth", address]).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { open[String(words[0])] = String(words[1]) }
        }
        return open
    }

    /// A company of its own that pulls from the Tryton that runs.
    private struct Company {
        let folder: ScratchFolder
        let request: Workplace.Request
        let environment: Environment
        let surroundings: SyncSurroundings

        init(_ address: String) throws {
            folder = try ScratchFolder("tryton")
            _ = try folder.write(
                """
                companies:
                  - id: acme
                    home_currency: EUR
                    authority: source
                    accounts: [{ id: NL91ABNA0417164300 }]
                    sources:
                      - { id: tryton, mapping: tryton, config: { base: "\(address)", user: admin }, post: { account: 1 } }
                """, to: "tieout.yaml")
            var request = Workplace.Request()
            request.configuration = folder.path("tieout.yaml")
            request.database = folder.path("books.db")
            self.request = request
            var environment = Environment.live()
            environment.share = Repository.root.path
            self.environment = environment
            var surroundings = SyncSurroundings.live()
            surroundings.variables["TIEOUT_SECRET_TRYTON_PASSWORD"] = "admin"
            self.surroundings = surroundings
        }

        func workplace() throws -> Workplace { try Workplace.open(request, environment: environment) }
    }

    private func script(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Repository.url("Tests/Integration/tryton.py").path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
