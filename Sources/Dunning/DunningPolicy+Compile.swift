// SPDX-License-Identifier: Apache-2.0
package import Documents
import Promises
package import Trees

extension DunningPolicy {
    /// Reads a policy from its tree. A key that is left out keeps its default; the policy is nil when anything is
    /// wrong, and the faults name all of it.
    package static func compile(_ node: Node) -> (policy: DunningPolicy?, faults: [Fault]) {
        var reader = PolicyReader()
        var policy = DunningPolicy()
        let root = reader.keys(
            node, "policy",
            known: [
                "name", "steps", "passed_steps", "catch_up_days", "promise_follow_up_within_days", "hours", "caps",
                "minimum_amount", "coverage", "invoice_source", "claimed_payment", "promises", "consent",
                "first_disclosure", "languages", "source_dunning", "limitation_years", "payment_confirmation",
                "exceptions", "source_clearing", "second_person", "rounding",
            ])
        if let root {
            if let name = root["name"]?.scalar { policy.name = name }
            policy.readCadence(root, &reader)
            policy.readHours(root["hours"], &reader)
            policy.readLimits(root, &reader)
            policy.readPromises(root["promises"], &reader)
            policy.readPeople(root, &reader)
        } else if reader.faults.isEmpty {
            reader.report(node, "policy", "The policy is empty.", hint: "Start from policies/default.yaml.")
        }
        return (reader.faults.isEmpty ? policy : nil, reader.faults)
    }

    private mutating func readCadence(_ root: Node, _ reader: inout PolicyReader) {
        reader.choice(root["passed_steps"], "passed_steps", into: &passedSteps)
        reader.integer(root["catch_up_days"], "catch_up_days", 0...90, into: &catchUpDays)
        reader.integer(
            root["promise_follow_up_within_days"], "promise_follow_up_within_days", 0...365, into: &followUpWithinDays)
        guard let list = root["steps"] else { return }
        guard let items = list.items, !items.isEmpty else {
            reader.report(list, "steps", "steps is \(list.kind).", hint: "Write a list of steps with purpose and day.")
            return
        }
        var read: [Step] = []
        for (index, item) in items.enumerated() {
            let path = "steps/\(index)"
            guard let entry = reader.keys(item, path, known: ["purpose", "step", "day"]) else { continue }
            let allowed: [Message.Purpose] = [.beforeDue, .due, .overdue]
            guard let purpose = entry["purpose"]?.scalar.flatMap({ Message.Purpose(rawValue: $0) }),
                allowed.contains(purpose), let dayNode = entry["day"]
            else {
                reader.report(
                    item, path, "\(path) has no purpose and day of the cadence.",
                    hint: "Write purpose: before_due, due or overdue, and day: days from the due day.")
                continue
            }
            var step = Step(purpose, day: 0)
            reader.integer(dayNode, path + "/day", -90...730, into: &step.day)
            if purpose == .overdue { step.number = 1 }
            reader.integer(entry["step"], path + "/step", 1...9, into: &step.number)
            if purpose != .overdue { step.number = 0 }
            read.append(step)
        }
        let days = read.map(\.day)
        let overdue = read.filter { $0.purpose == .overdue }
        let fits = read.allSatisfy {
            switch $0.purpose {
            case .beforeDue: $0.day < 0
            case .due: $0.day == 0
            default: $0.day > 0
            }
        }
        guard fits, days == days.sorted(), Set(days).count == days.count,
            overdue.map(\.number) == overdue.indices.map({ $0 + 1 })
        else {
            reader.report(
                list, "steps", "The steps are not in order.",
                hint: "List before_due (negative days), due (day 0), overdue 1, 2, 3 … with rising days.")
            return
        }
        steps = read
    }

    private mutating func readHours(_ node: Node?, _ reader: inout PolicyReader) {
        guard let entries = reader.keys(node, "hours", known: node?.entries?.map(\.key) ?? [])?.entries else { return }
        let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        var read: [Hours] = []
        for entry in entries {
            let path = "hours/\(entry.key)"
            guard let map = reader.keys(entry.value, path, known: week + ["weekdays", "holidays", "calendar"]) else {
                continue
            }
            var hours = Hours(
                country: entry.key == "default" ? nil : entry.key, days: Array(repeating: nil, count: 7),
                holidays: nil, calendar: .target)
            if let weekdays = map["weekdays"] {
                let window = reader.window(weekdays, path + "/weekdays")
                for index in 0..<5 { hours.days[index] = window }
            }
            for (index, name) in week.enumerated() {
                if let day = map[name] { hours.days[index] = reader.window(day, "\(path)/\(name)") }
            }
            if let holidays = map["holidays"] { hours.holidays = reader.window(holidays, path + "/holidays") }
            reader.choice(map["calendar"], path + "/calendar", into: &hours.calendar)
            read.append(hours)
        }
        guard read.contains(where: { $0.country == nil }) else {
            if let node {
                reader.report(
                    node, "hours", "hours has no default.", hint: "Write default: for customers of every other country."
                )
            }
            return
        }
        hours = read.sorted { ($0.country ?? "") < ($1.country ?? "") }
    }

