// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

/// A bank statement says where it begins and where it ends, and its entries have to lead from one to the other.
@Suite("A statement that does not tie is for a person until a corrected one comes")
struct StatementProofTests {
    private static func message(_ number: String, from opening: String, to closing: String, _ entries: [String])
        -> String
    {
        ([":20:STARTUMS", ":25:NL91ABNA0417164300", ":28C:\(number)", ":60F:C260105EUR\(opening)"]
            + entries.flatMap { [":61:2601050105C\($0)NTRFNONREF", ":86:FACTUUR \($0)"] }
            + [":62F:C260105EUR\(closing)", "-", ""]).joined(separator: "\r\n")
    }

    private func load(_ scene: ConversationScene, _ name: String, _ text: String) throws {
        let path = scene.folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: path)
        _ = try scene.workplace().importFiles([path.path], Workplace.ImportOptions())
    }

    private func open(_ scene: ConversationScene) throws -> [String] {
        try scene.list(.exceptions).filter {
            $0["kind"]?.scalar == "STATEMENT-DOES-NOT-TIE" && $0["state"]?.scalar == "open"
        }.compactMap { $0["subject"]?.scalar }
    }

    private func monthEnd(_ scene: ConversationScene) throws -> String {
        var request = Workplace.ReportRequest(name: .monthEnd)
        request.month = "2026-01"
        return try scene.workplace().report(request, format: .text, out: nil) ?? ""
    }

    private func books() throws -> ConversationScene {
        let scene = try ConversationScene()
        scene.set("2026-02-10")
        return scene
    }

    @Test("It is an exception and a check of the month, and ends with the corrected statement", arguments: ["7", "8"])
    func corrected(_ number: String) throws {
        let scene = try books()
        try load(scene, "bad.sta", Self.message("7", from: "10,00", to: "30,00", ["15,00"]))
        #expect(try open(scene) == ["NL91ABNA0417164300 2026-01-05 10.00 to 30.00 EUR"])
        #expect(
            try monthEnd(scene).contains("✗ bank statement: the statement of NL91ABNA0417164300 through 2026-01-05"))
        try load(scene, "good.sta", Self.message(number, from: "10,00", to: "30,00", ["15,00", "5,00"]))
        #expect(try open(scene) == [])
        #expect(try !monthEnd(scene).contains("✗"))
        #expect(try scene.list(.payments).compactMap { $0["amount"]?.scalar }.sorted() == ["15.00", "5.00"])
    }

    @Test("Another statement of the day does not end it, and one that ties is no exception")
    func others() throws {
        let scene = try books()
        try load(scene, "good.sta", Self.message("6", from: "0,00", to: "10,00", ["10,00"]))
        #expect(try open(scene) == [])
        try load(scene, "bad.sta", Self.message("7", from: "10,00", to: "30,00", ["15,00"]))
        try load(scene, "next.sta", Self.message("8", from: "30,00", to: "37,00", ["7,00"]))
        #expect(try open(scene).count == 1)
        let answer = try scene.workplace().close(month: "2026-01", actor: "ada")
        #expect(answer.text.contains("✗ the statement of NL91ABNA0417164300"), "\(answer.text)")
    }
}
