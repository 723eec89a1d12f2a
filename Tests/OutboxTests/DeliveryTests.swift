// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Testing

/// One message and a clock, so that a test reads as a dialogue.
struct Dialogue {
    var delivery = Delivery(messageID: "m1", lane: "c:1", sequence: 1)
    var now = Timestamp(milliseconds: 1_000_000_000_000)
    var policy = DeliveryPolicy()
    private var generator = SplitMix64(seed: 7)

    mutating func say(_ event: Delivery.Event, after milliseconds: Int64 = 0) -> Delivery.Effect {
        now = now + milliseconds
        return delivery.receive(event, at: now, policy: policy, using: &generator)
    }

    /// Claimed and begun with this token.
    mutating func begin(_ token: String) {
        #expect(say(.claim(token: token, leaseMilliseconds: 60_000)) == .granted(token: token, until: now + 60_000))
        #expect(say(.begin(token: token)) == .begun(until: now + 60_000))
    }
}

/// Sebastiano Vigna's generator: a test's seed is its bug report.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

struct DeliveryTests {
    private static let wamid = Delivery.ProviderMessage(provider: "meta", id: "wamid.1")

    private static func fail(
        _ token: String, _ errorClass: ErrorClass, retryAfter: Int64? = nil
    ) -> Delivery.Event {
        .fail(token: token, errorClass, code: "131000", retryAfterMilliseconds: retryAfter)
    }

