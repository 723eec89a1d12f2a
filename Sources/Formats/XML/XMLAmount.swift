// SPDX-License-Identifier: Apache-2.0
import Documents

/// Reads a decimal amount and says precisely why it is none.
enum XMLAmount {
    /// - Parameter what: The amount's name in a sentence: "the amount due for payment".
    static func read<Name: XMLName>(
        _ node: XMLNode<Name>, _ currency: Currency, what: String, severity: Fault.Severity
    ) -> Result<Money, Fault.AsError> {
        func fault(_ code: String, _ message: String, _ hint: String) -> Result<Money, Fault.AsError> {
            .failure(Fault.AsError(Fault(code, severity, at: node.position, message, hint: hint)))
        }
        guard let text = node.text else {
            return fault("AMOUNT-MISSING", "\(what) is empty", "Ask the sender for a corrected file.")
        }
        guard let decimal = node.decimal else {
            return fault(
                "AMOUNT-FORMAT", "\(what) is \"\(text.prefix(40))\", which is no decimal number",
                "Amounts are written with digits and one point (1234.56); ask the sender for a corrected file.")
        }
        guard decimal.exactly(scale: currency.exponent) != nil else {
            return fault(
                "AMOUNT-PRECISION",
                "\(what) is \(text.prefix(40)), with more decimals than \(currency.code) has (\(currency.exponent))",
                severity == .warning
                    ? "It was left out, as nothing is rounded silently; ask the sender if you need it."
                    : "Nothing is rounded silently; ask the sender for a corrected file.")
        }
        guard let money = decimal.money(currency) else {
            return fault(
                "AMOUNT-RANGE", "\(what) is \(text.prefix(40)) \(currency.code), more than any real amount",
                "Check the file; it is likely damaged or a test.")
        }
        return .success(money)
    }
}

extension Fault {
    /// A fault where Swift wants an error; it is never thrown.
    struct AsError: Error {
        let fault: Fault
        init(_ fault: Fault) { self.fault = fault }
    }
}
