// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

/// A message as the agent gets it and as it is kept: the payload of a revision never changes.
package enum MessageJSON {
    package static func payload(_ message: Message) -> Node {
        .compact([
            ("message_id", .text(message.id)), ("company", .text(message.company)),
            ("customer_id", .text(message.customerID)), ("purpose", .text(message.purpose.rawValue)),
            ("step", .integer(message.step)), ("period", .text(message.period)),
            ("revision", .integer(message.revision)), ("disclosure", .text(message.disclosure.rawValue)),
            ("language", .text(message.language)),
            (
                "template",
                .object([
                    ("name", .text(message.templateName)),
                    (
                        "parameters",
                        .list(
                            message.parameters.map { .object([("name", .text($0.name)), ("text", .text($0.text))]) })
                    ),
                ])
            ),
            ("facts", facts(message.facts)), ("text", .text(message.text)),
            ("allowed_next_steps", .list(message.allowedNextSteps.map { .text($0.rawValue) })),
            ("how_to_pay", .list(message.howToPay.map(howToPay))),
            (
                "attachments",
                .list(message.attachments.map { .object([("sha256", .text($0.sha256)), ("name", .text($0.name))]) })
            ),
            ("not_before_local", localTime(message.notBeforeLocal)),
            ("not_after_local", localTime(message.notAfterLocal)), ("not_before", .text(message.notBefore?.text)),
            ("not_after", .text(message.notAfter?.text)), ("fresh_until", .text(message.freshUntil.text)),
            ("gates", .list(message.decidedBy.map(gate))),
        ])
    }

    package static func gate(_ gate: GateDecision) -> Node {
        .compact([
            ("rule", .text(gate.rule)), ("allows", .bool(gate.allows)), ("verdict", .text(gate.verdict.rawValue)),
            ("subject", .text(gate.subject)), ("sentence", .text(gate.sentence)), ("until", localTime(gate.until)),
        ])
    }

    package static func localTime(_ time: LocalTime?) -> Node { .text(time?.text) }

    package static func line(_ line: Message.Line) -> Node {
        .compact([
            ("item_id", .text(line.itemID)), ("number", .text(line.number)), ("due_on", .text(line.dueOn.text)),
            ("open", .text(line.open.amountText)), ("asked", .text(line.asked.amountText)),
            ("credited", .text(line.credited?.amountText)), ("currency", .text(line.open.currency.code)),
            ("days_overdue", .integer(line.daysOverdue)),
        ])
    }

    package static func money(_ money: Money) -> Node {
        .object([("amount", .text(money.amountText)), ("currency", .text(money.currency.code))])
    }

    private static func facts(_ facts: Message.Facts) -> Node {
        .compact([
            ("lines", .list(facts.lines.map(line))),
            (
                "totals",
                .list(
                    facts.totals.map {
                        .object([
                            ("asked", .text($0.asked.amountText)), ("credits", .text($0.credits.amountText)),
                            ("net", .text($0.net.amountText)), ("currency", .text($0.asked.currency.code)),
                        ])
                    })
            ),
            ("as_of", .text(facts.asOf.text)), ("promised_for", .text(facts.promisedFor?.text)),
            ("amount", .text(facts.amount?.amountText)), ("currency", .text(facts.amount?.currency.code)),
            ("occurred_on", .text(facts.occurredOn?.text)),
        ])
    }

    package static func howToPay(_ way: Message.HowToPay) -> Node {
        .compact([
            ("kind", .text(way.kind)), ("payload", .text(way.payload)), ("amount", .text(way.amount?.amountText)),
            ("currency", .text(way.amount?.currency.code)), ("account", .text(way.account)),
            ("holder", .text(way.holder)), ("reference", .text(way.reference)),
        ])
    }
}

