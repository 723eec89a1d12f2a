// SPDX-License-Identifier: Apache-2.0
import Documents

/// How one target gets its value. A class, so that handing one on per field costs a pointer.
final class Rule: Sendable {
    indirect enum Source: Sendable {
        /// Index into the mapping's paths.
        case path(Int)
        /// The first that is not null.
        case coalesce([Rule])
        case constant(Template)
        case join(Template)
        case calc([Term])
        case first([Branch])
        /// What stands beside the records and is the same for all of them; index into the mapping's patterns.
        case aside(Aside, Int)
    }

    enum Aside: String, Sendable {
        /// The lines above the header.
        case preamble
        case fileName = "file_name"
    }

    struct Term: Sendable {
        var negative: Bool
        var path: Int
    }

    struct Branch: Sendable {
        /// Nil is "otherwise".
        var when: Condition?
        var rule: Rule
    }

    struct Flags: Sendable {
        var map: [(from: [UInt8], to: String)]?
        var mapOther: String?
        var date: DateConvention?
        var amount: AmountConvention?
        var fallback: Template?
        var required = false
        var trim = false
        var upper = false
        var abs = false
        var negate = false
        var negateWhen: Condition?
        var minor = false
        /// Index into the mapping's patterns.
        var match: Int?
        var nullIf: [[UInt8]] = []
    }

    let source: Source
    /// Nil for a plain path, the usual case.
    let flags: Flags?
    /// The path of a rule that is nothing but a path; -1 for every other.
    let plainPath: Int

    init(source: Source, flags: Flags? = nil) {
        self.source = source
        self.flags = flags
        if case .path(let path) = source, flags == nil { plainPath = path } else { plainPath = -1 }
    }

    /// Every path the rule may read.
    var paths: [Int] {
        switch source {
        case .path(let path): [path]
        case .calc(let terms): terms.map(\.path)
        case .constant, .join, .aside: []
        case .coalesce(let rules): rules.flatMap(\.paths)
        case .first(let branches): branches.flatMap(\.rule.paths)
        }
    }

    /// A rule that gives nothing when none of its paths does.
    var needsPath: Bool {
        guard flags?.fallback == nil, flags?.required != true else { return false }
        return switch source {
        case .path, .calc: true
        case .coalesce(let rules): rules.allSatisfy(\.needsPath)
        case .constant, .join, .first, .aside: false
        }
    }
}

/// Text with places for columns and configuration values.
struct Template: Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case literal(String)
        case path(Int)
        /// `$(config.name)`
        case config(String)
    }

    var pieces: [Piece]

    /// The text when it depends on nothing.
    var literal: String? {
        switch pieces.count {
        case 0: ""
        case 1: if case .literal(let text) = pieces[0] { text } else { nil }
        default: nil
        }
    }
}

/// One thing a mapping emits per record.
struct Emission: Sendable {
    struct Field: Sendable {
        var target: Target
        var rule: Rule
    }

    /// One element of a list target.
    struct Element: Sendable {
        var target: Target
        /// Nil is the record itself.
        var each: Int?
        var fields: [Field]
    }

    var entity: Entity
    var key: [Target]
    var when: Condition?
    /// Index into the mapping's paths; nil is the record itself.
    var each: Int?
    var fields: [Field]
    var elements: [Element]
    /// Index of the rule for `currency` in `fields`.
    var currency: Int?
}
