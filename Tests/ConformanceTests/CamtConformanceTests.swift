// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Reads every camt.052, camt.053 and camt.054 of the corpus and compares each account's part with the oracle.
@Suite("camt agrees with the corpus")
struct CamtConformanceTests {
    @Test(
        "All of a message's files agree on account, number, days, counts, sums and balances, or the difference is argued",
        arguments: ["camt.052", "camt.053", "camt.054"])
    func agrees(_ message: String) throws {
        guard let corpus = Corpus.open(message) else { return }
        var tally = Corpus.Tally(name: message)
        let allowed = try Corpus.allowed("camt")
        for record in try corpus.oracle() {
            guard record.text("doc")?.hasPrefix(message) == true, record.text("kind") == "sample" else { continue }
            let (payments, statements, reading) = try read(corpus, record.file)
            guard !reading.refused else {
                tally.refuse(record.file, reading.faults)
                continue
            }
            #expect(reading.format == message, "\(record.file)")
            var found: [Corpus.Difference] = []
            let expected = record.records("statements")
            if expected.count != statements.count {
                found.append(
                    .init(field: "statements", ours: "\(statements.count)", theirs: "\(expected.count)"))
            }
            for (statement, oracle) in zip(statements, expected) {
                found += differences(statement, oracle)
                found += conservation(statement, payments)
            }
            tally.add(record.file, found, allowed: allowed)
        }
        print(tally.summary)
        #expect(tally.perMille >= 960, "\(tally.summary)")
        #expect(tally.unexplained.isEmpty, "\(tally.unexplained.joined(separator: "\n"))")
        #expect(tally.agreed > 20)
    }

    @Test("The balance proof warns exactly where the oracle's equation does not hold")
    func balances() throws {
        guard let corpus = Corpus.open("camt.053 balances") else { return }
        for record in try corpus.oracle() {
            guard record.text("doc")?.hasPrefix("camt.053") == true, record.text("kind") == "sample" else { continue }
            let (_, _, reading) = try read(corpus, record.file)
            let broken = record.records("statements").contains { $0.values["balance_equation_holds"] as? Bool == false }
            #expect(reading.faults.contains { $0.code == "CAMT-BALANCE" } == broken, "\(record.file)")
        }
    }

    @Test("Other messages are refused by name; a file without an account, too")
    func refuses() throws {
        guard let corpus = Corpus.open("camt refusals") else { return }
        for file in corpus.files(ending: ".xml") where file.hasPrefix("pain002/") {
            let (payments, statements, reading) = try read(corpus, file)
            #expect(payments.isEmpty && statements.isEmpty, "\(file)")
            // Without a namespace it shows only at the end that no statement is in it.
            #expect(["FORMAT-UNSUPPORTED", "CAMT-NO-STATEMENT"].contains(reading.faults.first?.code ?? ""), "\(file)")
        }
        let wrong = try read(corpus, "invalid/genkgo__camt/camt053.v2.wrong.xml")
        #expect(wrong.2.faults.map(\.code) == ["CAMT-NO-STATEMENT"])
        let missing = try read(
            corpus, "invalid/dvbern__iso20022/camt054/v00104/invalid/camt_054_Beispiel_NotificationMissing.xml")
        #expect(missing.2.refused)
    }

    private func read(_ corpus: Corpus, _ file: String) throws -> ([Payment], [Statement], Reading) {
        var payments: [Payment] = []
        var statements: [Statement] = []
        let origin = Provenance.Origin(sha256: "", name: file, format: "camt.053")
        let reading = try CamtFormat.read(pieces: [corpus.bytes(file)], origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
            if case .statement(let statement) = $0 { statements.append(statement) }
        }
        return (payments, statements, reading)
    }

    private func differences(_ statement: Statement, _ oracle: Corpus.Record) -> [Corpus.Difference] {
        var all: [Corpus.Difference] = []
        func compare(_ field: String, _ ours: String?, _ theirs: String?) {
            if ours != theirs { all.append(.init(field: field, ours: ours, theirs: theirs)) }
        }
        func amount(_ money: Money?) -> String? { money.flatMap { Corpus.decimal($0.amountText) } }
        func stated(_ key: String) -> String? { oracle.text(key).flatMap(Corpus.decimal) }
        compare("id", statement.id, oracle.text("id"))
        compare("number", statement.number, oracle.text("seq"))
        compare("account", statement.account, oracle.text("account"))
        if let currency = oracle.text("acct_currency") { compare("currency", statement.currency.code, currency) }
        compare("from", statement.from?.text, oracle.text("from_date"))
        compare("to", statement.to?.text, oracle.text("to_date"))
        compare("entry_count", "\(statement.entryCount)", oracle.text("entries"))
        compare("credits", amount(statement.credits), stated("credits"))
        compare("debits", amount(statement.debits), stated("debits"))
        compare("booked_credits", amount(statement.bookedCredits), stated("booked_credits"))
        compare("booked_debits", amount(statement.bookedDebits), stated("booked_debits"))
        compare("opening_balance", amount(statement.openingBalance), stated("opening"))
        compare("closing_balance", amount(statement.closingBalance), stated("closing"))
        return all
    }

    /// The payments that are booked on the statement's account add up to its booked entries.
    private func conservation(_ statement: Statement, _ payments: [Payment]) -> [Corpus.Difference] {
        let path = statement.provenance.at.text + "/"
        let own = payments.filter {
            $0.status == .booked && $0.amount.currency == statement.currency && $0.provenance.at.text.hasPrefix(path)
        }
        let sum = own.reduce(0) { $0 + $1.amount.minorUnits }
        let booked = statement.bookedCredits.minorUnits - statement.bookedDebits.minorUnits
        return sum == booked ? [] : [.init(field: "conservation", ours: "\(sum)", theirs: "\(booked)")]
    }
}
