// SPDX-License-Identifier: Apache-2.0

/// The keys of the mapping language, block by block: what the compiler of file mappings knows
/// and what `mappings/schema.json` says. Services have keys of their own (`ServiceCompiler`).
package enum Grammar {
    package static let mapping = [
        "mapping", "name", "description", "use", "config", "source", "read", "records", "skip", "totals", "sync",
        "emit", "push", "pdf", "tests",
    ]
    package static let config = ["type", "default", "description"]
    package static let source = ["file"]
    package static let file = [
        "match", "format", "encoding", "delimiter", "quote", "header_row", "sheet", "namespaces", "columns", "optional",
        "done",
    ]
    package static let read = ["decimal", "group", "date", "zone", "nulls"]
    package static let totals = ["where", "check"]
    package static let sync = ["mode", "cursor", "as", "start", "overlap", "retention"]
    package static let emission = ["key", "when", "each", "fields"]
    package static let tests = ["in", "out"]
    /// Exactly one of them makes a rule.
    package static let ruleSources = ["from", "const", "join", "calc", "first", "preamble", "file_name"]
    package static let rule =
        ruleSources + [
            "map", "date", "decimal", "group", "default", "required", "trim", "upper", "abs", "negate", "negate_when",
            "minor", "match", "null_if",
        ]
    package static let branch = ["when"] + rule

    // MARK: Words

    package static let formats = ["csv", "xlsx", "xml", "json"]
    package static let columns = ["exact", "superset"]
    package static let done = ["archive"]
    package static let modes = ["full", "incremental", "open_snapshot"]
    package static let configTypes = ["text", "int", "decimal", "date", "bool", "currency"]
    /// Every name of an encoding, in lower case.
    package static let encodings = [
        "utf-8", "utf8", "utf-8-sig", "utf8-bom", "us-ascii", "ascii", "utf-16", "utf16", "utf-16le", "utf-16be",
        "windows-1252", "cp1252", "win-1252", "ansi", "windows-1250", "cp1250", "win-1250", "iso-8859-1", "latin1",
        "latin-1", "iso-8859-15", "latin9", "latin-9", "ibm850", "cp850", "ibm437", "cp437",
    ]
}
