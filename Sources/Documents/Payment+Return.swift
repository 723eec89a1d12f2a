// SPDX-License-Identifier: Apache-2.0

extension Payment {
    /// The method of coins and notes, where a format's own word says so.
    package static let cashMethod = "cash"

    /// Paid at the counter: no bank entry will show it. SAF-T says `NU` (Portugal) or `10` (UN/EDIFACT 4461).
    package var isCounterCash: Bool { method.map { ["cash", "NU", "10"].contains($0) } ?? false }

    /// The bank says in a field of its own that this takes an earlier payment back.
    package var isStatedReturn: Bool {
        returnReason != nil || reverses != nil || bankCode.map(Self.isReturn(bankCode:)) ?? false
    }

    /// ISO 20022 bank transaction codes of returns, rejections and reversals.
    package static func isReturn(bankCode: String) -> Bool {
        returns.occur(in: bankCode.uppercased())
    }

    private static let returns = CodeParts("RRTN", "RRCT", "ARET", "UPDD", "RDDT/PMDD", "RTRN", "RVSL")
}
