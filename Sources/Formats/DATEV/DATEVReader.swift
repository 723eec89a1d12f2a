// SPDX-License-Identifier: Apache-2.0
import Documents

/// Takes an export row by row.
final class DATEVReader {
    var faults = FileFaults()
    private(set) var records = 0
    private(set) var isRefused = false
    private let origin: Provenance.Origin
    private var header: DATEVHeader?
    private var columns: [String: Int] = [:]
    private var bookings: [DATEVBooking] = []
    private var parties: [Document] = []
    private var rows = 0

    /// DATEV itself ends a batch at 99,999 bookings.
    private static let bookingsMax = 1_000_000

    init(origin: Provenance.Origin) {
        self.origin = origin
    }

    func refuse(_ fault: Fault) {
        isRefused = true
        faults.add(fault)
    }

    func row(_ fields: [String], line: Int) {
        rows += 1
        guard let header else {
            switch DATEVHeader.read(fields) {
            case .success(let read): self.header = read
            case .failure(let failure): refuse(failure.fault)
            }
            return
        }
        if rows == 2 { return names(fields, header, line) }
        guard fields.contains(where: { !$0.trimmedBlanks.isEmpty }) else { return }
        records += 1
        guard records <= Self.bookingsMax else {
            return refuse(
                Fault(
                    "DATEV-LIMIT", .refusal, at: .line(line), "the export has more than \(Self.bookingsMax) rows",
                    hint: "Export it in parts, such as a month each."))
        }
        switch header.category {
        case .bookings: booking(fields, header, line)
        case .parties: party(fields, line)
        }
    }

    private func names(_ fields: [String], _ header: DATEVHeader, _ line: Int) {
        for (index, field) in fields.enumerated() {
            let name = field.trimmedBlanks
            if columns[name] == nil { columns[name] = index }
        }
        let first = header.category == .bookings ? "Umsatz" : "Konto"
        guard fields.first?.trimmedBlanks.hasPrefix(first) == true else {
            return refuse(
                Fault(
                    "DATEV-COLUMNS", .refusal, at: .line(line),
                    "the second line does not name the columns: it should begin with \(first)",
                    hint: "Export again and import the file as it is; a spreadsheet may have dropped a line."))
        }
    }

    /// A column by the beginning of its name: later versions of the format add words.
    private func value(_ name: String, _ fields: [String]) -> String? {
        let place = columns[name] ?? columns.filter { $0.key.hasPrefix(name) }.map(\.value).min()
        guard let place, place < fields.count else { return nil }
        let text = fields[place].trimmedBlanks
        return text.isEmpty ? nil : text
    }

    // MARK: Bookings

    private func booking(_ fields: [String], _ header: DATEVHeader, _ line: Int) {
        func field(_ place: Int) -> String { place <= fields.count ? fields[place - 1].trimmedBlanks : "" }
        let accounts = (field(7), field(8))
        let sides = (header.side(accounts.0), header.side(accounts.1))
        guard let first = sides.0, let second = sides.1 else {
            return leave(
                "DATEV-ACCOUNT", line,
                "the accounts \(accounts.0.prefix(20)) and \(accounts.1.prefix(20)) are not both accounts of "
                    + "\(header.accountLength) digits, or of \(header.accountLength + 1) for a debtor or creditor")
        }
        guard first == .debtor || second == .debtor else { return }
        guard first != second, first == .ledger || second == .ledger else {
            return leave(
                "DATEV-TRANSFER", line,
                "the booking moves \(field(1).prefix(30)) between \(accounts.0) and \(accounts.1): "
                    + "neither an invoice nor a payment")
        }
        let debtorIsFirst = first == .debtor
        guard let amount = amount(field(1), field(2), field(3), header, line) else { return }
        guard let day = header.day(field(10)) else {
            return leave(
                "DATEV-DAY", line,
                "the day \(field(10).prefix(20)) (day and month) is neither in the batch's period nor before it in its fiscal year"
            )
        }
        // S is a debit of the first account, so a credit of the second. A reversal takes the booking back as it was.
        // Older batches have no column for it: their BU key then has 2 before its digit of tax.
        let key = field(9)
        let isReversal =
            value("Generalumkehr", fields).map { $0 != "0" } ?? false || key.utf8.count == 2 && key.hasPrefix("2")
        let isClaim = debtorIsFirst != isReversal
        let discount = DATEVAmount.read(field(13)).flatMap { $0.money(amount.currency) }
        bookings.append(
            DATEVBooking(
                line: line, debtor: debtorIsFirst ? accounts.0 : accounts.1,
                other: debtorIsFirst ? accounts.1 : accounts.0, claim: isClaim ? amount : -amount, day: day,
                number: DATEVBooking.given(field(11)), second: DATEVBooking.given(field(12)),
                text: DATEVBooking.given(field(14)), discount: discount,
                dueOn: value("Fälligkeit", fields).flatMap(DATEVDay.short)
                    ?? value("Zugeordnete Fälligkeit", fields).flatMap(DATEVDay.short)))
    }

