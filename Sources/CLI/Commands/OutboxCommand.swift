// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Feeds an agent without HTTP: claim, begin, send, ack.",
        subcommands: [Claim.self, Begin.self, Ack.self, Fail.self, Settle.self, List.self])

    struct Claim: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "claim",
            abstract: "Leases messages in order per customer, every gate decided again; a message a line.")
        @OptionGroup var common: VerbOptions
        @Option(help: "At most this many messages.") var limit = 10
        @Option(help: "Seconds until an unused lease is free again.") var lease = 60
        @Option(help: "Who claims.") var agent = "agent"

        func run() throws {
            for message in try common.open().claim(limit: limit, leaseSeconds: lease, agent: agent) {
                Output.json(message)
            }
        }
    }

    struct Begin: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "begin",
            abstract: "Right before the provider is called; refused when the message may not go any more.")
        @OptionGroup var common: VerbOptions
        @Argument var id: String
        @Option(help: "The lease's token, as claim printed it.") var token: String

        func run() throws {
            let answer = try common.open().begin(id, token: token)
            Output.answer(answer, json: common.json)
            if answer.failed { throw ExitCode.failure }
        }
    }

    struct Ack: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack", abstract: "The provider accepted the message.")
        @OptionGroup var common: VerbOptions
        @Argument var id: String
        @Option var token: String
        @Option(name: .customLong("provider-message-id")) var providerMessageID: String?
        @Option var provider = "whatsapp"

        func run() throws {
            let answer = try common.open().acknowledge(
                id, token: token, provider: provider, providerMessageID: providerMessageID)
            Output.answer(answer, json: common.json)
            if answer.failed { throw ExitCode.failure }
        }
    }

    struct Fail: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fail", abstract: "The provider refused the message, for now or for good.")
        @OptionGroup var common: VerbOptions
        @Argument var id: String
        @Option var token: String
        @Flag(help: "Nothing will help: a person sees it.") var final = false
        @Option(help: "The provider's error code.") var code: String?
        @Option(name: .customLong("retry-after"), help: "Seconds, as the provider asked.") var retryAfter: Int?

        func run() throws {
            let answer = try common.open().fail(
                id, token: token, final: final, code: code, retryAfterSeconds: retryAfter)
            Output.answer(answer, json: common.json)
            if answer.failed { throw ExitCode.failure }
        }
    }

    struct Settle: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "settle", abstract: "Says what became of a message whose outcome is unknown.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        @Option(help: "sent or not-sent") var outcome: Workplace.UnknownOutcome

        func run() throws {
            let answer = try common.open().settle(
                id, outcome: outcome, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
            if answer.failed { throw ExitCode.failure }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Messages and where each stands, one JSON object a line.")
        @OptionGroup var common: VerbOptions
        @Option var customer: String?
        @Flag(help: "Only what is not finished.") var open = false

        func run() throws {
            let workplace = try common.open()
            try workplace.list(.messages, openOnly: open, customer: customer) { Output.json($0) }
        }
    }
}

extension Workplace.UnknownOutcome: ExpressibleByArgument {}
