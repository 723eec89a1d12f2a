// SPDX-License-Identifier: Apache-2.0
package import Documents

/// One language's templates and the forms of its numbers and days: data, and the few rules that fill it in.
///
/// A template is one text for both uses. In the ready text `$(invoices)` is a list; as a WhatsApp template the same
/// names are its variables, which stand neither first nor last and hold no line breaks.
package struct Wording: Sendable {
    /// How a language writes days and amounts.
    struct Forms: Sendable {
        let months: [String]
        /// Between day, month and year: `4 September 2026`, `4 de setembro de 2026`.
        let dayJoiner: String
        let decimalMark: String
        let groupMark: String
        /// Between the currency's sign and the digits.
        let signSpace: String
        /// Code and sign; another currency stands with its code.
        let signs: [(code: String, sign: String)]
        let and: String
    }

    /// Short texts that become parameters.
    struct Phrases: Sendable {
        let invoiceOne: String
        let invoiceMany: String
        /// `$(number) $(amount) $(due)`
        let line: String
        /// The same for an item that credits cover in part: `$(whole)` is what it asks for without them.
        let lineLeft: String
        /// The same for what is missing of a promise on an item that is not due: `$(number) $(amount)`
        let linePromised: String
        /// `$(number)`
        let lineSettled: String
        /// `$(number) $(amount)`
        let lineRest: String
        /// `$(count)`
        let moreLines: String
        /// `$(net) $(asked) $(credits)`
        let totalLessCredits: String
        let payAsInvoice: String
        /// `$(link)`
        let payLink: String
        /// `$(account) $(holder) $(reference)`; the second without a reference.
        let payTransfer: String
        let payTransferPlain: String
        /// `$(code)`
        let payPix: String
        let nobody: String
    }

    package let code: String
    let forms: Forms
    let phrases: Phrases
    /// Template name and body, in the order in which they are listed for approval.
    package let templates: [(name: String, body: String)]

    package static let all = [english, dutch, portuguese]

    package static func of(_ code: String) -> Wording? { all.first { $0.code == code } }

    /// The language without its region: `pt` of `pt-BR`.
    static func family(_ code: String) -> String {
        code.lowercased().split(separator: "-").first.map(String.init) ?? ""
    }

    /// `first_contact`, `overdue_2`, `returned` …
    package static func templateName(_ key: Message.Key, _ disclosure: Message.Disclosure) -> String {
        if disclosure == .firstContact { return "first_contact" }
        return Message.stepName(key.purpose, min(max(key.step, 1), 3))
    }

    package func body(_ name: String) -> String? { templates.first { $0.name == name }?.body }
}

extension Wording {
    struct Words: Sendable {
        var template: String
        var parameters: [Message.Parameter]
        var text: String
    }

    private static let textLinesMax = 20
    private static let parameterLinesMax = 5

    func words(
        for key: Message.Key, disclosure: Message.Disclosure, facts: Message.Facts, company: String,
        customer: String?, howToPay: [Message.HowToPay]
    ) -> Words {
        let name = Self.templateName(key, disclosure)
        let body = body(name) ?? ""
        var values: [(String, String)] = [
            ("company", Self.oneLine(company)), ("customer", customer.map(Self.oneLine) ?? phrases.nobody),
            ("as_of", day(facts.asOf)), ("count", invoices(facts.lines.count)),
            ("total", total(facts.totals)), ("how_to_pay", pay(howToPay)),
            ("numbers", facts.lines.map { Self.oneLine($0.number) }.joined(separator: ", ")),
        ]
        if let amount = facts.amount { values.append(("amount", money(amount))) }
        if let promisedFor = facts.promisedFor { values.append(("promised_for", day(promisedFor))) }
        if let occurredOn = facts.occurredOn { values.append(("day", day(occurredOn))) }
        let listed = values + [("invoices", list(facts.lines, of: key.purpose, most: Self.textLinesMax, asList: true))]
        let inline =
            values + [("invoices", list(facts.lines, of: key.purpose, most: Self.parameterLinesMax, asList: false))]
        let template = Template(body)
        let parameters = template.names.map { name in
            Message.Parameter(name: name, text: inline.first { $0.0 == name }?.1 ?? "")
        }
        return Words(template: name, parameters: parameters, text: template.filled(with: listed))
    }

