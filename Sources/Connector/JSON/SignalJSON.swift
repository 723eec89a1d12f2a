// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

/// One line of `confirm`: what a provider reports, or what a customer meant.
enum Incoming: Sendable {
    case confirmation(Confirmation)
    case signal(Signal)
}

/// Reads lines of `confirm`; everything that is wrong with a line is said at once.
struct SignalJSON {
    let company: String
    /// The line's number in the file, from 1.
    let line: Int
    private var problems: [(message: String, hint: String)] = []

    init(company: String, line: Int) {
        self.company = company
        self.line = line
    }

    /// - Returns: nil and the faults when the line says nothing that can be kept.
    mutating func read(_ node: Node, raw: [UInt8]) -> (incoming: Incoming?, faults: [Fault]) {
        guard node.entries != nil else {
            problem("The line is \(node.kind), not an object.", "Write one JSON object a line.")
            return (nil, faults)
        }
        let incoming: Incoming?
        switch node["type"]?.scalar {
        case "confirmation": incoming = confirmation(node, raw)
        case "signal": incoming = signal(node, raw)
        case let other:
            problem(
                "“\(other ?? "nothing")” is no type.", "Write \"type\": \"confirmation\" or \"type\": \"signal\".")
            incoming = nil
        }
        return (problems.isEmpty ? incoming : nil, faults)
    }

    private var faults: [Fault] {
        problems.map { Fault("CONFIRM-LINE", .row, at: .line(line), $0.message, hint: $0.hint) }
    }

    private mutating func problem(_ message: String, _ hint: String) { problems.append((message, hint)) }

    private mutating func confirmation(_ node: Node, _ raw: [UInt8]) -> Incoming? {
        let message = text(node, "message_id", "The id that claim printed.")
        let names = Confirmation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let kind = node["status"]?.scalar.flatMap(Confirmation.Kind.init(rawValue:))
        if kind == nil { problem("“\(node["status"]?.scalar ?? "nothing")” is no status.", "Write one of: \(names).") }
        let at = time(node)
        guard let message, let kind, let at else { return nil }
        let provider = node["provider"]?.scalar
        let providerID = node["provider_message_id"]?.scalar
        let code = node["error_code"]?.scalar
        var builder = Fingerprint.Builder()
        for part in ["confirmation", message, kind.rawValue, provider, providerID, at.text, code] { builder.add(part) }
        return .confirmation(
            Confirmation(
                id: node["id"]?.scalar ?? builder.finish().base32, messageID: message, kind: kind, provider: provider,
                providerID: providerID, at: at, errorCode: code, errorText: node["error_text"]?.scalar))
    }

    private mutating func signal(_ node: Node, _ raw: [UInt8]) -> Incoming? {
        let names = Signal.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let kind = node["kind"]?.scalar.flatMap(Signal.Kind.init(rawValue:))
        if kind == nil {
            problem(
                "“\(node["kind"]?.scalar ?? "nothing")” is no kind of signal.",
                "Write one of: \(names); other goes to a person.")
        }
        let customer = text(node, "customer", "The customer's id or number.")
        let at = time(node)
        let amount = money(node)
        let promised = day(node, "promised_for")
        if kind == .promise, promised == nil, node["promised_for"] == nil {
            problem("A promise has no promised_for.", "Write the day the customer named, yyyy-MM-dd.")
        }
        guard let kind, let customer, let at else { return nil }
        var builder = Fingerprint.Builder()
        builder.add("signal")
        builder.add(String(decoding: raw, as: UTF8.self))
        var signal = Signal(
            id: node["id"]?.scalar ?? builder.finish().base32, company: company, customerID: customer, kind: kind,
            at: at)
        signal.invoices = (node["invoices"]?.items ?? []).compactMap(\.scalar)
        if let one = node["invoices"]?.scalar ?? node["invoice"]?.scalar { signal.invoices.append(one) }
        signal.amount = amount
        signal.promisedFor = promised
        signal.confirmed = node["confirmed"]?.scalar == "true"
        signal.messageID = node["message_id"]?.scalar
        signal.text = node["text"]?.scalar
        if let value = node["confidence"]?.scalar {
            signal.confidence = ScaledDecimal(value)
            if signal.confidence == nil { problem("“\(value)” is no confidence.", "Write a number between 0 and 1.") }
        }
        return .signal(signal)
    }

    private mutating func text(_ node: Node, _ key: String, _ hint: String) -> String? {
        if let value = node[key]?.scalar, !value.isEmpty { return value }
        problem("There is no \(key).", hint)
        return nil
    }

    private mutating func time(_ node: Node) -> Timestamp? {
        if let value = node["at"]?.scalar.flatMap({ Timestamp($0) }) { return value }
        problem(
            "“\(node["at"]?.scalar ?? "nothing")” is no time in at.",
            "Write RFC 3339 with an offset: 2026-08-18T08:10:00Z.")
        return nil
    }

    private mutating func day(_ node: Node, _ key: String) -> Day? {
        guard let value = node[key], !value.isNull else { return nil }
        if let day = value.scalar.flatMap({ Day($0) }) { return day }
        problem("“\(value.scalar ?? value.kind)” is no day in \(key).", "Write yyyy-MM-dd.")
        return nil
    }

    private mutating func money(_ node: Node) -> Money? {
        guard let value = node["amount"], !value.isNull else { return nil }
        guard let currency = node["currency"]?.scalar.flatMap({ Currency($0) }) else {
            problem("The amount has no currency.", "Write \"currency\": \"EUR\" beside it.")
            return nil
        }
        if let money = value.scalar.flatMap({ ScaledDecimal($0) })?.money(currency), money.isPositive,
            money.minorUnits <= Money.magnitudeMax
        {
            return money
        }
        problem(
            "“\(value.scalar ?? value.kind)” is no amount of \(currency).",
            "Write decimal text above zero, such as \"180.00\".")
        return nil
    }
}
