// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

@Suite("Mappings as a whole") struct MappingTests {
    static let head = """
        mapping: 1
        name: t
        source: { file: { format: csv } }
        read: { decimal: ".", date: iso }

        """

    @Test("Every target of every entity lands in its document", arguments: Entity.allCases)
    func everyTarget(_ entity: Entity) throws {
        var fields = ""
        var row: [String] = []
        var header: [String] = []
        for target in entity.targets where target.kind != .list {
            fields += "      \(target.rawValue): c_\(target.rawValue)\n"
            header.append("c_\(target.rawValue)")
            row.append(Self.sample(target, entity))
        }
        let mapping = try Yard.mapping(Self.head + "emit:\n  \(entity.rawValue):\n    fields:\n" + fields)
        let (documents, faults) = try mapping.map(header, [row])
        #expect(faults == [])
        let node = try #require(documents.first).node
        #expect(node["type"]?.scalar == entity.rawValue)
        for target in entity.targets where target.kind != .list {
            let key = target == .reason && entity == .payment ? "reason" : target.rawValue
            #expect(node[key] != nil, "\(key) of \(entity.rawValue)")
        }
    }

    /// A value unlike any default.
    static func sample(_ target: Target, _ entity: Entity) -> String {
        switch (entity, target) {
        case (.invoice, .kind): "debit_note"
        case (.invoice, .status): "written_off"
        case (.payment, .status): "pending"
        case (.payment, .amount): "77"
        case (.rate, .base): "USD"
        default:
            switch target {
            case .correction: "replacement"
            case .partyType: "sole_trader"
            default:
                switch target.kind {
                case .text, .identifier: "t-\(target.rawValue)"
                case .money, .decimal: "7"
                case .date: "2026-03-04"
                case .integer: "3"
                case .timestamp: "2026-03-04T05:06:07Z"
                case .bool: "true"
                case .currency: "BRL"
                case .list: ""
                }
            }
        }
    }

    static let openItems = """
        mapping: 1
        name: opos
        source: { file: { format: csv } }
        read: { decimal: ",", group: ".", date: dd.MM.yyyy }
        sync: { mode: open_snapshot }
        totals: { where: { Nr: Summe }, check: { open: Saldo } }
        skip: { Nr: [null, Zwischensumme] }
        emit:
          invoice:
            fields:
              number: Nr
              issued_on: Datum
              total: { calc: $(Soll) - $(Haben) }
              open: Saldo
        """
    static let openItemsHeader = ["Nr", "Datum", "Soll", "Haben", "Saldo"]

    @Test("A total row is checked, not skipped") func totals() throws {
        let mapping = try Yard.mapping(Self.openItems)
        #expect(mapping.isSnapshot)
        var rows = [
            ["1", "01.02.2026", "1.000,00", "", "600,00"], ["", "", "", "", ""],
            ["2", "02.02.2026", "", "50,00", "-50,00"],
            ["Zwischensumme", "", "", "", "9,99"], ["Summe", "", "", "", "550,00"],
        ]
        var (documents, faults) = try mapping.map(Self.openItemsHeader, rows)
        #expect(documents.count == 2)
        #expect(faults == [])
        guard case .invoice(let credit) = documents[1] else { return }
        #expect(credit.kind == .creditNote)

        rows[4][4] = "550,01"
        (documents, faults) = try mapping.map(Self.openItemsHeader, rows)
        #expect(faults.map(\.code) == ["TOTAL-MISMATCH"])
        #expect(faults.first?.severity == .refusal)
        #expect(faults.first?.at == .line(6, column: 5))
        #expect(faults.first?.message.contains("550.01") == true)
        #expect(faults.first?.message.contains("550.00") == true)

        rows[0][4] = "12a"
        (_, faults) = try mapping.map(Self.openItemsHeader, rows)
        #expect(faults.map(\.code) == ["AMOUNT-FORM", "TOTAL-MISMATCH"])
        #expect(faults.map(\.severity) == [.row, .warning])
    }

    static let invoices =
        head + """
            emit:
              invoice:
                fields: { number: nr, kind: kind, issued_on: day, total: amount, currency: cur }
            """
    static let invoicesHeader = ["nr", "kind", "day", "amount", "cur"]