// The inverse, for payloads that were kept.
extension MessageJSON {
    /// Nil when the text is no payload that this version wrote.
    package static func message(_ node: Node) -> Message? {
        guard let company = node["company"]?.scalar, let customer = node["customer_id"]?.scalar,
            let purpose = node["purpose"]?.scalar.flatMap(Message.Purpose.init(rawValue:)),
            let step = node["step"]?.scalar.flatMap({ Int($0) }), let period = node["period"]?.scalar,
            let revision = node["revision"]?.scalar.flatMap({ Int($0) }),
            let disclosure = node["disclosure"]?.scalar.flatMap(Message.Disclosure.init(rawValue:)),
            let language = node["language"]?.scalar, let template = node["template"]?["name"]?.scalar,
            let text = node["text"]?.scalar, let factsNode = node["facts"], let facts = facts(factsNode),
            let fresh = node["fresh_until"]?.scalar.flatMap({ Day($0) })
        else { return nil }
        return Message(
            key: .init(company: company, customerID: customer, purpose: purpose, step: step, period: period),
            revision: revision, disclosure: disclosure, language: language, templateName: template,
            parameters: (node["template"]?["parameters"]?.items ?? []).compactMap { item in
                guard let name = item["name"]?.scalar, let text = item["text"]?.scalar else { return nil }
                return .init(name: name, text: text)
            },
            facts: facts,
            allowedNextSteps: (node["allowed_next_steps"]?.items ?? []).compactMap {
                $0.scalar.flatMap(Message.NextStep.init(rawValue:))
            },
            howToPay: (node["how_to_pay"]?.items ?? []).compactMap(way),
            attachments: (node["attachments"]?.items ?? []).compactMap { item in
                guard let digest = item["sha256"]?.scalar, let name = item["name"]?.scalar else { return nil }
                return .init(sha256: digest, name: name)
            },
            text: text, notBeforeLocal: local(node["not_before_local"]), notAfterLocal: local(node["not_after_local"]),
            notBefore: node["not_before"]?.scalar.flatMap { Timestamp($0) },
            notAfter: node["not_after"]?.scalar.flatMap { Timestamp($0) }, freshUntil: fresh,
            decidedBy: (node["gates"]?.items ?? []).compactMap(gate))
    }

    package static func gate(_ node: Node) -> GateDecision? {
        guard let rule = node["rule"]?.scalar,
            let verdict = node["verdict"]?.scalar.flatMap(GateDecision.Verdict.init(rawValue:)),
            let sentence = node["sentence"]?.scalar
        else { return nil }
        return GateDecision(
            rule, verdict, subject: node["subject"]?.scalar, sentence, until: local(node["until"]))
    }

    private static func facts(_ node: Node) -> Message.Facts? {
        guard let asOf = day(node["as_of"]) else { return nil }
        var facts = Message.Facts(asOf: asOf)
        facts.lines = (node["lines"]?.items ?? []).compactMap { item in
            guard let id = item["item_id"]?.scalar, let number = item["number"]?.scalar, let due = day(item["due_on"]),
                let open = money(item, "open"), let asked = money(item, "asked"),
                let days = item["days_overdue"]?.scalar.flatMap({ Int($0) })
            else { return nil }
            return .init(
                itemID: id, number: number, dueOn: due, open: open, asked: asked, credited: money(item, "credited"),
                daysOverdue: days)
        }
        facts.totals = (node["totals"]?.items ?? []).compactMap { item in
            guard let asked = money(item, "asked"), let credits = money(item, "credits"), let net = money(item, "net")
            else { return nil }
            return .init(asked: asked, credits: credits, net: net)
        }
        facts.promisedFor = day(node["promised_for"])
        facts.amount = money(node, "amount")
        facts.occurredOn = day(node["occurred_on"])
        return facts
    }

    private static func way(_ node: Node) -> Message.HowToPay? {
        guard let kind = node["kind"]?.scalar else { return nil }
        return .init(
            kind: kind, payload: node["payload"]?.scalar ?? "", amount: money(node, "amount"),
            account: node["account"]?.scalar, holder: node["holder"]?.scalar, reference: node["reference"]?.scalar)
    }

    private static func day(_ node: Node?) -> Day? { node?.scalar.flatMap { Day($0) } }

    private static func money(_ node: Node, _ key: String) -> Money? {
        guard let currency = node["currency"]?.scalar.flatMap({ Currency($0) }), let text = node[key]?.scalar else {
            return nil
        }
        return ScaledDecimal(text)?.money(currency)
    }

    private static func local(_ node: Node?) -> LocalTime? {
        guard let text = node?.scalar else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 2, let day = Day(parts[0]) else { return nil }
        let clock = parts[1].split(separator: ":").compactMap { Int($0) }
        return clock.count == 2 ? LocalTime(day, minute: clock[0] * 60 + clock[1]) : nil
    }
}
