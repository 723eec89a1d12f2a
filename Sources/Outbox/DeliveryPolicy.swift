// SPDX-License-Identifier: Apache-2.0

/// Limits and waits of delivery; all times in milliseconds.
package struct DeliveryPolicy: Hashable, Sendable {
    /// Attempts that reached the provider, or may have.
    package var attemptsMax = 6
    /// Claims in a row without a `begin`: a message that kills whoever takes it is not handed out for ever.
    package var claimsMax = 20
    package var leaseMillisecondsMax: Int64 = 15 * 60_000
    package var backoffBaseMilliseconds: Int64 = 2_000
    package var backoffCapMilliseconds: Int64 = 15 * 60_000
    package var pairWaitMilliseconds: Int64 = 6_000
    package var holdWaitMilliseconds: Int64 = 15 * 60_000
    package var deferMilliseconds: Int64 = 24 * 3_600_000
    /// A longer `Retry-After` is cut to this.
    package var retryAfterMillisecondsMax: Int64 = 24 * 3_600_000

    package init() {}

    /// Full jitter: evenly between 1 and min(cap, base · 2^(attempt − 1)).
    /// - Parameter attempt: The attempt that failed, from 1.
    package func backoff(attempt: Int, using generator: inout some RandomNumberGenerator) -> Int64 {
        var ceiling = max(1, backoffBaseMilliseconds)
        let cap = max(1, backoffCapMilliseconds)
        for _ in 1..<max(2, min(attempt, 64)) where attempt > 1 && ceiling < cap {
            ceiling = ceiling > cap / 2 ? cap : ceiling * 2
        }
        return 1 + Int64(clamping: generator.next(upperBound: UInt64(min(ceiling, cap))))
    }
}
