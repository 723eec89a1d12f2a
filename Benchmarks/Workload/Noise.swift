// SPDX-License-Identifier: Apache-2.0

/// How people and banks spoil what was written on an invoice. Each way has the name by which it is sliced.
struct Noise {
    /// 0 is a clean world, 500 ordinary business, 1000 as bad as it gets.
    let difficulty: Int
    /// What this world has besides.
    let kinds: Set<NoiseKind>
    let numbering: Numbering

    /// Whether what nobody could know is left out. The first series of numbers stay as they were published.
    var isFair: Bool { !kinds.isEmpty || numbering == .yearly || numbering == .tiny }

    func has(_ kind: NoiseKind) -> Bool { kinds.contains(kind) }

    private static let openings = [
        "Rechnung", "RG", "Re.Nr.:", "Invoice", "Invoice no.", "Facture", "Pago factura", "betr.", "Zahlung", "factuur",
        "fattura", "payment for", "", "Règlement facture n°", "Pagamento fattura nr", "Pagamento da fatura",
        "Nota fiscal",
        "Betaling faktura", "Faktura nr", "laskun maksu", "Zapłata za fakturę", "Fra", "ftra.", "N/réf", "faktúra č.",
    ]
    /// What banks put around the text.
    private static let wraps = ["SVWZ+", "/ROC/", "/INV/", "EREF+NOTPROVIDED SVWZ+", "/RFB/", "REMI/"]
    private static let joins = [", ", " ", " + ", "; ", " und ", "/", " & "]

    /// Whether a spoil that befalls `share` of a thousand in ordinary business befalls now.
    func strikes(_ share: Int, _ chance: inout Chance) -> Bool { chance.permille(share * difficulty / 500) }

    /// The text for some numbers, and what was done to it.
    /// - Parameter isSpoiled: one mistake is in them already, and nobody makes two.
    func text(
        _ numbers: [String], _ customer: Customer, day: Int, order: String, isSpoiled: Bool, _ chance: inout Chance
    ) -> (text: String, noise: [String]) {
        var noise: [String] = []
        if strikes(40, &chance) {
            switch chance.below(4) {
            case 0: return ("", ["empty"])
            case 1: return (chance.pick(["Zahlung", "Danke", "See remittance advice", "Avis folgt"]), ["advice_only"])
            case 2: return (chance.pick(["Kundennummer ", "KdNr ", "customer no "]) + customer.number, ["custno"])
            default: if !order.isEmpty { return ("PO " + order, ["po_only"]) }
            }
        }
        var shown = numbers
        if numbers.count == 1, !isSpoiled { shown[0] = spoiled(numbers[0], &noise, &chance) }
        if numbers.count > 2, strikes(200, &chance), let range = Self.shortened(numbers, &chance) {
            noise.append("abbrev")
            shown = [range]
        }
        var text = (chance.pick(Self.openings) + " " + shown.joined(separator: chance.pick(Self.joins)))
        if text.first == " " { text.removeFirst() }
        if strikes(140, &chance) {
            noise.append("decoy")
            text += chance.pick([
                " vom \(CalendarText.german(day))", " Kd. \(customer.number)", " Vertrag 8\(chance.digits(6))",
                " Tel 0171\(chance.digits(7))", " PO 99\(chance.digits(7))", " \(CalendarText.compact(day))",
                " USt-Id DE\(chance.digits(9))",
            ])
        }
        if strikes(50, &chance) {
            noise.append("wrapped_tags")
            text = chance.pick(Self.wraps) + text
        }
        return cut(text, noise, &chance)
    }

    private func cut(_ text: String, _ noise: [String], _ chance: inout Chance) -> (String, [String]) {
        var (text, noise) = (text, noise)
        if strikes(20, &chance), text.utf8.count > 27 {
            noise.append("wrap27")
            let bytes = Array(text.utf8)
            text = stride(from: 0, to: bytes.count, by: 27).map {
                String(decoding: bytes[$0..<min(bytes.count, $0 + 27)], as: UTF8.self)
            }.joined(separator: " ")
        }
        for (width, share) in [(140, 60), (35, 25), (18, 30)] where text.utf8.count > width && strikes(share, &chance) {
            noise.append("trunc\(width)")
            text = String(decoding: Array(text.utf8).prefix(width), as: UTF8.self)
        }
        return (text, noise)
    }