    private mutating func readLimits(_ root: Node, _ reader: inout PolicyReader) {
        if let node = reader.keys(root["caps"], "caps", known: ["per_day", "per_week", "hours_between"]) {
            reader.integer(node["per_day"], "caps/per_day", 0...10, into: &caps.perDay)
            reader.integer(node["per_week"], "caps/per_week", 0...50, into: &caps.perWeek)
            reader.integer(node["hours_between"], "caps/hours_between", 0...720, into: &caps.hoursBetween)
        }
        reader.amounts(root["minimum_amount"], "minimum_amount", into: &minimum)
        if let node = reader.keys(root["coverage"], "coverage", known: ["required", "max_age_banking_days"]) {
            reader.flag(node["required"], "coverage/required", into: &coverageRequired)
            reader.integer(
                node["max_age_banking_days"], "coverage/max_age_banking_days", 0...60, into: &coverageBankingDaysMax)
        }
        if let node = reader.keys(root["invoice_source"], "invoice_source", known: ["max_age_days"]) {
            reader.integer(node["max_age_days"], "invoice_source/max_age_days", 0...366, into: &sourceDaysMax)
        }
        if let node = reader.keys(root["claimed_payment"], "claimed_payment", known: ["pause_days", "basis"]) {
            reader.integer(node["pause_days"], "claimed_payment/pause_days", 0...30, into: &claimPauseDays)
            reader.basis(node["basis"], "claimed_payment/basis", into: &claimPauseBasis)
        }
        if let node = reader.keys(root["source_dunning"], "source_dunning", known: ["pause_days"]) {
            reader.integer(node["pause_days"], "source_dunning/pause_days", 0...366, into: &sourceDunningPauseDays)
        }
        if let entries = root["limitation_years"]?.entries {
            limitation = []
            for entry in entries {
                var years = 3
                reader.integer(entry.value, "limitation_years/\(entry.key)", 1...30, into: &years)
                limitation.append(Limitation(country: entry.key == "default" ? nil : entry.key, years: years))
            }
            limitation.sort { ($0.country ?? "") < ($1.country ?? "") }
        }
        if let node = reader.keys(root["source_clearing"], "source_clearing", known: ["max_days"]) {
            reader.integer(node["max_days"], "source_clearing/max_days", 0...366, into: &sourceClearingDaysMax)
        }
    }

    private mutating func readPromises(_ node: Node?, _ reader: inout PolicyReader) {
        guard
            let node = reader.keys(
                node, "promises",
                known: [
                    "grace_days", "grace_basis", "shortfall", "shortfall_percent", "furthest_days",
                    "full_hold_percent", "times_max", "proposed_days", "confirm_above",
                ])
        else { return }
        reader.integer(node["grace_days"], "promises/grace_days", 0...30, into: &promises.graceDays)
        reader.basis(node["grace_basis"], "promises/grace_basis", into: &promises.basis)
        reader.decimal(node["shortfall"], "promises/shortfall", into: &promises.shortfall)
        reader.decimal(node["shortfall_percent"], "promises/shortfall_percent", into: &promises.shortfallPercent)
        reader.integer(node["furthest_days"], "promises/furthest_days", 1...366, into: &promises.furthestDays)
        reader.integer(
            node["full_hold_percent"], "promises/full_hold_percent", 0...100, into: &promises.fullHoldPercent)
        reader.integer(node["times_max"], "promises/times_max", 1...20, into: &promises.timesMax)
        reader.integer(node["proposed_days"], "promises/proposed_days", 0...2, into: &promises.proposedDays)
        reader.amounts(node["confirm_above"], "promises/confirm_above", into: &promises.confirmAbove)
    }

    private mutating func readPeople(_ root: Node, _ reader: inout PolicyReader) {
        if let node = reader.keys(root["consent"], "consent", known: ["required"]) {
            reader.flag(node["required"], "consent/required", into: &consentRequired)
        }
        reader.choice(root["first_disclosure"], "first_disclosure", into: &disclosure)
        if let list = root["languages"] {
            let codes = list.items?.compactMap(\.scalar) ?? []
            let unknown = codes.filter { Wording.of($0) == nil }
            if codes.isEmpty || !unknown.isEmpty {
                reader.report(
                    list, "languages", "languages has no wording for “\(unknown.joined(separator: ", "))”.",
                    hint: "List one or more of: \(Wording.all.map(\.code).joined(separator: ", ")).")
            } else {
                languages = codes
            }
        }
        if let node = reader.keys(root["payment_confirmation"], "payment_confirmation", known: ["when", "within_days"])
        {
            reader.choice(node["when"], "payment_confirmation/when", into: &confirmPayments)
            reader.integer(
                node["within_days"], "payment_confirmation/within_days", 0...60, into: &confirmPaymentsWithinDays)
        }
        if let node = reader.keys(root["exceptions"], "exceptions", known: ["due_days"]) {
            reader.integer(node["due_days"], "exceptions/due_days", 0...60, into: &exceptionDueDays)
        }
        if let node = reader.keys(root["rounding"], "rounding", known: ["up_to"]) {
            reader.amounts(node["up_to"], "rounding/up_to", into: &roundingUpTo)
        }
        let known = ["write_off_above", "allocation_above", "master_data", "reopen", "post"]
        if let node = reader.keys(root["second_person"], "second_person", known: known) {
            reader.amounts(node["write_off_above"], "second_person/write_off_above", into: &secondPerson.writeOffAbove)
            reader.amounts(
                node["allocation_above"], "second_person/allocation_above", into: &secondPerson.allocationAbove)
            reader.flag(node["master_data"], "second_person/master_data", into: &secondPerson.masterData)
            reader.flag(node["reopen"], "second_person/reopen", into: &secondPerson.reopen)
            reader.flag(node["post"], "second_person/post", into: &secondPerson.post)
        }
    }
}
