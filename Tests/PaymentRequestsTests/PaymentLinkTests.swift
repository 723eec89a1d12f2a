// SPDX-License-Identifier: Apache-2.0
import Documents
import PaymentRequests
import Testing

struct PaymentLinkTests {
    private let company: Company
    private let today: Day

    init() throws {
        var euro = Company.Account(id: "NL91ABNA0417164300")
        euro.holder = "Example B.V."
        euro.currency = .eur
        var real = Company.Account(id: "0001/12345-6")
        real.holder = "Padaria São João Comércio de Pães Ltda"
        real.currency = .brl
        real.pixKey = "11.222.333/0001-81"
        real.city = "São José dos Campos"
        var company = Company(id: "example")
        company.accounts = [euro, real]
        self.company = company
        today = try #require(Day("2026-11-21"))
    }

    private func part(
        _ item: String, _ minor: Int64, _ currency: Currency = .eur, assignedTo: String? = nil
    ) -> PaymentLink.Part {
        PaymentLink.Part(
            item: item, number: "INV-\(item)", amount: Money(minorUnits: minor, currency: currency),
            assignedTo: assignedTo)
    }

    private func request(_ parts: [PaymentLink.Part]) -> PaymentLink.Request {
        PaymentLink.Request(parts: parts, createdOn: today)
    }

    @Test("A euro link asks for the sum, by EPC, with the numbers as text")
    func epc() throws {
        let link = try #require(PaymentLink.make(for: company, request([part("2", 50), part("1", 100)])).value)
        #expect(link.kind == .epc)
        #expect(link.amount == Money(minorUnits: 150, currency: .eur))
        #expect(link.reference == "INV-1 INV-2")
        let payload = try #require(EPCPayload.parse(link.payload).value)
        #expect(payload.iban.text == "NL91ABNA0417164300")
        #expect(payload.amount == link.amount)
        #expect(payload.text == "INV-1 INV-2")
    }

    @Test("An ISO 11649 reference goes into its field, any other into the text")
    func references() throws {
        var request = request([part("1", 100)])
        request.reference = "RF73 INV2 0260 042"
        let creditor = try #require(PaymentLink.make(for: company, request).value)
        #expect(creditor.reference == "RF73INV20260042")
        #expect(EPCPayload.parse(creditor.payload).value?.reference == "RF73INV20260042")
        request.reference = "+++020/3430/57642+++"
        let belgian = try #require(PaymentLink.make(for: company, request).value)
        #expect(EPCPayload.parse(belgian.payload).value?.text == "+++020/3430/57642+++")
    }

    @Test("A link in reais is a Pix code, holder and city folded and cut")
    func pix() throws {
        let link = try #require(PaymentLink.make(for: company, request([part("7", 12_345, .brl)])).value)
        #expect(link.kind == .pix)
        let payload = try #require(PixPayload.parse(link.payload).value)
        #expect(payload.name == "Padaria Sao Joao Comercio")
        #expect(payload.city == "Sao Jose dos Ca")
        #expect(payload.transactionID == "INV7")
        #expect(payload.amount == link.amount)
        #expect(link.reference == "INV7")
    }

    @Test("A Pix link over many invoices carries an id of its own and as many numbers as fit")
    func pixMany() throws {
        let parts = (10...40).map { part("\($0)", 100, .brl) }
        let link = try #require(PaymentLink.make(for: company, request(parts)).value)
        let payload = try #require(PixPayload.parse(link.payload).value)
        #expect(payload.transactionID == String(link.id.suffix(25)))
        guard case .key(_, let information) = payload.receiver else {
            Issue.record("not a static code")
            return
        }
        #expect(information?.hasPrefix("INV-10 INV-11") == true)
        #expect(information?.contains(" +") == true)
        #expect(link.amount.minorUnits == 3_100)
    }

    @Test("The id depends on company, parts, amounts and revision, not on order or day")
    func ids() throws {
        let one = try #require(PaymentLink.make(for: company, request([part("1", 100), part("2", 50)])).value)
        var later = request([part("2", 50), part("1", 100)])
        later.createdOn = today + 5
        #expect(PaymentLink.make(for: company, later).value?.id == one.id)
        #expect(PaymentLink.make(for: company, request([part("1", 100), part("2", 51)])).value?.id != one.id)
        #expect(PaymentLink.make(for: company, request([part("1", 150)])).value?.id != one.id)
        later.revision = 2
        #expect(PaymentLink.make(for: company, later).value?.id != one.id)
        var other = company
        other.id = "other"
        #expect(PaymentLink.make(for: other, request([part("1", 100), part("2", 50)])).value?.id != one.id)
        #expect(one.id.utf8.count == 26)
    }

