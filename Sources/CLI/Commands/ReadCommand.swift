// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Says what a file says, without a database: one JSON object a line.")

    @OptionGroup var common: VerbOptions
    @Option(help: "The mapping to read tables with: a name or a path.") var mapping: String?
    @Option(name: .customLong("as"), help: "What it holds: invoices, payments, customers, promises, balances.")
    var kind: String?
    @Argument(help: "Files or folders; - for stdin.") var paths: [String]

    func run() throws {
        let workplace = try common.open()
        let refused = try workplace.read(paths, mapping: mapping, kind: kind) { try Output.lines($0) }
        if refused { throw ExitCode.inputRefused }
    }
}
