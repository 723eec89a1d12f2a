// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("An agent or an outbox command that is killed loses no message and sends none twice", .serialized)
struct OutboxKillTests {
    @Test("Claim, begin, ack, fail and confirm killed at random moments, against the agent's own journal")
    func killed() throws {
        let rounds = Effort.repeats(100, long: 300)
        var agent = try Agent(messages: rounds * 5)
        try agent.measure()
        for round in 0..<rounds {
            for verb in Agent.verbs { try agent.strike(verb, Kill.aim(round)) }
        }
        // Where the machine is busy, a transaction of a millisecond is over before it is seen: more kills, all aimed
        // inside, until enough of them fell there.
        var more = 0
        while agent.inside < rounds * Agent.verbs.count * 3 / 10, more < rounds {
            try agent.strike(Agent.verbs[more % Agent.verbs.count], .inside)
            more += 1
        }
        // Ten agents more die between begin and ack: no command is killed, the outcome is unknown all the same.
        for _ in 0..<10 { try agent.dieAfterBegin() }
        try agent.drain()
        for tally in agent.tallies { print("\(tally)") }
        for problem in agent.problems { Issue.record("\(problem)") }
        #expect(agent.inside >= rounds * Agent.verbs.count * 3 / 10, "too few kills fell inside a transaction")
        #expect(agent.tallies.map(\.total).reduce(0, +) == rounds * Agent.verbs.count + more)
    }
}

/// An agent that feeds a provider, keeps a journal of its own, and is killed now and then.
private struct Agent {
    static let verbs = ["claim", "begin", "ack", "fail", "confirm"]

    private let desk: Desk
    private var seconds = 0
    private var generator = SplitMix64(seed: 4_711)
    private var courses: [String: Kill.Course] = [:]
    private var byVerb: [String: Kill.Tally] = [:]
    private let planned: Set<String>

    /// Messages that were handed to the provider; the journal is written before the provider is called.
    private var sent: [String] = []
    /// What must have become of a message in the end. A begin, ack or fail that was cut off leaves what nobody can
    /// know: `unknown`.
    private var outcomes: [String: String] = [:]
    private var refusals = 0
    private(set) var problems: [String] = []

    var inside: Int { tallies.reduce(0) { $0 + $1.inside } }

    var tallies: [Kill.Tally] { byVerb.keys.sorted().compactMap { byVerb[$0] } }

    init(messages: Int) throws {
        desk = try Desk("outbox-kill")
        try desk.write(Self.configuration, to: "tieout.yaml")
        var customers = "id,name,party_type,phone,country,language,time_zone,opted_in\n"
        var invoices = "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n"
        for index in 0..<messages {
            let id = "C\(index + 1000)"
            customers += "\(id),Customer \(index),business,+316000\(index + 10_000),NL,nl,Europe/Amsterdam,true\n"
            invoices += "O-\(index),invoice,\(id),Customer \(index),EUR,2026-08-24,2026-09-07,\(100 + index).00\n"
        }
        try desk.write(customers, to: "customers.csv")
        try desk.write(invoices, to: "invoices.csv")
        try desk.write(Self.statement, to: "bank.xml")
        let now = "2026-09-14T06:30:00Z"
        try desk.must(["import", "customers.csv", "invoices.csv", "bank.xml"], at: now)
        let plan = try desk.json(["plan"], at: now)
        planned = Set(plan["messages"].items.map { $0["message_id"].text })
        if planned.count != messages {
            throw Desk.Unexpected(
                description: "\(planned.count) of \(messages) messages were planned; held: "
                    + "\(plan["held"].items.prefix(1))")
        }
    }

    /// Business time: it moves on after every kill, so that leases run out; it stays within contact hours.
    private var now: String {
        let total = 7 * 3600 + seconds
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "2026-09-14T\(two(total / 3600)):\(two(total / 60 % 60)):\(two(total % 60))Z"
    }

    private mutating func passLease() { seconds += 12 }

