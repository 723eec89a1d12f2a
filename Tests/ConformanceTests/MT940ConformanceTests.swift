// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Reads every MT940 and MT942 of the corpus and compares counts and sums with the oracle.
@Suite("MT940 agrees with the corpus")
struct MT940ConformanceTests {
    @Test("At least 99 % of the entries agree on count and sums, and every statement on its balances")
    func agrees() throws {
        guard let corpus = Corpus.open("MT940") else { return }
        var tally = BankTally("mt940", allowed: try Corpus.allowed("MT940"))
        for record in try corpus.bankRecords("mt940") {
            let found = try BankReading("mt940", corpus, record.file)
            let count = Int(record.text("tx") ?? "") ?? 0
            guard !found.reading.refused else {
                tally.refuse(record.file, found.reading, expected: count)
                continue
            }
            var differences: [Corpus.Difference] = []
            func compare(_ field: String, _ ours: String, _ theirs: String) {
                if ours != theirs { differences.append(.init(field: field, ours: ours, theirs: theirs)) }
            }
            let marks = record.values["by_mark"] as? [String: [Any]] ?? [:]
            func sum(_ names: [String]) -> String {
                BankTally.sum(names.compactMap { marks[$0]?.last as? String })
            }
            compare("entries", "\(found.payments.count)", "\(count)")
            compare("in", found.credits, sum(["C", "RD"]))
            compare("out", found.debits, sum(["D", "RC"]))
            compare("statements", "\(found.statements.count)", record.text("messages") ?? "0")
            compare("opening", balances(found.statements.map(\.openingBalance)), stated(record.texts("opening")))
            // Where a bank leaves the currency out, the oracle has no closing balance.
            if record.texts("closing").count == found.statements.count {
                compare("closing", balances(found.statements.map(\.closingBalance)), stated(record.texts("closing")))
            }
            tally.add(record.file, differences, entries: count)
        }
        tally.finish(filesMin: 38)
    }

    private func balances(_ list: [Money?]) -> String {
        list.compactMap { $0.flatMap { Corpus.decimal($0.amountText) } }.joined(separator: " ")
    }

    /// `F:C100318EUR380115,12`
    private func stated(_ list: [String]) -> String {
        list.compactMap { text in
            let parts = text.dropFirst(2)
            let amount = parts.dropFirst(10).replacing(",", with: ".")
            return Corpus.decimal((parts.first == "D" ? "-" : "") + amount)
        }.joined(separator: " ").replacing("-0 ", with: "0 ")
    }

    @Test("What must be refused is, and what may be read is read with a word about it")
    func verdicts() throws {
        guard let corpus = Corpus.open("MT940 and OFX verdicts") else { return }
        let lines = try String(contentsOf: corpus.root.appendingPathComponent("VERDICTS.tsv"), encoding: .utf8)
        var judged = 0
        for line in lines.split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count >= 2, fields[0].hasSuffix(".sta") || fields[0].hasSuffix(".ofx") else { continue }
            let found = try BankReading(fields[0].hasSuffix(".sta") ? "mt940" : "ofx", corpus, fields[0])
            switch fields[1] {
            case "must-reject": #expect(found.reading.refused, "\(fields[0])")
            case "reject-or-warn": #expect(!found.reading.faults.isEmpty, "\(fields[0])")
            default: break
            }
            judged += 1
        }
        print("MT940 and OFX: \(judged) verdicts kept")
        #expect(judged >= 11)
    }

    @Test(
        "No file of the corpus, whole or cut, crashes a reader of bank text",
        arguments: ["mt940", "ofx", "coda", "cnab"])
    func never(_ format: String) throws {
        guard let corpus = Corpus.open("\(format) robustness") else { return }
        var readings = 0
        for file in corpus.files(ending: "") where try corpus.isFile(file) {
            let bytes = Array(try corpus.bytes(file).prefix(6000))
            for count in [bytes.count, bytes.count / 2, min(bytes.count, 300), max(0, bytes.count - 3)] {
                _ = try BankReading(format, Array(bytes.prefix(count)), file)
                readings += 1
            }
        }
        print("\(format): \(readings) readings of corpus files without a crash")
        #expect(readings > 4000)
    }

    @Test("Each file of a bank format is detected as it, and no other file is")
    func detection() throws {
        guard let corpus = Corpus.open("bank text detection") else { return }
        let formats = [MT940Format.format, OFXFormat.format, CODAFormat.format, CNABFormat.format]
        for file in corpus.files(ending: "") where try corpus.isFile(file) {
            let parts = file.split(separator: "/")
            guard let folder = parts.first, !file.hasSuffix(".md"), !file.hasSuffix(".json"), !file.hasSuffix(".yml"),
                folder != "invalid"
            else { continue }
            let head = Array(try corpus.bytes(file).prefix(Catalogue.headSize))
            for format in formats {
                let confidence = format.detect(head, file).confidence
                #expect((confidence > 0) == (folder == format.name), "\(file) as \(format.name): \(confidence)")
            }
        }
    }
}

