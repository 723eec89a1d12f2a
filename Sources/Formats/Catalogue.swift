// SPDX-License-Identifier: Apache-2.0
package import Documents

/// One format Tieout reads: how it is recognised and how it is read.
package struct Format: Sendable {
    /// How sure a format is that a file is its own, by content; the name only breaks a tie.
    package struct Detection: Hashable, Sendable {
        /// 0 is "not mine", 100 is "certainly mine".
        package var confidence: Int
        /// Why, in words that `inspect` prints.
        package var reason: String

        package init(_ confidence: Int, _ reason: String) {
            self.confidence = confidence
            self.reason = reason
        }

        package static let none = Detection(0, "")
    }

    package var name: String
    package var detect: @Sendable (_ head: [UInt8], _ name: String) -> Detection
    package var read: @Sendable (SourceFile, ReadingContext, (Document) throws -> Void) throws -> Reading

    package init(
        name: String, detect: @escaping @Sendable ([UInt8], String) -> Detection,
        read: @escaping @Sendable (SourceFile, ReadingContext, (Document) throws -> Void) throws -> Reading
    ) {
        self.name = name
        self.detect = detect
        self.read = read
    }
}

/// Every format, in one literal list: adding one is adding a line here and a folder beside it.
package enum Catalogue {
    package static let all: [Format] = [
        // XML formats tell themselves apart by the root element that follows the first `<` in the head.
        UBLFormat.format, CamtFormat.format, CSVFormat.format,
    ]

    /// Bytes of the head that detection sees.
    package static let headSize = 64 * 1024

    /// The format a file is in, or a refusal that says what was tried.
    package static func detect(_ file: SourceFile) throws -> (format: Format?, why: Format.Detection) {
        let head = try file.head(headSize)
        var best: (format: Format?, why: Format.Detection) = (nil, .none)
        for format in all {
            let detection = format.detect(head, file.name)
            if detection.confidence > best.why.confidence { best = (format, detection) }
        }
        return best
    }

    /// Detects the format and reads the file; what no format claims is refused with `FORMAT-UNKNOWN`.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        guard let format = try detect(file).format else {
            var reading = Reading(format: "unknown")
            reading.faults.append(
                Fault(
                    "FORMAT-UNKNOWN", .refusal, at: .file,
                    "\(file.name) is in none of the formats \(all.map(\.name).joined(separator: ", "))",
                    hint: "Check that it is the export itself, not an archive, a spreadsheet or an error page."
                ))
            return reading
        }
        return try format.read(file, context, emit)
    }
}
