// SPDX-License-Identifier: Apache-2.0

/// ASCII parts of which a bank's transaction code may have one: families and subfamilies of ISO 20022, transaction codes
/// of the SWIFT and German lists.
///
/// Codes are asked for every payment of a run, and the standard library's search compares characters.
package struct CodeParts: Sendable {
    private let parts: [[UInt8]]

    package init(_ parts: String...) { self.parts = parts.map { Array($0.utf8) } }

    /// Whether any of the parts occurs in the code.
    package func occur(in code: String) -> Bool {
        let bytes = code.utf8.span
        for start in bytes.indices {
            for part in parts where part[0] == bytes[start] && part.count <= bytes.count - start {
                var length = 1
                while length < part.count, part[length] == bytes[start + length] { length += 1 }
                if length == part.count { return true }
            }
        }
        return false
    }
}
