// SPDX-License-Identifier: Apache-2.0
package import Documents

/// A Pix BR Code (EMV merchant-presented QR, BCB *Manual de Padrões para Iniciação do Pix*): "Pix copia e cola".
///
/// Tieout makes static codes, which need no provider, and reads both kinds. ASCII only.
package struct PixPayload: Hashable, Sendable {
    package enum Receiver: Hashable, Sendable {
        /// A static code: the key, and a text for the payer.
        case key(PixKey, information: String?)
        /// A dynamic code: where the provider keeps the charge, without `https://`.
        case location(String)
    }

    package var receiver: Receiver
    /// Nil leaves the amount to the payer, or to the provider's charge.
    package var amount: Money?
    package var name: String
    package var city: String
    package var postalCode: String?
    /// Letters and digits; nil is written `***`.
    package var transactionID: String?
    /// Point of initiation 12: to be used once.
    package var isOneTime = false

    package static let nameCountMax = 25
    package static let cityCountMax = 15
    package static let transactionIDCountMax = 25
    /// 9999999999.99: thirteen characters.
    package static let amountMax: Int64 = 999_999_999_999
    static let scheme = "br.gov.bcb.pix"

    /// A static code. Nothing is cut or folded: what does not fit, or is not ASCII, is a fault.
    /// - Parameter transactionID: 1 to 25 letters or digits; nil for none.
    package static func make(
        key: String, name: String, city: String, amount: Money? = nil, transactionID: String? = nil,
        information: String? = nil, postalCode: String? = nil
    ) -> Checked<PixPayload> {
        var found = FaultList()
        guard let pixKey = PixKey(key) else {
            found.add(
                "PIX-KEY", at: .path("/key"), "\"\(key)\" is no CPF, CNPJ, e-mail, +phone or random key.",
                hint: "Check the key; a phone number needs its +55.")
            return .invalid(found.faults)
        }
        var payload = PixPayload(
            receiver: .key(pixKey, information: information?.trimmed.nonEmpty), amount: amount,
            name: name.trimmed, city: city.trimmed)
        payload.postalCode = postalCode?.nonEmpty
        payload.transactionID = transactionID?.nonEmpty
        payload.check(into: &found)
        return found.checked(payload)
    }

    /// The code as it goes into the QR or the message, its checksum at the end.
    package var payload: String {
        var fields = EMVFields()
        fields.add("00", "01")
        if isOneTime { fields.add("01", "12") }
        fields.add("26", account)
        fields.add("52", "0000")
        fields.add("53", "986")
        if let amount { fields.add("54", amount.amountText) }
        fields.add("58", "BR")
        fields.add("59", name)
        fields.add("60", city)
        if let postalCode { fields.add("61", postalCode) }
        var additional = EMVFields()
        additional.add("05", transactionID ?? "***")
        fields.add("62", additional.text)
        return Self.signed(fields.text)
    }

    private var account: String {
        var fields = EMVFields()
        fields.add("00", Self.scheme)
        switch receiver {
        case .key(let key, let information):
            fields.add("01", key.text)
            if let information { fields.add("02", information) }
        case .location(let location): fields.add("25", location)
        }
        return fields.text
    }

    private static func signed(_ text: String) -> String {
        let open = text + "6304"
        return open + EMVFields.checksum(open.utf8)
    }

    func check(into found: inout FaultList) {
        func checkASCII(_ text: String, _ code: String, _ path: String, _ max: Int) {
            if text.isEmpty || text.utf8.count > max || !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
                found.add(
                    code, at: .path(path), "\"\(text)\" is not 1 to \(max) plain ASCII characters.",
                    hint: "Shorten it and leave the accents out.")
            }
        }
        checkASCII(name, "PIX-NAME", "/59", Self.nameCountMax)
        checkASCII(city, "PIX-CITY", "/60", Self.cityCountMax)
        if let postalCode { checkASCII(postalCode, "PIX-POSTCODE", "/61", 10) }
        switch receiver {
        case .key(_, let information):
            if let information { checkASCII(information, "PIX-INFORMATION", "/26/02", 72) }
        case .location(let location): checkASCII(location, "PIX-LOCATION", "/26/25", 77)
        }
        if account.utf8.count > 99 {
            found.add(
                "PIX-INFORMATION", at: .path("/26"),
                "Key and information have \(account.utf8.count) characters with their frame where 99 fit.",
                hint: "Shorten the information.")
        }
        if let amount {
            if amount.currency != .brl || amount.minorUnits < 1 || amount.minorUnits > Self.amountMax {
                found.add(
                    "PIX-AMOUNT", at: .path("/54"), "\(amount) is not in reais between 0.01 and 9999999999.99.",
                    hint: "Ask for an amount in that range.")
            }
        }
        if let transactionID,
            !((1...Self.transactionIDCountMax).contains(transactionID.utf8.count)
                && transactionID.utf8.allSatisfy(\.isLetterOrDigit))
        {
            found.add(
                "PIX-TXID", at: .path("/62/05"), "\"\(transactionID)\" is not 1 to 25 letters or digits.",
                hint: "Leave hyphens, slashes and points out.")
        }
    }
}
