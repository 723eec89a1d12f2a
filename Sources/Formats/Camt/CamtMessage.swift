// SPDX-License-Identifier: Apache-2.0
import Documents

/// The three messages in which a bank reports entries; they share the entry and differ in what they prove.
enum CamtMessage: String, CaseIterable {
    /// Intraday: entries so far, some of them not booked yet.
    case report = "camt.052"
    /// The account's book: each booked entry once, between balances.
    case statement = "camt.053"
    /// Single credits and debits, often the details behind one entry of the statement.
    case notification = "camt.054"

    /// From an ISO 20022 namespace's last part, such as `camt.053.001.08`.
    init?(_ message: String) {
        self.init(rawValue: String(message.prefix(8)))
    }

    /// From the bytes of a file without a namespace, by the element that all versions of a message begin with.
    init?(head: [UInt8]) {
        let found = Self.allCases.first { message in
            let wanted = Array("<\(message.container.rawValue)".utf8)
            guard head.count >= wanted.count else { return false }
            return (0...(head.count - wanted.count)).contains { start in
                head[start] == 0x3C && head[start..<(start + wanted.count)].elementsEqual(wanted)
            }
        }
        guard let found else { return nil }
        self = found
    }

    init?(item: CamtName) {
        guard let found = Self.allCases.first(where: { $0.item == item }) else { return nil }
        self = found
    }

    var container: CamtName {
        switch self {
        case .report: .bankToCustomerReport
        case .statement: .bankToCustomerStatement
        case .notification: .bankToCustomerNotification
        }
    }

    private var containerV1: CamtName {
        switch self {
        case .report: .bankToCustomerReportV1
        case .statement: .bankToCustomerStatementV1
        case .notification: .bankToCustomerNotificationV1
        }
    }

    /// The element of one account.
    var item: CamtName {
        switch self {
        case .report: .report
        case .statement: .statement
        case .notification: .notification
        }
    }

    func isContainer(_ name: CamtName?) -> Bool { name == container || name == containerV1 }

    /// The name of its item in a sentence.
    var words: String {
        switch self {
        case .report: "report"
        case .statement: "statement"
        case .notification: "notification"
        }
    }

    var kind: Statement.Kind {
        switch self {
        case .report: .report
        case .statement: .statement
        case .notification: .notification
        }
    }
}
