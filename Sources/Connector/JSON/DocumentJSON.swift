// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Trees

/// Documents as JSON: the keys are the mapping language's target names.
enum DocumentJSON {
    /// Writes one document as a file states it, for `read`, as a line: amounts keep the sign of the document.
    static func writeLine(_ document: Document, file: String, to writer: inout JSONWriter) {
        // Only what is changed is copied.
        (restated(document) ?? document).writeLine(file: file, to: &writer)
    }

    /// A credit note that the document states in positive amounts, and a statement that has an id and no number.
    private static func restated(_ document: Document) -> Document? {
        switch document {
        case .invoice(let invoice) where invoice.statedNegated: .invoice(invoice.negated)
        case .statement(let statement) where statement.number == nil: .statement(statement.numbered)
        case .invoice, .payment, .statement, .customer, .promise, .balance, .allocation, .settlement, .rate: nil
        }
    }

    static func fault(_ fault: Fault) -> Node {
        .object([
            ("code", .text(fault.code)), ("severity", .text(fault.severity.rawValue)),
            ("at", .text(fault.at.text)), ("message", .text(fault.message)), ("hint", .text(fault.hint)),
        ])
    }
}

extension Documents.Statement {
    /// Banks that number no statements give each an id.
    fileprivate var numbered: Documents.Statement {
        var copy = self
        copy.number = id
        return copy
    }
}

extension Invoice {
    /// Every amount with the other sign.
    fileprivate var negated: Invoice {
        func flipped(_ money: Money?) -> Money? { money.map { -$0 } }
        var copy = self
        copy.total = flipped(total)
        copy.net = flipped(net)
        copy.tax = flipped(tax)
        copy.payable = flipped(payable)
        copy.prepaid = flipped(prepaid)
        copy.rounding = flipped(rounding)
        copy.open = flipped(open)
        copy.paid = flipped(paid)
        for index in copy.instalments.indices {
            copy.instalments[index].amount = -copy.instalments[index].amount
            copy.instalments[index].open = flipped(copy.instalments[index].open)
        }
        copy.taxes = taxes.map { Tax(rate: $0.rate, net: -$0.net, tax: -$0.tax) }
        for index in copy.discounts.indices { copy.discounts[index].amount = flipped(copy.discounts[index].amount) }
        return copy
    }
}
