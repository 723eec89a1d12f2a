// SPDX-License-Identifier: Apache-2.0

import Documents

/// One payment on the table: what it says and who seems to have sent it.
final class Matter {
    let docket: Docket
    let reading: Reading
    let payer: Payer
    /// A provider's charge: somebody bought something, so it is never money on account.
    let isCharge: Bool

    init(_ docket: Docket, _ reading: Reading, _ payer: Payer, isCharge: Bool = false) {
        self.docket = docket
        self.reading = reading
        self.payer = payer
        self.isCharge = isCharge
    }

    var payment: MatchPayment { docket.payment }
    // A whole payment is copied text by text: what is asked of each has its own word.
    var amount: Int64 { docket.payment.amount }
    var currency: Currency { docket.payment.currency }
    var day: Day { docket.payment.bookedOn }

    /// A bank may book days after it had the money, which is the day that terms are kept on; further it is not believed.
    func graceDays(atLeast least: Int) -> Int {
        max(least, min(10, docket.payment.bookedOn - (docket.payment.valuedOn ?? docket.payment.bookedOn)))
    }

    private(set) lazy var money = text(payment.amount)
    /// Customers whose whole name stands in the text; nil where nobody asked yet.
    var namedInText: [Int32]?

    func text(_ amount: Int64) -> String {
        var phrase = Phrase()
        phrase.add(amount, payment.currency)
        return phrase.text
    }
}
