// SPDX-License-Identifier: Apache-2.0
import Documents
import _StringProcessing

// What stands beside the records of a file (the lines above its header, its name) and is the same for all of them.

extension Mapping {
    /// The texts that `preamble:` and `file_name:` rules find, by pattern; a required one that finds nothing refuses
    /// the file once, not each of its rows.
    func asides(
        _ regexes: [Regex<AnyRegexOutput>], _ setting: RecordMapper.Setting
    ) -> (found: [Int: String], faults: [Fault]) {
        var found: [Int: String] = [:]
        var faults: [Fault] = []
        for rule in rules.flatMap(\.withParts) {
            guard case .aside(let aside, let pattern) = rule.source, regexes.indices.contains(pattern) else { continue }
            let lines = aside == .preamble ? setting.preamble : [setting.origin.name]
            let text = lines.lazy.compactMap { Self.part(of: $0, regexes[pattern]) }.first
            found[pattern] = text
            if text == nil, rule.flags?.required == true, rule.flags?.fallback == nil {
                faults.append(absent(aside, patterns[pattern], setting))
            }
        }
        return (found, faults)
    }

    private static func part(of line: String, _ regex: Regex<AnyRegexOutput>) -> String? {
        guard let match = try? regex.firstMatch(in: line), match.output.count > 1, let part = match.output[1].substring
        else { return nil }
        let text = part.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        return text.isEmpty ? nil : text
    }

    private func absent(_ aside: Rule.Aside, _ pattern: String, _ setting: RecordMapper.Setting) -> Fault {
        switch aside {
        case .preamble:
            Fault(
                "PREAMBLE-UNMATCHED", .refusal, at: .file,
                "the mapping \(name) takes a value from the lines above the header, and none of "
                    + "\(setting.preamble.count) fits \(pattern)",
                hint: "Export with the lines above the table, or correct `preamble:` in the mapping.")
        case .fileName:
            Fault(
                "FILE-NAME-UNMATCHED", .refusal, at: .file,
                "the mapping \(name) takes a value from the file's name, and \"\(setting.origin.name)\" does not "
                    + "fit \(pattern)",
                hint: "Give the file the name that the program saves it under, or correct `file_name:` in the mapping.")
        }
    }

    /// Every rule of a target.
    private var rules: [Rule] {
        emissions.flatMap { emission in
            emission.fields.map(\.rule) + emission.elements.flatMap { $0.fields.map(\.rule) }
        }
    }
}

extension Rule {
    /// The rule and those inside it.
    fileprivate var withParts: [Rule] {
        switch source {
        case .coalesce(let rules): [self] + rules.flatMap(\.withParts)
        case .first(let branches): [self] + branches.flatMap(\.rule.withParts)
        case .path, .constant, .join, .calc, .aside: [self]
        }
    }
}
