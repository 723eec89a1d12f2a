// SPDX-License-Identifier: Apache-2.0
package import Documents

/// The buckets of an aged balance by days overdue; open credits and unapplied cash stay lines of their own.
package struct Aging: Hashable, Sendable {
    package enum Bucket: Int, Sendable, CaseIterable {
        case notDue, days1to30, days31to60, days61to90, days91to120, over120

        package init(daysOverdue: Int) {
            switch daysOverdue {
            case ...0: self = .notDue
            case ...30: self = .days1to30
            case ...60: self = .days31to60
            case ...90: self = .days61to90
            case ...120: self = .days91to120
            default: self = .over120
            }
        }

        /// The column's key in JSON and CSV.
        package var key: String {
            switch self {
            case .notDue: "not_due"
            case .days1to30: "days_1_30"
            case .days31to60: "days_31_60"
            case .days61to90: "days_61_90"
            case .days91to120: "days_91_120"
            case .over120: "over_120"
            }
        }
    }

    /// Minor units per bucket, in the order of `Bucket.allCases`.
    package var buckets = [Int64](repeating: 0, count: Bucket.allCases.count)
    /// Open credit notes, negative.
    package var openCredits: Int64 = 0
    /// Cash not applied yet, as the negative amount by which it lowers the balance.
    package var unappliedCash: Int64 = 0

    package init() {}

    package var itemsTotal: Int64 { buckets.reduce(0, +) }
    /// What customers owe, net: the figure the roll-forward closes with.
    package var total: Int64 { itemsTotal + openCredits + unappliedCash }

    package subscript(bucket: Bucket) -> Int64 { buckets[bucket.rawValue] }

    package mutating func add(open: Int64, isCredit: Bool, dueOn: Day, asOf day: Day) {
        if isCredit || open < 0 {
            openCredits += open
        } else {
            buckets[Bucket(daysOverdue: day - dueOn).rawValue] += open
        }
    }

    package mutating func add(unapplied: Int64) { unappliedCash -= unapplied }

    package static func + (left: Aging, right: Aging) -> Aging {
        var sum = left
        for index in sum.buckets.indices { sum.buckets[index] += right.buckets[index] }
        sum.openCredits += right.openCredits
        sum.unappliedCash += right.unappliedCash
        return sum
    }
}
