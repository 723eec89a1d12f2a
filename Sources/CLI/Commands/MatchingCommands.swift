// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measures the decisions in the books against the truth of a workload, with slices by kind and noise.")

    @OptionGroup var common: VerbOptions
    @Option(
        help: ArgumentHelp("CSV: payment_id,invoice_id,amount,kind,adjustment,noise.", valueName: "file.csv"))
    var truth: String

    func run() throws { Output.answer(try common.open().evaluate(truth: truth), json: common.json) }
}

struct MemoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory", abstract: "What reconcile learned from payments and people: shown, and deleted.",
        subcommands: [MemoryList.self, MemoryForget.self])
}

struct MemoryList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Accounts, habits, refused pairs, counterparties that are no customers, and trusted rules.")

    @OptionGroup var common: VerbOptions

    func run() throws { Output.answer(try common.open().memoryList(), json: common.json) }
}

struct MemoryForget: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Deletes one thing that was learned; later payments may teach it again.")

    @OptionGroup var common: VerbOptions
    @OptionGroup var person: PersonOptions
    @Argument(help: "An id from `memory list`.") var id: String

    func run() throws {
        Output.answer(
            try common.open().memoryForget(id, actor: person.actor, reason: person.reason), json: common.json)
    }
}
