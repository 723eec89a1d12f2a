// SPDX-License-Identifier: Apache-2.0

/// What few invoices state, behind one reference: an import makes a million of them, and each is handed on several
/// times.
extension Invoice {
    struct Rest: Hashable, Sendable {
        var status: Status?
        var customerTradingName: String?
        var sellerName: String?
        var sellerTaxID: String?
        var structuredReference: String?
        var purchaseOrder: String?
        var taxID: String?
        var document: String?
        var corrects: String?
        var correction: Correction?
        var collectionMethod: String?
        var assignedTo: String?
        var net: Money?
        var tax: Money?
        var payable: Money?
        var prepaid: Money?
        var rounding: Money?
        var paid: Money?
        var inTransit: Money?
        var totalBase: Money?
        var openBase: Money?
        var rate: ScaledDecimal?
        var postedOn: Day?
        var paidOn: Day?
        var lastDunnedOn: Day?
        var dunningLevel: Int?
        var modifiedAt: Timestamp?
        var statedNegated = false
        var deleted = false
        var disputed = false
        var dunningBlocked = false
        var instalments: [Instalment] = []
        var discounts: [Discount] = []
        var taxes: [Tax] = []
        var attachments: [Attachment] = []

        static let nothing = Rest()
    }

    struct Box: Hashable, Sendable {
        /// None or one: an array is copied when it is written, and is one reference until then.
        private var held: [Rest] = []

        var isEmpty: Bool { held.isEmpty }
        private var value: Rest { held.first ?? .nothing }

        subscript<Value: Equatable>(field: WritableKeyPath<Rest, Value>) -> Value {
            @inline(__always) get { held.isEmpty ? Rest.nothing[keyPath: field] : held[0][keyPath: field] }
            @inline(__always) set {
                if held.isEmpty {
                    guard newValue != Rest.nothing[keyPath: field] else { return }
                    held.append(Rest())
                }
                held[0][keyPath: field] = newValue
            }
        }

        static func == (left: Box, right: Box) -> Bool { left.value == right.value }

        func hash(into hasher: inout Hasher) { hasher.combine(value) }
    }

    /// Nothing of what few state was ever stated.
    package var isPlain: Bool { rest.isEmpty }

    package var status: Status? {
        get { rest[\.status] }
        set { rest[\.status] = newValue }
    }
    package var customerTradingName: String? {
        get { rest[\.customerTradingName] }
        set { rest[\.customerTradingName] = newValue }
    }
    package var sellerName: String? {
        get { rest[\.sellerName] }
        set { rest[\.sellerName] = newValue }
    }
    package var sellerTaxID: String? {
        get { rest[\.sellerTaxID] }
        set { rest[\.sellerTaxID] = newValue }
    }
    /// ISO 11649, OGM, KID … as the customer should quote it.
    package var structuredReference: String? {
        get { rest[\.structuredReference] }
        set { rest[\.structuredReference] = newValue }
    }
    package var purchaseOrder: String? {
        get { rest[\.purchaseOrder] }
        set { rest[\.purchaseOrder] = newValue }
    }
    package var taxID: String? {
        get { rest[\.taxID] }
        set { rest[\.taxID] = newValue }
    }
    package var document: String? {
        get { rest[\.document] }
        set { rest[\.document] = newValue }
    }
    /// The number of the invoice this one corrects (EN 16931 BT-25).
    package var corrects: String? {
        get { rest[\.corrects] }
        set { rest[\.corrects] = newValue }
    }
    package var correction: Correction? {
        get { rest[\.correction] }
        set { rest[\.correction] = newValue }
    }
    package var collectionMethod: String? {
        get { rest[\.collectionMethod] }
        set { rest[\.collectionMethod] = newValue }
    }
    package var assignedTo: String? {
        get { rest[\.assignedTo] }
        set { rest[\.assignedTo] = newValue }
    }
    package var net: Money? {
        get { rest[\.net] }
        set { rest[\.net] = newValue }
    }
    package var tax: Money? {
        get { rest[\.tax] }
        set { rest[\.tax] = newValue }
    }
    /// The amount due for payment as stated (EN 16931 BT-115).
    package var payable: Money? {
        get { rest[\.payable] }
        set { rest[\.payable] = newValue }
    }
    package var prepaid: Money? {
        get { rest[\.prepaid] }
        set { rest[\.prepaid] = newValue }
    }
    package var rounding: Money? {
        get { rest[\.rounding] }
        set { rest[\.rounding] = newValue }
    }
    package var paid: Money? {
        get { rest[\.paid] }
        set { rest[\.paid] = newValue }
    }
    package var inTransit: Money? {
        get { rest[\.inTransit] }
        set { rest[\.inTransit] = newValue }
    }
    package var totalBase: Money? {
        get { rest[\.totalBase] }
        set { rest[\.totalBase] = newValue }
    }
    package var openBase: Money? {
        get { rest[\.openBase] }
        set { rest[\.openBase] = newValue }
    }
    package var rate: ScaledDecimal? {
        get { rest[\.rate] }
        set { rest[\.rate] = newValue }
    }
    package var postedOn: Day? {
        get { rest[\.postedOn] }
        set { rest[\.postedOn] = newValue }
    }
    package var paidOn: Day? {
        get { rest[\.paidOn] }
        set { rest[\.paidOn] = newValue }
    }
    package var lastDunnedOn: Day? {
        get { rest[\.lastDunnedOn] }
        set { rest[\.lastDunnedOn] = newValue }
    }
    package var dunningLevel: Int? {
        get { rest[\.dunningLevel] }
        set { rest[\.dunningLevel] = newValue }
    }
    package var modifiedAt: Timestamp? {
        get { rest[\.modifiedAt] }
        set { rest[\.modifiedAt] = newValue }
    }
    /// The document states its amounts with the opposite sign (a credit note's are positive): `read` shows them as
    /// stated.
    package var statedNegated: Bool {
        get { rest[\.statedNegated] }
        set { rest[\.statedNegated] = newValue }
    }
    package var deleted: Bool {
        get { rest[\.deleted] }
        set { rest[\.deleted] = newValue }
    }
    package var disputed: Bool {
        get { rest[\.disputed] }
        set { rest[\.disputed] = newValue }
    }
    package var dunningBlocked: Bool {
        get { rest[\.dunningBlocked] }
        set { rest[\.dunningBlocked] = newValue }
    }
    package var instalments: [Instalment] {
        get { rest[\.instalments] }
        set { rest[\.instalments] = newValue }
    }
    package var discounts: [Discount] {
        get { rest[\.discounts] }
        set { rest[\.discounts] = newValue }
    }
    package var taxes: [Tax] {
        get { rest[\.taxes] }
        set { rest[\.taxes] = newValue }
    }
    package var attachments: [Attachment] {
        get { rest[\.attachments] }
        set { rest[\.attachments] = newValue }
    }
}
