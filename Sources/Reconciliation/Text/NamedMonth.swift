// SPDX-License-Identifier: Apache-2.0

import Documents

/// A month that a text names: `Mai 2025`, `05/2025`, `05/25`, `März`.
struct NamedMonth: Equatable {
    /// 1 to 12.
    var month: Int
    /// Nil where the text names none.
    var year: Int?
    /// Folded bytes of the text.
    var from: Int32
    var to: Int32

    /// Whether something issued on this day is of the month. Who bills ahead issues in the last days of the month before.
    func holds(_ day: Day) -> Bool {
        if day.month == month, year == nil || day.year == year { return true }
        let next = day + 7
        return next.month != day.month && next.month == month && (year == nil || next.year == year)
    }
}

/// The names of the months in the languages customers write in, folded.
enum MonthWord {
    /// January to December: what stands for the month by itself.
    private static let names = [
        "JANUAR JAENNER JANUARY JANVIER ENERO GENNAIO JANUARI JANEIRO STYCZEN TAMMIKUU TAMMIKUUN",
        "FEBRUAR FEBRUARY FEVRIER FEBRERO FEBBRAIO FEBRUARI FEVEREIRO LUTY HELMIKUU HELMIKUUN",
        "MAERZ MARZ MARCH MARS MARZO MAART MARTS MARZEC MRT MRZ MAALISKUU MAALISKUUN",
        "APRIL AVRIL ABRIL APRILE KWIECIEN HUHTIKUU HUHTIKUUN",
        "MAI MAY MAYO MAGGIO MEI MAIO TOUKOKUU TOUKOKUUN MAJ",
        "JUNI JUNE JUIN JUNIO GIUGNO JUNHO CZERWIEC KESAEKUU KESAKUU KESAEKUUN",
        "JULI JULY JUILLET JULIO LUGLIO JULHO LIPIEC HEINAEKUU HEINAKUU HEINAEKUUN",
        "AUGUST AOUT AGOSTO AUGUSTUS AUGUSTI SIERPIEN ELOKUU ELOKUUN",
        "SEPTEMBER SEPTEMBRE SEPTIEMBRE SETIEMBRE SETTEMBRE SETEMBRO WRZESIEN SYYSKUU SYYSKUUN",
        "OKTOBER OCTOBER OCTOBRE OCTUBRE OTTOBRE OUTUBRO PAZDZIERNIK LOKAKUU LOKAKUUN",
        "NOVEMBER NOVEMBRE NOVIEMBRE NOVEMBRO LISTOPAD MARRASKUU MARRASKUUN",
        "DEZEMBER DECEMBER DECEMBRE DICIEMBRE DICEMBRE DEZEMBRO GRUDZIEN JOULUKUU JOULUKUUN",
    ]
    /// What stands for it before a year only: too short, or somebody's name.
    private static let shortNames = [
        "JAN JANV ENE GEN", "FEB FEVR FEV FEBR", "MAR MRZ MRT MARCO MAERZ", "APR AVR ABR", "MAG", "JUN GIU",
        "JUL JUIL LUG",
        "AUG AGO", "SEP SEPT SET SETT", "OKT OCT OTT OUT", "NOV", "DEZ DEC DIC DES",
    ]

    private static func table(_ names: [String]) -> [[UInt8]: Int] {
        var table: [[UInt8]: Int] = [:]
        for (index, words) in names.enumerated() {
            for word in words.split(separator: " ") { table[Array(word.utf8)] = index + 1 }
        }
        return table
    }

    private static let finnishOf = Array("LTA".utf8)
    private static let months = table(names)
    private static let shortMonths = table(shortNames)

    static func month(_ word: [UInt8], beforeYear: Bool) -> Int? {
        // Finnish says `maaliskuulta` for what is of March.
        months[word] ?? (word.count > 9 && word.suffix(3) == finnishOf[...] ? months[word.dropLast(3)] : nil)
            ?? (beforeYear ? shortMonths[word] : nil)
    }
}

