// SPDX-License-Identifier: Apache-2.0
import Crypto

/// SHA-256 as text: the name of a file's bytes.
package enum ContentDigest {
    /// Lower-case hexadecimal.
    package static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hex }
}
