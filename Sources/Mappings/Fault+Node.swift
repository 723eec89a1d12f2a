// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

extension Fault {
    /// The keys every `--json` output uses for a fault.
    package var node: Node {
        .object([
            ("code", .text(code)), ("severity", .text(severity.rawValue)), ("at", .text(at.text)),
            ("message", .text(message)), ("hint", .text(hint)),
        ])
    }
}
