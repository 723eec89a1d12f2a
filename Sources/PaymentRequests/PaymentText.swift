// SPDX-License-Identifier: Apache-2.0

extension UInt8 {
    /// An ASCII letter or digit.
    var isLetterOrDigit: Bool {
        (self >= 0x30 && self <= 0x39) || (self >= 0x41 && self <= 0x5A) || (self >= 0x61 && self <= 0x7A)
    }

    /// An ASCII digit.
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Nil when empty.
    var nonEmpty: String? { isEmpty ? nil : self }

    /// Letters of the Latin alphabets without their marks, everything else outside printable ASCII as a space.
    ///
    /// A Pix BR Code is kept to ASCII, because readers differ on whether lengths count characters or bytes.
    var foldedToASCII: String {
        var result = ""
        for scalar in unicodeScalars {
            if scalar.value >= 0x20, scalar.value < 0x7F {
                result.unicodeScalars.append(scalar)
            } else if let letters = Self.folds[scalar] {
                result += letters
            } else if !scalar.properties.isDiacritic, scalar.properties.canonicalCombiningClass == .notReordered {
                result += " "
            }
        }
        return result.split(separator: " ").joined(separator: " ")
    }

    private static let folds: [Unicode.Scalar: String] = {
        let table: [(String, String)] = [
            ("A", "ÀÁÂÃÄÅĀĂĄ"), ("a", "àáâãäåāăąª"), ("C", "ÇĆĈČ"), ("c", "çćĉč"), ("D", "ĎĐÐ"), ("d", "ďđð"),
            ("E", "ÈÉÊËĒĖĘĚ"), ("e", "èéêëēėęě"), ("G", "ĞĢ"), ("g", "ğģ"), ("I", "ÌÍÎÏĪĮİ"), ("i", "ìíîïīįı"),
            ("K", "Ķ"), ("k", "ķ"), ("L", "ĹĻĽŁ"), ("l", "ĺļľł"), ("N", "ÑŃŅŇ"), ("n", "ñńņň"),
            ("O", "ÒÓÔÕÖØŌŐ"), ("o", "òóôõöøōőº"), ("R", "ŔŘ"), ("r", "ŕř"), ("S", "ŚŞŠȘ"), ("s", "śşšș"),
            ("T", "ŢŤȚ"), ("t", "ţťț"), ("U", "ÙÚÛÜŪŮŰŲ"), ("u", "ùúûüūůűų"), ("Y", "ÝŸ"), ("y", "ýÿ"),
            ("Z", "ŹŻŽ"), ("z", "źżž"), ("AE", "Æ"), ("ae", "æ"), ("OE", "Œ"), ("oe", "œ"), ("ss", "ß"),
            ("-", "–—‐‑"), ("'", "’‘´"), ("\"", "“”"),
        ]
        var folds: [Unicode.Scalar: String] = [:]
        for (letter, variants) in table {
            for scalar in variants.unicodeScalars { folds[scalar] = letter }
        }
        return folds
    }()
}
