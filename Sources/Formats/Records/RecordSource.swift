// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Trees

/// The records of a file that is a tree: XML or JSON.
protocol RecordSource {
    /// Passes every record in the order of the file.
    /// - Returns: Why the file is refused.
    /// - Throws: `ReadFailure`, and what `body` throws.
    func each(_ body: (Record) throws -> Void) throws -> [Fault]
}

/// A tree that must be held as a whole, because rules read above the records or the path to them has filters.
enum WholeTree {
    static let bytesMax = 64 << 20

    static func tooLarge(_ file: SourceFile, _ mapping: Mapping) -> Fault? {
        guard file.size > bytesMax else { return nil }
        return Fault(
            "FILE-TOO-LARGE", .refusal, at: .file,
            "\(file.name) has more than \(bytesMax >> 20) MB, and the mapping \(mapping.name) needs all of it at once",
            hint:
                "Let `records:` be a path of names only, and read nothing above the record (`^`); then size is no matter."
        )
    }
}

/// XML: read in pieces where the path to the records is names only, one record in memory.
struct XMLRecordSource: RecordSource {
    let file: SourceFile
    let mapping: Mapping

    func each(_ body: (Record) throws -> Void) throws -> [Fault] {
        if let steps = steps {
            return try stream(steps) { found, number in
                try body(Record(tree: [found.node], pointer: "\(mapping.recordsText)[\(number)]"))
            }
        }
        if let fault = WholeTree.tooLarge(file, mapping) { return [fault] }
        var root: Node?
        let faults = try stream([nil]) { found, _ in root = found.node }
        guard faults.isEmpty, let root, let name = XMLRoot.sniff(try file.head(Catalogue.headSize)) else {
            return faults
        }
        let prefix = mapping.source.namespaces.sorted { $0.key < $1.key }.first { $0.value == name.namespace }?.key
        let key = prefix.map { "\($0):\(name.name)" } ?? name.name
        for record in mapping.records(in: .object([(key, root)])) { try body(record) }
        return []
    }

    /// Nil when the whole tree is needed.
    private var steps: [String?]? {
        guard !mapping.readsAboveRecords else { return nil }
        return mapping.recordsText == "." ? [nil] : mapping.recordSteps
    }

    private func stream(_ steps: [String?], _ body: (XMLRecordSink.Found, Int) throws -> Void) throws -> [Fault] {
        let sink = XMLRecordSink(steps: steps, prefixes: mapping.source.namespaces)
        guard var handle = XMLHandle(sink: sink) else { return [] }
        var number = 0
        var fault: Fault?
        func drain() throws {
            for found in sink.found {
                number += 1
                try body(found, number)
            }
            sink.found.removeAll(keepingCapacity: true)
        }
        try file.chunks { chunk in
            // After a refusal the rest is only passed by, so that the digest is of the whole file.
            guard fault == nil else { return }
            fault = handle.feed(chunk) ?? sink.refusal
            if fault == nil { try drain() }
        }
        if fault == nil { fault = sink.refusal ?? handle.finish() }
        if let fault { return [fault] }
        try drain()
        return []
    }
}

/// JSON: an array is read element by element and JSON lines line by line; any other text as a whole.
struct JSONRecordSource: RecordSource {
    let file: SourceFile
    let mapping: Mapping

    func each(_ body: (Record) throws -> Void) throws -> [Fault] {
        let takesAll = [".", "*"].contains(mapping.recordsText)
        let first = try file.head(Catalogue.headSize).first { !Self.isBlank($0) }
        let isStream = takesAll && !mapping.readsAboveRecords
        var pieces = JSONPieces(splitsArray: isStream && first == 0x5B)
        var number = 0
        var faults: [Fault] = []
        func drain() throws {
            for piece in pieces.found where faults.isEmpty {
                let read = JSONReader.read(piece.bytes, line: piece.line)
                faults += read.faults
                guard let node = read.node else { break }
                number += 1
                for record in records(node, number, isStream: isStream) { try body(record) }
            }
            pieces.found.removeAll(keepingCapacity: true)
        }
        try file.chunks { chunk in
            guard faults.isEmpty, pieces.refusal == nil else { return }
            pieces.feed(chunk)
            try drain()
        }
        pieces.finish()
        if faults.isEmpty, let refusal = pieces.refusal { faults.append(refusal) }
        try drain()
        return faults
    }

    private func records(_ node: Node, _ number: Int, isStream: Bool) -> [Record] {
        let isDocument = number == 1 && node.items != nil
        if isStream, !isDocument || mapping.recordsText == "." { return [Record(tree: [node], pointer: "[\(number)]")] }
        var found = mapping.records(in: node)
        if number > 1 { for index in found.indices { found[index].pointer = "[\(number)]/" + found[index].pointer } }
        return found
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0xEF || byte == 0xBB || byte == 0xBF
    }
}
