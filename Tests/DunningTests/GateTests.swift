// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Testing

/// Every gate both ways: the change that makes it say no, and the smallest one that leaves its yes.
struct GateTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let rule: String
        var verdict = PlanLine.Verdict.held
        let closes: @Sendable (inout AccountSnapshot, inout DunningPolicy) -> Void
        let opens: @Sendable (inout AccountSnapshot, inout DunningPolicy) -> Void
        var testDescription: String { rule }

        init(
            _ rule: String, verdict: PlanLine.Verdict = .held,
            closes: @escaping @Sendable (inout AccountSnapshot, inout DunningPolicy) -> Void,
            opens: @escaping @Sendable (inout AccountSnapshot, inout DunningPolicy) -> Void
        ) {
            self.rule = rule
            self.verdict = verdict
            self.closes = closes
            self.opens = opens
        }
    }

    static let rows: [Row] = [
        Row(
            "FIRST-PARTY", closes: { s, _ in s.company.firstParty = false },
            opens: { s, _ in s.company.firstParty = true }),
        Row(
            "COVERAGE-GAP", closes: { s, _ in s.accounts = [gap(from: "2026-09-01", to: "2026-09-01")] },
            opens: { s, _ in s.accounts = [gap(from: "2026-06-01", to: "2026-06-30")] }),
        Row(
            "COVERAGE-STALE", closes: { s, _ in s.accounts = [.init(id: "a", through: Scene.day("2026-09-11"))] },
            opens: { s, _ in s.accounts = [.init(id: "a", through: Scene.day("2026-09-14"))] }),
        Row(
            "COVERAGE-STALE", closes: { s, _ in s.accounts = [] },
            opens: { s, p in
                s.accounts = []
                p.coverageRequired = false
            }),
        Row(
            "SOURCE-STALE", closes: { s, _ in s.sources = [.init(id: "books", asOf: Scene.today - 8)] },
            opens: { s, _ in s.sources = [.init(id: "books", asOf: Scene.today - 8, daysMax: 20)] }),
        Row(
            "SOURCE-STALE", closes: { s, _ in s.sources[0].asOf = nil },
            opens: { s, _ in s.sources[0].asOf = Scene.today - 7 }),
        Row(
            "OPT-OUT", closes: { s, _ in s.optedOutOn = Scene.today - 1 },
            opens: { s, _ in s.customer.optedOut = false }),
        Row("OPT-OUT", closes: { s, _ in s.customer.optedOut = true }, opens: { s, _ in s.optedOutOn = nil }),
        Row(
            "CONSENT", closes: { s, _ in s.customer.optedIn = nil },
            opens: { s, p in
                s.customer.optedIn = nil
                p.consentRequired = false
            }),
        Row("CONSENT", closes: { s, _ in s.customer.optedIn = false }, opens: { s, _ in s.customer.optedIn = true }),
        Row(
            "DO-NOT-AUTOMATE", closes: { s, _ in s.customer.doNotAutomate = true },
            opens: { s, _ in s.customer.doNotAutomate = false }),
        Row(
            "HOLD", closes: { s, _ in s.holds = [hold(through: "2026-09-16")] },
            opens: { s, _ in s.holds = [hold(through: "2026-09-15")] }),
        Row(
            "HOLD", closes: { s, _ in s.holds = [hold(items: ["A"], through: nil)] },
            opens: { s, _ in s.holds = [hold(items: ["B"], through: nil)] }),
        Row(
            "PROMISE-ACTIVE",
            closes: { s, _ in s.promises = [Scene.promise([("A", 118_000)], on: "2026-09-10", for: "2026-09-30")] },
            opens: { s, _ in s.promises = [Scene.promise([("B", 118_000)], on: "2026-09-10", for: "2026-09-30")] }),
        Row(
            "PROMISE-PROPOSED",
            closes: { s, _ in
                s.promises = [Scene.promise([("A", 1)], on: "2026-09-14", for: "2026-09-30", status: .proposed)]
            },
            opens: { s, _ in
                s.promises = [Scene.promise([("A", 1)], on: "2026-09-13", for: "2026-09-30", status: .proposed)]
            }),
        Row(
            "CLAIMED-PAYMENT",
            closes: { s, _ in s.claims = [.init(id: "S", items: ["A"], claimedOn: Scene.today - 3)] },
            opens: { s, _ in
                s.claims = [.init(id: "S", items: ["A"], claimedOn: Scene.today - 3, resolvedOn: Scene.today)]
            }),
        Row(
            "CLAIMED-PAYMENT", closes: { s, _ in s.claims = [.init(id: "S", claimedOn: Scene.today)] },
            opens: { s, _ in s.claims = [.init(id: "S", items: ["B"], claimedOn: Scene.today)] }),
        Row(
            "DISPUTE", closes: { s, _ in s.disputes = [dispute(.open)] },
            opens: { s, _ in s.disputes = [dispute(.resolved)] }),
        Row("DISPUTE", closes: { s, _ in s.items[0].disputed = true }, opens: { s, _ in s.items[0].disputed = false }),
        Row(
            "DIRECT-DEBIT", closes: { s, _ in s.items[0].directDebit = true },
            opens: { s, _ in
                s.items[0].directDebit = true
                s.items[0].returnedOn = Scene.day("2026-09-14")
            }),
        Row(
            "IN-TRANSIT", closes: { s, _ in s.items[0].inTransit = Scene.euro(118_000) },
            opens: { s, _ in s.items[0].inTransit = Scene.euro(117_000) }),
        Row(
            "DUNNING-BLOCKED", closes: { s, _ in s.items[0].dunningBlocked = true },
            opens: { s, _ in s.items[0].dunningBlocked = false }),
        Row(
            "DUNNED-AT-SOURCE", closes: { s, _ in s.items[0].sourceDunnedOn = Scene.today - 14 },
            opens: { s, _ in s.items[0].sourceDunnedOn = Scene.today - 15 }),
        Row(
            "DUNNED-AT-SOURCE", closes: { s, _ in s.items[0].sourceDunningLevel = 1 },
            opens: { s, _ in s.items[0].sourceDunningLevel = 0 }),
        Row("FACTORED", closes: { s, _ in s.items[0].factored = true }, opens: { s, _ in s.items[0].factored = false }),
        Row(
            "AT-AGENCY", closes: { s, _ in s.items[0].atAgency = true }, opens: { s, _ in s.items[0].atAgency = false }),
        Row(
            "LIMITATION-AGE", closes: { s, _ in s.items = [Scene.item("A", due: "2021-09-15", issued: "2021-09-01")] },
            opens: { s, _ in s.items = [Scene.item("A", due: "2021-09-16", issued: "2021-09-01")] }),
        Row(
            "STEPS-EXHAUSTED", verdict: .person, closes: { s, _ in exhaust(&s, last: 3) },
            opens: { s, _ in exhaust(&s, last: 2) }),
        Row(
            "NET-ZERO", closes: { s, _ in s.openCredits = [Scene.euro(118_000)] },
            opens: { s, _ in s.openCredits = [Scene.euro(117_000)] }),
        Row(
            "NET-ZERO",
            closes: { s, _ in
                s.openCredits = [Scene.euro(18_000)]
                s.unapplied = [Scene.euro(100_000)]
            },
            opens: { s, _ in s.unapplied = [Money(minorUnits: 118_000, currency: .usd)] }),
        Row(
            "MINIMUM-AMOUNT", closes: { s, _ in s.unapplied = [Scene.euro(117_501)] },
            opens: { s, _ in s.unapplied = [Scene.euro(117_500)] }),
        Row(
            "CAP-DAY", closes: { s, _ in s.history = [Scene.said(.due, items: ["B"], on: "2026-09-16")] },
            opens: { s, _ in s.history = [Scene.said(.paymentConfirmation, items: ["B"], on: "2026-09-16")] }),
        Row(
            "CAP-WEEK",
            closes: { s, _ in
                s.history = [
                    Scene.said(.due, items: ["B"], on: "2026-09-10"), Scene.said(.due, items: ["C"], on: "2026-09-13"),
                ]
            },
            opens: { s, _ in
                s.history = [
                    Scene.said(.due, items: ["B"], on: "2026-09-09"), Scene.said(.due, items: ["C"], on: "2026-09-13"),
                ]
            }),
        Row(
            "SPACING-48H", closes: { s, _ in s.history = [Scene.said(.due, items: ["B"], on: "2026-09-15")] },
            opens: { s, _ in s.history = [Scene.said(.due, items: ["B"], on: "2026-09-14")] }),
        Row("QUIET-HOURS", closes: { _, p in p.hours[0].days[2] = nil }, opens: { _, p in p.hours[0].days[3] = nil }),
    ]

    @Test("A gate that closes names its rule, and its yes and no are kept", arguments: rows)
    func closes(_ row: Row) throws {
        var (snapshot, policy) = (Scene.overdue, DunningPolicy())
        row.closes(&snapshot, &policy)
        let lines = Scene.plan(snapshot, policy: policy)
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.rule == row.rule)
        #expect(line.verdict == row.verdict)
        #expect(line.message == nil)
        let no = try #require(line.gates.first { $0.rule == row.rule && !$0.allows })
        #expect(no.sentence.hasSuffix("."))
    }

    @Test("The smallest change the other way lets the message through", arguments: rows)
    func opens(_ row: Row) throws {
        var (snapshot, policy) = (Scene.overdue, DunningPolicy())
        row.opens(&snapshot, &policy)
        let line = try #require(Scene.plan(snapshot, policy: policy).first)
        #expect(line.verdict == .say)
        #expect(line.rule == nil)
        let message = try #require(line.message)
        #expect(message.decidedBy.contains { $0.rule == row.rule && $0.allows })
        #expect(message.decidedBy == line.gates)
    }

    @Test("A lapsed claim goes to a person, and nothing harsher is said")
    func lapsedClaim() {
        var snapshot = Scene.overdue
        snapshot.claims = [.init(id: "S", items: ["A"], claimedOn: Scene.today - 4)]
        let lines = Scene.plan(snapshot)
        #expect(Scene.glance(lines) == ["held overdue_1 CLAIMED-PAYMENT A"])
        #expect(lines.flatMap(\.exceptions).map(\.kind) == ["CLAIM-LAPSED"])
        #expect(lines.first?.gates.last?.verdict == .deny)
    }

    @Test("A gap comes before anything the customer wants, because nothing can be decided without it")
    func gapFirst() {
        var snapshot = Scene.overdue
        snapshot.accounts = [Self.gap(from: "2026-09-03", to: "2026-09-04")]
        snapshot.customer.optedIn = false
        snapshot.promises = [Scene.promise([("A", 118_000)], on: "2026-09-10", for: "2026-09-30")]
        let lines = Scene.plan(snapshot)
        #expect(Scene.glance(lines) == ["held overdue_1 COVERAGE-GAP A"])
        #expect(lines.first?.gates.contains { $0.sentence.contains("2026-09-03 to 2026-09-04") } == true)
    }

    @Test("Without a time zone nobody knows whether it is night")
    func noTimeZone() {
        let lines = DunningPolicy().plan(for: Scene.overdue, on: Scene.today, local: nil)
        #expect(Scene.glance(lines) == ["held overdue_1 QUIET-HOURS A"])
    }

    @Test(
        "Contact hours open, wait for the day, or wait for another day",
        arguments: [
            ("2026-09-16", 479, "NL", "say from 2026-09-16 08:00"), ("2026-09-16", 480, "NL", "say"),
            ("2026-09-16", 1199, "NL", "say"), ("2026-09-16", 1200, "NL", "held until 2026-09-17 08:00"),
            ("2026-09-19", 899, "NL", "say"), ("2026-09-19", 900, "NL", "held until 2026-09-21 08:00"),
            ("2026-09-20", 600, "NL", "held until 2026-09-21 08:00"),
            ("2026-09-19", 839, "BR", "say"), ("2026-09-19", 840, "BR", "held until 2026-09-21 08:00"),
            ("2026-10-12", 600, "BR", "held until 2026-10-13 08:00"), ("2026-10-12", 600, "NL", "say"),
        ] as [(String, Int, String, String)])
    func contactHours(_ date: String, _ minute: Int, _ country: String, _ expected: String) throws {
        let day = Scene.day(date)
        var snapshot = Scene.snapshot([Scene.item("A", due: (day - 7).text)])
        snapshot.customer.country = country
        snapshot.accounts = [.init(id: "a", through: day - 1)]
        snapshot.sources = []
        let line = try #require(Scene.plan(snapshot, on: day, local: LocalTime(day, minute: minute)).first)
        let opens = line.message?.notBeforeLocal.map { " from " + $0.text } ?? ""
        let until = line.until.map { " until " + $0.text } ?? ""
        #expect("\(line.verdict)\(opens)\(until)" == expected)
    }

    @Test("Forty-eight hours end at a minute, not at a day")
    func spacingMinute() throws {
        var snapshot = Scene.overdue
        snapshot.history = [Scene.said(.due, items: ["B"], on: "2026-09-14", minute: 900)]
        let line = try #require(Scene.plan(snapshot).first)
        #expect(line.message?.notBeforeLocal == LocalTime(Scene.today, minute: 900))
    }

    private static func gap(from: String, to: String) -> AccountSnapshot.Account {
        let frames = [
            Coverage.Frame(from: Scene.day("2026-05-01"), to: Scene.day(from) - 1),
            Coverage.Frame(from: Scene.day(to) + 1, to: Scene.today - 1),
        ]
        let coverage = Coverage.chain(account: "NL91", frames: frames, calendar: BankingCalendar(.target))
        return AccountSnapshot.Account(coverage, lastDay: Scene.today - 1)
    }

    private static func hold(items: [String] = [], through: String?) -> Hold {
        Hold(
            id: "H", company: "lantern", customerID: "C-1", items: items, kind: .hardship, reason: "asked for time",
            setBy: "mara", from: Scene.day("2026-09-01"), through: through.flatMap { Day($0) })
    }

    private static func dispute(_ state: Dispute.State) -> Dispute {
        Dispute(
            id: "D", company: "lantern", customerID: "C-1", invoiceID: "A", reason: "quantity",
            openedOn: Scene.day("2026-09-10"), state: state)
    }

    private static func exhaust(_ snapshot: inout AccountSnapshot, last: Int) {
        snapshot.items = [Scene.item("A", due: "2026-08-01")]
        let days = ["2026-08-08", "2026-08-22", "2026-09-05"]
        snapshot.history = (1...last).map { Scene.said(.overdue, $0, on: days[$0 - 1], period: "2026-08-01") }
    }
}
