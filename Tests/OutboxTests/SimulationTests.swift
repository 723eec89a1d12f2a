// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Testing

/// Thousands of small worlds with a faulty agent, a faulty provider and a faulty clock. The seed is the bug report.
struct SimulationTests {
    @Test("Whatever fails, every message ends once, in order, and nothing withdrawn goes out", arguments: 0..<8)
    func worlds(_ part: UInt64) {
        var sent = 0
        var unknown = 0
        for seed in part * 128..<(part + 1) * 128 {
            var world = World(seed: seed)
            for _ in 0..<200 { world.step() }
            world.drain()
            sent += world.sends
            unknown += world.unknowns
            guard world.broken.isEmpty else {
                Issue.record("seed \(seed): \(world.broken.joined(separator: "; "))")
                return
            }
        }
        #expect(sent > 1_000, "the world is too quiet to prove anything")
        #expect(unknown > 100, "the world is too quiet to prove anything")
    }
}

private struct World {
    /// An agent's process that holds a token; a zombie is one that goes on long after its lease.
    private struct Worker {
        var token: String
        var message: Int
        var hasBegun = false
        /// What it will say when it wakes, once the provider was called.
        var report: Delivery.Event?
    }

    private enum Truth { case nothing, accepted, refused }

    private var generator: SplitMix64
    private var now = Timestamp(milliseconds: 10_000_000)
    private var deliveries: [Delivery] = []
    private var lanes: [Lane]
    /// The messages of each lane, and each message's lane, so that a world steps fast in a debug build.
    private var rows: [[Int]]
    private var laneOf: [Int] = []
    private var workers: [Worker] = []
    private var webhooks: [(message: Int, Delivery.Confirmation)] = []
    /// What the provider really did, by message.
    private var truth: [Truth] = []
    private var accepted: [Int] = []
    /// A person said "not sent" while a call was still under way: twice is then their doing.
    private var mayDouble: Set<Int> = []
    private var withdrawn: Set<Int> = []
    private var lastSent: [Int64]
    private var tokens = 0
    private var policy = DeliveryPolicy()
    private(set) var sends = 0
    private(set) var unknowns = 0
    private(set) var broken: [String] = []

