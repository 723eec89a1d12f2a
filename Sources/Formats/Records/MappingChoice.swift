// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// Chooses the mapping that fits a file best, by its columns; the file's name only breaks a tie.
struct MappingChoice {
    let context: ReadingContext
    let fileName: String
    /// What the file is: mappings written for another format of tables count less.
    let format: Mapping.FileFormat

    private struct Fit<Layout> {
        var layout: Layout
        var mapping: Mapping
        var header: [String]
        var line: Int
        /// How good, most important first.
        var rank: [Int]
    }

    /// Every mapping that may read the file: of one of these formats, and of what the caller says the file holds.
    /// - Throws: `ReadFailure` when the mappings cannot be read.
    func candidates(_ formats: [Mapping.FileFormat]) throws -> [Mapping] {
        try context.choices().filter { mapping in
            guard formats.contains(mapping.source.format) else { return false }
            guard let hint = context.kindHint else { return true }
            return mapping.entities.contains { $0.plural == hint || $0.rawValue == hint }
        }
    }

    /// The layout of the best mapping; nil when none fits, a refusal when two fit equally well.
    func best<Layout>(
        of candidates: [Mapping], _ layout: (Mapping) -> (layout: Layout, line: Int, header: [String])?
    ) -> Result<Layout?, TableRefusal> {
        var fits: [Fit<Layout>] = []
        for mapping in candidates {
            guard let found = layout(mapping), HeaderFit.isPlausible(mapping, found.header) else { continue }
            let used = mapping.columnsNamed.count { found.header.contains($0) }
            let rank = [
                used, mapping.source.format == format ? 1 : 0, Glob.matches(mapping.source.match, fileName) ? 1 : 0,
            ]
            fits.append(
                Fit(layout: found.layout, mapping: mapping, header: found.header, line: found.line, rank: rank))
        }
        let most = fits.map(\.rank).max { $0.lexicographicallyPrecedes($1) }
        fits = fits.filter { $0.rank == most }
        guard let fit = fits.first else { return .success(nil) }
        guard fits.count == 1 else {
            let names = fits.map(\.mapping.name).sorted()
            return .failure(
                TableRefusal(faults: [
                    Fault(
                        "MAPPING-AMBIGUOUS", .refusal, at: .line(fit.line),
                        "the mappings \(names.joined(separator: " and ")) fit the columns equally well",
                        hint: "Choose one with --mapping, or say what the file holds with --as.")
                ]))
        }
        return .success(fit.layout)
    }
}

/// `*` and `?` only, the whole name, ASCII letters in any case.
enum Glob {
    static func matches(_ glob: String?, _ name: String) -> Bool {
        guard let glob else { return false }
        return matches(Array(glob.lowercased().utf8)[...], Array(name.lowercased().utf8)[...])
    }

    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var (p, t) = (pattern.startIndex, text.startIndex)
        var star: (p: Int, t: Int)?
        while t < text.endIndex {
            if p < pattern.endIndex, pattern[p] == 0x2A {
                star = (p, t)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == text[t] || pattern[p] == 0x3F {
                (p, t) = (p + 1, t + 1)
            } else if let last = star {
                star = (last.p, last.t + 1)
                (p, t) = (last.p + 1, last.t + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == 0x2A }
    }
}
