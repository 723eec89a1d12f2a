// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// An accounting system on this machine, with its vendor's paths, paging, tokens and errors: `systems.py` in a process
/// that ends with this value.
package final class ReplayServer: Sendable {
    package struct Bill: Hashable, Sendable, Encodable {
        package var id: Int
        /// Nil for a record without a number.
        package var number: String?
        package var customer: String
        /// Milliseconds since 1970.
        package var day: Int64
        package var changed: Int64
        /// Cents.
        package var total: Int
        package var open: Int

        package init(id: Int, customer: String, day: Int64, changed: Int64, total: Int, open: Int) {
            self.id = id
            number = String(2_600_000 + id)
            self.customer = customer
            self.day = day
            self.changed = changed
            self.total = total
            self.open = open
        }
    }

    /// A payment that somebody booked there by hand.
    package struct Receipt: Hashable, Sendable, Encodable {
        package var id: Int
        /// The bill it pays; nil for money on account.
        package var bill: Int?
        package var customer: String
        package var cents: Int
        /// Milliseconds since 1970.
        package var day: Int64
        package var changed: Int64
        /// It was taken back.
        package var back = false
        /// What it was on account for is settled with it.
        package var cleared = false

        package init(id: Int, bill: Int?, customer: String, cents: Int, day: Int64, changed: Int64) {
            self.id = id
            self.bill = bill
            self.customer = customer
            self.cents = cents
            self.day = day
            self.changed = changed
        }

        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(id, forKey: .id)
            // Null, not absent.
            try values.encode(bill, forKey: .bill)
            try values.encode(customer, forKey: .customer)
            try values.encode(cents, forKey: .cents)
            try values.encode(day, forKey: .day)
            try values.encode(changed, forKey: .changed)
            try values.encode(back, forKey: .back)
            try values.encode(cleared, forKey: .cleared)
        }

        private enum CodingKeys: String, CodingKey {
            case id, bill, customer, cents, day, changed, back, cleared
        }
    }

    package struct Person: Hashable, Sendable, Encodable {
        package var id: String
        package var name: String
        package var email: String
        package var phone: String
        package var country: String
        /// Milliseconds since 1970.
        package var changed: Int64

        package init(id: String, name: String, email: String, phone: String, country: String, changed: Int64) {
            (self.id, self.name, self.email) = (id, name, email)
            (self.phone, self.country, self.changed) = (phone, country, changed)
        }
    }

    /// What the system is to do from now on.
    package struct Order: Sendable, Encodable {
        package var bills: [Bill]
        package var size = 10
        /// By the number of the list request from here, beginning with 1.
        package var trouble: [Int: String] = [:]
        /// What every list request meets.
        package var lasting: String?
        /// Fields that no documentation knows.
        package var extra: [String: String] = [:]
        /// Cents by customer that it counts and no bill shows; nil where nobody asks what each owes.
        package var surplus: [String: Int]?
        package var receipts: [Receipt] = []
        /// Whom its customers' list has.
        package var customers: [Person] = []
        /// What whoever asks for a document meets.
        package var papers: String?
        /// Its clock in milliseconds since 1970, where it matters.
        package var now: Int64?
        /// The write that is done and whose answer is lost, counted from here, beginning with 1.
        package var lost: Int?
        /// The write that is lost itself.
        package var unseen: Int?
        /// The id of the bill that it takes no payment for.
        package var refuses: Int?
        /// It drops the reference that comes with a payment.
        package var forgets = false
        /// The token dies before this one of the requests that write or look for what was written.
        package var expires: Int?
        /// It takes no entry, where a payment is an entry and its match with a bill.
        package var shut = false
        /// Somebody made all entries final.
        package var final = false
        /// So many looks see nothing of what it only accepts.
        package var slow = 0
        /// It matches an entry by itself.
        package var itself = false
        /// The service for the second write is not to be had any more.
        package var gone = false
        /// Its service for writes answers with a SOAP fault.
        package var fault = false
        /// What comes before an amount that lowers a debt, in the line of an entry.
        package var sign = ""
        /// Somebody takes all matches apart.
        package var loose = false

        package init(_ bills: [Bill]) { self.bills = bills }
    }

    /// What was asked since the last order.
    package struct Seen: Sendable, Decodable {
        package var asked: [String]
        package var count: Int
        /// What no client should have done.
        package var wrong: [String]
        /// From when each list was asked for; nil for everything.
        package var since: [Int64?]
        package var tokens: Int
        /// Signed statements that it was asked with.
        package var statements: Int
        /// The payments that were ever written into it.
        package var written: [Written]
        /// What is entered, where that is a write of its own.
        package var entries: [Entry]
    }

    package struct Entry: Sendable, Decodable {
        package var key: String
        package var cents: Int
    }

    package struct Written: Sendable, Decodable {
        package var key: String
        /// The bill's id.
        package var bill: Int
        package var cents: Int
        /// Nil where the system takes no day.
        package var day: String?
        /// It was taken back.
        package var back: Bool
    }

    package let system: String
    package let port: Int
    private let process: Process
    private let input: FileHandle
    private let output: FileHandle
    private let turn = Mutex(())

    /// Nil, after printing why, where there is no Python.
    package init?(_ system: String, skipping test: String = #function) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else {
            print("skipped: \(test): python3 is not installed")
            return nil
        }
        let (input, output) = (Pipe(), Pipe())
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [Repository.fixture("Remote/systems.py").path, system]
        // The vendors' own examples, where they lie beside the checkout.
        if let examples = Repository.shared("fixtures/rest", skipping: "the published examples of \(test)") {
            process.arguments?.append(examples.path)
        }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        self.system = system
        self.input = input.fileHandleForWriting
        self.output = output.fileHandleForReading
        guard let port = Int(Self.line(self.output)) else {
            print("skipped: \(test): the replay server did not start")
            return nil
        }
        self.port = port
    }

    deinit {
        try? input.close()
        process.waitUntilExit()
    }

    package var origin: String { "http://127.0.0.1:\(port)" }

    /// Sets the stage, and says what was asked before.
    @discardableResult
    package func order(_ order: Order) throws -> Seen { try tell(JSONEncoder().encode(order)) }

    package func seen() throws -> Seen { try tell(Data("{}".utf8)) }

    private func tell(_ line: Data) throws -> Seen {
        try turn.withLock { _ in
            try input.write(contentsOf: line + Data("\n".utf8))
            return try JSONDecoder().decode(Seen.self, from: Data(Self.line(output).utf8))
        }
    }

    private static func line(_ handle: FileHandle) -> String {
        var bytes = Data()
        while bytes.last != 0x0A {
            let more = handle.availableData
            guard !more.isEmpty else { break }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    // MARK: How tieout.yaml and the environment name it

    package static let systems = [
        "business-central", "exact-online", "mollie", "salesforce", "sap-b1", "sap-s4", "stripe", "tryton",
        "twinfield", "xero",
    ]

    /// The mapping's `config:`, on one line.
    package var configuration: String {
        switch system {
        case "xero": "{ base: '\(origin)/api', login: '\(origin)', tenant: t1 }"
        case "exact-online": "{ base: '\(origin)', division: 7 }"
        case "salesforce": "{ base: '\(origin)', user: 'sync@acme.example', audience: '\(origin)' }"
        case "business-central": "{ base: '\(origin)', login: '\(origin)', company: c1 }"
        case "sap-b1": "{ base: '\(origin)', company: BOOKS, user: me }"
        case "sap-s4":
            "{ base: '\(origin)', company_code: 1010, user: me, customer_item: '<BusinessPlace>0000</BusinessPlace>' }"
        case "tryton": "{ base: '\(origin)/books', user: admin }"
        case "twinfield": "{ cluster: '\(origin)', login: '\(origin)', office: NL1 }"
        default: "{ base: '\(origin)' }"
        }
    }

    /// Environment variables with the secrets of a source named `book`.
    package static let secrets = [
        "TIEOUT_SECRET_BOOK_CLIENT_ID": "me", "TIEOUT_SECRET_BOOK_CLIENT_SECRET": "very-secret",
        "TIEOUT_SECRET_BOOK_REFRESH_TOKEN": "RT-0-secret", "TIEOUT_SECRET_BOOK_KEY": "very-secret",
        "TIEOUT_SECRET_BOOK_PASSWORD": "very-secret", "TIEOUT_SECRET_BOOK_PRIVATE_KEY": privateKey,
        "TIEOUT_SECRET_BOOK_CERTIFICATE": certificate,
    ]

    /// The published key of RFC 7515, A.2: what it signs, `systems.py` can check.
    package static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXO
        jS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxL
        aYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNn
        juygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5
        ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkf
        toaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHg
        VFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyW
        PEAeP88vLNO97IjlA7/GQ5sLKMgvfTeXZx9SE+7YwVol2NXOoAJe46sui395IW/G
        O+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzj
        kn439X0M/V51gfpRLI9JYanrC4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6
        XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB
        4cS98l2SR/RQyGWSeWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0K
        pLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr
        0AHQfD8/Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqE
        lMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6
        kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAP
        rq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54Xrrz2uNw
        kgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp
        5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgwo59dkpN75gJLVds2
        9+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/
        evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2LF2mjMJDpTg7FmuyPcVw6EcG
        yoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZj
        OYiIDktVWZzmevJuv6WywUqd57LE3Zar3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2
        tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3
        ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A56
        03k2+ZQwVK0JKSHuLFkuQ3U=
        -----END PRIVATE KEY-----
        """

    /// Made with that key by itself.
    package static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIICpTCCAY2gAwIBAgIBATANBgkqhkiG9w0BAQsFADAWMRQwEgYDVQQDDAt0aWVv
        dXQgdGVzdDAeFw0yNjAxMDEwMDAwMDBaFw00NjAxMDEwMDAwMDBaMBYxFDASBgNV
        BAMMC3RpZW91dCB0ZXN0MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA
        ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp
        +Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOW
        vG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUs
        LA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k
        G4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2
        PAcDTW9gb54h4FRWyuXpoQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQBNy5Qhwhcf
        pM1mFjr/q/CQAGFLsmUR5UbXu7i5OIbK/Pu9ANL2MqxYxWi18Xy2Tv8sETVysdzz
        iebiCMphDsGbQV1WnqfoMp0T3fwFvGT6CGapgLPt8VvXDtvVRSxAssTdx1FA0n9b
        FzAwexFEynLpLLbjNRYncXeljAV9doaqm9liDfWt9nyF8OXOJPpguYdnJd5PA7Po
        aX45Uo1AA9pcW+6RsZUCGjEoOo3ZCe02SHtier4WTWy/+BuaFQ65+CINfzkGzn0s
        8LU/HZu1iE8halGwbdRZRvAdYso7fwcMw2Ygg2XosM8RPg8mFx0flBrq4cbWHypF
        Bd+8cerk4LHt
        -----END CERTIFICATE-----
        """
}
