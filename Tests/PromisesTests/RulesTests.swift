// SPDX-License-Identifier: Apache-2.0
import Documents
import Promises
import Testing

struct RulesTests {
    private func proposal(
        _ minor: Int64 = 118_000, on promisedFor: String = "2026-11-20", by: PromiseToPay.RecordedBy = .agent,
        confirmed: Bool = true
    ) -> PromiseProposal {
        PromiseProposal(
            company: "lantern", customerID: "C-1", lines: [.init(itemID: "A", amount: Fates.euro(minor))],
            promisedFor: Fates.day(promisedFor), promisedOn: Fates.day("2026-11-10"), recordedBy: by,
            confirmed: confirmed)
    }

    private func record(
        _ proposal: PromiseProposal, existing: [PromiseToPay] = [], rules: PromiseRules = PromiseRules()
    ) -> PromiseRecording {
        rules.record(
            proposal, open: [.init(itemID: "A", amount: Fates.euro(118_000))], existing: existing,
            calendar: .target, on: Fates.day("2026-11-10"))
    }

    @Test("An unconfirmed promise of the agent is proposed, a confirmed one is active")
    func proposedThenActive() throws {
        let heard = try #require(record(proposal(confirmed: false)).promise)
        #expect(heard.status == .proposed)
        #expect(record(proposal()).promise?.status == .active)
        let confirmed = try #require(PromiseRules.confirming(heard, existing: [], on: Fates.day("2026-11-11")))
        #expect(confirmed.promise?.status == .active)
    }

    @Test(
        "The agent cannot take what policy forbids, a person can, but never more than is open",
        arguments: [("PROMISE-TOO-FAR", "2026-12-11", 118_000), ("PROMISE-OVER-OPEN", "2026-11-20", 118_001)]
            as [(String, String, Int64)])
    func offPolicy(_ rule: String, _ day: String, _ minor: Int64) {
        let refused = record(proposal(minor, on: day))
        #expect(refused.promise == nil)
        #expect(refused.refusals.map(\.rule) == [rule])
        #expect(refused.exceptions.map(\.kind) == ["PROMISE-OFF-POLICY"])
        let told = record(proposal(minor, on: day, by: .person))
        #expect((told.promise == nil) == (rule == "PROMISE-OVER-OPEN"))
        #expect((told.promise == nil ? told.refusals : told.remarks).map(\.rule) == [rule])
    }

    @Test(
        "What cannot be a promise is refused whoever says so",
        arguments: [PromiseToPay.RecordedBy.agent, .person, .imported])
    func impossible(_ by: PromiseToPay.RecordedBy) {
        #expect(record(proposal(0, by: by)).refusals.map(\.rule) == ["PROMISE-AMOUNT"])
        #expect(record(proposal(on: "2026-11-09", by: by)).refusals.map(\.rule) == ["PROMISE-DAY-PAST"])
    }

    @Test("Above the policy's amount it stays proposed until a person confirms")
    func confirmAbove() {
        var rules = PromiseRules()
        rules.confirmAbove = [Fates.euro(100_000)]
        let recording = record(proposal(), rules: rules)
        #expect(recording.promise?.status == .proposed)
        #expect(recording.exceptions.map(\.kind) == ["PROMISE-CONFIRM"])
    }

    @Test("A new promise takes the old one's place one level higher, a proposal does not yet")
    func replaces() throws {
        let old = Fates.promise("old")
        let recording = record(proposal(on: "2026-11-27"), existing: [old])
        #expect(recording.replaced.map(\.closeReason) == [.replaced])
        #expect(recording.replaced.map(\.supersededBy) == [recording.promise?.id])
        #expect(recording.promise?.supersedes == "old")
        #expect(recording.promise?.level == 2)

        let heard = record(proposal(on: "2026-11-27", confirmed: false), existing: [old])
        #expect(heard.replaced.isEmpty)
        let proposed = try #require(heard.promise)
        let confirmed = PromiseRules.confirming(proposed, existing: [old], on: Fates.day("2026-11-11"))
        #expect(confirmed?.replaced.map(\.id) == ["old"])
    }

    private func said(
        _ id: String, on promisedOn: String, at milliseconds: Int64? = nil, for promisedFor: String,
        items: [String] = ["A"], confirmed: Bool = true
    ) -> PromiseProposal {
        PromiseProposal(
            id: id, company: "lantern", customerID: "C-1",
            lines: items.map { .init(itemID: $0, amount: Fates.euro(50_000)) }, promisedFor: Fates.day(promisedFor),
            promisedOn: Fates.day(promisedOn), takenAt: milliseconds.map { Timestamp(milliseconds: $0) },
            recordedBy: .agent, confirmed: confirmed)
    }

    /// Tells them one after the other; what stands at the end, by id, and the items of each.
    private func stand(_ proposals: [PromiseProposal]) -> [[String]] {
        var all: [PromiseToPay] = []
        for proposal in proposals {
            let recording = record(proposal, existing: all)
            let told = recording.replaced + [recording.promise].compactMap(\.self) + recording.rests
            all.removeAll { old in told.contains { $0.id == old.id } }
            all += told
        }
        return all.filter { $0.status != .closed }.map { promise in
            [promise.promisedFor.text] + promise.lines.map(\.itemID)
        }.sorted { $0.joined() < $1.joined() }
    }