    /// Signed as a debit of the first account.
    private func amount(
        _ text: String, _ sign: String, _ code: String, _ header: DATEVHeader, _ line: Int
    ) -> Money? {
        guard sign == "S" || sign == "H" else {
            leave("DATEV-SIGN", line, "the Soll/Haben mark is “\(sign.prefix(10))”: S or H was expected")
            return nil
        }
        guard let currency = code.isEmpty ? header.currency : Currency(code) else {
            leave("DATEV-CURRENCY", line, "the currency \(code.prefix(10)) is none of ISO 4217")
            return nil
        }
        guard let money = DATEVAmount.read(text)?.money(currency) else {
            leave("DATEV-AMOUNT", line, "the amount “\(text.prefix(40))” is no amount in \(currency.code) (1234,56)")
            return nil
        }
        return sign == "S" ? money : -money
    }

    private func leave(_ code: String, _ line: Int, _ message: String) {
        faults.add(
            code, .row, at: .line(line), message,
            hint:
                "It was left out; enter what it means for the customer by hand, or correct and export the batch again.")
    }

    // MARK: Parties

    private func party(_ fields: [String], _ line: Int) {
        let account = fields.first?.trimmedBlanks ?? ""
        guard let first = account.first, first.isNumber, account.utf8.count >= 5 else {
            return leave("DATEV-ACCOUNT", line, "the account \(account.prefix(20)) is no debtor's or creditor's")
        }
        guard first >= "1", first <= "6" else { return }
        var customer = Customer(id: account, provenance: Provenance(origin, at: .line(line)))
        customer.number = account
        let person = [
            value("Vorname (Adressattyp natürl. Person)", fields), value("Name (Adressattyp natürl. Person)", fields),
        ]
        .compactMap { $0 }.joined(separator: " ")
        customer.name =
            value("Name (Adressattyp Unternehmen)", fields) ?? (person.isEmpty ? nil : person)
            ?? value("Name (Adressattyp keine Angabe)", fields) ?? value("Kurzbezeichnung", fields)
        let country = value("EU-Land", fields) ?? ""
        customer.taxID = value("EU-UStID", fields).map { $0.hasPrefix(country) ? $0 : country + $0 }
        customer.country = (columns["Land"].flatMap { $0 < fields.count ? fields[$0].trimmedBlanks : nil })
            .flatMap { $0.utf8.count == 2 ? $0.uppercased() : nil }
        customer.phone = value("Telefon", fields)
        customer.email = value("E-Mail", fields)
        customer.account = value("IBAN-Nr. 1", fields).map { String($0.filter { $0 != " " }) }
        parties.append(.customer(customer))
    }

    // MARK: The end

    func finish() -> [Document] {
        guard let header else {
            refuse(
                Fault(
                    "FILE-EMPTY", .refusal, at: .file, "the export is empty",
                    hint: "Export it again; if there was nothing to export, leave it out."))
            return []
        }
        guard header.category == .bookings else { return parties }
        let documents = DATEVBatch(header: header, bookings: bookings, origin: origin).documents(&faults)
        if bookings.isEmpty, faults.list.isEmpty {
            faults.add(
                "DATEV-NO-DEBTORS", .warning, at: .file,
                "none of the \(records) bookings is on a debtor's account",
                hint: "Nothing was read; export a batch with sales or incoming payments.")
        }
        return documents
    }
}

/// Amounts with a decimal comma and, rarely, grouping points.
enum DATEVAmount {
    static func read(_ text: String) -> ScaledDecimal? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2C || $0 == 0x2E }) else {
            return nil
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let groups = whole.split(separator: ".", omittingEmptySubsequences: false)
        guard groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }), groups.count == 1 || groups[0].utf8.count <= 3
        else {
            return nil
        }
        return ScaledDecimal(groups.joined() + (parts.count == 2 ? "." + parts[1] : ""))
    }
}
