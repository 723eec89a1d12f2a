// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

/// Files that were put together from several downloads.
@Suite("A statement that stands in a file twice counts once")
struct RepeatedStatementTests {
    private func message(_ number: String, from opening: String, to closing: String, _ entries: [String]) -> String {
        ([":20:STARTUMS", ":25:NL91ABNA0417164300", ":28C:\(number)", ":60F:C260105EUR\(opening)"]
            + entries.flatMap { [":61:2601050105C\($0)NTRFNONREF", ":86:FACTUUR 7"] }
            + [":62F:C260105EUR\(closing)", "-", ""]).joined(separator: "\r\n")
    }

    private func imported(_ text: String) throws -> (amounts: [String], summary: String, scene: ConversationScene) {
        let scene = try ConversationScene()
        scene.set("2026-01-31")
        let path = scene.folder.appendingPathComponent("bank.sta")
        try Data(text.utf8).write(to: path)
        let summary = try scene.workplace().importFiles([path.path], Workplace.ImportOptions())
        return (try scene.list(.payments).compactMap { $0["amount"]?.scalar }.sorted(), summary.text, scene)
    }

    @Test("The second is left out with its entries, and what stands around it stays") func repeated() throws {
        let first = message("7/1", from: "10,00", to: "30,00", ["10,00", "10,00"])
        let next = message("8/1", from: "30,00", to: "35,00", ["5,00"])
        let (amounts, summary, scene) = try imported(first + first + next + first)
        #expect(amounts == ["10.00", "10.00", "5.00"])
        #expect(summary.contains("EUR: invoiced 0.00, credited 0.00, received 25.00"), "\(summary)")
        #expect(summary.count(of: "STATEMENT-REPEATED") == 2, "\(summary)")
        let answer = try scene.workplace().verify()
        #expect(!answer.failed, "\(answer.text)")
    }

    @Test("Statements that differ, or whose balances prove nothing, all stay") func others() throws {
        for pair in [
            // The same number from another balance, as banks have that do not count.
            (message("0", from: "10,00", to: "20,00", ["10,00"]), message("0", from: "20,00", to: "30,00", ["10,00"])),
            // Nothing says that this is not a second movement of the day.
            (message("0", from: "10,00", to: "10,00", ["10,00"]), message("0", from: "10,00", to: "10,00", ["10,00"])),
        ] {
            let (amounts, summary, _) = try imported(pair.0 + pair.1)
            #expect(amounts == ["10.00", "10.00"])
            #expect(!summary.contains("STATEMENT-REPEATED"))
        }
    }

    @Test("The same of camt, whose entries have no reference") func camt() throws {
        let entry = """
            <Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
            <BookgDt><Dt>2026-01-05</Dt></BookgDt><BkTxCd/></Ntry>
            """
        func balance(_ code: String, _ amount: String) -> String {
            """
            <Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">\(amount)</Amt>
            <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-05</Dt></Dt></Bal>
            """
        }
        let statement =
            "<Stmt><Id>S1</Id><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            + balance("OPBD", "10.00") + balance("CLBD", "70.00") + entry + entry + "</Stmt>"
        let (amounts, summary, _) = try imported(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>\(statement)\(statement)"
                + "</BkToCstmrStmt></Document>")
        #expect(amounts == ["30.00", "30.00"])
        #expect(summary.contains("STATEMENT-REPEATED"), "\(summary)")
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