extension Remittance {
    /// The months that the text names where nothing else explains it; their runs, and those of days with a month in
    /// words, are used from then on.
    func months(_ used: inout [Bool]) -> [NamedMonth] {
        var found: [NamedMonth] = []
        for index in runs.indices where !used[index] && runs[index].kind == .plain {
            if runs[index].isDigits {
                guard let month = monthOfDigits(at: index, used) else { continue }
                (used[index], used[index + 1]) = (true, true)
                found.append(month)
            } else if !runs[index].hasDigit {
                if let month = monthOfWord(at: index, &used) { found.append(month) }
            }
        }
        return found
    }

    /// `MAI 2025`, `MAI 25`, `MAI`; no month where a day stands beside it: that is a date.
    private func monthOfWord(at index: Int, _ used: inout [Bool]) -> NamedMonth? {
        let run = runs[index]
        guard run.count >= 3, run.count <= 12 else { return nil }
        let next = index + 1 < runs.count && runs[index + 1].gap != .other && !used[index + 1] ? index + 1 : nil
        let year = next.flatMap { self.year(at: $0) }
        let word = Array(bytes[Int(run.start)..<Int(run.end)])
        guard let month = MonthWord.month(word, beforeYear: year != nil) else { return nil }
        used[index] = true
        let isAfterDay =
            run.gap != .other && index > 0 && isDay(at: index - 1) && !used[index - 1]
            && !OtherWord.precedes(index - 1, in: self)
        let isBeforeDay = next.map { isDay(at: $0) && $0 + 1 < runs.count && runs[$0 + 1].count == 4 } ?? false
        if isAfterDay { used[index - 1] = true }
        if isAfterDay || isBeforeDay {
            if let next, year != nil || isBeforeDay { used[next] = true }
            return nil
        }
        guard let next, let year else { return NamedMonth(month: month, year: nil, from: run.start, to: run.end) }
        used[next] = true
        return NamedMonth(month: month, year: year, from: run.start, to: runs[next].end)
    }

    private func isDay(at index: Int) -> Bool {
        runs[index].count <= 2 && number(index).map { (1...31).contains($0) } ?? false
    }

    /// `05/2025`, `5.2025`, `05 2025`, `05/25`, `2025-05`, by themselves and not behind a word for an invoice: then it is
    /// a number.
    private func monthOfDigits(at index: Int, _ used: [Bool]) -> NamedMonth? {
        guard index + 1 < runs.count, !used[index + 1], runs[index + 1].kind == .plain, runs[index + 1].isDigits,
            let mark = separator(before: index + 1), mark != 0x20 || runs[index].count == 2,
            !isJoined(index), !isJoined(index + 2)
        else { return nil }
        let (left, right) = (runs[index].count, runs[index + 1].count)
        let month: Int?
        let year: Int?
        switch (left, right) {
        case (1...2, 4): (month, year) = (number(index), self.year(at: index + 1))
        case (1...2, 2): (month, year) = (number(index), mark == 0x20 ? nil : self.year(at: index + 1))
        case (4, 2): (month, year) = (number(index + 1), mark == 0x20 ? nil : self.year(at: index))
        default: return nil
        }
        guard [0x20, 0x2E, 0x2D, 0x2F].contains(mark), let month, (1...12).contains(month), let year else { return nil }
        if index > 0, isInstalmentWord(index - 1) || InvoiceWord.precedes(index, in: self) { return nil }
        return NamedMonth(month: month, year: year, from: runs[index].start, to: runs[index + 1].end)
    }

    /// Whether this run goes on in a written number: `F/2025/02`, not `MIETE:05/2025`.
    private func isJoined(_ index: Int) -> Bool {
        guard index > 0, index < runs.count, runs[index].gap == .connector else { return false }
        return runs[index - 1].hasDigit || ![0x3A, 0x23, 0x2B].contains(runs[index].separator)
    }

    /// A year of about the payment's, in four digits or two.
    func year(at index: Int) -> Int? {
        guard let value = number(index), runs[index].kind == .plain else { return nil }
        switch runs[index].count {
        case 4: return abs(value - bookedOn.year) <= 2 ? value : nil
        case 2: return abs(value - bookedOn.year % 100) <= 1 ? bookedOn.year - bookedOn.year % 100 + value : nil
        default: return nil
        }
    }
}