    static let orders: [[Int]] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    @Test(
        "What was said later stands, in whatever order it is told; the earlier goes on for the rest", arguments: orders)
    func toldInAnyOrder(_ order: [Int]) {
        let days = [
            said("1", on: "2026-11-08", for: "2026-11-20", items: ["A", "B", "C"]),
            said("2", on: "2026-11-09", for: "2026-11-12", items: ["B"]),
            said("3", on: "2026-11-10", for: "2026-11-16", items: ["A"]),
        ]
        #expect(stand(order.map { days[$0] }) == [["2026-11-12", "B"], ["2026-11-16", "A"], ["2026-11-20", "C"]])
        let instants = [
            said("1", on: "2026-11-10", at: 1, for: "2026-11-20"),
            said("2", on: "2026-11-10", at: 2, for: "2026-11-12"),
            said("3", on: "2026-11-10", at: 3, for: "2026-11-16"),
        ]
        #expect(stand(order.map { instants[$0] }) == [["2026-11-16", "A"]])
    }

    @Test("An older promise that is heard last is superseded from the start, without a word to a person")
    func superseded() throws {
        let newer = try #require(record(said("new", on: "2026-11-09", for: "2026-11-20")).promise)
        let older = record(said("old", on: "2026-11-08", for: "2026-11-09"), existing: [newer])
        #expect(older.promise?.closeReason == .replaced)
        #expect(older.promise?.supersededBy == "new")
        #expect(older.exceptions.isEmpty && older.replaced.isEmpty && older.rests.isEmpty)
        // A newer one that is only proposed, or was no promise, takes nobody's place.
        let asked = try #require(record(said("new", on: "2026-11-09", for: "2026-11-20", confirmed: false)).promise)
        #expect(record(said("old", on: "2026-11-08", for: "2026-11-12"), existing: [asked]).promise?.status == .active)
        var mistaken = newer
        _ = mistaken.cancelInError(on: Fates.day("2026-11-10"), note: "")
        #expect(
            record(said("old", on: "2026-11-08", for: "2026-11-12"), existing: [mistaken]).promise?.status == .active)
    }

    @Test("What goes on for the rest is what was given, and names where it comes from")
    func rest() throws {
        let old = try #require(record(said("old", on: "2026-11-08", for: "2026-11-20", items: ["A", "B"])).promise)
        let recording = record(said("new", on: "2026-11-10", for: "2026-11-12"), existing: [old])
        let rest = try #require(recording.rests.first)
        #expect(recording.rests.count == 1)
        #expect(rest.lines == [.init(itemID: "B", amount: Fates.euro(50_000))])
        #expect(rest.promisedFor == old.promisedFor && rest.promisedOn == old.promisedOn && rest.level == old.level)
        #expect(rest.status == .active && rest.supersedes == "old")
        #expect(recording.replaced.first?.closeNote == "replaced by new, and goes on as \(rest.id) for the rest")
    }

    @Test("The fourth promise for one item goes to a person")
    func tooOften() {
        var broken = Fates.promise("third")
        broken.level = 3
        _ = broken.withdraw(on: Fates.day("2026-11-10"), note: "")
        #expect(record(proposal(), existing: [broken]).refusals.map(\.rule) == ["PROMISE-TOO-OFTEN"])
    }

    @Test("The same promise told twice is one promise")
    func twice() {
        let first = record(proposal()).promise
        let second = record(proposal(), existing: [first].compactMap(\.self))
        #expect(second.promise == first)
        #expect(second.replaced.isEmpty)
    }

    @Test(
        "Less than half of what is open does not pause the item",
        arguments: [(58_999, false), (59_000, true)] as [(Int64, Bool)])
    func smallShare(_ minor: Int64, _ holds: Bool) {
        #expect(record(proposal(minor)).promise?.holdsFully == holds)
    }

    @Test("A closed promise cannot be closed again")
    func closedOnce() {
        var promise = Fates.promise()
        let day = Fates.day("2026-11-12")
        let note = "called"
        let withdrawn = promise.withdraw(on: day, note: note)
        let again = promise.withdraw(on: day + 1, note: note)
        let disputed = promise.dispute(on: day, note: note)
        let confirmed = promise.confirm()
        #expect([withdrawn, again, disputed, confirmed] == [true, false, false, false])
        #expect(promise.closedOn == day)
    }

    @Test(
        "The last day of grace counts banking days over a weekend and a holiday",
        arguments: [
            ("2026-11-20", PromiseToPay.Tolerance.Basis.banking, "2026-11-24"),
            ("2026-11-20", .calendar, "2026-11-22"), ("2026-12-24", .banking, "2026-12-29"),
        ] as [(String, PromiseToPay.Tolerance.Basis, String)])
    func lastDay(_ promisedFor: String, _ basis: PromiseToPay.Tolerance.Basis, _ last: String) {
        var promise = Fates.promise()
        promise.promisedFor = Fates.day(promisedFor)
        promise.tolerance.basis = basis
        #expect(promise.lastDay == Fates.day(last))
    }
}
