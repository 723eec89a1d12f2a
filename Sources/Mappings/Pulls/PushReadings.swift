// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension Service {
    /// Which record of an answer is meant.
    struct RecordChoice: Sendable {
        struct Line: Sendable {
            var path: Path
            /// Any of them; nil: absent or empty.
            var texts: [RequestText?]
        }

        /// Where the answer lists records; nil: it is about one.
        let records: Path?
        /// What one must say to be the one that is meant.
        let lines: [Line]

        func hits(in tree: Node, _ values: RequestValues) -> [Node] {
            let all = records?.hits(in: [tree]) ?? [tree]
            return all.filter { record in lines.allSatisfy { Self.holds($0, record, values) } }
        }

        private static func holds(_ line: Line, _ record: Node, _ values: RequestValues) -> Bool {
            let said = line.path.hits(in: [record]).map { $0.ownText ?? "" }
            return line.texts.contains { text in
                let wanted = text.map { $0.filled(values) } ?? ""
                return wanted.map { wanted in said.contains(wanted) || wanted.isEmpty && said.isEmpty } ?? false
            }
        }
    }

    /// How what was written is looked for in the system whose answer to it was lost.
    struct PushSearch: Sendable {
        /// Questions whose answers the last one needs; where one of them keeps nothing, a later one may be left out.
        let before: [PushStep]
        let step: PushStep
        /// The name of what was found, in its record.
        let found: Path

        /// The record of what is looked for, and its name there.
        func hit(in tree: Node, _ values: RequestValues) -> (record: Node, name: String)? {
            step.choice.hits(in: tree, values).lazy.compactMap { record in
                found.hits(in: [record]).lazy.compactMap(\.ownText).first.map { (record, $0) }
            }.first
        }
    }

    /// Where an answer says what is open of an invoice.
    struct OpenReading: Sendable {
        let path: Path
        /// Whole minor units, as cents.
        let isMinor: Bool
        /// What is owed to us is negative there.
        let isNegated: Bool

        /// Nil where the record has no such amount.
        func money(_ record: Node?, _ currency: Currency) -> Money? {
            let text = record.flatMap { path.hits(in: [$0]).lazy.compactMap(\.ownText).first }
            guard let text, var decimal = ScaledDecimal(text) else { return nil }
            if isMinor {
                guard decimal.scale == 0 else { return nil }
                decimal.scale = currency.exponent
            }
            return decimal.money(currency).map { isNegated ? -$0 : $0 }
        }
    }
}

extension Service.Push {
    /// What the writing steps have made, so many of which are done, is looked for with this; nil where the system cannot
    /// be asked.
    func search(after written: Int) -> Service.PushSearch? {
        isStaged ? writing(written).flatMap { searches[$0] } : find
    }

    package func canFind(after written: Int) -> Bool { search(after: written) != nil }

    /// Its writing steps are looked for each by itself, so that a write goes on where it stopped.
    package var isStaged: Bool { !searches.isEmpty }

    /// How many steps write.
    package var writingCount: Int { steps.count { !$0.isSafe } }

    package var canReverse: Bool { !reverse.isEmpty }

    /// Where a write goes on of which so many writing steps are done.
    func start(after written: Int) -> Int {
        guard written > 0 else { return 0 }
        return writing(written - 1).map { $0 + 1 } ?? steps.count
    }

    /// What the writing steps that are done have made, for people.
    /// - Parameter fields: of the payment, with what was kept.
    package func standing(after written: Int, _ fields: [String: String]) -> String {
        var values = RequestValues()
        values.plain = fields
        return steps[..<start(after: written)].compactMap { $0.stands?.filled(values) }.joined(separator: " and ")
    }

    /// Where people see in the system why it has not done the next writing step, which it has accepted; nil where the
    /// mapping does not say.
    package func reason(after written: Int, _ fields: [String: String]) -> String? {
        var values = RequestValues()
        values.plain = fields
        return writing(written).flatMap { steps[$0].later?.reason?.filled(values) }
    }

    /// What its writing steps are called, so that a mapping which changed in between is noticed.
    package var stepNames: String {
        steps.lazy.filter { !$0.isSafe }.map(\.shape)
            .map { "\($0.method) \($0.base.source)\($0.path.source)" }.joined(separator: ", ")
    }

    /// The place of a writing step, counted from 0.
    private func writing(_ number: Int) -> Int? {
        let places = steps.indices.filter { !steps[$0].isSafe }
        return places.indices.contains(number) ? places[number] : nil
    }
}
