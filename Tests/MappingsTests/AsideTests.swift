// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

/// Values from beside the records, and columns that are not simply there once.
@Suite("What stands beside the records") struct AsideTests {
    static func mapping(_ account: String, read: String = "{ date: dd.MM.yyyy, decimal: \",\" }") throws -> Mapping {
        try Yard.mapping(
            """
            mapping: 1
            name: t
            source: { file: { format: csv } }
            read: \(read)
            emit: { payment: { fields: { amount: a, booked_on: d, \(account) } } }
            """)
    }

    static let preamble = ["Kontoauszug", "Konto: NL91  ABNA 0417", "Stand 31.03.2026 Saldo 1.234,50"]

    @Test(
        "A line above the header, or the file's name, gives a value to every row",
        arguments: [
            ("account: { preamble: 'Konto: *([A-Z0-9 ]+)' }", "account", "NL91 ABNA 0417"),
            ("posted_on: { preamble: 'Stand ([0-9.]+)' }", "posted_on", "2026-03-31"),
            ("fee: { preamble: 'Saldo ([0-9.,]+)', decimal: \",\", group: \".\" }", "fee", "1234.50"),
            ("account: { file_name: '^(.)[.]csv$' }", "account", "t"),
            ("account: { file_name: '^(.)[.]csv$', map: { t: NL1 } }", "account", "NL1"),
            ("account: [{ preamble: 'IBAN ([A-Z0-9]+)' }, d]", "account", "01.02.2026"),
            ("account: { preamble: 'IBAN ([A-Z0-9]+)', required: true, default: none }", "account", "none"),
        ])
    func value(_ rule: String, _ target: String, _ expected: String) throws {
        let rows = [["1,50", "01.02.2026"], ["2,50", "02.02.2026"]]
        let (documents, faults) = try Self.mapping(rule).map(["a", "d"], rows, preamble: Self.preamble)
        #expect(faults == [])
        #expect(documents.count == 2)
        #expect(documents.first?.node[target]?.scalar == expected)
    }

    @Test("Nothing found is nothing, and refuses the file once where it is required")
    func absent() throws {
        let rows = [["1,50", "01.02.2026"], ["2,50", "02.02.2026"]]
        let optional = try Self.mapping("account: { preamble: 'IBAN ([A-Z0-9]+)' }").map(["a", "d"], rows)
        #expect(optional.faults == [])
        #expect(optional.documents.first?.node["account"] == nil)
        let required = try Self.mapping("account: { preamble: 'IBAN ([A-Z0-9]+)', required: true }")
            .map(["a", "d"], rows, preamble: Self.preamble)
        #expect(required.faults.map(\.code) == ["PREAMBLE-UNMATCHED"])
        #expect(required.faults.first?.severity == .refusal)
        let named = try Self.mapping("account: { file_name: '^([0-9]+)', required: true }").map(["a", "d"], rows)
        #expect(named.faults.map(\.code) == ["FILE-NAME-UNMATCHED"])
    }

    @Test("Of several columns of one name each can be read by its number")
    func repeated() throws {
        let mapping = try Self.mapping(
            "payer_name: \"$1:Name\", remittance: \"$2:Name\", method: { join: \"$($2:Name)!\" }")
        let (documents, faults) = try mapping.map(["a", "Name", "d", "Name"], [["1,50", "x", "01.02.2026", "y"]])
        #expect(faults == [])
        #expect(documents.first?.node["payer_name"]?.scalar == "x")
        #expect(documents.first?.node["remittance"]?.scalar == "y")
        #expect(documents.first?.node["method"]?.scalar == "y!")
        #expect(mapping.columnsRepeated.map(\.count).max() == 2)
        let plain = try Self.mapping("payer_name: Name").map(
            ["a", "Name", "d", "Name"], [["1", "", "01.02.2026", ""]])
        #expect(plain.faults.map(\.code) == ["COLUMN-DUPLICATE"])
    }

    @Test("An optional column may be absent and is null then; the others are required") func optional() throws {
        let mapping = try Yard.mapping(
            """
            mapping: 1
            name: t
            source: { file: { optional: [Memo, Fee] } }
            read: { date: iso, decimal: "." }
            emit: { payment: { fields: { amount: a, booked_on: d, remittance: Memo, fee: Fee } } }
            """)
        #expect(mapping.columnsRequired == ["a", "d"])
        #expect(mapping.columnsNamed.count == 4)
        let (documents, faults) = try mapping.map(["a", "d", "Memo"], [["1.50", "2026-02-01", "m"]])
        #expect(faults == [])
        #expect(documents.first?.node["remittance"]?.scalar == "m")
        #expect(documents.first?.node["fee"] == nil)
    }
}
