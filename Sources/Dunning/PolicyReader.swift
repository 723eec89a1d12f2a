// SPDX-License-Identifier: Apache-2.0
import Documents
import Promises
import Trees

/// Walks a policy's tree and collects every fault, so that one run names them all.
struct PolicyReader {
    private(set) var faults: [Fault] = []

    /// The entries of a map; a key that is not known is a fault, because a misspelt limit is no limit.
    mutating func keys(_ node: Node?, _ path: String, known: [String]) -> Node? {
        guard let node, !node.isNull else { return nil }
        guard let entries = node.entries else {
            report(node, path, "\(path) is \(node.kind), not a map.", hint: "Write its keys below it, indented.")
            return nil
        }
        for entry in entries where !known.contains(entry.key) {
            let at = entry.line > 0 ? Position.line(entry.line, column: entry.column) : .path("\(path)/\(entry.key)")
            faults.append(
                Fault(
                    "POLICY-KEY", .refusal, at: at, "A policy has no key “\(entry.key)” in \(path).",
                    hint: "Known here: \(known.joined(separator: ", "))."))
        }
        return node
    }

    mutating func integer(_ node: Node?, _ path: String, _ range: ClosedRange<Int>, into target: inout Int) {
        guard let node, !node.isNull else { return }
        guard let value = node.scalar.flatMap({ Int($0) }), range.contains(value) else {
            report(
                node, path, "\(path) is “\(node.scalar ?? node.kind)”.",
                hint: "Write a whole number from \(range.lowerBound) to \(range.upperBound).")
            return
        }
        target = value
    }

    mutating func flag(_ node: Node?, _ path: String, into target: inout Bool) {
        guard let node, !node.isNull else { return }
        switch node.scalar {
        case "true": target = true
        case "false": target = false
        default: report(node, path, "\(path) is “\(node.scalar ?? node.kind)”.", hint: "Write true or false.")
        }
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ node: Node?, _ path: String, into target: inout Value
    ) where Value.RawValue == String {
        guard let node, !node.isNull else { return }
        guard let value = node.scalar.flatMap({ Value(rawValue: $0) }) else {
            report(
                node, path, "\(path) is “\(node.scalar ?? node.kind)”.",
                hint: "One of: \(Value.allCases.map(\.rawValue).joined(separator: ", ")).")
            return
        }
        target = value
    }

    mutating func basis(_ node: Node?, _ path: String, into target: inout PromiseToPay.Tolerance.Basis) {
        guard let node, !node.isNull else { return }
        guard let value = node.scalar.flatMap({ PromiseToPay.Tolerance.Basis(rawValue: $0) }) else {
            report(node, path, "\(path) is “\(node.scalar ?? node.kind)”.", hint: "One of: banking, calendar.")
            return
        }
        target = value
    }

    mutating func decimal(_ node: Node?, _ path: String, into target: inout ScaledDecimal) {
        guard let node, !node.isNull else { return }
        guard let value = node.scalar.flatMap({ ScaledDecimal($0) }), value.coefficient >= 0 else {
            report(node, path, "\(path) is “\(node.scalar ?? node.kind)”.", hint: "Write a decimal like \"1.00\".")
            return
        }
        target = value
    }

    /// `{EUR: "5.00", BRL: "25.00"}` as amounts in the currencies' order; it replaces the default as a whole.
    mutating func amounts(_ node: Node?, _ path: String, into target: inout [Money]) {
        guard let node, !node.isNull else { return }
        guard let entries = node.entries else {
            report(
                node, path, "\(path) is \(node.kind), not a map.", hint: "Write one line per currency: EUR: \"5.00\".")
            return
        }
        var amounts: [Money] = []
        for entry in entries {
            guard let currency = Currency(entry.key), let value = entry.value.scalar.flatMap({ ScaledDecimal($0) }),
                let money = value.money(currency), !money.isNegative
            else {
                report(
                    entry.value, "\(path)/\(entry.key)",
                    "\(entry.key): “\(entry.value.scalar ?? entry.value.kind)” in \(path) is not an amount.",
                    hint: "Write an ISO 4217 code and an amount with at most its decimals, like EUR: \"5.00\".")
                continue
            }
            amounts.append(money)
        }
        target = amounts.sorted { $0.currency < $1.currency }
    }

    /// `"08:00-20:00"`, or `none`.
    mutating func window(_ node: Node, _ path: String) -> DunningPolicy.Window? {
        if node.scalar == "none" { return nil }
        let ends = (node.scalar ?? "").split(separator: "-").map { Self.minute($0) }
        guard ends.count == 2, let opens = ends[0], let closes = ends[1], opens < closes else {
            report(
                node, path, "\(path) is “\(node.scalar ?? node.kind)”.",
                hint: "Write hours like \"08:00-20:00\", or none.")
            return nil
        }
        return DunningPolicy.Window(opens: opens, closes: closes)
    }

    private static func minute(_ text: some StringProtocol) -> Int? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 2, fields[0].utf8.count == 2, fields[1].utf8.count == 2,
            let hours = Int(fields[0]), let minutes = Int(fields[1]), (0...24).contains(hours),
            (0...59).contains(minutes), hours < 24 || minutes == 0
        else { return nil }
        return hours * 60 + minutes
    }

    mutating func report(_ node: Node, _ path: String, _ message: String, hint: String) {
        let at = node.line > 0 ? Position.line(node.line, column: node.column) : .path(path)
        faults.append(Fault("POLICY-VALUE", .refusal, at: at, message, hint: hint))
    }
}