    @Test("Claim, begin, ack: accepted, and its lane is free")
    func straight() {
        var talk = Dialogue()
        talk.begin("t1")
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .closed(.accepted))
        #expect(talk.delivery.message == Self.wamid)
        #expect(talk.delivery.attempts == 1)
        #expect(talk.delivery.doneAt == talk.now)
        #expect(!talk.delivery.state.holdsLane)
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .unchanged)
        #expect(talk.say(.claim(token: "t2", leaseMilliseconds: 1)) == .refused(.finished(.accepted)))
        #expect(talk.say(.begin(token: "t1")) == .refused(.finished(.accepted)))
    }

    @Test("A lease that ends before begin frees the message, and its holder may not begin")
    func lapsesBeforeBegin() {
        var talk = Dialogue()
        _ = talk.say(.claim(token: "t1", leaseMilliseconds: 60_000))
        #expect(
            talk.say(.claim(token: "t2", leaseMilliseconds: 1), after: 59_999) == .refused(.leased(until: talk.now + 1))
        )
        #expect(talk.say(.leaseExpired) == .refused(.notDue(talk.now + 1)))
        #expect(talk.say(.begin(token: "t1"), after: 1) == .refused(.leaseExpired))
        #expect(talk.delivery.state == .queued)
        talk.begin("t2")
        #expect(talk.say(.begin(token: "t1")) == .refused(.staleToken))
        #expect(talk.say(.begin(token: "t2")) == .refused(.alreadyBegun))
    }

    @Test("A claim takes a lapsed lease over without anybody reaping it")
    func claimTakesOver() {
        var talk = Dialogue()
        _ = talk.say(.claim(token: "t1", leaseMilliseconds: 1_000))
        #expect(
            talk.say(.claim(token: "t2", leaseMilliseconds: 1_000), after: 1_000)
                == .granted(token: "t2", until: talk.now + 1_000))
        #expect(talk.say(.begin(token: "t1")) == .refused(.staleToken))
        #expect(talk.say(Self.fail("t1", .retryBackoff)) == .refused(.staleToken))
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .recordedLate)
        #expect(talk.delivery.state == .leased)
        #expect(talk.delivery.message == nil)
    }

    @Test("A lease that ends after begin is unknown, and unknown is never handed out")
    func lapsesAfterBegin() {
        var talk = Dialogue()
        talk.begin("t1")
        #expect(talk.say(.claim(token: "t2", leaseMilliseconds: 1), after: 60_000) == .unknown)
        #expect(talk.delivery.state == .unknown)
        #expect(talk.delivery.state.holdsLane)
        #expect(talk.say(.claim(token: "t2", leaseMilliseconds: 1), after: 1_000_000_000) == .refused(.unknown))
        #expect(talk.say(.begin(token: "t1")) == .refused(.unknown))
        #expect(talk.say(.leaseExpired) == .unchanged)
    }

    @Test("An unknown one ends by a late ack, a late failure, a confirmation, or a person")
    func resolvesUnknown() {
        var unknown = Dialogue()
        unknown.begin("t1")
        #expect(unknown.say(.leaseExpired, after: 60_000) == .unknown)

        var talk = unknown
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .closed(.accepted))
        talk = unknown
        #expect(talk.say(Self.fail("t1", .finalRecipient)) == .deadLettered(.finalRecipient))
        talk = unknown
        #expect(talk.say(Self.fail("t1", .ambiguous)) == .unchanged)
        #expect(talk.say(Self.fail("t0", .finalRecipient)) == .refused(.staleToken))
        #expect(talk.say(.ack(token: "t0", nil)) == .recordedLate)
        #expect(talk.delivery.state == .unknown)
        #expect(talk.say(.confirm(.init(.sent, message: Self.wamid, at: talk.now))) == .closed(.sent))
        talk = unknown
        #expect(talk.say(.settle(.sent(Self.wamid))) == .closed(.accepted))
        #expect(talk.say(.settle(.notSent)) == .refused(.notUnknown(.accepted)))
        talk = unknown
        #expect(talk.say(.settle(.notSent)) == .requeued(at: talk.now))
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .closed(.accepted), "it went out after all: not twice")
    }

    @Test("A late ack while another attempt runs is kept and changes nothing")
    func lateAck() {
        var talk = Dialogue()
        talk.begin("t1")
        _ = talk.say(.leaseExpired, after: 60_000)
        _ = talk.say(.settle(.notSent))
        talk.begin("t2")
        let before = talk.delivery
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .recordedLate)
        #expect(talk.say(Self.fail("t1", .finalRequest)) == .refused(.staleToken))
        #expect(talk.delivery == before)
        #expect(talk.say(.ack(token: "t2", nil)) == .closed(.accepted))
    }

    @Test("An ack without begin is refused")
    func ackWithoutBegin() {
        var talk = Dialogue()
        _ = talk.say(.claim(token: "t1", leaseMilliseconds: 1_000))
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .refused(.notBegun))
    }

    @Test("A retryable failure waits by backoff, and longer when the provider asks")
    func retries() {
        var talk = Dialogue()
        talk.begin("t1")
        guard case .requeued(let at) = talk.say(Self.fail("t1", .retryBackoff)) else {
            Issue.record("not requeued")
            return
        }
        #expect(at > talk.now && at <= talk.now + 2_000)
        #expect(talk.delivery.dueAt == at)
        #expect(talk.say(Self.fail("t1", .retryBackoff)) == .unchanged, "the same failure told twice")
        talk.now = at
        talk.begin("t2")
        #expect(talk.say(Self.fail("t2", .retryBackoff, retryAfter: 90_000)) == .requeued(at: talk.now + 90_000))
        #expect(
            talk.say(.claim(token: "t3", leaseMilliseconds: 1), after: 89_999) == .refused(.notDue(talk.now + 1)))
        talk.now = talk.now + 1
        talk.begin("t3")
        #expect(
            talk.say(Self.fail("t3", .retryBackoff, retryAfter: .max))
                == .requeued(at: talk.now + talk.policy.retryAfterMillisecondsMax))
    }

    @Test("Backoff doubles to its cap and stays above zero")
    func backoff() {
        let policy = DeliveryPolicy()
        var generator = SplitMix64(seed: 1)
        for (attempt, ceiling) in [
            (-1, Int64(2_000)), (0, 2_000), (1, 2_000), (2, 4_000), (3, 8_000), (9, 512_000), (10, 900_000),
            (500, 900_000),
        ] {
            let waits = (0..<400).map { _ in policy.backoff(attempt: attempt, using: &generator) }
            #expect(waits.allSatisfy { $0 > 0 && $0 <= ceiling })
            #expect(waits.contains { $0 > ceiling / 2 }, "attempt \(attempt)")
        }
    }

    @Test("After the last attempt it is dead, and the next may go")
    func attemptsEnd() {
        var talk = Dialogue()
        talk.policy.attemptsMax = 3
        for attempt in 1...3 {
            talk.now = talk.now + 86_400_000
            talk.begin("t\(attempt)")
            let effect = talk.say(Self.fail("t\(attempt)", .retryBackoff))
            if attempt == 3 { #expect(effect == .deadLettered(.retryBackoff)) }
        }
        #expect(talk.delivery.state == .dead)
        #expect(!talk.delivery.state.holdsLane)
    }

    @Test("A message that kills whoever claims it ends dead")
    func poison() {
        var talk = Dialogue()
        talk.policy.claimsMax = 4
        for claim in 1...4 {
            #expect(
                talk.say(.claim(token: "t\(claim)", leaseMilliseconds: 10), after: 10)
                    == .granted(token: "t\(claim)", until: talk.now + 10))
        }
        #expect(talk.say(.claim(token: "t5", leaseMilliseconds: 10), after: 10) == .deadLettered(nil))
    }

    @Test(
        "Each class of error has its way",
        arguments: [
            (ErrorClass.finalRequest, Delivery.State.dead), (.finalRecipient, .dead), (.finalTemplate, .dead),
            (.finalMessage, .dead), (.finalOptOutMarketing, .dead), (.retryBackoff, .queued), (.retryPair, .queued),
            (.deferDay, .queued), (.switchToTemplate, .queued), (.retryOnce, .queued), (.haltAuth, .queued),
            (.haltBilling, .queued), (.pauseQuality, .queued), (.holdTemplate, .queued), (.ambiguous, .unknown),
        ])
    func classes(_ errorClass: ErrorClass, _ expected: Delivery.State) {
        var talk = Dialogue()
        talk.begin("t1")
        _ = talk.say(Self.fail("t1", errorClass))
        #expect(talk.delivery.state == expected)
        #expect(talk.delivery.lastError?.errorClass == errorClass)
        #expect(talk.delivery.attempts == (errorClass.disposition == .hold ? 0 : 1))
    }

    @Test("What may be tried once more is tried once more")
    func once() {
        var talk = Dialogue()
        talk.begin("t1")
        _ = talk.say(Self.fail("t1", .retryOnce))
        talk.now = talk.now + 86_400_000
        talk.begin("t2")
        #expect(talk.say(Self.fail("t2", .retryOnce)) == .deadLettered(.retryOnce))
    }

    @Test("A failure before begin is certain: nothing was written")
    func failsBeforeBegin() {
        var talk = Dialogue()
        _ = talk.say(.claim(token: "t1", leaseMilliseconds: 1_000))
        _ = talk.say(Self.fail("t1", .ambiguous))
        #expect(talk.delivery.state == .queued)
        #expect(talk.delivery.attempts == 0)
    }

    @Test("A withdrawal before begin takes effect at once, and the holder may not begin")
    func withdrawsBeforeBegin() {
        var talk = Dialogue()
        _ = talk.say(.claim(token: "t1", leaseMilliseconds: 1_000))
        #expect(talk.say(.supersede(by: "m2")) == .closed(.superseded))
        #expect(talk.say(.begin(token: "t1")) == .refused(.finished(.superseded)))
        #expect(talk.say(.cancel(reason: "paid")) == .unchanged)
        #expect(talk.delivery.withdrawal?.reason == "m2")
    }

    @Test("A withdrawal after begin is noted, and ends it in place of another attempt")
    func withdrawsAfterBegin() {
        var begun = Dialogue()
        begun.begin("t1")
        #expect(begun.say(.cancel(reason: "paid")) == .noted)

        var talk = begun
        #expect(talk.say(Self.fail("t1", .retryBackoff)) == .closed(.cancelled))
        talk = begun
        #expect(talk.say(Self.fail("t1", .finalRequest)) == .closed(.cancelled))
        talk = begun
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .closed(.accepted))
        talk = begun
        #expect(talk.say(.leaseExpired, after: 60_000) == .unknown)
        #expect(talk.say(.settle(.notSent)) == .closed(.cancelled))
    }

    @Test("Proof that a withdrawn message went out is not lost")
    func contradicts() {
        var talk = Dialogue()
        talk.begin("t1")
        _ = talk.say(Self.fail("t1", .retryBackoff))
        #expect(talk.say(.cancel(reason: "paid")) == .closed(.cancelled))
        #expect(talk.say(.confirm(.init(.delivered, message: Self.wamid, at: talk.now))) == .contradicted(.cancelled))
        #expect(talk.delivery.state == .delivered)
        #expect(talk.say(.confirm(.init(.delivered, message: Self.wamid, at: talk.now))) == .unchanged)
    }

    @Test("Not before its time, and not after it")
    func window() {
        var talk = Dialogue()
        talk.delivery.notBefore = talk.now + 100
        talk.delivery.notAfter = talk.now + 1_000
        #expect(talk.say(.claim(token: "t1", leaseMilliseconds: 5_000)) == .refused(.notDue(talk.now + 100)))
        #expect(talk.say(.expire) == .refused(.notDue(talk.now + 1_000)))
        #expect(
            talk.say(.claim(token: "t1", leaseMilliseconds: 5_000), after: 100)
                == .granted(token: "t1", until: talk.now + 5_000))
        var late = talk
        #expect(late.say(.begin(token: "t1"), after: 900) == .closed(.expired))
        #expect(talk.say(.begin(token: "t1"), after: 899) == .begun(until: talk.now + 4_101))
        #expect(talk.say(.expire, after: 50) == .unchanged, "the provider is being called")
        #expect(talk.say(Self.fail("t1", .retryBackoff)) == .closed(.expired))

        var waiting = Dialogue()
        waiting.delivery.notAfter = waiting.now + 10
        #expect(waiting.say(.claim(token: "t1", leaseMilliseconds: 1), after: 10) == .closed(.expired))
    }

    @Test("A clock that steps back stalls neither a lease nor a wait")
    func clockStepsBack() {
        var talk = Dialogue()
        _ = talk.say(.claim(token: "t1", leaseMilliseconds: 60_000))
        #expect(talk.say(.leaseExpired, after: -900_000) == .refused(.notDue(talk.now + 60_000)))
        #expect(talk.say(.leaseExpired, after: 60_000) == .requeued(at: talk.now))
        talk.begin("t2")
        _ = talk.say(Self.fail("t2", .retryBackoff, retryAfter: 30_000))
        talk.now = talk.now + -500_000
        let first = talk.delivery.clamp(at: talk.now)
        #expect(talk.delivery.dueAt == talk.now + 30_000)
        let second = talk.delivery.clamp(at: talk.now)
        #expect(first && !second)
    }

    @Test("Leases are bounded by the policy")
    func boundsLeases() {
        var talk = Dialogue()
        let max = talk.policy.leaseMillisecondsMax
        #expect(talk.say(.claim(token: "t1", leaseMilliseconds: .max)) == .granted(token: "t1", until: talk.now + max))
        talk = Dialogue()
        #expect(talk.say(.claim(token: "t1", leaseMilliseconds: -5)) == .granted(token: "t1", until: talk.now + 1))
    }
}
