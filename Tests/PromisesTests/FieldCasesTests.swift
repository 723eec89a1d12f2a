// SPDX-License-Identifier: Apache-2.0
import Documents
import Foundation
import Promises
import Testing

/// The evaluation cases collected from systems in the field, read where they lie.
struct FieldCasesTests {
    struct Case: Decodable, CustomTestStringConvertible, Sendable {
        struct Payment: Decodable, Sendable {
            let day: String
            let minor: Int64
            init(from decoder: any Decoder) throws {
                var fields = try decoder.unkeyedContainer()
                day = try fields.decode(String.self)
                minor = try fields.decode(Int64.self)
            }
        }
        let promised_minor: Int64
        let promised_for: String
        let tolerance_days: Int
        let tolerance_minor: Int64?
        let payments: [Payment]?
        let evaluate_on: String
        let state: String?
        let reason: String?
        let next_level: Int?
        let withdrawn_on: String?
        let superseded_on: String?
        var testDescription: String { "\(payments?.count ?? 0) payments by \(evaluate_on): \(state ?? reason ?? "")" }
    }

    static let cases: [Case] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared/fixtures/channel/domain/ptp-evaluation-cases.json")
        guard let data = try? Data(contentsOf: file) else {
            print("skipped: the shared promise cases are not beside this checkout")
            return []
        }
        return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
    }()

    @Test("The field's cases come out as they say", arguments: cases)
    func evaluates(_ example: Case) throws {
        let promisedFor = try #require(Day(example.promised_for))
        let on = try #require(Day(example.evaluate_on))
        var promise = PromiseToPay(
            company: "c", customerID: "C-17",
            lines: [.init(itemID: "i", amount: Money(minorUnits: example.promised_minor, currency: .eur))],
            currency: .eur, promisedFor: promisedFor, promisedOn: try #require(Day("2026-11-18")),
            recordedBy: .agent,
            tolerance: .init(
                graceDays: example.tolerance_days, basis: .calendar, shortfall: example.tolerance_minor ?? 0),
            status: .active)
        if let day = example.withdrawn_on.flatMap({ Day($0) }) {
            let isWithdrawn = promise.withdraw(on: day, note: "")
            #expect(isWithdrawn)
        }
        if let day = example.superseded_on.flatMap({ Day($0) }) {
            let isSuperseded = promise.supersede(by: "newer", on: day)
            #expect(isSuperseded)
        }
        let cash = try (example.payments ?? []).map { payment in
            PromiseFacts.Cash(
                itemID: "i", valueDay: try #require(Day(payment.day)),
                amount: Money(minorUnits: payment.minor, currency: .eur))
        }
        let facts = PromiseFacts(cash: cash.filter { $0.valueDay <= on }, coveredThrough: on)
        let judged = promise.evaluated(with: facts, on: on, at: Timestamp(milliseconds: 0)).promise
        if let state = example.state { #expect(judged.state.rawValue == state) }
        if let reason = example.reason { #expect(judged.closeReason?.rawValue == reason) }
        if let level = example.next_level { #expect(judged.nextLevel == level) }
    }
}
