// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// Every decision with its lines: `payment_id,invoice_id,amount,decision,rule,explanation,adjustment,reason`.
///
/// A row is one invoice: the payment's cash on it, and what was given up beside the cash, with its reason. What a person
/// booked is `review` as what waits for one is: only what the machine decided is `auto`.
enum AllocationRegister {
    static let header = "payment_id,invoice_id,amount,decision,rule,explanation,adjustment,reason\n"

    /// Hands the register over in pieces, on another thread than the one that reads the decisions.
    static func csv(
        _ session: Session, company: String, _ read: Aside<[String: String]>? = nil,
        _ write: @escaping @Sendable ([UInt8]) throws -> Void
    ) throws {
        let invoices = try read?.take() ?? session.invoiceOfPart(company: company)
        let pieces = RegisterPieces { piece, text in
            for index in piece.decided.indices { add(index, of: piece, invoices, to: &text) }
            try write(text)
        }
        try session.register(company: company) { try pieces.add($0) }
        try pieces.finish()
    }

    private static func add(
        _ index: Int, of piece: RegisterPiece, _ invoices: [String: String], to text: inout [UInt8]
    ) {
        let decided = piece.decided[index]
        guard let word = word(decided.state, by: decided.origin) else { return }
        let shares = shares(piece.entry(at: index), invoices)
        if shares.isEmpty { add(Share(invoice: ""), of: decided, in: piece, word, to: &text) }
        for share in shares { add(share, of: decided, in: piece, word, to: &text) }
    }

    private static func add(
        _ share: Share, of decided: RegisterPiece.Decided, in piece: RegisterPiece, _ word: String,
        to text: inout [UInt8]
    ) {
        field(piece.text(decided.paymentID), &text)
        field(share.invoice.utf8, &text)
        amount(share.cash, decided.currency, &text)
        text.append(0x2C)
        field(word.utf8, &text)
        field(piece.text(decided.rule), &text)
        field(piece.text(decided.sentence), &text)
        if share.adjustment != 0 { amount(share.adjustment, decided.currency, &text) }
        text.append(0x2C)
        text += share.reason.utf8
        text.append(0x0A)
    }

    /// `auto` is what the machine booked by itself. What a person booked went through review; what they set aside pays
    /// nothing of ours.
    static func word(_ state: StoredDecision.State, by origin: RegisterEntry.Origin) -> String? {
        switch state {
        case .committed:
            switch origin {
            case .machine: "auto"
            case .person: "review"
            case .setAside: "none"
            }
        case .waiting: "review"
        case .noted: "none"
        case .rejected, .undone: nil
        }
    }

    /// What one decision does, or would do, to one invoice.
    struct Share {
        var invoice: String
        var cash: Int64 = 0
        var adjustment: Int64 = 0
        /// Of the adjustment; of the cash, where there is none and it is no plain payment.
        var reason = ""
    }

    /// The invoices of a decision, and those of its alternatives while it waits.
    static func shares(_ entry: RegisterEntry, _ invoices: [String: String]) -> [Share] {
        var shares: [Share] = []
        func place(_ line: Line) -> Int {
            let invoice = invoices[line.itemID] ?? line.itemID
            if let known = shares.firstIndex(where: { $0.invoice == invoice }) { return known }
            shares.append(Share(invoice: invoice))
            return shares.count - 1
        }
        for line in entry.lines
        where line.reason != .cleared && line.reason != .returnCharge
            && (line.cash != 0 || (entry.state == .committed && line.adjustment != 0))
        {
            let index = place(line)
            shares[index].cash += line.cash
            // The other currency's side of an exchange is no adjustment of the payment's.
            if line.reason != .exchange { shares[index].adjustment += line.adjustment }
            if line.reason != .cash { shares[index].reason = line.reason.rawValue }
        }
        guard entry.state == .waiting else { return shares }
        let shown = shares.count
        for line in entry.alternatives where line.cash != 0 {
            let index = place(line)
            if index >= shown, shares[index].cash == 0 { shares[index].cash = line.cash }
        }
        return shares
    }

    private static func amount(_ minorUnits: Int64, _ currency: Currency, _ text: inout [UInt8]) {
        if minorUnits < 0 { text.append(0x2D) }
        Money(minorUnits: minorUnits, currency: currency).putDigits(&text)
    }

    /// The field and the comma behind it.
    private static func field(_ value: some Collection<UInt8>, _ text: inout [UInt8]) {
        let isPlain = value.allSatisfy { $0 != 0x2C && $0 != 0x22 && $0 != 0x0A && $0 != 0x0D }
        if isPlain {
            text.append(contentsOf: value)
            text.append(0x2C)
            return
        }
        text.append(0x22)
        for byte in value {
            if byte == 0x22 { text.append(0x22) }
            text.append(byte)
        }
        text.append(0x22)
        text.append(0x2C)
    }
}

extension PartialFile {
    /// The register of all decisions.
    /// - Parameter invoices: of parts, where they were read before.
    func add(_ session: Session, company: String, _ invoices: Aside<[String: String]>?) throws {
        try AllocationRegister.csv(session, company: company, invoices) { try self.add($0) }
    }
}