    private typealias Claimed = (id: String, token: String)

    private static let claim = ["outbox", "claim", "--limit", "1", "--lease", "10", "--agent", "test"]

    private func claimOne() throws -> Claimed? {
        let lines = try JSONValue.lines(desk.must(Self.claim, at: now).out)
        guard let message = lines.first else { return nil }
        return (message["message_id"].text, message["token"].text)
    }

    /// - Parameter isFinal: of a refusal.
    private func arguments(_ verb: String, _ message: Claimed, isFinal: Bool = false) throws -> [String] {
        if verb == "confirm" {
            let line = """
                {"type":"confirmation","message_id":"\(message.id)","status":"delivered","at":"2026-09-14T07:00:00Z"}
                """
            return ["confirm", try desk.write(line + "\n", to: "delivered.jsonl")]
        }
        return ["outbox", verb, message.id, "--token", message.token]
            + (verb == "ack" ? ["--provider-message-id", "wamid.\(message.id)"] : [])
            + (verb == "fail" && isFinal ? ["--final"] : [])
    }

    /// Undisturbed messages, to know how long each command takes.
    mutating func measure() throws {
        let (claimed, claim) = Kill.watch(try desk.start(Self.claim, at: now))
        courses["claim"] = claim
        guard let line = try JSONValue.lines(claimed.out).first else {
            throw Desk.Unexpected(description: "nothing could be claimed: \(claimed.words)")
        }
        let message = (id: line["message_id"].text, token: line["token"].text)
        try watch("begin", message)
        sent.append(message.id)
        try watch("ack", message)
        try watch("confirm", message)
        outcomes[message.id] = "delivered"
        guard let refused = try claimOne() else { throw Desk.Unexpected(description: "only one could be claimed") }
        try mustBegin(refused)
        try watch("fail", refused)
        passLease()
    }

    private mutating func watch(_ verb: String, _ message: Claimed) throws {
        let (ended, course) = Kill.watch(try desk.start(arguments(verb, message), at: now))
        courses[verb] = course
        if ended.status != 0 { problems.append("\(verb): \(ended.words)") }
    }

    /// Kills one command. What came before it in the life of the message is done undisturbed.
    mutating func strike(_ verb: String, _ aim: Kill.Aim) throws {
        let isFinal = refusals % 2 == 0
        var message: Claimed?
        if verb != "claim" {
            message = try claimOne()
            guard let message else { return problems.append("\(verb): nothing was left to claim") }
            if verb != "begin" { try mustBegin(message) }
            if verb == "ack" || verb == "confirm" { sent.append(message.id) }
            if verb == "confirm" { try desk.must(arguments("ack", message), at: now) }
            if verb == "fail" { refusals += 1 }
        }
        let before = verb == "claim" ? try states() : [:]
        let command = try message.map { try arguments(verb, $0, isFinal: isFinal) } ?? Self.claim
        let sight = Kill.strike(
            try desk.start(command, at: now), aim, courses[verb] ?? Kill.Course(begin: 0, commit: 0, end: 0), &generator
        )
        let verified = try desk.run(["verify"], at: now)
        if verified.status != 0 { problems.append("a kill of \(verb): verify \(verified.words)") }
        let after = try states()
        let landed: Bool
        if let message {
            let done = [
                "begin": "begun", "ack": "accepted", "fail": isFinal ? "dead" : "queued", "confirm": "delivered",
            ]
            landed = after[message.id] == done[verb]
            try note(verb, message, landed: landed, isFinal: isFinal)
        } else {
            landed = before != after
        }
        if sight.ended.status == 0, !landed { problems.append("\(verb) said done and did nothing") }
        byVerb[verb, default: Kill.Tally("tieout \(verb == "confirm" ? verb : "outbox \(verb)")")]
            .add(Kill.fell(sight, landed: landed))
        passLease()
    }

