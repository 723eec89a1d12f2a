// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension Service {
    /// How a payment is looked for in the system whose answer to it was lost.
    struct PushSearch: Sendable {
        struct Line: Sendable {
            var path: Path
            /// Any of them; nil: absent or empty.
            var texts: [RequestText?]
        }

        let step: PushStep
        /// Where the answer lists payments; nil: it is about one.
        let records: Path?
        /// What one must say to be the one that is looked for.
        let lines: [Line]
        /// The name of what was found, in the payment.
        let found: Path

        func hit(in tree: Node, _ values: RequestValues) -> String? {
            let all = records?.hits(in: [tree]) ?? [tree]
            return all.lazy.filter { record in lines.allSatisfy { Self.holds($0, record, values) } }
                .compactMap { found.hits(in: [$0]).lazy.compactMap(\.ownText).first }.first
        }

        private static func holds(_ line: Line, _ record: Node, _ values: RequestValues) -> Bool {
            let said = line.path.hits(in: [record]).map { $0.ownText ?? "" }
            return line.texts.contains { text in
                let wanted = text.map { $0.filled(values) } ?? ""
                return wanted.map { wanted in said.contains(wanted) || wanted.isEmpty && said.isEmpty } ?? false
            }
        }
    }

    /// Where an answer says what is open of an invoice.
    struct OpenReading: Sendable {
        let path: Path
        /// Whole minor units, as cents.
        let isMinor: Bool

        /// Nil where the answer has no such amount.
        func money(_ answer: PullAnswer, _ currency: Currency) -> Money? {
            let text = answer.tree.flatMap { path.hits(in: [$0]).lazy.compactMap(\.ownText).first }
            guard let text, var decimal = ScaledDecimal(text) else { return nil }
            if isMinor {
                guard decimal.scale == 0 else { return nil }
                decimal.scale = currency.exponent
            }
            return decimal.money(currency)
        }
    }
}
