// SPDX-License-Identifier: Apache-2.0

/// What banks write where a row is a balance and no movement.
///
/// Brazilian banks list balances among the transactions of an OFX file ("SALDO ANTERIOR", "SALDO TOTAL DISPONÍVEL DIA"),
/// with an amount and an id like any other.
enum BalanceWords {
    private static let words: Set<String> = [
        "saldoanterior", "saldoinicial", "saldofinal", "saldododia", "saldodia", "saldoatual", "saldoactual",
        "saldototaldisponiveldia", "saldototaldisponivel", "saldodisponivel", "saldodisponiveldia", "saldoparcial",
        "saldobloqueado", "saldoaplicautmais", "sdoctaaplautomaticas", "saldoemconta", "saldoemcontacorrente",
        "saldocontacorrente", "openingbalance", "closingbalance", "startingbalance", "endingbalance",
        "balancebroughtforward", "balancecarriedforward", "balanceforward", "broughtforward", "carriedforward",
        "anfangssaldo", "endsaldo", "schlusssaldo", "kontostand", "beginsaldo", "eindsaldo", "soldeinitial",
        "soldefinal",
        "soldeprecedent", "saldoiniziale", "saldofinale", "saldopoczatkowe", "saldokoncowe", "ingaendesaldo",
        "utgaendesaldo",
    ]

    /// Banco do Brasil sets the word apart from a payer's: `S A L D O`.
    static func areSpaced(_ text: String) -> Bool {
        let letters = text.split(separator: " ")
        return letters.count == 5 && letters.joined().lowercased() == "saldo"
    }

    /// The whole text says so, apart from a day beside it.
    static func are(_ text: String) -> Bool {
        guard text.utf8.count <= 60 else { return false }
        return words.contains(MappingGuess.plain(text).filter { !$0.isNumber }) || areSpaced(text)
    }
}