    private func spoiled(_ number: String, _ noise: inout [String], _ chance: inout Chance) -> String {
        if strikes(45, &chance) {
            noise.append("noprefix")
            return String(decoding: number.utf8.drop { $0 < 0x30 || $0 > 0x39 }, as: UTF8.self)
        }
        if strikes(35, &chance) {
            noise.append("nozero")
            // Nobody writes a number's year alone.
            if numbering == .yearly { return String(number.drop { $0 == "0" }) }
            let digits = number.utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }.reversed()
            return String(decoding: Array(digits.drop { $0 == 0x30 }), as: UTF8.self)
        }
        if strikes(45, &chance) { return mistyped(number, &noise, &chance) }
        if strikes(25, &chance), let grouped = Self.grouped(number, &chance) {
            noise.append("grouped")
            return grouped
        }
        if strikes(30, &chance) { return number.lowercased() }
        if strikes(30, &chance) {
            return String(number.map { "-/.".contains($0) ? " " : $0 })
        }
        return number
    }

    /// `RE 250 0012 345`: somebody's blanks in the digits.
    private static func grouped(_ number: String, _ chance: inout Chance) -> String? {
        let bytes = Array(number.utf8)
        let width = chance.between(3, 4)
        guard let first = bytes.firstIndex(where: { $0 >= 0x30 && $0 <= 0x39 }), bytes.count - first > width,
            bytes[first...].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        let head = String(decoding: bytes[..<first], as: UTF8.self)
        let groups = stride(from: first, to: bytes.count, by: width).map {
            String(decoding: bytes[$0..<min(bytes.count, $0 + width)], as: UTF8.self)
        }
        return ([head] + groups).filter { !$0.isEmpty }.joined(separator: " ")
    }

    func mistyped(_ number: String, _ noise: inout [String], _ chance: inout Chance) -> String {
        var bytes = Array(number.utf8)
        let places = bytes.indices.filter { bytes[$0] >= 0x30 && bytes[$0] <= 0x39 }.dropFirst()
        guard places.count > 2 else { return number }
        let place = places[places.startIndex + chance.below(places.count - 1)]
        switch chance.below(5) {
        case 0:
            noise.append("typo_wrongdigit")
            bytes[place] = 0x30 + (bytes[place] - 0x30 + UInt8(chance.between(1, 9))) % 10
        case 1:
            noise.append("typo_dropdigit")
            bytes.remove(at: place)
        case 2:
            noise.append("typo_transpose")
            if place + 1 < bytes.count { bytes.swapAt(place, place + 1) }
        case 3:
            noise.append("typo_ocr")
            if let zero = bytes.firstIndex(of: 0x30) { bytes[zero] = 0x4F } else { bytes[place] = 0x38 }
        default:
            noise.append("typo_doubled")
            bytes.insert(bytes[place], at: place)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `104130/393/447`: what differs from the first number only.
    private static func shortened(_ numbers: [String], _ chance: inout Chance) -> String? {
        let width = 3
        guard let first = numbers.first,
            numbers.allSatisfy({ $0.utf8.count == first.utf8.count && $0.utf8.count > width }),
            numbers.allSatisfy({ $0.dropLast(width) == first.dropLast(width) })
        else { return nil }
        return ([first] + numbers.dropFirst().map { String($0.suffix(width)) }).joined(
            separator: chance.pick(["/", ", "]))
    }

    /// The payer's name as a bank passes it on.
    func payer(_ customer: Customer, _ noise: inout [String], _ chance: inout Chance) -> (name: String, account: String)
    {
        if let parent = customer.parentName, strikes(350, &chance) {
            noise.append("parent")
            return (parent, customer.parentAccount ?? "")
        }
        if strikes(14, &chance) {
            noise.append("third_party")
            return ("Treuhand \(chance.digits(3)) GmbH", "DE" + chance.digits(20))
        }
        var name = customer.name
        if strikes(150, &chance) { name = name.uppercased() }
        if strikes(80, &chance) { name = String(name.prefix(18)) }
        if strikes(60, &chance) { name = name.split(separator: " ").dropLast().joined(separator: " ") }
        if strikes(170, &chance) {
            noise.append("no_iban")
            return (name, "")
        }
        return (name, customer.account)
    }
}

/// Days as people write them.
enum CalendarText {
    private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// (year, month, date) of a day counted from 1 January 2025; 2028 is the first leap year behind it.
    static func civil(_ day: Int) -> (Int, Int, Int) {
        var (year, rest) = (2025, day)
        while rest >= (year % 4 == 0 ? 366 : 365) {
            rest -= year % 4 == 0 ? 366 : 365
            year += 1
        }
        var month = 0
        while true {
            let length = lengths[month] + (month == 1 && year % 4 == 0 ? 1 : 0)
            if rest < length { return (year, month + 1, rest + 1) }
            rest -= length
            month += 1
        }
    }

    /// The first day of a month counted from January 2025.
    static func start(ofMonth month: Int) -> Int {
        (0..<month).reduce(0) { $0 + lengths[$1 % 12] }
    }

    static func iso(_ day: Int) -> String {
        let (year, month, date) = civil(max(0, day))
        return "\(year)-\(padded(month, 2))-\(padded(date, 2))"
    }
    static func german(_ day: Int) -> String {
        let (year, month, date) = civil(max(0, day))
        return "\(padded(date, 2)).\(padded(month, 2)).\(year % 100)"
    }
    static func plain(_ day: Int) -> String {
        let (year, month, date) = civil(max(0, day))
        return "\(year)\(padded(month, 2))\(padded(date, 2))"
    }
    static func compact(_ day: Int) -> String {
        let (year, month, date) = civil(max(0, day))
        return "\(padded(date, 2))\(padded(month, 2))\(year % 100)"
    }
}
