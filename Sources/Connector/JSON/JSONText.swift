// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Trees

/// JSON that was kept as text.
enum JSONText {
    static func read(_ text: String) -> (node: Node?, faults: [Fault]) { JSONReader.read([UInt8](text.utf8)) }
}
