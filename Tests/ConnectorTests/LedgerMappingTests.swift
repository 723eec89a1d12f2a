// SPDX-License-Identifier: Apache-2.0
import Connector
import Testing
import Trees

/// Exports of accounting systems that list invoices and the payments that the bank's file brings as well.
@Suite("Cash that a mapped export of the accounting system repeats is there once")
struct LedgerMappingTests {
    enum Export: String, CaseIterable, Sendable { case fbl5n, s4, businessCentral, odoo }

    static let receipts: [LedgerSample.Line] = [
        ("90000101", "1210.00", "2026-07-21"), ("90000102", "89.90", "2026-07-22"),
    ]

    /// Two invoices, the first one paid, the second not; as the system exports them.
    static func files(_ export: Export, isPaid: Bool) -> [(name: String, text: String)] {
        let rest = isPaid ? "0.00" : "1210.00"
        let cleared = isPaid ? "1400000033" : ""
        switch export {
        case .fbl5n:
            let payment =
                "1000,100012,1400000033,2,2026,DZ,7/21/2026,7/21/2026,7/21/2026,-1210.00,EUR,,,90000101,1400000033\n"
            return [
                (
                    "FBL5N-\(isPaid).csv",
                    """
                    Company Code,Account,Document Number,Line item,Fiscal Year,Document Type,Document Date,Posting Date,\
                    Net due date,Amount in doc. curr.,Document currency,Assignment,Reference,Text,Clearing Document
                    1000,100012,1800000101,1,2026,RV,7/13/2026,7/13/2026,7/31/2026,1210.00,EUR,,90000101,,\(cleared)
                    1000,100012,1800000102,1,2026,RV,7/14/2026,7/14/2026,7/31/2026,89.90,EUR,,90000102,,

                    """ + (isPaid ? payment : "")
                )
            ]
        case .s4:
            let payment =
                "1000,2026,1400000033,2,D,100012,Bakker B.V.,90000101,,,2026-07-21,2026-07-21,2026-07-21,DZ,H,-1210.00,EUR,"
                + "1400000033,,,\n"
            return [
                (
                    "s4-\(isPaid).csv",
                    """
                    CompanyCode,FiscalYear,AccountingDocument,AccountingDocumentItem,FinancialAccountType,Customer,\
                    CustomerName,AssignmentReference,PaymentReference,BillingDocument,DocumentDate,PostingDate,NetDueDate,\
                    AccountingDocumentType,DebitCreditCode,AmountInTransactionCurrency,TransactionCurrency,\
                    ClearingAccountingDocument,DunningLevel,DunningBlockingReason,LastDunningDate
                    1000,2026,1800000101,1,D,100012,Bakker B.V.,,,90000101,2026-07-13,2026-07-13,2026-07-31,RV,S,1210.00,\
                    EUR,\(cleared),,,
                    1000,2026,1800000102,1,D,100012,Bakker B.V.,,,90000102,2026-07-14,2026-07-14,2026-07-31,RV,S,89.90,EUR,,,,

                    """ + (isPaid ? payment : "")
                )
            ]
        case .businessCentral:
            let payment =
                "2026-07-21,Payment,BNK-33,,100012,Bakker B.V.,Payment 90000101,,-1210.00,0.00,2026-07-21,false,2815\n"
            return [
                (
                    "Customer Ledger Entries \(isPaid).csv",
                    """
                    Posting Date,Document Type,Document No.,External Document No.,Customer No.,Customer Name,Description,\
                    Currency Code,Original Amount,Remaining Amount,Due Date,Open,Entry No.
                    2026-07-13,Invoice,90000101,,100012,Bakker B.V.,Order,,1210.00,\(rest),2026-07-31,\(!isPaid),2801
                    2026-07-14,Invoice,90000102,,100012,Bakker B.V.,Order,,89.90,89.90,2026-07-31,true,2802

                    """ + (isPaid ? payment : "")
                )
            ]
        case .odoo:
            let invoices = """
                "Number","Invoice Partner Display Name","Invoice/Bill Date","Due Date","Reference","Payment Reference",\
                "Total in Currency Signed","Amount Due","Currency","Type","Status"
                "90000101","Bakker B.V.","2026-07-13","2026-07-31","","90000101","1210.0","\(rest)","EUR","Customer Invoice","Posted"
                "90000102","Bakker B.V.","2026-07-14","2026-07-31","","90000102","89.9","89.9","EUR","Customer Invoice","Posted"

                """
            let payments = """
                "Number","Date","Journal","Customer/Vendor","Partner Type","Payment Type","Amount","Currency","Memo","Status"
                "PBNK1/2026/00012","2026-07-21","Bank","Bakker B.V.","Customer","Receive","1210.0","EUR","90000101","Paid"

                """
            return [("account.move-\(isPaid).csv", invoices)] + (isPaid ? [("account.payment.csv", payments)] : [])
        }
    }

    enum Step: Sendable { case open, paid, bank, reconcile }

    static let orders: [[Step]] = [
        [.paid, .bank, .reconcile], [.bank, .paid, .reconcile], [.bank, .reconcile, .paid, .reconcile],
        [.paid, .reconcile, .bank, .reconcile], [.open, .bank, .reconcile, .paid, .reconcile],
        [.open, .paid, .reconcile, .bank, .reconcile],
    ]

    @Test("Whatever comes first, cash is the bank's and none is left over", arguments: Export.allCases, orders)
    func anyOrder(_ export: Export, _ order: [Step]) throws {
        let scene = try ConversationScene()
        for step in order {
            switch step {
            case .open: for file in Self.files(export, isPaid: false) { try scene.importing(file.name, file.text) }
            case .paid: for file in Self.files(export, isPaid: true) { try scene.importing(file.name, file.text) }
            case .bank: try scene.importing("bank.xml", LedgerSample.bank(Self.receipts))
            case .reconcile: _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
            }
            #expect(try !scene.workplace().verify().failed, "after \(step)")
        }
        #expect(try scene.openItems() == [])
        #expect(try scene.amounts(.items, "cash") == ["1210.00", "89.90"])
        #expect(try scene.amounts(.items, "source_clearing") == ["0.00", "0.00"])
        let booked = try scene.list(.payments).filter { $0["status"]?.scalar == "booked" }
        #expect(booked.map { $0["source"]?.scalar } == ["documents", "documents"])
        #expect(booked.allSatisfy { $0["unapplied"]?.scalar == "0.00" }, "\(booked)")
    }

    @Test(
        "Without a bank file the invoice is settled by what the export states, and nothing is cash",
        arguments: Export.allCases)
    func exportAlone(_ export: Export) throws {
        let scene = try ConversationScene()
        for file in Self.files(export, isPaid: true) { try scene.importing(file.name, file.text) }
        let answer = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(answer.json.at("cash.0.received") ?? "0.00" == "0.00")
        #expect(try scene.openItems() == ["90000102 89.90"])
        #expect(try scene.amounts(.items, "source_clearing") == ["1210.00", "0.00"])
    }

    @Test("Coins of Odoo's cash journal are cash: no bank brings them") func coins() throws {
        let scene = try ConversationScene()
        for file in Self.files(.odoo, isPaid: true) {
            try scene.importing(file.name, file.text.replacing("\"Bank\"", with: "\"Cash\""))
        }
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try scene.amounts(.items, "cash") == ["1210.00", "0.00"])
    }
}
