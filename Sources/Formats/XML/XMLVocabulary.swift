// SPDX-License-Identifier: Apache-2.0

/// The names of a vocabulary as small numbers, found by their bytes: a file of a hundred elements must not spend its
/// time on making strings of names.
struct XMLNameCodes: Sendable {
    private let names: [[UInt8]]
    /// A name's number at its hash, or at the next free place after it; -1 is free.
    private let slots: [Int32]

    init(_ texts: [String]) {
        var names: [[UInt8]] = []
        // A quarter full at most, so that a search ends soon.
        var count = 16
        while count < texts.count * 4 { count *= 2 }
        var slots = [Int32](repeating: -1, count: count)
        for text in texts {
            let name = Array(text.utf8)
            var slot = Self.hash(name.span) & (count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Int32(truncatingIfNeeded: names.count)
            names.append(name)
        }
        self.names = names
        self.slots = slots
    }

    /// Nil for a name that is not in the vocabulary.
    func code(of name: Span<UInt8>) -> Int32? {
        var slot = Self.hash(name) & (slots.count - 1)
        while slots[slot] >= 0 {
            if Self.isEqual(names[Int(slots[slot])], name) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// FNV-1a, 32 bits.
    private static func hash(_ name: Span<UInt8>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in name.indices { hash = (hash ^ UInt32(name[index])) &* 16_777_619 }
        // The low bits of FNV are its weakest.
        return Int(hash ^ (hash >> 15))
    }

    private static func isEqual(_ known: [UInt8], _ name: Span<UInt8>) -> Bool {
        guard known.count == name.count else { return false }
        for index in name.indices where known[index] != name[index] { return false }
        return true
    }
}

/// What a reader of a vocabulary has to know of each name, by the name's number.
struct XMLVocabulary<Name: XMLName>: Sendable {
    let names: [Name]
    /// The reader handles it as it closes.
    let isRecord: [Bool]
    /// There may be many: each is told its position as it opens, as counting back would cost their square.
    let isCounted: [Bool]
    /// Its position is always stated. (A set of names would hash each one's text.)
    let isRepeated: [Bool]
    /// Each name as a step of a path, in UTF-8: `/Ntry`.
    let steps: [[UInt8]]
    let codes: XMLNameCodes

    init() {
        let records = Name.records
        names = Array(Name.allCases)
        isRecord = names.map(records.contains)
        let repeated = Name.repeated
        isCounted = names.map { records.contains($0) || repeated.contains($0) }
        isRepeated = names.map(repeated.contains)
        steps = names.map { Array("/\($0.rawValue)".utf8) }
        codes = XMLNameCodes(names.map(\.rawValue))
    }
}
