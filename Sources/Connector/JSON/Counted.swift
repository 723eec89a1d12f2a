// SPDX-License-Identifier: Apache-2.0

/// `1 payment`, `2 payments`
enum Counted {
    static func of(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
