// SPDX-License-Identifier: Apache-2.0
import Documents

extension PixPayload {
    /// Reads a BR Code. The frame of every field is checked before the checksum: a code can carry the right
    /// checksum over a length that swallows it. Fault places are field ids: `/26/01`.
    package static func parse(_ payload: String) -> Checked<PixPayload> {
        var found = FaultList()
        let bytes = Array(payload.trimmed.utf8)
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            found.add(
                "PIX-ASCII", at: .file, "The code holds other characters than plain ASCII.", hint: "Copy it again.")
            return .invalid(found.faults)
        }
        guard let fields = frame(bytes[...], at: "", into: &found) else { return .invalid(found.faults) }
        guard fields.first?.id == "00", fields.first?.text == "01", fields.last?.id == "63",
            fields.last?.text.utf8.count == 4
        else {
            found.add(
                "PIX-FRAME", at: .file,
                "It does not begin with 000201, or does not end with a checksum of four digits.",
                hint: "Copy the whole code.")
            return .invalid(found.faults)
        }
        guard EMVFields.checksum(bytes.dropLast(4)) == fields.last?.text.uppercased() else {
            found.add("PIX-CRC", at: .path("/63"), "The checksum does not fit the code.", hint: "Copy it again.")
            return .invalid(found.faults)
        }
        func text(_ id: String) -> String? { fields.first { $0.id == id }?.text }
        func expect(_ id: String, _ code: String, _ value: String) {
            if text(id) != value {
                found.add(code, at: .path("/\(id)"), "It is not \"\(value)\".", hint: "This is no Pix code in reais.")
            }
        }
        expect("53", "PIX-CURRENCY", "986")
        expect("58", "PIX-COUNTRY", "BR")
        if text("52")?.utf8.count != 4 {
            found.add("PIX-FRAME", at: .path("/52"), "The category code is missing.", hint: "Copy the whole code.")
        }
        guard let receiver = receiver(fields, into: &found) else { return .invalid(found.faults) }
        var result = PixPayload(
            receiver: receiver, amount: nil, name: text("59") ?? "", city: text("60") ?? "")
        result.postalCode = text("61")
        result.isOneTime = text("01") == "12"
        if let stated = text("54") { result.amount = amount(stated, into: &found) }
        if let additional = text("62"), let inner = frame(Array(additional.utf8)[...], at: "/62", into: &found) {
            let stated = inner.first { $0.id == "05" }?.text
            result.transactionID = stated == "***" ? nil : stated
        }
        result.check(into: &found)
        return found.checked(result)
    }

    private static func frame(
        _ bytes: ArraySlice<UInt8>, at path: String, into found: inout FaultList
    ) -> [EMVFields.Field]? {
        let fields = EMVFields.parse(bytes)
        if fields == nil {
            found.add(
                "PIX-FRAME", at: path.isEmpty ? .file : .path(path),
                "A field's length runs over the end, or an id or length is not two digits, or an id stands twice.",
                hint: "Copy the whole code.")
        }
        return fields
    }

    private static func receiver(_ fields: [EMVFields.Field], into found: inout FaultList) -> Receiver? {
        for field in fields where field.id >= "26" && field.id <= "51" {
            guard let inner = frame(Array(field.text.utf8)[...], at: "/\(field.id)", into: &found) else { return nil }
            func text(_ id: String) -> String? { inner.first { $0.id == id }?.text }
            guard text("00")?.lowercased() == scheme else { continue }
            if let location = text("25") { return .location(location) }
            if let stated = text("01"), let key = PixKey(stated) {
                return .key(key, information: text("02"))
            }
            found.add(
                "PIX-KEY", at: .path("/\(field.id)/01"), "The key \"\(text("01") ?? "")\" has none of the five forms.",
                hint: "Ask the creditor for a new code.")
            return nil
        }
        found.add("PIX-KEY", at: .path("/26"), "No field names \(scheme).", hint: "This is no Pix code.")
        return nil
    }

    /// Digits, a point, at most two decimals. Zero leaves the amount to the payer, as if it were not there.
    private static func amount(_ text: String, into found: inout FaultList) -> Money? {
        if let first = text.utf8.first, first.isDigit, text.utf8.last != 0x2E, text.utf8.count <= 13,
            let value = ScaledDecimal(text), value.scale <= 2, let money = value.money(.brl)
        {
            return money.isZero ? nil : money
        }
        found.add(
            "PIX-AMOUNT", at: .path("/54"), "\"\(text)\" is not an amount with a point and at most two decimals.",
            hint: "Write it like 1180.00.")
        return nil
    }
}
