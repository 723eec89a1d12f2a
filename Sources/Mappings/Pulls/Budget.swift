// SPDX-License-Identifier: Apache-2.0
package import Documents

/// When the next request may be sent, by the system's own limits: never more than `count` in any `window`.
package struct Budget: Sendable {
    let rules: LimitRules
    /// When requests were sent, the oldest first; no more than the largest window needs.
    private var sent: [Int64] = []
    private var failed: [Int64] = []
    /// The system said that nothing is left until then.
    private var blockedUntil: Int64 = 0

    init(_ rules: LimitRules) { self.rules = rules }

    /// A source's budget; all of its streams share one.
    /// - Parameter history: when earlier runs sent requests, the oldest first.
    package init(_ service: Service, history: [Timestamp]) {
        rules = service.streams.first?.limits ?? LimitRules()
        sent = history.map(\.milliseconds)
    }

    /// The earliest moment for a request.
    func earliest(at now: Timestamp) -> Timestamp {
        var earliest = max(now.milliseconds, blockedUntil)
        for rate in rules.rates where sent.count >= rate.count {
            earliest = max(earliest, sent[sent.count - rate.count] + rate.window)
        }
        return Timestamp(milliseconds: earliest)
    }

    mutating func spend(at now: Timestamp) {
        sent.append(now.milliseconds)
        let most = rules.rates.map(\.count).max() ?? 0
        // Cut in large steps: moving the rest each time would cost more than keeping it.
        if sent.count > 2 * most + 64 { sent.removeFirst(sent.count - most) }
    }

    /// What an answer says about what is left.
    mutating func observe(_ answer: PullAnswer, at now: Timestamp) {
        if let name = rules.remainingHeader, let left = answer.header(name).flatMap({ Int($0) }), left <= 0,
            let reset = resetTime(answer, at: now)
        {
            blockedUntil = max(blockedUntil, reset)
        }
    }

    func resetTime(_ answer: PullAnswer, at now: Timestamp) -> Int64? {
        guard let (header, form) = rules.reset, let value = answer.header(header).flatMap({ Int64($0) }), value >= 0,
            value < 100_000_000_000_000
        else { return nil }
        switch form {
        case .epochMilliseconds: return value
        case .epochSeconds: return value * 1000
        case .seconds: return now.milliseconds + value * 1000
        }
    }

    /// Counts an answer with an error.
    /// - Returns: Whether one more could make the system block us.
    mutating func fail(at now: Timestamp) -> Bool {
        guard let rule = rules.errors else { return false }
        failed.removeAll { $0 <= now.milliseconds - rule.window }
        failed.append(now.milliseconds)
        return failed.count >= rule.count
    }
}
