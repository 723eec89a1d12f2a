// SPDX-License-Identifier: Apache-2.0

/// Where a bank's CNAB 400 return puts what the others put elsewhere, and which of its occurrences are payments.
///
/// The columns are those of the banks' manuals (cobrança, arquivo retorno); what most of them share is the default.
struct CNABLayout {
    struct Account {
        var agency: ClosedRange<Int>
        var agencyDigit: Int?
        var number: ClosedRange<Int>
        var digit: Int?
    }

    /// The record type of a title.
    var detail: Unicode.Scalar = "1"
    /// Nosso número: the title's number at the bank.
    var ourNumber = 63...73
    /// Seu número: the document's number as the company gave it.
    var yourNumber = 117...126
    /// What the company put in for itself.
    var control: ClosedRange<Int>? = 38...62
    var occurrence = 109...110
    var occurredOn = 111...116
    var dueOn = 147...152
    var face = 153...165
    var fee: ClosedRange<Int>? = 176...188
    var rebate: ClosedRange<Int>? = 228...240
    var discount: ClosedRange<Int>? = 241...253
    var paid = 254...266
    var interest: ClosedRange<Int>? = 267...279
    var fine: ClosedRange<Int>? = 280...292
    var creditedOn: ClosedRange<Int>? = 296...301
    /// Year first, of four digits.
    var isCreditDayLong = false
    var payerName: ClosedRange<Int>?
    /// In the header, or in the titles.
    var account: Account?
    var titleAccount: Account?
    /// Occurrences that say that a title was paid.
    var payments: Set<String> = ["06", "15", "17"]
    var isKnown = true

    static func of(_ bank: String) -> CNABLayout { banks[bank] ?? other }

    private static let other: CNABLayout = {
        var layout = CNABLayout()
        layout.isKnown = false
        return layout
    }()

    private static let banks: [String: CNABLayout] = [
        "001": make {  // Banco do Brasil
            $0.detail = "7"
            $0.ourNumber = 64...80
            $0.control = 39...63
            $0.creditedOn = 176...181
            $0.fee = 182...188
            $0.account = Account(agency: 27...30, agencyDigit: 31, number: 32...39, digit: 40)
            $0.payments = ["05", "06", "07", "08", "15"]
        },
        "004": make {  // Banco do Nordeste
            $0.ourNumber = 63...70
            $0.fine = nil
            $0.creditedOn = nil
            $0.payments = ["06", "07", "08"]
        },
        "033": make {  // Santander
            $0.ourNumber = 63...70
            $0.payments = ["06", "07", "08", "16", "17"]
        },
        "041": make {  // Banrisul
            $0.ourNumber = 63...72
            $0.payments = ["06", "08", "25"]
        },
        "077": make {  // Inter
            $0.ourNumber = 71...81
            $0.yourNumber = 98...107
            $0.occurrence = 90...91
            $0.occurredOn = 92...97
            $0.dueOn = 119...124
            $0.face = 125...137
            $0.paid = 160...172
            $0.creditedOn = 173...178
            $0.fee = nil
            $0.rebate = nil
            $0.discount = nil
            $0.interest = nil
            $0.fine = nil
            $0.titleAccount = Account(agency: 24...27, agencyDigit: nil, number: 28...36, digit: 37)
            $0.payments = ["06"]
        },
        "104": make {  // Caixa Econômica Federal
            $0.ourNumber = 57...73
            $0.control = 32...56
            $0.creditedOn = 294...299
            $0.payments = ["21", "22"]
        },
        "133": bradesco,  // Cresol
        "136": make {  // Unicred
            $0.ourNumber = 52...62
            $0.yourNumber = 280...305
            $0.control = nil
            $0.creditedOn = 176...181
            $0.fee = 182...188
            $0.fine = nil
            $0.titleAccount = Account(agency: 18...21, agencyDigit: nil, number: 23...30, digit: 31)
            $0.payments = ["01", "06", "09"]
        },
        "224": factoring,  // Fibra
        "237": bradesco,
        "336": make { $0.payments = ["06", "08"] },  // C6
        "341": make {  // Itaú
            $0.ourNumber = 86...94
            $0.payerName = 325...354
            $0.account = Account(agency: 27...30, agencyDigit: nil, number: 33...37, digit: 38)
            $0.payments = ["06", "07", "08", "10", "59"]
        },
        "399": make {  // HSBC, now Bradesco
            $0.fine = nil
            $0.creditedOn = nil
            $0.payments = ["06", "07", "15", "16", "31", "32", "33", "36", "38", "39"]
        },
        "435": make {  // Delbank
            $0.creditedOn = 386...391
            $0.titleAccount = bradescoAccount
            $0.payments = ["06", "08"]
        },
        "633": factoring,  // Rendimento
        "643": factoring,  // Pine
        "712": make {  // Ourinvest
            $0.ourNumber = 71...82
            $0.titleAccount = bradescoAccount
            $0.payments = ["06", "15", "17", "20"]
        },
        "748": make {  // Sicredi
            $0.ourNumber = 48...62
            $0.control = nil
            $0.creditedOn = 329...336
            $0.isCreditDayLong = true
            $0.payments = ["06", "15", "16"]
        },
        "756": make {  // Sicoob
            $0.creditedOn = 176...181
            $0.fee = 182...188
            $0.payments = ["05", "06"]
        },
    ]

