// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

@Suite("A status is never guessed") struct StatusTests {
    private func map(_ entity: String, _ status: String, _ state: String) throws -> (status: String?, fault: Fault?) {
        let fields =
            entity == "payment"
            ? "amount: { const: 1 }\n      booked_on: { const: 2026-01-02 }"
            : "number: { const: N1 }\n      issued_on: { const: 2026-01-02 }\n      total: { const: 1 }"
        let mapping = try Yard.mapping(
            """
            mapping: 1
            name: t
            source: { file: { format: csv } }
            read: { decimal: ".", date: iso }
            emit:
              \(entity):
                fields:
                  \(fields)
                  \(status)
            """)
        let (documents, faults) = try mapping.map(["state"], [[state]])
        return (documents.first?.node["status"]?.scalar, faults.first)
    }

    private static let branches =
        "status: { first: [ { when: { state: done }, const: booked }, { when: { state: wait }, const: pending } ] }"

    @Test("A branch that fits gives it") func known() throws {
        #expect(try map("payment", Self.branches, "wait").status == "pending")
    }

    @Test("Where no branch of a payment's status fits, the row is at fault and nothing is booked")
    func unknownPayment() throws {
        let found = try map("payment", Self.branches, "reverted")
        #expect(found.status == nil)
        #expect(found.fault?.code == "STATUS-UNCLEAR")
        #expect(found.fault?.message.contains(#"state is "reverted""#) == true)
    }

    @Test(
        "A last branch without a condition, or a default, says what the others mean",
        arguments: [
            "status: { first: [ { when: { state: done }, const: booked }, { const: information } ] }",
            "status: { first: [ { when: { state: done }, const: booked } ], default: information }",
        ]) func stated(_ rule: String) throws
    {
        #expect(try map("payment", rule, "reverted").status == "information")
    }

    @Test("An empty status of a payment is a fault, unless the mapping has a default for it") func empty() throws {
        #expect(try map("payment", "status: state", "").fault?.code == "STATUS-UNCLEAR")
        #expect(
            try map("payment", "status: { from: state, map: { done: booked } }", "").fault?.code == "STATUS-UNCLEAR")
        #expect(try map("payment", "status: { from: state, default: booked }", "").status == "booked")
    }

    @Test("A mapping that says nothing of a status has booked payments") func unsaid() throws {
        #expect(try map("payment", "method: state", "cash").status == "booked")
    }

    @Test("An invoice's branches must know the row, too; an empty cell of its own says nothing") func invoices() throws
    {
        let rule =
            "status: { first: [ { when: { state: done }, const: paid }, { when: { state: new }, const: open } ] }"
        #expect(try map("invoice", rule, "cancelled").fault?.code == "STATUS-UNCLEAR")
        let plain = try map("invoice", "status: state", "")
        #expect(plain.status == nil)
        #expect(plain.fault == nil)
    }
}
