// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct MappingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mapping", abstract: "Checks mappings and runs their examples.",
        subcommands: [Check.self, Test.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Compiles mappings and says everything that is wrong with them.")
        @OptionGroup var common: VerbOptions
        @Argument(help: "Names of mappings, files or folders; all that ship when left out.") var mappings: [String] = []

        func run() throws {
            let answer = try common.open().checkMappings(mappings)
            Output.answer(answer, json: common.json)
            if answer.failed { throw ExitCode.inputRefused }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Reads each mapping's samples and compares what they give with what they must.",
            discussion: """
                A mapping's `tests:` name a sample (`in`) and the documents it must give (`out`: one JSON object a line, \
                documents first, then faults). Paths are looked for beside the mapping, then beside its folder.
                """)
        @OptionGroup var common: VerbOptions
        @Flag(help: "Write what the samples give as what they must give; read the difference before you keep it.")
        var record = false
        @Argument(help: "Names of mappings, files or folders; all that ship when left out.") var mappings: [String] = []

        func run() throws {
            let answer = try common.open().testMappings(mappings, record: record)
            Output.answer(answer, json: common.json)
            if answer.failed { throw ExitCode.inputRefused }
        }
    }
}