    /// Three banks with one manual: no fine, and the day of credit at the record's end.
    private static let factoring = make {
        $0.fine = nil
        $0.creditedOn = 386...391
        $0.payments = ["06", "08", "10"]
    }

    private static let bradescoAccount = Account(agency: 25...29, agencyDigit: nil, number: 30...36, digit: 37)
    private static let bradesco = make {
        $0.ourNumber = 71...82
        $0.titleAccount = bradescoAccount
    }

    private static func make(_ change: (inout CNABLayout) -> Void) -> CNABLayout {
        var layout = CNABLayout()
        change(&layout)
        return layout
    }
}

/// The title's columns in segment T of CNAB 240, a layout of FEBRABAN from which few banks deviate.
struct CNABSegmentT {
    var ourNumber = 38...57
    var yourNumber = 59...73
    var face = 82...96
    var control = 106...130
    var payerName = 149...188
    var fee = 199...213
    /// Occurrences that say that a title was paid: 06 settled, 17 settled after it was withdrawn or without an entry.
    var payments: Set<String> = ["06", "17"]

    static func of(_ bank: String) -> CNABSegmentT {
        var segment = CNABSegmentT()
        switch bank {
        case "033":
            // Santander has no check digit behind its account, so everything stands four or five columns earlier.
            segment.ourNumber = 41...53
            segment.yourNumber = 55...69
            segment.face = 78...92
            segment.control = 101...125
            segment.payerName = 144...183
            segment.fee = 194...208
        case "104":
            segment.ourNumber = 39...56
            segment.yourNumber = 59...69
        case "341":
            segment.ourNumber = 41...48
            segment.yourNumber = 59...68
            segment.payments = ["06", "08", "10"]
        case "756":
            segment.ourNumber = 38...47
            segment.payments = ["06", "17", "50"]
        default: break
        }
        return segment
    }
}

/// What an occurrence code says, for the sentence that tells what was passed over.
enum CNABOccurrence {
    /// What means the same at all banks.
    private static let known = [
        "02": "entry confirmed", "03": "entry refused", "09": "withdrawn", "10": "withdrawn", "14": "due day changed",
        "19": "protest ordered", "23": "sent to the notary", "25": "protested", "28": "fee",
    ]

    static func isKnown(_ code: String) -> Bool { known[code] != nil }

    static func words(_ code: String) -> String { known[code].map { "\(code) \($0)" } ?? code }
}
