// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct PostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post",
        abstract:
            "Writes payments that were settled here into the system the invoice came from; off by default.",
        discussion: """
            A source takes payments only with a line `post: { account: … }` in tieout.yaml. `propose` makes a batch,
            a person approves it, `run` sends it. Every payment has a key that is stored before the first request, and
            what nobody knows about is looked for in the system before anything is sent again.
            """,
        subcommands: [
            Everywhere.self, Propose.self, Approve.self, Drop.self, Run.self, Undo.self, Settle.self, ListPosts.self,
        ], defaultSubcommand: Everywhere.self)

    struct Everywhere: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "everywhere",
            abstract: "Sends what is approved for every source; what `tieout post` does by itself.")

        @OptionGroup var common: VerbOptions
        @Flag(help: "Shows what could be proposed; nothing is proposed or sent.") var dryRun = false
        @Option(
            name: .customLong("out"), help: "Write a CSV file instead, for a system that takes files.")
        var out: String?

        func run() throws {
            let answer = try common.open().postAll(isDry: dryRun, out: out, .live())
            Output.answer(answer, json: common.json)
            if answer.needsReview { throw ExitCode.inputRefused }
        }
    }

    struct Propose: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a batch of what could be written; sends nothing.")

        @OptionGroup var common: VerbOptions
        @Option(help: "Who proposes.") var actor = "tieout"
        @Argument(help: "The source.") var source: String

        func validate() throws { try PersonOptions.require(actor, "--actor", "who proposes") }

        func run() throws {
            Output.answer(try common.open().proposePosts(source, actor: actor), json: common.json)
        }
    }

    struct Approve: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Approves the proposals of a batch.")

        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "The batch's number.") var batch: Int64

        func run() throws {
            let answer = try common.open().approvePosts(batch, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Gives the proposals of a batch up.")

        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "The batch's number.") var batch: Int64

        func run() throws {
            let answer = try common.open().dropPosts(batch, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sends what is approved.")

        @OptionGroup var common: VerbOptions
        @Option(
            name: .customLong("out"), help: "Write a CSV file instead, for a system that takes files.")
        var out: String?
        @Argument(help: "The source.") var source: String

        func run() throws {
            let workplace = try common.open()
            if let out {
                let answer = try workplace.exportPosts(source, to: out)
                return Output.answer(answer, json: common.json)
            }
            let answer = try workplace.runPosts(source, .live())
            Output.answer(answer, json: common.json)
            if answer.needsReview { throw ExitCode.inputRefused }
        }
    }

    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a payment back in the system by a reversal.")

        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "The source.") var source: String
        @Argument(help: "The payment's id here.") var payment: String
        @Argument(help: "The invoice's number.") var invoice: String

        func run() throws {
            let answer = try common.open().undoPost(
                source, payment: payment, number: invoice, actor: person.actor, reason: person.reason,
                .live())
            Output.answer(answer, json: common.json)
            if answer.needsReview { throw ExitCode.inputRefused }
        }
    }

    struct Settle: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says what a person saw in the system about a payment of which nothing is known.")

        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Flag(inversion: .prefixedNo, help: "It is there, or it is not.") var there: Bool
        @Argument(help: "The source.") var source: String
        @Argument(help: "The payment's id here.") var payment: String
        @Argument(help: "The invoice's number.") var invoice: String

        func run() throws {
            let answer = try common.open().settlePost(
                source, payment: payment, number: invoice, isThere: there, actor: person.actor,
                reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct ListPosts: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Shows what was proposed, approved and written.")

        @OptionGroup var common: VerbOptions
        @Argument(help: "The source; all when none is named.") var source: String?

        func run() throws { Output.answer(try common.open().listPosts(source), json: common.json) }
    }
}
