// SPDX-License-Identifier: Apache-2.0

package import Documents

/// Something that settled payments taught, for people to see and to delete.
package struct Lesson: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// An account that pays for a customer.
        case account
        /// The name of a payer without an account who pays for a customer, and whose name is another one.
        case name
        /// A customer who keeps back the same share as tax.
        case withholding
        /// A customer whose bank keeps a fee.
        case fee
    }

    package var kind: Kind
    package var customerID: String
    /// The account or the name, letters and digits only; nil for a habit.
    package var payer: String?
    /// How many payments taught it, of how many of them a person said for whom they are, and the last of them.
    package var count: Int
    package var countByPeople: Int
    package var lastOn: Day
    /// What was kept back of what, in minor units; nil for an account.
    package var missing: Int64?
    package var total: Int64?

    package init(
        kind: Kind, customerID: String, payer: String?, count: Int, countByPeople: Int = 0, lastOn: Day,
        missing: Int64? = nil, total: Int64? = nil
    ) {
        self.kind = kind
        self.customerID = customerID
        self.payer = payer
        self.count = count
        self.countByPeople = countByPeople
        self.lastOn = lastOn
        self.missing = missing
        self.total = total
    }
}

/// A lesson that a person deleted: payments booked through a day teach it no more.
package struct ForgottenLesson: Hashable, Sendable {
    package var kind: Lesson.Kind
    package var customerID: String
    package var payer: String?
    package var through: Day

    package init(kind: Lesson.Kind, customerID: String, payer: String?, through: Day) {
        self.kind = kind
        self.customerID = customerID
        self.payer = payer
        self.through = through
    }
}

/// Which lessons are not to be learned again.
struct Forgotten {
    private var payers: [String: Day] = [:]
    private var habits: [String: Day] = [:]
    let isEmpty: Bool

    init(_ lessons: [ForgottenLesson]) {
        isEmpty = lessons.isEmpty
        for lesson in lessons {
            switch lesson.kind {
            case .account, .name:
                let key = Self.key(lesson.customerID, Folding.canonical(lesson.payer ?? ""))
                payers[key] = max(payers[key] ?? lesson.through, lesson.through)
            case .withholding, .fee:
                habits[lesson.customerID] = max(habits[lesson.customerID] ?? lesson.through, lesson.through)
            }
        }
    }

    private static func key(_ customer: String, _ payer: [UInt8]) -> String {
        customer + "\u{0}" + String(decoding: payer, as: UTF8.self)
    }

    func teachesPayer(_ payer: [UInt8]?, _ customer: String, on day: Day) -> Bool {
        guard !isEmpty, let payer, let through = payers[Self.key(customer, payer)] else { return true }
        return day > through
    }

    func teachesHabit(_ customer: String, on day: Day) -> Bool {
        guard !isEmpty, let through = habits[customer] else { return true }
        return day > through
    }
}

extension Workspace {
    /// What is known from settled payments, by kind, customer and account.
    package func lessons() -> [Lesson] {
        var payers: [String: Lesson] = [:]
        var days: [Int32: Day] = [:]
        for place in memory.settledPlaces {
            let seen = memory.seen(place)
            guard !seen.isReturned else { continue }
            let lines = memory.lines(place)
            for line in lines where line.cash > 0 {
                guard let item = catalogue.place(of: line) else { continue }
                let customer = catalogue.customerOf[Int(item)]
                days[customer] = max(days[customer] ?? seen.bookedOn, seen.bookedOn)
            }
            guard seen.isTelling, let payer = seen.payerKey.flatMap({ memory.payers[$0] }) else { continue }
            let text = String(decoding: payer, as: UTF8.self)
            for owner in customers(paidBy: lines, isSeveral: seen.isByPerson)
            where memory.owners(seen.payerKey).contains(owner) {
                let customer = catalogue.customers[Int(owner)].id
                let key = customer + "/" + text
                let kind: Lesson.Kind = seen.accountKey == nil ? .name : .account
                var lesson =
                    payers[key]
                    ?? Lesson(kind: kind, customerID: customer, payer: text, count: 0, lastOn: seen.bookedOn)
                lesson.count += 1
                if seen.isByPerson { lesson.countByPeople += 1 }
                lesson.lastOn = max(lesson.lastOn, seen.bookedOn)
                payers[key] = lesson
            }
        }
        var lessons = payers.keys.sorted().compactMap { payers[$0] }
        for place in catalogue.customers.indices {
            let customer = Int32(truncatingIfNeeded: place)
            let habits = memory.habits(of: customer)
            guard let day = days[customer] else { continue }
            let id = catalogue.customers[place].id
            if let usual = habits.usual({ isKnownShare($0.missing, of: $0.total) }) {
                let count = habits.sightings.count { Habits.isAlike($0, usual) }
                lessons.append(
                    Lesson(
                        kind: .withholding, customerID: id, payer: nil, count: count, lastOn: day,
                        missing: usual.missing, total: usual.total))
                continue
            }
            let fees = habits.fees { isFee($0, .eur) }
            if let last = fees.last {
                lessons.append(
                    Lesson(
                        kind: .fee, customerID: id, payer: nil, count: fees.count, lastOn: day,
                        missing: last.missing, total: last.total))
            }
        }
        return lessons
    }

    /// Whether a rule is strong enough to learn from what it settled for whom a payer pays.
    static func teaches(_ rule: Rule) -> Bool {
        switch rule {
        case .refFieldExact, .refTextExact, .refCustomer, .numberExact, .numbersSum, .numberDiscount, .refDiscount: true
        default: false
        }
    }
}
