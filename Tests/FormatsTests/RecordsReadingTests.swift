// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

@Suite("Records of XML and JSON files") struct RecordsReadingTests {
    static func mapping(_ format: String, records: String, name: String = "rec", more: String = "") -> String {
        """
        mapping: 1
        name: \(name)
        source: { file: { format: \(format) } }
        records: "\(records)"
        \(more)
        emit:
          invoice:
            key: [number]
            fields: { number: No, customer_id: Customer/@code, customer_name: Customer, issued_on: Date, total: Total, currency: { const: EUR } }
        """
    }

    static let json = """
        mapping: 1
        name: rec
        source: { file: { format: json } }
        records: "RECORDS"
        emit:
          invoice:
            key: [number]
            fields: { number: no, customer_name: customer/name, issued_on: date, total: total, currency: { const: EUR } }
        """

    @Test func `References in attributes are read as those in texts`() throws {
        let text = """
            <?xml version="1.0"?>
            <Rows><Row><No>1</No><Customer code="A&amp;B &#38; C &lt;D&gt; &quot;E&quot; &amp;#38; &#233;&amp;">F &amp; G</Customer>\
            <Date>2026-01-02</Date><Total>1.00</Total></Row></Rows>
            """
        let (node, problem) = AnswerTree.read(Array(text.utf8), as: .xml, namespaces: [:])
        #expect(problem == nil)
        let customer = node?["Rows"]?["Row"]?["Customer"]
        #expect(customer?["@code"]?.scalar == "A&B & C <D> \"E\" &#38; é&")
        #expect(customer?.ownText == "F & G")
    }

    func json(_ records: String) -> String { Self.json.replacing("RECORDS", with: records) }

    func numbers(_ documents: [Document]) -> [String] { documents.compactMap { $0.node["number"]?.scalar } }

    static let xml = """
        <?xml version="1.0"?>
        <!-- a list --><List xmlns:x="urn:x"><Head><No>no record</No></Head>
        <Invoices><Invoice><No>001</No><Customer code="7">Müller &amp; Co</Customer><Date>2026-02-01</Date>
        <Total>10.50</Total></Invoice>
        <Invoice><No>002</No><Date>2026-02-02</Date><Total>1e</Total></Invoice>
        <Invoice><No>003</No><Date>2026-02-03</Date><Total>7</Total></Invoice></Invoices></List>
        """

    @Test("XML records are read one by one; a bad one is left out, with its place") func xml() throws {
        let (reading, documents) = try Desk.read(
            Self.xml, mapping: Self.mapping("xml", records: "/List/Invoices/Invoice"))
        #expect(reading.format == "xml")
        #expect(numbers(documents) == ["001", "003"])
        #expect(documents.first?.node["customer_name"]?.scalar == "Müller & Co")
        #expect(documents.first?.node["customer_id"]?.scalar == "7")
        #expect(documents.map(\.provenance.at.text) == ["/List/Invoices/Invoice[1]", "/List/Invoices/Invoice[3]"])
        #expect(reading.faults.map(\.code) == ["AMOUNT-FORM"])
        #expect(reading.faults.first?.at.text == "/List/Invoices/Invoice[2]")
        #expect(reading.records == 3)
    }

    @Test("Any split of the bytes gives the same, also the path with filters that needs the whole tree")
    func whole() throws {
        let filtered = Self.mapping("xml", records: "/List/Invoices/Invoice[No=003]")
        #expect(numbers(try Desk.read(Self.xml, mapping: filtered).documents) == ["003"])
        let any = Self.mapping("xml", records: "/*/Invoices/Invoice")
        #expect(numbers(try Desk.read(Self.xml, mapping: any).documents) == ["001", "003"])
    }

    @Test("A prefix means the namespace the mapping declares, not the one the file writes") func namespaces() throws {
        let text = """
            <a:L xmlns:a="urn:one" xmlns:b="urn:two"><a:R><b:No>wrong</b:No><a:No>right</a:No><a:Date>2026-02-01</a:Date>
            <a:Total>1</a:Total></a:R></a:L>
            """
        let mapping = """
            mapping: 1
            name: ns
            source: { file: { format: xml, namespaces: { o: "urn:one" } } }
            records: /o:L/o:R
            emit: { invoice: { fields: { number: "o:No", issued_on: "o:Date", total: "o:Total", currency: { const: EUR } } } }
            """
        #expect(numbers(try Desk.read(text, mapping: mapping).documents) == ["right"])
    }

    @Test("Two hits where one is expected are a fault, not a choice") func many() throws {
        let text = "<L><R><No>1</No><No>2</No><Date>2026-02-01</Date><Total>1</Total></R></L>"
        let reading = try Desk.read(text, mapping: Self.mapping("xml", records: "/L/R")).reading
        #expect(reading.faults.map(\.code) == ["PATH-MANY"])
    }

