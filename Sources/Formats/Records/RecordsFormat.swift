// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Trees

/// XML and JSON files whose records a mapping turns into documents.
package enum RecordsFormat {
    package static let xml = Format(
        name: "xml", detect: { head, _ in detectXML(head) },
        read: { file, context, emit in try RecordsReader(file: file, context: context, format: .xml).read(emit) })

    package static let json = Format(
        name: "json", detect: { head, _ in detectJSON(head) },
        read: { file, context, emit in try RecordsReader(file: file, context: context, format: .json).read(emit) })

    /// Fainter than any format of its own, so that it reads what no other one claims.
    private static func detectXML(_ head: [UInt8]) -> Format.Detection {
        guard XMLRoot.looksLikeXML(head), let root = XMLRoot.sniff(head) else { return .none }
        return Format.Detection(12, "it is XML with the root element \(root.name)")
    }

    private static func detectJSON(_ head: [UInt8]) -> Format.Detection {
        let text = head.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        guard let first = text.first, first == 0x7B || first == 0x5B else { return .none }
        let next = text.dropFirst().first { $0 > 0x20 } ?? 0
        switch (first, next) {
        case (0x7B, 0x22), (0x7B, 0x7D): return Format.Detection(60, "it begins like a JSON object")
        case (0x5B, 0x7B), (0x5B, 0x5B), (0x5B, 0x5D): return Format.Detection(60, "it begins like a JSON array")
        default: return .none
        }
    }
}

/// One reading of one file of records.
struct RecordsReader {
    let file: SourceFile
    let context: ReadingContext
    let format: Mapping.FileFormat

    /// Ends the reading early; the fault that did it is in the reading.
    private struct Stop: Error {}

    func read(_ emit: (Document) throws -> Void) throws -> Reading {
        var reading = Reading(format: format.rawValue)
        let mapping: Mapping
        switch try choose() {
        case .success(let found): mapping = found
        case .failure(let refusal):
            reading.faults = refusal.faults
            return reading
        }
        reading.mapping = mapping.name
        reading.mappingDigest = mapping.digest
        reading.snapshot = mapping.isSnapshot
        var mapper: RecordMapper
        let setting = context.setting(file, format: format.rawValue, mapping)
        switch RecordMapper.bind(mapping, header: [], headerLine: 0, setting: setting) {
        case .success(let bound): mapper = bound
        case .failure(let failure):
            reading.faults += failure.faults
            return reading
        }
        var dropped = 0
        do {
            reading.faults += try source(mapping).each { record in
                let outcome = try mapper.map(record, emit)
                if outcome == .mapped || outcome == .faulty { reading.records += 1 }
                for fault in mapper.faults { reading.add(fault, &dropped) }
                if mapper.faults.contains(where: { $0.severity == .refusal }) { throw Stop() }
            }
        } catch is Stop {}
        reading.note(dropped)
        reading.finish(mapper, file: file, mapping: mapping)
        return reading
    }

    func source(_ mapping: Mapping) -> any RecordSource {
        format == .xml ? XMLRecordSource(file: file, mapping: mapping) : JSONRecordSource(file: file, mapping: mapping)
    }

    // MARK: Which mapping

    private struct Enough: Error {}

    /// The mapping that was named, or the one whose rules find most in the first record.
    func choose() throws -> Result<Mapping, TableRefusal> {
        if let forced = context.mapping {
            guard forced.source.format == format else {
                return .failure(TableRefusal(faults: [forced.readsOther("\(format.rawValue.uppercased()) records")]))
            }
            return .success(forced)
        }
        let choice = MappingChoice(context: context, fileName: file.name, format: format)
        let candidates = try choice.candidates([format])
        var fits: [(mapping: Mapping, rank: [Int])] = []
        for mapping in candidates {
            guard let hits = try hits(mapping) else { continue }
            fits.append((mapping, [hits, Glob.matches(mapping.source.match, file.name) ? 1 : 0]))
        }
        let most = fits.map(\.rank).max { $0.lexicographicallyPrecedes($1) }
        fits = fits.filter { $0.rank == most }
        if fits.count > 1 {
            let names = fits.map(\.mapping.name).sorted().joined(separator: " and ")
            return .failure(
                TableRefusal(faults: [
                    Fault(
                        "MAPPING-AMBIGUOUS", .refusal, at: .file, "the mappings \(names) fit the records equally well",
                        hint: "Choose one with --mapping, or say what the file holds with --as.")
                ]))
        }
        if let fit = fits.first { return .success(fit.mapping) }
        return .failure(TableRefusal(faults: try none(candidates)))
    }

    /// How many of a mapping's paths find something in the first record; nil when there is no such record, or one
    /// without what it must have.
    func hits(_ mapping: Mapping) throws -> Int? {
        var first: Record?
        do {
            _ = try source(mapping).each { record in
                first = record
                throw Enough()
            }
        } catch is Enough {}
        return first.flatMap { mapping.hits(in: $0) }
    }

    private func none(_ candidates: [Mapping]) throws -> [Fault] {
        if format == .xml {
            // What an XML file is that nothing here reads, the reader of invoices says best.
            let reading = try UBLFormat.format.read(file, context) { _ in }
            if !reading.faults.isEmpty { return reading.faults }
        }
        // A text that is no JSON at all says so itself.
        if format == .json {
            var broken: [Fault] = []
            var pieces = JSONPieces(splitsArray: false)
            if file.size <= JSONPieces.bytesMax {
                try file.chunks { pieces.feed($0) }
                pieces.finish()
                broken =
                    pieces.refusal.map { [$0] } ?? pieces.found.first.map { JSONReader.read($0.bytes).faults } ?? []
            }
            if !broken.isEmpty { return broken }
        }
        let names = candidates.map(\.name).sorted()
        return [
            Fault(
                "MAPPING-NONE", .refusal, at: .file,
                "no mapping finds its records in this \(format.rawValue.uppercased()) file"
                    + (names.isEmpty ? "" : " (tried \(names.joined(separator: ", ")))"),
                hint: "Name a mapping with --mapping, or start one with `tieout inspect --suggest-mapping`.")
        ]
    }
}