    @Test("What must not be asked for is refused by code")
    func refuses() throws {
        func codes(_ parts: [PaymentLink.Part]) -> [String] {
            PaymentLink.make(for: company, request(parts)).faults.map(\.code)
        }
        #expect(codes([]) == ["LINK-EMPTY"])
        #expect(codes([part("1", 100), part("2", 50, assignedTo: "Factor AG")]) == ["LINK-ASSIGNED"])
        #expect(codes([part("1", 0)]) == ["LINK-AMOUNT"])
        #expect(codes([part("1", -5), part("2", 10)]) == ["LINK-AMOUNT"])
        #expect(codes([part("1", 5), part("1", 5)]) == ["LINK-TWICE"])
        #expect(codes([part("1", 5), part("2", 5, .brl)]) == ["LINK-CURRENCY"])
        #expect(codes([part("1", .max), part("2", 5)]) == ["LINK-CURRENCY"])
        #expect(codes([part("1", 5, .usd)]) == ["LINK-ACCOUNT"])
        var bare = company
        bare.accounts[0].holder = nil
        #expect(PaymentLink.make(for: bare, request([part("1", 5)])).faults.map(\.code) == ["LINK-ACCOUNT"])
        var wanted = request([part("1", 5)])
        wanted.account = "nowhere"
        #expect(PaymentLink.make(for: company, wanted).faults.map(\.code) == ["LINK-ACCOUNT"])
        wanted = request([part("1", 5)])
        wanted.expiresOn = today - 1
        #expect(PaymentLink.make(for: company, wanted).faults.map(\.code) == ["LINK-EXPIRES"])
    }

    @Test("A link is for what is open, never for more")
    func followsTheBooks() throws {
        let fresh = try #require(PaymentLink.make(for: company, request([part("1", 100), part("2", 50)])).value)
        func compared(_ open: [String: Int64], isPaid: Bool = false, isReplaced: Bool = false) -> PaymentLink {
            var link = fresh
            _ = link.compare(open: open, isPaid: isPaid, isReplaced: isReplaced, on: today)
            return link
        }
        #expect(compared(["1": 100, "2": 50]).state == .active)
        #expect(compared(["1": 130, "2": 50]).state == .active)
        #expect(compared(["1": 40, "2": 50], isPaid: true).state == .superseded)
        #expect(compared(["1": 200, "2": 49]).state == .superseded)
        #expect(compared(["1": 100]).state == .superseded)
        #expect(compared(["1": 40, "2": 50]).closedReason == "less is open than it asks for")
        #expect(compared(["1": 0, "2": 0], isPaid: true).state == .paid)
        #expect(compared(["1": 0, "2": 0]).state == .cancelled)
        #expect(compared(["1": 0, "2": 50], isReplaced: true).state == .superseded)
        var ended = compared(["1": 40, "2": 50])
        #expect(ended.compare(open: ["1": 0, "2": 0], isPaid: true, on: today) == .unchanged)
    }

    @Test("A link ends once; money that comes after the end goes to a person")
    func life() throws {
        var request = request([part("1", 100)])
        request.expiresOn = today + 3
        let fresh = try #require(PaymentLink.make(for: company, request).value)

        var link = fresh
        #expect(link.receive(.dayBegan, on: today + 3) == .unchanged)
        #expect(link.receive(.dayBegan, on: today + 4) == .closed(.expired))
        #expect(link.receive(.cancelled(reason: "x"), on: today + 4) == .unchanged)
        #expect(link.receive(.paid, on: today + 5) == .paidAfter(.expired))
        #expect(link.receive(.paid, on: today + 6) == .paidAgain)
        #expect(link.state == .paid)

        link = fresh
        #expect(link.receive(.superseded(by: "other"), on: today) == .closed(.superseded))
        #expect(link.supersededBy == "other")
        #expect(link.receive(.superseded(by: "third"), on: today) == .unchanged)
        #expect(link.supersededBy == "other")
        #expect(link.receive(.paid, on: today) == .paidAfter(.superseded))

        link = fresh
        #expect(link.receive(.cancelled(reason: "asked to"), on: today) == .closed(.cancelled))
        #expect(link.closedReason == "asked to")
        #expect(link.closedOn == today)

        link = fresh
        #expect(link.receive(.paid, on: today) == .closed(.paid))
        #expect(link.receive(.dayBegan, on: today + 9) == .unchanged)
        #expect(link.state == .paid)
    }
}
