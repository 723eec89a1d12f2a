// SPDX-License-Identifier: Apache-2.0

/// Something wrong with input: where, what, and what to do next. A value, never an exception.
package struct Fault: Hashable, Sendable {
    package enum Severity: String, Sendable {
        /// The whole file lands nothing.
        case refusal
        /// This row or document is left out; the others land.
        case row
        /// The document lands as stated; somebody should look.
        case warning
    }

    /// Stable, upper case with hyphens (`AMOUNT-AMBIGUOUS`), or the standard's own rule id (`BR-CO-16`).
    package var code: String
    package var severity: Severity
    package var at: Position
    /// One sentence: what is wrong, with the text that is wrong in it.
    package var message: String
    /// One sentence: what to do next.
    package var hint: String

    package init(_ code: String, _ severity: Severity, at: Position, _ message: String, hint: String) {
        self.code = code
        self.severity = severity
        self.at = at
        self.message = message
        self.hint = hint
    }
}

/// A place in a source: a line of text, a path in a tree, or the file as a whole.
package enum Position: Hashable, Sendable {
    case file
    /// A line, from 1, and a column (field number from 1, or 0 when the whole line is meant).
    case line(Int, column: Int = 0)
    /// An XPath with positions, or a JSON pointer.
    case path(String)

    package var text: String {
        switch self {
        case .file: "file"
        // Put together without interpolation: an import makes a million of them.
        case .line(let line, let column): "line " + String(line) + (column > 0 ? ", column \(column)" : "")
        case .path(let path): path
        }
    }

    /// The inverse of `text`, for positions that were stored.
    package init(text: String) {
        guard text != "file" else {
            self = .file
            return
        }
        let words = text.split(separator: " ")
        if words.count >= 2, words[0] == "line" {
            let digits = words[1].last == "," ? words[1].dropLast() : words[1]
            if let line = Int(digits) {
                self = .line(line, column: words.count == 4 ? Int(words[3]) ?? 0 : 0)
                return
            }
        }
        self = .path(text)
    }
}

/// Where a document comes from: bytes that are kept, the mapping that read them, and the place in them.
package struct Provenance: Hashable, Sendable {
    /// The file as a whole; one value shared by all documents of an import, so that a document costs one reference.
    package struct Origin: Hashable, Sendable {
        private final class Fields: Sendable {
            let sha256: String
            let name: String
            let format: String
            let mapping: String?
            let mappingDigest: String?

            init(sha256: String, name: String, format: String, mapping: String?, mappingDigest: String?) {
                self.sha256 = sha256
                self.name = name
                self.format = format
                self.mapping = mapping
                self.mappingDigest = mappingDigest
            }
        }

        private let fields: Fields

        package init(
            sha256: String, name: String, format: String, mapping: String? = nil, mappingDigest: String? = nil
        ) {
            fields = Fields(
                sha256: sha256, name: name, format: format, mapping: mapping, mappingDigest: mappingDigest)
        }

        /// SHA-256 of the file's bytes, lower-case hexadecimal.
        package var sha256: String { fields.sha256 }
        /// The file's name as it was given, without folders.
        package var name: String { fields.name }
        /// The format that read it: `csv`, `ubl`, `camt.053`.
        package var format: String { fields.format }
        /// The mapping's name, for mapped formats.
        package var mapping: String? { fields.mapping }
        /// SHA-256 of the mapping's text.
        package var mappingDigest: String? { fields.mappingDigest }

        package static func == (left: Origin, right: Origin) -> Bool {
            left.fields === right.fields
                || left.sha256 == right.sha256 && left.name == right.name && left.format == right.format
                    && left.mapping == right.mapping && left.mappingDigest == right.mappingDigest
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(sha256)
            hasher.combine(name)
        }
    }

    package var origin: Origin
    package var at: Position

    package init(_ origin: Origin, at: Position) {
        self.origin = origin
        self.at = at
    }
}
