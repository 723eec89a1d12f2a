// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

@Suite("Money between the company's own accounts, from the file to the books")
struct OwnTransferTests {
    private static let configuration = """
        companies:
          - id: demo
            legal_name: Demo B.V.
            home_currency: EUR
            authority: tieout
            accounts:
              - { id: NL91 ABNA 0417 1643 00, holder: Demo B.V., currency: EUR }
              - { id: DE89370400440532013000, holder: Demo B.V., currency: EUR }

        """

    @Test("It is set aside, and what goes back is no customer's either; a sum of the account itself is not meant")
    func transfer() throws {
        let scene = try ConversationScene()
        scene.set("2026-03-31")
        try Data(Self.configuration.utf8).write(to: scene.folder.appendingPathComponent("tieout.yaml"))
        try scene.importing(
            "bank.csv",
            """
            id,amount,currency,booked_on,account,payer_name,payer_account,remittance
            T1,5000.00,EUR,2026-03-11,NL91ABNA0417164300,Demo B.V.,DE89370400440532013000,transfer
            T2,-5000.00,EUR,2026-03-12,NL91ABNA0417164300,Demo B.V.,DE89370400440532013000,reversal
            T3,700.00,EUR,2026-03-12,NL91ABNA0417164300,Demo B.V.,NL91ABNA0417164300,collected
            T4,800.00,EUR,2026-03-12,0417164300,Demo B.V.,NL91ABNA0417164300,collected

            """)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let payments = try scene.list(.payments).map { "\($0["id"]?.scalar ?? "") \($0["set_aside"]?.scalar ?? "")" }
        #expect(payments.sorted() == ["T1 5000.00", "T2 0.00", "T3 0.00", "T4 0.00"])
        #expect(try !scene.workplace().verify().failed)
    }
}
