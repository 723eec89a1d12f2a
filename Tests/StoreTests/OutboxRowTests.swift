// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Store
import Testing
import TieoutTesting

@Suite struct OutboxRowTests {
    let books: TestBooks
    private let lane = Lane.key(company: "acme", customer: "C1")
    private var now = TestBooks.clock

    init() throws { books = try TestBooks() }

    private func enqueue(_ id: String, sequence: Int64) throws {
        try books.store.write {
            try $0.save(Delivery(messageID: id, lane: lane, sequence: sequence), company: "acme")
        }
    }

    /// One event on one message at a time, written back in the transaction that read it.
    @discardableResult
    private func receive(
        _ event: Delivery.Event, _ id: String, after milliseconds: Int64 = 0, seed: UInt64 = 1
    ) throws -> Delivery.Effect {
        try books.store.write { session in
            var generator = SplitMix64(seed: seed)
            var row = try #require(try session.delivery(company: "acme", message: id))
            let effect = row.receive(event, at: now + milliseconds, policy: DeliveryPolicy(), using: &generator)
            try session.save(row, company: "acme")
            #expect(try session.delivery(company: "acme", message: id) == row, "after \(event)")
            return effect
        }
    }

    private func heads(after milliseconds: Int64 = 0) throws -> [String] {
        try books.store.read {
            try $0.dueHeads(company: "acme", now: now + milliseconds, limit: 10).map(\.messageID)
        }
    }

    private func hand(_ id: String, token: String) throws {
        try receive(.claim(token: token, leaseMilliseconds: 60_000), id)
        try receive(.begin(token: token), id)
    }

    @Test("A customer's messages go out in their order, one at a time, whatever order they were written in")
    func order() throws {
        for (id, sequence) in [("second", 2), ("first", 1), ("third", 3)] { try enqueue(id, sequence: Int64(sequence)) }
        var sent: [String] = []
        while let head = try heads().first {
            #expect(try heads() == [head])
            try hand(head, token: "t-" + head)
            try receive(.ack(token: "t-" + head, nil), head)
            sent.append(head)
        }
        #expect(sent == ["first", "second", "third"])
    }

    @Test("A lease that ends after begin leaves the outcome unknown: nothing of that customer goes out")
    func unknown() throws {
        try enqueue("first", sequence: 1)
        try enqueue("second", sequence: 2)
        try hand("first", token: "a")
        let lost = try books.store.read { try $0.begunPast(company: "acme", now: now + 60_000).map(\.messageID) }
        #expect(lost == ["first"])
        #expect(try receive(.leaseExpired, "first", after: 60_000) == .unknown)
        #expect(try heads(after: 3_600_000) == [])
        try receive(.settle(.sent(nil)), "first", after: 120_000)
        #expect(try heads(after: 120_000) == ["second"])
    }

    @Test("A lease that ends before begin frees the message, and the old token begins nothing")
    func freed() throws {
        try enqueue("first", sequence: 1)
        try receive(.claim(token: "a", leaseMilliseconds: 60_000), "first")
        #expect(try heads() == [])
        #expect(try heads(after: 60_000) == ["first"])
        try receive(.claim(token: "b", leaseMilliseconds: 60_000), "first", after: 60_000)
        #expect(try receive(.begin(token: "a"), "first", after: 60_001) == .refused(.staleToken))
        let row = try #require(try books.store.read { try $0.delivery(company: "acme", message: "first") })
        #expect(row.state == .leased && row.attempts == 0)
    }

    @Test("A failure that is reported after the delivery changes nothing")
    func lateFailure() throws {
        try enqueue("first", sequence: 1)
        try hand("first", token: "a")
        try receive(.ack(token: "a", .init(provider: "p", id: "1")), "first")
        try receive(.confirm(.init(.delivered, at: now)), "first")
        try receive(.confirm(.init(.failed(.finalRecipient, code: "131026"), at: now)), "first")
        let row = try #require(try books.store.read { try $0.delivery(company: "acme", message: "first") })
        #expect(row.state == .delivered && row.failure == nil)
    }

    @Test(
        "The head of every lane is the earliest message that still holds it, after any run of events", arguments: 1...20
    )
    func heads(seed: Int) throws {
        var chance = SplitMix64(seed: UInt64(seed))
        for sequence in 1...4 { try enqueue("m\(sequence)", sequence: Int64(sequence)) }
        for step in 0..<40 {
            let id = "m\(chance.int(in: 1...4))"
            let events: [Delivery.Event] = [
                .claim(token: "t\(step)", leaseMilliseconds: 1_000), .begin(token: "t\(step - 1)"),
                .ack(token: "t\(step - 2)", nil), .leaseExpired, .cancel(reason: "NOTHING-OWED"),
                .fail(token: "t\(step - 2)", .retryBackoff, code: nil, retryAfterMilliseconds: nil),
                .settle(.notSent), .confirm(.init(.sent, at: now)),
            ]
            guard let event = chance.pick(events) else { continue }
            try receive(event, id, after: Int64(step) * 700, seed: UInt64(step))
            let (rows, pointers) = try books.store.read {
                (try $0.deliveries(company: "acme"), try $0.laneHeads(company: "acme"))
            }
            let holding = rows.filter(\.state.holdsLane).min { $0.sequence < $1.sequence }?.messageID
            #expect(pointers.map(\.head) == [holding], "seed \(seed), step \(step), \(event) on \(id)")
        }
    }
}
