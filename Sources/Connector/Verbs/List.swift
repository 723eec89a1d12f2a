// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
package import Trees

extension Workplace {
    package enum Listing: String, Sendable, CaseIterable {
        case invoices, payments, customers, promises, allocations, messages, exceptions, imports, items, statements
    }

    /// Prints what the books hold, one object at a time.
    package func list(
        _ what: Listing, openOnly: Bool, customer: String?, _ print: (Node) -> Void
    ) throws {
        try openStore(readOnly: true).read { session in
            try requireCompany(session)
            let company = company.id
            let row: (ListedRow) throws -> Void = { print(Self.node($0)) }
            switch what {
            case .invoices: try session.listInvoices(company: company, openOnly: openOnly, customer: customer, row)
            case .payments: try session.listPayments(company: company, openOnly: openOnly, customer: customer, row)
            case .customers: try session.listCustomers(company: company, openOnly: openOnly, customer: customer, row)
            case .items: try session.listItems(company: company, openOnly: openOnly, customer: customer, row)
            case .allocations: try session.listAllocations(company: company, customer: customer, row)
            case .imports: try session.listImports(company: company, row)
            case .statements: try session.listStatements(company: company, row)
            case .promises:
                for stored in try session.promises(company: company, customer: customer, openOnly: openOnly) {
                    print(promiseJSON(stored))
                }
                for waiting in try waitingPromises(session, customer: customer) { print(waiting) }
            case .messages:
                for message in try messageNodes(session, openOnly: openOnly, customer: customer) { print(message) }
            case .exceptions:
                for stored in try session.exceptions(company: company, openOnly: openOnly, customer: customer) {
                    print(exceptionJSON(stored))
                }
            }
        }
    }

    /// Null fields are left out; an entry's kind is printed by its name.
    static func node(_ row: ListedRow) -> Node {
        .compact(
            row.fields.map { key, field in
                guard key == "kind_code", case .count(let code) = field else { return (key, node(field)) }
                return ("kind", .text(Entry.Kind(rawValue: Int(code)).map { name($0) }))
            })
    }

    static func node(_ field: ListedRow.Field) -> Node {
        switch field {
        case .none: .null
        case .text(let text): .text(text)
        case .money(let money): .text(money.amountText)
        case .day(let day): .text(day.text)
        case .time(let time): .text(time.text)
        case .count(let count): .integer(count)
        case .flag(let flag): flag ? .bool(true) : .null
        case .taxes(let shares): AdjustmentTaxes.node(shares)
        }
    }

    /// An entry's kind as scripts read it: `source_clearing`.
    static func name(_ kind: Entry.Kind) -> String {
        var text = ""
        for character in "\(kind)" {
            if character.isUppercase { text += "_" }
            text += character.lowercased()
        }
        return text
    }
}
