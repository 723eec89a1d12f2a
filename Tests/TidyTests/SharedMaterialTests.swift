// SPDX-License-Identifier: Apache-2.0

import Documents
import Testing
import TieoutTesting

@Suite("What the tests share does what it says")
struct SharedMaterialTests {
    @Test("SplitMix64 gives the published numbers for seed 1234567")
    func generator() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test("A seed fixes a shuffle, and a shuffle loses nothing")
    func shuffles() {
        let elements = Array(0..<100)
        var first = SplitMix64(seed: 7)
        var second = SplitMix64(seed: 7)
        let shuffled = first.shuffled(elements)
        #expect(shuffled == second.shuffled(elements))
        #expect(shuffled != elements)
        #expect(shuffled.sorted() == elements)
    }

    @Test("Every order of three is six different orders")
    func orders() {
        #expect(Set(Orders.all([1, 2, 3])).count == 6)
        #expect(Orders.some([1, 2, 3], count: 4, seed: 1).count == 6)
    }

    @Test("A golden difference names the first line that differs")
    func golden() {
        #expect(Golden.difference("a\nb", expected: "a\nb", name: "x") == nil)
        let difference = Golden.difference("a\nb\nc", expected: "a\nB\nc", name: "x") ?? ""
        #expect(difference.contains("from line 2"))
        #expect(difference.contains("expected B") && difference.contains("actual   b"))
        #expect(Golden.difference("a", expected: "a\nb", name: "x") != nil)
    }

    @Test("A manual clock stands still until it is moved")
    func clock() throws {
        let day = try #require(Day("2026-03-01"))
        let clock = ManualClock(day)
        #expect(clock.now == clock.now)
        clock.advance(seconds: 60, days: 1)
        #expect(clock.now.text == "2026-03-02T09:01:00.000Z")
    }
}
