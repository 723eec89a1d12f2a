// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Remote
import Synchronization
import Testing
import TieoutTesting
import Trees

/// A company whose customers pay by a provider: its invoices, the provider's report, its payments as it lists them, and
/// the bank.
final class ProviderScene: Sendable {
    let folder: ScratchFolder
    private let now = Mutex(Timestamp(milliseconds: 0))
    private let told = Mutex("[]")

    init(_ name: String = #function) throws {
        folder = try ScratchFolder("provider")
        set("2026-06-20")
        _ = try folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                authority: tieout
                time_zone: Europe/Amsterdam
                first_party: true
                accounts: [{ id: NL91ABNA0417164300, holder: Acme B.V., currency: EUR }]
                sources:
                  - { id: pay, mapping: pay.yaml }
            """, to: "tieout.yaml")
        _ = try folder.write(
            """
            mapping: 1
            name: pay
            tested: documentation
            documentation: [this test]
            source: { http: { base: https://pay.example, auth: { bearer: $(secret.key) }, page: none } }
            streams:
              payments:
                http: { get: /payments }
                records: "*"
                emit:
                  payment:
                    key: [id]
                    fields:
                      id: id
                      amount: amount
                      currency: { const: EUR }
                      booked_on: day
                      remittance: text
                      status: { from: state, map: { paid: information, failed: failed } }
            """, to: "pay.yaml")
    }

    func set(_ day: String) { now.withLock { $0 = Timestamp("\(day)T08:00:00Z") ?? $0 } }

    func workplace() throws -> Workplace {
        var request = Workplace.Request()
        request.configuration = folder.path("tieout.yaml")
        request.database = folder.path("books.db")
        return try Workplace.open(
            request,
            environment: Environment(
                now: { self.now.withLock { $0 } }, random: { 7 }, share: Repository.root.path, log: { _ in }))
    }

    func importing(_ name: String, _ text: String) throws {
        let summary = try workplace().importFiles([try folder.write(text, to: name)], Workplace.ImportOptions())
        #expect(!summary.anyRefused, "\(summary.text)")
    }

    /// A customer, and invoices of so many euros each that are due on 1 June.
    func invoices(_ invoices: [(number: String, euros: Int)]) throws {
        try importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,email,country,language,time_zone,account,opted_in,opted_out,do_not_automate
            C-1,10001,Ahrend B.V.,business,+31600000001,a@example.com,NL,nl,Europe/Amsterdam,,true,false,false

            """)
        try importing(
            "invoices.csv",
            "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n"
                + invoices.map {
                    "\($0.number),invoice,C-1,Ahrend B.V.,EUR,2026-05-01,2026-06-01,\($0.euros).00\n"
                }.joined())
    }

    /// Lines of a report: `day gross fee kind id text`, of one payout.
    func report(_ payout: String, _ lines: [String]) throws {
        let rows = lines.map { line in
            let part = line.split(separator: " ", maxSplits: 5).map { String($0) }
            let net = (Double(part[1]) ?? 0) - (Double(part[2]) ?? 0)
            return "\(payout),2026-06-14 00:00:00,\(part[4]),\(part[0]) 08:00:00,2026-06-14 00:00:00,eur,\(part[1]),"
                + "\(part[2]),\(String(format: "%.2f", net)),\(part[3]),src,\(part[5])\n"
        }
        try importing(
            "\(payout)_payout_reconciliation.csv",
            "automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,created_utc,available_on_utc,"
                + "currency,gross,fee,net,reporting_category,source_id,description\n" + rows.joined())
    }

    func bank(_ id: String, _ day: String, _ amount: String, _ payer: String, _ text: String) throws {
        try importing(
            "bank-\(id).csv",
            "id,amount,currency,booked_on,account,payer_name,remittance\n"
                + "\(id),\(amount),EUR,\(day),NL91ABNA0417164300,\(payer),\(text)\n")
    }

    /// What the provider lists: `id day amount state text`.
    func sync(_ payments: [String]) throws {
        let records = payments.map { line in
            let part = line.split(separator: " ", maxSplits: 4).map { String($0) }
            return #"{"id": "\#(part[0])", "day": "\#(part[1])", "amount": \#(part[2]), "state": "\#(part[3])", "#
                + #""text": "\#(part[4])"}"#
        }
        told.withLock { $0 = "[" + records.joined(separator: ", ") + "]" }
        // The same list at another time is another statement.
        now.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + 60_000) }
        let answer = try workplace().sync(
            Workplace.SyncOptions(),
            SyncSurroundings(
                exchange: { _ in
                    { _ in HTTPResponse(status: 200, body: Array(self.told.withLock { $0 }.utf8)) }
                }, sleep: { _ in }, variables: ["TIEOUT_SECRET_PAY_KEY": "very-secret"]))
        #expect(!answer.failed, "\(answer.text)")
    }

    @discardableResult
    func reconcile() throws -> Answer {
        let answer = try workplace().reconcile(dryRun: false, allocations: nil)
        let verified = try workplace().verify()
        #expect(!verified.failed, "\(verified.text)")
        return answer
    }

    func list(_ what: Workplace.Listing) throws -> [Node] {
        var nodes: [Node] = []
        try workplace().list(what, openOnly: false, customer: nil) { nodes.append($0) }
        return nodes
    }

    /// `2026-0101 open 0.00 cash 97.00 fee 3.00 clearing 0.00`, by number.
    func items() throws -> [String] {
        try list(.items).map { item in
            func field(_ key: String) -> String { item[key]?.scalar ?? "?" }
            return "\(field("number")) open \(field("open")) cash \(field("cash")) fee \(field("fee")) "
                + "clearing \(field("provider_clearing"))"
        }.sorted()
    }

    /// What is on items day by day: `2026-0101 2026-06-10 provider_clearing 100.00`; what is zero is left out.
    func days() throws -> [String] {
        var sums: [String: Int] = [:]
        for entry in try list(.allocations) {
            func field(_ key: String) -> String { entry[key]?.scalar ?? "" }
            let cents = Int(field("amount").filter { $0 != "." }) ?? 0
            sums["\(field("number")) \(field("posting_day")) \(field("kind"))", default: 0] += cents
        }
        return sums.filter { $0.value != 0 }.map { "\($0.key) \($0.value)" }.sorted()
    }

    func exceptions(_ kind: String) throws -> [String] {
        try list(.exceptions).filter { $0["kind"]?.scalar == kind && $0["state"]?.scalar == "open" }
            .compactMap { $0["message"]?.scalar }
    }
}