    @Test(
        "A row at fault is left out with its place and the others arrive",
        arguments: [
            (["", "", "2026-01-02", "1", "EUR"], "REQUIRED-MISSING", 1),
            (["2", "", "", "1", "EUR"], "REQUIRED-MISSING", 3),
            (["2", "", "2026-01-02", "", "EUR"], "REQUIRED-MISSING", 0),
            (["2", "", "2026-13-02", "1", "EUR"], "DATE-FORM", 3),
            (["2", "", "2026-01-02", "1;0", "EUR"], "AMOUNT-FORM", 4),
            (["2", "", "2026-01-02", "1", "E"], "CURRENCY-UNKNOWN", 5),
            (["2", "credit_note", "2026-01-02", "1", "EUR"], "CREDIT-NOTE-SIGN", 0),
            (["2", "bill", "2026-01-02", "1", "EUR"], "VALUE-UNKNOWN", 2),
            (["2", "", "2026-01-02", "0.5", "JPY"], "AMOUNT-PRECISION", 4),
        ])
    func badRow(_ row: [String], _ code: String, _ column: Int) throws {
        let mapping = try Yard.mapping(Self.invoices)
        let good = ["1", "", "2026-01-02", "1", "EUR"]
        let (documents, faults) = try mapping.map(Self.invoicesHeader, [good, row, ["3"] + good.dropFirst()])
        #expect(documents.map { $0.node["number"]?.scalar } == ["1", "3"])
        #expect(faults.map(\.code) == [code])
        #expect(faults.first?.at == .line(3, column: column))
        #expect(faults.first?.severity == .row)
        #expect(faults.first?.hint.isEmpty == false)
    }

    @Test("The exponent of the currency decides the minor units") func exponents() throws {
        let mapping = try Yard.mapping(Self.invoices)
        let (documents, _) = try mapping.map(
            Self.invoicesHeader,
            [["1", "", "2026-01-02", "500", "JPY"], ["2", "", "2026-01-02", "1.234", "KWD"]])
        #expect(documents.map { $0.node["total"]?.scalar } == ["500", "1.234"])
    }

    @Test("One row per invoice line is a doubt about the whole file; the same row twice is not") func rowsPerLine()
        throws
    {
        let mapping = try Yard.mapping(Self.invoices)
        let row = ["1", "", "2026-01-02", "10", "EUR"]
        var (_, faults) = try mapping.map(Self.invoicesHeader, [row, ["1", "", "2026-01-02", "20", "EUR"]])
        #expect(faults.map(\.code) == ["ROWS-PER-LINE"])
        #expect(faults.first?.severity == .refusal)
        (_, faults) = try mapping.map(Self.invoicesHeader, [row, row])
        #expect(faults == [])
    }

    @Test("Without a currency column the company's counts, and without both the row is at fault") func currency() throws
    {
        let mapping = try Yard.mapping(Self.head + "emit: { payment: { fields: { amount: a, booked_on: d } } }")
        let rows = [["1", "2026-01-02"]]
        #expect(try mapping.map(["a", "d"], rows, currency: .brl).documents.first?.node["currency"]?.scalar == "BRL")
        #expect(try mapping.map(["a", "d"], rows, currency: nil).faults.map(\.code) == ["CURRENCY-MISSING"])
    }

    @Test("A column that stands twice cannot be named by its text") func duplicateColumn() throws {
        let mapping = try Yard.mapping(Self.head + "emit: { payment: { fields: { amount: a, booked_on: d } } }")
        #expect(try mapping.map(["a", "d", "a"], []).faults.map(\.code) == ["COLUMN-DUPLICATE"])
        #expect(try mapping.map(["a", "d", "x", "x"], []).faults == [])
    }

    @Test("Configuration without value and default is asked for") func config() throws {
        let text =
            Self.head + """
                config: { who: { type: text } }
                emit: { payment: { fields: { amount: a, booked_on: d, method: { const: $(config.who) } } } }
                """
        let mapping = try Yard.mapping(text)
        #expect(try mapping.map(["a", "d"], []).faults.map(\.code) == ["CONFIG-MISSING"])
        let given = try mapping.map(["a", "d"], [["1", "2026-01-02"]], config: ["who": "X"])
        #expect(given.documents.first?.node["method"]?.scalar == "X")
    }

