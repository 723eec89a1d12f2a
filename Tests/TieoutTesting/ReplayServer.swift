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
        case "business-central": "{ base: '\(origin)', login: '\(origin)', company: c1 }"
        case "sap-b1": "{ base: '\(origin)', company: BOOKS, user: me }"
        case "sap-s4": "{ base: '\(origin)', company_code: 1010, user: me }"
        case "tryton": "{ base: '\(origin)/books', user: admin }"
        case "twinfield": "{ cluster: '\(origin)', login: '\(origin)', office: NL1 }"
        default: "{ base: '\(origin)' }"
        }
    }

    /// Environment variables with the secrets of a source named `book`.
    package static let secrets = [
        "TIEOUT_SECRET_BOOK_CLIENT_ID": "me", "TIEOUT_SECRET_BOOK_CLIENT_SECRET": "very-secret",
        "TIEOUT_SECRET_BOOK_REFRESH_TOKEN": "RT-0-secret", "TIEOUT_SECRET_BOOK_KEY": "very-secret",
        "TIEOUT_SECRET_BOOK_PASSWORD": "very-secret",
    ]
}
