// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import PaymentRequests
import Trees

/// One parser and what must hold of it on any bytes at all; beyond that, no input may trap, hang or leak.
struct Parser: Sendable {
    let name: String
    let check: @Sendable ([UInt8]) -> Void

    static let all: [Parser] =
        pieces + files + [
            Parser(name: "json") { bytes in
                let (node, faults) = JSONReader.read(bytes)
                require((node == nil) != faults.isEmpty, "a text is a tree, or it has faults")
            },
            Parser(name: "yaml") { bytes in
                let (node, faults) = YAMLReader.read(String(decoding: bytes, as: UTF8.self))
                require(node != nil || !faults.isEmpty, "a text is a tree, or it has faults")
            },
            Parser(name: "mapping") { bytes in
                let (mapping, faults) = MappingFolder.compile(text: String(decoding: bytes, as: UTF8.self))
                require((mapping == nil) == isRefused(faults), "a mapping compiles, or something refuses it")
            },
            Parser(name: "service") { bytes in
                let (service, faults) = ServiceFolder.compile(text: String(decoding: bytes, as: UTF8.self))
                require((service == nil) == isRefused(faults), "a mapping compiles, or something refuses it")
            },
            Parser(name: "values", check: values), Parser(name: "payloads", check: payloads),
        ]

    /// A mapping with warnings compiles: a payment without a rule for its day, a key by its old name.
    private static func isRefused(_ faults: [Fault]) -> Bool { faults.contains { $0.severity == .refusal } }

    private static let origin = Provenance.Origin(sha256: "", name: "fuzz", format: "fuzz")

    // MARK: Formats that read pieces

    private typealias Read = @Sendable ([[UInt8]], (Document) throws -> Void) throws -> Reading

    private static let pieces: [Parser] = [
        inPieces("ubl") { try UBLFormat.check(pieces: $0, origin, $1) },
        inPieces("cii") { try CIIFormat.check(pieces: $0, origin, $1) },
        inPieces("camt") { try CamtFormat.read(pieces: $0, origin, $1) },
        inPieces("pain") { try PainFormat.read(pieces: $0, origin, $1) },
        inPieces("saft") { try SAFTFormat.read(pieces: $0, origin, $1) },
        inPieces("xaf") { try XAFFormat.read(pieces: $0, origin, $1) },
        inPieces("mt940") { try MT940Format.read(pieces: $0, origin, $1) },
        inPieces("ofx") { try OFXFormat.read(pieces: $0, origin, $1) },
        inPieces("coda") { try CODAFormat.read(pieces: $0, origin, $1) },
        inPieces("cnab") { try CNABFormat.read(pieces: $0, origin, $1) },
        Parser(name: "pdf") { bytes in _ = outcome([bytes]) { try PDFFormat.read(pieces: $0, origin, $1) } },
    ]

    private struct Outcome: Equatable {
        var documents: [Document] = []
        var faults: [Fault] = []
        var isRefused = false
    }

    /// However the bytes arrive, what is read of them is the same; of what is refused, libxml2 may meet another fault
    /// first.
    private static func inPieces(_ name: String, _ read: @escaping Read) -> Parser {
        Parser(name: name) { bytes in
            let whole = outcome([bytes], read)
            let at = bytes.isEmpty ? 0 : bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % bytes.count
            let cut = outcome(
                [Array(bytes[..<at]), Array(bytes[at...].prefix(1)), Array(bytes[at...].dropFirst())], read)
            require(whole == cut, "cut at \(at), the bytes are read otherwise: \(whole) / \(cut)")
        }
    }

    private static func outcome(_ pieces: [[UInt8]], _ read: Read) -> Outcome {
        var outcome = Outcome()
        let reading = unthrown { try read(pieces) { outcome.documents.append($0) } }
        outcome.faults = reading.faults
        if reading.refused { outcome = Outcome(isRefused: true) }
        require(reading.faults.count <= Reading.faultsMax + 2, "faults are bounded")
        return outcome
    }

    // MARK: Formats that read files

    private static let share = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let context: ReadingContext = {
        guard let day = Day("2026-08-10") else { preconditionFailure("a day is a day") }
        var context = ReadingContext(asOf: day)
        context.defaultCurrency = .eur
        context.mappings = unthrown { try MappingFolder.load(folder: share.path + "/mappings").mappings }
        return context
    }()

    private static let files: [Parser] = [
        Parser(name: "datev") { inspect($0, "x.csv", context) }, Parser(name: "csv") { inspect($0, "x.csv", context) },
        Parser(name: "xlsx") { inspect($0, "x.xlsx", context) },
        Parser(name: "records-xml") { inspect($0, "x.xml", records("xml", "/a/b", "@n")) },
        Parser(name: "records-json") { inspect($0, "x.json", records("json", "a/*", "n")) },
        Parser(name: "inspect") { inspect($0, "x", context) },
    ]

    private static func records(_ format: String, _ path: String, _ number: String) -> ReadingContext {
        let text = """
            mapping: 1
            name: fuzz
            source: { file: { format: \(format) } }
            records: "\(path)"
            read: { decimal: ".", group: none, date: iso }
            emit: { invoice: { key: [number], fields: { number: "\(number)", total: t, issued_on: d, currency: c } } }
            """
        let (mapping, faults) = MappingFolder.compile(text: text)
        guard let mapping else { preconditionFailure("the mapping of the fuzzer compiles: \(faults)") }
        var own = context
        own.mapping = mapping
        return own
    }

    /// Says what the file is, as `tieout inspect` does; a mapping that is suggested compiles, but for what no column
    /// could be found for.
    private static func inspect(_ bytes: [UInt8], _ name: String, _ context: ReadingContext) {
        let path = "/dev/shm/tieout-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            preconditionFailure("\(path) can be written")
        }
        let inspection = unthrown { try Catalogue.inspect(SourceFile(path: path, name: name), context) }
        _ = inspection.text
        guard let table = inspection.table else { return }
        let suggested = table.suggestedMapping(name: "fuzz")
        let faults = MappingFolder.compile(text: suggested).faults.filter { $0.code != "MAPPING-MISSING" }
        require(faults.isEmpty, "the suggested mapping compiles: \(faults)\n\(suggested)")
    }

    // MARK: Values

    @Sendable private static func values(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for decimal: UInt8 in [0x2E, 0x2C] {
            for group in [AmountConvention.Group.none, .mark(0x2E), .mark(0x2C), .space, .apostrophe] {
                _ = AmountText.read(text, AmountConvention(decimal: decimal, group: group))
            }
        }
        _ = AmountText.readings(of: text)
        for date in ["iso", "epoch_s", "epoch_ms", "msjson", "excel", "dd.MM.yyyy", "d MMM yy", "MM/dd/yyyy HH:mm:ss"] {
            _ = DateConvention(date)?.read(text)
        }
        _ = DatePattern(text)
        _ = ScaledDecimal(text)?.money(.eur)
        _ = Day(text)
        _ = StructuredReference.lookupKeys(text)
    }

    @Sendable private static func payloads(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        _ = PixPayload.parse(text)
        _ = EPCPayload.parse(text)
    }
}

private func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError("BROKEN: \(message())") }
}

/// Bad bytes are faults, never thrown.
private func unthrown<Value>(_ body: () throws -> Value) -> Value {
    do { return try body() } catch { fatalError("BROKEN: thrown for bad bytes: \(error)") }
}