    @Test("Accounts lose their blanks, phones become E.164 where they can") func cleaning() throws {
        let mapping = try Yard.mapping(
            Self.head + "emit: { customer: { fields: { id: i, account: a, phone: p, tags: t } } }")
        let (documents, _) = try mapping.map(
            ["i", "a", "p", "t"],
            [
                ["1", "nl20 ingb 0001 2345 67", "+31 (0)6-1234", "a; b,c"], ["2", "12 34", "0049 151/23456", ""],
                ["3", "", "020 555", ""],
            ])
        #expect(documents.map { $0.node["account"]?.scalar } == ["NL20INGB0001234567", "12 34", nil])
        #expect(documents.map { $0.node["phone"]?.scalar } == ["+31061234", "+4915123456", "020 555"])
        #expect(documents.first?.node["tags"]?.json == #"["a","b","c"]"#)
    }

    @Test("A tree is mapped by paths, lists and the parent record") func trees() throws {
        let mapping = try Yard.mapping(
            """
            mapping: 1
            name: x
            source: { file: { format: json } }
            read: { date: msjson }
            records: Invoices/*
            skip: { Type: [ACCPAY] }
            emit:
              invoice:
                fields: { number: InvoiceNumber, customer_name: Contact/Name, issued_on: Date, total: Total, currency: CurrencyCode }
              allocation:
                each: Payments/*
                fields: { payment_id: PaymentID, invoice_id: ^/InvoiceID, amount: Amount, posted_on: Date }
            """)
        let invoice = Node.object([
            ("InvoiceID", .text("i1")), ("Type", .text("ACCREC")), ("InvoiceNumber", .text("ORC1")),
            ("Contact", .object([("Name", .text("City"))])), ("Date", .text("/Date(1788480000000+0000)/")),
            ("Total", Node(.number("110.50"))), ("CurrencyCode", .text("NZD")),
            (
                "Payments",
                .list([
                    .object([
                        ("PaymentID", .text("p1")), ("Amount", Node(.number("10.5"))),
                        ("Date", .text("/Date(1788566400000)/")),
                    ])
                ])
            ),
        ])
        let root = Node.object([("Invoices", .list([invoice, .object([("Type", .text("ACCPAY"))])]))])
        var setting = RecordMapper.Setting(
            origin: Provenance.Origin(sha256: "0", name: "x.json", format: "json"), asOf: Day(number: 20_787))
        setting.defaultCurrency = .eur
        var mapper = try RecordMapper.bind(mapping, header: [], headerLine: 0, setting: setting).get()
        var documents: [Document] = []
        var faults: [Fault] = []
        for record in mapping.records(in: root) {
            _ = try mapper.map(record) { documents.append($0) }
            faults += mapper.faults
        }
        #expect(faults == [])
        #expect(documents.map(\.entity) == ["invoice", "allocation"])
        #expect(documents.first?.node["issued_on"]?.scalar == "2026-09-04")
        #expect(documents.first?.node["total"]?.scalar == "110.50")
        #expect(documents.last?.node["invoice_id"]?.scalar == "i1")
        #expect(documents.last?.provenance.at.text == "Invoices/*[1]/Payments/*[1]")
    }

    @Test("An amount in home currency keeps that currency's decimals, whatever the invoice is in")
    func homeAmounts() throws {
        let mapping = try Yard.mapping(
            Self.head + """
                emit:
                  invoice:
                    fields: { number: n, issued_on: day, currency: cur, total: sum, total_base: home }
                """)
        func map(_ home: Currency?) throws -> (Invoice?, [Fault]) {
            let found = try mapping.map(
                ["n", "day", "cur", "sum", "home"], [["1", "2026-09-04", "JPY", "300000", "1860.55"]], currency: home)
            guard case .invoice(let invoice)? = found.documents.first else { return (nil, found.faults) }
            return (invoice, found.faults)
        }
        let (invoice, faults) = try map(.eur)
        #expect(faults == [])
        #expect(invoice?.total == Money(minorUnits: 300_000, currency: Currency("JPY") ?? .eur))
        #expect(invoice?.totalBase == Money(minorUnits: 186_055, currency: .eur))
        let unknown = try map(nil)
        #expect(unknown.1 == [])
        #expect(unknown.0?.total != nil && unknown.0?.totalBase == nil)
    }
}
