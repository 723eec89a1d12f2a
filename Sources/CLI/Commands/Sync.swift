// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Pulls from accounting systems what changed since the last time.",
        discussion: """
            Sources are those of tieout.yaml that have a mapping. Each stream lands with its cursor in one transaction:
            a run that is stopped anywhere is simply run again. Secrets come from the environment
            (TIEOUT_SECRET_<SOURCE>_<NAME>), from files, or from systemd credentials.
            """)

    @OptionGroup var common: VerbOptions
    @Flag(name: .customLong("dry-run"), help: "Pull and show what would change, then roll back.") var dryRun = false
    @Flag(name: .customLong("accept-drop"), help: "Accept a snapshot that is more than 5 % smaller than before.")
    var acceptDrop = false
    @Option(help: "Who pulls; kept in the log.") var actor = "sync"
    @Argument(help: "Sources; all that are pulled when none is named.") var sources: [String] = []

    func run() throws {
        let workplace = try common.open()
        var options = Workplace.SyncOptions()
        options.sources = sources
        options.dryRun = dryRun
        options.acceptDrop = acceptDrop
        options.actor = actor
        let answer = try workplace.sync(options, .live())
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.failure }
        if answer.needsReview { throw ExitCode.inputRefused }
    }
}

struct SourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "The systems and files that the books come from.",
        subcommands: [ListSources.self, AddSource.self, TrySource.self, AuthoriseSource.self])

    struct ListSources: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Shows how far each source was read and how its last run went.")

        @OptionGroup var common: VerbOptions

        func run() throws { Output.answer(try common.open().listSources(), json: common.json) }
    }
}
