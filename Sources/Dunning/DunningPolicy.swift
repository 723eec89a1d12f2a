// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Promises

/// What a company allows the machine to say, to whom, when and how often. `policies/default.yaml` documents each key.
package struct DunningPolicy: Hashable, Sendable {
    /// A point of the cadence, counted in days from an item's due day.
    package struct Step: Hashable, Sendable {
        package var purpose: Message.Purpose
        /// 1, 2, 3 … for overdue steps; 0 for the others.
        package var number: Int
        package var day: Int

        package init(_ purpose: Message.Purpose, number: Int = 0, day: Int) {
            self.purpose = purpose
            self.number = number
            self.day = day
        }
    }

    /// What to do when several steps were passed in silence (a promise, a gap, a cut-over).
    package enum PassedSteps: String, Sendable, CaseIterable {
        /// The highest step that is reached.
        case highest
        /// The step after the last one that was said: a first contact is never the last warning.
        case oneAtATime = "one_at_a_time"
    }

    /// Minutes of a day in which messages may go out: from `opens` up to and not including `closes`.
    package struct Window: Hashable, Sendable {
        package var opens: Int
        package var closes: Int

        package init(opens: Int, closes: Int) {
            self.opens = opens
            self.closes = closes
        }
    }

    /// Contact hours of a country, in the customer's local time.
    package struct Hours: Hashable, Sendable {
        /// ISO 3166-1 alpha-2; nil for everybody else.
        package var country: String?
        /// Monday to Sunday; nil closes the day.
        package var days: [Window?]
        package var holidays: Window?
        package var calendar: BankingCalendar.Name

        package init(country: String?, days: [Window?], holidays: Window?, calendar: BankingCalendar.Name) {
            self.country = country
            self.days = days
            self.holidays = holidays
            self.calendar = calendar
        }

        package func window(on day: Day) -> Window? {
            if BankingCalendar(calendar).isHoliday(day) { return holidays }
            return days.indices.contains(day.weekday - 1) ? days[day.weekday - 1] : nil
        }
    }

    package struct Caps: Hashable, Sendable {
        package var perDay = 1
        /// In any seven days.
        package var perWeek = 2
        package var hoursBetween = 48

        package init() {}
    }

    /// How long a claim to money may be chased, in years from the due day.
    package struct Limitation: Hashable, Sendable {
        package var country: String?
        package var years: Int

        package init(country: String?, years: Int) {
            self.country = country
            self.years = years
        }
    }

    package enum Disclosure: String, Sendable, CaseIterable {
        /// No amount until one message has reached the number.
        case firstMessage = "first_message"
        /// No amount until the customer has answered that the number is theirs.
        case untilProven = "until_proven"
        case never
    }

    package enum ConfirmPayments: String, Sendable, CaseIterable {
        case always
        /// Only to a customer who said they had paid.
        case afterClaim = "after_claim"
        case never
    }

    /// What a second person must approve.
    package struct SecondPerson: Hashable, Sendable {
        /// Amounts above which it is needed. A currency that is not listed always needs it for a write-off or any other
        /// adjustment, and never for cash that is booked by hand: that gives nothing away.
        package var writeOffAbove: [Money] = []
        package var allocationAbove: [Money] = []
        package var masterData = true
        package var reopen = true
        package var post = true

        package init() {}

        /// Whatever an item is lowered by without money: write-off, discount, fee, withholding, rounding.
        package func needsSecond(adjustment amount: Money) -> Bool { Self.isAbove(amount, writeOffAbove) ?? true }
        package func needsSecond(allocation amount: Money) -> Bool { Self.isAbove(amount, allocationAbove) ?? false }

        /// Nil where the currency has no limit.
        private static func isAbove(_ amount: Money, _ limits: [Money]) -> Bool? {
            limits.first { $0.currency == amount.currency }.map { amount.magnitude.minorUnits > $0.minorUnits }
        }
    }

    package var name = "default"
    /// The largest rounding difference, per currency; in a currency that is not listed, 100 of its minor units.
    package var roundingUpTo = [Money(minorUnits: 100, currency: .brl), Money(minorUnits: 100, currency: .eur)]
    /// In order of days.
    package var steps = [
        Step(.beforeDue, day: -3), Step(.due, day: 0), Step(.overdue, number: 1, day: 7),
        Step(.overdue, number: 2, day: 21), Step(.overdue, number: 3, day: 35),
    ]
    package var passedSteps = PassedSteps.oneAtATime
    /// Days between two overdue steps while a late start is being caught up.
    package var catchUpDays = 7
    /// Days after a promise's last day within which its follow-up still makes sense.
    package var followUpWithinDays = 30
    /// The entry without a country first.
    package var hours = [
        Hours(
            country: nil, days: weekdays(8, 20, saturday: Window(opens: 540, closes: 900)), holidays: nil,
            calendar: .target),
        Hours(
            country: "BR", days: weekdays(8, 20, saturday: Window(opens: 480, closes: 840)), holidays: nil,
            calendar: .brazil),
        Hours(
            country: "CL", days: weekdays(8, 20, saturday: Window(opens: 600, closes: 780)), holidays: nil,
            calendar: .target),
        Hours(
            country: "CO", days: weekdays(7, 19, saturday: Window(opens: 480, closes: 900)), holidays: nil,
            calendar: .target),
    ]
    package var caps = Caps()
    package var minimum = [
        Money(minorUnits: 2500, currency: .brl), Money(minorUnits: 500, currency: .eur),
        Money(minorUnits: 500, currency: .usd),
    ]
    package var coverageRequired = true
    package var coverageBankingDaysMax = 2
    package var sourceDaysMax = 7
    package var claimPauseDays = 3
    package var claimPauseBasis = PromiseToPay.Tolerance.Basis.calendar
    package var promises = PromiseRules()
    package var consentRequired = true
    package var disclosure = Disclosure.firstMessage
    /// The languages on offer; the first one is for everybody else.
    package var languages = ["en", "nl", "pt-BR"]
    package var sourceDunningPauseDays = 14
    /// The entry without a country first.
    package var limitation = [
        Limitation(country: nil, years: 3), Limitation(country: "BR", years: 5),
        Limitation(country: "NL", years: 5),
    ]
    package var confirmPayments = ConfirmPayments.afterClaim
    package var confirmPaymentsWithinDays = 7
    package var exceptionDueDays = 2
    package var sourceClearingDaysMax = 14
    package var secondPerson: SecondPerson = {
        var second = SecondPerson()
        second.writeOffAbove = [Money(minorUnits: 25000, currency: .brl), Money(minorUnits: 5000, currency: .eur)]
        second.allocationAbove = [
            Money(minorUnits: 5_000_000, currency: .brl), Money(minorUnits: 1_000_000, currency: .eur),
        ]
        return second
    }()

    package init() {
        promises.confirmAbove = [
            Money(minorUnits: 5_000_000, currency: .brl), Money(minorUnits: 1_000_000, currency: .eur),
        ]
    }

    private static func weekdays(_ opens: Int, _ closes: Int, saturday: Window?) -> [Window?] {
        Array(repeating: Window(opens: opens * 60, closes: closes * 60), count: 5) + [saturday, nil]
    }
}

