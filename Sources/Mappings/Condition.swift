// SPDX-License-Identifier: Apache-2.0

/// `when`, `skip`, `negate_when`: paths and the texts they must have, or must not have; nothing else.
struct Condition: Hashable, Sendable {
    enum Pattern: Hashable, Sendable {
        /// Absent or empty.
        case null
        case exactly([UInt8])
        case starts([UInt8])
        case ends([UInt8])
        case contains([UInt8])

        /// A `*` at either end is a glob.
        init(_ text: String) {
            let bytes = Array(text.utf8)
            switch (bytes.first == 0x2A, bytes.count > 1 && bytes.last == 0x2A) {
            case (true, true): self = .contains(Array(bytes.dropFirst().dropLast()))
            case (true, false): self = .ends(Array(bytes.dropFirst()))
            case (false, true): self = .starts(Array(bytes.dropLast()))
            case (false, false): self = .exactly(bytes)
            }
        }

        func matches(_ text: ArraySlice<UInt8>) -> Bool {
            switch self {
            case .null: text.isEmpty
            case .exactly(let bytes): text.elementsEqual(bytes)
            case .starts(let bytes): text.starts(with: bytes)
            case .ends(let bytes): text.count >= bytes.count && text.suffix(bytes.count).elementsEqual(bytes)
            case .contains(let bytes):
                bytes.isEmpty
                    || text.indices.contains { text[$0...].starts(with: bytes) }
            }
        }
    }

    struct Line: Hashable, Sendable {
        /// Index into the mapping's paths.
        var path: Int
        /// Any of them.
        var patterns: [Pattern]
        /// `{ not: … }`: none of them.
        var isNegated = false
    }

    var lines: [Line]
}
