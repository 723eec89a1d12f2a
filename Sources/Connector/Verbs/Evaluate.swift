// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Mappings
import Reconciliation
import Store
import Trees

extension Workplace {
    /// The decisions in the books beside the truth of a workload: the measures of the shared scorer, and slices.
    ///
    /// - Parameter path: CSV with `payment_id,invoice_id,amount,kind,adjustment,noise`; an empty invoice says that
    ///   nothing must be applied, several rows of a payment are its invoices.
    package func evaluate(truth path: String) throws -> Answer {
        let truth = try TruthFile(path)
        let (evaluation, unknown, missing) = try openStore(readOnly: true).read { session in
            let invoices = try session.invoiceOfItem(company: company.id)
            let customers = try session.customerOfInvoice(company: company.id)
            var outcomes: [String: Evaluation.Outcome] = [:]
            var unknown = 0
            try session.register(company: company.id) { piece in
                for index in piece.decided.indices {
                    let entry = piece.entry(at: index)
                    guard truth.payments[entry.paymentID] != nil else {
                        unknown += 1
                        continue
                    }
                    outcomes[entry.paymentID, default: Evaluation.Outcome()].add(entry, invoices)
                }
            }
            var evaluation = Evaluation()
            for id in truth.ids {
                guard let known = truth.payments[id] else { continue }
                evaluation.add(known, outcomes[id]) { customers[$0] }
            }
            let payments = try session.missingPayments(company: company.id, of: Set(truth.ids))
            let absent = truth.invoices.subtracting(customers.keys)
            return (evaluation, unknown, [("payments", payments), ("invoices", absent)])
        }
        for (what, ids) in missing {
            guard let first = ids.min() else { continue }
            environment.log(
                "\(ids.count) \(what) of \(path) are not in the books, as “\(first)”: they count as wrong. "
                    + "It names \(what) by their ids: see `tieout list \(what)`.")
        }
        return Answer(json: Self.node(evaluation, unknown), text: Self.text(evaluation, unknown))
    }

    private static func node(_ tally: Evaluation.Tally) -> Node {
        .object(tally.measures.map { ($0.name, Node(.number($0.value))) })
    }

    private static func node(_ evaluation: Evaluation, _ unknown: Int) -> Node {
        func slices(_ slices: [String: Evaluation.Tally]) -> Node {
            .object(slices.keys.sorted().map { ($0, node(slices[$0] ?? Evaluation.Tally())) })
        }
        return .object([
            ("total", node(evaluation.total)), ("by_kind", slices(evaluation.byKind)),
            ("by_noise", slices(evaluation.byNoise)), ("unknown_decisions", .integer(unknown)),
        ])
    }

    private static func text(_ evaluation: Evaluation, _ unknown: Int) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.utf8.count))
        }
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.utf8.count)) + text
        }
        var lines = evaluation.total.measures.map { padded($0.name, 26) + " " + $0.value }
        if unknown > 0 { lines.append(padded("unknown_decisions", 26) + " \(unknown)") }
        let columns = ["auto_rate", "precision", "stp_correct", "recall_at_review", "adjustment_right"]
        for (title, slices) in [("kind", evaluation.byKind), ("noise", evaluation.byNoise)] {
            lines.append("")
            lines.append(
                padded(title, 16) + right("n", 9) + columns.map { right($0, 18) }.joined() + right("wrong", 8)
                    + right("cross", 8))
            let names = slices.keys.sorted { (slices[$1]?.payments ?? 0, $0) < (slices[$0]?.payments ?? 0, $1) }
            for name in names {
                guard let tally = slices[name] else { continue }
                let values = tally.measures
                lines.append(
                    padded(name, 16) + right("\(tally.payments)", 9)
                        + columns.map { column in right(values.first { $0.name == column }?.value ?? "", 18) }.joined()
                        + right("\(tally.wrong)", 8) + right("\(tally.crossCustomer)", 8))
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension Evaluation.Outcome {
    /// What a decision does: cash that the machine applied counts. What a person booked was theirs to find: it counts like a
    /// proposal, which counts while the machine applied nothing.
    fileprivate mutating func add(_ entry: RegisterEntry, _ invoices: [String: String]) {
        for share in AllocationRegister.shares(entry, invoices) {
            switch entry.state {
            case .committed where entry.origin == .machine:
                cash[share.invoice, default: 0] += Self.hundredths(share.cash, entry.currency)
                if share.adjustment != 0 {
                    adjustments[share.invoice, default: 0] += Self.hundredths(share.adjustment, entry.currency)
                    reasons.insert(share.reason)
                }
            case .committed, .waiting: proposed.insert(share.invoice)
            case .noted, .rejected, .undone: break
            }
        }
    }

    static func hundredths(_ amount: Int64, _ currency: Currency) -> Int64 {
        var (amount, exponent) = (amount, Int(currency.exponent))
        while exponent < 2 {
            amount *= 10
            exponent += 1
        }
        while exponent > 2 {
            amount /= 10
            exponent -= 1
        }
        return amount
    }
}

/// The truth of a workload, as it stands in its file.
struct TruthFile {
    private(set) var payments: [String: Evaluation.Truth] = [:]
    /// In the order of the file.
    private(set) var ids: [String] = []
    /// All that it names.
    var invoices: Set<String> { payments.values.reduce(into: []) { $0.formUnion($1.cash.keys) } }

    private static let columns = ["payment_id", "invoice_id", "amount", "kind", "adjustment", "noise"]

    init(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("EVALUATE-TRUTH", "\(path) cannot be read.", hint: "Give the workload's truth.csv.")
        }
        var scanner = CSVScanner(delimiter: 0x2C)
        scanner.feed([UInt8](data))
        scanner.finish()
        do {
            guard try scanner.next() else {
                throw Failure("EVALUATE-TRUTH", "\(path) is empty.", hint: "Give the workload's truth.csv.")
            }
            let header = scanner.row.texts
            let places = try Self.columns.map { name -> Int in
                guard let place = header.firstIndex(of: name) else {
                    throw Failure(
                        "EVALUATE-TRUTH", "\(path) has no column “\(name)”.",
                        hint: "It needs \(Self.columns.joined(separator: ", ")).")
                }
                return place
            }
            while try scanner.next() { try add(places.map { scanner.row.text($0) }, line: scanner.row.line, path) }
        } catch let failure as CSVFailure {
            throw Failure(
                "EVALUATE-TRUTH", "\(path) is no CSV from line \(failure.line) on.",
                hint: "Quote fields that hold a comma.")
        }
    }

    private mutating func add(_ fields: [String], line: Int, _ path: String) throws {
        func amount(_ text: String) throws -> Int64 {
            if text.isEmpty { return 0 }
            guard let money = ScaledDecimal(text)?.money(.eur) else {
                throw Failure(
                    "EVALUATE-TRUTH", "“\(text)” in line \(line) of \(path) is no amount.",
                    hint: "Write it with two decimals, as 100.00.")
            }
            return money.minorUnits
        }
        let id = fields[0]
        if payments[id] == nil {
            ids.append(id)
            payments[id] = Evaluation.Truth(kind: fields[3], noise: fields[5].split(separator: "|").map { String($0) })
        }
        guard !fields[1].isEmpty else { return }
        payments[id]?.cash[fields[1], default: 0] += try amount(fields[2])
        payments[id]?.adjustments[fields[1], default: 0] += try amount(fields[4])
    }
}