    /// `€1,180.00`, `€ 1.180,00`, `R$ 1.180,00`: the sign, the language's marks, the currency's decimals.
    package func money(_ money: Money) -> String {
        let text = money.magnitude.amountText
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let whole = Array((parts.first ?? "0").utf8)
        var grouped: [UInt8] = []
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(contentsOf: forms.groupMark.utf8) }
            grouped.append(digit)
        }
        var digits = String(decoding: grouped, as: UTF8.self)
        if parts.count > 1 { digits += forms.decimalMark + parts[1] }
        let code = money.currency.code
        let sign = forms.signs.first { $0.code == code }?.sign
        return (money.isNegative ? "-" : "") + (sign.map { $0 + forms.signSpace } ?? code + " ") + digits
    }

    /// `4 September 2026`: the month in letters, because 4/9 is April to half of the world.
    package func day(_ day: Day) -> String {
        let month = forms.months.indices.contains(day.month - 1) ? forms.months[day.month - 1] : ""
        return [String(day.dayOfMonth), month, String(day.year)].joined(separator: forms.dayJoiner)
    }

    func invoices(_ count: Int) -> String { "\(count) \(count == 1 ? phrases.invoiceOne : phrases.invoiceMany)" }

    private func pattern(_ line: Message.Line, of purpose: Message.Purpose) -> String {
        switch purpose {
        case .paymentConfirmation: line.open.isPositive ? phrases.lineRest : phrases.lineSettled
        case .promiseFollowUp where line.daysOverdue == 0: phrases.linePromised
        default: line.credited == nil ? phrases.line : phrases.lineLeft
        }
    }

    private func list(_ lines: [Message.Line], of purpose: Message.Purpose, most: Int, asList: Bool) -> String {
        let shown = lines.count > most ? most - 1 : lines.count
        let isAnswer = purpose == .paymentConfirmation
        var texts = lines.prefix(shown).map { line -> String in
            Template(pattern(line, of: purpose)).filled(with: [
                ("number", Self.oneLine(line.number)), ("amount", money(isAnswer ? line.open : line.asked)),
                ("whole", money(line.askedWithoutCredits)), ("due", day(line.dueOn)),
            ])
        }
        if shown < lines.count {
            texts.append(Template(phrases.moreLines).filled(with: [("count", invoices(lines.count - shown))]))
        }
        return asList ? texts.map { "- " + $0 }.joined(separator: "\n") : texts.joined(separator: "; ")
    }

    private func total(_ totals: [Message.Total]) -> String {
        let texts = totals.map { total in
            total.credits.isZero
                ? money(total.net)
                : Template(phrases.totalLessCredits).filled(with: [
                    ("net", money(total.net)), ("asked", money(total.asked)), ("credits", money(total.credits)),
                ])
        }
        return texts.joined(separator: " \(forms.and) ")
    }

    private func pay(_ ways: [Message.HowToPay]) -> String {
        let texts = ways.compactMap { way -> String? in
            switch way.kind {
            case "link": return Template(phrases.payLink).filled(with: [("link", way.payload)])
            case "pix": return Template(phrases.payPix).filled(with: [("code", way.payload)])
            default:
                guard let account = way.account, let holder = way.holder else { return nil }
                let pattern = way.reference == nil ? phrases.payTransferPlain : phrases.payTransfer
                return Template(pattern).filled(with: [
                    ("account", account), ("holder", Self.oneLine(holder)),
                    ("reference", Self.oneLine(way.reference ?? "")),
                ])
            }
        }
        return texts.isEmpty ? phrases.payAsInvoice : texts.joined(separator: " ")
    }

    /// Text from a source, without what would break a template's variable: line breaks, tabs, runs of spaces.
    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: { $0.isWhitespace || $0.isNewline }).joined(separator: " ")
    }
}

/// Text with `$(name)` in it. A value is put in as it is and never read again, so that no name inside it is replaced.
struct Template: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case name(String)
    }

    private let pieces: [Piece]

    init(_ text: String) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "$("), let close = rest[open.upperBound...].firstIndex(of: ")") {
            pieces.append(.text(String(rest[..<open.lowerBound])))
            pieces.append(.name(String(rest[open.upperBound..<close])))
            rest = rest[rest.index(after: close)...]
        }
        pieces.append(.text(String(rest)))
        self.pieces = pieces
    }

    /// Each name once, in the order of first use.
    var names: [String] {
        pieces.reduce(into: []) { names, piece in
            if case .name(let name) = piece, !names.contains(name) { names.append(name) }
        }
    }

    func filled(with values: [(String, String)]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .name(let name): values.first { $0.0 == name }?.1 ?? ""
            }
        }.joined()
    }
}
