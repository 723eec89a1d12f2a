// SPDX-License-Identifier: Apache-2.0
import Documents
package import Ledger

extension Session {
    /// Which months of the company are frozen.
    package func period(company: String) throws -> Period {
        let last = try first(
            "SELECT month FROM month_close WHERE company = ? AND reopened_at IS NULL ORDER BY month DESC LIMIT 1",
            [company]
        ) { $0.text(0) }
        return Period(closedThrough: last.flatMap { Month($0) })
    }
}
