// SPDX-License-Identifier: Apache-2.0

/// A mapping, compiled: how the records of one kind of file become documents.
package struct Mapping: Sendable {
    /// Unique; state, log and provenance use it.
    package let name: String
}