extension DunningPolicy {
    /// The highest number of an overdue step.
    var lastOverdueStep: Int { steps.map { $0.purpose == .overdue ? $0.number : 0 }.max() ?? 0 }

    /// Above this an amount is no rounding difference.
    package func roundingLimit(_ currency: Currency) -> Money {
        roundingUpTo.first { $0.currency == currency } ?? Money(minorUnits: 100, currency: currency)
    }

    func hours(country: String?) -> Hours? {
        hours.first { $0.country != nil && $0.country == country } ?? hours.first { $0.country == nil }
    }

    func limitationYears(country: String?) -> Int? {
        (limitation.first { $0.country != nil && $0.country == country }
            ?? limitation.first { $0.country == nil })?.years
    }

    /// Below this a message costs more good will than it brings; zero for a currency without an entry.
    func minimum(_ currency: Currency) -> Money {
        minimum.first { $0.currency == currency } ?? .zero(currency)
    }

    /// The first moment at or after `time` in contact hours; nil when no day of the next fortnight has any.
    func opening(from time: LocalTime, country: String?) -> LocalTime? {
        guard let hours = hours(country: country) else { return nil }
        for offset in 0...14 {
            let day = time.day + offset
            guard let window = hours.window(on: day) else { continue }
            if offset > 0 || time.minute < window.opens { return LocalTime(day, minute: window.opens) }
            if time.minute < window.closes { return time }
        }
        return nil
    }
}
