// SPDX-License-Identifier: Apache-2.0

/// What the next payments will ask for is asked for all at once, shortly before.
///
/// A decision reads some forty places that lie anywhere in hundreds of megabytes, and most of its time was that of waiting
/// for one after the other. Read without doing anything with them, dozens at a time, they come together, and lie near the
/// processor when the decision needs them. What is read so is only added up, and decides nothing.
struct Foresight {
    var outlook: Outlook
    /// An item that the payment names, or -1.
    var item: Int32
    /// Whose the item is, else who sent the payment, or -1.
    var customer: Int32
}

/// What a payment will ask for, as far as the thread that reads it knows.
struct Outlook: Sendable {
    /// So many payments are looked ahead: what they need has room beside what decisions use all the time.
    static let reach = 64

    let amount: Int64
    /// 0 where there is none.
    let payerKey: UInt64
    /// The first two items that it names, or -1.
    let item: Int32
    let next: Int32
    /// Who sent it, or -1.
    let customer: Int32

    init(_ docket: Docket) {
        amount = docket.payment.amount
        payerKey = docket.payerKey ?? 0
        let mentions = docket.reading?.mentions ?? []
        item = mentions.first?.item ?? -1
        next = mentions.count > 1 ? mentions[1].item : -1
        customer = docket.payer?.certain.first ?? docket.payer?.named.first ?? -1
    }
}