    @Test("A part of a record can be a document of its own, and reach back with ^") func each() throws {
        let text = """
            {"Invoices":[{"InvoiceID":"I1","InvoiceNumber":"17","Date":"/Date(1769904000000+0000)/","Total":12.5,
            "Payments":[{"PaymentID":"P1","Amount":5.25},{"PaymentID":"P2","Amount":1}]}]}
            """
        let mapping = """
            mapping: 1
            name: parts
            source: { file: { format: json } }
            read: { date: msjson }
            records: Invoices/*
            emit:
              invoice:
                key: [id]
                fields: { id: InvoiceID, number: InvoiceNumber, issued_on: Date, total: Total, currency: { const: EUR } }
              allocation:
                each: Payments/*
                key: [payment_id]
                fields: { payment_id: PaymentID, invoice_id: ^/InvoiceID, amount: Amount, currency: { const: EUR } }
            """
        let (reading, documents) = try Desk.read(text, mapping: mapping)
        #expect(reading.faults == [])
        #expect(documents.map(\.entity) == ["invoice", "allocation", "allocation"])
        #expect(documents.first?.node["issued_on"]?.scalar == "2026-02-01")
        #expect(documents.last?.node["invoice_id"]?.scalar == "I1")
    }

    static let one = #"{"no":"A1","customer":{"name":"X"},"date":"2026-02-01","total":10.10}"#
    static let two = #"{"no":"A2","date":"2026-02-02","total":"20.20"}"#

    @Test(
        "JSON comes as an array, as lines, as an object with a list in it, or as one record",
        arguments: [
            ("*", "[\(one),\n \(two)]", ["A1", "A2"]), (".", "[\(one),\(two)]", ["A1", "A2"]), ("*", "[]", []),
            (".", "\(one)\n\(two)\n", ["A1", "A2"]), ("*", "\(one)\r\n\n\(two)", ["A1", "A2"]), (".", one, ["A1"]),
            ("value/*", "{\"value\":[\(one),\(two)]}", ["A1", "A2"]), ("value", "{\"value\":[\(one)]}", ["A1"]),
            ("value/*", "{\"value\":[\(one)]}\n{\"value\":[\(two)]}", ["A1", "A2"]),
        ])
    func shapes(_ records: String, _ text: String, _ expected: [String]) throws {
        let (reading, documents) = try Desk.read(text, mapping: json(records))
        #expect(numbers(documents) == expected)
        #expect(reading.faults.map(\.code) == (expected.isEmpty ? ["FILE-NO-ROWS"] : []))
    }

    @Test(
        "What is no JSON is refused, and nothing of it lands",
        arguments: [
            "[\(one),]", "[\(one) \(two)]", "[\(one)", "{\"no\":1}}", "[\(one)] x", "{\"no\":\"A1\",\"no\":\"A2\"}",
            "[{\"no\":\"A1\"", "[\(one),,\(two)]",
        ])
    func broken(_ text: String) throws {
        let (reading, documents) = try Desk.read(text, mapping: json("*"))
        #expect(reading.refused)
        #expect(reading.faults.contains { $0.code == "JSON-FORM" })
        #expect(documents.isEmpty)
    }

    @Test("The mapping is found by what its paths find in the first record") func choice() throws {
        let other = """
            mapping: 1
            name: other
            source: { file: { format: json } }
            records: "*"
            emit: { payment: { fields: { amount: total, booked_on: booked } } }
            """
        let list = "[\(Self.one)]"
        #expect(try Desk.read(Array(list.utf8), name: "x.dat", mappings: [json("*"), other]).reading.mapping == "rec")
        #expect(try Desk.read(Array(list.utf8), mappings: [other]).reading.faults.map(\.code) == ["MAPPING-NONE"])
        let xml = Self.mapping("xml", records: "/List/Invoices/Invoice", name: "as-xml")
        #expect(try Desk.read(Array(Self.xml.utf8), mappings: [json("*"), xml]).reading.mapping == "as-xml")
    }

    @Test("A mapping of another format says what it reads") func otherFormat() throws {
        #expect(
            try Desk.read("d,a,n\n2026-01-02,1,x\n", mapping: json("*")).reading.faults.map(\.code) == [
                "MAPPING-FORMAT"
            ])
        #expect(try Desk.read(Self.xml, mapping: json("*")).reading.refused)
    }

    @Test("Hostile trees: a document type, a bomb of depth, a record without end") func hostile() throws {
        let mapping = Self.mapping("xml", records: "/L/R")
        let doctype = "<!DOCTYPE L [<!ENTITY a \"b\">]><L><R><No>&a;</No></R></L>"
        #expect(try Desk.read(doctype, mapping: mapping).reading.faults.map(\.code) == ["XML-DOCTYPE"])
        let deep = String(repeating: "<R>", count: 5000)
        #expect(try Desk.read("<L>" + deep, mapping: mapping).reading.faults.map(\.code) == ["XML-LIMIT"])
        let nested = String(repeating: "[", count: 5000)
        #expect(try Desk.read("[" + nested, mapping: json("*")).reading.refused)
        let cut = Self.xml.prefix(Self.xml.count / 2)
        let (reading, documents) = try Desk.read(
            String(cut), mapping: Self.mapping("xml", records: "/List/Invoices/Invoice"))
        #expect(reading.faults.contains { $0.code == "XML-TRUNCATED" })
        #expect(documents.isEmpty)
    }
}