    /// Writes into the journal what must come of the message now.
    private mutating func note(_ verb: String, _ message: Claimed, landed: Bool, isFinal: Bool) throws {
        switch verb {
        case "begin":
            if landed { outcomes[message.id] = "unknown" }
        case "ack": outcomes[message.id] = landed ? "accepted" : "unknown"
        case "fail":
            // One that may be tried again is claimed again; one that was cut off must not be.
            if !landed { outcomes[message.id] = "unknown" } else if isFinal { outcomes[message.id] = "dead" }
        default:
            // Said once more, whether it landed or not: it is folded once.
            try desk.must(arguments("confirm", message), at: now)
            outcomes[message.id] = "delivered"
        }
    }

    mutating func dieAfterBegin() throws {
        guard let message = try claimOne() else { return problems.append("nothing was left to begin") }
        try mustBegin(message)
        outcomes[message.id] = "unknown"
        passLease()
        let state = try states()[message.id]
        if state != "unknown" {
            problems.append("\(message.id) is \(state ?? "gone"), not unknown, after its agent died")
        }
    }

    private mutating func mustBegin(_ message: Claimed) throws {
        if sent.contains(message.id) { problems.append("\(message.id) was handed out again after it had been sent") }
        if let outcome = outcomes[message.id] {
            problems.append("\(message.id) was handed out though it is \(outcome)")
        }
        try desk.must(arguments("begin", message), at: now)
    }

    private func states() throws -> [String: String] {
        let messages = try desk.list(["messages"], at: now)
        return Dictionary(messages.map { ($0["message_id"].text, $0["state"].text) }) { first, _ in "\(first), twice" }
    }

    /// Sends everything that is left and compares the books with the journal.
    mutating func drain() throws {
        seconds += 60
        while let message = try claimOne() {
            try mustBegin(message)
            sent.append(message.id)
            try desk.must(arguments("ack", message), at: now)
            outcomes[message.id] = "accepted"
        }
        let final = try states()
        if Set(final.keys) != planned {
            problems.append("\(planned.count) messages were planned, \(final.count) are there")
        }
        if Set(sent).count != sent.count { problems.append("a message was sent twice") }
        for id in planned.sorted() {
            let expected = outcomes[id] ?? "nothing known"
            if final[id] != expected {
                problems.append("\(id) is \(final[id] ?? "gone"), the journal says \(expected)")
            }
        }
        let told = Set(try desk.list(["exceptions", "--open"], at: now).map { $0["subject"].text })
        let untold = outcomes.filter { $0.value == "unknown" || $0.value == "dead" }.keys.filter { !told.contains($0) }
        if !untold.isEmpty {
            problems.append("no exception tells a person of \(untold.count) in doubt or dead")
        }
    }

    private static let configuration = """
        companies:
          - id: pier
            legal_name: Pier Verlichting B.V.
            address: Havenkade 1, 3011 AA Rotterdam
            tax_id: NL000099987B01
            country: NL
            home_currency: EUR
            authority: tieout
            calendar: target
            time_zone: Europe/Amsterdam
            first_party: true
            accounts:
              - { id: NL02ABNA0123456789, holder: Pier Verlichting B.V., bic: ABNANL2A, currency: EUR }
        """

    /// An empty statement that covers the days up to the plan.
    private static let statement = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
          <GrpHdr><MsgId>PIER-1</MsgId><CreDtTm>2026-09-14T05:00:00Z</CreDtTm></GrpHdr>
          <Stmt><Id>PIER-2026-1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-09-14T05:00:00Z</CreDtTm>
            <FrToDt><FrDtTm>2026-08-24T00:00:00</FrDtTm><ToDtTm>2026-09-11T23:59:59</ToDtTm></FrToDt>
            <Acct><Id><IBAN>NL02ABNA0123456789</IBAN></Id><Ccy>EUR</Ccy></Acct>
            <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
              <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-08-24</Dt></Dt></Bal>
            <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
              <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-09-11</Dt></Dt></Bal>
          </Stmt></BkToCstmrStmt></Document>
        """
}
