// SPDX-License-Identifier: Apache-2.0
package import Documents
import Mappings
package import Trees

/// What a file is, why that is believed, and what importing it would give.
package struct FileInspection: Sendable {
    package var name: String
    package var size: Int
    /// `unknown` when no format claims the file.
    package var format: String
    /// 0 to 100.
    package var confidence: Int
    package var reason: String
    /// For tables: encoding, dialect, columns.
    package var table: TableInspection?
    package var mapping: String?
    /// Documents by kind, in the order of kinds; none when the file would be refused.
    package var documents: [(kind: String, count: Int)] = []
    /// What comes in and what goes out, per kind and currency.
    package var sums: [(kind: String, plus: Money, minus: Money)] = []
    package var records = 0
    package var faults: [Fault] = []

    package var refused: Bool { faults.contains { $0.severity == .refusal } }

    package var node: Node {
        .compact(
            [
                ("format", .text(format)), ("confidence", .integer(confidence)), ("reason", .text(reason)),
                ("size", .integer(size)),
            ] + (table?.entries ?? [("mapping", .text(mapping))]) + [
                ("records", .integer(records)),
                ("documents", .object(documents.map { ($0.kind, .integer($0.count)) })),
                (
                    "sums",
                    .list(
                        sums.map {
                            .object([
                                ("kind", .text($0.kind)), ("currency", .text($0.plus.currency.code)),
                                ("plus", .text($0.plus.amountText)), ("minus", .text($0.minus.amountText)),
                            ])
                        })
                ), ("faults", .list(faults.map(\.node))),
            ])
    }

    /// The same for people.
    package var text: String {
        var lines = ["\(name)", "format     \(format): \(reason) (\(confidence) of 100)"]
        if let table { lines += table.lines } else if let mapping { lines.append("mapping    \(mapping)") }
        lines.append("")
        if refused {
            lines.append("import     refused; nothing of it would land")
        } else if documents.isEmpty {
            lines.append("import     nothing")
        } else {
            let counts = documents.map { "\($0.count) \($0.kind)\($0.count == 1 ? "" : "s")" }
            lines.append("import     \(counts.joined(separator: ", "))")
            for sum in sums {
                let minus = sum.minus.isZero ? "" : ", \(sum.minus.amountText) negative"
                lines.append(
                    "           \(sum.kind)s in \(sum.plus.currency.code): \(sum.plus.amountText) positive\(minus)")
            }
        }
        let shown = faults.prefix(20)
        for fault in shown {
            lines.append("\(fault.severity.rawValue) \(fault.code) at \(fault.at.text): \(fault.message)")
            lines.append("  → \(fault.hint)")
        }
        if faults.count > shown.count { lines.append("… and \(faults.count - shown.count) more") }
        return lines.joined(separator: "\n")
    }
}

extension Catalogue {
    /// Looks at a file and reads it as an import would, keeping nothing.
    /// - Throws: `ReadFailure` when it cannot be read.
    package static func inspect(_ file: SourceFile, _ context: ReadingContext) throws -> FileInspection {
        let found = try detect(file, for: context.mapping)
        var inspection = FileInspection(
            name: file.name, size: file.size, format: found.format?.name ?? "unknown",
            confidence: found.why.confidence,
            reason: found.why.reason.isEmpty ? "no format claims it" : found.why.reason)
        switch inspection.format {
        case "csv": inspection.table = try CSVFormat.inspect(file, context)
        case "xlsx": inspection.table = try XLSXFormat.inspect(file, context)
        default: break
        }
        var counts: [String: Int] = [:]
        var sums: [String: [Currency: (plus: Int128, minus: Int128)]] = [:]
        let reading = try read(file, context) { document in
            counts[document.entity, default: 0] += 1
            guard let money = document.headline else { return }
            var sum = sums[document.entity]?[money.currency] ?? (0, 0)
            if money.isNegative { sum.minus += Int128(money.minorUnits) } else { sum.plus += Int128(money.minorUnits) }
            sums[document.entity, default: [:]][money.currency] = sum
        }
        inspection.mapping = reading.mapping
        if let mapping = reading.mapping { inspection.table?.mapping = mapping }
        inspection.records = reading.records
        inspection.faults = reading.faults
        guard !reading.refused else { return inspection }
        inspection.documents = counts.keys.sorted().map { ($0, counts[$0] ?? 0) }
        for kind in sums.keys.sorted() {
            let byCurrency = sums[kind] ?? [:]
            for currency in byCurrency.keys.sorted() {
                guard let sum = byCurrency[currency] else { continue }
                inspection.sums.append(
                    (
                        kind, Money(minorUnits: Int64(clamping: sum.plus), currency: currency),
                        Money(minorUnits: Int64(clamping: sum.minus), currency: currency)
                    ))
            }
        }
        return inspection
    }
}

extension Document {
    /// The amount that sums say something about.
    fileprivate var headline: Money? {
        switch self {
        case .invoice(let invoice): invoice.payable ?? invoice.total ?? invoice.open
        case .payment(let payment): payment.amount
        case .settlement(let line): line.net
        case .promise(let promise): promise.amount
        case .balance(let balance): balance.amount
        case .allocation(let allocation): allocation.amount
        case .customer, .statement, .rate: nil
        }
    }
}
