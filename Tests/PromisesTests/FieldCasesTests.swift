// SPDX-License-Identifier: Apache-2.0
import Documents
import Foundation
import Promises
import Testing
import TieoutTesting

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
        let promisedMinor: Int64
        let promisedFor: String
        let toleranceDays: Int
        let toleranceMinor: Int64?
        let payments: [Payment]?
        let evaluateOn: String
        let state: String?
        let reason: String?
        let nextLevel: Int?
        let withdrawnOn: String?
        let supersededOn: String?
        var testDescription: String { "\(payments?.count ?? 0) payments by \(evaluateOn): \(state ?? reason ?? "")" }
    }

    static let cases: [Case] = {
        guard let file = Repository.shared("fixtures/channel/domain/ptp-evaluation-cases.json"),
            let data = try? Data(contentsOf: file)
        else { return [] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (try? decoder.decode([Case].self, from: data)) ?? []
    }()

    @Test("The field's cases come out as they say", arguments: cases)
    func evaluates(_ example: Case) throws {
        let promisedFor = try #require(Day(example.promisedFor))
        let on = try #require(Day(example.evaluateOn))
        var promise = PromiseToPay(
            company: "c", customerID: "C-17",
            lines: [.init(itemID: "i", amount: Money(minorUnits: example.promisedMinor, currency: .eur))],
            currency: .eur, promisedFor: promisedFor, promisedOn: try #require(Day("2026-11-18")),
            recordedBy: .agent,
            tolerance: .init(
                graceDays: example.toleranceDays, basis: .calendar, shortfall: example.toleranceMinor ?? 0),
            status: .active)
        if let day = example.withdrawnOn.flatMap({ Day($0) }) {
            let isWithdrawn = promise.withdraw(on: day, note: "")
            #expect(isWithdrawn)
        }
        if let day = example.supersededOn.flatMap({ Day($0) }) {
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
        if let level = example.nextLevel { #expect(judged.nextLevel == level) }
    }
}
