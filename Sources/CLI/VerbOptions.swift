// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector
import Documents
import Foundation
import Trees

/// What every verb takes.
struct VerbOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The database file; else $TIEOUT_DB, the configuration, tieout.db.", valueName: "path"))
    var db: String?

    @Option(help: ArgumentHelp("The configuration; else tieout.yaml here, if there is one.", valueName: "path"))
    var config: String?

    @Option(help: ArgumentHelp("Whose books; may be left out while there is one company.", valueName: "id"))
    var company: String?

    @Option(
        name: .customLong("as-of"), help: ArgumentHelp("The business day, instead of today.", valueName: "yyyy-MM-dd"))
    var asOf: String?

    @Flag(help: "One JSON value on stdout.")
    var json = false

    func request() throws -> Workplace.Request {
        var request = Workplace.Request()
        request.database = db
        request.configuration = config
        request.company = company
        if let asOf {
            guard let day = Day(asOf) else {
                throw ValidationError("--as-of takes a day as yyyy-MM-dd, not “\(asOf)”.")
            }
            request.asOf = day
        }
        return request
    }

    /// - Throws: a company that is not there, or not named, as wrong usage.
    func open() throws -> Workplace {
        do {
            return try Workplace.open(request(), environment: Surroundings.environment ?? .live())
        } catch let failure as Failure where ["COMPANY-UNKNOWN", "COMPANY-NEEDED"].contains(failure.code) {
            throw ValidationError(failure.description)
        }
    }
}

/// Who does it and why: kept with every decision of a person.
struct PersonOptions: ParsableArguments {
    @Option(name: .customLong("actor"), help: ArgumentHelp("Who does this; else $TIEOUT_ACTOR.", valueName: "actor"))
    var named: String?

    @Option(help: "Why.")
    var reason: String

    /// The option, else the environment's.
    var actor: String { named ?? ProcessInfo.processInfo.environment["TIEOUT_ACTOR"] ?? "" }

    func validate() throws {
        if named == nil, actor.isEmpty {
            throw ValidationError("Missing expected argument '--actor <actor>': who does this, or set TIEOUT_ACTOR.")
        }
        try Self.require(actor, named == nil ? "TIEOUT_ACTOR" : "--actor", "who does this")
        try Self.require(reason, "--reason", "why")
    }

    /// A name or a reason that says nothing is wrong usage, like one that is left out.
    static func require(_ text: String, _ option: String, _ what: String) throws {
        if Signing.isBlank(text) { throw ValidationError("\(option) says \(what); “\(text)” does not.") }
    }
}

/// The only place that prints.
enum Output {
    static func text(_ text: String) {
        if let sink = Surroundings.sink { return sink(text) }
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
    }

    static func json(_ node: Node) { text(node.json) }

    /// Whole lines, or a piece of many: bytes that go out as they are.
    static func lines(_ bytes: [UInt8]) throws {
        if let sink = Surroundings.sink { return sink(String(decoding: bytes, as: UTF8.self)) }
        try FileHandle.standardOutput.write(contentsOf: bytes)
    }
}

/// Exit statuses of `design.md`.
extension ExitCode {
    static let inputRefused = ExitCode(2)
}

extension Output {
    static func answer(_ answer: Answer, json: Bool) {
        if json { self.json(answer.json) } else { text(answer.text) }
    }
}
