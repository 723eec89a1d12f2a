// SPDX-License-Identifier: Apache-2.0

extension SourceClearing {
    /// More payments of one invoice than this are not told apart.
    private static let paymentsMax = 12

    /// Which of our payments of one invoice its source does not show yet.
    ///
    /// A source shows how much is open, not which payments it knows: somebody may have booked one there by hand. Those
    /// that it does not know add up to what we settled and it does not show, but for what we settled beside money (a
    /// discount, a netted credit), of which it may know any part.
    /// - Parameters:
    ///   - amounts: of our payments, in minor units.
    ///   - pending: settled by us and not by the source: what it states as open less what is open here.
    ///   - beside: what we settled without money.
    /// - Returns: For each payment whether it is unknown there; nil when no answer fits, or more than one.
    package static func unknown(_ amounts: [Int64], pending: Int64, beside: Int64 = 0) -> [Bool]? {
        let whole = amounts.reduce(0, &+)
        if pending <= 0 { return amounts.map { _ in false } }
        if pending >= whole &+ beside { return amounts.map { _ in true } }
        guard amounts.count <= paymentsMax else { return nil }
        var answer: Int?
        for choice in 0..<(1 << amounts.count) {
            let sum = amounts.indices.reduce(Int64(0)) { choice >> $1 & 1 == 1 ? $0 &+ amounts[$1] : $0 }
            guard sum <= pending, sum >= pending &- max(0, beside) else { continue }
            guard answer == nil else { return nil }
            answer = choice
        }
        return answer.map { choice in amounts.indices.map { choice >> $0 & 1 == 1 } }
    }
}
