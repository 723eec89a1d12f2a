// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Mappings

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
    /// An accounting system's own ledger: its payments are its copies of what a bank states.
    package var isLedger: Bool
    /// Its reader needs to know the encoding of the whole file beforehand.
    package var isText: Bool
    package var detect: @Sendable (_ head: [UInt8], _ name: String) -> Detection
    package var read: @Sendable (SourceFile, ReadingContext, (Document) throws -> Void) throws -> Reading

    package init(
        name: String, isLedger: Bool = false, isText: Bool = false,
        detect: @escaping @Sendable ([UInt8], String) -> Detection,
        read: @escaping @Sendable (SourceFile, ReadingContext, (Document) throws -> Void) throws -> Reading
    ) {
        self.name = name
        self.isLedger = isLedger
        self.isText = isText
        self.detect = detect
        self.read = read
    }
}

/// Every format, in one literal list: adding one is adding a line here and a folder beside it.
package enum Catalogue {
    package static let all: [Format] = [
        // XML formats tell themselves apart by the root element that follows the first `<` in the head.
        UBLFormat.format, CIIFormat.format,
        CamtFormat.format, CamtFormat.report, CamtFormat.notification, PainFormat.format, PDFFormat.format,
        SAFTFormat.format, XAFFormat.format, DATEVFormat.format,
        MT940Format.format, OFXFormat.format, CODAFormat.format, CNABFormat.format,
        // Tables, and records that only a mapping understands.
        XLSXFormat.format, CSVFormat.format, RecordsFormat.xml, RecordsFormat.json,
    ]

    /// Names of the formats that are an accounting system's ledger.
    package static let ledgers = all.filter(\.isLedger).map(\.name)

    /// Bytes of the head that detection sees.
    package static let headSize = 64 * 1024

    /// The format a file is in, or a refusal that says what was tried.
    ///
    /// A mapping that was named for XML or JSON records decides for them, whatever else they might be; one that was
    /// named for tables decides for a DATEV export, which is one.
    package static func detect(
        _ file: SourceFile, for mapping: Mapping? = nil
    ) throws -> (format: Format?, why: Format.Detection) {
        let head = try file.head(headSize)
        var best: (format: Format?, why: Format.Detection) = (nil, .none)
        if let named = mapping?.source.format, named == .xml || named == .json {
            let format = named == .xml ? RecordsFormat.xml : RecordsFormat.json
            let detection = format.detect(head, file.name)
            if detection.confidence > 0 { return (format, detection) }
        }
        let isTable = mapping.map { $0.source.format == .csv || $0.source.format == .xlsx } ?? false
        for format in all where !(isTable && format.name == DATEVFormat.name) {
            let detection = format.detect(head, file.name)
            if detection.confidence > best.why.confidence { best = (format, detection) }
            // Nothing can be surer; the others need not look at the file.
            if detection.confidence >= 100 { break }
        }
        return best
    }

    /// Detects the format and reads the file; what no format claims is refused with `FORMAT-UNKNOWN`.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        guard let format = try detect(file, for: context.mapping).format else {
            var reading = Reading(format: "unknown")
            reading.faults.append(
                Fault(
                    "FORMAT-UNKNOWN", .refusal, at: .file,
                    "\(file.name) is in none of the formats \(all.map(\.name).joined(separator: ", "))",
                    hint: "Check that it is the export itself, not an error page, a picture or a program's own file."
                ))
            return reading
        }
        return try format.read(format.isText ? file.looked() : file, context, emit)
    }
}
