// SPDX-License-Identifier: Apache-2.0
package import Documents
import Mappings

/// DATEV EXTF exports: batches of bookings (category 21) and the masters of debtors and creditors (category 16).
///
/// The first line says what the file is, the second names the columns. Columns have fixed places, days no year, and
/// accounts of debtors are one digit longer than those of the ledger and begin with 1 to 6.
package enum DATEVFormat {
    package static let format = Format(name: name, isLedger: true, isText: true, detect: detect, read: read)
    static let name = "datev"

    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        let text = head.dropFirst(TextEncoding.mark(of: head)?.length ?? 0)
        let isOurs = ["\"EXTF\";", "EXTF;", "\"DTVF\";", "DTVF;"].contains { text.starts(with: Array($0.utf8)) }
        return isOurs ? Format.Detection(100, "its first line is the header of a DATEV export") : .none
    }

    /// Reads the whole export; bookings of one document are added up, so they are held until the end.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        var reading = Reading(format: name)
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: name)
        let choice: EncodingChoice
        switch EncodingChoice.choose(
            file, head: try file.head(Catalogue.headSize), declared: ["utf-8", "windows-1252"])
        {
        case .success(let chosen): choice = chosen
        case .failure(let refusal):
            reading.faults = [refusal.fault]
            return reading
        }
        let reader = DATEVReader(origin: origin)
        try rows(file, choice, reader)
        var documents: [Document] = []
        if !reader.isRefused { documents = reader.finish() }
        reading.faults = reader.faults.list
        reading.records = reader.records
        for document in documents { try emit(document) }
        return reading
    }

    private static func rows(_ file: SourceFile, _ choice: EncodingChoice, _ reader: DATEVReader) throws {
        var decoder = TextDecoder(choice)
        var scanner = CSVScanner(delimiter: 0x3B)
        func drain() throws {
            while !reader.isRefused, try scanner.next() {
                reader.row(scanner.row.texts, line: scanner.row.line)
            }
        }
        do {
            try file.chunks { chunk in
                // After a refusal the rest is only passed by, so that the digest is of the whole file.
                guard !reader.isRefused else { return }
                scanner.feed(decoder.decode(chunk))
                try drain()
            }
            scanner.feed(decoder.decode([], isLast: true))
            scanner.finish()
            try drain()
        } catch let failure as CSVFailure {
            reader.refuse(failure.fault)
        }
        if let line = decoder.badLine {
            reader.refuse(
                Fault(
                    "ENCODING-WRONG", .refusal, at: .line(line),
                    "line \(line) has bytes that mean nothing in \(choice.encoding.rawValue)",
                    hint: "Export from DATEV again; it writes windows-1252 or UTF-8 with a mark."))
        }
    }
}
