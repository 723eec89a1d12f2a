// SPDX-License-Identifier: Apache-2.0
package import Documents

/// The store said no: what happened and what to do next. Nothing of the transaction that threw it remains.
package struct StoreFailure: Error, Sendable, CustomStringConvertible {
    /// Stable, upper case with hyphens: `STORE-NEWER`, `INVARIANT-OVERAPPLIED`, `SQLITE-13`.
    package var code: String
    package var message: String
    /// What to do next; empty where nothing but a report helps.
    package var hint: String

    package init(_ code: String, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.isEmpty ? "\(code): \(message)" : "\(message). \(hint) [\(code)]" }
}

/// A file that lands nothing, with the reasons; thrown out of `merge`, so that the transaction rolls back.
package struct ImportRefusal: Error, Sendable, CustomStringConvertible {
    package var faults: [Fault]

    package init(_ faults: [Fault]) { self.faults = faults }

    package var description: String { faults.map { "\($0.code): \($0.message)" }.joined(separator: "\n") }
}
