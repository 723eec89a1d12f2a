// SPDX-License-Identifier: Apache-2.0
import Documents

/// What an invoice states, as one number: by it a re-import sees a change.
struct InvoiceContent {
    private var builder = Fingerprint.Builder()
    /// Something that few invoices state was among it.
    private(set) var statesMore = false

    var hash: Int64 { Int64(bitPattern: builder.finish().low) }

    /// Without the position, which another row before it moves, and the time of change: touched without a change is
    /// no change.
    mutating func add(_ value: Invoice) {
        builder.add(value.number)
        builder.add(value.kind.rawValue)
        builder.add(value.currency)
        builder.add(Int64(value.issuedOn.number))
        builder.add(value.id)
        builder.add(value.customerID ?? value.customerName)
        builder.add(value.reference)
        add(value.total?.minorUnits)
        add(value.open?.minorUnits)
        add(value.dueOn.map { Int64($0.number) })
        guard !value.isPlain else { return }
        statesMore = value.modifiedAt != nil
        addTexts(value)
        addAmounts(value)
        addRest(value)
    }

    /// What few state: its place in the list, and its value.
    private mutating func more(_ place: Int64, _ text: String?) {
        guard let text else { return }
        statesMore = true
        builder.add(place)
        builder.add(text)
    }

    private mutating func more(_ place: Int64, _ number: Int64?) {
        guard let number else { return }
        statesMore = true
        builder.add(place)
        builder.add(number)
    }

    private mutating func add(_ number: Int64?) {
        if let number {
            builder.add(number)
        } else {
            builder.add(nil as String?)
        }
    }

    private mutating func addTexts(_ value: Invoice) {
        more(1, value.status?.rawValue)
        more(2, value.structuredReference)
        more(3, value.purchaseOrder)
        more(4, value.document)
        more(5, value.corrects)
        more(6, value.correction?.rawValue)
        more(7, value.collectionMethod)
        more(8, value.assignedTo)
    }

    private mutating func addAmounts(_ value: Invoice) {
        more(11, value.net?.minorUnits)
        more(12, value.tax?.minorUnits)
        more(13, value.payable?.minorUnits)
        more(14, value.prepaid?.minorUnits)
        more(15, value.rounding?.minorUnits)
        more(16, value.paid?.minorUnits)
        more(17, value.inTransit?.minorUnits)
        more(18, value.totalBase?.minorUnits)
        more(19, value.openBase?.minorUnits)
        more(20, (value.totalBase ?? value.openBase)?.currency.code)
        more(21, value.rate?.text)
    }

    private mutating func addRest(_ value: Invoice) {
        more(31, (value.postedOn?.number).map { Int64($0) })
        more(32, (value.paidOn?.number).map { Int64($0) })
        more(33, (value.lastDunnedOn?.number).map { Int64($0) })
        more(34, value.dunningLevel.map { Int64($0) })
        more(35, value.deleted ? 1 : nil)
        more(36, value.disputed ? 1 : nil)
        more(37, value.dunningBlocked ? 1 : nil)
        more(38, TermsText.encode(value.discounts))
        more(39, TermsText.encode(value.taxes))
        more(40, TermsText.encode(value.instalments))
    }
}
