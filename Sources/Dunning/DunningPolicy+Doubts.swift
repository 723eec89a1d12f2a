// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger

extension DunningPolicy {
    /// What speaks against asking for all that is open on items, one answer an item, whoever asks and however: they are
    /// paid already, as far as anybody knows, disputed, or somebody else collects them.
    package func doubts(
        about items: Set<String>, in snapshot: AccountSnapshot, on day: Day
    ) -> [GateDecision] {
        var context = GateContext(snapshot: snapshot, policy: self, day: day, local: nil)
        let standings = snapshot.chaseable.map { standing(of: $0, in: snapshot, on: day) }
        context.cover = CreditCover(context, standings)
        return standings.filter { items.contains($0.id) }.compactMap { standing in
            Gates.paying.lazy.compactMap { $0.decide(context, standing) }.first ?? lessAsked(standing, context)
        }
    }

    /// A part of it is covered, promised or on its way.
    private func lessAsked(_ standing: Standing, _ context: GateContext) -> GateDecision? {
        let line = line(standing, context)
        guard line.asked.minorUnits < line.open.minorUnits else { return nil }
        return GateDecision(
            "NET-ZERO", .hold, subject: standing.id,
            "Of \(line.open) on invoice \(line.number) a reminder would ask for \(line.asked); the rest is covered, "
                + "promised or on its way.")
    }
}
