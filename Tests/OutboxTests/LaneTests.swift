// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Testing

struct LaneTests {
    private static func delivery(_ sequence: Int64, _ state: Delivery.State = .queued, lane: String = "c:1") -> Delivery
    {
        var delivery = Delivery(messageID: "m\(sequence)", lane: lane, sequence: sequence)
        delivery.state = state
        return delivery
    }

    @Test("Only the head may be claimed, and it stays the head until it lets go", arguments: Delivery.State.allCases)
    func head(_ state: Delivery.State) {
        var lane = Lane(key: "c:1")
        lane.enqueue(Self.delivery(1))
        lane.enqueue(Self.delivery(2))
        #expect(lane.admits(Self.delivery(1)))
        #expect(!lane.admits(Self.delivery(2)))
        let holds = [Delivery.State.queued, .leased, .begun, .unknown].contains(state)
        #expect(lane.advance(past: Self.delivery(1, state), to: .init(Self.delivery(2))) == !holds)
        #expect(lane.admits(Self.delivery(2)) == !holds)
    }

    @Test("Letting go of a message that is not the head moves nothing")
    func notHead() {
        var lane = Lane(key: "c:1")
        lane.enqueue(Self.delivery(1))
        lane.enqueue(Self.delivery(2))
        let moved = lane.advance(past: Self.delivery(2, .cancelled), to: nil)
        #expect(!moved)
        #expect(lane.head?.sequence == 1)
    }

    @Test("Another lane's messages, and finished ones, never become the head")
    func others() {
        var lane = Lane(key: "c:1")
        lane.enqueue(Self.delivery(1, lane: "c:2"))
        lane.enqueue(Self.delivery(1, .cancelled))
        #expect(lane.head == nil)
        #expect(!lane.admits(Self.delivery(1)))
    }

    @Test("The pointer rebuilds from the rows")
    func rebuilds() {
        let rows = [Self.delivery(3), Self.delivery(1, .read), Self.delivery(2, .unknown), Self.delivery(4, .leased)]
        #expect(Lane.head(of: rows)?.sequence == 2)
        #expect(Lane.head(of: [Self.delivery(1, .dead)]) == nil)
    }

    @Test("Keys of two lanes never meet")
    func keys() {
        #expect(Lane.key(company: "a", customer: "b") == "a:b")
        #expect(Lane.key(company: "a:b", customer: "c") != Lane.key(company: "a", customer: "b:c"))
        #expect(Lane.key(company: "a%3A", customer: "c") != Lane.key(company: "a:", customer: "c"))
    }
}