/// A file of a bank format as it was read.
struct BankReading {
    private(set) var payments: [Payment] = []
    private(set) var statements: [Statement] = []
    let reading: Reading

    init(_ format: String, _ corpus: Corpus, _ file: String) throws {
        try self.init(format, corpus.bytes(file), file)
    }

    init(_ format: String, _ bytes: [UInt8], _ file: String) throws {
        var payments: [Payment] = []
        var statements: [Statement] = []
        func emit(_ document: Document) {
            if case .payment(let payment) = document { payments.append(payment) }
            if case .statement(let statement) = document { statements.append(statement) }
        }
        let origin = Provenance.Origin(sha256: "", name: file, format: format)
        switch format {
        case "mt940": reading = try MT940Format.read(pieces: [bytes], origin, emit)
        case "ofx": reading = try OFXFormat.read(pieces: [bytes], origin, defaultCurrency: .usd, emit)
        case "coda": reading = try CODAFormat.read(pieces: [bytes], origin, emit)
        default: reading = try CNABFormat.read(pieces: [bytes], origin, emit)
        }
        self.payments = payments
        self.statements = statements
    }

    /// Sums of money in and out, whatever its currency.
    var credits: String { BankTally.sum(payments.filter { !$0.amount.isNegative }.map(\.amount.amountText)) }
    var debits: String { BankTally.sum(payments.filter(\.amount.isNegative).map(\.amount.magnitude.amountText)) }
}

/// Agreed, differed and refused, by files and by entries.
struct BankTally {
    private let name: String
    private let allowed: [String: String]
    private var files = (agreed: 0, differed: 0, refusedRightly: 0)
    private var entries = (agreed: 0, all: 0)
    private var lines: [String] = []
    private var unexplained: [String] = []

    init(_ name: String, allowed: [String: String]) {
        self.name = name
        self.allowed = allowed
    }

    /// A refused file agrees where the oracle finds nothing in it.
    mutating func refuse(_ file: String, _ reading: Reading, expected: Int) {
        let why = reading.faults.last.map { "\($0.code) \($0.message)" } ?? "?"
        guard expected > 0 else {
            files.refusedRightly += 1
            lines.append("  refused rightly: \(file): \(why)")
            return
        }
        add(file, [.init(field: "refused", ours: why, theirs: "\(expected) entries")], entries: expected)
    }

    mutating func add(_ file: String, _ found: [Corpus.Difference], entries count: Int) {
        entries.all += count
        guard !found.isEmpty else {
            files.agreed += 1
            entries.agreed += count
            return
        }
        files.differed += 1
        for one in found {
            let reason = allowed["\(file)\t\(one.field)"]
            let line = "\(file): \(one.field) is \(one.ours ?? "nil"), the oracle says \(one.theirs ?? "nil")"
            lines.append("  differs: " + line + (reason.map { " (\($0))" } ?? ""))
            if reason == nil { unexplained.append(line) }
        }
    }

    /// Prints the table and judges it.
    func finish(filesMin: Int, perMilleMin: Int = 990) {
        let perMille = entries.agreed * 1000 / max(1, entries.all)
        print(
            "\(name): files agreed \(files.agreed + files.refusedRightly) (\(files.refusedRightly) refused rightly)"
                + " / differed \(files.differed); entries agreed \(entries.agreed) of \(entries.all)")
        for line in lines { print(line) }
        #expect(perMille >= perMilleMin)
        #expect(files.agreed + files.refusedRightly >= filesMin)
        #expect(unexplained.isEmpty, "\(unexplained.joined(separator: "\n"))")
    }

    static func sum(_ texts: [String]) -> String {
        var sum = ScaledDecimal(coefficient: 0, scale: 2)
        for text in texts { if let value = ScaledDecimal(text), let next = sum.adding(value) { sum = next } }
        return Corpus.decimal(sum.text) ?? sum.text
    }
}

extension Corpus {
    /// The records of one format in the oracle of bank and ledger formats, which has counts and sums.
    func bankRecords(_ format: String) throws -> [Record] {
        try String(contentsOf: root.appendingPathComponent("oracle-bank.jsonl"), encoding: .utf8)
            .split(separator: "\n").compactMap { line in
                guard let values = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                    let file = values["file"] as? String, values["format"] as? String == format
                else { return nil }
                return Record(file: file, values: values)
            }
    }

    func isFile(_ file: String) throws -> Bool {
        try root.appendingPathComponent(file).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false
    }
}
