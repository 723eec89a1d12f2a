// SPDX-License-Identifier: Apache-2.0

/// Looks for sets of amounts that come to exactly a target, within a budget, and counts how crowded the target is.
///
/// Among many small amounts some set fits any sum. A hit proves something only where few sums fall near the target:
/// the sets within a window around it, times the grain of the amounts, give the accidental hits to expect.
struct SetSearch {
    /// Nodes of the search tree for one payment; beyond, the answer is "too many combinations".
    static let visitsMax = 20_000
    private static let solutionsMax = 5

    /// Descending, all positive.
    private let values: [Int64]
    /// What is left from each place on.
    private let rest: [Int64]
    private let sizeMax: Int
    private(set) var visits = 0
    private let visitsMax: Int
    /// Places in `values` of each exact set.
    private(set) var solutions: [[Int]] = []
    /// Sets of at most `sizeMax` whose sum is within the window, the exact ones included.
    private(set) var near: Int64 = 0
    private(set) var window: Int64 = 0
    private(set) var isComplete = true
    private let grain: Int64
    /// In which steps the sums of as many amounts each lie: where all prices end in .99, the sums of two of them do not differ by
    /// a cent. 0 where the amounts have no such step.
    private let step: Int64
    /// Round amounts come to a round sum more easily than any.
    private var solutionGrain: Int64 = 1

    /// - Parameter values: descending.
    init(_ values: [Int64], sizeMax: Int, visitsMax: Int = visitsMax) {
        self.visitsMax = visitsMax
        self.values = values
        self.sizeMax = sizeMax
        var rest = Array(repeating: Int64(0), count: values.count + 1)
        var grain: Int64 = 0
        for index in values.indices.reversed() {
            rest[index] = rest[index + 1] &+ values[index]
            grain = Self.gcd(grain, values[index])
        }
        self.rest = rest
        self.grain = max(1, grain)
        let step = values.dropFirst().reduce(Int64(0)) { Self.gcd($0, values[0] &- $1) }
        self.step = step >= Self.stepMin && Set(values).count > 2 ? step : 0
    }

    /// Three amounts have a smaller step by chance.
    private static let stepMin: Int64 = 50

    private static func gcd(_ left: Int64, _ right: Int64) -> Int64 {
        var (a, b) = (left, right)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// How large sets can be among so many amounts that the search stays within its budget.
    static func sizeMax(among count: Int) -> Int {
        count <= 12 ? count : count <= 24 ? 4 : count <= 40 ? 3 : count <= 150 ? 2 : 1
    }

    mutating func run(_ target: Int64) {
        guard target > 0, !values.isEmpty else { return }
        window = max(window, max(1_000, target / 20))
        var chosen: [Int] = []
        descend(0, target, &chosen)
    }

    private mutating func descend(_ from: Int, _ left: Int64, _ chosen: inout [Int]) {
        visits += 1
        if visits > visitsMax {
            isComplete = false
            return
        }
        if !chosen.isEmpty, left >= 0 - window, left <= window {
            near += 1
            if left == 0, solutions.count < Self.solutionsMax {
                solutions.append(chosen)
                solutionGrain = max(solutionGrain, chosen.reduce(0) { Self.gcd($0, values[$1]) })
            }
        }
        guard chosen.count < sizeMax else { return }
        for index in from..<values.count {
            // What is left from here cannot reach the target any more.
            if rest[index] < left - window { return }
            if values[index] > left + window { continue }
            chosen.append(index)
            descend(index + 1, left - values[index], &chosen)
            chosen.removeLast()
            if !isComplete { return }
        }
    }

    /// Expected accidental hits per million at this target.
    var accidentsPerMillion: Int64 {
        guard window > 0 else { return 1_000_000 }
        // One item alone is as round as it is; that says nothing about sums.
        let isSum = solutions.contains { $0.count > 1 }
        let cells = (2 * window + 1) / max(grain, isSum ? max(solutionGrain, step) : 1)
        return near * 1_000_000 / max(1, cells)
    }
}
