// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "What a customer can pay with: an EPC QR payload or a Pix code.",
        subcommands: [Create.self, Show.self, Cancel.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Makes the payload for what is open on invoices of one customer.")
        @OptionGroup var common: VerbOptions
        @Argument(help: "Invoice numbers or ids.") var invoices: [String]
        func run() throws { Output.answer(try common.open().createLink(invoices), json: common.json) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "A link and where it stands.")
        @OptionGroup var common: VerbOptions
        @Argument var id: String
        func run() throws { Output.answer(try common.open().showLink(id), json: common.json) }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Ends a link.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        func run() throws {
            let answer = try common.open().cancelLink(id, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }
}

struct ResendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Puts the invoice's original document into the outbox.",
        discussion: "A document that was not imported is fetched from the system that the invoice came from.")
    @OptionGroup var common: VerbOptions
    @Argument(help: "Invoice numbers or ids.") var invoices: [String]
    func run() throws { Output.answer(try common.open().resend(invoices, .live()), json: common.json) }
}
