// SPDX-License-Identifier: Apache-2.0
import Mappings
import Testing
import Trees

@Suite("Which records a mapping can be for") struct RecordFitTests {
    private func hits(_ emit: String, _ record: Node) throws -> Int? {
        let mapping = try Yard.mapping(
            """
            mapping: 1
            name: t
            source: { file: { format: json } }
            records: items/*
            emit: \(emit)
            """)
        let root = Node.object([("items", .list([record]))])
        return mapping.records(in: root).first.flatMap { mapping.hits(in: $0) }
    }

    private static let payment = "payment: { when: { kind: paid }, fields: { amount: sum, booked_on: day } }"
    private static let parts = "payment: { each: parts/*, fields: { amount: sum, booked_on: ^/day } }"
    private static let stranger = Node.object([("name", .text("x")), ("kind", .text("y"))])

    @Test("A mapping whose documents all come under a condition does not claim any list of objects")
    func conditional() throws {
        #expect(try hits("{ \(Self.payment) }", Self.stranger) == nil)
        #expect(try hits("{ \(Self.parts) }", Self.stranger) == nil)
        let record = Node.object([("kind", .text("other")), ("sum", .text("1")), ("day", .text("2026-01-02"))])
        #expect(try hits("{ \(Self.payment) }", record) == 3)
    }

    @Test("One of several conditional documents is enough, and an empty list of parts is one") func several() throws {
        let invoice = "invoice: { when: { kind: bill }, fields: { number: no, issued_on: day, total: sum } }"
        let record = Node.object([("kind", .text("paid")), ("sum", .text("1")), ("day", .text("2026-01-02"))])
        #expect(try hits("{ \(invoice), \(Self.payment) }", record) != nil)
        #expect(
            try hits("{ \(Self.parts) }", Node.object([("day", .text("2026-01-02")), ("parts", .list([]))])) != nil)
        let other = Node.object([("day", .text("2026-01-02")), ("parts", .list([.object([("n", .text("1"))])]))])
        #expect(try hits("{ \(Self.parts) }", other) == nil)
    }
}
