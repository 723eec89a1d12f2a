// SPDX-License-Identifier: Apache-2.0

/// What people write who pay something else than a number, in the language of their country.
enum Wording {
    private struct Language {
        var months: [String]
        /// What is paid every month.
        var dues: [String]
        var refunds: [String]
        var instalments: [String]
        var rests: [String]
        /// What stands before the name of whom a payment is for.
        var forWhom: [String]
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    private static let german = Language(
        months: words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        dues: ["Miete", "Beitrag", "Mitgliedsbeitrag", "Abo", "Hausgeld", "Wartung", "Kursgebühr"],
        refunds: ["Erstattung", "Rückzahlung", "Rückerstattung", "Gutschrift", "Überzahlung"],
        instalments: ["Teilzahlung", "Abschlag", "Anzahlung", "Rate"], rests: ["Rest", "Restzahlung", "Schlussrate"],
        forWhom: ["für", "im Auftrag von", "f.", "i.A.", ""])
    private static let languages: [String: Language] = [
        "FR": Language(
            months: words(
                "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
            dues: ["Loyer", "Cotisation", "Abonnement"], refunds: ["Remboursement", "Avoir", "Trop perçu"],
            instalments: ["acompte", "paiement partiel"], rests: ["solde"], forWhom: ["pour", "p/c", ""]),
        "NL": Language(
            months: words(
                "januari februari maart april mei juni juli augustus september oktober november december"),
            dues: ["Huur", "Contributie", "Abonnement"], refunds: ["Terugbetaling", "Restitutie"],
            instalments: ["Termijn", "Deelbetaling"], rests: ["Restant"], forWhom: ["voor", "namens", ""]),
        "IT": Language(
            months: words(
                "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
            dues: ["Affitto", "Canone", "Quota"], refunds: ["Rimborso"], instalments: ["acconto", "rata"],
            rests: ["saldo"], forWhom: ["per", "per conto di", ""]),
        "GB": Language(
            months: words(
                "January February March April May June July August September October November December"),
            dues: ["Rent", "Membership", "Subscription", "Maintenance"],
            refunds: ["Refund", "Repayment", "Overpayment"],
            instalments: ["part payment", "instalment", "deposit"], rests: ["balance", "final instalment"],
            forWhom: ["for", "on behalf of", "obo", ""]),
    ]

    private static func language(_ country: String) -> Language {
        switch country {
        case "DE", "CH": german
        case "BE": languages["FR"] ?? german
        default: languages[country] ?? languages["GB"] ?? german
        }
    }

    /// `Miete 04/2025`, `Loyer avril 2025`, `Rent March`: what an invoice of this day is for.
    static func month(_ day: Int, _ country: String, isDue: Bool, _ chance: inout Chance) -> String {
        let language = language(country)
        let (year, month, _) = CalendarText.civil(day)
        let name = language.months[month - 1]
        let written =
            switch chance.below(7) {
            case 0: "\(padded(month, 2))/\(year)"
            case 1: "\(padded(month, 2))/\(year % 100)"
            case 2: "\(padded(month, 2)).\(year)"
            case 3: name
            case 4: "\(name) \(year % 100)"
            default: "\(name) \(year)"
            }
        return (isDue ? chance.pick(language.dues) + " " : "") + written
    }

    static func due(_ country: String, _ chance: inout Chance) -> String { chance.pick(language(country).dues) }

    static func refund(_ country: String, _ chance: inout Chance) -> String {
        let word = chance.pick(language(country).refunds)
        switch chance.below(4) {
        case 0: return word
        case 1: return word + " Kto " + chance.digits(chance.between(6, 9))
        case 2: return word + " " + chance.digits(chance.between(4, 6))
        default: return "\(word) Ihre Nr. \(chance.digits(5))"
        }
    }

    static func instalment(_ number: Int, of count: Int, _ country: String, _ chance: inout Chance) -> String {
        if number == count { return chance.pick(language(country).rests) }
        let word = chance.pick(language(country).instalments)
        return chance.permille(400) ? "\(word) \(number)/\(count)" : word
    }

    static func whom(_ name: String, _ country: String, _ chance: inout Chance) -> String {
        let word = chance.pick(language(country).forWhom)
        return word.isEmpty ? name : word + " " + name
    }

    /// Something with a number that is no invoice: a place, or what the payer keeps files under.
    /// - Parameter taken: the digits of some invoice, for a file that happens to have them.
    static func file(taken: String?, day: Int, _ chance: inout Chance) -> String {
        if taken == nil, chance.permille(400) {
            return chance.pick([
                "Gartenweg", "Bergstr.", "Schulgasse", "Whg", "Wohnung", "Top", "Haus Nr.", "flat", "Objekt",
            ])
                + " " + (chance.permille(300) ? padded(chance.between(1, 12), 2) : String(chance.between(1, 120)))
        }
        let year = CalendarText.civil(day).0
        let number =
            taken
            ?? chance.pick([
                "\(year)/\(chance.between(1, 3000))", "\(chance.between(1, 900))/\(year % 100)", chance.digits(4),
                chance.digits(5), chance.digits(6), chance.digits(8), "\(year)-\(padded(chance.between(1, 400), 4))",
            ])
        return chance.pick([
            "Vertrag", "Az.", "Auftrag", "Bestellung", "Projekt", "Order", "PO", "Schaden-Nr.", "Police", "Mandat",
            "contract", "contrat",
        ]) + " " + number
    }
}

/// Names of people, and of those who pay in and are nobody's customer.
enum Names {
    private static let given = [
        "Hannah", "Felix", "Miriam", "Jonas", "Katrin", "Lukas", "Ingrid", "Paul", "Theresa", "Oskar", "Nina", "Georg",
        "Carla", "Emil", "Ruth", "Viktor", "Helene", "Moritz", "Dora", "Albert", "Elisa", "Niklas", "Marlene", "Tobias",
    ]
    private static let family = [
        "Lindner", "Hofmann", "Brandt", "Keller", "Vogel", "Seidel", "Winter", "Arnold", "Pfeiffer", "Kuhn", "Böhm",
        "Ludwig", "Simon", "Kraus", "Otto", "Jäger", "Sommer", "Graf", "Heinrich", "Busch", "Moreau", "Leroy", "Conti",
        "Ferri", "de Vries", "Bakker", "Lindqvist", "Hansen", "Clarke", "Hughes",
    ]

    static func person(_ chance: inout Chance) -> (given: String, family: String) {
        (chance.pick(given), chance.pick(family))
    }

    static func adviser(_ place: Int) -> String { "Steuerkanzlei \(family[place % family.count]) & Partner" }

    static func stranger(_ chance: inout Chance) -> String {
        chance.pick([
            "Finanzamt \(chance.pick(["Mitte", "Nord", "Süd", "Altona"]))", "Bundeskasse", "Rhenania Versicherung AG",
            "Helvetia Krankenkasse", "Amtsgericht Registratur", "Stadtkasse", "Landesjustizkasse",
            "Netzbetrieb Service",
            "Energieversorgung \(chance.digits(2))", "Spedition \(chance.digits(3)) GmbH",
            "Zweiter \(chance.pick(family))hof e.V.",
        ])
    }

    static func strangersText(taken: String?, day: Int, _ chance: inout Chance) -> String {
        if chance.permille(500) { return Wording.file(taken: taken, day: day, &chance) }
        let year = CalendarText.civil(day).0
        return chance.pick([
            "Umsatzsteuer \(padded(chance.between(1, 12), 2))/\(year)",
            "Steuererstattung \(year) StNr \(chance.digits(10))",
            "Schaden \(taken ?? chance.digits(5))", "Zinsen \(chance.digits(8))", "Kaution",
            "Spende Haus \(chance.digits(2))",
            "Guthaben Kundenkonto \(taken ?? chance.digits(6))", "Leistungsbescheid \(chance.digits(4))/\(year)",
            "Rückvergütung Police \(chance.digits(7))",
        ])
    }
}
