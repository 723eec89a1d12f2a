// SPDX-License-Identifier: Apache-2.0

/// The months in words, in the languages whose header words `inspect` knows.
///
/// No word stands for two months, in whatever language, so that a file need not say in which it is written. That leaves out
/// short forms nobody can tell apart: Finnish cut to three letters (`mar` would be November there), French `jui`.
/// Source: Unicode CLDR (both forms of a name, alone and within a date), and what banks write where they have three letters
/// or no accents.
package enum MonthNames {
    /// ISO 639-1 codes, each with January to December: every way to write the month, in lower case and without its dot.
    package static let table: KeyValuePairs<String, [String]> = [
        "en": [
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ],
        "nl": [
            "januari jan", "februari feb", "maart mrt", "april apr", "mei", "juni jun", "juli jul", "augustus aug",
            "september sept sep", "oktober okt", "november nov", "december dec",
        ],
        "de": [
            "januar jan jänner janner jaenner jän jaen", "februar feb", "märz marz maerz mär maer mar mrz",
            "april apr", "mai", "juni jun", "juli jul", "august aug", "september sept sep", "oktober okt",
            "november nov", "dezember dez",
        ],
        "fr": [
            "janvier janv jan", "février fevrier févr fevr fév fev", "mars", "avril avr", "mai", "juin",
            "juillet juil", "août aout aoû aou", "septembre sept sep", "octobre oct", "novembre nov",
            "décembre decembre déc dec",
        ],
        "es": [
            "enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun", "julio jul",
            "agosto ago", "septiembre setiembre sept sep set", "octubre oct", "noviembre nov", "diciembre dic",
        ],
        "pt": [
            "janeiro jan", "fevereiro fev", "março marco mar", "abril abr", "maio mai", "junho jun", "julho jul",
            "agosto ago", "setembro set", "outubro out", "novembro nov", "dezembro dez",
        ],
        "it": [
            "gennaio gen", "febbraio feb", "marzo mar", "aprile apr", "maggio mag", "giugno giu", "luglio lug",
            "agosto ago", "settembre sett set", "ottobre ott", "novembre nov", "dicembre dic",
        ],
        "da": [
            "januar jan", "februar feb", "marts mar", "april apr", "maj", "juni jun", "juli jul", "august aug",
            "september sept sep", "oktober okt", "november nov", "december dec",
        ],
        "no": [
            "januar jan", "februar feb", "mars mar", "april apr", "mai", "juni jun", "juli jul", "august aug",
            "september sept sep", "oktober okt", "november nov", "desember des",
        ],
        "sv": [
            "januari jan", "februari feb", "mars mar", "april apr", "maj", "juni jun", "juli jul", "augusti aug",
            "september sept sep", "oktober okt", "november nov", "december dec",
        ],
        "fi": [
            "tammikuu tammikuuta tammik tammi", "helmikuu helmikuuta helmik helmi",
            "maaliskuu maaliskuuta maalisk maalis", "huhtikuu huhtikuuta huhtik huhti",
            "toukokuu toukokuuta toukok touko", "kesäkuu kesäkuuta kesäk kesä kesakuu kesakuuta kesak kesa",
            "heinäkuu heinäkuuta heinäk heinä heinakuu heinakuuta heinak heina", "elokuu elokuuta elok elo",
            "syyskuu syyskuuta syysk syys", "lokakuu lokakuuta lokak loka", "marraskuu marraskuuta marrask marras",
            "joulukuu joulukuuta jouluk joulu",
        ],
        "pl": [
            "styczeń stycznia sty styczen", "luty lutego lut", "marzec marca mar", "kwiecień kwietnia kwi kwiecien",
            "maj maja", "czerwiec czerwca cze", "lipiec lipca lip", "sierpień sierpnia sie sierpien",
            "wrzesień września wrz wrzesien wrzesnia", "październik października paź pazdziernik pazdziernika paz",
            "listopad listopada lis", "grudzień grudnia gru grudzien",
        ],
    ]

    private static let numbers: [String: Int] = {
        var numbers: [String: Int] = [:]
        for (_, months) in table {
            for (index, words) in months.enumerated() {
                for word in words.split(separator: " ") { numbers[String(word)] = index + 1 }
            }
        }
        return numbers
    }()

    /// 1 to 12, whatever the case of the word; nil for a word that is no month in any of the languages.
    static func month(_ word: String) -> Int? { numbers[word.lowercased()] }
}
