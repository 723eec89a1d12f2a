// SPDX-License-Identifier: Apache-2.0
import Mappings

extension CSVInspection {
    /// A mapping to start from: what the columns' names and fields suggest, the rest as comments.
    package func suggestedMapping(name: String) -> String {
        var taken: Set<String> = []
        var fields: [String] = []
        var rest: [String] = []
        for (index, column) in columns.enumerated() {
            let source = Self.quoted(column.name.isEmpty ? "$\(index + 1)" : column.name)
            let target = Self.target(column)
            if let target, taken.insert(target).inserted {
                fields.append("      \(target): \(source)")
            } else {
                rest.append("      # not read: \(source) (\(column.kind.rawValue): \(column.why))")
            }
        }
        let entity = taken.contains("number") ? "invoice" : "payment"
        if entity == "payment" {
            fields = fields.map(Self.asPayment)
            let known = Set(Entity.payment.targets.map { "      \($0.rawValue):" })
            rest += fields.filter { !known.contains(Self.head($0)) }.map {
                "      # no target of a payment:" + $0.dropFirst(5)
            }
            fields = fields.filter { known.contains(Self.head($0)) }
        }
        let needed = entity == "invoice" ? ["number", "issued_on", "total"] : ["amount", "booked_on"]
        let present = Set(fields.compactMap { $0.split(separator: ":").first.map { String($0.drop { $0 == " " }) } })
        fields += needed.filter { !present.contains($0) }.map { "      \($0): FILL IN" }
        if !present.contains("currency") { fields.append("      # currency: { const: EUR }") }
        let decimals = Set(columns.compactMap { $0.kind == .amount ? $0.convention : nil })
        let days = Set(columns.compactMap { $0.kind == .day ? $0.convention : nil })
        var read: [String] = []
        if decimals.count == 1, let mark = decimals.first {
            read.append("decimal: \"\(mark)\", group: \"\(mark == "," ? "." : ",")\"")
        }
        if days.count == 1, let pattern = days.first { read.append("date: \(pattern)") }
        var lines = ["mapping: 1", "name: \(name)", "source:", "  file: { format: csv }"]
        lines.append(
            read.isEmpty
                ? "# read: { decimal: \",\", group: \".\", date: dd.MM.yyyy }   # not settled by the columns"
                : "read: { \(read.joined(separator: ", ")) }")
        lines += ["emit:", "  \(entity):", "    key: [\(entity == "invoice" ? "number" : "id")]", "    fields:"]
        return (lines + fields + rest).joined(separator: "\n") + "\n"
    }

    /// Words of headers, in lower case and letters only, that mean a target; the first that is contained counts.
    private static let words: [(target: String, kinds: [Column.Kind], words: [String])] = [
        (
            "due_on", [.day, .text],
            ["dueon", "duedate", "faelligam", "fälligam", "fällig", "verval", "vencimento", "echeance"]
        ),
        (
            "issued_on", [.day, .text],
            ["issuedon", "issuedate", "invoicedate", "belegdatum", "rechnungsdatum", "factuurdatum", "emissao"]
        ),
        ("valued_on", [.day], ["valuedate", "valuta", "rentedatum", "wertstellung"]),
        ("booked_on", [.day], ["bookingdate", "bookedon", "buchung", "datum", "date", "data"]),
        (
            "number", [.text, .number],
            ["invoiceno", "invoicenumber", "invoicenr", "rechnungsn", "factuurn", "numero", "number", "invoice"]
        ),
        ("currency", [.currency], [""]),
        (
            "customer_id", [.text, .number],
            ["customerid", "customerno", "kundennr", "debitor", "konto", "klantnr", "code"]
        ),
        ("customer_name", [.text], ["customername", "kunde", "klant", "cliente", "client", "naam", "name"]),
        ("open", [.amount, .number], ["open", "offen", "saldo", "balance", "amountdue"]),
        ("total", [.amount, .number], ["total", "amount", "betrag", "bedrag", "summe", "valor", "gross"]),
        ("structured_reference", [.text, .number], ["structuredref", "betalingskenmerk", "betalingsref"]),
        ("payer_account", [.text], ["payeriban", "tegenrekening", "iban", "account"]),
        (
            "remittance", [.text],
            ["remittance", "verwendungszweck", "mededeling", "omschrijving", "description", "details"]
        ),
        ("id", [.text, .number], ["invoiceid", "paymentid", "transactionid", "id"]),
    ]

    private static func target(_ column: Column) -> String? {
        let plain = String(
            column.name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic }.map(Character.init))
        return words.first { entry in
            entry.kinds.contains(column.kind) && entry.words.contains { $0.isEmpty || plain.contains($0) }
        }?.target
    }

    private static func head(_ line: String) -> String {
        String(line.prefix { $0 != ":" }) + ":"
    }

    /// The invoice's target names for what a payment calls otherwise.
    private static func asPayment(_ line: String) -> String {
        for (invoice, payment) in [
            ("total:", "amount:"), ("issued_on:", "booked_on:"), ("customer_name:", "payer_name:"),
        ]
        where line.hasPrefix("      " + invoice) {
            return "      " + payment + line.dropFirst(6 + invoice.count)
        }
        return line
    }

    /// Quotes a header that YAML would read as something else.
    private static func quoted(_ text: String) -> String {
        let special = text.contains(": ") || text.contains(" #") || text.hasSuffix(":") || text.contains("\"")
        let opening = text.first.map { "*&!%@`'#{}[],|>?-".contains($0) } ?? true
        return special || opening
            ? "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'" : text
    }
}
