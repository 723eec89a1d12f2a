// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Testing

struct ConfirmationTests {
    private enum Step: Hashable {
        case ack
        case confirm(Delivery.Confirmation)
    }

    private static let wamid = Delivery.ProviderMessage(provider: "meta", id: "wamid.1")
    private static func at(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1_000) }
    private static func confirm(_ kind: Delivery.Confirmation.Kind, _ second: Int64) -> Step {
        .confirm(Delivery.Confirmation(kind, message: wamid, at: at(second)))
    }
    private static let failed = Delivery.Confirmation.Kind.failed(.finalRecipient, code: "131026")

    /// What must not depend on the order: everything but when we learned it.
    private struct Fold: Hashable {
        var state: Delivery.State
        var rank: Int
        var rankAt: Timestamp?
        var failure: Delivery.Failure?
        var message: Delivery.ProviderMessage?
    }

    private static func fold(_ steps: [Step], unknownFirst: Bool) -> Fold {
        var talk = Dialogue()
        talk.begin("t1")
        if unknownFirst { #expect(talk.say(.leaseExpired, after: 60_000) == .unknown) }
        for step in steps {
            switch step {
            case .ack: _ = talk.say(.ack(token: "t1", wamid), after: 5)
            case .confirm(let confirmation): _ = talk.say(.confirm(confirmation), after: 5)
            }
        }
        let delivery = talk.delivery
        return Fold(
            state: delivery.state, rank: delivery.rank, rankAt: delivery.rankAt, failure: delivery.failure,
            message: delivery.message)
    }

    private static func permutations<T>(_ items: [T]) -> [[T]] {
        guard let first = items.first else { return [[]] }
        return permutations(Array(items.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }

    private struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [Step]
        var expected: Delivery.State
        var testDescription: String { name }
    }

    private static let cases = [
        Case(
            name: "all good, delivered doubled",
            steps: [.ack, confirm(.sent, 2), confirm(.delivered, 3), confirm(.delivered, 4), confirm(.read, 9)],
            expected: .read),
        Case(
            name: "read without delivered", steps: [.ack, confirm(.accepted, 1), confirm(.sent, 2), confirm(.read, 9)],
            expected: .read),
        Case(
            name: "failed, then delivered on another device",
            steps: [.ack, confirm(.sent, 2), confirm(failed, 3), confirm(.delivered, 4)], expected: .delivered),
        Case(
            name: "failed twice", steps: [.ack, confirm(.sent, 2), confirm(failed, 3), confirm(failed, 5)],
            expected: .failed),
        Case(
            name: "two failures at one time",
            steps: [.ack, confirm(failed, 3), confirm(.failed(.retryBackoff, code: "131000"), 3), confirm(.sent, 1)],
            expected: .failed),
        Case(name: "failed before anything", steps: [.ack, confirm(failed, 3)], expected: .failed),
        Case(name: "no ack ever", steps: [confirm(.sent, 2), confirm(.delivered, 3)], expected: .delivered),
    ]

    @Test("Every order of the same confirmations gives the same result", arguments: cases, [false, true])
    private func permute(_ example: Case, _ unknownFirst: Bool) {
        let orders = Self.permutations(example.steps)
        let folds = Set(orders.map { Self.fold($0, unknownFirst: unknownFirst) })
        #expect(folds.count == 1, "\(folds)")
        #expect(folds.first?.state == example.expected)
    }

    @Test("The order does not matter with every item doubled, either")
    func doubled() {
        let steps: [Step] = [.ack, Self.confirm(.sent, 2), Self.confirm(Self.failed, 3), Self.confirm(.delivered, 4)]
        let once = Self.fold(steps, unknownFirst: false)
        var generator = SplitMix64(seed: 3)
        for _ in 0..<500 {
            #expect(Self.fold((steps + steps + steps).shuffled(using: &generator), unknownFirst: false) == once)
        }
    }

    @Test("A confirmation before the ack ends the call's claim on the lane, and the ack adds its id")
    func beforeAck() {
        var talk = Dialogue()
        talk.begin("t1")
        #expect(talk.say(.confirm(.init(.delivered, at: Self.at(3)))) == .closed(.delivered))
        #expect(talk.say(.ack(token: "t1", Self.wamid)) == .recorded(.delivered))
        #expect(talk.delivery.message == Self.wamid)
    }

    @Test("What the provider could not deliver goes to a person, once")
    func reportsFailure() {
        var talk = Dialogue()
        talk.begin("t1")
        _ = talk.say(.ack(token: "t1", Self.wamid))
        let failed = Delivery.Event.confirm(.init(Self.failed, message: Self.wamid, at: Self.at(9)))
        #expect(talk.say(failed) == .deliveryFailed(.finalRecipient))
        #expect(talk.say(failed) == .unchanged)
        #expect(talk.say(.confirm(.init(.delivered, message: Self.wamid, at: Self.at(10)))) == .recorded(.delivered))
        #expect(talk.delivery.failure == nil)
        #expect(talk.say(failed) == .unchanged)
        #expect(talk.delivery.state == .delivered)
    }

    @Test("A failure of an earlier attempt does not fail the later one, whichever comes first")
    func otherAttempt() {
        let first = Delivery.ProviderMessage(provider: "meta", id: "wamid.0")
        let failed = Delivery.Event.confirm(.init(Self.failed, message: first, at: Self.at(9)))
        var talk = Dialogue()
        talk.begin("t1")
        _ = talk.say(.leaseExpired, after: 60_000)
        _ = talk.say(.settle(.notSent))
        #expect(talk.say(failed) == .recordedLate)
        talk.begin("t2")
        var other = talk
        #expect(talk.say(.ack(token: "t2", Self.wamid)) == .closed(.accepted))
        #expect(talk.say(failed) == .recordedLate)
        _ = other.say(failed)
        _ = other.say(.ack(token: "t2", Self.wamid))
        #expect(talk.delivery.state == .accepted)
        #expect(other.delivery.state == .accepted)
        #expect(other.delivery.message == Self.wamid)
    }

    @Test("Proof that it went out takes a waiting message out of the queue")
    func takesOut() {
        var talk = Dialogue()
        talk.begin("t1")
        _ = talk.say(.leaseExpired, after: 60_000)
        _ = talk.say(.settle(.notSent))
        _ = talk.say(.claim(token: "t2", leaseMilliseconds: 60_000))
        #expect(talk.say(.confirm(.init(.sent, message: Self.wamid, at: Self.at(3)))) == .closed(.sent))
        #expect(talk.say(.begin(token: "t2")) == .refused(.finished(.sent)))
    }
}
