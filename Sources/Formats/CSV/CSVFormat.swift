// SPDX-License-Identifier: Apache-2.0
import Documents

/// Character-separated text through a mapping.
package enum CSVFormat {
    package static let format = Format(
        name: "csv", detect: { _, _ in .none }, read: { _, _, _ in Reading(format: "csv") })
}