    private static let laneCount = 4

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
        lanes = (0..<Self.laneCount).map { Lane(key: Lane.key(company: "c", customer: "\($0)")) }
        lastSent = Array(repeating: 0, count: Self.laneCount)
        rows = Array(repeating: [], count: Self.laneCount)
        policy.attemptsMax = 4
        policy.claimsMax = 6
    }

    private mutating func random(_ count: Int) -> Int { Int(generator.next(upperBound: UInt64(max(1, count)))) }
    private mutating func chance(_ percent: Int) -> Bool { random(100) < percent }

    mutating func step() {
        switch random(100) {
        case 0..<18: enqueue()
        case 18..<38: claim(lane: random(Self.laneCount))
        case 38..<66: work(random(workers.count))
        case 66..<72: deliverWebhook()
        case 72..<78: withdraw()
        case 78..<82: settle()
        case 82: rant()
        case 83..<88: tick()
        case 88..<96: now = now + Int64([1, 500, 5_000, 40_000, 200_000][random(5)])
        default: now = now + -Int64([1, 5_000, 100_000, 5_000_000][random(4)])
        }
    }

    private mutating func enqueue() {
        let lane = random(Self.laneCount)
        let number = deliveries.count
        var delivery = Delivery(messageID: "m\(number)", lane: lanes[lane].key, sequence: Int64(number + 1))
        if chance(10) { delivery.notBefore = now + 30_000 }
        if chance(15) { delivery.notAfter = now + 400_000 }
        deliveries.append(delivery)
        rows[lane].append(number)
        laneOf.append(lane)
        truth.append(.nothing)
        accepted.append(0)
        lanes[lane].enqueue(delivery)
        check(lane)
    }

    private mutating func claim(lane: Int) {
        // A store that asked for the wrong one would be refused by the lane.
        guard let head = lanes[lane].head else { return }
        let index = Int(head.sequence) - 1
        let wasUnknown = deliveries[index].state == .unknown
        tokens += 1
        let token = "t\(tokens)"
        let effect = receive(.claim(token: token, leaseMilliseconds: 60_000), for: index)
        if case .granted(let granted, _) = effect {
            if wasUnknown { broken.append("unknown \(head.messageID) was handed out") }
            if granted == token { workers.append(Worker(token: token, message: index)) }
        }
    }

    /// One step of one agent: begin and call, then report, or fall silent.
    private mutating func work(_ index: Int) {
        guard index < workers.count else { return }
        var worker = workers[index]
        if chance(12) {
            workers.remove(at: index)
            return
        }
        guard worker.hasBegun else {
            if chance(6) {
                _ = receive(report(worker.token, .retryBackoff), for: worker.message)
                workers.remove(at: index)
                return
            }
            guard case .begun = receive(.begin(token: worker.token), for: worker.message) else {
                workers.remove(at: index)
                return
            }
            worker.hasBegun = true
            checkMayBeSent(worker)
            worker.report = call(worker)
            workers[index] = worker
            if chance(10) { workers.remove(at: index) }
            return
        }
        // It may have slept past its lease: what it says now is late.
        if let report = worker.report { _ = receive(report, for: worker.message) }
        if chance(70) { workers.remove(at: index) }
    }

    private func report(_ token: String, _ errorClass: ErrorClass, retryAfter: Int64? = nil) -> Delivery.Event {
        .fail(token: token, errorClass, code: nil, retryAfterMilliseconds: retryAfter)
    }

    private mutating func checkMayBeSent(_ worker: Worker) {
        let message = worker.message
        sends += 1
        let delivery = deliveries[message]
        let lane = laneOf[message]
        if delivery.lease?.token != worker.token || delivery.begunToken != worker.token {
            broken.append("\(delivery.messageID) was called with a stale token")
        }
        if delivery.lease.map({ $0.until <= now }) ?? true {
            broken.append("\(delivery.messageID) was called after its lease")
        }
        if withdrawn.contains(message) { broken.append("\(delivery.messageID) was called after it was withdrawn") }
        if delivery.sequence < lastSent[lane] { broken.append("\(delivery.messageID) out of order") }
        lastSent[lane] = delivery.sequence
        for other in rows[lane] where other < message && deliveries[other].state.holdsLane {
            broken.append("\(delivery.messageID) went before m\(other)")
        }
    }

    /// The provider: takes it, refuses it, or takes it and loses the answer.
    private mutating func call(_ worker: Worker) -> Delivery.Event? {
        let number = worker.message
        switch random(10) {
        case 0..<6:
            accept(number)
            let id = Delivery.ProviderMessage(provider: "p", id: "w\(number)")
            if chance(15) { return nil }
            return chance(15) ? report(worker.token, .ambiguous) : .ack(token: worker.token, id)
        case 6:
            truth[number] = .refused
            return report(worker.token, .finalRecipient)
        case 7: return report(worker.token, .retryBackoff, retryAfter: chance(50) ? 20_000 : nil)
        case 8: return report(worker.token, chance(50) ? .haltAuth : .retryPair)
        default: return report(worker.token, .ambiguous)
        }
    }

    private mutating func accept(_ number: Int) {
        truth[number] = .accepted
        accepted[number] += 1
        if accepted[number] > 1, !mayDouble.contains(number) { broken.append("m\(number) went out twice") }
        let id = Delivery.ProviderMessage(provider: "p", id: "w\(number)")
        var kinds: [Delivery.Confirmation.Kind] = [.sent, .delivered]
        if chance(50) { kinds.append(.read) }
        if chance(15) { kinds = [.sent, .failed(.finalMessage, code: "130472")] }
        for (offset, kind) in kinds.enumerated() {
            let confirmation = Delivery.Confirmation(kind, message: id, at: now + Int64(offset))
            for _ in 0...random(2) { webhooks.append((number, confirmation)) }
        }
    }

    private mutating func deliverWebhook() {
        guard !webhooks.isEmpty else { return }
        let (message, confirmation) = webhooks.remove(at: random(webhooks.count))
        _ = receive(.confirm(confirmation), for: message)
    }

    private mutating func withdraw() {
        guard !deliveries.isEmpty else { return }
        let message = random(deliveries.count)
        let effect = receive(chance(50) ? .supersede(by: "other") : .cancel(reason: "paid"), for: message)
        if case .closed = effect { withdrawn.insert(message) }
    }

    private mutating func settle() {
        let open = deliveries.indices.filter { deliveries[$0].state == .unknown }
        guard !open.isEmpty else { return }
        settle(open[random(open.count)])
    }

    /// Somebody with a token that never was.
    private mutating func rant() {
        guard !deliveries.isEmpty else { return }
        let message = random(deliveries.count)
        _ = receive(chance(50) ? .ack(token: "stale", nil) : report("stale", .finalRequest), for: message)
    }

    /// A look-up tells the truth; a hasty person may say "not sent" while a call is still under way.
    private mutating func settle(_ message: Int) {
        switch truth[message] {
        case .accepted:
            if chance(5) {
                mayDouble.insert(message)
                _ = receive(.settle(.notSent), for: message)
            } else {
                _ = receive(.settle(.sent(nil)), for: message)
            }
        case .nothing, .refused: _ = receive(.settle(.notSent), for: message)
        }
    }

    private mutating func tick() {
        for index in deliveries.indices {
            deliveries[index].clamp(at: now)
            if deliveries[index].lease.map({ $0.until > now + $0.milliseconds }) ?? false
                || deliveries[index].wait.map({ $0.until > now + $0.milliseconds }) ?? false
            {
                broken.append("m\(index) waits longer than it was told to")
            }
            if deliveries[index].lease != nil { _ = receive(.leaseExpired, for: index) }
            if deliveries[index].notAfter != nil { _ = receive(.expire, for: index) }
        }
    }

    private mutating func receive(_ event: Delivery.Event, for message: Int) -> Delivery.Effect {
        let before = deliveries[message]
        let effect = deliveries[message].receive(event, at: now, policy: policy, using: &generator)
        let after = deliveries[message]
        if after.state == .unknown, before.state != .unknown { unknowns += 1 }
        if before.state.holdsLane, !after.state.holdsLane {
            let lane = laneOf[message]
            lanes[lane].advance(past: after, to: Lane.head(of: rows[lane].map { deliveries[$0] }))
        }
        if !before.state.holdsLane, after.state.holdsLane { broken.append("\(after.messageID) came back") }
        if case .ack(let token, _) = event, token != before.begunToken, after.state != before.state {
            broken.append("\(after.messageID) took an ack of another attempt")
        }
        if after.rank < before.rank { broken.append("\(after.messageID) lost a confirmation") }
        check(laneOf[message])
        return effect
    }

    private mutating func check(_ lane: Int) {
        var tokens = 0
        var head: Int?
        for index in rows[lane] {
            let state = deliveries[index].state
            let isLeased = deliveries[index].lease != nil
            if isLeased { tokens += 1 }
            if state.holdsLane, head == nil { head = index }
            if deliveries[index].rank > 0, state.holdsLane { broken.append("m\(index) is known to be out and waits") }
            if isLeased != (state == .leased || state == .begun) {
                broken.append("m\(index) is \(state) and its lease says otherwise")
            }
            if state.holdsLane == (deliveries[index].doneAt != nil) {
                broken.append("m\(index) is \(state) and its end says otherwise")
            }
        }
        if lanes[lane].head?.sequence != head.map({ Int64($0 + 1) }) {
            broken.append("lane \(lane) has the wrong head")
        }
        if tokens > 1 { broken.append("lane \(lane) has two live tokens") }
    }

    /// The faults stop; everything must come to an end in bounded time.
    mutating func drain() {
        workers = []
        while !webhooks.isEmpty { deliverWebhook() }
        for _ in 0..<400 where deliveries.contains(where: \.state.holdsLane) {
            now = now + 20 * 60_000
            tick()
            for index in deliveries.indices where deliveries[index].state == .unknown { settle(index) }
            for lane in lanes.indices {
                claim(lane: lane)
                guard let worker = workers.popLast() else { continue }
                guard case .begun = receive(.begin(token: worker.token), for: worker.message) else { continue }
                checkMayBeSent(worker)
                accept(worker.message)
                _ = receive(.ack(token: worker.token, nil), for: worker.message)
            }
        }
        while !webhooks.isEmpty { deliverWebhook() }
        for (number, delivery) in deliveries.enumerated() {
            if delivery.state.holdsLane { broken.append("\(delivery.messageID) never ended: \(delivery.state)") }
            if accepted[number] > 0, delivery.rank == 0 { broken.append("m\(number) went out and nobody knows") }
            if accepted[number] == 0, delivery.rank > 0 { broken.append("m\(number) counts as sent and was not") }
        }
    }
}
