// SPDX-License-Identifier: Apache-2.0
package import Documents

/// The text of a SEPA credit transfer QR code (EPC069-12, version 002), which banking apps scan or import.
///
/// ```
/// BCD / 002 / 1 / SCT / BIC / name / IBAN / EUR1180.00 / purpose / reference | text / information
/// ```
package struct EPCPayload: Hashable, Sendable {
    package enum Version: String, Sendable {
        /// Needs a BIC.
        case one = "001"
        case two = "002"
    }

    package var version = Version.two
    /// 1 is UTF-8, 2 to 8 are parts of ISO 8859; what is made here is UTF-8.
    package var characterSet = 1
    package var bic: String?
    package var name: String
    package var iban: IBAN
    /// Nil leaves the amount to the payer.
    package var amount: Money?
    /// ISO 20022 external purpose code.
    package var purpose: String?
    /// ISO 11649; never together with `text`.
    package var reference: String?
    package var text: String?
    /// Shown to the payer, not transferred.
    package var information: String?

    package static let byteCountMax = 331
    package static let amountMax: Int64 = 99_999_999_999

    private init(name: String, iban: IBAN) {
        self.name = name
        self.iban = iban
    }

    /// Checks every field and all of them together; nothing is cut or repaired beyond blanks around the value.
    /// - Parameters:
    ///   - iban: With or without spaces.
    ///   - reference: ISO 11649. Other schemes go into `text`, because EPC readers refuse them here.
    package static func make(
        name: String, iban: String, bic: String? = nil, amount: Money? = nil, purpose: String? = nil,
        reference: String? = nil, text: String? = nil, information: String? = nil
    ) -> Checked<EPCPayload> {
        var found = FaultList()
        guard let account = IBAN(iban) else {
            found.add(
                "EPC-IBAN", at: .path("/iban"), "\"\(iban)\" is not a valid IBAN.",
                hint: "Check the account number of the company.")
            return .invalid(found.faults)
        }
        var payload = EPCPayload(name: name.trimmed, iban: account)
        payload.bic = bic?.trimmed.uppercased().nonEmpty
        payload.amount = amount
        payload.purpose = purpose?.trimmed.uppercased().nonEmpty
        payload.text = text?.trimmed.nonEmpty
        payload.information = information?.trimmed.nonEmpty
        if let given = reference?.trimmed.nonEmpty {
            payload.reference = CreditorReference(given)?.text ?? given
            if CreditorReference(given) == nil {
                found.add(
                    "EPC-REFERENCE", at: .path("/reference"), "\"\(given)\" is not a valid ISO 11649 reference.",
                    hint: "Put references of other schemes into the text.")
            }
        }
        payload.check(into: &found, at: { .path($0.pointer) })
        return found.checked(payload)
    }

    /// The payload as it goes into the QR code: LF between lines, nothing after the last filled one.
    package var payload: String {
        var lines = [
            "BCD", version.rawValue, String(characterSet), "SCT", bic ?? "", name, iban.text,
            amount.map { "EUR\($0.amountText)" } ?? "", purpose ?? "", reference ?? "", text ?? "",
            information ?? "",
        ]
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    enum Field: Int {
        case bic = 5, name, iban, amount, purpose, reference, text, information

        var pointer: String {
            switch self {
            case .bic: "/bic"
            case .name: "/name"
            case .iban: "/iban"
            case .amount: "/amount"
            case .purpose: "/purpose"
            case .reference: "/reference"
            case .text: "/text"
            case .information: "/information"
            }
        }
    }

    private func check(into found: inout FaultList, at place: (Field) -> Position) {
        if name.isEmpty {
            found.add(
                "EPC-NAME", at: place(.name), "The beneficiary's name is missing.", hint: "Give the account's holder.")
        }
        found.checkText(name, max: 70, code: "EPC-NAME", at: place(.name))
        if let bic {
            if !Self.isBIC(bic) {
                found.add(
                    "EPC-BIC", at: place(.bic), "\"\(bic)\" is not a BIC of 8 or 11 characters.",
                    hint: "Correct it, or leave it out inside the European Economic Area.")
            }
        } else if version == .one || !iban.isInEconomicArea {
            found.add(
                "EPC-BIC", at: place(.bic), "Version 001, and accounts in \(iban.country), need a BIC.",
                hint: "Give the bank's BIC.")
        }
        if let amount {
            if amount.currency != .eur {
                found.add(
                    "EPC-AMOUNT", at: place(.amount), "\(amount) is not in euro.",
                    hint: "A SEPA transfer is in euro only.")
            } else if amount.minorUnits < 1 || amount.minorUnits > Self.amountMax {
                found.add(
                    "EPC-AMOUNT", at: place(.amount), "\(amount) is outside 0.01 to 999999999.99.",
                    hint: "Ask for an amount in that range.")
            }
        }
        if let purpose, !((1...4).contains(purpose.utf8.count) && purpose.utf8.allSatisfy(\.isLetterOrDigit)) {
            found.add(
                "EPC-PURPOSE", at: place(.purpose), "\"\(purpose)\" is not a purpose of 1 to 4 letters or digits.",
                hint: "Use an ISO 20022 external purpose code.")
        }
        found.checkText(reference ?? "", max: 35, code: "EPC-REFERENCE", at: place(.reference))
        found.checkText(text ?? "", max: 140, code: "EPC-TEXT", at: place(.text))
        found.checkText(information ?? "", max: 70, code: "EPC-INFORMATION", at: place(.information))
        if reference != nil, text != nil {
            found.add(
                "EPC-BOTH", at: place(.text), "A structured reference and a text are both given.",
                hint: "Give one of them.")
        }
        let bytes = payload.utf8.count
        if bytes > Self.byteCountMax {
            found.add(
                "EPC-SIZE", at: .file, "The payload has \(bytes) bytes where \(Self.byteCountMax) fit.",
                hint: "Shorten the name or the text.")
        }
    }

    private static func isBIC(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (bytes.count == 8 || bytes.count == 11) && bytes.allSatisfy(\.isLetterOrDigit)
            && bytes[0..<6].allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
    }
}

extension EPCPayload {
    /// Reads a payload back, line by line; LF and CRLF are accepted. Faults name the line.
    package static func parse(_ payload: String) -> Checked<EPCPayload> {
        var found = FaultList()
        let lines = payload.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)
        }
        func line(_ number: Int) -> String { number <= lines.count ? lines[number - 1] : "" }
        func filled(_ number: Int) -> String? { line(number).nonEmpty }

        for (number, expected) in [(1, "BCD"), (4, "SCT")] where line(number) != expected {
            found.add(
                "EPC-HEADER", at: .line(number), "\"\(expected)\" is missing.", hint: "This is no EPC069-12 payload.")
        }
        let version = Version(rawValue: line(2))
        if version == nil {
            found.add("EPC-VERSION", at: .line(2), "\"\(line(2))\" is not 001 or 002.", hint: "Use version 002.")
        }
        let characterSet = line(3).utf8.count == 1 ? Int(line(3)) : nil
        if characterSet.map({ !(1...8).contains($0) }) ?? true {
            found.add("EPC-CHARSET", at: .line(3), "\"\(line(3))\" is not 1 to 8.", hint: "Use 1 for UTF-8.")
        }
        if lines.dropFirst(12).contains(where: { !$0.isEmpty }) {
            found.add("EPC-HEADER", at: .line(13), "More than twelve lines are filled.", hint: "Remove the rest.")
        }
        guard let iban = IBAN(line(7)), iban.text == line(7) else {
            found.add(
                "EPC-IBAN", at: .line(7), "\"\(line(7))\" is not a valid IBAN.", hint: "Correct the account number.")
            return .invalid(found.faults)
        }
        var result = EPCPayload(name: line(6), iban: iban)
        result.version = version ?? .two
        result.characterSet = characterSet ?? 1
        result.bic = filled(5)
        if let text = filled(8) {
            result.amount = amount(text)
            if result.amount == nil {
                found.add(
                    "EPC-AMOUNT", at: .line(8),
                    "\"\(text)\" is not EUR and an amount with a point and at most two decimals.",
                    hint: "Write it like EUR1180.00.")
            }
        }
        result.purpose = filled(9)
        result.reference = filled(10)
        result.text = filled(11)
        result.information = filled(12)
        if let reference = result.reference, reference.hasPrefix("RF"), CreditorReference(reference) == nil {
            found.add(
                "EPC-REFERENCE", at: .line(10), "The check digits of \"\(reference)\" are wrong.",
                hint: "Correct the reference.")
        }
        result.check(into: &found, at: { .line($0.rawValue) })
        return found.checked(result)
    }

    private static func amount(_ text: String) -> Money? {
        guard text.hasPrefix("EUR"), text.utf8.count <= 15 else { return nil }
        let number = text.dropFirst(3)
        guard let first = number.utf8.first, first >= 0x30, first <= 0x39, number.utf8.last != 0x2E,
            let value = ScaledDecimal(number), value.scale <= 2
        else { return nil }
        return value.money(.eur)
    }
}
