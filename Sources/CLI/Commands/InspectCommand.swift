// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what files are and how they would be read, and why; nothing is imported.",
        discussion: """
            With --suggest-mapping it writes a mapping for a table that no mapping reads, each guess with its reason: \
            correct it, then `tieout mapping check` and `tieout read --mapping` show what it makes of the file.
            """)

    @OptionGroup var common: VerbOptions
    @Option(help: "The mapping to read tables with: a name or a path.") var mapping: String?
    @Option(name: .customLong("as"), help: "What it holds: invoices, payments, customers, promises, balances.")
    var kind: String?
    @Flag(name: .customLong("suggest-mapping"), help: "Write a mapping to start from.") var suggest = false
    @Option(help: ArgumentHelp("Write the suggested mapping here instead of printing it.", valueName: "path"))
    var out: String?
    @Argument(help: "Files or folders; - for stdin.") var paths: [String]

    func validate() throws {
        if out != nil, !suggest { throw ValidationError("--out goes with --suggest-mapping.") }
        if suggest, paths.count != 1 { throw ValidationError("--suggest-mapping takes one file.") }
    }

    func run() throws {
        let workplace = try common.open()
        if suggest {
            Output.answer(try workplace.suggestMapping(paths[0], out: out), json: common.json)
            return
        }
        let answer = try workplace.inspect(paths, mapping: mapping, kind: kind)
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.inputRefused }
    }
}
