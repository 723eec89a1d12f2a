// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct PromiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promise", abstract: "Promises to pay: what was said, for when, and what came of it.",
        subcommands: [Record.self, List.self, Confirm.self, Reject.self, Withdraw.self, Judge.self, Evaluate.self])

    struct Record: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "record", abstract: "Records a promise.")
        @OptionGroup var common: VerbOptions
        @Option(help: "The customer's id or number.") var customer: String
        @Option(help: "Invoice numbers or ids; all that is overdue when left out.") var invoice: [String] = []
        @Option(help: ArgumentHelp("What was promised; everything open when left out.", valueName: "1180.00"))
        var amount: String?
        @Option(help: "The amount's currency, when the customer owes in several.") var currency: String?
        @Option(name: .customLong("for"), help: "The day it was promised for, yyyy-MM-dd.") var promisedFor: String
        @Option(help: "The day it was made; the business day when left out.") var on: String?
        @Option(name: .customLong("taken-by"), help: "Who took it.") var takenBy: String
        @Option(help: "whatsapp, phone, email …") var channel = "phone"
        @Flag(help: "Taken by the agent and not echoed yet: proposed until the customer or a person confirms.")
        var proposed = false

        func validate() throws { try PersonOptions.require(takenBy, "--taken-by", "who took it") }

        func run() throws {
            var request = Workplace.PromiseRequest(customer: customer, promisedFor: promisedFor, takenBy: takenBy)
            request.invoices = invoice
            request.amount = amount
            request.currency = currency
            request.promisedOn = on
            request.channel = channel
            request.proposed = proposed
            Output.answer(try common.open().recordPromise(request), json: common.json)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Promises with their verdicts, one JSON object a line.")
        @OptionGroup var common: VerbOptions
        @Option var customer: String?
        @Flag(help: "Only open ones.") var open = false
        func run() throws {
            try common.open().list(.promises, openOnly: open, customer: customer) { Output.json($0) }
        }
    }

    struct Confirm: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "confirm", abstract: "A person's yes to a proposed promise, or to a row that policy refused.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        func run() throws {
            let answer = try common.open().confirmPromise(id, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Reject: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject", abstract: "A person's no: it was no promise.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        func run() throws {
            let answer = try common.open().rejectPromise(id, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "The customer takes it back.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        func run() throws {
            let answer = try common.open().withdrawPromise(id, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Judge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "judge", abstract: "A person's verdict, where money that had counted was taken back.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        @Option(name: .customLong("as"), help: "kept, partially_kept or broken.") var verdict: String
        func run() throws {
            let answer = try common.open().judgePromise(
                id, as: verdict, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Evaluate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "evaluate", abstract: "Judges every promise by value-dated, covered cash.")
        @OptionGroup var common: VerbOptions
        func run() throws { Output.answer(try common.open().evaluatePromises(), json: common.json) }
    }
}
