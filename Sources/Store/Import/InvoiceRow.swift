// SPDX-License-Identifier: Apache-2.0
import Documents

extension Session {
    /// An invoice's stated columns as the document they came from. Names of the buyer and the seller are not in them.
    static func invoice(_ row: Row, origin: Provenance.Origin) throws -> Invoice {
        let currency = try row.currency("currency")
        guard let kind = Invoice.Kind(rawValue: row.text("kind")) else {
            throw StoreFailure("STORE-DAMAGED", "the stored invoice kind “\(row.text("kind"))” is unknown; run verify")
        }
        func money(_ name: String, _ currency: Currency = currency) -> Money? {
            row.optionalInt(name).map { Money(minorUnits: $0, currency: currency) }
        }
        var invoice = Invoice(
            number: row.text("number"), kind: kind, currency: currency, issuedOn: row.day("issued_on"),
            provenance: Provenance(origin, at: Position(text: row.text("position"))))
        invoice.id = row.optionalText("source_id")
        invoice.status = row.optionalText("status").flatMap { Invoice.Status(rawValue: $0) }
        invoice.reference = row.optionalText("reference")
        invoice.structuredReference = row.optionalText("structured_reference")
        invoice.purchaseOrder = row.optionalText("purchase_order")
        invoice.document = row.optionalText("document")
        invoice.corrects = row.optionalText("corrects")
        invoice.correction = row.optionalText("correction").flatMap { Invoice.Correction(rawValue: $0) }
        invoice.collectionMethod = row.optionalText("collection_method")
        invoice.assignedTo = row.optionalText("assigned_to")
        invoice.total = money("total")
        invoice.net = money("net")
        invoice.tax = money("tax")
        invoice.payable = money("payable")
        invoice.prepaid = money("prepaid")
        invoice.rounding = money("rounding")
        invoice.open = money("open")
        invoice.paid = money("paid")
        invoice.inTransit = money("in_transit")
        if let base = row.optionalText("base_currency").flatMap({ Currency($0) }) {
            invoice.totalBase = money("total_base", base)
            invoice.openBase = money("open_base", base)
        }
        invoice.rate = row.optionalText("rate").flatMap { ScaledDecimal($0) }
        invoice.postedOn = row.optionalDay("posted_on")
        invoice.dueOn = row.optionalDay("due_on")
        invoice.paidOn = row.optionalDay("paid_on")
        invoice.lastDunnedOn = row.optionalDay("last_dunned_on")
        invoice.dunningLevel = row.optionalInt("dunning_level").map { Int($0) }
        invoice.modifiedAt = row.optionalTime("modified_at")
        invoice.deleted = row.bool("deleted")
        invoice.disputed = row.bool("disputed")
        invoice.dunningBlocked = row.bool("dunning_blocked")
        invoice.discounts = TermsText.discounts(row.optionalText("discounts"), currency)
        invoice.taxes = TermsText.taxes(row.optionalText("taxes"), currency)
        invoice.instalments = TermsText.instalments(row.optionalText("instalments"), currency)
        return invoice
    }
}
