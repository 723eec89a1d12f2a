// SPDX-License-Identifier: Apache-2.0

/// A header's letters without their marks: `Échéance` and `Echeance`, `Fälligkeit` and `Falligkeit` are one word.
enum LetterFolding {
    static func fold(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        guard let index = pairs.firstIndex(where: { $0.marked.contains(scalar) }) else {
            return String.UnicodeScalarView([scalar])
        }
        return pairs[index].plain.unicodeScalars
    }

    private static let pairs: [(marked: String.UnicodeScalarView, plain: String)] = [
        ("àáâãäåāăą", "a"), ("æ", "ae"), ("çćč", "c"), ("ďđð", "d"), ("èéêëēėęě", "e"), ("ğ", "g"),
        ("ìíîïīįı", "i"), ("ł", "l"), ("ñńň", "n"), ("òóôõöøōő", "o"), ("œ", "oe"), ("ř", "r"), ("śšşș", "s"),
        ("ß", "ss"), ("ťțþ", "t"), ("ùúûüūůűų", "u"), ("ýÿ", "y"), ("źżž", "z"),
    ].map { ($0.0.unicodeScalars, $0.1) }
}
